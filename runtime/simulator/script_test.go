package simulator_test

import (
	"testing"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestHear checks that a script can wait for words and answer the question that
// says them.
func TestHear(t *testing.T) {
	handler := app{
		"/":    `<Say>Welcome.</Say><Gather numDigits="1" action="key" method="GET"><Say>For music press 1.</Say></Gather><Redirect method="GET">two</Redirect>`,
		"/two": `<Gather numDigits="1" action="key" method="GET"><Say>For Sales press 2.</Say></Gather>`,
		"/key": ``,
	}
	for _, test := range []struct{ script, pressed string }{
		{`hear "sales", 2`, "/two"},
		{`hear welcome, 1`, "/"},
		{`hear MUSIC, 1`, "/"},
		{`silent, 2`, "/two"},
		{`hear nothing of this, 1`, ""},
	} {
		tr := run(t, dial(t, handler, test.script))[0]
		document := ""
		for _, e := range only(tr, simulator.Presses) {
			document += e.Document
		}
		if document != test.pressed {
			t.Errorf("%s: pressed in %q, want %q", test.script, document, test.pressed)
		}
	}
}
