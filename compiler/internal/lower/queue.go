package lower

// Lowering queues. Nobody can be rung for a caller who stands in a queue, so
// waiting is a chain of holds: the caller is enqueued for a while, leaves,
// the agents are rung, and if nobody answers the caller is enqueued again. The
// agents are rung on the ticks of retry_every, so that how long a caller has
// waited is known from the document alone:
//
//	retry_every = 60s, max_wait = 3m, two agents are rung for 20s, one by one
//
//	0s   ring: all busy → it is 2s, hold 58s to 1m; unanswered → 40s, hold 20s to 1m
//	1m   ring …
//	2m   ring …
//	3m   on_timeout
//
// A ring counts as its full length when anybody let it ring, and as a second
// for each round when everybody was busy, and none begins that could not end by
// max_wait and one announcement. So the wait ends at max_wait, and never later
// than one interval of announcements after it. Callers who come from the very ring group that serves the
// queue have just heard it ring: they begin with a hold.

import (
	"fmt"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A waiting is the lowering of one queue.
type waiting struct {
	*lowering
	s      *section
	q      *model.QueueNode
	record bool
	holds  map[time.Duration]bool // lengths whose wait documents exist
	ends   map[time.Duration]bool // times whose decision exists
	rings  map[time.Duration]bool // times whose ring exists
}

// queue lowers a queue.
func (l *lowering) queue(s *section, q *model.QueueNode, record bool) {
	q.Used = true
	l.describeQueue(s, q, record)
	s.add("enter-1", &step{l.queueEntry(s, nil, q, record), q.At})
}

// waiting is the lowering of a queue into a section.
func (l *lowering) waiting(s *section, q *model.QueueNode, record bool) *waiting {
	w := l.waits[s]
	if w == nil {
		w = &waiting{l, s, q, record, map[time.Duration]bool{}, map[time.Duration]bool{}, map[time.Duration]bool{}}
		l.waits[s] = w
	}
	return w
}

// queueEntry is what a call begins with at a queue.
func (l *lowering) queueEntry(s *section, from model.Node, q *model.QueueNode, record bool) []twiml.Verb {
	w := l.waiting(s, q, record)
	switch {
	case q.Agents == nil:
		return w.enqueue(0, q.MaxWait)
	case from == model.Node(q.Agents):
		return w.enqueue(0, w.q.Tick(0))
	}
	return w.call(0)
}

// ringName begins the names of the decisions of the ring at a time.
func ringName(at time.Duration) string { return fmt.Sprintf("dial-%d", at/time.Second) }

// call rings the agents at a time.
func (w *waiting) call(at time.Duration) []twiml.Verb {
	w.pending = append(w.pending, func() { w.ring(at) })
	return w.dial(w.s, w.q.Agents, 0, dialName(ringName(at), 0, true), w.record)
}

// ring lowers what follows the ring at a time, if nobody answers.
func (w *waiting) ring(at time.Duration) {
	if w.rings[at] {
		return
	}
	w.rings[at] = true
	w.rounds(w.s, w.q.Agents, ringName(at), w.record, func(busy bool) *step {
		ended := at + w.q.Agents.Duration()
		if busy {
			ended = at + time.Duration(w.q.Agents.Rounds())*model.BusyTime
		}
		if ended >= w.q.MaxWait {
			return w.timeout()
		}
		return &step{w.enqueue(ended, w.q.Tick(ended)), w.q.At}
	})
}

// enqueue is a hold from one time to another: the caller waits in the queue at
// Twilio. Twilio's documents leave open whether the action is requested or the
// next verb runs after Leave; the redirect leads to the same answer.
func (w *waiting) enqueue(from, to time.Duration) []twiml.Verb {
	w.pending = append(w.pending, func() { w.hold(from, to) })
	wait := w.s.link(waitName(to-from, 0) + ".xml")
	end := w.s.link(holdName(to))
	return []twiml.Verb{
		&twiml.Enqueue{Action: end, Method: get, WaitURL: &wait, WaitURLMethod: get, Name: w.q.FriendlyName},
		&twiml.Redirect{Method: get, URL: end + ".leave.xml"},
	}
}

// holdName names the decision at the end of a hold.
func holdName(end time.Duration) string { return fmt.Sprintf("queue-%d", end/time.Second) }

// hold lowers the documents of a hold and the decision at its end.
func (w *waiting) hold(from, to time.Duration) {
	if length := to - from; !w.holds[length] {
		w.holds[length] = true
		w.wait(length)
	}
	if w.ends[to] {
		return
	}
	w.ends[to] = true
	timeout := w.timeout()
	again := timeout
	if to < w.q.MaxWait {
		again = &step{w.call(to), w.q.At}
	}
	talked := &step{[]twiml.Verb{&twiml.Hangup{}}, w.q.At}
	w.s.decide(holdName(to), timeout, map[string]*step{
		"leave":                   again,
		"queue-full":              w.finish(w.s, w.q, w.q.OnFull, w.record, w.q.At, w.q.Full),
		"bridged":                 talked,
		"redirected-from-bridged": talked,
		"hangup":                  talked, // nobody is there to hear anything
	})
}

// timeout is what follows a wait that was too long.
func (w *waiting) timeout() *step {
	return w.finish(w.s, w.q, w.q.OnTimeout, w.record, w.q.At, w.q.Timeout)
}
