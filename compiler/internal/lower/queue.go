package lower

// Lowering queues. Nobody can be rung for a caller who stands in a queue, so
// waiting is a chain of holds: the caller is enqueued for a while, leaves, the
// agents are rung, and if nobody answers the caller is enqueued again. When that
// is, says [model.Schedule], and the names of the decisions say it, too:
//
//	retry_every = 60s, max_wait = 3m, two agents are rung for 20s, one by one
//
//	dial-0-1  dial-0-2      ring: nobody answers
//	queue-40                hold for 60 s; the queue can be full: on_full
//	dial-100-1  dial-100-2  ring
//	queue-140               hold for 40 s; if the queue is full, the same without it
//	                        on_timeout
//
// Callers who come from the ring group of the agents have just heard it ring and
// begin with a hold, queue-0.
//
// Between two holds a caller stands in no queue, and others can take the place. Who
// has been admitted once is never put out for that: a caller who comes back to a
// full queue hears for the same time what is heard in the hold, and the agents are
// rung then as they would have been.

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
	s        *section
	q        *model.QueueNode
	record   bool
	schedule model.Schedule
	waits    map[time.Duration]bool // lengths whose wait documents exist
	holds    map[time.Duration]bool // times at which a hold begins whose decision exists
	rings    map[time.Duration]bool // times of rings whose decisions exist
}

func newQueueLowering(l *lowering, s *section, q *model.QueueNode, record bool) *queueLowering {
	return &queueLowering{
		l, s, q, record, l.model.Project.Schedule(q),
		map[time.Duration]bool{}, map[time.Duration]bool{}, map[time.Duration]bool{},
	}
}

func (w *queueLowering) fill() {
	w.q.Used = true
	w.describe()
}

// addEntry adds the document where callers enter: those who begin with a ring, if
// there are any.
func (w *queueLowering) addEntry() {
	var from model.Node
	if !w.rings[0] && w.q.Agents != nil {
		from = w.q.Agents
	}
	enter := document{bundle.EnterName, &step{w.entry(from), w.q.At}}
	w.s.documents = slices.Insert(w.s.documents, 0, enter)
	w.flow.Made++
}

// entry depends on where callers come from: those from the agents' own ring group
// have just heard it ring.
func (w *queueLowering) entry(from model.Node) []twiml.Verb {
	if w.q.Agents == nil || from == model.Node(w.q.Agents) {
		return w.hold(0)
	}
	return w.ring(0)
}

// ring rings the agents at a time.
func (w *queueLowering) ring(at time.Duration) []twiml.Verb {
	if !w.rings[at] {
		w.rings[at] = true
		w.pending = append(w.pending, func() { w.afterRing(at) })
	}
	return w.dial(w.s, w.q.Agents, 1, bundle.QueueDialName(at, 1), w.record)
}

// afterRing lowers what follows the ring at a time.
func (w *queueLowering) afterRing(at time.Duration) {
	var nobody *step
	if ended := at + w.schedule.Ring; ended < w.schedule.Longest {
		nobody = &step{w.hold(ended), w.q.At}
	} else {
		nobody = w.timeout()
	}
	name := func(round int, _ bool) string { return bundle.QueueDialName(at, round) }
	w.rounds(w.s, w.q, w.q.Agents, name, w.record, func(bool) *step { return nobody })
}

// hold is a hold that begins at a time: the caller waits in the queue at Twilio.
// Twilio's documents leave open whether the action is requested or the next verb
// runs after Leave; the redirect leads to the same answer.
func (w *queueLowering) hold(began time.Duration) []twiml.Verb {
	if !w.holds[began] {
		w.holds[began] = true
		w.pending = append(w.pending, func() { w.afterHold(began) })
	}
	length, _ := w.schedule.Hold(began)
	wait := w.s.document(bundle.WaitName(w.schedule.Inside(length), 1))
	end := bundle.HoldName(began)
	return []twiml.Verb{
		&twiml.Enqueue{Action: w.s.link(end), Method: get, WaitURL: &wait, WaitURLMethod: get, Name: w.q.FriendlyName},
		&twiml.Redirect{Method: get, URL: w.s.answer(end, bundle.LeaveAnswer)},
	}
}

// afterHold lowers the documents of a hold and the decision at its end.
func (w *queueLowering) afterHold(began time.Duration) {
	length, rings := w.schedule.Hold(began)
	w.wait(w.schedule.Inside(length))
	timeout := w.timeout()
	again := timeout
	if rings {
		again = &step{w.ring(began + length), w.q.At}
	}
	if w.schedule.Asks(length) {
		again = w.ask(began, again)
	}
	var full *step
	if w.schedule.Admits(began) {
		full = w.finish(w.s, w.q, w.q.OnFull, w.record, w.q.At, w.q.Full)
	} else {
		full = w.waitOutside(began, w.schedule.Inside(length))
	}
	w.s.decideCall(bundle.HoldName(began), w.q.At, timeout, map[string]*step{
		bundle.LeaveAnswer: again,
		bundle.FullAnswer:  full,
	})
}

// ask asks a caller for a key at the end of a hold that began at a time, outside of the
// queue: Twilio does not tell which key was pressed inside. Silence, and every other key,
// goes on.
func (w *queueLowering) ask(began time.Duration, next *step) *step {
	var keys []model.Key
	answers := map[string]*step{}
	for _, o := range w.q.Options {
		keys = append(keys, o.Key)
		answers[bundle.KeyAnswer(string(o.Key))] = w.enter(w.s, w.q, o.Link, w.record)
	}
	name, every := w.digits(bundle.AskName(began), keys...), ""
	w.s.decide(name, next, answers)
	question := &twiml.Gather{
		Action: w.s.link(name), Method: get,
		NumDigits: 1, FinishOnKey: &every, Timeout: strconv.Itoa(int(model.KeyTimeout / time.Second)),
	}
	for _, part := range w.q.Prompt() {
		question.Prompt = append(question.Prompt, w.say(part)...)
	}
	silence := &twiml.Redirect{Method: get, URL: w.s.answer(bundle.AskName(began), bundle.Otherwise)}
	return &step{[]twiml.Verb{question, silence}, w.q.At}
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
		s.set("ring_time", script.Duration(w.schedule.Ring))
	}
	s.set("max_callers", strconv.Itoa(q.MaxCallers))
	s.set("max_wait", script.Duration(q.MaxWait))
	if w.schedule.Ask > 0 {
		s.set("question_time", script.Duration(w.schedule.Ask))
	}
	s.set("music", musicName(q.Music))
	s.speak("options", q.Prompt())
	s.says("full", q.Full)
	s.says("timeout", q.Timeout)
	w.goes(s, "full", "", q.OnFull, w.record)
	w.goes(s, "timeout", "", q.OnTimeout, w.record)
	for _, o := range q.Options {
		w.goes(s, string(o.Key), o.Label, &o.Link, w.record)
	}
	if q.Agents != nil {
		w.completes(s, q.Agents, w.record)
	}
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
