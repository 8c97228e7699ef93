package twiml

// Rules say what an attribute accepts, according to the tags in verbs.go. For
//
//	range:"1..86400" values:"auto" code:"13313"
//
// the values "5" and "auto" are accepted, and "0" is fault 13313: "not a whole number
// from 1 to 86400 or auto".

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A rule says what Twilio accepts as the value of one attribute. The zero rule
// accepts everything.
type rule struct {
	code      int // Twilio's error for other values
	inGather  int // the error inside a Gather, if it differs
	longer    int // the error if the value has more than one character
	ranged    bool
	low, high int
	values    []string // the value is one of these
	list      []string // the value is some of these, separated by spaces
	chars     string   // the value consists of these
}

func newRule(tag reflect.StructTag) rule {
	r := rule{
		code:     codeSchema,
		inGather: code(tag.Get("gather")),
		longer:   code(tag.Get("longer")),
		values:   strings.Fields(tag.Get("values")),
		list:     strings.Fields(tag.Get("list")),
		chars:    tag.Get("chars"),
	}
	if own := code(tag.Get("code")); own != 0 {
		r.code = own
	}
	if first, last, ok := strings.Cut(tag.Get("range"), ".."); ok {
		r.low, _ = number(first)
		r.high, _ = number(last)
		r.ranged = true
	}
	return r
}

// code reads an error code, 0 if there is none.
func code(s string) int {
	n, _ := number(s)
	return n
}

// number reads a whole number.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// broken returns what is wrong with a value, as the end of a sentence that begins
// with it, and the code of the fault. If nothing is wrong, the text is empty.
func (r *rule) broken(value string) (words string, code int) {
	switch {
	case r.longer != 0 && utf8.RuneCountInString(value) > 1:
		return "more than one character", r.longer
	case r.chars != "" && strings.Trim(value, r.chars) != "":
		return "not made of the characters " + r.chars, r.code
	case len(r.list) > 0 && !r.isList(value):
		return "not a list of " + alternatives(r.list) + ", separated by spaces", r.code
	case len(r.values) == 0 && !r.ranged, slices.ContainsFunc(r.values, matches(value)), r.ranged && r.inRange(value):
		return "", 0
	}
	ways := r.values
	if r.ranged {
		ways = append([]string{fmt.Sprintf("a whole number from %d to %d", r.low, r.high)}, ways...)
	}
	return "not " + alternatives(ways), r.code
}

func (r *rule) inRange(value string) bool {
	n, ok := number(value)
	return ok && r.low <= n && n <= r.high
}

func (r *rule) isList(value string) bool {
	return !slices.ContainsFunc(strings.Fields(value), func(word string) bool {
		return !slices.Contains(r.list, word)
	})
}

// matches returns a function that reports whether an accepted word covers the value.
func matches(value string) func(string) bool {
	return func(word string) bool {
		start, open := strings.CutSuffix(word, "*")
		return word == value || open && len(value) > len(start) && strings.HasPrefix(value, start)
	}
}

// alternatives joins words: "GET or POST", "a, b or c".
func alternatives(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
