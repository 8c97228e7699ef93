package compiler

// Laws of the figures: no call of a small configuration takes longer than its
// figures say, and one takes as long. Every call is placed: each question is
// answered by silence, each key or a wrong one, in the last moment; whoever is
// rung lets it ring, refuses, accepts or declines in the last moment; and queues
// are full from some time on.

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// The times of small configurations.
const (
	smallTimeout  = 5 * time.Second
	smallInterval = 12 * time.Second
	smallMessage  = 6 * time.Second // the longest voicemail
	moment        = time.Millisecond
)

// A small is a configuration whose calls can all be placed.
type small struct {
	text    strings.Builder
	confirm bool
	queue   bool
	between time.Duration // two digits of an extension; 0 without any
}

// smalls generates configurations of a menu or two and a few blocks behind them.
func smalls() *rapid.Generator[*small] {
	return rapid.Custom(func(t *rapid.T) *small {
		c := &small{confirm: rapid.IntRange(0, 3).Draw(t, "confirm") == 0}
		say := func(label string) string {
			return rapid.SampledFrom([]string{"One.", "This one takes longer to be spoken.", "Sorry, 1, 2, 3."}).Draw(t, label)
		}
		ends := []string{"voicemail.desk", "message.bye", "ring_group.desk"}
		if rapid.IntRange(0, 3).Draw(t, "queue") == 3 {
			c.queue = true
			ends = append(ends, "queue.desk")
		}
		somewhere := func(label string) string { return rapid.SampledFrom(ends).Draw(t, label) }
		fmt.Fprintf(&c.text, "project \"small\" {\n invalid = [%q, %q]\n no_input = %q\n}\n", say("invalid"), say("second invalid"), say("no input"))
		fmt.Fprintf(&c.text, "user \"ann\" {\n client = \"ann\"\n confirm = %t\n}\n", c.confirm)
		fmt.Fprintf(&c.text, "voicemail \"desk\" { max_length = \"6s\" }\nmessage \"bye\" { text = %q }\n", say("message"))
		fmt.Fprintf(&c.text, "ring_group \"desk\" {\n users = [user.ann]\n interval = \"12s\"\n busy = %q\n", say("busy"))
		fmt.Fprintf(&c.text, "on_unavailable = %s\n}\n", rapid.SampledFrom([]string{"null", "voicemail.desk", "message.bye"}).Draw(t, "unavailable"))
		if c.queue {
			fmt.Fprintf(&c.text, "queue \"desk\" {\n agents = ring_group.desk\n max_callers = 1\n retry_every = \"%ds\"\n max_wait = \"%ds\"\n on_full = %s\n}\n",
				rapid.IntRange(10, 20).Draw(t, "retry"), rapid.IntRange(35, 60).Draw(t, "wait"), rapid.SampledFrom([]string{"null", "voicemail.desk"}).Draw(t, "full"))
		}
		menus := rapid.IntRange(0, 2).Draw(t, "menus")
		if menus == 1 && !c.queue {
			c.between = time.Duration(rapid.SampledFrom([]int{0, 3, 5}).Draw(t, "between digits")) * time.Second
		}
		to := somewhere("number")
		for i := range menus {
			fmt.Fprintf(&c.text, "menu \"m%d\" {\n welcome = %q\n attempts = %d\n", i, say("welcome"), rapid.IntRange(1, 2).Draw(t, "attempts"))
			if c.between > 0 {
				fmt.Fprintf(&c.text, "extensions = { \"12\" = %s }\n extension_timeout = %q\n", somewhere("extension"), c.between)
			}
			fmt.Fprintf(&c.text, "option \"1\" {\n label = \"one\"\n to = %s\n}\n", to)
			for _, outcome := range []string{"failure", "silence", "invalid"} {
				fmt.Fprintf(&c.text, "on_%s = %s\n", outcome, rapid.SampledFrom([]string{"null", to, "message.bye"}).Draw(t, outcome))
			}
			c.text.WriteString("}\n")
			to = fmt.Sprintf("menu.m%d", i)
		}
		fmt.Fprintf(&c.text, "number \"n0\" {\n phone_number = \"+14155550100\"\n to = %s\n}\n", to)
		return c
	})
}

// GoString is how a failing check shows a configuration.
func (c *small) GoString() string { return "\n" + c.text.String() }

// caller is somebody who does everything in the last moment, or nothing.
func (c *small) caller(choose func(int) int, silent bool) simulator.Person {
	return func(p *simulator.Phone) {
		for {
			switch m := p.Next(); m.Kind {
			case simulator.Asks:
				if silent {
					continue
				}
				if c.between > 0 && m.Keys > 1 {
					c.dial(p, m, []string{"", "1", "99", "12"}[choose(4)])
				} else if keys := []string{"", "1", "9"}[choose(3)]; keys != "" {
					p.Wait(m.At + m.Length + smallTimeout - moment - p.Now())
					p.Press(keys)
				}
			case simulator.Records:
				if !silent {
					p.Speak(smallMessage)
				}
			case simulator.Connects:
				p.HangUp()
			}
		}
	}
}

// dial presses digits, each in the last moment.
func (c *small) dial(p *simulator.Phone, m simulator.Moment, digits string) {
	p.Wait(m.At + m.Length - p.Now())
	for i := range digits {
		p.Wait(c.between - moment)
		p.Press(digits[i : i+1])
	}
}

// callee is somebody who is rung, and does everything in the last moment.
func (c *small) callee(choose func(int) int) simulator.Person {
	return func(p *simulator.Phone) {
		does := choose(4)
		if does == 0 {
			return
		}
		p.Wait(smallInterval - moment)
		if does == 1 {
			p.Busy()
			return
		}
		p.Answer()
		asked := 0
		for {
			m := p.Next()
			if m.Kind == simulator.Asks {
				if asked++; asked == 2 && does == 2 {
					p.Wait(m.At + m.Length + model.ConfirmTimeout - moment - p.Now())
					p.Press("1")
				}
			}
			if m.Kind == simulator.Connects && !c.confirm && does == 3 {
				p.HangUp()
			}
		}
	}
}

// filler calls a queue from some time on, again and again, until there is a place.
func filler(from int, queue string) simulator.Call {
	again := strings.Repeat(`<Enqueue waitUrl="">`+queue+`</Enqueue><Pause length="1"/>`, 300)
	return simulator.Call{From: "+14155550198", To: "+14155550100", At: time.Duration(from) * time.Second, TwiML: "<Response>" + again + "</Response>"}
}

// A worst is the latest that was found by placing all calls.
type worst struct{ person, end time.Duration }

// placeAll places every call to a site.
func (c *small) placeAll(t *rapid.T, s *site, silent bool) worst {
	w := worst{model.Never, model.Never}
	scenario := func(choose func(int) int) simulator.Scenario {
		x := s.exchange()
		if len(s.Manifest.Queues) > 0 {
			if from := choose(20); from > 0 {
				x.Calls = append(x.Calls, filler((from-1)*7, s.Manifest.Queues[0].FriendlyName))
			}
		}
		x.People["client:ann"] = c.callee(choose)
		x.Calls = append(x.Calls, simulator.Call{From: "+14155550199", To: "+14155550100", Person: c.caller(choose, silent)})
		return x
	}
	runs := 0
	err := simulator.Walk(context.Background(), scenario, func(all []simulator.Transcript) bool {
		transcript := all[len(all)-1]
		talked := false
		for _, e := range transcript.Events {
			if e.Kind == simulator.Connects && e.Leg == simulator.Caller {
				talked = true
				w.person = max(w.person, e.At)
			}
		}
		if !talked {
			w.end = max(w.end, transcript.Events[len(transcript.Events)-1].At)
		}
		runs++
		return runs < 50_000
	})
	if err != nil || runs >= 50_000 {
		t.Fatalf("%d calls were placed: %v", runs, err)
	}
	return w
}

// Law: the figures are the worst of all calls.
func TestLawFiguresAreTheWorst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := smalls().Draw(t, "configuration")
		in := Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(c.text.String())}}, BaseURL: draftURL}
		result, diags := Compile(in)
		if diags.HasErrors() {
			t.Fatalf("%s\n%s", listed(diags), c.text.String())
		}
		s := decoded(t, result.Bundle, &draft{})
		list, _ := result.WorstCases()
		f := list[0]
		for _, of := range []struct {
			silent      bool
			person, end proof.Latest
		}{{false, f.Person, f.End}, {true, f.SilentPerson, f.SilentEnd}} {
			w := c.placeAll(t, s, of.silent)
			for _, figure := range []struct {
				name  string
				says  proof.Latest
				found time.Duration
			}{{"to a person", of.person, w.person}, {"to an end", of.end, w.end}} {
				says := figure.says.After
				if !figure.says.Possible {
					says = model.Never
				}
				slack := 20 * moment // one for each act
				if len(s.Manifest.Queues) > 0 {
					slack += time.Second // the holds are a little shorter than their lengths
				}
				if short := says - figure.found; short < 0 || short > slack {
					t.Fatalf("%s (silent: %t) is said to take %v on %v, and takes %v\n%s", figure.name, of.silent, says, figure.says.Way, figure.found, c.text.String())
				}
			}
		}
		if paths := naivePaths(s, "number.n0"); paths != f.Paths {
			t.Fatalf("there are %d paths, not %d\n%s", paths, f.Paths, c.text.String())
		}
	})
}

// naivePaths counts the ways to an end from a block of a site without circles,
// one by one.
func naivePaths(s *site, address string) uint64 {
	for _, component := range s.Components {
		for _, b := range component.Blocks {
			if b.Address != address {
				continue
			}
			paths := uint64(0)
			if kind, _, _ := strings.Cut(address, "."); kind == bundle.KindRingGroup || kind == bundle.KindQueue {
				paths++ // somebody answers
			}
			for _, e := range b.Exits {
				paths += naivePaths(s, e.To)
			}
			return paths
		}
	}
	return 1
}
