package lower

// Lowering menus. Each attempt has a Gather and a decision of its own, so that
// the count of attempts is in the URL: no caller, silent or confused, can go
// round in circles.

import (
	"fmt"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// menu lowers a menu.
func (l *lowering) menu(s *section, m *model.MenuNode, record bool) {
	l.describeMenu(s, m, record)
	failure := func(after *model.MessageNode) *step { return l.finish(s, m, m.OnFailure, record, m.At, after) }
	for k := 1; k <= m.Attempts; k++ {
		s.add(fmt.Sprintf("menu-%d", k), &step{l.attempt(s, m, k, k == 1), m.At})
		var wrong, silent *step
		if k < m.Attempts {
			next := l.attempt(s, m, k+1, false)
			wrong = &step{append(l.say(m.Invalid), next...), m.At}
			silent = &step{append(l.say(m.NoInput), next...), m.At}
		} else {
			wrong, silent = failure(m.Invalid), failure(m.NoInput)
		}
		answers := map[string]*step{"_": silent}
		for _, o := range m.Options {
			if o.To != nil {
				answers[answerName(o.Key)] = l.enter(s, m, o.Link, record)
			}
		}
		if m.BackTo != nil {
			answers[answerName(m.Back)] = l.goBack(s, m, record)
		}
		if m.Repeat != "" {
			answers[answerName(m.Repeat)] = &step{l.attempt(s, m, k, false), m.At}
		}
		s.decide(fmt.Sprintf("digits-%d", k), wrong, answers)
	}
}

// goBack leads to the menu before, without its welcome.
func (l *lowering) goBack(s *section, m *model.MenuNode, record bool) *step {
	to := l.section(m.BackTo, record)
	s.lead(to)
	return &step{l.attempt(to, m.BackTo, 1, false), m.At}
}

// attempt is what a caller hears at the k-th attempt, and what follows silence.
func (l *lowering) attempt(s *section, m *model.MenuNode, k int, welcome bool) []twiml.Verb {
	everyKey := ""
	gather := &twiml.Gather{
		Action: s.link(fmt.Sprintf("digits-%d", k)), Method: get,
		NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(m.Timeout / time.Second)),
	}
	if welcome {
		gather.Prompt = l.say(m.Welcome)
	}
	gather.Prompt = append(gather.Prompt, l.prompt(m)...)
	verbs := []twiml.Verb{gather}
	if k < m.Attempts {
		verbs = append(verbs, l.say(m.NoInput)...)
		return append(verbs, &twiml.Redirect{Method: get, URL: s.link(fmt.Sprintf("menu-%d.xml", k+1))})
	}
	// After the last attempt silence leads where a missing key does.
	return append(verbs, &twiml.Redirect{Method: get, URL: s.link(fmt.Sprintf("digits-%d._.xml", k))})
}

// prompt is what a menu says about its keys.
func (l *lowering) prompt(m *model.MenuNode) []twiml.Verb {
	if m.AudioPrompt != nil {
		return l.say(m.AudioPrompt)
	}
	p := l.model.Project
	return []twiml.Verb{&twiml.Say{Voice: p.Voice, Language: p.Language, Text: m.SpokenPrompt(p.Texts)}}
}

// answerName is the name part of the document that answers a key.
func answerName(k model.Key) string {
	switch k {
	case "*":
		return "star"
	case "#":
		return "pound"
	}
	return string(k)
}
