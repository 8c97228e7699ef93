package explorer

import (
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// What can become of a caller in a queue.

// results is every QueueResult that needs no wait
// (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action).
var results = []struct {
	result, text string
	bridged      bool
}{
	{"queue-full", "the queue is full", false},
	{"error", "the wait document fails", false},
	{"system-error", "Twilio fails", false},
	{"redirected", "the caller is moved", false},
	{"bridging-in-process", "the caller is about to be connected", false},
	{"redirected-from-bridged", "the caller has talked and is moved", true},
	{"", "Twilio reports no result", false},
}

// enqueue is an Enqueue: a move into the queue, and one for each result that
// does not need a wait.
func (w *walk) enqueue(s *state, v *twiml.Enqueue) {
	s.answer()
	w.checkQueue(s, v.Name)
	for _, o := range results {
		m := move{by: twilio, text: o.text, unplayed: true, events: []simulator.Event{
			{At: s.took, Leg: simulator.Caller, Kind: simulator.Reports, Text: "QueueResult=" + o.result}}}
		if o.result == "queue-full" {
			m.by, m.events[0] = others, simulator.Event{At: s.took, Leg: simulator.Caller, Kind: simulator.QueueFull, Text: strings.TrimSpace(v.Name)}
		}
		at := s.here()
		at.heard = o.bridged
		w.queued(s, s.page, v, m, o.result, at)
	}
	w.inform(s, v.Action, v.Method, url.Values{"QueueResult": {"hangup"}})
	within := w.context(contextKey{page: s.page, verb: s.at, within: s.within, kind: simulator.WaitDocument})
	within.extra = queueParameters
	in := move{by: nobody, events: []simulator.Event{{At: s.took, Leg: simulator.Caller, Kind: simulator.Waits, Text: strings.TrimSpace(v.Name)}}}
	if v.WaitURL == nil || *v.WaitURL == "" {
		w.taken(s, within, in)
		w.note(Violation{Law: Bounded, Document: s.page.Path,
			Text: "the caller waits without end, unless somebody takes them from the queue: the wait document never lets them leave"}, s, len(s.moves)-1)
		return
	}
	r, err := s.page.Follow(*v.WaitURL, v.WaitURLMethod, nil)
	if err != nil {
		w.fail(s, in, faulty(err, &fetch.Request{URL: s.page.URL}))
		return
	}
	within.wait = r
	w.taken(s, within, in)
	w.move(s, in, r, position{within: within, answered: true, heard: s.heard})
}

// queueParameters come with every request for a wait document: those of a caller
// who is first in the queue and has just come. A bundle ignores them.
var queueParameters = url.Values{
	"QueueTime": {"0"}, "AvgQueueTime": {"0"}, "QueuePosition": {"1"}, "CurrentQueueSize": {"1"}, "MaxQueueSize": {"1000"},
}

// taken adds the move in which an agent takes the caller out of the queue.
func (w *walk) taken(s *state, c *callContext, m move) {
	v := c.page.Verbs[c.verb].(*twiml.Enqueue)
	m.by, m.text, m.took, m.unplayed = others, "an agent takes the caller", answersAfter+talksFor, true
	m.events = append(m.events[:len(m.events):len(m.events)],
		simulator.Event{At: s.took + answersAfter, Leg: simulator.Caller, Kind: simulator.Leaves, Text: "taken", Length: answersAfter},
		simulator.Event{At: s.took + answersAfter, Leg: simulator.Caller, Kind: simulator.Connects, Text: "an agent"},
		simulator.Event{At: s.took + m.took, Leg: simulator.Caller, Kind: simulator.Parts, Text: "an agent", Length: talksFor})
	w.queued(s, c.page, v, m, "bridged", position{page: c.page, verb: c.verb + 1, within: c.contextKey.within, answered: true, heard: true})
}

// leave is a Leave: the action is requested, or the next verb runs.
func (w *walk) leave(s *state) {
	c := s.within
	v := c.page.Verbs[c.verb].(*twiml.Enqueue)
	m := move{by: silence, text: "the wait is over", events: []simulator.Event{{At: s.took, Leg: simulator.Caller, Kind: simulator.Leaves, Text: "leave"}}}
	at := s.after()
	at.heard = false
	w.queued(s, c.page, v, m, "leave", at)
	if v.Action != "" {
		m.unplayed = true
		w.turn(s, m, at)
	}
}

// queued continues after an Enqueue of a page.
func (w *walk) queued(s *state, p *page, v *twiml.Enqueue, m move, result string, at position) {
	if v.Action == "" {
		w.turn(s, m, at)
		return
	}
	extra := url.Values{}
	if result != "" {
		extra.Set("QueueResult", result)
	}
	w.linkFrom(s, p.Document, m, v.Action, v.Method, extra, at)
}
