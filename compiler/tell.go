package compiler

// Telling a call. A counter-example is a call that anybody can follow in the
// source, and that the simulator can place: the caller's script, what those do
// who are rung, and who waits in a queue already.
//
//	A caller of number.main presses 2 at 0:04.1 (main.ivr.hcl:12), finds
//	everybody busy in ring_group.sales at 0:05.1 (main.ivr.hcl:31), and …
//
// A call comes to no node twice before it goes round in a circle, so every node
// is left on one way, and a queue is either full or not. A user may be in two
// ring groups, though, and busy in one of them only; so what a user does is a
// list of turns, one for each ring, of which those of a circle are repeated.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/script"
)

// A CounterExample is a call in which what is wrong with a configuration shows.
type CounterExample struct {
	Number   string           // the name of the number that is called
	Withheld bool             // the caller withholds their own
	Press    script.Script    // what the caller does
	Callees  []CalledUser     // what users do who are rung; all others let it ring
	Waiting  []script.Waiting // who waits in queues already, by their names in the configuration
	Steps    []CallStep       // what happens
	Fault    Fault            // how it ends
	At       time.Duration
}

// A CalledUser is what one user does who is rung.
type CalledUser struct {
	User string // by name
	Does script.Callee
}

// A CallStep is one thing that happens in a call.
type CallStep struct {
	At    time.Duration // since the call began
	Text  string        // "presses 2"
	Place hcl.Range     // of what it leads to
}

// A Fault is how a call goes wrong.
type Fault string

// The faults that are proved not to happen, and the one that is warned of.
const (
	Endless  Fault = "endless"  // it goes on without end, and the caller does nothing
	CutOff   Fault = "cut off"  // it ends without a word
	Unserved Fault = "unserved" // the caller waits where nobody can take the call
	Recorded Fault = "recorded" // the caller is recorded without having been told
)

// CallOf returns the call that a diagnostic tells, and nil if it tells none.
func CallOf(d *hcl.Diagnostic) *CounterExample {
	x, _ := d.Extra.(extra)
	return x.call
}

// maxTold bounds the hops of all calls that are told. Where very many calls go
// wrong, only the first are read.
const maxTold = 100_000

// A telling is the making of a call.
type telling struct {
	g     *callGraph
	call  CounterExample
	at    time.Duration
	skips bool
	turns map[string][]script.Turn // by address
	users []*user                  // who has turns, in the order of their first
	again map[string]int           // rings before the circle
}

// tell begins the call from a start.
func (g *callGraph) tell(s start) *telling {
	return &telling{g: g, call: CounterExample{Number: s.number.name, Withheld: s.anonymous}, turns: map[string][]script.Turn{}}
}

// walk goes on by hops.
func (t *telling) walk(hops []hop) {
	if t.g.told += len(hops); t.g.told > maxTold {
		return
	}
	for _, h := range hops {
		w := &t.g.ways[h.node][h.way]
		s := t.g.visit(entrance{h.node, t.skips}).ways[h.way]
		t.at += s.told
		switch n := t.g.nodes[h.node].(type) {
		case *menu:
			t.answer(n, w)
		case *ringGroup:
			t.ring(n, s)
			if s.engaged {
				t.step(w, "finds everybody busy in %s at %s", n.address(), script.Clock(t.at))
			} else {
				t.step(w, "is not answered by %s until %s", n.address(), script.Clock(t.at))
			}
		case *queue:
			if n.agents != nil {
				t.ring(n.agents, s)
			}
			if w.on == "full" {
				t.call.Waiting = append(t.call.Waiting, script.Waiting{Queue: n.name, Callers: n.maxCallers})
				t.step(w, "finds %s full at %s", n.address(), script.Clock(t.at))
			} else {
				t.step(w, "waits in %s until %s", n.address(), script.Clock(t.at))
			}
		}
		t.at += s.after
		t.skips = w.skips
	}
}

// answer is what the caller does at a menu.
func (t *telling) answer(m *menu, w *way) {
	if w.key {
		t.call.Press = append(t.call.Press, script.Action{Do: script.Press, Keys: w.on})
		t.step(w, "presses %s at %s", w.on, script.Clock(t.at))
		return
	}
	for range m.attempts {
		t.call.Press = append(t.call.Press, script.Action{Do: script.Silent})
	}
	t.step(w, "stays silent %s in %s until %s", numerals[m.attempts], m.address(), script.Clock(t.at))
}

// ring adds turns to the users of a group.
func (t *telling) ring(g *ringGroup, s stay) {
	does := script.NoAnswer
	if s.engaged {
		does = script.Busy
	}
	for _, u := range g.users {
		t.turn(u, does, s.rings)
	}
}

// turn adds what a user does for some rings in a row.
func (t *telling) turn(u *user, does script.Response, rings int) {
	list, known := t.turns[u.address]
	if !known {
		t.users = append(t.users, u)
	}
	switch last := len(list) - 1; {
	case rings == 0:
	case last >= 0 && list[last].Do == does && t.again[u.address] < script.Rings(list):
		list[last].Times += rings
	default:
		turn := does.Turn()
		turn.Times = rings
		list = append(list, turn)
	}
	t.turns[u.address] = list
}

// circle walks a circle once, and says what users do who are rung when it goes
// round again: a queue that was entered from elsewhere at first may then be
// entered from the ring group that serves it, which is not rung once more.
func (t *telling) circle(hops []hop) {
	t.walk(hops)
	told, at := t.call, t.at
	t.again = map[string]int{}
	for address, turns := range t.turns {
		t.again[address] = script.Rings(turns)
	}
	t.walk(hops)
	t.call, t.at = told, at
}

func (t *telling) step(w *way, format string, args ...any) {
	t.call.Steps = append(t.call.Steps, CallStep{t.at, fmt.Sprintf(format, args...), w.at})
}

// ends finishes the call.
func (t *telling) ends(f Fault, format string, args ...any) {
	t.call.Fault, t.call.At = f, t.at
	t.call.Steps = append(t.call.Steps, CallStep{t.at, fmt.Sprintf(format, args...), hcl.Range{}})
	for n := len(t.call.Press); n > 0 && t.call.Press[n-1].Do == script.Silent; n-- {
		t.call.Press = t.call.Press[:n-1] // behind the last key the caller is silent anyway
	}
	for _, u := range t.users {
		if c, differs := t.callee(u); differs {
			t.call.Callees = append(t.call.Callees, c)
		}
	}
}

// callee is what a user does, if it is anything but letting it ring.
func (t *telling) callee(u *user) (CalledUser, bool) {
	turns := t.turns[u.address]
	c := script.InTurn(turns...)
	if again, circle := t.again[u.address]; circle && again < script.Rings(turns) {
		c.Again = again
	} else if len(turns) == 0 || t.again != nil && !circle {
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
	return CalledUser{u.name, c}, differs
}

// The first and the last steps of a long call are told.
const (
	firstSteps = 4
	lastSteps  = 4
)

// sentence tells the call, without a full stop.
func (t *telling) sentence() string {
	if t.g.told > maxTold {
		return "A caller " + t.call.Steps[len(t.call.Steps)-1].Text
	}
	parts := make([]string, len(t.call.Steps))
	for i, s := range t.call.Steps {
		parts[i] = s.Text
		if s.Place.Filename != "" {
			parts[i] += " (" + place(s.Place) + ")"
		}
	}
	if left := len(parts) - firstSteps - lastSteps; left > 1 {
		rest := parts[len(parts)-lastSteps:]
		parts = append(parts[:firstSteps:firstSteps], fmt.Sprintf("goes on through %d more blocks", left))
		parts = append(parts, rest...)
	}
	who := "A caller of " + kindNumber + "." + t.call.Number
	if t.call.Withheld {
		who += " who withholds their own"
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

// report reports what a call shows, and then what to do.
func (t *telling) report(r *reporter, code string, at hcl.Range, advice string, args ...any) {
	call := &t.call
	if t.g.told > maxTold {
		call = nil
	}
	r.reportCall(code, at, call, t.sentence()+fmt.Sprintf(advice, args...))
}

// numerals are the numbers of attempts at a menu as words.
var numerals = []string{"", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times", "nine times", "ten times"}
