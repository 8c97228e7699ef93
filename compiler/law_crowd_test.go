package compiler

// Laws of queues under load: a thousand callers come to one queue, far more than it
// can hold and the agents can serve. Some give up. Agents answer, are busy at once,
// decline late, or let it ring, as chance has it.

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// The queue of the crowd.
const (
	crowdWait = 9 * time.Minute // max_wait
	crowdText = `
		project "line" { limits = "twilio" }
		user "ann" { client = "ann" }
		user "ben" { client = "ben" }
		user "cem" {
			client  = "cem"
			confirm = true
		}
		ring_group "desk" {
			users          = [user.ann, user.ben, user.cem]
			strategy       = "sequential"
			interval       = "15s"
			on_busy        = queue.desk
			on_unavailable = queue.desk
		}
		queue "desk" {
			AGENTS
			max_callers = 30
			max_wait    = "9m"
			retry_every = "20s"
		}
		number "first" {
			phone_number = "+14155550100"
			to           = ring_group.desk
		}
		number "second" {
			phone_number = "+14155550101"
			to           = queue.desk
		}
		number "agents" {
			phone_number = "+14155550109"
			STATUS
		}`
)

var crowd = deep.Or(300, 1000)

// crowdBundle compiles the queue of the crowd, with agents who are rung, or with a
// line that they call.
func crowdBundle(t *testing.T, rung bool) *bundle.Bundle {
	t.Helper()
	replace := strings.NewReplacer("AGENTS", "agents = ring_group.desk", "STATUS", "to = stock.goodbye")
	if !rung {
		replace = strings.NewReplacer("AGENTS", "", "STATUS", "take = queue.desk")
	}
	text := replace.Replace(crowdText)
	result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}, BaseURL: draftURL})
	if diags.HasErrors() {
		t.Fatal(listed(diags))
	}
	return result.Bundle
}

// playCrowd plays the callers and agents of a seed, and returns the transcripts of
// the callers.
func playCrowd(t *testing.T, b *bundle.Bundle, seed uint64) []simulator.Transcript {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 0))
	s := simulator.Scenario{
		BaseURL: draftURL, Handler: http.StripPrefix("/v1", router.New(b)), Seed: seed,
		Numbers: simulator.NumbersOf(&b.Manifest), Queues: simulator.QueuesOf(&b.Manifest), People: map[string]simulator.Person{},
	}
	for _, name := range []string{"client:ann", "client:ben", "client:cem"} {
		var turns []script.Turn
		for range 50 {
			turn := []script.Reaction{script.Accept, script.Busy, script.NoAnswer, script.Decline}[chance.IntN(4)].Turn()
			if turn.After > 0 {
				turn.After = time.Duration(1+chance.IntN(15)) * time.Second
			}
			turns = append(turns, turn)
		}
		s.People[name] = simulator.Respond(script.Callee{Turns: turns})
	}
	for i := range crowd {
		call := simulator.Call{From: "+14155550199", To: []string{"+14155550100", "+14155550101"}[i%2], At: time.Duration(chance.IntN(15*60)) * time.Second}
		if chance.IntN(5) == 0 {
			call.Person = simulator.Follow(script.Script{{Do: script.Until, For: time.Duration(chance.IntN(600)) * time.Second}, {Do: script.HangUp}})
		}
		s.Calls = append(s.Calls, call)
	}
	for range 4 { // who takes from the queue, again and again
		for n := range 60 {
			leaves := script.Script{{Do: script.Talk, For: 20 * time.Second}, {Do: script.HangUp}}
			s.Calls = append(s.Calls, simulator.Call{From: "+14155550188", To: "+14155550109", At: time.Duration(n*25+chance.IntN(20)) * time.Second, Person: simulator.Follow(leaves)})
		}
	}
	transcripts, err := simulator.Run(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts[:crowd]
}

// A queueing is what one caller met in the queue, in times since the run began.
type queueing struct {
	came, entered, left time.Duration // reached the queue, was put into it first, was taken or told to go
	taken, refused      bool
}

// queueingOf reads a transcript.
func queueingOf(t *testing.T, n int, tr simulator.Transcript) (q queueing) {
	q.came, q.entered, q.left = -1, -1, -1
	for _, e := range tr.Events {
		if e.Leg != simulator.Caller {
			continue
		}
		e.At += tr.Start
		switch {
		case e.Kind == simulator.Dials && tr.To == "+14155550101" && q.came < 0:
			q.came = e.At
		case e.Kind == simulator.Waits || e.Kind == simulator.QueueFull:
			if q.came < 0 {
				q.came = e.At
			}
			if e.Kind == simulator.Waits && q.entered < 0 {
				q.entered = e.At
			}
		case e.Kind == simulator.Connects && q.came >= 0:
			q.left, q.taken = e.At, true
		case e.Kind == simulator.Says && strings.Contains(e.Text, "too many callers are waiting"):
			if q.entered >= 0 {
				t.Errorf("caller %d has waited since %s and is put out at %s", n, script.Clock(q.entered), script.Clock(e.At))
			}
			q.left, q.refused = e.At, true
		case e.Kind == simulator.Says && strings.Contains(e.Text, "sorry to have kept you waiting"):
			q.left = e.At
		}
	}
	if q.came >= 0 && q.left-q.came > crowdWait {
		t.Errorf("caller %d came at %s and waits until %s", n, script.Clock(q.came), script.Clock(q.left))
	}
	return q
}

// eachCrowd plays a bundle with three seeds, on one processor and on two, which must
// come to the same, and calls check with what the callers met.
func eachCrowd(t *testing.T, b *bundle.Bundle, check func([]queueing, []simulator.Transcript)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	courses := map[string]bool{}
	for seed := range uint64(3) {
		var one string
		for _, processors := range []int{1, 2} {
			runtime.GOMAXPROCS(processors)
			transcripts := playCrowd(t, b, seed)
			data, err := json.Marshal(transcripts)
			if err != nil {
				t.Fatal(err)
			}
			if processors == 1 {
				one = string(data)
				var all []queueing
				for n, tr := range transcripts {
					all = append(all, queueingOf(t, n, tr))
				}
				check(all, transcripts)
			} else if one != string(data) {
				t.Errorf("seed %d: one and two processors take different courses", seed)
			}
		}
		courses[one] = true
		t.Logf("seed %d: %d bytes of transcripts, SHA-256 %x", seed, len(one), sha256.Sum256([]byte(one)))
	}
	if len(courses) != 3 {
		t.Error("different seeds take the same course")
	}
}

// Law: of a thousand callers none is put out who has waited, and none waits longer
// than max_wait, whatever the agents do.
func TestLawCrowdIsNeverPutOut(t *testing.T) {
	eachCrowd(t, crowdBundle(t, true), func(all []queueing, transcripts []simulator.Transcript) {
		taken, refused, late, outside := 0, 0, 0, 0
		for n, q := range all {
			switch {
			case q.taken:
				taken++
			case q.refused:
				refused++
			case q.left >= 0:
				late++
			}
			for _, e := range transcripts[n].Events {
				if e.Kind == simulator.QueueFull && q.entered >= 0 {
					outside++
				}
			}
		}
		if taken < 10 || refused < 10 || late < 10 || outside < 10 {
			t.Errorf("the crowd is none: %d are taken, %d refused, %d wait in vain, %d times a caller goes on waiting outside", taken, refused, late, outside)
		}
		t.Logf("%d callers: %d are taken, %d refused, %d wait in vain; %d times a caller goes on waiting outside", len(all), taken, refused, late, outside)
	})
}

// Law: where agents call a line and nobody is rung, callers are served in the order
// in which they came.
func TestLawCrowdIsServedInOrder(t *testing.T) {
	eachCrowd(t, crowdBundle(t, false), func(all []queueing, transcripts []simulator.Transcript) {
		var served []queueing
		for _, q := range all {
			if q.taken && q.entered >= 0 {
				served = append(served, q)
			}
		}
		if len(served) < 10 {
			t.Fatalf("%d callers are served", len(served))
		}
		slices.SortFunc(served, func(a, b queueing) int {
			return cmp.Or(cmp.Compare(a.left, b.left), cmp.Compare(a.entered, b.entered))
		})
		for i := 1; i < len(served); i++ {
			if served[i].entered < served[i-1].entered {
				t.Errorf("who came at %s is served after who came at %s", script.Clock(served[i].entered), script.Clock(served[i-1].entered))
			}
		}
	})
}
