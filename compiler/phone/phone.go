// Package phone knows the world's telephone numbers: the country of a number, the
// lengths that its numbers have, and the kind of range that it is in.
//
//	number, ok := phone.Parse("+14155550100")
//	number.Country()  // "US"
//	number.Length()   // phone.Possible
//	number.Kind()     // phone.Other
//
// All of it comes from the metadata of libphonenumber. Its port to Go unpacks the
// metadata before a program begins, whether it looks at a number or not, and weighs
// 4 MB with what it needs. So the tests of this package write what matters into
// numbers.txt, a line for each country, and compare its answers with the library's.
package phone

import (
	_ "embed" // the table
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A RangeKind is the kind of range that a number is in.
type RangeKind int

// The kinds that make a difference to who is called or who pays.
const (
	Unassigned RangeKind = iota // in no range, as far as is known
	Other                       // any other; in some countries numbers do not tell
	Mobile                      // numbers that only mobile telephones have
	Premium                     // whoever is called earns from the call
	SharedCost                  // the call costs more than one to an ordinary number
	Personal                    // put through to any telephone, at the caller's cost
)

// kinds are those of the ranges of a plan, in the order in which they are tried:
// premium rate, toll-free, shared cost, voice over IP, personal, pagers, numbers of
// companies, voicemail, fixed lines, mobile telephones.
var kinds = [...]RangeKind{Premium, Other, SharedCost, Other, Personal, Other, Other, Other, Other, Mobile}

// A Length says how the length of a number compares with the others of its country.
type Length int

// The outcomes of comparing a length.
const (
	Possible   Length = iota
	TooShort          // shorter than every number of the country
	TooLong           // longer than every number
	Impossible        // between the two, but no number that can be dialled from abroad has this length
)

// A ParsedNumber is a telephone number of the world.
type ParsedNumber struct {
	code     string  // of the country, "44"
	national string  // the digits behind it
	plans    []*plan // of the countries that share the code, the main one first
}

// A plan is the numbering plan of a country.
type plan struct {
	country string
	near    string        // lengths of numbers that are dialled without their area code
	trunk   pattern       // what is dialled before a number inside the country, "0"
	rewrite string        // what replaces it, where it is not just left out
	leading pattern       // how the country's numbers begin, where that tells countries apart
	all     numberRange   // the numbers of all kinds
	ranges  []numberRange // by kind, in the order of kinds
}

// A numberRange is a set of numbers.
type numberRange struct {
	lengths string // each as a letter, a for 1 and b for 2, the shortest first; if there are none, any
	numbers pattern
}

// A pattern is a regular expression that is compiled when it is first needed. It is
// nil if there is none.
type pattern func() *regexp.Regexp

//go:embed numbers.txt
var table string

// plans is the table by country code.
var plans = sync.OnceValue(func() map[string][]*plan {
	byCode := map[string][]*plan{}
	for line := range strings.Lines(table) {
		code, rest, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if cells := strings.Split(rest, "\t"); found {
			p := &plan{cells[0], cells[1], newPattern(cells[2], ""), cells[3], newPattern(cells[4], ""), newRange(cells[5]), nil}
			for _, cell := range cells[6:] {
				p.ranges = append(p.ranges, newRange(cell))
			}
			byCode[code] = append(byCode[code], p)
		}
	}
	return byCode
})

// newRange reads a cell of the table, as ij:[2-9]\d{8,9}.
func newRange(cell string) numberRange {
	lengths, text, _ := strings.Cut(cell, ":")
	return numberRange{lengths, newPattern(text, "$")}
}

// newPattern makes a pattern of a text for the beginning of numbers, up to an end.
func newPattern(text, end string) pattern {
	if text == "" {
		return nil
	}
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + text + ")" + end) })
}

// Parse reads a number that is written as E.164 says: +, the code of a country, and
// digits. It fails if no country has a number that begins so, and if only a digit
// follows the code.
func Parse(text string) (ParsedNumber, bool) {
	digits, plus := strings.CutPrefix(text, "+")
	if !plus || len(digits) < 3 || strings.Trim(digits, "0123456789") != "" {
		return ParsedNumber{}, false
	}
	for size := 1; size <= 3; size++ {
		if known := plans()[digits[:size]]; known != nil {
			n := ParsedNumber{digits[:size], known[0].withoutTrunk(digits[size:]), known}
			return n, len(n.national) >= 2 && len(n.national) <= 17
		}
	}
	return ParsedNumber{}, false
}

// Code returns the country code of the number, without the plus sign.
func (n ParsedNumber) Code() string { return n.code }

// Country returns the two letters of the country, or of the largest where several
// share the code. They are empty for a code of no country, such as that of a
// satellite network.
func (n ParsedNumber) Country() string {
	if country := n.plans[0].country; country != "001" {
		return country
	}
	return ""
}

// Length compares the length of the number with what its country code allows.
func (n ParsedNumber) Length() Length { return n.plans[0].length(n.national) }

// Kind returns the kind of range that the number is in.
func (n ParsedNumber) Kind() RangeKind {
	for _, p := range n.plans {
		switch {
		case len(n.plans) == 1 || p.leading != nil && p.leading().MatchString(n.national):
			return p.kind(n.national)
		case p.leading == nil:
			if kind := p.kind(n.national); kind != Unassigned {
				return kind
			}
		}
	}
	return Unassigned
}

// kind returns the kind of range of the plan that a national number is in.
func (p *plan) kind(national string) RangeKind {
	if p.all.has(national) {
		if i := slices.IndexFunc(p.ranges, func(r numberRange) bool { return r.has(national) }); i >= 0 {
			return kinds[i]
		}
	}
	return Unassigned
}

// length compares the length of a national number with those of the plan.
func (p *plan) length(national string) Length {
	letter, lengths := lengthLetter(len(national)), p.all.lengths
	switch {
	case strings.Contains(p.near, letter):
		return Impossible
	case strings.Contains(lengths, letter):
		return Possible
	case letter < lengths:
		return TooShort
	case letter > lengths[len(lengths)-1:]:
		return TooLong
	}
	return Impossible
}

// has reports whether a national number is in the range.
func (r numberRange) has(national string) bool {
	return r.numbers != nil && (r.lengths == "" || strings.Contains(r.lengths, lengthLetter(len(national)))) &&
		r.numbers().MatchString(national)
}

// lengthLetter writes a length as the table does.
func lengthLetter(n int) string { return string(rune('a' - 1 + n)) }

// withoutTrunk leaves out what is dialled before a national number only inside the
// country, and people write abroad, too: +44 020 7946 0000. A number that exists as
// it is stays.
func (p *plan) withoutTrunk(national string) string {
	if p.trunk == nil || national == "" {
		return national
	}
	match := p.trunk().FindStringSubmatchIndex(national)
	if match == nil {
		return national
	}
	short := national[match[1]:]
	if p.rewrite != "" && match[len(match)-2] >= 0 {
		short = p.trunk().ReplaceAllString(national, p.rewrite)
	}
	exists := p.all.numbers()
	if exists.MatchString(national) && !exists.MatchString(short) {
		return national
	}
	if p.length(short) != Possible {
		return national
	}
	return short
}
