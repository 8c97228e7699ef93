// Package quote makes text from outside fit to be quoted in an error or a log:
// what a server answered, or what somebody wrote into a file.
//
//	quote.Line("a\x1b[31mb\nc")                          a [31mb c
//	quote.Discreet("call +14155550100, u:p@host")        call (number), u:p@host
//	quote.Discreet("https://user:password@host/")        https://***@host/
package quote

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters of a text are quoted.
const longest = 300

// Line returns text on one line of at most 300 characters, without those that
// control a terminal.
func Line(text string) string { return cut(flat(text)) }

// flat puts text on one line.
func flat(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// cut shortens a text that is too long.
func cut(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// The parts of a text that are hidden or kept, whatever surrounds them: SIDs are
// kept, phone numbers and the user information of URLs are hidden.
var (
	sensitive = regexp.MustCompile(`\b[A-Z]{2}[0-9a-fA-F]{32}\b|(?:\+|%2[Bb])?\(?[0-9]{3}\)?[-. ][0-9]{3}[-. ][0-9]{4}|(?:\+|%2[Bb])?[0-9]{7,15}`)
	userinfo  = regexp.MustCompile(`://[^/@\s]*@`)
	sidAlone  = regexp.MustCompile(`^[A-Z]{2}[0-9a-fA-F]{32}$`)
)

// Discreet returns text as [Line] does, without phone numbers and without the
// user name and password of a URL.
func Discreet(text string) string {
	text = userinfo.ReplaceAllString(flat(text), "://***@")
	return cut(sensitive.ReplaceAllStringFunc(text, func(found string) string {
		if sidAlone.MatchString(found) {
			return found
		}
		return "(number)"
	}))
}
