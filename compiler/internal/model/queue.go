package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
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
