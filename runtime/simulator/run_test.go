package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// rush is a scenario in which many callers share a queue, its agents and a ring
// group.
func rush(t testing.TB, callers int) simulator.Scenario {
	s := simulator.Scenario{
		Handler: app{
			"/":                        `<Gather numDigits="1" action="key" method="GET"><Play>4s.wav</Play></Gather><Redirect method="GET">/</Redirect>`,
			"/key?Digits=1":            `<Dial action="dialled" method="GET" timeout="10"><Number>` + alice + `</Number><Client>bob</Client></Dial>`,
			"/dialled":                 `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">sales</Enqueue>`,
			"/wait":                    `<Play>20s.wav</Play><Pause length="40"/><Redirect method="GET">wait2</Redirect>`,
			"/wait2":                   `<Play>60s.wav</Play><Leave/>`,
			"/left":                    `<Say>Please leave a message.</Say><Record action="thanks" method="GET"/>`,
			"/left?QueueResult=hangup": ``,
			"/thanks":                  `<Say>Thank you.</Say>`,
			"/agent":                   `<Dial action="again" method="GET" timeLimit="15"><Queue>sales</Queue></Dial>`,
			"/again":                   `<Pause/><Redirect method="GET">agent</Redirect>`,
		},
		Numbers: map[string]simulator.Webhooks{
			number: {VoiceURL: "/", VoiceMethod: "GET"},
			agents: {VoiceURL: "/agent", VoiceMethod: "GET"},
		},
		People: map[string]simulator.Person{alice: person(t, "answer:4s,talk:1m"), bob: person(t, "busy then answer:2s,talk:20s")},
		Queues: map[string]int{"sales": 200},
	}
	for i := range 5 {
		s.Calls = append(s.Calls, simulator.Call{From: fmt.Sprintf("+1415555013%d", i), To: agents, Person: follow(t, "at 1h, hangup")})
	}
	for i := range callers {
		steps := []string{"1, talk 30s, hangup", "silent, 1, speak 10s", "1, at 1m, hangup", "1@1s"}[i%4]
		s.Calls = append(s.Calls, simulator.Call{From: caller, To: number, At: time.Duration(i) * time.Second / 20, Person: follow(t, steps)})
	}
	return s
}

// TestCrowd checks that a thousand callers at once are all accounted for, and
// that nothing is left behind.
func TestCrowd(t *testing.T) {
	before := runtime.NumGoroutine()
	s := rush(t, 1000)
	transcripts := run(t, s)
	if len(transcripts) != 1005 {
		t.Fatalf("%d transcripts", len(transcripts))
	}
	count := map[simulator.Kind]int{}
	for i, tr := range transcripts {
		for _, e := range tr.Events {
			count[e.Kind]++
		}
		if how := tr.Ending.How; how != simulator.ByCaller && how != simulator.ByDocument {
			t.Errorf("call %d ended by %s: %s", i, how, tr.Ending.Text)
		}
	}
	if count[simulator.Waits] == 0 || count[simulator.QueueFull] == 0 || count[simulator.Connects] < 20 {
		t.Errorf("the rush was none: %v", count)
	}
	if got := count[simulator.Waits]; got != count[simulator.Leaves] {
		t.Errorf("%d callers entered the queue and %d left it", got, count[simulator.Leaves])
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// TestOneSeedOneExecution checks that a scenario always takes the same course,
// whatever the number of processors, and that the seed decides identifiers.
func TestOneSeedOneExecution(t *testing.T) {
	play := func(seed uint64) string {
		s := rush(t, 60)
		s.Seed = seed
		b, err := json.Marshal(run(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := play(1)
	for _, processors := range []int{1, 2} {
		old := runtime.GOMAXPROCS(processors)
		again := play(1)
		runtime.GOMAXPROCS(old)
		if again != first {
			t.Errorf("the execution differs on %d processors", processors)
		}
	}
	other := play(2)
	if other == first {
		t.Error("another seed makes the same identifiers")
	}
	if diff := gocmp.Diff(sids.ReplaceAllString(first, ""), sids.ReplaceAllString(other, "")); diff != "" {
		t.Errorf("another seed changes more than identifiers:\n%s", diff)
	}
}

// TestCancel checks that a run stops with its context, wherever it is, and
// leaves nothing behind.
func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, after := range []int{1, 2, 100, 1000} {
		ctx, cancel := context.WithCancel(context.Background())
		s := rush(t, 50)
		events := 0
		s.Watch = func(int, simulator.Event) {
			if events++; events == after {
				cancel()
			}
		}
		transcripts, err := simulator.Run(ctx, s)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d events: %v", after, err)
		}
		if len(transcripts) != len(s.Calls) {
			t.Errorf("after %d events: %d transcripts", after, len(transcripts))
		}
		cancel()
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines before, %d after", before, now)
	}
}

// TestWatch checks that events are told as they happen, and in the order of
// the transcripts.
func TestWatch(t *testing.T) {
	s := rush(t, 20)
	seen := make([][]simulator.Event, len(s.Calls))
	var now time.Duration
	s.Watch = func(call int, e simulator.Event) {
		at := s.Calls[call].At + e.At
		if at < now {
			t.Errorf("call %d: %s at %s, when it was %s already", call, e.Kind, at, now)
		}
		now = at
		seen[call] = append(seen[call], e)
	}
	for i, tr := range run(t, s) {
		if diff := gocmp.Diff(tr.Events, seen[i]); diff != "" {
			t.Errorf("call %d: -transcript +watched:\n%s", i, diff)
		}
	}
}

func TestScenarioErrors(t *testing.T) {
	good := func() simulator.Scenario { return dial(t, app{"/": ``}, "") }
	for _, test := range []struct {
		name  string
		spoil func(*simulator.Scenario)
		says  string
	}{
		{"unknown number", func(s *simulator.Scenario) { s.Calls[0].To = alice }, "call 1 is placed to \"" + alice + "\""},
		{"before the beginning", func(s *simulator.Scenario) { s.Calls[0].At = -1 }, "before the run begins"},
		{"no voice URL", func(s *simulator.Scenario) { s.Numbers[number] = simulator.Webhooks{} }, "voice URL of " + number},
		{"bad fallback", func(s *simulator.Scenario) { s.Numbers[number] = simulator.Webhooks{VoiceURL: "/", FallbackURL: "%zz"} }, "fallback URL of " + number},
		{"relative base", func(s *simulator.Scenario) { s.BaseURL = "/ivr" }, `base URL "/ivr"`},
		{"unknown ambiguity", func(s *simulator.Scenario) { s.Ambiguities = []simulator.Ambiguity{"tea-leaves"} }, `no ambiguity "tea-leaves"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := good()
			test.spoil(&s)
			_, err := simulator.Run(context.Background(), s)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one with %q", err, test.says)
			}
		})
	}
}

// TestInlineTwiML checks calls that were placed with their document, as an
// agent's can be: its links must be absolute
// (https://www.twilio.com/docs/voice/twiml/gather#action).
func TestInlineTwiML(t *testing.T) {
	l := &journal{app: app{"/done": `<Say>Goodbye.</Say>`}}
	for _, test := range []struct {
		action string
		how    simulator.How
	}{
		{"https://simulated.example/done", simulator.ByDocument},
		{"done", simulator.Failed},
	} {
		s := simulator.Scenario{Handler: l, Calls: []simulator.Call{{From: number, To: alice,
			TwiML: `<Response><Gather actionOnEmptyResult="true" action="` + test.action + `" method="GET"/></Response>`}}}
		if tr := run(t, s)[0]; tr.Ending.How != test.how {
			t.Errorf("action %s ended by %s: %s", test.action, tr.Ending.How, tr.Ending.Text)
		}
	}
	if len(l.requests) != 1 || l.requests[0].FormValue("Direction") != "outbound-api" {
		t.Errorf("requests %v", l.requests)
	}
}

// TestLimits checks the length that a scenario can set, and the seconds that Twilio
// adds to a ring, but not to a wait for a caller from a queue.
func TestLimits(t *testing.T) {
	s := dial(t, app{"/": `<Dial timeout="10"><Client>bob</Client></Dial><Dial timeout="10"><Queue>rest</Queue></Dial><Enqueue>sales</Enqueue>`}, "")
	s.Queues, s.TimeLimit = map[string]int{"rest": 1}, 10*time.Minute
	tr := run(t, s)[0]
	if rang := only(tr, simulator.NoAnswer); len(rang) != 1 || rang[0].At != 15*time.Second {
		t.Errorf("the telephone rang until %v, want 15 s", rang)
	}
	if waits := only(tr, simulator.Waits); len(waits) != 1 || waits[0].At != 25*time.Second {
		t.Errorf("the caller waits from %v, want 25 s", waits)
	}
	last := tr.Events[len(tr.Events)-1]
	if tr.Ending.How != simulator.TimeLimit || last.At != 10*time.Minute || !strings.Contains(last.Text, "in Enqueue of /") {
		t.Errorf("ended by %s at %s: %s", tr.Ending.How, last.At, last.Text)
	}
}

// BenchmarkCrowd plays a thousand callers who share a queue.
func BenchmarkCrowd(b *testing.B) {
	for b.Loop() {
		run(b, rush(b, 1000))
	}
}
