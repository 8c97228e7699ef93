package twiml

// SpeakingTime estimates how long a voice speaks. It adds up the characters of a
// text, so a longer text never takes less time. The time of a letter depends on the
// language. A digit or a sign counts as a word ("1 2" is "one two", "&" is "and"),
// and punctuation as a pause. For example, the English text
//
//	Press 1.
//
// has five letters at 81 ms, one digit at 400 ms and one full stop at 400 ms, which
// makes 1.2 seconds.
//
// The speeds are those of the International Reading Speed Texts, in characters that
// people read aloud in a minute: S. Trauzettel-Klosinski, K. Dietz, "Standardized
// Assessment of Reading Performance: The New International Reading Speed Texts
// IReST", Investigative Ophthalmology & Visual Science 53 (2012),
// https://doi.org/10.1167/iovs.11-8284. Voices on the telephone are slower. We assume
// three quarters of that speed, which is 171 words a minute in English.

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// lettersPerMinute is how fast people read aloud, by primary language tag.
var lettersPerMinute = map[string]int64{
	"ar": 612, "arb": 612,
	"de": 920,
	"en": 987,
	"es": 1025,
	"fi": 1078,
	"fr": 998,
	"he": 833,
	"it": 950,
	"ja": 357,
	"nl": 978,
	"pl": 916,
	"pt": 913,
	"ru": 986,
	"sl": 885,
	"sv": 917,
	"tr": 1054,
	"zh": 255, "cmn": 255, "yue": 255,
}

const (
	otherLettersPerMinute = 900 // in a language that is not in the table

	wordTime       = 400 * time.Millisecond // of a digit or a sign
	sentencePause  = 400 * time.Millisecond
	commaPause     = 200 * time.Millisecond
	shortestSpeech = 500 * time.Millisecond
)

// SpeakingTime estimates how long a voice takes to speak text in the given
// language (BCP 47, such as "pt-BR"), to a tenth of a second. It is at least
// half a second, unless the text is empty.
func SpeakingTime(language, text string) time.Duration {
	if text == "" {
		return 0
	}
	letters, rest := int64(0), time.Duration(0)
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', unicode.IsLetter(c):
			letters++
		case c == ' ':
		case strings.ContainsRune(".!?:…。！？", c):
			rest += sentencePause
		case strings.ContainsRune(",;–—、，；", c):
			rest += commaPause
		case isWord(c):
			rest += wordTime
		}
	}
	primary, _, _ := strings.Cut(language, "-")
	speed, ok := lettersPerMinute[strings.ToLower(primary)]
	if !ok {
		speed = otherLettersPerMinute
	}
	// At three quarters of the speed, a letter takes four thirds of the time.
	speech := time.Duration(letters*time.Minute.Milliseconds()*4/(speed*3)) * time.Millisecond
	return max(speech+rest, shortestSpeech).Round(100 * time.Millisecond)
}

// isWord reports whether a character that is not a letter is read as a word.
func isWord(c rune) bool {
	return unicode.IsNumber(c) || unicode.IsSymbol(c) || strings.ContainsRune("&%@#*/", c)
}

// Audible reports whether callers would hear anything of a spoken text. They hear
// nothing of one that has only spaces and punctuation, such as "…".
func Audible(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return unicode.IsLetter(c) || isWord(c) }) >= 0
}

// Speakable returns the byte offset of the first character that a document cannot
// hold or that would confuse its readers: a control character other than a line feed
// or a tab, a non-character, invalid UTF-8, or something invisible, which see
// [Invisible]. It returns -1 if there is none.
func Speakable(text string) int {
	before := rune(0)
	for i, c := range text {
		switch {
		case c == utf8.RuneError && strings.HasPrefix(text[i:], "\ufffd"):
		case c == utf8.RuneError,
			c != '\n' && c != '\t' && unicode.IsControl(c),
			'\ufdd0' <= c && c <= '\ufdef',
			c&0xFFFE == 0xFFFE,
			Invisible(c) && !belongs(before, c):
			return i
		}
		before = c
	}
	return -1
}

// Invisible reports whether a character has no shape, and changes the direction of
// others or hides something among them: overrides and isolates, the Arabic letter
// mark, spaces without width, annotations between the lines, and tags, which can spell
// a whole text that nobody sees.
func Invisible(c rune) bool {
	return c == '\u061c' || c == '\u200b' || c == '\u2060' || '\u202a' <= c && c <= '\u202e' || '\u2066' <= c && c <= '\u2069' ||
		'\ufff9' <= c && c <= '\ufffb' || 0xE0000 <= c && c <= 0xE007F
}

// belongs reports whether an invisible character has a use behind another one: a space
// without width between words of a script that has no spaces, and the tags in the flags
// of England, Scotland and Wales.
func belongs(before, c rune) bool {
	switch {
	case c == '\u200b':
		return unicode.In(before, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese)
	case 0xE0020 <= c && c <= 0xE007F:
		return before == '\U0001F3F4' || 0xE0020 <= before && before < 0xE007F
	}
	return false
}
