package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
)

// A QueueNode is a queue. Its agents are rung by a [Schedule].
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
	Full         *MessageNode // heard where the queue is full; nil: nothing
	Timeout      *MessageNode // heard after the longest wait; nil: nothing
	Used         bool         // a call can reach it
	OnFull       *Link
	OnTimeout    *Link
}

// Address is the address of the block.
func (q *QueueNode) Address() string { return bundle.KindQueue + "." + q.Name }

// Position is where the block begins in the source.
func (q *QueueNode) Position() hcl.Range { return q.At }

// Ways are full and timeout, and the end of a conversation if the call goes on.
func (q *QueueNode) Ways(p *Project) []Way {
	return append([]Way{
		outcomeWay(p, q, "full", q.OnFull, q.Full),
		outcomeWay(p, q, "timeout", q.OnTimeout, q.Timeout),
	}, q.Agents.completed(p, q)...)
}

// Dwell is a chain of rings and holds, or one hold where agents call a number.
func (q *QueueNode) Dwell(p *Project, e Entrance) Dwell {
	full, w := q.wait(p, e)
	d := Dwell{Person: w.person, Ways: []Timing{full, w.timing()}, Steps: w.steps}
	if q.Agents == nil {
		return d
	}
	d.Talk = q.Agents.TimeLimit
	if q.Agents.OnCompleted != nil {
		d.Ways = append(d.Ways, q.talked(p, e, w))
	}
	return d
}

// talked is the timing of a caller whom the agents have taken: in a counter-example,
// at the first ring.
func (q *QueueNode) talked(p *Project, e Entrance, w wait) Timing {
	if w.rings == 0 {
		return Timing{Shown: Never, Silent: Never, Worst: Never} // nobody is rung any more
	}
	t := q.Agents.talked(p, w.asked)
	if e.Skips {
		length, _ := p.Schedule(q).Hold(0)
		t.Shown += length
	}
	return t
}

// Waits is when a wait in vain ends: at the earliest, where all agents are busy at
// once each time, and at the latest.
func (q *QueueNode) Waits(p *Project) (earliest, latest time.Duration) {
	_, all := q.wait(p, Entrance{})
	_, rung := q.wait(p, Entrance{Skips: true})
	return min(all.least, rung.least), max(all.worst, rung.worst)
}

// wait measures a wait in vain, and how long it takes until the queue can be full.
func (q *QueueNode) wait(p *Project, e Entrance) (full Timing, w wait) {
	s := p.Schedule(q)
	w = wait{person: Never}
	if s.Ring > 0 {
		w.once, w.agents = p.RingTimes(q.Agents), q.Agents
	}
	if s.Ring > 0 && !e.Skips {
		w.ring(s)
	}
	full = w.timing()
	for w.at < s.Longest {
		length, rings := s.Hold(w.at)
		if e.Taken {
			w.person = w.worst + length
		}
		w.hold(length)
		if !rings {
			break
		}
		w.ring(s)
	}
	return full, w
}

// Event says that the queue is full, or that the caller has waited.
func (q *QueueNode) Event(w Way, _ Timing) NodeEvent {
	if w.Talked {
		return NodeEvent{Text: "talks to somebody of " + q.Agents.Address() + " until"}
	}
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

// A wait measures the chain of rings and holds in a queue.
type wait struct {
	agents *RingGroupNode
	once   RingTimes // of the agents

	at     time.Duration // as the documents count
	worst  time.Duration // at the latest
	least  time.Duration // at the earliest
	shown  time.Duration // in a counter-example, where agents let it ring
	person time.Duration // at the latest, until somebody talks to the caller
	asked  time.Duration // the same, of the agents who are rung
	rings  int
	steps  int
}

// ring rings the agents, and nobody answers.
func (w *wait) ring(s Schedule) {
	w.asked = w.worst + w.once.Answered
	w.person = w.asked
	w.at += s.Ring
	w.worst += max(w.once.Busy, w.once.Unavailable)
	w.least += w.agents.BusyTime()
	w.shown += w.agents.Duration()
	w.rings++
	w.steps++
}

// hold holds the caller.
func (w *wait) hold(length time.Duration) {
	w.at += length
	w.worst += length
	w.least += length
	w.shown += length
	w.steps++
}

// timing is that of a caller who leaves the queue now.
func (w *wait) timing() Timing {
	t := Timing{Shown: w.shown, Silent: w.worst, Worst: w.worst}
	if w.rings > 0 {
		t.Rings = w.rings * w.agents.Cycles
	}
	return t
}
