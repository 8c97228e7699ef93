package simulator_test

import (
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// What the simulator plays, and what the explorer walks, is the same.

// TestExploreAsksForEveryOutcome checks that a walk leaves out no value of a
// decision, under either assumption about what Twilio does not say.
func TestExploreAsksForEveryOutcome(t *testing.T) {
	l := &journal{app: app{
		"/":     `<Gather numDigits="1" finishOnKey="" action="key" method="GET"><Say>Press a key.</Say></Gather><Say>Goodbye.</Say>`,
		"/key":  `<Dial action="dial" method="GET"><Number url="ask" method="GET">` + alice + `</Number><Client>bob</Client></Dial>`,
		"/ask":  `<Gather numDigits="1" action="yes" method="GET"><Say>Press 1.</Say></Gather><Hangup/>`,
		"/yes":  ``,
		"/dial": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="queue" method="GET">q</Enqueue><Redirect method="GET">left</Redirect>`,
		"/wait": `<Say>Please hold.</Say><Leave/>`, "/left": `<Say>Goodbye.</Say>`,
		"/queue": `<Say>Leave a message.</Say><Record action="done" method="GET"/><Redirect method="GET">done</Redirect>`,
		"/done":  `<Say>Thank you.</Say>`,
	}}
	report, err := explorer.Explore(t.Context(), explorer.Survey{
		Handler: l, Numbers: map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}},
	})
	if err != nil || len(report.Violations) > 0 {
		t.Fatalf("%v: %v", err, report.Violations)
	}
	asked := map[string]bool{}
	for _, r := range l.requests {
		f := r.Form
		asked[strings.Join([]string{r.URL.Path, f.Get("Digits"), f.Get("DialCallStatus"), f.Get("DialBridged"), f.Get("QueueResult"), f.Get("RecordingDuration")}, " ")] = true
	}
	for _, key := range strings.Split("1234567890*#", "") {
		if !asked["/key "+key+"    "] {
			t.Errorf("nobody has pressed %s", key)
		}
	}
	for _, d := range []string{"busy false", "no-answer false", "failed false", "canceled false", "answered true", "completed true", "completed false"} {
		if !asked["/dial  "+d+"  "] {
			t.Errorf("no Dial has come to %s", d)
		}
	}
	for _, q := range []string{"bridged", "bridging-in-process", "error", "hangup", "leave", "redirected", "redirected-from-bridged", "queue-full", "system-error", ""} {
		if !asked["/queue    "+q+" "] {
			t.Errorf("no queue has come to %q", q)
		}
	}
	for _, want := range []string{"/done     10", "/done     0", "/done hangup    10", "/left     "} {
		if !asked[want] {
			t.Errorf("not asked: %q of %v", want, asked)
		}
	}
}

// replay plays the calls of a report's violations with Run, and looks whether they
// come to the same documents. It returns how many could be played.
func replay(t *testing.T, s simulator.Scenario, r *explorer.Report) int {
	t.Helper()
	played := 0
	for _, f := range r.Violations {
		if !f.Playable || len(f.Call.Events) == 0 {
			continue
		}
		played++
		s.Calls = []simulator.Call{{From: f.Call.From, To: f.Call.To, Person: simulator.Follow(f.Press)}}
		s.People = map[string]simulator.Person{}
		for address, callee := range f.Callees {
			s.People[address] = simulator.Respond(callee)
		}
		got, want := requests(run(t, s)[0]), requests(f.Call)
		if len(got) > len(want) {
			got = got[:len(want)]
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s: %s\n-press %q %v: -walked +played:\n%s\n%s", f.Law, f.Document, f.Text, f.Press, f.Callees, diff,
				f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
		}
	}
	return played
}

// requests lists what a call asked for.
func requests(tr simulator.Transcript) []string {
	var all []string
	for _, e := range only(tr, simulator.Requests) {
		all = append(all, e.Text)
	}
	return all
}

// FuzzExplore walks random applications. The walk must come to an end, and the
// calls of its violations must come to the same documents when they are played.
func FuzzExplore(f *testing.F) {
	for i := range 64 {
		seed := make([]byte, 160)
		for j := range seed {
			seed[j] = byte((i + 5) * (j + 7) * 2654435761 >> 11)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &dice{data}
		documents := app{"/": d.verbs(1)}
		for i := range 6 {
			documents[fmt.Sprintf("/%d", i)] = d.verbs(1)
		}
		numbers := map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}}
		report, err := explorer.Explore(t.Context(), explorer.Survey{Handler: documents, Numbers: numbers})
		if err != nil {
			t.Fatal(err)
		}
		replay(t, simulator.Scenario{Handler: documents, Numbers: numbers, MaxDocuments: 300}, report)
	})
}
