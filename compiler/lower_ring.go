package compiler

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

	"github.com/ivrc/ivrc/compiler/twiml"
)

// ringGroup lowers a ring group.
func (l *lowering) ringGroup(s *section, g *ringGroup, record bool) {
	l.describeRingGroup(s, g, record)
	if len(g.users) == 0 {
		return // reported already
	}
	s.add("ring-1", &step{l.dial(s, g, 0, dialName("dial", 0, true), record), g.at})
	l.rounds(s, g, "dial", record, func(busy bool) *step {
		if busy {
			return l.finish(s, g, g.onBusy, record, g.at, g.busy)
		}
		return l.finish(s, g, g.onUnavailable, record, g.at, g.unavailable)
	})
}

// rounds lowers the decisions of all rounds. Their names begin with prefix;
// nobody gives the step when the last round has ended without an answer.
func (l *lowering) rounds(s *section, g *ringGroup, prefix string, record bool, nobody func(busy bool) *step) {
	rounds := g.rounds()
	ends := map[bool]*step{true: nobody(true), false: nobody(false)}
	talked := &step{[]twiml.Verb{&twiml.Hangup{}}, g.at}
	for i := range rounds {
		for _, busy := range []bool{true, false} {
			if i == 0 && !busy {
				continue
			}
			next := func(busy bool) *step {
				if i == rounds-1 {
					return ends[busy]
				}
				return &step{l.dial(s, g, i+1, dialName(prefix, i+1, busy), record), g.at}
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
func (l *lowering) dial(s *section, g *ringGroup, round int, decision string, record bool) []twiml.Verb {
	d := &twiml.Dial{
		Action: s.link(decision), Method: get,
		Timeout: int(g.interval / time.Second), CallerID: g.callerID,
	}
	if g.record != nil {
		record = *g.record
	}
	if record {
		d.Record = recorded
	}
	for _, u := range g.round(round) {
		d.Nouns = append(d.Nouns, l.noun(s, u))
	}
	return []twiml.Verb{d}
}

// noun is a user as Dial rings them.
func (l *lowering) noun(s *section, u *user) twiml.Noun {
	url, method := "", ""
	if u.confirm {
		l.needBaseURL(u.at, "The question to the user before the call is connected has an absolute address")
		s.lead(l.confirmation())
		url, method = "absolute:"+confirmID+"/confirm.xml", get
	}
	switch u.kind {
	case "sip":
		return &twiml.Sip{URL: url, Method: method, URI: u.address}
	case "client":
		return &twiml.Client{URL: url, Method: method, Identity: u.address}
	}
	return &twiml.Number{URL: url, Method: method, Number: u.address}
}

const confirmID = "confirm"

// confirmTimeout is how long a user has to press 1, each time they are asked.
const confirmTimeout = 5 * time.Second

// confirmation is the section that asks a user to press 1 before the caller is
// connected, so that no answering machine takes a call. It may hold Say, Play,
// Gather and Hangup only (https://www.twilio.com/docs/voice/twiml/number).
// Accepting is a document that ends; declining hangs up.
func (l *lowering) confirmation() *section {
	s, fresh := l.open(confirmID, confirmID, l.model.project.at)
	if !fresh {
		return s
	}
	p := l.model.project
	say := func(text string) *twiml.Say { return &twiml.Say{Voice: p.voice, Language: p.language, Text: text} }
	ask := func(attempt int, text string) twiml.Verb {
		everyKey := ""
		return &twiml.Gather{
			Action: s.link(fmt.Sprintf("digits-%d", attempt)), Method: get,
			NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(confirmTimeout / time.Second)), Prompt: []twiml.Verb{say(text)},
		}
	}
	accepted := &step{[]twiml.Verb{say(p.texts.Accepted)}, p.at}
	declined := &step{[]twiml.Verb{&twiml.Hangup{}}, p.at}
	again := &step{[]twiml.Verb{ask(2, p.texts.ConfirmAgain), &twiml.Hangup{}}, p.at}
	s.add("confirm", &step{append([]twiml.Verb{ask(1, p.texts.Confirm)}, again.verbs...), p.at})
	s.decide("digits-1", again, map[string]*step{"1": accepted})
	s.decide("digits-2", declined, map[string]*step{"1": accepted})
	l.describeConfirmation(s)
	return s
}
