package explorer_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A side is one side of what Twilio leaves open, by the request that is made under
// it alone: its path and raw parameters, of which "-Digits" must not be there.
type side string

// asks reports whether a request is that of the side.
func (s side) asks(r *http.Request) bool {
	path, query, _ := strings.Cut(string(s), "?")
	sent := strings.Split(r.URL.RawQuery, "&")
	for _, pair := range strings.Split(query, "&") {
		if name, absent := strings.CutPrefix(pair, "-"); absent {
			if r.URL.Query().Has(name) {
				return false
			}
		} else if pair != "" && !slices.Contains(sent, pair) {
			return false
		}
	}
	return r.URL.Path == path
}

// sides is, for each reading, an application and what it is asked for under the
// usual assumption, and under the other one.
var sides = map[simulator.Ambiguity]struct {
	app          app
	usual, other side
}{
	simulator.WhisperRace: {app{"/": dialTwo, "/one": `<Say>A call.</Say>`, "/two": `<Say>A call.</Say>`, "/done": bye}, "/one?", "/two?"},
	simulator.WhisperFault: {app{"/": `<Dial action="done" method="GET"><Number url="gone" method="GET">+14155550101</Number></Dial>`, "/done": bye},
		"/done?DialCallStatus=completed&DialBridged=false", "/done?DialCallStatus=completed&DialBridged=true"},
	simulator.WhisperVerbs: {app{"/": `<Dial action="done" method="GET"><Number url="one" method="GET">+14155550101</Number></Dial>`, "/done": bye,
		"/one": `<Redirect method="GET">more</Redirect><Gather numDigits="1" action="key" method="GET"/>`, "/more": bye, "/key": bye}, "/more?", "/key?"},
	simulator.ParallelStatus: {app{"/": `<Dial action="done" method="GET"><Number>+14155550101</Number><Number>+14155550102</Number></Dial>`, "/done": bye},
		"/done?DialCallStatus=no-answer", "/done?DialCallStatus=busy"},
	simulator.LeaveAction:     {queue, "/left?QueueResult=leave", "/next?"},
	simulator.QueueSize:       {queue, "/left?QueueResult=leave", "/left?QueueResult=queue-full"},
	simulator.EmptyDigits:     {app{"/": `<Gather numDigits="1" action="key" method="GET" actionOnEmptyResult="true"/>`, "/key": bye}, "/key?-Digits", "/key?Digits="},
	simulator.StarDigit:       {app{"/": `<Gather numDigits="1" action="key" method="GET"/>` + bye, "/key": bye}, "/key?Digits=*", "/key?Digits=%2A"},
	simulator.SilentRecording: {app{"/": `<Record action="done" method="GET"/><Redirect method="GET">next</Redirect>`, "/done": bye, "/next": bye}, "/next?", "/done?RecordingDuration=0"},
	simulator.RedirectBase:    {app{"/": "see /moved/here", "/moved/here": `<Redirect method="GET">next</Redirect>`, "/moved/next": bye, "/next": bye}, "/moved/next?", "/next?"},
	simulator.RedirectDigits:  {app{"/": `<Gather numDigits="1" action="key" method="GET"/>` + bye, "/key": "see /got", "/got": bye}, "/got?-Digits", "/got?Digits=1"},
	simulator.PlayFailure:     {app{"/": `<Play>gone.mp3</Play><Redirect method="GET">next</Redirect>`, "/next": bye}, "/gone.mp3?", "/next?"},
	simulator.WithheldCaller:  {dialOne, "/done?DialCallStatus=completed", "/done?DialCallStatus=failed"},
	simulator.DialGone:        {dialOne, "", "/done?DialCallStatus=completed"}, // the usual side asks for nothing
	simulator.UnknownQueue:    {dialQueue, "/done?DialCallStatus=failed", "/done?DialCallStatus=no-answer"},
	simulator.QueueGone:       {dialQueue, "/done?DialCallStatus=completed&DialBridged=false", "/done?DialCallStatus=no-answer"},
	simulator.ConferenceFull: {app{"/": `<Dial action="done" method="GET"><Conference>room</Conference></Dial>`, "/done": bye},
		"/done?DialCallStatus=failed", "/done?DialCallStatus=busy"},
}

const (
	bye     = `<Say>Goodbye.</Say>`
	dialTwo = `<Dial action="done" method="GET"><Number url="one" method="GET">+14155550101</Number><Number url="two" method="GET">+14155550102</Number></Dial>`
)

var (
	dialOne   = app{"/": `<Dial action="done" method="GET">+14155550101</Dial>`, "/done": bye}
	dialQueue = app{"/": `<Dial action="done" method="GET"><Queue>q</Queue></Dial>`, "/done": bye}
	queue     = app{"/": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">q</Enqueue><Redirect method="GET">next</Redirect>`,
		"/wait": `<Say>Hold.</Say><Leave/>`, "/left": bye, "/next": bye}
)

// TestEveryReadingIsWalked breaks what an application is asked for under one side of
// a reading, and the walk must find it; of times, the walk counts the longer.
func TestEveryReadingIsWalked(t *testing.T) {
	for _, a := range simulator.Ambiguities() {
		row, listed := sides[a.Ambiguity]
		switch a.Ambiguity {
		case simulator.SequentialTimeout:
			lasts(t, app{"/": `<Dial sequential="true" timeout="10"><Number>+14155550101</Number><Number>+14155550102</Number></Dial>` + bye}, 30*time.Second)
			continue
		case simulator.AutoTimeout:
			lasts(t, app{"/": `<Gather numDigits="1" timeout="auto" action="key" method="GET"/>` + bye, "/key": bye}, 5*time.Second)
			continue
		}
		if !listed {
			t.Errorf("no application shows the sides of %s", a.Ambiguity)
		}
		for value, broken := range map[string]side{a.Usual.Value: row.usual, a.Other.Value: row.other} {
			if broken != "" && !slices.ContainsFunc(brokenBy(t, row.app, broken), func(v explorer.Violation) bool { return v.Law == explorer.Answered }) {
				t.Errorf("%s=%s: nothing is found although %s is not answered", a.Ambiguity, value, broken)
			}
		}
	}
}

// brokenBy is what a walk finds that it does not find where all is answered.
func brokenBy(t *testing.T, a app, broken side) []explorer.Violation {
	t.Helper()
	found := func(broken side) []explorer.Violation {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			to, elsewhere := strings.CutPrefix(a[r.URL.Path], "see ")
			switch {
			case broken != "" && broken.asks(r):
				w.WriteHeader(http.StatusNotFound)
			case elsewhere:
				http.Redirect(w, r, to, http.StatusFound)
			default:
				a.ServeHTTP(w, r)
			}
		})
		numbers := map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}}
		report, err := explorer.Explore(t.Context(), explorer.Survey{Handler: handler, Numbers: numbers})
		if err != nil {
			t.Fatal(err)
		}
		return report.Violations
	}
	before := found("")
	if strings.HasPrefix(string(broken), "/gone") {
		return before // nobody has it anyway
	}
	return slices.DeleteFunc(found(broken), func(v explorer.Violation) bool {
		return slices.ContainsFunc(before, func(b explorer.Violation) bool { return b.Text == v.Text && b.Document == v.Document })
	})
}

// lasts checks how long the call of a silent caller can last at the latest.
func lasts(t *testing.T, a app, least time.Duration) {
	t.Helper()
	if got := exploreApp(t, a).Numbers[0].Silent; got < least {
		t.Errorf("a silent caller is there for %s, want at least %s: %v", got, least, a)
	}
}
