package simulator_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// patient is a call to the clinic whose caller comes to the desk for
// appointments while all its people are busy, and waits: 25 minutes there,
// as long for an operator, and then a message.
func patient(t testing.TB) simulator.Scenario {
	result, diags := compiler.Compile(compiler.Input{Files: os.DirFS("../../examples/clinic")})
	b := result.Bundle
	if b == nil {
		t.Fatal(diags)
	}
	s := simulator.Scenario{
		Handler: router.New(b), BaseURL: b.Manifest.BaseURL,
		Numbers: simulator.NumbersOf(&b.Manifest), Queues: simulator.QueuesOf(&b.Manifest), People: map[string]simulator.Person{},
		Calls: []simulator.Call{{From: caller, To: b.Manifest.Numbers[0].PhoneNumber, Person: follow(t, "2, 1, speak 20s")}},
	}
	for _, u := range b.Manifest.Users {
		s.People[u.Address] = person(t, "busy")
	}
	return s
}

// TestLongWait checks that a caller of the clinic waits no longer than its
// configuration says, though half as long at least, and that the wait is not played for as long as that.
func TestLongWait(t *testing.T) {
	tr := run(t, patient(t))[0]
	if tr.Ending.How != simulator.ByDocument || !tr.Ending.Heard {
		t.Fatalf("ended by %s: %s", tr.Ending.How, tr.Ending.Text)
	}
	first, last := map[string]time.Duration{}, map[string]time.Duration{} // by queue
	waits, leaves := only(tr, simulator.Waits), only(tr, simulator.Leaves)
	if len(waits) < 2 || len(waits) != len(leaves) {
		t.Fatalf("%d times into a queue, %d times out of it", len(waits), len(leaves))
	}
	for i, e := range waits {
		if _, known := first[e.Text]; !known {
			first[e.Text] = e.At
		}
		last[e.Text] = leaves[i].At
	}
	for queue, at := range first {
		if waited := last[queue] - at; waited < 12*time.Minute || waited > 25*time.Minute {
			t.Errorf("the caller waited in %s for %s", queue, waited)
		}
	}
	if len(only(tr, simulator.Records)) != 1 {
		t.Error("nothing was recorded")
	}
}

// crowd is how many callers come at once.
var crowd = deep.Or(100, 1000)

// callCentre is callers who all come within a minute, on three numbers, to three
// queues of which two are shared, and a dozen agents who take from them in turn.
func callCentre(t testing.TB, callers int) simulator.Scenario {
	handler := app{
		"/1":    `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">sales</Enqueue>`,
		"/2":    `<Gather numDigits="1" action="key" method="GET"><Say>Press 1 for help.</Say></Gather><Redirect method="GET">1</Redirect>`,
		"/key":  `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">help</Enqueue>`,
		"/3":    `<Enqueue waitUrl="short" waitUrlMethod="GET" action="again" method="GET">desk</Enqueue>`,
		"/wait": `<Say>Please hold.</Say><Play>20s.wav</Play>`, "/short": `<Play>20s.wav</Play><Leave/>`,
		"/again": `<Redirect method="GET">1</Redirect>`, "/again?QueueResult=bridged": `<Say>Goodbye.</Say>`,
		"/left": `<Say>Please call again.</Say>`, "/left?QueueResult=bridged": `<Say>Goodbye.</Say>`,
		"/a0": `<Dial action="a1" method="GET" timeout="10"><Queue>sales</Queue></Dial>`,
		"/a1": `<Dial action="a2" method="GET" timeout="10" timeLimit="20"><Queue url="you" method="GET">help</Queue></Dial>`,
		"/a2": `<Dial action="a0" method="GET" timeout="5"><Queue>desk</Queue></Dial>`, "/you": `<Say>It is your turn.</Say>`,
	}
	s := simulator.Scenario{Handler: handler, TimeLimit: time.Hour, Numbers: map[string]simulator.Webhooks{}, Queues: map[string]int{"sales": callers / 2, "help": callers, "desk": 50}}
	for i := range 3 {
		s.Numbers[fmt.Sprintf("+1415555011%d", i+1)] = simulator.Webhooks{VoiceURL: fmt.Sprintf("/%d", i+1), VoiceMethod: "GET"}
		s.Numbers[fmt.Sprintf("+1415555012%d", i)] = simulator.Webhooks{VoiceURL: fmt.Sprintf("/a%d", i), VoiceMethod: "GET"}
	}
	steps := [][]string{ // by number
		{"talk 30s, hangup", "at 4m, hangup", "talk 1m, hangup"},
		{"1, talk 45s, hangup", "1@1s, talk 1m, hangup", "at 10m, hangup", "silent, talk 20s, hangup"},
		{"talk 30s, hangup", "at 20m, hangup"},
	}
	for i := range callers {
		s.Calls = append(s.Calls, simulator.Call{
			From: fmt.Sprintf("+1415556%04d", i), To: fmt.Sprintf("+1415555011%d", i%3+1),
			At: time.Minute * time.Duration(i) / time.Duration(callers), Person: follow(t, steps[i%3][i/3%len(steps[i%3])]),
		})
	}
	for i := range 12 {
		s.Calls = append(s.Calls, simulator.Call{From: fmt.Sprintf("+1415557%04d", i), To: fmt.Sprintf("+1415555012%d", i%3), Person: follow(t, "at 30m, hangup")})
	}
	return s
}

// TestCallCentre checks that every caller is accounted for, in their turn, and
// that the same seed gives the same bytes whatever the number of processors.
func TestCallCentre(t *testing.T) {
	play := func(seed uint64) ([]simulator.Transcript, string) {
		s := callCentre(t, crowd)
		s.Seed = seed
		transcripts := run(t, s)
		b, err := json.Marshal(transcripts)
		if err != nil {
			t.Fatal(err)
		}
		return transcripts, string(b)
	}
	old := runtime.GOMAXPROCS(1)
	transcripts, one := play(7)
	runtime.GOMAXPROCS(2)
	_, two := play(7)
	runtime.GOMAXPROCS(old)
	if one != two {
		t.Error("one and two processors take different courses")
	}
	if _, other := play(8); other == one {
		t.Error("another seed gives the same identifiers")
	}
	accountFor(t, transcripts)
}

// accountFor checks what must be true of callers and agents who share queues.
func accountFor(t *testing.T, transcripts []simulator.Transcript) {
	t.Helper()
	in, out, full, served, taken, left := 0, 0, 0, 0, 0, 0
	for i, tr := range transcripts {
		in += len(only(tr, simulator.Waits))
		out += len(only(tr, simulator.Leaves))
		full += len(only(tr, simulator.QueueFull))
		switch tr.Ending.How {
		case simulator.ByCaller, simulator.ByDocument:
		case simulator.TimeLimit: // nobody has taken them within the hour
			left++
		default:
			t.Errorf("call %d ended by %s: %s", i, tr.Ending.How, tr.Ending.Text)
		}
		if i < crowd {
			served += len(only(tr, simulator.Connects))
		} else {
			taken += len(only(tr, simulator.Connects))
		}
	}
	if in != out+left || in < crowd/2 {
		t.Errorf("%d into the queues, and %d out of them", in, out)
	}
	if served != taken || served == 0 {
		t.Errorf("%d callers talked to an agent, and agents to %d callers", served, taken)
	}
	t.Logf("%d callers: %d times into a queue, %d times it was full, %d conversations, %d still wait after an hour", crowd, in, full, served, left)
}

// BenchmarkLongWait plays a call with a wait of 25 minutes.
func BenchmarkLongWait(b *testing.B) {
	s := patient(b)
	for b.Loop() {
		run(b, s)
	}
}

// BenchmarkCallCentre plays a thousand callers at once.
func BenchmarkCallCentre(b *testing.B) {
	for b.Loop() {
		run(b, callCentre(b, 1000))
	}
}
