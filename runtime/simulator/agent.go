package simulator

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// serve runs a Dial of a queue. The leg that dials is usually an agent's.
func (l *leg) serve(v *twiml.Dial, n *twiml.Queue, d *fetch.Document) (result, error) {
	if n.ReservationSID != "" {
		l.note(Event{Kind: Skips, Text: "Queue", Note: "TaskRouter is not simulated; the reservation is taken to fail"})
		return result{status: "failed"}, nil
	}
	name := strings.TrimSpace(n.Name)
	l.note(Event{Kind: Dials, Text: "the queue " + name})
	l.phone.meet(Moment{Kind: Dials, Text: "the queue " + name})
	defer l.phone.past()
	q := l.x.queues[name]
	if q == nil {
		l.note(Event{Kind: Fails, Note: "there is no such queue"})
		if l.otherwise(UnknownQueue) {
			return result{status: "no-answer"}, nil
		}
		return result{status: "failed"}, nil
	}
	if v.HangupOnStar == "true" {
		defer l.listen()()
	}
	until := l.x.now + RingTime(v)
	m, err := l.take(q, n, d, until)
	if err != nil || m == nil {
		return result{status: "no-answer"}, err
	}
	return l.attend(v, m)
}

// take removes from the queue the caller who has waited longest, or waits for the
// next one.
func (l *leg) take(q *queue, n *twiml.Queue, d *fetch.Document, until time.Duration) (*member, error) {
	var whisper *fetch.Request
	if n.URL != "" {
		var err error
		if whisper, err = d.Follow(n.URL, n.Method, nil); err != nil {
			return nil, err
		}
	}
	q.agents = append(q.agents, l)
	err := l.await(until, func() bool { return q.agents[0] == l && q.front() != nil || l.starred() })
	q.agents = slices.DeleteFunc(q.agents, func(other *leg) bool { return other == l })
	defer q.wake(l.x)
	m := q.front()
	if err != nil || m == nil || l.starred() {
		return nil, err
	}
	q.remove(m)
	m.link = &link{agent: l, waited: l.x.now - m.since}
	if whisper != nil {
		m.link.whisper = whisper.With(url.Values{
			"QueueSid": {q.sid}, "QueueTime": {wholeSeconds(m.link.waited)}, "DequeingCallSid": {l.sid},
		})
	}
	m.stop(errTaken)
	return m, nil
}

// attend is the agent's side of the conversation with a caller.
func (l *leg) attend(v *twiml.Dial, m *member) (result, error) {
	k := m.link
	defer func() {
		k.over = true
		l.x.wake(m.task)
	}()
	if err := l.await(never, func() bool { return k.connected || k.over }); err != nil {
		return result{}, err
	}
	res := result{status: "completed", sid: m.sid, extra: url.Values{
		"QueueSid": {m.queue.sid}, "QueueTime": {wholeSeconds(k.waited)},
	}}
	if !k.connected {
		if l.otherwise(QueueGone) {
			res.status = "no-answer"
		}
		return res, nil
	}
	start := l.x.now
	if err := l.converse(v, l.x.now, m.address, func() bool { return k.over }); err != nil {
		return result{}, err
	}
	res.talked, res.bridged = l.x.now-start, true
	return res, nil
}
