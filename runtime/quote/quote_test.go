package quote

import (
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"a\x1b[31mb\nc":                          `a\u001b[31mb c`,
		" \u202eright to left\u2028 ":            `\u202eright to left`,
		"bad \xff byte":                          `bad \xff byte`,
		strings.Repeat("é", 300):                 strings.Repeat("é", 300),
		strings.Repeat("é", 301):                 strings.Repeat("é", 300) + "…",
		strings.Repeat("\x1b", 1000) + "the end": strings.Repeat(`\u001b`, 50) + "…",
	} {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestDiscreet(t *testing.T) {
	for text, want := range map[string]string{
		"call +14155550100 or (415) 555-0101":                  "call (number) or (number)",
		"To=%2B14155550100":                                    "To=(number)",
		"PN00000000000000000000000000000001 of 14155550100":    "PN00000000000000000000000000000001 of (number)",
		"https://user:password@calls.zillum.example/a?b=1":     "https://***@calls.zillum.example/a?b=1",
		"error 21421, status 400, 1234 bytes, somebody@a.host": "error 21421, status 400, 1234 bytes, somebody@a.host",
	} {
		if got := Discreet(text); got != want {
			t.Errorf("Discreet(%q) is %q, want %q", text, got, want)
		}
	}
}
