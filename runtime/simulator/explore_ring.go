package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// What can come of a Dial and of a queue. Of several people who ring at once, no
// combination has to be tried: Twilio reports one status for all of them, so
// that everybody is busy, that nobody answers, and that each of them answers are
// the outcomes there are.

// statuses is every DialCallStatus
// (https://www.twilio.com/docs/voice/twiml/dial#attributes-action).
var statuses = []struct {
	status, text, callee string
	kind                 Kind
	by                   mover
	bridged              bool
}{
	{"busy", "everybody is busy", "busy", Busy, others, false},
	{"no-answer", "nobody answers", "no-answer", NoAnswer, others, false},
	{"failed", "nobody can be reached", "fail", Fails, others, false},
	{"canceled", "the ringing is cancelled", "", Reports, twilio, false},
	{"answered", "Twilio reports a conference", "", Reports, twilio, true},
	{"", "Twilio reports no status", "", Reports, twilio, false},
}

// ring is a Dial.
func (w *walk) ring(s *state, v *twiml.Dial) {
	if v.AnswerOnBridge != "true" {
		s.answer()
	}
	targets := w.targets(s, v)
	if len(targets) == 0 {
		w.dialled(s, s.page, v, move{by: nobody, text: "a Dial of nobody fails"}, "failed", false, s.here())
		return
	}
	s.say(Event{Leg: Caller, Kind: Dials, Text: strings.Join(targets, ", ")})
	phones := onlyPhones(v)
	for _, o := range statuses {
		m := move{by: o.by, text: o.text, took: refusesAfter, unplayed: o.by == twilio || !phones}
		if o.status == "no-answer" {
			m.took = w.x.ringFor(v)
		}
		m.events = []Event{{At: s.took + m.took, Leg: Caller, Kind: Reports, Text: "DialCallStatus=" + o.status}}
		if o.callee != "" && phones {
			m.events = nil
			for _, t := range targets {
				m.callees = append(m.callees, t+"="+o.callee)
				m.events = append(m.events, Event{At: s.took + m.took, Leg: t, Kind: o.kind})
			}
		}
		w.dialled(s, s.page, v, m, o.status, o.bridged, s.here())
	}
	w.conversations(s, v, targets)
}

// onlyPhones reports whether a Dial rings telephones alone, whose people decide
// what comes of it.
func onlyPhones(v *twiml.Dial) bool {
	return !slices.ContainsFunc(v.Nouns, func(n twiml.Noun) bool {
		switch n.(type) {
		case *twiml.Number, *twiml.Client, *twiml.Sip:
			return false
		}
		return true
	})
}

// targets lists who is dialled, and holds queues to those that exist.
func (w *walk) targets(s *state, v *twiml.Dial) []string {
	var targets []string
	for _, n := range v.Nouns {
		switch n := n.(type) {
		case *twiml.Queue:
			w.checkQueue(s, n.Name)
			targets = append(targets, "the queue "+strings.TrimSpace(n.Name))
		case *twiml.Conference:
			w.skip("what is heard while a conference has not begun is not walked")
			targets = append(targets, "the conference "+strings.TrimSpace(n.Name))
		default:
			targets = append(targets, address(n))
		}
	}
	if len(targets) == 0 && v.Number != "" {
		targets = append(targets, strings.TrimSpace(v.Number))
	}
	return targets
}

// conversations adds the moves in which somebody answers.
func (w *walk) conversations(s *state, v *twiml.Dial, targets []string) {
	talked := move{by: others, text: "somebody answers", took: answersAfter + talksFor}
	plain := len(v.Nouns) == 0
	for i, n := range v.Nouns {
		link, method, sc := "", "", whisper
		switch n := n.(type) {
		case *twiml.Number:
			link, method = n.URL, n.Method
		case *twiml.Client:
			link, method = n.URL, n.Method
		case *twiml.Sip:
			link, method = n.URL, n.Method
		case *twiml.Queue:
			link, method, sc = n.URL, n.Method, queueWhisper
			talked.unplayed = true
		default:
			talked.unplayed = true
		}
		if link == "" {
			plain = true
			continue
		}
		f := w.frame(occasion{page: s.page, verb: s.at, noun: i, within: s.within, what: sc.name}, sc)
		m := move{by: others, text: targets[i] + " answers", took: answersAfter, unplayed: true,
			events: []Event{{At: s.took + answersAfter, Leg: targets[i], Kind: Answers}}}
		w.link(s, m, link, method, nil, spot{within: f, answered: s.answered, heard: s.heard})
	}
	if !plain {
		return
	}
	for i, t := range targets {
		does := "no-answer"
		if i == 0 {
			does = "answer"
		}
		talked.callees = append(talked.callees, t+"="+does)
	}
	talked.events = []Event{
		{At: s.took + answersAfter, Leg: Caller, Kind: Connects, Text: targets[0]},
		{At: s.took + talked.took, Leg: Caller, Kind: Parts, Text: targets[0], Length: talksFor},
	}
	w.dialled(s, s.page, v, talked, "completed", true, s.here())
}

// frame returns the frame of an occasion.
func (w *walk) frame(o occasion, sc scene) *frame {
	f := w.frames[o]
	if f == nil {
		f = &frame{occasion: o, scene: sc}
		w.frames[o] = f
	}
	return f
}

// dialled goes on after a Dial of a page: with its action, or behind it.
func (w *walk) dialled(s *state, p *page, v *twiml.Dial, m move, status string, bridged bool, at spot) {
	at.answered = at.answered || bridged
	at.heard = bridged
	if v.Action == "" {
		w.turn(s, m, at)
		return
	}
	w.linkFrom(s, p.document, m, v.Action, v.Method, dialled(status, bridged), at)
}

// accepted and declined are the ends of a whisper. After a decline, two
// statuses are possible.
func (w *walk) accepted(s *state) {
	v := s.within.page.verbs[s.within.verb].(*twiml.Dial)
	m := move{by: others, text: "the call is accepted", took: talksFor, unplayed: true, events: []Event{
		{At: s.took, Leg: s.leg(), Kind: Accepts},
		{At: s.took, Leg: Caller, Kind: Connects, Text: s.leg()},
		{At: s.took + talksFor, Leg: Caller, Kind: Parts, Text: s.leg(), Length: talksFor},
	}}
	w.dialled(s, s.within.page, v, m, "completed", true, s.behind())
}

func (w *walk) declined(s *state) {
	v := s.within.page.verbs[s.within.verb].(*twiml.Dial)
	for _, status := range []string{"completed", "no-answer"} {
		m := move{by: others, text: "the call is declined", unplayed: true, events: []Event{
			{At: s.took, Leg: s.leg(), Kind: Declines},
			{At: s.took, Leg: Caller, Kind: Reports, Text: "DialCallStatus=" + status + ", DialBridged=false"},
		}}
		w.dialled(s, s.within.page, v, m, status, false, s.behind())
	}
}

// behind is the spot behind the verb that a state is in the middle of.
func (s *state) behind() spot {
	return spot{page: s.within.page, verb: s.within.verb + 1, within: s.within.within, answered: true, heard: s.heard}
}

// results is every QueueResult but those that the caller's wait brings about
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
		m := move{by: twilio, text: o.text, unplayed: true, events: []Event{
			{At: s.took, Leg: Caller, Kind: Reports, Text: "QueueResult=" + o.result}}}
		if o.result == "queue-full" {
			m.by, m.events[0] = others, Event{At: s.took, Leg: Caller, Kind: QueueFull, Text: strings.TrimSpace(v.Name)}
		}
		at := s.here()
		at.heard = o.bridged
		w.queued(s, s.page, v, m, o.result, at)
	}
	w.inform(s, v.Action, v.Method, url.Values{"QueueResult": {"hangup"}})
	f := w.frame(occasion{page: s.page, verb: s.at, within: s.within, what: waiting.name}, waiting)
	f.extra = queueParameters
	in := move{by: nobody, events: []Event{{At: s.took, Leg: Caller, Kind: Waits, Text: strings.TrimSpace(v.Name)}}}
	if v.WaitURL == nil || *v.WaitURL == "" {
		w.taken(s, f, in)
		w.note(Finding{Law: Bounded, Document: s.page.path,
			Text: "the caller waits without end, unless somebody takes them from the queue: the wait document never lets them leave"}, s, len(s.moves)-1)
		return
	}
	r, err := s.page.follow(*v.WaitURL, v.WaitURLMethod, nil)
	if err != nil {
		w.fail(s, in, w.faulty(err, &request{url: s.page.url}), s.spot)
		return
	}
	f.wait = r
	w.taken(s, f, in)
	w.move(s, in, r, spot{within: f, answered: true, heard: s.heard})
}

// queueParameters come with a request for a wait document, of a caller who is
// the first and has just come. A bundle does not look at them.
var queueParameters = url.Values{
	"QueueTime": {"0"}, "AvgQueueTime": {"0"}, "QueuePosition": {"1"}, "CurrentQueueSize": {"1"}, "MaxQueueSize": {"1000"},
}

// taken adds the move in which an agent takes the caller out of the queue.
func (w *walk) taken(s *state, f *frame, m move) {
	v := f.page.verbs[f.verb].(*twiml.Enqueue)
	m.by, m.text, m.took, m.unplayed = others, "an agent takes the caller", answersAfter+talksFor, true
	m.events = append(m.events[:len(m.events):len(m.events)],
		Event{At: s.took + answersAfter, Leg: Caller, Kind: Leaves, Text: "taken", Length: answersAfter},
		Event{At: s.took + answersAfter, Leg: Caller, Kind: Connects, Text: "an agent"},
		Event{At: s.took + m.took, Leg: Caller, Kind: Parts, Text: "an agent", Length: talksFor})
	w.queued(s, f.page, v, m, "bridged", spot{page: f.page, verb: f.verb + 1, within: f.occasion.within, answered: true, heard: true})
}

// leave is a Leave: the action is requested, or the next verb runs.
func (w *walk) leave(s *state) {
	f := s.within
	v := f.page.verbs[f.verb].(*twiml.Enqueue)
	m := move{by: silence, text: "the wait is over", events: []Event{{At: s.took, Leg: Caller, Kind: Leaves, Text: "leave"}}}
	at := s.behind()
	at.heard = false
	w.queued(s, f.page, v, m, "leave", at)
	if v.Action != "" {
		m.unplayed = true
		w.turn(s, m, at)
	}
}

// queued goes on after an Enqueue of a page.
func (w *walk) queued(s *state, p *page, v *twiml.Enqueue, m move, result string, at spot) {
	if v.Action == "" {
		w.turn(s, m, at)
		return
	}
	extra := url.Values{}
	if result != "" {
		extra.Set("QueueResult", result)
	}
	w.linkFrom(s, p.document, m, v.Action, v.Method, extra, at)
}

// checkQueue holds the name of a queue to those that the bundle lists.
func (w *walk) checkQueue(s *state, name string) {
	name = strings.TrimSpace(name)
	if w.files == nil || w.files.queues[name] {
		return
	}
	w.note(Finding{Law: Described, Document: s.page.path,
		Text: fmt.Sprintf("the queue is called %q, and the manifest knows none of that name: it has no size, and nobody takes its callers", name)}, s, -1)
}
