package proof

// How long a call stays at a node, by the way on which it leaves. The times are
// those of the simulator: speech as long as a voice needs for it, a sound its
// length, requests none. For a menu with a welcome of 3 s, a prompt of 4 s, a
// timeout of 5 s and two attempts, where "no input" takes 2 s and "invalid" 3 s:
//
//	         told                    silent                     at the latest
//	key 1    3+4 = 7 s               –                          3 + 2·(4+5) + 3 = 24 s
//	failure  3 + 2·(4+5) + 2 = 23 s  the same, and 2 s "no …"   24 s, and 3 s "invalid"
//
// Told is what the caller of a counter-example does: they hear a question to its
// end and answer, or let it pass; who is rung is busy after a second, or lets it
// ring. At the latest is the worst that everybody can do: keys are pressed, and
// telephones answered, refused or declined, in the last moment; the wrong keys
// are pressed where "invalid" takes longer than "no input". A hold in a queue
// counts with its full length, of which the documents play up to a second less.

import (
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// An entrance is a node and how a call comes to it.
type entrance struct {
	node  int
	skips bool // see way
}

// A dwell is how long a call is at a node.
type dwell struct {
	person time.Duration // at the latest, until somebody talks to the caller; never if nobody can
	ends   *timing       // where the call ends here by itself
	ways   []timing      // by way
}

// Never is the time of what does not happen.
const Never = time.Duration(-1)

// A timing is the time until a call leaves a node on one way.
type timing struct {
	told  time.Duration // until the outcome, in a call that is told
	after time.Duration // from then on, what is said on the way

	silent time.Duration // at the latest, for a caller who does nothing; all of it
	worst  time.Duration // at the latest

	rings   int  // how often each user is rung meanwhile, in a call that is told
	engaged bool // and is busy; otherwise it rings in vain
}

// always is a stay that has one length.
func always(d time.Duration) timing { return timing{told: d, silent: d, worst: d} }

// heard is what a caller has heard behind a stay.
func (s timing) heard(said, wrong, bye *model.MessageNode) timing {
	if s.worst == Never {
		return s
	}
	s.after = said.Length() + bye.Length()
	s.silent += s.after
	s.worst += max(said.Length(), wrong.Length()) + bye.Length()
	return s
}

// dwell is the visit of a call that comes by an entrance.
func (g *CallGraph) dwell(at entrance) *dwell {
	v := g.known[at]
	if v == nil {
		v = g.measure(g.Nodes[at.node], at.skips)
		for i := range v.ways {
			w := &g.Ways[at.node][i]
			v.ways[i] = v.ways[i].heard(w.Said, w.Wrong, w.bye)
		}
		g.known[at] = v
	}
	return v
}

// measure measures a visit without what is said on the ways.
func (g *CallGraph) measure(n model.Node, skips bool) *dwell {
	switch n := n.(type) {
	case *model.MenuNode:
		return g.measureMenu(n, skips)
	case *model.RingGroupNode:
		return g.measureRing(n)
	case *model.QueueNode:
		return g.measureQueue(n, skips)
	case *model.VoicemailNode:
		before := n.Greeting.Length() + model.Beep
		ends := timing{told: before + min(model.SilenceEnds, n.MaxLength), worst: before + n.MaxLength}
		ends.silent = ends.told
		ends = ends.heard(n.Recorded, nil, nil)
		return &dwell{person: Never, ends: &ends}
	case *model.MessageNode:
		ends := always(n.Length())
		return &dwell{person: Never, ends: &ends}
	case *model.AgentsLine:
		ends := always(model.AgentPatience*time.Second).heard(n.Idle, nil, nil)
		return &dwell{person: model.AgentPatience * time.Second, ends: &ends}
	}
	return &dwell{person: Never}
}

func (g *CallGraph) measureMenu(m *model.MenuNode, skips bool) *dwell {
	welcome := m.Welcome.Length()
	if skips {
		welcome = 0
	}
	prompt := m.AudioPrompt.Length()
	if m.AudioPrompt == nil {
		prompt = twiml.SpeakingTime(g.Model.Project.Language, m.SpokenPrompt(g.Model.Project.Texts))
	}
	again := time.Duration(m.Attempts - 1)
	asked := time.Duration(m.Attempts) * (prompt + m.Timeout)
	silent := welcome + asked + again*m.NoInput.Length()
	worst := welcome + asked + again*max(m.NoInput.Length(), m.Invalid.Length())
	v := &dwell{person: Never}
	for _, w := range g.Ways[g.index[m]] {
		told := welcome + prompt
		if !w.key {
			told = silent
		}
		v.ways = append(v.ways, timing{told: told, silent: silent, worst: worst})
	}
	return v
}

func (g *CallGraph) measureRing(n *model.RingGroupNode) *dwell {
	r := g.Model.Project.RingTimes(n)
	return &dwell{person: r.Answered, ways: []timing{
		{told: n.BusyTime(), silent: r.Busy, worst: r.Busy, rings: n.Cycles, engaged: true},
		{told: n.Duration(), silent: r.Unavailable, worst: r.Unavailable, rings: n.Cycles},
	}}
}

// A waitAhead is what can be ahead of a caller in a queue, at the latest.
type waitAhead struct{ full, timeout, person time.Duration }

// latest takes over what comes after a while, where that is later.
func (c *waitAhead) latest(after time.Duration, then waitAhead) {
	for _, x := range []struct{ of, then *time.Duration }{{&c.full, &then.full}, {&c.timeout, &then.timeout}, {&c.person, &then.person}} {
		if *x.then != Never {
			*x.of = max(*x.of, after+*x.then)
		}
	}
}

func (g *CallGraph) measureQueue(q *model.QueueNode, skips bool) *dwell {
	if q.Agents == nil {
		person := Never
		if g.taken[q] {
			person = q.MaxWait
		}
		return &dwell{person: person, ways: []timing{{}, always(q.MaxWait)}}
	}
	w := waitingTimes{g, q, g.Model.Project.RingTimes(q.Agents), map[time.Duration]waitAhead{}}
	full, timeout := w.told(skips)
	var ahead waitAhead
	if skips {
		ahead = w.hold(0)
	} else {
		ahead = w.ring(0)
	}
	full.silent, full.worst = ahead.full, ahead.full
	timeout.silent, timeout.worst = ahead.timeout, ahead.timeout
	if !q.Admits() {
		return &dwell{person: ahead.person, ways: []timing{timeout}}
	}
	return &dwell{person: ahead.person, ways: []timing{full, timeout}}
}

// A waitingTimes measures the chain of rings and holds in a queue; see
// lower_queue.go. The documents know how late it is only by their names, so a
// ring that takes longer than it counts makes the whole wait longer.
type waitingTimes struct {
	g     *CallGraph
	q     *model.QueueNode
	once  model.RingTimes
	known map[time.Duration]waitAhead // by when the agents are rung
}

// ring is what can be ahead when the agents are rung at a time.
func (w *waitingTimes) ring(at time.Duration) waitAhead {
	if c, done := w.known[at]; done {
		return c
	}
	w.g.Steps++
	c := waitAhead{Never, Never, w.once.Answered}
	for _, way := range []struct{ counts, takes time.Duration }{
		{w.q.Agents.BusyTime(), w.once.Busy},
		{w.q.Agents.Duration(), w.once.Unavailable},
	} {
		if ended := at + way.counts; ended >= w.q.MaxWait {
			c.latest(way.takes, waitAhead{Never, 0, Never})
		} else {
			c.latest(way.takes, w.hold(ended))
		}
	}
	w.known[at] = c
	return c
}

// hold is what can be ahead when a caller is sent into the queue at a time.
func (w *waitingTimes) hold(from time.Duration) waitAhead {
	to := w.q.Tick(from)
	c := waitAhead{0, Never, Never}
	if w.g.taken[w.q] {
		c.person = to - from
	}
	if to >= w.q.MaxWait {
		c.latest(to-from, waitAhead{Never, 0, Never})
	} else {
		c.latest(to-from, w.ring(to))
	}
	return c
}

// told is the stay of a caller who finds the queue full, and of one whom nobody
// answers.
func (w *waitingTimes) told(skips bool) (full, timeout timing) {
	q, ring := w.q, w.q.Agents.Duration()
	switch {
	case skips:
	case ring < q.MaxWait:
		full = timing{told: ring, rings: q.Agents.Cycles}
	default: // who lets it ring waits no more
		full = timing{told: q.Agents.BusyTime(), rings: q.Agents.Cycles, engaged: true}
	}
	at, rings := time.Duration(0), 0
	if !skips {
		at, rings = ring, 1
	}
	for at < q.MaxWait {
		if at = q.Tick(at); at < q.MaxWait {
			at += ring
			rings++
		}
	}
	return full, timing{told: at, rings: rings * q.Agents.Cycles}
}
