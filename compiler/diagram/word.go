package diagram

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// hangup is the destination that ends a call, and the kind of its node.
const hangup = "hangup"

// kindOf is the first part of an address: "ring_group".
func kindOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// isKey tells whether a way is taken by pressing a key, not by an outcome.
func isKey(on string) bool {
	return len(on) == 1 && strings.Contains("0123456789*#", on)
}

// kindWord is the trade's word for a kind of block: "ring group".
func kindWord(kind string) string {
	if kind == hangup {
		return "hang up"
	}
	return strings.ReplaceAll(kind, "_", " ")
}

// outcomeWords are the outcomes whose names in the language say too little on
// the line of a drawing. All others are shown by their names.
var outcomeWords = map[string]string{
	"anonymous": "number withheld",
	"failure":   "no valid key",
	"full":      "queue full",
	"take":      "takes callers of",
	"timeout":   "waited too long",
}

// outcomeWord names a key or an outcome for people.
func outcomeWord(on string) string {
	if word, ok := outcomeWords[on]; ok {
		return word
	}
	return strings.ReplaceAll(on, "_", " ")
}

// A highlight is a setting that is shown beside the name of its block.
type highlight struct {
	setting string
	noun    string // what the value counts: "cycle"
	usual   string // a value that is not worth showing
	word    string // what is shown instead of the value
	except  string // a kind that has the setting for another block's sake
}

// highlights are in the order in which they are shown.
var highlights = []highlight{
	{setting: "status", usual: "online"},
	{setting: "strategy", except: "queue"},
	{setting: "interval", except: "queue"},
	{setting: "cycles", noun: "cycle", usual: "1", except: "queue"},
	{setting: "max_callers", noun: "caller"},
	{setting: "max_wait"},
	{setting: "attempts", noun: "attempt", usual: "3"},
	{setting: "max_length"},
	{setting: "transcribe", word: "transcribed"},
	{setting: "record", word: "recorded"},
}

// detail sums up the settings of a block: "sequential, 20 s, 2 cycles".
func detail(kind string, settings []bundle.Setting) string {
	var parts []string
	for _, h := range highlights {
		for _, s := range settings {
			if s.Name != h.setting || s.Value == h.usual || kind == h.except {
				continue
			}
			switch {
			case h.word != "":
				parts = append(parts, h.word)
			case h.noun != "" && s.Value == "1":
				parts = append(parts, "1 "+h.noun)
			case h.noun != "":
				parts = append(parts, s.Value+" "+h.noun+"s")
			default:
				parts = append(parts, span(s.Value))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// span writes a duration of the language as people do: "1m30s" is "1 min 30 s".
// Any other text stays as it is.
func span(value string) string {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 || d%time.Second != 0 {
		return value
	}
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.length; n > 0 {
			parts = append(parts, strconv.FormatInt(int64(n), 10)+" "+unit.name)
		}
		d %= unit.length
	}
	return strings.Join(parts, " ")
}

// clean makes a text from outside fit for one line of a drawing and safe for
// the terminal it may be printed on. Runs of white space become one space.
// What has no shape of its own, such as a terminal's escape sequences and the
// marks that reverse the order of what follows, is spelled out as Go would
// spell it: \x1b, \u202e. The joiners of Arabic and Indian scripts stay.
func clean(s string) string {
	var b strings.Builder
	for i, word := range strings.FieldsFunc(s, unicode.IsSpace) {
		if i > 0 {
			b.WriteByte(' ')
		}
		for len(word) > 0 {
			r, size := utf8.DecodeRuneInString(word)
			switch {
			case r == utf8.RuneError && size == 1:
				b.WriteString(`\x` + strconv.FormatUint(uint64(word[0]), 16))
			case r == '\u200c' || r == '\u200d' || unicode.IsPrint(r):
				b.WriteString(word[:size])
			default:
				spelled := strconv.QuoteRuneToASCII(r)
				b.WriteString(spelled[1 : len(spelled)-1])
			}
			word = word[size:]
		}
	}
	return b.String()
}
