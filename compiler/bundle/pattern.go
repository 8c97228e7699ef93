package bundle

// Which values mean a word of a decision that has too many of them to be listed: the
// numbers of callers who withhold theirs, and the addresses of what is in a bundle.

import (
	"regexp"
	"strings"
)

// withheldPattern matches a From that is the text of a carrier, and no number or
// address: Twilio sends "anonymous", or what the carrier wrote
// (https://www.twilio.com/docs/voice/twiml, and its changelog of 2023-05-17).
//
//   - A text has no digit, no colon and no @: "Private Number", "No Caller ID", or
//     nothing at all. Escapes of other characters are part of it.
//   - An address hides its owner if its user begins with one of the words:
//     "anonymous@anonymous.invalid", "sip:anonymous@…", "client:Anonymous". The
//     words "private" and "blocked" can be the names of people's desks.
var withheldPattern = regexp.MustCompile(`^(?:[^%0-9:@]*(?:%(?:[0-25-9A-Fa-f][0-9A-Fa-f]|3[B-Fb-f]|4[1-9A-Fa-f])[^%0-9:@]*)*` +
	`|(?:(?:` + anyCase("sip") + `[Ss]?|` + anyCase("client") + `)(?::|%3[Aa]))?(?:` +
	anyCase("anonymous") + `|` + anyCase("restricted") + `|` + anyCase("unavailable") + `|` + anyCase("unknown") + `|` + anyCase("withheld") +
	`)(?:[^A-Za-z][^&]*)?)$`)

// ownPattern matches the address of a document, a decision or audio of a bundle: a
// folder whose name ends with a hash, and in it something whose name begins with a
// letter; what Twilio may add begins with a capital letter. No address of an
// application is one, because nothing before the folder is a question mark.
var ownPattern = regexp.MustCompile(`^[^%?]*(?:%(?:[0-24-9A-Fa-f][0-9A-Fa-f]|3[0-9A-Ea-e])[^%?]*)*(?:[/]|%2[Ff])` +
	`(?:[a-z][^/%?]*-[a-z2-7]{26,26}(?:[/]|%2[Ff])[a-z]|audio(?:[/]|%2[Ff])[a-z2-7]{26,26}[.])(?:[^/%?]|%7[Ee])*(?:(?:[?]|%3[Ff])[A-Z].*)?$`)

// anyCase is an expression for a word in upper or lower case.
func anyCase(word string) string {
	var expression strings.Builder
	for _, c := range word {
		expression.WriteString("[" + strings.ToUpper(string(c)) + string(c) + "]")
	}
	return expression.String()
}

// withheld lists the spellings of a withheld number: the words, then each
// keypad spelling bare, with a plus sign, and with the plus sign encoded.
func withheld(keypad ...string) []string {
	var spellings []string
	for _, word := range []string{"anonymous", "restricted", "blocked", "unknown", "unavailable", "private"} {
		spellings = append(spellings, word, strings.ToUpper(word), strings.ToUpper(word[:1])+word[1:])
	}
	for _, digits := range keypad {
		spellings = append(spellings, digits, "+"+digits, "%2B"+digits, "%2b"+digits)
	}
	return spellings
}
