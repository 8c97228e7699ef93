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
	Full         *MessageNode  // heard where the queue is full; nil: nothing
	Timeout      *MessageNode  // heard after the longest wait; nil: nothing
	Options      []*MenuOption // with which callers can leave, in the order of the keypad
	Used         bool          // a call can reach it
	OnFull       *Link
	OnTimeout    *Link
}

// Address is the address of the block.
func (q *QueueNode) Address() string { return bundle.KindQueue + "." + q.Name }

// Position is where the block begins in the source.
func (q *QueueNode) Position() hcl.Range { return q.At }

// Prompt is what callers hear about their options: a text for each language in turn,
// usually one.
func (q *QueueNode) Prompt() []*MessageNode { return (&MenuNode{Options: q.Options}).SpokenPrompt(nil) }

func (q *QueueNode) promptTime() time.Duration {
	return (&MenuNode{Options: q.Options}).PromptTime(nil)
}

// Ways are full and timeout, the keys of callers who wait, and the end of a
// conversation if the call goes on.
func (q *QueueNode) Ways(p *Project) []Way {
	list := []Way{
		outcomeWay(p, q, "full", q.OnFull, q.Full),
		outcomeWay(p, q, "timeout", q.OnTimeout, q.Timeout),
	}
	for _, o := range q.Options {
		list = append(list, keyWay(o.Key, o.Link))
	}
	return append(list, q.Agents.completed(p, q)...)
}

// Dwell is a chain of rings and holds, or one hold where agents call a number.
func (q *QueueNode) Dwell(p *Project, e Entrance) Dwell {
	full, w := q.wait(p, e)
	d := Dwell{Person: w.person, Ways: []Timing{full, w.timing()}, Steps: w.steps}
	for range q.Options {
		d.Ways = append(d.Ways, w.key)
	}
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
		s := p.Schedule(q)
		length, _ := s.Hold(0)
		t.Shown += length
		if s.Asks(length) {
			t.Asked = 1
		}
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
	w = wait{person: Never, key: Timing{Shown: Never, Silent: Never, Worst: Never}}
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
		if s.Asks(length) {
			w.ask(s.Inside(length)+q.promptTime(), length)
		}
		w.hold(length)
		if !rings {
			break
		}
		w.ring(s)
	}
	return full, w
}

// Event says that the queue is full, that the caller has waited, or leaves with a key.
func (q *QueueNode) Event(w Way, t Timing) NodeEvent {
	var silent script.Script
	for range t.Asked {
		silent = append(silent, script.Action{Do: script.Silent})
	}
	switch {
	case w.Talked:
		return NodeEvent{Text: "talks to somebody of " + q.Agents.Address() + " until", Press: silent}
	case w.Key:
		return NodeEvent{Text: "presses " + w.On + " at", Press: script.Script{{Do: script.Press, Keys: w.On}}}
	case w.On == "full":
		return NodeEvent{Text: "finds " + q.Address() + " full at", Waiting: script.Waiting{Queue: q.Name, Callers: q.MaxCallers}}
	}
	return NodeEvent{Text: "waits in " + q.Address() + " until", Press: silent}
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
	asks   int // how often the caller is asked for a key
	steps  int
	key    Timing // of a caller who presses one: shown at the first question
}

// ask asks the caller for a key in a hold that begins now: after some time the prompt
// is over, and after the length of the hold the question.
func (w *wait) ask(prompt, length time.Duration) {
	if w.asks == 0 {
		w.key = w.timing()
		w.key.Shown += prompt
	}
	w.asks++
	w.key.Silent, w.key.Worst = w.worst+length, w.worst+length
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
	t := Timing{Shown: w.shown, Silent: w.worst, Worst: w.worst, Asked: w.asks}
	if w.rings > 0 {
		t.Rings = w.rings * w.agents.Cycles
	}
	return t
}
