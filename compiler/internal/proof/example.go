package proof

// Counter-examples. A counter-example is a call that anybody can follow in the
// source, and that the simulator can place: the caller's script, what callees do,
// and who waits in a queue already.
//
//	A caller of number.main presses 2 at 0:04.1 (main.ivr.hcl:12), finds
//	everybody busy in ring_group.sales at 0:05.1 (main.ivr.hcl:31), and …
//
// A call comes to no node twice before it goes round in a cycle, so every node
// is left on one way, and a queue is either full or not. A user may be in two
// ring groups, though, and busy in one of them only; so what a user does is a
// list of turns, one for each ring, of which those of a cycle are repeated.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/schedule"
	"github.com/ivrc/ivrc/compiler/script"
)

// MaxShown bounds the hops of all counter-examples. Where very many calls go
// wrong, nobody reads more than the first.
const MaxShown = 100_000

// An Example is a counter-example in the making.
type Example struct {
	g     *CallGraph
	call  diagnostic.CounterExample
	At    time.Duration
	skips bool
	apart bool                     // callers who withhold their number begin elsewhere
	turns map[string][]script.Turn // by address
	users []*model.PhoneUser       // who has turns, in the order of their first
	again map[string]int           // rings before the cycle
	asked []*model.CallersNode     // who is calling, and the outcomes
	ons   []string
	hides *bool // whether the number is withheld, where that says how the call begins
	hours []hoursMet
	split []string // digits of which one ends the call's identity
	waits []queueMet
}

// A queueMet is a queue that a call comes to. A queue that calls in two languages
// reach is met twice, and can be full the second time.
type queueMet struct {
	name         string
	callers      int // it is full of; 0 where the call waits in it
	enters, left time.Duration
}

// hoursMet are hours that a call comes to.
type hoursMet struct {
	table, answer string
	at            time.Duration
}

// NewExample begins the call from a start.
func (g *CallGraph) NewExample(s start) *Example {
	t := &Example{g: g, call: diagnostic.CounterExample{Number: s.Number.Name, Withheld: s.Anonymous, Fallback: s.Fallback}, turns: map[string][]script.Turn{}}
	if s.Fallback {
		t.At = s.Number.Fallback.Length()
	} else if s.Number.Anonymous != nil {
		t.hides = &s.Anonymous
	}
	return t
}

// Walk goes on by hops.
func (t *Example) Walk(hops []Hop) {
	if t.g.shown += len(hops); t.g.shown > MaxShown {
		return
	}
	for _, h := range hops {
		w := &t.g.Ways[h.Node][h.Way]
		s := t.g.dwell(entrance{h.Node, t.skips}).Ways[h.Way]
		enters := t.At
		t.At += s.Shown
		n := t.g.Nodes[h.Node]
		if g := n.Rings(); g != nil {
			t.ring(g, s)
		}
		if c, ok := n.(*model.CallersNode); ok {
			t.asked, t.ons = append(t.asked, c), append(t.ons, w.On)
		}
		e := n.Event(w.Way, s)
		t.call.Press = append(t.call.Press, e.Press...)
		if q, ok := n.(*model.QueueNode); ok {
			t.waits = append(t.waits, queueMet{q.Name, e.Waiting.Callers, enters, t.At})
		}
		if e.Digits != "" {
			t.split = append(t.split, e.Digits)
		}
		if e.Table != "" {
			t.hours = append(t.hours, hoursMet{e.Table, e.Answer, t.At})
		}
		for _, answered := range e.Answered {
			t.call.Answers = append(t.call.Answers, diagnostic.AnsweredCall(answered))
		}
		t.call.Steps = append(t.call.Steps, diagnostic.ExampleStep{At: t.At, Text: e.Text + " " + script.Clock(t.At), Place: w.At})
		t.At += s.After
		t.skips = w.Skips
	}
}

// silent reports whether an action is to let a question or a recording pass.
func silent(a script.Action) bool { return a.Do == script.Silent || a.Do == script.Mute }

// sixteenth is one of the sixteen parts of calls that every split leads as the
// counter-example goes, 0 if there is no split, and -1 if there is no such part: calls
// are followed on all ways of a split, whatever share they were in before.
func (t *Example) sixteenth() int {
	if len(t.split) == 0 {
		return 0
	}
	part := strings.IndexFunc(bundle.Sixteenths, func(digit rune) bool {
		return !slices.ContainsFunc(t.split, func(digits string) bool { return !strings.ContainsRune(digits, digit) })
	})
	if part < 0 {
		return -1
	}
	return 1 + part
}

// ring adds turns to the users of a group.
func (t *Example) ring(g *model.RingGroupNode, s model.Timing) {
	does := script.NoAnswer
	if s.Busy {
		does = script.Busy
	}
	for i, u := range g.Users {
		if s.Talks && i > 0 && g.Sequential {
			break
		}
		switch {
		case s.Talks && i == 0 && u.Confirm:
			t.Turn(u, script.Accept, 1)
		case s.Talks && i == 0:
			t.Turn(u, script.Answer, 1)
		default:
			t.Turn(u, does, s.Rings)
		}
	}
}

// Turn adds what a user does for some rings in a row.
func (t *Example) Turn(u *model.PhoneUser, does script.Reaction, rings int) {
	list, known := t.turns[u.Address]
	if !known {
		t.users = append(t.users, u)
	}
	switch last := len(list) - 1; {
	case rings == 0:
	case last >= 0 && list[last].Do == does && t.again[u.Address] < script.Rings(list):
		list[last].Times += rings
	default:
		turn := does.Turn()
		turn.Times = rings
		list = append(list, turn)
	}
	t.turns[u.Address] = list
}

// cycle walks a cycle once, and says what users do who are rung when it goes
// round again: a queue that was entered from elsewhere at first may then be
// entered from the ring group that serves it, which is not rung once more.
func (t *Example) cycle(hops []Hop) {
	before := len(t.call.Press)
	t.Walk(hops)
	once, at, waits := t.call, t.At, t.waits
	if round := once.Press[before:]; slices.ContainsFunc(round, func(a script.Action) bool { return a.Do != script.Silent }) {
		once.Again = slices.Clone(round)
	}
	t.again = map[string]int{}
	for address, turns := range t.turns {
		t.again[address] = script.Rings(turns)
	}
	t.Walk(hops)
	t.call, t.At, t.waits = once, at, waits
}

// Ends finishes the call.
func (t *Example) Ends(f diagnostic.Harm, format string, args ...any) {
	t.call.Fault, t.call.At = f, t.At
	t.call.Sixteenth = t.sixteenth()
	if number, ok := model.AnyCaller(t.asked, t.ons, t.hides); ok && len(t.asked) > 0 {
		t.call.From, t.call.Withheld = number, number == ""
	}
	t.call.Start = t.start()
	t.call.Waiting = t.waiting()
	t.call.Steps = append(t.call.Steps, diagnostic.ExampleStep{At: t.At, Text: fmt.Sprintf(format, args...), Place: hcl.Range{}})
	for n := len(t.call.Press); n > 0 && len(t.call.Again) == 0 && silent(t.call.Press[n-1]); n-- {
		t.call.Press = t.call.Press[:n-1] // behind the last key the caller is silent anyway
	}
	for _, u := range t.users {
		if c, differs := t.callee(u); differs {
			t.call.Callees = append(t.call.Callees, c)
		}
	}
}

// waiting is who has to wait in queues for the call to find them full, and free where
// it waits in them itself: others come when the call has left such a queue, and hang
// up before it comes back.
func (t *Example) waiting() []script.Waiting {
	var all []script.Waiting
	full := map[string]int{}         // where in the list, by queue
	before := map[string]*queueMet{} // the last time that the call was there
	soon := func(a, b time.Duration) time.Duration { return a + min(time.Second, (b-a)/2) }
	for i := range t.waits {
		m := &t.waits[i]
		last, known := before[m.name]
		before[m.name] = m
		switch at, is := full[m.name]; {
		case m.callers == 0 && is:
			all[at].Until = soon(last.left, m.enters)
			delete(full, m.name)
		case m.callers > 0 && !is:
			w := script.Waiting{Queue: m.name, Callers: m.callers}
			if known {
				w.From = soon(last.left, m.left)
			}
			full[m.name] = len(all)
			all = append(all, w)
		}
	}
	return all
}

// start is a time at which all hours that the call comes to give the answers that it
// takes. If there is none, it is one of the first.
func (t *Example) start() time.Time {
	var first time.Time
	for _, h := range t.hours {
		at, ever := schedule.Instants(h.table)[h.answer]
		if !ever {
			continue
		}
		at = at.Add(-h.at)
		if first.IsZero() {
			first = at
		}
		if !slices.ContainsFunc(t.hours, func(o hoursMet) bool {
			answer, _ := schedule.Answer(o.table, at.Add(o.at))
			return answer != o.answer
		}) {
			return at
		}
	}
	return first
}

// callee is what a user does, if it is anything but letting it ring.
func (t *Example) callee(u *model.PhoneUser) (diagnostic.CalledUser, bool) {
	turns := t.turns[u.Address]
	c := script.InTurn(turns...)
	if again, cycle := t.again[u.Address]; cycle && again < script.Rings(turns) {
		c.Again = again
	} else if len(turns) == 0 || t.again != nil && !cycle {
		c.Again = 0
	}
	if at := c.Again; script.Rings(turns) == 2*at && slices.Equal(turns[:len(turns)/2], turns[len(turns)/2:]) {
		turns = turns[:len(turns)/2] // the first round was like all others
		c.Turns, c.Again = turns, 0
	}
	differs, alike := false, true
	for _, turn := range turns {
		differs = differs || turn.Do != script.NoAnswer
		alike = alike && turn.Do == turns[0].Do
	}
	if alike && differs {
		c = script.InTurn(turns[0].Do.Turn())
		c.Turns[0].Times = 1
	}
	return diagnostic.CalledUser{User: u.Name, Does: c}, differs
}

// The first and the last steps of a long call are shown.
const (
	firstSteps = 4
	lastSteps  = 4
)

// sentence tells the call, without a full stop.
func (t *Example) sentence() string {
	if t.g.shown > MaxShown {
		return "A caller " + t.call.Steps[len(t.call.Steps)-1].Text
	}
	parts := make([]string, len(t.call.Steps))
	for i, s := range t.call.Steps {
		parts[i] = s.Text
		if s.Place.Filename != "" {
			parts[i] += " (" + diagnostic.Place(s.Place) + ")"
		}
	}
	if left := len(parts) - firstSteps - lastSteps; left > 1 {
		rest := parts[len(parts)-lastSteps:]
		parts = append(parts[:firstSteps:firstSteps], fmt.Sprintf("goes on through %d more blocks", left))
		parts = append(parts, rest...)
	}
	who := "A caller of " + bundle.KindNumber + "." + t.call.Number
	if t.call.Withheld {
		who += " who withholds their own"
	}
	if t.call.Fallback {
		who += " for whom a document cannot be had"
	}
	switch last := len(parts) - 1; last {
	case 0:
		return who + " " + parts[0]
	case 1:
		return who + " " + parts[0] + " and " + parts[1]
	default:
		return who + " " + strings.Join(parts[:last], ", ") + ", and " + parts[last]
	}
}

// Report reports what a call shows, and then what to do. It returns false if nobody can
// make the call: then the graphs by caller show whether others can.
func (t *Example) Report(r *diagnostic.Collector, code string, at hcl.Range, advice string, args ...any) bool {
	if _, ok := model.AnyCaller(t.asked, t.ons, t.hides); !ok && len(t.g.told) > 0 {
		t.g.impossible++
		return false
	}
	call := &t.call
	if t.g.shown > MaxShown {
		call = nil
	}
	r.ReportCall(code, at, call, t.sentence()+fmt.Sprintf(advice, args...))
	return true
}
