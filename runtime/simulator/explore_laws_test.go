package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestExploreLaws breaks each law in every way that a document can, and looks
// what is found, and by which call.
func TestExploreLaws(t *testing.T) {
	ask := `<Gather numDigits="1" finishOnKey="" action="key" method="GET" timeout="4"><Say>Press 1.</Say></Gather>`
	for _, test := range []struct {
		name  string
		app   app
		law   simulator.Law
		says  string
		press string
	}{
		{"an answer that is missing", app{"/": ask + `<Say>Goodbye.</Say>`}, simulator.Answered, "/key answers 404", "1"},
		{"an answer that is not well formed", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye</Sai>`}, simulator.Answered, "12100", "1"},
		{"one key without an answer", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye.</Say>`, "/key?Digits=7": `</Say>`}, simulator.Answered, "12100", "7"},
		{"a sound that is missing", app{"/": `<Play>song.mp3</Play>`}, simulator.Answered, "song.mp3 answers 404", ""},
		{"a verb where it may not stand", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue><Say>Goodbye.</Say>`,
			"/wait": `<Say>Hold.</Say><Dial>+14155550101</Dial>`, "/left": `<Say>Goodbye.</Say>`}, simulator.Answered, "Dial is not allowed in a wait document", ""},
		{"an action after the caller has hung up", app{"/": `<Say>Speak.</Say><Record action="done" method="GET"/><Say>Goodbye.</Say>`, "/done": `<Say>Thanks.</Say>`, "/done?Digits=hangup": `<`},
			simulator.Answered, "after the caller has hung up", ""},

		{"silence goes round", app{"/": ask + `<Redirect method="GET">/</Redirect>`, "/key": `<Say>Bye.</Say>`}, simulator.Bounded, "who does nothing goes round in circles, every 0:05.2", "silent, silent"},
		{"wrong keys go round", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>No.</Say><Redirect method="GET">/</Redirect>`, "/key?Digits=1": `<Say>Yes.</Say>`},
			simulator.Bounded, "who presses wrong keys goes round", "2, 2"},
		{"nobody answers, again and again", app{"/": `<Say>Hello.</Say><Dial action="/" method="GET">+14155550101</Dial>`}, simulator.Bounded, "does nothing goes round", ""},
		{"a wait without Leave", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET">q</Enqueue><Say>Goodbye.</Say>`, "/wait": `<Say>Please hold.</Say>`}, simulator.Bounded, "goes round", ""},
		{"a wait that is silence", app{"/": `<Enqueue waitUrl="">q</Enqueue><Say>Goodbye.</Say>`}, simulator.Bounded, "waits without end", ""},

		{"nobody answers, again and again, once a key was pressed", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye.</Say>`,
			"/key?Digits=1": `<Redirect method="GET">/ring</Redirect>`, "/ring": `<Say>Hello.</Say><Dial action="/ring" method="GET">+14155550101</Dial>`},
			simulator.Bounded, "does nothing goes round", "1"},

		{"cut off at once", app{"/": `<Hangup/>`}, simulator.Spoken, "without a word", ""},
		{"cut off after a key", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Hangup/>`}, simulator.Spoken, "without a word", "1"},
		{"cut off after a recording", app{"/": `<Say>Speak.</Say><Record action="done" method="GET"/><Say>Goodbye.</Say>`, "/done": ``}, simulator.Spoken, "without a word", "speak 10s"},

		{"documents that spin", app{"/": `<Redirect method="GET">two</Redirect>`, "/two": `<Redirect method="GET">/</Redirect>`}, simulator.Unhurried, "without any time passing", ""},
		{"a wait that spins", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET">q</Enqueue><Say>Goodbye.</Say>`, "/wait": ``}, simulator.Unhurried, "without any time passing", ""},

		{"cut off after silence", app{"/": ask + `<Hangup/>`, "/key": `<Say>Bye.</Say>`}, simulator.Audible, "nothing is pressed", "silent"},
		{"cut off when busy", app{"/": `<Say>Hello.</Say><Dial action="done" method="GET">+14155550101</Dial>`, "/done": `<Say>Bye.</Say>`, "/done?DialCallStatus=busy": ``}, simulator.Audible, "everybody is busy", ""},
		{"cut off when full", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue><Say>Bye.</Say>`, "/wait": `<Say>Hold.</Say><Leave/>`,
			"/left": `<Say>Bye.</Say>`, "/left?QueueResult=queue-full": ``}, simulator.Audible, "the queue is full", ""},
		{"cut off behind a Leave, under one reading", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue>`, "/wait": `<Say>Hold.</Say><Leave/>`,
			"/left": `<Say>Bye.</Say>`}, simulator.Audible, "the wait is over", ""},
		{"cut off after a decline, under one reading", app{"/": `<Dial action="done" method="GET"><Number url="ask" method="GET">+14155550101</Number></Dial>`, "/ask": `<Say>A call.</Say><Hangup/>`,
			"/done": `<Say>Bye.</Say>`, "/done?DialCallStatus=completed": ``}, simulator.Audible, "the call is declined", ""},

		{"something to warn of", app{"/": `<Say loop="-1">Hello.</Say>`}, simulator.Clean, "13510", ""},
		{"a verb that is never obeyed", app{"/": `<Say>Hello.</Say><Hangup/><Say>Never.</Say>`}, simulator.Clean, "verb 3, Say", ""},
		{"a verb that is passed over", app{"/": `<Leave/><Say>Hello.</Say>`}, simulator.Clean, "Leave is not allowed", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := exploreApp(t, test.app)
			for _, f := range report.Findings {
				if f.Law == test.law && strings.Contains(f.Text, test.says) {
					if f.Press != test.press {
						t.Errorf("found by pressing %q, want %q", f.Press, test.press)
					}
					return
				}
			}
			t.Errorf("no %s with %q:\n%s", test.law, test.says, findings(report))
		})
	}
}

func exploreApp(t *testing.T, a app) *simulator.Report {
	t.Helper()
	report, err := simulator.Explore(t.Context(), simulator.Survey{
		Handler: a, Numbers: map[string]simulator.Number{number: {VoiceURL: "/", VoiceMethod: "GET"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestExploreTakesItsTime checks what is not a fault: a circle in which the
// caller takes part, and one that the caller leaves.
func TestExploreTakesItsTime(t *testing.T) {
	report := exploreApp(t, app{
		"/":             `<Gather numDigits="1" finishOnKey="" action="key" method="GET"><Say>Press 9 to hear this again.</Say></Gather><Say>Goodbye.</Say>`,
		"/key":          `<Say>Sorry. Goodbye.</Say>`,
		"/key?Digits=9": `<Redirect method="GET">/</Redirect>`,
	})
	if len(report.Findings) > 0 {
		t.Errorf("found:\n%s", findings(report))
	}
}

// TestExploreIsRepeatable checks that a walk finds the same in the same order.
func TestExploreIsRepeatable(t *testing.T) {
	broken := app{"/": `<Gather numDigits="1" action="key" method="GET"/><Redirect method="GET">/</Redirect><Say>x</Say>`, "/key": `<Hangup/>`, "/key?Digits=3": `<Play>no.mp3</Play>`}
	var first string
	for range 5 {
		b, err := json.Marshal(exploreApp(t, broken))
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(b)
		}
		if diff := gocmp.Diff(first, string(b)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestExploreGivesUp checks that an application without an end is given up, and
// that a survey without a number is refused.
func TestExploreGivesUp(t *testing.T) {
	endless := app{"/": `<Redirect method="GET">/next</Redirect>`, "/next": `<Say>More.</Say>`}
	numbers := map[string]simulator.Number{number: {VoiceURL: "/", VoiceMethod: "GET"}}
	_, err := simulator.Explore(t.Context(), simulator.Survey{Handler: endless, Numbers: numbers, MaxStates: 2})
	if err == nil || !strings.Contains(err.Error(), "cannot be walked") {
		t.Errorf("error %v", err)
	}
	if _, err := simulator.Explore(t.Context(), simulator.Survey{Handler: endless}); err == nil {
		t.Error("a survey without a number is walked")
	}
}
