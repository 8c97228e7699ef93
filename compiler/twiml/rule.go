package twiml

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A rule is what Twilio accepts as the value of an attribute: a number in a
// range, one of some words, or any of the two where both are given.
type rule struct {
	code      int // Twilio's error otherwise; 12200 where the attribute has no code of its own
	ranged    bool
	low, high int
	values    []string // words, of which the value is one
	list      []string // words, of which the value is some, separated by spaces
	chars     string   // characters that the value consists of
	longer    int      // the error where the value has more than one character
}

func newRule(tag reflect.StructTag) rule {
	r := rule{
		code:   codeSchema,
		values: strings.Fields(tag.Get("values")),
		list:   strings.Fields(tag.Get("list")),
		chars:  tag.Get("chars"),
	}
	if code, err := strconv.Atoi(tag.Get("code")); err == nil {
		r.code = code
	}
	r.longer, _ = strconv.Atoi(tag.Get("longer"))
	r.low, r.high, r.ranged = bounds(tag.Get("range"))
	return r
}

// bounds reads "1..64".
func bounds(s string) (low, high int, ok bool) {
	first, last, ok := strings.Cut(s, "..")
	if !ok {
		return 0, 0, false
	}
	low, err1 := strconv.Atoi(first)
	high, err2 := strconv.Atoi(last)
	return low, high, err1 == nil && err2 == nil
}

// broken reports what is wrong with value, in words that follow "it is", and
// the code. No words mean that nothing is wrong.
func (r *rule) broken(value string) (string, int) {
	switch {
	case r.longer != 0 && utf8.RuneCountInString(value) > 1:
		return "more than one character", r.longer
	case r.chars != "" && strings.Trim(value, r.chars) != "":
		return fmt.Sprintf("not made of the characters %s", r.chars), r.code
	case len(r.list) > 0 && !every(strings.Fields(value), r.list):
		return fmt.Sprintf("not made of the words %s", strings.Join(r.list, ", ")), r.code
	case len(r.values) == 0 && !r.ranged:
		return "", 0
	case contains(r.values, value) || r.ranged && r.inRange(value):
		return "", 0
	}
	return "not " + r.expected(), r.code
}

func (r *rule) inRange(value string) bool {
	n, ok := number(value)
	return ok && r.low <= n && n <= r.high
}

// expected names the accepted values: "a whole number from 5 to 600 or auto".
func (r *rule) expected() string {
	var ways []string
	if r.ranged {
		ways = append(ways, fmt.Sprintf("a whole number from %d to %d", r.low, r.high))
	}
	ways = append(ways, r.values...)
	if len(ways) == 1 {
		return ways[0]
	}
	last := len(ways) - 1
	return strings.Join(ways[:last], ", ") + " or " + ways[last]
}

// number reads a whole number that is written in the one canonical way.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && strconv.Itoa(n) == s
}

func every(words, allowed []string) bool {
	for _, w := range words {
		if !contains(allowed, w) {
			return false
		}
	}
	return true
}

func contains(words []string, w string) bool {
	for _, s := range words {
		if s == w {
			return true
		}
	}
	return false
}

// A lengthRule bounds the length of an element's text, in characters.
type lengthRule struct {
	low, high   int // high 0: no bound
	short, long int // the codes
}

// newLengthRule reads length:"1..64" short:"14205" long:"14204".
func newLengthRule(tag reflect.StructTag) lengthRule {
	low, high, _ := bounds(tag.Get("length"))
	short, _ := strconv.Atoi(tag.Get("short"))
	long, _ := strconv.Atoi(tag.Get("long"))
	return lengthRule{low, high, short, long}
}
