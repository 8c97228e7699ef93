package lower

// Lowering menus. Each attempt has a Gather and a decision of its own, so that
// the count of attempts is in the URL: no caller, silent or confused, can go
// round and round.

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A menuLowering lowers one menu.
type menuLowering struct {
	*lowering
	s      *section
	menu   *model.MenuNode
	record bool
}

func (l menuLowering) entry(model.Node) []twiml.Verb {
	return l.attempt(l.s, l.menu, 1, l.menu.Welcome)
}

func (l menuLowering) fill() {
	s, m := l.s, l.menu
	l.describe()
	noInput, invalid := m.LastWords()
	failed, missed := l.finish(s, m, m.AfterInvalid(), l.record, m.At, invalid), l.finish(s, m, m.AfterSilence(), l.record, m.At, noInput)
	chosen := l.chosen()
	asked := &step{l.attempt(s, m, 1, m.Welcome), m.At}
	for k := 1; k <= m.Attempts; k++ {
		s.add(attemptName(m, k), asked)
		wrong, silent := failed, missed
		if k < m.Attempts {
			asked = &step{l.attempt(s, m, k+1, model.Word(m.NoInput, k)), m.At}
			wrong, silent = &step{l.attempt(s, m, k+1, model.Word(m.Invalid, k)), m.At}, asked
		}
		answers := maps.Clone(chosen)
		answers[bundle.Otherwise] = silent
		if m.Repeat != "" {
			answers[bundle.KeyAnswer(string(m.Repeat))] = &step{l.attempt(s, m, k, nil), m.At}
		}
		if m.Open != nil {
			l.open(l.failed(s, m.Open.To.(*model.ApplicationNode), l.record), k, wrong)
			continue
		}
		s.decide(l.asks(m, k), wrong, answers)
	}
	if m.Open != nil {
		s.add(attemptName(m, m.Attempts+1), missed)
	}
}

// chosen is what follows the keys that lead to another block. It is the same at
// every attempt, and made once.
func (l menuLowering) chosen() map[string]*step {
	s, m := l.s, l.menu
	answers := map[string]*step{}
	for _, o := range m.Options {
		if o.To != nil {
			answers[bundle.KeyAnswer(string(o.Key))] = l.enter(s, m, o.Link, l.record)
		}
	}
	if m.BackTo != nil {
		answers[bundle.KeyAnswer(string(m.Back))] = l.goBack(s, m, l.record)
	}
	for _, e := range m.Extensions {
		answers[e.Digits] = l.enter(s, m, e.Link, l.record)
	}
	return answers
}

// asks is the name of the decision about the key that is pressed at an attempt,
// with the keys that the menu knows.
func (l *lowering) asks(m *model.MenuNode, attempt int) string {
	return l.digits(bundle.DigitsName(attempt), m.Keys()...)
}

// digits is the name of a decision about some keys; where the router cannot compare
// a key with a list, about all.
func (l *lowering) digits(name string, keys ...model.Key) string {
	if l.model.Hosting.Deployment.Router == model.RouterBin {
		return name
	}
	var words []string
	for _, key := range keys {
		words = append(words, bundle.KeyAnswer(string(key)))
	}
	return bundle.DecisionName(name, words)
}

// goBack leads to the menu before, without its welcome.
func (l *lowering) goBack(s *section, m *model.MenuNode, record bool) *step {
	to := l.section(m.BackTo, record)
	s.lead(to)
	return &step{l.attempt(to, m.BackTo, 1, nil), m.At}
}

// attempt asks for a key for the k-th time, after something else has been said,
// and says what follows silence. All that is said can be cut short by a key. What
// is asked again without a word waits for callers who think; see [model.Extension].
func (l *lowering) attempt(s *section, m *model.MenuNode, k int, before *model.MessageNode) []twiml.Verb {
	each, times := m.Patience()
	finish := string(m.Finish)
	action, method := s.link(l.asks(m, k)), get
	if m.Open != nil {
		action, method = l.handOver(s, m.Open.To.(*model.ApplicationNode), k, m), post
	}
	var verbs []twiml.Verb
	for range times {
		verbs = append(verbs, &twiml.Gather{
			Action: action, Method: method,
			NumDigits: m.Digits(), FinishOnKey: &finish, Timeout: fmt.Sprint(int(each / time.Second)),
		})
	}
	verbs[0].(*twiml.Gather).Prompt = append(l.say(before), l.prompt(m)...)
	if k < m.Attempts {
		return append(verbs, &twiml.Redirect{Method: get, URL: s.document(attemptName(m, k+1))})
	}
	if m.Open != nil { // there is no decision about the digits
		return append(verbs, &twiml.Redirect{Method: get, URL: s.document(attemptName(m, k+1))})
	}
	// After the last attempt silence leads where a request without a key does.
	return append(verbs, &twiml.Redirect{Method: get, URL: s.answer(bundle.DigitsName(k), bundle.Otherwise)})
}

// prompt is what a menu says about its keys.
func (l *lowering) prompt(m *model.MenuNode) []twiml.Verb {
	if m.AudioPrompt != nil {
		return l.say(m.AudioPrompt)
	}
	verbs := l.say(m.Question)
	for _, part := range m.SpokenPrompt(l.model.Speaking(m)) {
		verbs = append(verbs, l.say(part)...)
	}
	return verbs
}

// attemptName names the document that begins an attempt.
func attemptName(m *model.MenuNode, k int) string {
	if m.Kind == bundle.KindEntry {
		return bundle.EntryName(k)
	}
	return bundle.MenuName(k)
}

// describe says what the menu asks, and where its keys lead.
func (l menuLowering) describe() {
	s, m := l.s, l.menu
	s.set("timeout", script.Duration(m.Timeout))
	s.set("attempts", strconv.Itoa(m.Attempts))
	s.set("back", string(m.Back))
	s.set("repeat", string(m.Repeat))
	spoken := m.SpokenPrompt(s.speaks)
	switch {
	case m.Kind == bundle.KindEntry:
		s.set("finish", string(m.Finish))
		if m.Open != nil {
			s.set("digits", strconv.Itoa(m.Longest))
			s.set("secret", yes(m.Secret))
		}
		s.says("prompt", m.Question)
		s.speak("options", spoken)
	case len(m.Extensions) > 0:
		s.set("extension_timeout", script.Duration(m.ExtensionTimeout))
	}
	s.says("welcome", m.Welcome)
	switch {
	case m.AudioPrompt != nil:
		s.says("prompt", m.AudioPrompt)
	case m.Kind == bundle.KindMenu:
		s.speak("prompt", spoken)
	}
	noInput, invalid := m.WordsHeard()
	s.word("invalid", m.Invalid, invalid)
	s.word("no_input", m.NoInput, noInput)
	for _, o := range m.Options {
		if o.To != nil {
			l.goes(s, string(o.Key), o.Label, &o.Link, l.record)
		}
	}
	if m.BackTo != nil {
		l.goes(s, string(m.Back), "back", &model.Link{To: m.BackTo, At: m.At}, l.record)
	}
	for _, e := range m.Extensions {
		l.goes(s, e.Digits, e.Label, &e.Link, l.record)
	}
	if m.Open != nil {
		l.goes(s, model.OnDigits, "", m.Open, l.record)
	}
	if !m.Apart() {
		l.goes(s, model.OnFailure, "", m.OnFailure, l.record)
		return
	}
	l.goes(s, model.OnSilence, "", m.AfterSilence(), l.record)
	if m.CanMistake() {
		l.goes(s, model.OnInvalid, "", m.AfterInvalid(), l.record)
	}
}
