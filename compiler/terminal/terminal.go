// Package terminal makes texts from outside fit for a terminal: harmless,
// measured in columns, cut, padded and wrapped.
//
// A column is as wide as a Latin letter. Letters of East Asian scripts and
// emoji take two, and an accent that is a character of its own takes none; so
// neither bytes nor runes tell how wide a text is. Width, [Pad], [Shorten] and
// [Wrap] count in grapheme clusters, which are what readers take for one
// character (https://www.unicode.org/reports/tr29/).
//
//	terminal.Width("日本語")        // 6
//	terminal.Pad("日本語", 8)       // "日本語  "
//	terminal.Shorten("日本語の長い名前", 9) // "日本…名前"
//	terminal.OneLine("\x1b[2J\nhi") // `\u001b[2J hi`
//
// To write a table, pad every cell but the last to the widest [Width] of its
// column.
package terminal

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Width returns how many columns a text of one line takes.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad appends spaces until a text takes a number of columns. A wider text stays
// as it is.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Width(text)))
}

// Shorten cuts the middle out of a text that takes more than a number of
// columns, because names that differ often differ at their ends:
// "branch office nor…th, desk 7".
func Shorten(text string, columns int) string {
	columns = max(columns, 0)
	if Width(text) <= columns {
		return text
	}
	clusters := split(text)
	head, tail := 0, len(clusters)
	for left := columns / 2; Width(clusters[head]) <= left; head++ {
		left -= Width(clusters[head])
	}
	for left := columns - 1 - columns/2; Width(clusters[tail-1]) <= left; tail-- {
		left -= Width(clusters[tail-1])
	}
	return strings.TrimSpace(strings.Join(clusters[:head], "")) + "…" + strings.TrimSpace(strings.Join(clusters[tail:], ""))
}

// split lists the grapheme clusters of a text.
func split(text string) []string {
	var clusters []string
	for state := -1; text != ""; {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		clusters = append(clusters, cluster)
	}
	return clusters
}

// Wrap breaks a text into lines of at most a number of columns. It breaks at
// spaces, and inside words only where a script that has no spaces allows it
// (https://www.unicode.org/reports/tr14/). So an address stays whole, on a line
// that may be too long. There is at least one line; runs of spaces become one.
func Wrap(text string, columns int) []string {
	var lines []string
	line, taken := "", 0
	for _, word := range strings.Fields(text) {
		space := " "
		for _, part := range breakable(word) {
			width := Width(part)
			switch {
			case line == "":
			case taken+len(space)+width > columns:
				lines = append(lines, line)
				line, taken = "", 0
			default:
				line, taken = line+space, taken+len(space)
			}
			line, taken = line+part, taken+width
			space = ""
		}
	}
	return append(lines, line)
}

// breakable lists the parts of a word between which a line may be broken.
func breakable(word string) []string {
	if Width(word) <= utf8.RuneCountInString(word) { // no wide letter, or hidden among accents
		return []string{word}
	}
	var parts []string
	for state := -1; word != ""; {
		var part string
		part, word, _, state = uniseg.FirstLineSegmentInString(word, state)
		parts = append(parts, part)
	}
	return parts
}

// OneLine makes a text harmless and puts it on one line: runs of white space
// become one space, and what [Printable] refuses is spelled out as JSON spells it,
// such as \u001b and \u202e.
func OneLine(text string) string {
	return spell(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " "), "")
}

// Lines makes a text of several lines harmless: line feeds and tabs stay, and
// what [Printable] refuses is spelled out.
func Lines(text string) string { return spell(text, "\n\t") }

// Source makes a source harmless with a ? for each byte of what [Printable]
// refuses, so that positions in it stay right. Line feeds and tabs stay.
func Source(text []byte) []byte {
	clean := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if shown := Printable(r) || r == '\n' || r == '\t'; shown && (r != utf8.RuneError || size > 1) {
			clean = append(clean, text[:size]...)
		} else {
			clean = append(clean, bytes.Repeat([]byte{'?'}, size)...)
		}
		text = text[size:]
	}
	return clean
}

// spell spells out what is not printable, except for some characters, as JSON does,
// so that a text stays one wherever it stands. A byte that is no text becomes \xff.
func spell(text, except string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case Printable(r) || strings.ContainsRune(except, r):
			b.WriteString(text[:size])
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
		text = text[size:]
	}
	return b.String()
}

// Printable reports whether a character can be shown. It refuses what a terminal
// may obey or what changes the order of the characters after it, and what has no
// shape of its own. The joiners of Arabic and Indian scripts and of emoji are
// printable.
func Printable(r rune) bool {
	return r == '\u200c' || r == '\u200d' || unicode.IsPrint(r)
}
