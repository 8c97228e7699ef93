package compiler

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

	"github.com/ivrc/ivrc/compiler/twiml"
)

// An entrance is a node and how a call comes to it.
type entrance struct {
	node  int
	skips bool // see way
}

// A visit is how long a call is at a node.
type visit struct {
	person time.Duration // at the latest, until somebody talks to the caller; never if nobody can
	ends   *stay         // where the call ends here by itself
	ways   []stay        // by way
}

// never is the time of what does not happen.
const never = time.Duration(-1)

// A stay is the time until a call leaves a node on one way.
type stay struct {
	told  time.Duration // until the outcome, in a call that is told
	after time.Duration // from then on, what is said on the way

	silent time.Duration // at the latest, for a caller who does nothing; all of it
	worst  time.Duration // at the latest

	rings   int  // how often each user is rung meanwhile, in a call that is told
	engaged bool // and is busy; otherwise it rings in vain
}

// always is a stay that has one length.
func always(d time.Duration) stay { return stay{told: d, silent: d, worst: d} }

// heard is what a caller has heard behind a stay.
func (s stay) heard(said, wrong, bye *message) stay {
	if s.worst == never {
		return s
	}
	s.after = said.length() + bye.length()
	s.silent += s.after
	s.worst += max(said.length(), wrong.length()) + bye.length()
	return s
}

// unknownSound is how long a sound at a URL is taken to last if nothing is said
// about it.
const unknownSound = 30 * time.Second

// length is how long a message takes.
func (m *message) length() time.Duration {
	if m != nil && m.url != "" && m.duration == 0 {
		return unknownSound
	}
	return announcementTime(m)
}

// visit is the visit of a call that comes by an entrance.
func (g *callGraph) visit(at entrance) *visit {
	v := g.known[at]
	if v == nil {
		v = g.measure(g.nodes[at.node], at.skips)
		for i := range v.ways {
			w := &g.ways[at.node][i]
			v.ways[i] = v.ways[i].heard(w.said, w.wrong, w.bye)
		}
		g.known[at] = v
	}
	return v
}

// measure measures a visit without what is said on the ways.
func (g *callGraph) measure(n node, skips bool) *visit {
	switch n := n.(type) {
	case *menu:
		return g.measureMenu(n, skips)
	case *ringGroup:
		return g.measureRing(n)
	case *queue:
		return g.measureQueue(n, skips)
	case *voicemail:
		before := n.greeting.length() + beep
		ends := stay{told: before + min(silenceEnds, n.maxLength), worst: before + n.maxLength}
		ends.silent = ends.told
		ends = ends.heard(n.recorded, nil, nil)
		return &visit{person: never, ends: &ends}
	case *message:
		ends := always(n.length())
		return &visit{person: never, ends: &ends}
	case *agentsLine:
		ends := always(agentPatience*time.Second).heard(n.idle, nil, nil)
		return &visit{person: agentPatience * time.Second, ends: &ends}
	}
	return &visit{person: never}
}

// The tone before a recording, and the silence that ends one
// (https://www.twilio.com/docs/voice/twiml/record#timeout).
const (
	beep        = time.Second
	silenceEnds = 5 * time.Second
)

func (g *callGraph) measureMenu(m *menu, skips bool) *visit {
	welcome := m.welcome.length()
	if skips {
		welcome = 0
	}
	prompt := m.audioPrompt.length()
	if m.audioPrompt == nil {
		prompt = twiml.SpeakingTime(g.model.project.language, m.spokenPrompt(g.model.project.texts))
	}
	again := time.Duration(m.attempts - 1)
	asked := time.Duration(m.attempts) * (prompt + m.timeout)
	silent := welcome + asked + again*m.noInput.length()
	worst := welcome + asked + again*max(m.noInput.length(), m.invalid.length())
	v := &visit{person: never}
	for _, w := range g.ways[g.index[m]] {
		told := welcome + prompt
		if !w.key {
			told = silent
		}
		v.ways = append(v.ways, stay{told: told, silent: silent, worst: worst})
	}
	return v
}

// confirming is how long a user who answered can take to decline, and to accept:
// both questions of the confirmation are heard, and answered in the last moment.
func (p *project) confirming() (decline, accept time.Duration) {
	speak := func(text string) time.Duration { return twiml.SpeakingTime(p.language, text) }
	decline = speak(p.texts.Confirm) + speak(p.texts.ConfirmAgain) + 2*confirmTimeout
	return decline, decline + speak(p.texts.Accepted)
}

// A ringing is how long it can take at the latest to ring a group once.
type ringing struct {
	busy, unavailable time.Duration // until all were busy, or nobody can be had
	answered          time.Duration
}

// ringing measures a ring: in each round whoever declines does it last.
func (p *project) ringing(g *ringGroup) ringing {
	decline, accept := p.confirming()
	var r ringing
	for i := range g.rounds() {
		answers, declines := g.interval, g.interval
		for _, u := range g.round(i) {
			if u.confirm {
				answers, declines = g.interval+accept, g.interval+decline
			}
		}
		r.answered = max(r.answered, r.unavailable+answers)
		r.unavailable += declines
		r.busy += g.interval
	}
	return r
}

func (g *callGraph) measureRing(n *ringGroup) *visit {
	r := g.model.project.ringing(n)
	return &visit{person: r.answered, ways: []stay{
		{told: n.busyTime(), silent: r.busy, worst: r.busy, rings: n.cycles, engaged: true},
		{told: n.duration(), silent: r.unavailable, worst: r.unavailable, rings: n.cycles},
	}}
}

// A waitAhead is what can be ahead of a caller in a queue, at the latest.
type waitAhead struct{ full, timeout, person time.Duration }

// latest takes over what comes after a while, where that is later.
func (c *waitAhead) latest(after time.Duration, then waitAhead) {
	for _, x := range []struct{ of, then *time.Duration }{{&c.full, &then.full}, {&c.timeout, &then.timeout}, {&c.person, &then.person}} {
		if *x.then != never {
			*x.of = max(*x.of, after+*x.then)
		}
	}
}

func (g *callGraph) measureQueue(q *queue, skips bool) *visit {
	if q.agents == nil {
		person := never
		if g.taken[q] {
			person = q.maxWait
		}
		return &visit{person: person, ways: []stay{{}, always(q.maxWait)}}
	}
	w := waitingTimes{g, q, g.model.project.ringing(q.agents), map[time.Duration]waitAhead{}}
	full, timeout := w.told(skips)
	var ahead waitAhead
	if skips {
		ahead = w.hold(0)
	} else {
		ahead = w.ring(0)
	}
	full.silent, full.worst = ahead.full, ahead.full
	timeout.silent, timeout.worst = ahead.timeout, ahead.timeout
	if !q.admits() {
		return &visit{person: ahead.person, ways: []stay{timeout}}
	}
	return &visit{person: ahead.person, ways: []stay{full, timeout}}
}

// A waitingTimes measures the chain of rings and holds in a queue; see
// lower_queue.go. The documents know how late it is only by their names, so a
// ring that takes longer than it counts makes the whole wait longer.
type waitingTimes struct {
	g     *callGraph
	q     *queue
	once  ringing
	known map[time.Duration]waitAhead // by when the agents are rung
}

// ring is what can be ahead when the agents are rung at a time.
func (w *waitingTimes) ring(at time.Duration) waitAhead {
	if c, done := w.known[at]; done {
		return c
	}
	w.g.steps++
	c := waitAhead{never, never, w.once.answered}
	for _, way := range []struct{ counts, takes time.Duration }{
		{w.q.agents.busyTime(), w.once.busy},
		{w.q.agents.duration(), w.once.unavailable},
	} {
		if ended := at + way.counts; ended >= w.q.maxWait {
			c.latest(way.takes, waitAhead{never, 0, never})
		} else {
			c.latest(way.takes, w.hold(ended))
		}
	}
	w.known[at] = c
	return c
}

// hold is what can be ahead when a caller is sent into the queue at a time.
func (w *waitingTimes) hold(from time.Duration) waitAhead {
	to := w.q.tick(from)
	c := waitAhead{0, never, never}
	if w.g.taken[w.q] {
		c.person = to - from
	}
	if to >= w.q.maxWait {
		c.latest(to-from, waitAhead{never, 0, never})
	} else {
		c.latest(to-from, w.ring(to))
	}
	return c
}

// told is the stay of a caller who finds the queue full, and of one whom nobody
// answers.
func (w *waitingTimes) told(skips bool) (full, timeout stay) {
	q, ring := w.q, w.q.agents.duration()
	switch {
	case skips:
	case ring < q.maxWait:
		full = stay{told: ring, rings: q.agents.cycles}
	default: // who lets it ring waits no more
		full = stay{told: q.agents.busyTime(), rings: q.agents.cycles, engaged: true}
	}
	at, rings := time.Duration(0), 0
	if !skips {
		at, rings = ring, 1
	}
	for at < q.maxWait {
		if at = q.tick(at); at < q.maxWait {
			at += ring
			rings++
		}
	}
	return full, stay{told: at, rings: rings * q.agents.cycles}
}

// busyTime is how long it takes to learn that everybody is busy.
func (g *ringGroup) busyTime() time.Duration { return time.Duration(g.rounds()) * busyTime }
