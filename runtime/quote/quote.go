// Package quote makes text from outside fit to be quoted in an error or a log:
// what a server answered, or what somebody wrote into a file.
//
//	quote.Line("a\x1b[31mb\nc")                          a\u001b[31mb c
//	quote.Discreet("call +14155550100, u:p@host")        call (number), u:p@host
//	quote.Discreet("https://user:password@host/")        https://***@host/
package quote

import (
	"regexp"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// longest is how many characters of a text are quoted.
const longest = 300

// Line returns text on one line of at most 300 characters, with those that
// control a terminal spelled out.
func Line(text string) string { return cut(terminal.OneLine(text)) }

// cut shortens a text that is too long.
func cut(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// The parts of a text that are hidden or kept, whatever surrounds them: SIDs are
// kept, phone numbers are hidden.
var (
	sensitive = regexp.MustCompile(`\b[A-Z]{2}[0-9a-fA-F]{32}\b|(?:\+|%2[Bb])?\(?[0-9]{3}\)?[-. ][0-9]{3}[-. ][0-9]{4}|(?:\+|%2[Bb])?[0-9]{7,15}`)
	sidAlone  = regexp.MustCompile(`^[A-Z]{2}[0-9a-fA-F]{32}$`)
)

// Discreet returns text as [Line] does, without phone numbers and without what
// signs somebody in to a URL.
func Discreet(text string) string {
	text = terminal.WithoutSecrets(terminal.OneLine(text))
	return cut(sensitive.ReplaceAllStringFunc(text, func(found string) string {
		if sidAlone.MatchString(found) {
			return found
		}
		return "(number)"
	}))
}
