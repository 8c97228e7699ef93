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
	"slices"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A queueLowering lowers one queue.
type queueLowering struct {
	*lowering
	s      *section
	q      *model.QueueNode
	record bool
	holds  map[time.Duration]bool // lengths whose wait documents exist
	ends   map[time.Duration]bool // times whose decision exists
	rings  map[time.Duration]bool // times whose ring exists
}

func newQueueLowering(l *lowering, s *section, q *model.QueueNode, record bool) *queueLowering {
	return &queueLowering{l, s, q, record, map[time.Duration]bool{}, map[time.Duration]bool{}, map[time.Duration]bool{}}
}

func (w *queueLowering) fill() {
	w.q.Used = true
	w.describe()
	w.s.add(bundle.EnterName, &step{w.entry(nil), w.q.At})
}

// entry depends on where callers come from: those from the agents' own ring group
// have just heard it ring.
func (w *queueLowering) entry(from model.Node) []twiml.Verb {
	switch {
	case w.q.Agents == nil:
		return w.enqueue(0, w.q.MaxWait)
	case from == model.Node(w.q.Agents):
		return w.enqueue(0, w.q.Tick(0))
	}
	return w.call(0)
}

// call rings the agents at a time.
func (w *queueLowering) call(at time.Duration) []twiml.Verb {
	w.pending = append(w.pending, func() { w.ring(at) })
	return w.dial(w.s, w.q.Agents, 1, bundle.QueueDialName(at, 1, true), w.record)
}

// ring lowers what follows the ring at a time, if nobody answers.
func (w *queueLowering) ring(at time.Duration) {
	if w.rings[at] {
		return
	}
	w.rings[at] = true
	name := func(round int, busy bool) string { return bundle.QueueDialName(at, round, busy) }
	w.rounds(w.s, w.q.Agents, name, w.record, func(busy bool) *step {
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
func (w *queueLowering) enqueue(from, to time.Duration) []twiml.Verb {
	w.pending = append(w.pending, func() { w.hold(from, to) })
	wait := w.s.document(bundle.WaitName(to-from, 1))
	end := bundle.HoldName(to)
	return []twiml.Verb{
		&twiml.Enqueue{Action: w.s.link(end), Method: get, WaitURL: &wait, WaitURLMethod: get, Name: w.q.FriendlyName},
		&twiml.Redirect{Method: get, URL: w.s.answer(end, bundle.LeaveAnswer)},
	}
}

// hold lowers the documents of a hold and the decision at its end.
func (w *queueLowering) hold(from, to time.Duration) {
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
	w.s.decideCall(bundle.HoldName(to), w.q.At, timeout, map[string]*step{
		bundle.LeaveAnswer: again,
		bundle.FullAnswer:  w.finish(w.s, w.q, w.q.OnFull, w.record, w.q.At, w.q.Full),
	})
}

// timeout is what follows a wait that was too long.
func (w *queueLowering) timeout() *step {
	return w.finish(w.s, w.q, w.q.OnTimeout, w.record, w.q.At, w.q.Timeout)
}

// describe says who serves the queue, how long callers wait, and what follows.
func (w *queueLowering) describe() {
	s, q := w.s, w.q
	if q.Agents != nil {
		s.set("agents", q.Agents.Address())
		s.describeRing(q.Agents, w.record)
		s.set("retry_every", script.Duration(q.RetryEvery))
	}
	s.set("max_callers", strconv.Itoa(q.MaxCallers))
	s.set("max_wait", script.Duration(q.MaxWait))
	s.set("music", musicName(q.Music))
	s.says("full", q.Full)
	s.says("timeout", q.Timeout)
	w.goes(s, "full", "", q.OnFull, w.record)
	w.goes(s, "timeout", "", q.OnTimeout, w.record)
}

// describeAnnouncement adds the announcement of a queue, once: one that is longer
// than every hold is never heard, and not described.
func (s *section) describeAnnouncement(q *model.QueueNode) {
	if !slices.ContainsFunc(s.block.Messages, func(m bundle.Message) bool { return m.Role == "announcement" }) {
		s.set("announcement", "every "+script.Duration(q.Every))
		s.says("announcement", q.Announce)
	}
}

// musicName names music by its content: a file is cut at the announcements, so
// that the whole of it need not be part of the bundle.
func musicName(m *model.MessageNode) string {
	switch {
	case m == nil:
		return "default"
	case m.Audio != nil:
		return m.Audio.Path
	}
	return m.URL
}
