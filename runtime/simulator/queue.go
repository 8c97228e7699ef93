package simulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Queues (https://www.twilio.com/docs/voice/twiml/enqueue and /queue).
//
// A caller in an Enqueue hears the wait document again and again, until an agent
// takes the call or the caller leaves or hangs up. A caller in a Dial of the queue, who is usually an
// agent, takes the one who has waited longest, or waits for the next to come.
//
//	queue sales   front ▶ caller 1, caller 2, caller 3       agents ▶ -
//	an agent dials: caller 1's wait document stops where it is, caller 1 hears
//	the whisper, and the two are connected

// A queue is shared by all calls of a run.
type queue struct {
	name, sid string
	size      int // callers who can wait at once
	members   []*member
	agents    []*leg // waiting for a caller, the longest first
}

// defaultQueueSize is the size of a queue that an Enqueue creates.
const defaultQueueSize = 1000

// fullQueue is the warning that Twilio logs when a queue is full
// (https://www.twilio.com/docs/api/errors/14207).
const fullQueue = 14207

// A member is a caller in a queue.
type member struct {
	*leg
	queue *queue
	since time.Duration
	link  *link // to the agent who has taken the caller
}

// A link connects a caller from a queue with an agent.
type link struct {
	agent     *leg
	whisper   *fetch.Request // to the caller; may be nil
	waited    time.Duration
	connected bool
	over      bool
}

// enqueue runs an Enqueue.
func (l *leg) enqueue(v *twiml.Enqueue, d *fetch.Document) (*fetch.Request, error) {
	name := strings.TrimSpace(v.Name)
	if v.WorkflowSID != "" {
		name = "of the workflow " + v.WorkflowSID
		l.note(Event{Kind: Skips, Text: "workflowSid", Note: "TaskRouter is not simulated; the caller waits, and nobody is assigned"})
	}
	q := l.x.queues[name]
	if q == nil {
		q = &queue{name: name, sid: l.x.sid("QU", name), size: defaultQueueSize}
		if v.MaxQueueSize > 0 && l.otherwise(QueueSize) {
			q.size = v.MaxQueueSize
		}
		l.x.queues[name] = q
	}
	here := l.where
	m := &member{leg: l, queue: q, since: l.x.now}
	outcome, err := "queue-full", error(nil)
	if len(q.members) >= q.size {
		l.note(Event{Kind: QueueFull, Text: name, Code: fullQueue})
	} else {
		outcome, err = m.wait(v, d)
		l.where = here
	}
	if err != nil && err != errGone {
		return nil, err
	}
	if m.link == nil && err == nil {
		l.acts() // that nobody has taken the call must be said: what was heard before does not say it
	}
	if v.Action == "" || outcome == "leave" && l.otherwise(LeaveAction) {
		return nil, err
	}
	extra := url.Values{"QueueResult": {outcome}}
	if outcome != "queue-full" {
		extra.Set("QueueSid", q.sid)
		extra.Set("QueueTime", wholeSeconds(m.waited()))
	}
	if err == errGone {
		l.status = "completed"
	}
	next, bad := d.Follow(v.Action, v.Method, extra)
	if bad == nil && err == errGone {
		l.inform(next)
		return nil, err
	}
	return next, bad
}

func (m *member) waited() time.Duration {
	if m.link != nil {
		return m.link.waited
	}
	return m.x.now - m.since
}

// wait keeps the caller in the queue. It returns the QueueResult; its error is
// errGone if the caller hung up, or what else ended the call.
func (m *member) wait(v *twiml.Enqueue, d *fetch.Document) (string, error) {
	q := m.queue
	here := m.where
	m.note(Event{Kind: Waits, Text: q.name})
	q.members = append(q.members, m)
	q.wake(m.x)
	err := m.hold(v, d)
	q.remove(m)
	f, isFault := err.(*fetch.CallError)
	if isFault {
		m.fault(f)
	}
	m.where = here
	leaves := func(how string) { m.note(Event{Kind: Leaves, Text: how, Length: m.x.now - m.since}) }
	switch {
	case err == errTaken:
		leaves("taken")
		m.interrupt = nil
		return m.served()
	case err == errLeave:
		leaves("leave")
		return "leave", nil
	case isFault:
		leaves("error")
		return "error", nil
	case err != errGone:
		return "", err
	}
	leaves("hangup")
	if m.link != nil { // an agent took the caller in the same moment
		m.link.over = true
		m.x.wake(m.link.agent.task)
	}
	return "hangup", err
}

// hold plays the wait document again and again.
func (m *member) hold(v *twiml.Enqueue, d *fetch.Document) error {
	for {
		if err := m.music(v.WaitURL, v.WaitURLMethod, d, WaitDocument, m.parameters); err != nil {
			return err
		}
	}
}

// music plays a wait document once: Twilio's own, silence, or the one at the
// given link.
func (l *leg) music(link *string, method string, d *fetch.Document, kind DocumentKind, extra func() url.Values) error {
	switch {
	case link == nil:
		return l.hear(Segment{Event{Kind: Plays, Text: "Twilio's hold music", Note: "for as long as it takes"}, CallLimit, 1})
	case *link == "":
		return l.hear(Segment{Event{Kind: Pauses, Note: "the wait document is silence"}, CallLimit, 1})
	}
	r, err := d.Follow(*link, method, nil)
	if err != nil {
		return err
	}
	return l.perform(r, kind, extra)
}

// parameters are those of a request for a wait document.
func (m *member) parameters() url.Values {
	q := m.queue
	var sum time.Duration
	for _, other := range q.members {
		sum += m.x.now - other.since
	}
	n := max(len(q.members), 1)
	return url.Values{
		"QueueSid":         {q.sid},
		"QueueTime":        {wholeSeconds(m.x.now - m.since)},
		"AvgQueueTime":     {wholeSeconds(sum / time.Duration(n))},
		"QueuePosition":    {strconv.Itoa(slices.Index(q.members, m) + 1)},
		"CurrentQueueSize": {strconv.Itoa(len(q.members))},
		"MaxQueueSize":     {strconv.Itoa(q.size)},
	}
}

// served lets a caller who was taken from the queue talk to the agent.
func (m *member) served() (string, error) {
	k := m.link
	defer func() {
		k.over = true
		m.x.wake(k.agent.task)
	}()
	if k.whisper != nil {
		err := m.perform(k.whisper, QueueWhisper, nil)
		if f, ok := err.(*fetch.CallError); ok {
			m.fault(f)
			err = nil
			if !m.otherwise(WhisperFault) {
				return "error", nil
			}
		}
		if err == errGone {
			return "hangup", err
		}
		if err != nil {
			return "", err
		}
	}
	k.connected = true
	m.x.wake(k.agent.task)
	m.note(Event{Kind: Connects, Text: k.agent.address})
	m.heard()
	m.phone.meet(Moment{Kind: Connects, Text: k.agent.address})
	start := m.x.now
	err := m.await(never, func() bool { return k.over })
	if err == nil {
		m.note(Event{Kind: Parts, Text: k.agent.address, Length: m.x.now - start})
		m.heard()
	}
	return "bridged", err
}

// front is the caller who has waited longest and has not just hung up.
func (q *queue) front() *member {
	for _, m := range q.members {
		if m.interrupt == nil {
			return m
		}
	}
	return nil
}

func (q *queue) remove(m *member) {
	if i := slices.Index(q.members, m); i >= 0 {
		q.members = slices.Delete(q.members, i, i+1)
	}
}

// wake lets the agent who has waited longest check the queue.
func (q *queue) wake(x *exchange) {
	if len(q.agents) > 0 {
		x.wake(q.agents[0].task)
	}
}

func wholeSeconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
