package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestText is about lines, names and origins.
func TestText(t *testing.T) {
	tr := simulator.Transcript{From: caller, To: number, Events: []simulator.Event{
		{Leg: simulator.Caller, Kind: simulator.Calls, Text: number},
		{Leg: simulator.Caller, Kind: simulator.Requests, Text: "GET /a", Query: "Digits=1"},
		{Leg: simulator.Caller, Kind: simulator.Says, Text: "Thank you for calling Zillum. Our offices are closed.", Document: "/a"},
		{Leg: simulator.Caller, Kind: simulator.Says, Text: "Again.", Document: "/a", Repeat: 3, At: 62400 * time.Millisecond},
		{Leg: bob, Kind: simulator.Rings, Document: "/b", At: 75 * time.Second},
		{Leg: simulator.Caller, Kind: simulator.Connects, Text: alice + ", " + bob, Document: "/elsewhere", At: 75 * time.Second},
		{Leg: simulator.Caller, Kind: simulator.Faults, Code: 12200, Text: "misspelt", At: 75 * time.Second},
		{Leg: simulator.Caller, Kind: simulator.Ends, Text: "why", At: 3 * time.Hour},
		{Leg: simulator.Caller, Kind: simulator.Undocumented, Text: "what then"},
		{Leg: simulator.Caller, Kind: simulator.Undocumented, Text: "what then"},
	}}
	got := tr.Text(simulator.TextOptions{
		Width: 60,
		Names: map[string]string{number: "Main", bob: "Bob", alice: "Alice"},
		Origin: func(path string) string {
			return map[string]string{"/a": "menu.main:3", "/b": "main.ivr.hcl:112"}[path]
		},
	})
	want := `Call from +14155550199 to Main

   0:00.0  caller  calls Main
   0:00.0  caller  hears "Thank you for calling Zillum. Our
                   offices are closed."          menu.main:3
   1:02.4  caller  hears "Again.", 3 times
   1:15.0  Bob     rings                    main.ivr.hcl:112
   1:15.0  caller  talks to Alice, Bob
   1:15.0  caller  warning 12200: misspelt
3:00:00.0          the call is over: why

Twilio does not document:
  - what then
`
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFolding checks that what a waiting caller hears again and again is
// written once, unless everything is asked for.
func TestFolding(t *testing.T) {
	tr := run(t, dial(t, app{
		"/":     `<Enqueue waitUrl="wait" waitUrlMethod="GET">sales</Enqueue>`,
		"/wait": `<Play>20s.wav</Play><Pause length="10"/>`,
	}, "at 4m55s, hangup"))[0]
	got := tr.Text(simulator.TextOptions{})
	want := `Call from +14155550199 to +14155550100

 0:00.0  caller  calls +14155550100
 0:00.0  caller  is answered
 0:00.0  caller  enters the queue sales
 0:00.0  caller  hears /20s.wav
 0:20.0  caller  hears nothing for 0:10.0
 4:50.0  …       the same 9 times more, until 4:50.0
 4:55.0  caller  hangs up
 4:55.0  caller  leaves the queue after 4:55.0 (hangup)
 4:55.0          the call is over: the caller hung up
`
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if all := tr.Text(simulator.TextOptions{All: true}); strings.Count(all, "/20s.wav") != 10 {
		t.Errorf("not everything is told:\n%s", all)
	}
}

// TestEveryKindIsTold checks that no kind of event is passed over in text.
func TestEveryKindIsTold(t *testing.T) {
	kinds := []simulator.Kind{
		simulator.Calls, simulator.Answers, simulator.Requests, simulator.Says, simulator.Plays, simulator.Pauses,
		simulator.Asks, simulator.Presses, simulator.Silent, simulator.Speaks, simulator.Dials, simulator.Rings,
		simulator.Busy, simulator.NoAnswer, simulator.Fails, simulator.Cancels, simulator.Accepts, simulator.Declines,
		simulator.Connects, simulator.Parts, simulator.Waits, simulator.QueueFull, simulator.Leaves, simulator.Records,
		simulator.Recorded, simulator.Rejects, simulator.HangsUp, simulator.Ends, simulator.Faults, simulator.Skips,
		simulator.Undocumented,
	}
	for _, kind := range kinds {
		tr := simulator.Transcript{Events: []simulator.Event{{Leg: simulator.Caller, Kind: kind, Text: "x"}}}
		if lines := strings.Count(tr.Text(simulator.TextOptions{All: true}), "\n"); lines < 3 {
			t.Errorf("%s is not told", kind)
		}
	}
}

// TestTextIsSafe checks that nothing from outside reaches a terminal as it is.
func TestTextIsSafe(t *testing.T) {
	hostile := "\x1b]8;;https://x.example\x07\u202e\x00"
	tr := simulator.Transcript{From: hostile, To: hostile, Events: []simulator.Event{
		{Leg: hostile, Kind: simulator.Says, Text: hostile, Note: hostile, Document: hostile},
		{Leg: hostile, Kind: simulator.Requests, Text: hostile, Query: hostile},
		{Leg: hostile, Kind: simulator.Connects, Text: hostile},
		{Leg: hostile, Kind: simulator.Undocumented, Text: hostile},
	}}
	text := tr.Text(simulator.TextOptions{All: true, Names: map[string]string{hostile: hostile}, Origin: func(s string) string { return s }})
	if strings.ContainsAny(text, "\x1b\x00\x07\u202e") {
		t.Errorf("text from outside is not escaped:\n%q", text)
	}
}

func TestJSON(t *testing.T) {
	tr := run(t, dial(t, app{"/": `<Say>Goodbye.</Say>`}, ""))[0]
	tr.Start = 1500 * time.Millisecond
	b, err := json.Marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		FormatVersion string  `json:"format_version"`
		Start         float64 `json:"start"`
		Events        []struct {
			At       float64 `json:"at"`
			Kind     string  `json:"kind"`
			Length   float64 `json:"length"`
			Document string  `json:"document"`
		} `json:"events"`
		Ending struct {
			How   string `json:"how"`
			Heard bool   `json:"heard"`
		} `json:"ending"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.FormatVersion != simulator.FormatVersion || got.Start != 1.5 || got.Ending.How != "document" || !got.Ending.Heard {
		t.Errorf("%s", b)
	}
	said := got.Events[len(got.Events)-2]
	if said.Kind != "says" || said.Length != 1 || said.Document != "/" || got.Events[len(got.Events)-1].At != 1 {
		t.Errorf("%s", b)
	}
}
