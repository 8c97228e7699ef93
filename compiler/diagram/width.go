package diagram

import (
	"strings"
	"unicode"
)

// wide are the characters that take two columns of a terminal: East Asian
// scripts, full-width forms, and pictures. Unicode Standard Annex 11 has the
// exact list; these are its large blocks.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, {Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, {Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, {Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1}, {Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// columns counts the columns that a cleaned text takes on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// shorten cuts the middle out of a text of more than width columns, because
// names that differ often differ at their ends: "branch office nor…th, desk 7".
func shorten(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	runes := []rune(s)
	head, left := 0, width/2
	for ; runeColumns(runes[head]) <= left; head++ {
		left -= runeColumns(runes[head])
	}
	tail, left := len(runes), width-1-width/2
	for ; runeColumns(runes[tail-1]) <= left; tail-- {
		left -= runeColumns(runes[tail-1])
	}
	for tail < len(runes) && runeColumns(runes[tail]) == 0 {
		tail++ // an accent belongs to the letter that was cut
	}
	return strings.TrimSpace(string(runes[:head])) + "…" + strings.TrimSpace(string(runes[tail:]))
}

// fit shortens texts that share one line until together they take at most
// width columns. None is cut to make room for a longer one.
func fit(width int, texts ...*string) {
	for limit := width; limit > 0; limit-- {
		total := 0
		for _, text := range texts {
			total += min(columns(*text), limit)
		}
		if total > width {
			continue
		}
		for _, text := range texts {
			*text = shorten(*text, limit)
		}
		return
	}
}
