package explorer

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// What can come of a Dial. Of several people whose telephones ring at once, no combination
// has to be tried: Twilio reports one status for all of them, so the outcomes are
// that everybody is busy, that nobody answers, and that each of them answers.

// statuses is every DialCallStatus
// (https://www.twilio.com/docs/voice/twiml/dial#attributes-action).
var statuses = []struct {
	status, text string
	does         script.Reaction // of every callee; "" if only Twilio can cause it
	kind         simulator.Kind
	bridged      bool
}{
	{"busy", "everybody is busy", script.Busy, simulator.Busy, false},
	{"no-answer", "nobody answers", script.NoAnswer, simulator.NoAnswer, false},
	{"failed", "nobody can be reached", script.Fail, simulator.Fails, false},
	{"canceled", "the ringing is cancelled", "", simulator.Reports, false},
	{"answered", "Twilio reports a conference", "", simulator.Reports, true},
	{"", "Twilio reports no status", "", simulator.Reports, false},
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
	s.say(simulator.Event{Leg: simulator.Caller, Kind: simulator.Dials, Text: strings.Join(targets, ", ")})
	phones := onlyPhones(v)
	for _, o := range statuses {
		m := move{by: others, text: o.text, took: refusesAfter, unplayed: o.does == "" || !phones}
		if o.does == "" {
			m.by = twilio
		}
		if o.does == script.NoAnswer {
			m.took = simulator.RingTime(v)
		}
		m.events = []simulator.Event{{At: s.took + m.took, Leg: simulator.Caller, Kind: simulator.Reports, Text: "DialCallStatus=" + o.status}}
		if o.does != "" && phones {
			m.events = nil
			for _, t := range targets {
				m.callees = append(m.callees, reaction{t, o.does})
				m.events = append(m.events, simulator.Event{At: s.took + m.took, Leg: t, Kind: o.kind})
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
		_, phone := simulator.TargetOf(n)
		return !phone
	})
}

// targets lists whom a Dial names, and checks that queues exist.
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

// address returns what a noun dials.
func address(n twiml.Noun) string {
	if t, phone := simulator.TargetOf(n); phone {
		return t.Address
	}
	return twiml.Name(n)
}

// conversations adds the moves in which somebody answers: those with a whisper,
// one by one, and all the others in one move.
func (w *walk) conversations(s *state, v *twiml.Dial, targets []string) {
	talked := move{by: others, text: "somebody answers", took: answersAfter + talksFor}
	direct := len(v.Nouns) == 0
	for i, n := range v.Nouns {
		t, phone := simulator.TargetOf(n)
		kind := simulator.Whisper
		if q, ok := n.(*twiml.Queue); ok {
			t.URL, t.Method, kind = q.URL, q.Method, simulator.QueueWhisper
		}
		talked.unplayed = talked.unplayed || !phone
		if t.URL == "" {
			direct = true
			continue
		}
		within := w.context(contextKey{page: s.page, verb: s.at, noun: i, within: s.within, kind: kind})
		m := move{by: others, text: targets[i] + " answers", took: answersAfter, unplayed: true,
			events: []simulator.Event{{At: s.took + answersAfter, Leg: targets[i], Kind: simulator.Answers}}}
		w.link(s, m, t.URL, t.Method, nil, position{within: within, answered: s.answered, heard: s.heard})
	}
	if slices.ContainsFunc(v.Nouns, func(n twiml.Noun) bool { return twiml.Name(n) == "Queue" }) {
		gone := move{by: twilio, text: "the caller in the queue is gone before", unplayed: true, took: refusesAfter, events: []simulator.Event{
			{At: s.took + refusesAfter, Leg: simulator.Caller, Kind: simulator.Reports, Text: "DialCallStatus=completed, DialBridged=false"}}}
		w.dialled(s, s.page, v, gone, "completed", false, s.here())
	}
	if !direct {
		return
	}
	for i, t := range targets {
		does := script.NoAnswer
		if i == 0 {
			does = script.Answer
		}
		talked.callees = append(talked.callees, reaction{t, does})
	}
	talked.events = []simulator.Event{
		{At: s.took + answersAfter, Leg: simulator.Caller, Kind: simulator.Connects, Text: targets[0]},
		{At: s.took + talked.took, Leg: simulator.Caller, Kind: simulator.Parts, Text: targets[0], Length: talksFor},
	}
	w.dialled(s, s.page, v, talked, "completed", true, s.here())
}

// dialled continues after a Dial of a page: with its action, or with the next verb.
func (w *walk) dialled(s *state, p *page, v *twiml.Dial, m move, status string, bridged bool, at position) {
	at.answered = at.answered || bridged
	at.heard = bridged
	if v.Action == "" {
		w.turn(s, m, at)
		return
	}
	extra := url.Values{"DialBridged": {strconv.FormatBool(bridged)}}
	if status != "" {
		extra.Set("DialCallStatus", status)
	}
	w.linkFrom(s, p.Document, m, v.Action, v.Method, extra, at)
}

// accepted and declined are the ends of a whisper. A declined call is completed and
// not bridged, since 2020-12-09 (https://www.twilio.com/docs/voice/twiml/changelog).
func (w *walk) accepted(s *state) {
	v := s.within.page.Verbs[s.within.verb].(*twiml.Dial)
	m := move{by: others, text: "the call is accepted", took: talksFor, unplayed: true, events: []simulator.Event{
		{At: s.took, Leg: s.leg(), Kind: simulator.Accepts},
		{At: s.took, Leg: simulator.Caller, Kind: simulator.Connects, Text: s.leg()},
		{At: s.took + talksFor, Leg: simulator.Caller, Kind: simulator.Parts, Text: s.leg(), Length: talksFor},
	}}
	w.dialled(s, s.within.page, v, m, "completed", true, s.after())
}

func (w *walk) declined(s *state) {
	v := s.within.page.Verbs[s.within.verb].(*twiml.Dial)
	m := move{by: others, text: "the call is declined", unplayed: true, events: []simulator.Event{
		{At: s.took, Leg: s.leg(), Kind: simulator.Declines},
		{At: s.took, Leg: simulator.Caller, Kind: simulator.Reports, Text: "DialCallStatus=completed, DialBridged=false"},
	}}
	w.dialled(s, s.within.page, v, m, "completed", false, s.after())
}

// unwhispered adds the moves after a whisper that cannot be fetched: the parties are
// not connected, or they are nevertheless.
func (w *walk) unwhispered(s *state, m move, c *callContext) {
	v := c.page.Verbs[c.verb].(*twiml.Dial)
	at := position{page: c.page, verb: c.verb + 1, within: c.contextKey.within, answered: true, heard: s.heard}
	m.text, m.end = "the call is not connected, because its whisper fails", ""
	w.dialled(s, c.page, v, m, "completed", false, at)
	m.text = "the call is connected, although its whisper fails"
	w.dialled(s, c.page, v, m, "completed", true, at)
}

// after returns the position after the verb that a state is in the middle of.
func (s *state) after() position {
	return position{page: s.within.page, verb: s.within.verb + 1, within: s.within.within, answered: true, heard: s.heard}
}
