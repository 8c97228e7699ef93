package compiler

// Lowering menus. Each attempt has a Gather and a decision of its own, so that
// the count of attempts is in the URL: no caller, silent or confused, can go
// round in circles.

import (
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// menu lowers a menu.
func (l *lowering) menu(s *section, m *menu, record bool) {
	l.describeMenu(s, m, record)
	failure := func(after *message) *step { return l.finish(s, m, m.onFailure, record, m.at, after) }
	for k := 1; k <= m.attempts; k++ {
		s.add(fmt.Sprintf("menu-%d", k), &step{l.attempt(s, m, k, k == 1), m.at})
		var wrong, silent *step
		if k < m.attempts {
			next := l.attempt(s, m, k+1, false)
			wrong = &step{append(l.say(m.invalid), next...), m.at}
			silent = &step{append(l.say(m.noInput), next...), m.at}
		} else {
			wrong, silent = failure(m.invalid), failure(m.noInput)
		}
		answers := map[string]*step{"_": silent}
		for _, o := range m.options {
			if o.to != nil {
				answers[answerName(o.key)] = l.enter(s, m, o.exit, record)
			}
		}
		if m.backTo != nil {
			answers[answerName(m.back)] = l.goBack(s, m, record)
		}
		if m.repeat != "" {
			answers[answerName(m.repeat)] = &step{l.attempt(s, m, k, false), m.at}
		}
		s.decide(fmt.Sprintf("digits-%d", k), wrong, answers)
	}
}

// goBack leads to the menu before, without its welcome.
func (l *lowering) goBack(s *section, m *menu, record bool) *step {
	to := l.section(m.backTo, record)
	s.lead(to)
	return &step{l.attempt(to, m.backTo, 1, false), m.at}
}

// attempt is what a caller hears at the k-th attempt, and what follows silence.
func (l *lowering) attempt(s *section, m *menu, k int, welcome bool) []twiml.Verb {
	everyKey := ""
	gather := &twiml.Gather{
		Action: s.link(fmt.Sprintf("digits-%d", k)), Method: get,
		NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(m.timeout / time.Second)),
	}
	if welcome {
		gather.Prompt = l.say(m.welcome)
	}
	gather.Prompt = append(gather.Prompt, l.prompt(m)...)
	verbs := []twiml.Verb{gather}
	if k < m.attempts {
		verbs = append(verbs, l.say(m.noInput)...)
		return append(verbs, &twiml.Redirect{Method: get, URL: s.link(fmt.Sprintf("menu-%d.xml", k+1))})
	}
	// After the last attempt silence leads where a missing key does.
	return append(verbs, &twiml.Redirect{Method: get, URL: s.link(fmt.Sprintf("digits-%d._.xml", k))})
}

// prompt is what a menu says about its keys.
func (l *lowering) prompt(m *menu) []twiml.Verb {
	if m.audioPrompt != nil {
		return l.say(m.audioPrompt)
	}
	p := l.model.project
	return []twiml.Verb{&twiml.Say{Voice: p.voice, Language: p.language, Text: m.spokenPrompt(p.texts)}}
}

// spokenPrompt is the text of a menu's prompt.
func (m *menu) spokenPrompt(t *texts) string {
	var parts []string
	for _, o := range m.options {
		parts = append(parts, o.prompt)
	}
	if m.repeat != "" {
		parts = append(parts, strings.ReplaceAll(t.Repeat, "${key}", t.spokenKey(m.repeat)))
	}
	if m.backTo != nil {
		parts = append(parts, strings.ReplaceAll(t.Back, "${key}", t.spokenKey(m.back)))
	}
	return strings.Join(parts, " ")
}

// answerName is the name part of the document that answers a key.
func answerName(k key) string {
	switch k {
	case "*":
		return "star"
	case "#":
		return "pound"
	}
	return string(k)
}

// spokenKey is how a key is called aloud.
func (t *texts) spokenKey(k key) string {
	switch k {
	case "*":
		return t.Star
	case "#":
		return t.Pound
	}
	return string(k)
}
