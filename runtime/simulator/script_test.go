package simulator_test

import (
	"strings"
	"testing"
	"time"

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

// Keys answer the question that is asked when they are pressed, however short it
// is, and the next action answers the next question.
func TestKeysStayInStep(t *testing.T) {
	handler := app{
		"/":      `<Gather numDigits="1" action="two" method="GET"><Say>A</Say></Gather>`,
		"/two":   `<Gather numDigits="1" action="three" method="GET"><Say>B</Say></Gather>`,
		"/three": `<Gather numDigits="1" action="four" method="GET"><Say>Now the third question, please.</Say></Gather>`,
		"/four":  `<Say>Goodbye.</Say>`,
	}
	for _, test := range []struct{ script, pressed string }{
		{"12,3", "/ /two /three"}, {"1,2,3", "/ /two /three"}, {"now 12,3", "/ /two /three"}, {"12,3,4", "/ /two /three"},
	} {
		tr := run(t, dial(t, handler, test.script))[0]
		var documents []string
		for _, e := range only(tr, simulator.Presses) {
			documents = append(documents, e.Document)
		}
		if got := strings.Join(documents, " "); got != test.pressed {
			t.Errorf("%s: pressed in %q, want %q", test.script, got, test.pressed)
		}
		last := only(tr, simulator.Presses)
		if asked := only(tr, simulator.Asks); last[len(last)-1].At < asked[len(asked)-1].At+time.Second {
			t.Errorf("%s: the last key is pressed at %v, and its question began at %v", test.script, last[len(last)-1].At, asked[len(asked)-1].At)
		}
	}
}

// Who stays silent lets a question pass before doing anything else.
func TestSilentLetsTheQuestionPass(t *testing.T) {
	handler := app{"/": `<Gather timeout="5" action="key" method="GET"><Say>Press 1.</Say></Gather><Say>Goodbye, and thank you for calling us.</Say>`, "/key": ``}
	for script, least := range map[string]time.Duration{"silent, hangup": 5 * time.Second, "silent, wait 1s, hangup": 6 * time.Second, "silent, now 1, hangup": 5 * time.Second} {
		tr := run(t, dial(t, handler, script))[0]
		if end := tr.Events[len(tr.Events)-1].At; end < least || end > least+2*time.Second {
			t.Errorf("%s: the call ends at %v", script, end)
		}
	}
}
