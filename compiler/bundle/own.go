package bundle

import (
	"fmt"
	"regexp"
)

// Own says which values hold a word themselves. The expressions are read alike by
// every host's engine: they have no flags and no backslashes.
type Own struct {
	Before string // an expression for what stands before the word
	Word   string // an expression for the word
	After  string // an expression for what follows it

	digits  bool // the value is the word, and of digits
	pattern *regexp.Regexp
}

// own makes an Own.
func own(before, characters, after string) *Own {
	word := fmt.Sprintf("[%s]{1,%d}", characters, LongestWord)
	return &Own{before, word, after, characters == "0-9", regexp.MustCompile("^" + before + "(" + word + ")" + after + "$")}
}

// word is the word that a value holds, "" for none.
func (o *Own) word(value string) string {
	if o.digits {
		if isDigits(value) {
			return value
		}
		return ""
	}
	if m := o.pattern.FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return ""
}

// spellings are the values that hold a word: one, or none.
func (o *Own) spellings(word string) []string {
	value := word
	if o.Before != "" {
		value = ApplicationMark + "=" + word
	}
	if word == Otherwise || word == OtherAnswer || o.word(value) != word {
		return nil
	}
	return []string{value}
}

// ApplicationMark is the parameter of an application's address that names it, so that
// it is known which one has failed: Twilio sends the address as ErrorUrl.
const ApplicationMark = "ivrc_application"

// LanguageMark stands between the name of an application and the language of its calls,
// where that is not the project's, in the list of those that can fail.
const LanguageMark = "__"
