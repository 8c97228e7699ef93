package simulator_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

func TestParseScript(t *testing.T) {
	for _, test := range []struct {
		text string
		want simulator.Script
	}{
		{"", nil},
		{"1", simulator.Script{{Do: simulator.Press, Keys: "1"}}},
		{" 1 ,12#,*", simulator.Script{{Do: simulator.Press, Keys: "1"}, {Do: simulator.Press, Keys: "12#"}, {Do: simulator.Press, Keys: "*"}}},
		{"press 3", simulator.Script{{Do: simulator.Press, Keys: "3"}}},
		{"1@2s", simulator.Script{{Do: simulator.Interrupt, Keys: "1", For: 2 * time.Second}}},
		{"now 7", simulator.Script{{Do: simulator.PressNow, Keys: "7"}}},
		{"silent, wait 1m30s", simulator.Script{{Do: simulator.LetPass}, {Do: simulator.Wait, For: 90 * time.Second}}},
		{"at 10m, speak 20s, talk 5s", simulator.Script{
			{Do: simulator.Until, For: 10 * time.Minute}, {Do: simulator.Speak, For: 20 * time.Second}, {Do: simulator.Talk, For: 5 * time.Second},
		}},
		{`hear "one, or two", hangup`, simulator.Script{{Do: simulator.Hear, Text: "one, or two"}, {Do: simulator.HangUp}}},
		{"hear sales department", simulator.Script{{Do: simulator.Hear, Text: "sales department"}}},
	} {
		got, err := simulator.ParseScript(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
		}
		if diff := gocmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q: -want +got:\n%s", test.text, diff)
		}
	}
}

func TestParseScriptErrors(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"1,,2", `step 2, ""`},
		{"press", "say which keys"},
		{"now 1a", `"a" is not a key`},
		{"wait", "write it like 10s"},
		{"wait 10", `"10" is not a length of time`},
		{"wait -1s", "not a length of time"},
		{"1@soon", `"soon" is not a length of time`},
		{"hangup now", "nothing may follow hangup"},
		{"1, dance", `step 2, "dance": not a step; use keys`},
		{`hear ""`, "say which words"},
		{`hear "sales, 1`, "quotation mark is not closed"},
	} {
		_, err := simulator.ParseScript(test.text)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, want one with %q", test.text, err, test.says)
		}
	}
}

func TestParseCalleeErrors(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"", "use answer, accept"},
		{"asleep", "use answer, accept"},
		{"busy then asleep", `"asleep": use answer`},
		{"answer:soon", `"soon" is not a length of time`},
		{"no-answer:3s", "takes no time"},
		{"busy,talk:3s", `busy has no option "talk"`},
		{"answer,press:x", `"x" is not a key`},
		{"answer,talk", "not a length of time"},
	} {
		_, err := simulator.ParseCallee(test.text)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, want one with %q", test.text, err, test.says)
		}
	}
}

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
