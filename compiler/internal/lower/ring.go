package lower

// Lowering ring groups. A group is rung in rounds: simultaneously, everybody in
// each round; in sequence, one user a round. Each round is a Dial with a
// decision of its own. Whether everybody so far was busy is part of the
// decision's name, because the last round must know which message is true:
//
//	dial-1             the first round
//	dial-2-busy        the second, after a busy first
//	dial-2-unavailable the second, after a first that did not answer
//
// Of people who ring at the same time Twilio reports one status for all, which
// is taken as it is.

import (
	"fmt"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// ringGroup lowers a ring group.
func (l *lowering) ringGroup(s *section, g *model.RingGroupNode, record bool) {
	l.describeRingGroup(s, g, record)
	if len(g.Users) == 0 {
		return // reported already
	}
	s.add("ring-1", &step{l.dial(s, g, 0, dialName("dial", 0, true), record), g.At})
	l.rounds(s, g, "dial", record, func(busy bool) *step {
		if busy {
			return l.finish(s, g, g.OnBusy, record, g.At, g.Busy)
		}
		return l.finish(s, g, g.OnUnavailable, record, g.At, g.Unavailable)
	})
}

// rounds lowers the decisions of all rounds. Their names begin with prefix;
// nobody gives the step when the last round has ended without an answer.
func (l *lowering) rounds(s *section, g *model.RingGroupNode, prefix string, record bool, nobody func(busy bool) *step) {
	rounds := g.Rounds()
	ends := map[bool]*step{true: nobody(true), false: nobody(false)}
	talked := &step{[]twiml.Verb{&twiml.Hangup{}}, g.At}
	for i := range rounds {
		for _, busy := range []bool{true, false} {
			if i == 0 && !busy {
				continue
			}
			next := func(busy bool) *step {
				if i == rounds-1 {
					return ends[busy]
				}
				return &step{l.dial(s, g, i+1, dialName(prefix, i+1, busy), record), g.At}
			}
			unavailable := next(false)
			s.decide(dialName(prefix, i, busy), unavailable, map[string]*step{
				"completed": talked,
				"answered":  talked,
				"busy":      next(busy),
			})
		}
	}
}

// dialName names the decision after a round.
func dialName(prefix string, round int, busy bool) string {
	switch {
	case round == 0:
		return fmt.Sprintf("%s-1", prefix)
	case busy:
		return fmt.Sprintf("%s-%d-busy", prefix, round+1)
	}
	return fmt.Sprintf("%s-%d-unavailable", prefix, round+1)
}

// dial rings one round.
func (l *lowering) dial(s *section, g *model.RingGroupNode, round int, decision string, record bool) []twiml.Verb {
	d := &twiml.Dial{
		Action: s.link(decision), Method: get,
		Timeout: int(g.Interval / time.Second), CallerID: g.CallerID,
	}
	if g.Record != nil {
		record = *g.Record
	}
	if record {
		d.Record = recorded
	}
	for _, u := range g.Round(round) {
		d.Nouns = append(d.Nouns, l.noun(s, u))
	}
	return []twiml.Verb{d}
}

// noun is a user as Dial rings them.
func (l *lowering) noun(s *section, u *model.PhoneUser) twiml.Noun {
	url, method := "", ""
	if u.Confirm {
		l.needBaseURL(u.At, "The question to the user before the call is connected has an absolute address")
		s.lead(l.confirmation())
		url, method = "absolute:"+ConfirmID+"/confirm.xml", get
	}
	switch u.Kind {
	case "sip":
		return &twiml.Sip{URL: url, Method: method, URI: u.Address}
	case "client":
		return &twiml.Client{URL: url, Method: method, Identity: u.Address}
	}
	return &twiml.Number{URL: url, Method: method, Number: u.Address}
}

// ConfirmID is the address of the question to a user before a call is connected.
const ConfirmID = "confirm"

// confirmation is the section that asks a user to press 1 before the caller is
// connected, so that no answering machine takes a call. It may hold Say, Play,
// Gather and Hangup only (https://www.twilio.com/docs/voice/twiml/number).
// Accepting is a document that ends; declining hangs up.
func (l *lowering) confirmation() *section {
	s, fresh := l.open(ConfirmID, ConfirmID, l.model.Project.At)
	if !fresh {
		return s
	}
	p := l.model.Project
	say := func(text string) *twiml.Say { return &twiml.Say{Voice: p.Voice, Language: p.Language, Text: text} }
	ask := func(attempt int, text string) twiml.Verb {
		everyKey := ""
		return &twiml.Gather{
			Action: s.link(fmt.Sprintf("digits-%d", attempt)), Method: get,
			NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(model.ConfirmTimeout / time.Second)), Prompt: []twiml.Verb{say(text)},
		}
	}
	accepted := &step{[]twiml.Verb{say(p.Texts.Accepted)}, p.At}
	declined := &step{[]twiml.Verb{&twiml.Hangup{}}, p.At}
	again := &step{[]twiml.Verb{ask(2, p.Texts.ConfirmAgain), &twiml.Hangup{}}, p.At}
	s.add("confirm", &step{append([]twiml.Verb{ask(1, p.Texts.Confirm)}, again.verbs...), p.At})
	s.decide("digits-1", again, map[string]*step{"1": accepted})
	s.decide("digits-2", declined, map[string]*step{"1": accepted})
	l.describeConfirmation(s)
	return s
}
