package router_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/ivrc/ivrc/runtime/router"
)

// keypad are words for a withheld number as a keypad types them.
var keypad = []string{"266696687", "7378742833", "2562533", "8656696", "86282452253", "464"}

// hidden is the rule of docs/bundle.md about withheld numbers, in words.
func hidden(from string) bool {
	if slices.Contains(keypad, strings.TrimPrefix(from, "+")) {
		return true
	}
	if !strings.ContainsAny(from, "0123456789:@") {
		return true
	}
	user := strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII {
			return unicode.ToLower(r)
		}
		return r
	}, from)
	for _, scheme := range []string{"sips:", "sip:", "client:"} {
		if rest, ok := strings.CutPrefix(user, scheme); ok {
			user = rest
			break
		}
	}
	for _, word := range []string{"anonymous", "restricted", "unavailable", "unknown", "withheld"} {
		if rest, ok := strings.CutPrefix(user, word); ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}

// Laws: whoever withholds their number is known, however a carrier writes it and a
// client encodes it; a number that somebody can have is never withheld.
func FuzzWithheld(f *testing.F) {
	for _, from := range []string{"", "anonymous", "Anonymous", "ANONYMOUS", "anonymous@anonymous.invalid", "sip:anonymous@192.0.2.1", "client:unknown",
		"Private Number", "No Caller ID", "(unknown)", "Número privado", "restricted 1", "+266696687", "464", "+17378742833", "+14155550199", "1001",
		"sip:carol@zillum.example", "carol@anonymous.example", "unknowns:", "client:bob", "sip:private@zillum.example"} {
		f.Add(from)
	}
	f.Fuzz(func(t *testing.T, from string) {
		if strings.Contains(from, "%") {
			return // decoded or not, it is not the same text
		}
		want := "number.main-x/from._.xml"
		if hidden(from) {
			want = "number.main-x/from.withheld.xml"
		}
		queries := []string{url.QueryEscape(from), strings.ReplaceAll(url.QueryEscape(from), "+", "%20")}
		if !strings.ContainsAny(from, "&+#") {
			queries = append(queries, from)
		}
		for _, value := range queries {
			if got := router.Route("/number.main-x/from", "CallSid=CA1&From="+value); got != want {
				t.Errorf("From=%s (%q) is answered with %s, want %s", value, from, got, want)
			}
		}
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, from)
		if len(digits) < 7 || slices.Contains(keypad, digits) {
			return
		}
		if got := router.Route("/number.main-x/from", "From=%2B"+digits); got != "number.main-x/from._.xml" {
			t.Errorf("the number +%s is withheld: %s", digits, got)
		}
	})
}
