package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
)

// A QueueNode is a queue.
type QueueNode struct {
	Name         string
	FriendlyName string // at Twilio: "zillum/sales"
	At           hcl.Range
	Agents       *RingGroupNode // nil: agents call a number that takes callers
	MaxCallers   int
	MaxWait      time.Duration
	RetryEvery   time.Duration
	Music        *MessageNode // nil: the default hold music
	Announce     *MessageNode // nil: none
	Every        time.Duration
	Full         *MessageNode
	Timeout      *MessageNode
	Used         bool // a call can reach it
	OnFull       *Link
	OnTimeout    *Link
}

// Address is the address of the block.
func (q *QueueNode) Address() string { return bundle.KindQueue + "." + q.Name }

// Position is where the block begins in the source.
func (q *QueueNode) Position() hcl.Range { return q.At }

// Admits reports whether callers ever come to stand in the queue: the first ring
// of the agents can take all of the time that there is. Callers from the agents'
// own ring group have heard it ring.
func (q *QueueNode) Admits() bool {
	if q.Agents == nil || q.Agents.BusyTime() < q.MaxWait {
		return true
	}
	for _, e := range []*Link{q.Agents.OnBusy, q.Agents.OnUnavailable} {
		if e != nil && e.To == Node(q) {
			return true
		}
	}
	return false
}

// ShortestHold is the least time between two rings: a phone that has just
// stopped ringing gets a moment of rest.
const ShortestHold = 10 * time.Second

// Tick is when the agents are rung again after a ring that ended at a time, or
// the end of the wait.
func (q *QueueNode) Tick(ended time.Duration) time.Duration {
	next := (ended/q.RetryEvery + 1) * q.RetryEvery
	if next-ended < ShortestHold {
		next += q.RetryEvery
	}
	if next+q.Agents.Duration() > q.MaxWait+q.Every {
		return q.MaxWait // a ring that begins so late would keep the caller too long
	}
	return min(next, q.MaxWait)
}

// Hold is how long callers wait after the first ring that nobody answered.
func (q *QueueNode) Hold() time.Duration {
	if q.Agents == nil {
		return q.MaxWait
	}
	ended := q.Agents.Duration()
	return max(0, q.Tick(ended)-ended)
}

// Ways are full, where callers ever come to stand in the queue, and timeout.
func (q *QueueNode) Ways(p *Project) []Way {
	var list []Way
	if q.Admits() {
		list = append(list, outcomeWay(p, q, "full", q.OnFull, q.Full))
	}
	return append(list, outcomeWay(p, q, "timeout", q.OnTimeout, q.Timeout))
}

// Dwell is a chain of rings and holds, or one wait where agents call a number.
func (q *QueueNode) Dwell(p *Project, e Entrance) Dwell {
	if q.Agents == nil {
		person := Never
		if e.Taken {
			person = q.MaxWait
		}
		return Dwell{Person: person, Ways: []Timing{{}, always(q.MaxWait)}}
	}
	w := waitingTimes{q: q, taken: e.Taken, once: p.RingTimes(q.Agents), known: map[time.Duration]waitAhead{}}
	full, timeout := w.shown(e.Skips)
	var ahead waitAhead
	if e.Skips {
		ahead = w.hold(0)
	} else {
		ahead = w.ring(0)
	}
	full.Silent, full.Worst = ahead.full, ahead.full
	timeout.Silent, timeout.Worst = ahead.timeout, ahead.timeout
	d := Dwell{Person: ahead.person, Ways: []Timing{full, timeout}, Steps: w.steps}
	if !q.Admits() {
		d.Ways = d.Ways[1:]
	}
	return d
}

// Event says that the queue is full, or that the caller has waited.
func (q *QueueNode) Event(w Way, _ Timing) NodeEvent {
	if w.On == "full" {
		return NodeEvent{Text: "finds " + q.Address() + " full at", Waiting: script.Waiting{Queue: q.Name, Callers: q.MaxCallers}}
	}
	return NodeEvent{Text: "waits in " + q.Address() + " until"}
}

// Rings is the group of the agents, nil where agents call a number.
func (q *QueueNode) Rings() *RingGroupNode { return q.Agents }

// Attended is true: agents answer.
func (q *QueueNode) Attended() bool { return true }

// Heard lists what callers hear while they wait, and when that was in vain.
func (q *QueueNode) Heard() []*MessageNode { return []*MessageNode{q.Announce, q.Full, q.Timeout} }

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

// A waitingTimes measures the chain of rings and holds in a queue; see
// package lower. The documents know how late it is only by their names, so a
// ring that takes longer than it counts makes the whole wait longer.
type waitingTimes struct {
	q     *QueueNode
	taken bool // a number takes its callers
	once  RingTimes
	steps int
	known map[time.Duration]waitAhead // by when the agents are rung
}

// ring is what can be ahead when the agents are rung at a time.
func (w *waitingTimes) ring(at time.Duration) waitAhead {
	if c, done := w.known[at]; done {
		return c
	}
	w.steps++
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
	if w.taken {
		c.person = to - from
	}
	if to >= w.q.MaxWait {
		c.latest(to-from, waitAhead{Never, 0, Never})
	} else {
		c.latest(to-from, w.ring(to))
	}
	return c
}

// shown is the timing of a caller who finds the queue full, and of one whom nobody
// answers.
func (w *waitingTimes) shown(skips bool) (full, timeout Timing) {
	q, ring := w.q, w.q.Agents.Duration()
	switch {
	case skips:
	case ring < q.MaxWait:
		full = Timing{Shown: ring, Rings: q.Agents.Cycles}
	default: // who lets it ring waits no more
		full = Timing{Shown: q.Agents.BusyTime(), Rings: q.Agents.Cycles, Busy: true}
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
	return full, Timing{Shown: at, Rings: rings * q.Agents.Cycles}
}
