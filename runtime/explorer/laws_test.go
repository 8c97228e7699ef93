package explorer_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestLaws breaks each law in every way that a document can, and looks
// what is found, and by which call.
func TestLaws(t *testing.T) {
	ask := `<Gather numDigits="1" finishOnKey="" action="key" method="GET" timeout="4"><Say>Press 1.</Say></Gather>`
	for _, test := range []struct {
		name  string
		app   app
		law   explorer.Law
		says  string
		press string
	}{
		{"an answer that is missing", app{"/": ask + `<Say>Goodbye.</Say>`}, explorer.Answered, "/key answers 404", "1"},
		{"an answer that is not well formed", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye</Sai>`}, explorer.Answered, "12100", "1"},
		{"one key without an answer", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye.</Say>`, "/key?Digits=7": `</Say>`}, explorer.Answered, "12100", "7"},
		{"a sound that is missing", app{"/": `<Play>song.mp3</Play>`}, explorer.Answered, "song.mp3 answers 404", ""},
		{"a verb where it may not stand", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue><Say>Goodbye.</Say>`,
			"/wait": `<Say>Hold.</Say><Dial>+14155550101</Dial>`, "/left": `<Say>Goodbye.</Say>`}, explorer.Answered, "Dial is not allowed in a wait document", ""},
		{"an action after the caller has hung up", app{"/": `<Say>Speak.</Say><Record action="done" method="GET"/><Say>Goodbye.</Say>`, "/done": `<Say>Thanks.</Say>`, "/done?Digits=hangup": `<`},
			explorer.Answered, "after the caller has hung up", ""},

		{"silence goes round", app{"/": ask + `<Redirect method="GET">/</Redirect>`, "/key": `<Say>Bye.</Say>`}, explorer.Bounded, "who does nothing goes round in circles, every 0:05.2", "silent, silent"},
		{"wrong keys go round", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>No.</Say><Redirect method="GET">/</Redirect>`, "/key?Digits=1": `<Say>Yes.</Say>`},
			explorer.Bounded, "who presses wrong keys goes round", "2, 2"},
		{"nobody answers, again and again", app{"/": `<Say>Hello.</Say><Dial action="/" method="GET">+14155550101</Dial>`}, explorer.Bounded, "does nothing goes round", ""},
		{"a wait without Leave", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET">q</Enqueue><Say>Goodbye.</Say>`, "/wait": `<Say>Please hold.</Say>`}, explorer.Bounded, "goes round", ""},
		{"a wait that is silence", app{"/": `<Enqueue waitUrl="">q</Enqueue><Say>Goodbye.</Say>`}, explorer.Bounded, "waits without end", ""},

		{"nobody answers, again and again, once a key was pressed", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Say>Bye.</Say>`,
			"/key?Digits=1": `<Redirect method="GET">/ring</Redirect>`, "/ring": `<Say>Hello.</Say><Dial action="/ring" method="GET">+14155550101</Dial>`},
			explorer.Bounded, "does nothing goes round", "1"},

		{"cut off at once", app{"/": `<Hangup/>`}, explorer.Spoken, "without a word", ""},
		{"cut off after a key", app{"/": ask + `<Say>Goodbye.</Say>`, "/key": `<Hangup/>`}, explorer.Spoken, "without a word", "1"},
		{"cut off after a recording", app{"/": `<Say>Speak.</Say><Record action="done" method="GET"/><Say>Goodbye.</Say>`, "/done": ``}, explorer.Spoken, "without a word", "speak 10s"},

		{"documents that spin", app{"/": `<Redirect method="GET">two</Redirect>`, "/two": `<Redirect method="GET">/</Redirect>`}, explorer.Unhurried, "without any time passing", ""},
		{"a wait that spins", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET">q</Enqueue><Say>Goodbye.</Say>`, "/wait": ``}, explorer.Unhurried, "without any time passing", ""},

		{"cut off after silence", app{"/": ask + `<Hangup/>`, "/key": `<Say>Bye.</Say>`}, explorer.Audible, "nothing is pressed", "silent"},
		{"cut off when busy", app{"/": `<Say>Hello.</Say><Dial action="done" method="GET">+14155550101</Dial>`, "/done": `<Say>Bye.</Say>`, "/done?DialCallStatus=busy": ``}, explorer.Audible, "everybody is busy", ""},
		{"cut off when full", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue><Say>Bye.</Say>`, "/wait": `<Say>Hold.</Say><Leave/>`,
			"/left": `<Say>Bye.</Say>`, "/left?QueueResult=queue-full": ``}, explorer.Audible, "the queue is full", ""},
		{"cut off behind a Leave, under one reading", app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue>`, "/wait": `<Say>Hold.</Say><Leave/>`,
			"/left": `<Say>Bye.</Say>`}, explorer.Audible, "the wait is over", ""},
		{"cut off after a decline", app{"/": `<Dial action="done" method="GET"><Number url="ask" method="GET">+14155550101</Number></Dial>`, "/ask": `<Say>A call.</Say><Hangup/>`,
			"/done": `<Say>Bye.</Say>`, "/done?DialCallStatus=completed": ``}, explorer.Audible, "the call is declined", ""},

		{"something to warn of", app{"/": `<Say loop="-1">Hello.</Say>`}, explorer.Clean, "13510", ""},
		{"a verb that is never obeyed", app{"/": `<Say>Hello.</Say><Hangup/><Say>Never.</Say>`}, explorer.Clean, "verb 3, Say", ""},
		{"a verb that is passed over", app{"/": `<Leave/><Say>Hello.</Say>`}, explorer.Clean, "Leave is not allowed", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := exploreApp(t, test.app)
			for _, f := range report.Violations {
				if f.Law == test.law && strings.Contains(f.Text, test.says) {
					if f.Press.String() != test.press {
						t.Errorf("found by pressing %q, want %q", f.Press, test.press)
					}
					return
				}
			}
			t.Errorf("no %s with %q:\n%s", test.law, test.says, violations(report))
		})
	}
}

func exploreApp(t *testing.T, a app) *explorer.Report {
	t.Helper()
	report, err := explorer.Explore(t.Context(), explorer.Survey{
		Handler: a, Numbers: map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}},
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
	if len(report.Violations) > 0 {
		t.Errorf("found:\n%s", violations(report))
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
	numbers := map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}}
	_, err := explorer.Explore(t.Context(), explorer.Survey{Handler: endless, Numbers: numbers, MaxStates: 2})
	if err == nil || !strings.Contains(err.Error(), "cannot be walked") {
		t.Errorf("error %v", err)
	}
	if _, err := explorer.Explore(t.Context(), explorer.Survey{Handler: endless}); err == nil {
		t.Error("a survey without a number is walked")
	}
}

// TestExploreRedirects: what relative links refer to after an HTTP redirect, and
// whether Digits are sent again, is open; the walk finds what goes wrong under either
// reading.
func TestExploreRedirects(t *testing.T) {
	pages := app{
		"/moved/here": `<Gather numDigits="1" finishOnKey="" action="next" method="GET"><Say>Press 1.</Say></Gather><Say>Bye.</Say>`,
		"/moved/next": `<Say>Thank you.</Say>`,
		"/next":       `<Say>Thank you.</Say>`,
	}
	for _, missing := range []string{"", "/moved/next", "/next"} {
		served := maps.Clone(pages)
		delete(served, missing)
		report, err := explorer.Explore(t.Context(), explorer.Survey{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" {
					http.Redirect(w, r, "/moved/here", http.StatusFound)
					return
				}
				served.ServeHTTP(w, r)
			}),
			Numbers: map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Contains(violations(report), "404")
		if found != (missing != "") {
			t.Errorf("without %q:\n%s", missing, violations(report))
		}
	}
}
