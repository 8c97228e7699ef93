package lower

// Lowering numbers: where calls begin, and what callers hear when something fails.

import (
	"fmt"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// number lowers a number: what answers it, and what it falls back to.
func (l *lowering) number(n *model.InboundNumber) {
	s, _ := l.open(bundle.KindNumber+"."+n.Name, bundle.KindNumber+"."+n.Name, n.At)
	l.describeNumber(s, n)
	l.flow.fallbacks[n] = l.fallback(n)
	switch {
	case n.Offline != nil:
		s.add(bundle.AnswerName, &step{append(l.say(n.Offline), &twiml.Hangup{}), n.At})
	case n.To == nil:
	case n.Anonymous != nil:
		if l.model.Hosting.DecisionsURL != "" { // numbers are pointed at documents
			s.add(bundle.AnswerName, &step{[]twiml.Verb{&twiml.Redirect{Method: get, URL: s.link(bundle.FromName)}}, n.At})
		}
		s.decide(bundle.FromName, l.answer(s, n), map[string]*step{bundle.WithheldAnswer: l.enter(s, nil, *n.Anonymous, n.Record)})
	default:
		s.add(bundle.AnswerName, l.answer(s, n))
	}
}

// answer is what callers of a number meet, or the agents of an agents' line.
func (l *lowering) answer(s *section, n *model.InboundNumber) *step {
	line, ok := n.To.To.(*model.AgentsLine)
	if !ok {
		return l.enter(s, nil, *n.To, n.Record)
	}
	dial := &twiml.Dial{
		Action: s.link(bundle.TakeName), Method: get, Timeout: model.AgentPatience,
		Nouns: []twiml.Noun{&twiml.Queue{Name: line.Queue.FriendlyName}},
	}
	if line.Record {
		dial.Record = recorded
	}
	nobody := &step{append(l.say(line.Idle), &twiml.Hangup{}), n.At}
	s.decideCall(bundle.TakeName, n.At, nobody, map[string]*step{})
	return &step{[]twiml.Verb{dial}, n.At}
}

const recorded = "record-from-answer-dual" // both parties, each on a channel

// fallback lowers what callers of a number hear when something fails, and where they
// go on: one section for each different one.
func (l *lowering) fallback(n *model.InboundNumber) *section {
	applications := l.applicationsOf(n)
	words := l.fallbackWords(n)
	id := (&step{words, n.At}).String()
	if len(applications) > 0 {
		id += fmt.Sprint(failures(l.model, n, applications), n.Language, n.Record)
	}
	if n.FallsBack != nil {
		id += n.FallsBack.To.Address()
		if to := l.section(n.FallsBack.To, n.Record); to != nil {
			id += " " + to.id
		}
	}
	if s := l.fallbacks[id]; s != nil {
		return s
	}
	s, _ := l.open(fmt.Sprintf("%s.%d", bundle.KindFallback, len(l.fallbacks)+1), bundle.KindFallback, n.At)
	l.fallbacks[id] = s
	s.says("fallback", n.Fallback)
	st := &step{append(words, &twiml.Hangup{}), n.At}
	if n.FallsBack != nil {
		st = l.enter(s, nil, *n.FallsBack, n.Record)
		st.verbs = append(words, st.verbs...)
		l.goes(s, "fallback", "", n.FallsBack, n.Record)
	}
	if len(applications) == 0 {
		s.add(bundle.FallbackName, st)
		return s
	}
	l.fails(s, n, applications, st)
	return s
}

// fails lowers which application has failed. What failed may have an address that does
// not tell: an application can lead a call to another host. Where all applications lead
// to one place, that is where callers go on, unless it is a document of the bundle that
// failed, which could be the very one to which they would go on.
func (l *lowering) fails(s *section, n *model.InboundNumber, applications []*model.ApplicationNode, words *step) {
	otherwise, answers := words, map[string]*step{}
	for _, a := range applications {
		answers[applicationWord(l.model, a)] = l.failed(s, a, n.Record)
		l.goes(s, bundle.KindApplication+"."+applicationWord(l.model, a), "", a.OnFailure, n.Record)
	}
	if a := someApplication(l.model, n, applications); a != nil {
		otherwise, answers[bundle.DocumentAnswer] = answers[applicationWord(l.model, a)], words
		l.goes(s, bundle.KindApplication, "", a.OnFailure, n.Record)
	}
	s.fallback = failures(l.model, n, applications)
	s.decide(s.fallback, otherwise, answers)
}

// fallbackWords is what callers hear when something fails. The voice can be what failed;
// without one the account's speaks.
func (l *lowering) fallbackWords(n *model.InboundNumber) []twiml.Verb {
	var words []twiml.Verb
	for _, part := range n.Fallback.Each() {
		plain := *part
		plain.Voice = ""
		words = append(words, l.say(&plain)...)
	}
	return words
}

// describeNumber says what answers the number.
func (l *lowering) describeNumber(s *section, n *model.InboundNumber) {
	s.set("phone_number", n.Phone)
	if n.Language != l.model.Project.Language {
		s.set("language", n.Language)
	}
	s.says("fallback", n.Fallback)
	l.describeAnswer(s, n)
	if n.FallsBack != nil {
		l.goes(s, "fallback", "", n.FallsBack, n.Record)
	}
}

// describeAnswer says what callers of the number meet, as long as nothing fails.
func (l *lowering) describeAnswer(s *section, n *model.InboundNumber) {
	if n.Offline != nil {
		s.set("status", "offline")
		s.says("offline", n.Offline)
		return
	}
	if n.To == nil {
		return
	}
	if line, ok := n.To.To.(*model.AgentsLine); ok {
		s.set("take", line.Queue.Address())
		s.set("record", yes(line.Record))
		s.says("idle", line.Idle)
		return
	}
	l.goes(s, "answer", "", n.To, n.Record)
	if n.Anonymous != nil {
		l.goes(s, "anonymous", "", n.Anonymous, n.Record)
	}
}
