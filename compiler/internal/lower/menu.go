package lower

// Lowering menus. Each attempt has a Gather and a decision of its own, so that
// the count of attempts is in the URL: no caller, silent or confused, can go
// round and round.

import (
	"fmt"
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
	for k := 1; k <= m.Attempts; k++ {
		s.add(bundle.MenuName(k), &step{l.attempt(s, m, k, l.before(k)), m.At})
		wrong, silent := l.finish(s, m, m.OnFailure, l.record, m.At, invalid), l.finish(s, m, m.OnFailure, l.record, m.At, noInput)
		if k < m.Attempts {
			wrong = &step{l.attempt(s, m, k+1, m.Invalid), m.At}
			silent = &step{l.attempt(s, m, k+1, m.NoInput), m.At}
		}
		answers := map[string]*step{bundle.Otherwise: silent}
		for _, o := range m.Options {
			if o.To != nil {
				answers[bundle.KeyAnswer(string(o.Key))] = l.enter(s, m, o.Link, l.record)
			}
		}
		if m.BackTo != nil {
			answers[bundle.KeyAnswer(string(m.Back))] = l.goBack(s, m, l.record)
		}
		if m.Repeat != "" {
			answers[bundle.KeyAnswer(string(m.Repeat))] = &step{l.attempt(s, m, k, nil), m.At}
		}
		s.decide(bundle.DigitsName(k), wrong, answers)
	}
}

// goBack leads to the menu before, without its welcome.
func (l *lowering) goBack(s *section, m *model.MenuNode, record bool) *step {
	to := l.section(m.BackTo, record)
	s.lead(to)
	return &step{l.attempt(to, m.BackTo, 1, nil), m.At}
}

// before is what callers hear before the prompt who come to the document of the
// k-th attempt: the welcome, or, as silence leads there, that no key was pressed.
func (l menuLowering) before(k int) *model.MessageNode {
	if k == 1 {
		return l.menu.Welcome
	}
	return l.menu.NoInput
}

// attempt asks for a key for the k-th time, after something else has been said,
// and says what follows silence. All that is said can be cut short by a key.
func (l *lowering) attempt(s *section, m *model.MenuNode, k int, before *model.MessageNode) []twiml.Verb {
	everyKey := ""
	gather := &twiml.Gather{
		Action: s.link(bundle.DigitsName(k)), Method: get,
		NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(m.Timeout / time.Second)),
	}
	gather.Prompt = append(l.say(before), l.prompt(m)...)
	verbs := []twiml.Verb{gather}
	if k < m.Attempts {
		return append(verbs, &twiml.Redirect{Method: get, URL: s.document(bundle.MenuName(k + 1))})
	}
	// After the last attempt silence leads where a missing key does.
	return append(verbs, &twiml.Redirect{Method: get, URL: s.answer(bundle.DigitsName(k), bundle.Otherwise)})
}

// prompt is what a menu says about its keys.
func (l *lowering) prompt(m *model.MenuNode) []twiml.Verb {
	if m.AudioPrompt != nil {
		return l.say(m.AudioPrompt)
	}
	p := l.model.Project
	return []twiml.Verb{&twiml.Say{Voice: p.Voice, Language: p.Language, Text: m.SpokenPrompt(p.Texts)}}
}

// describe says what the menu asks, and where its keys lead.
func (l menuLowering) describe() {
	s, m := l.s, l.menu
	s.set("timeout", script.Duration(m.Timeout))
	s.set("attempts", strconv.Itoa(m.Attempts))
	s.set("back", string(m.Back))
	s.set("repeat", string(m.Repeat))
	s.says("welcome", m.Welcome)
	if m.AudioPrompt != nil {
		s.says("prompt", m.AudioPrompt)
	} else {
		s.says("prompt", &model.MessageNode{Text: m.SpokenPrompt(l.model.Project.Texts)})
	}
	s.says("invalid", m.Invalid)
	s.says("no_input", m.NoInput)
	for _, o := range m.Options {
		if o.To != nil {
			l.goes(s, string(o.Key), o.Label, &o.Link, l.record)
		}
	}
	if m.BackTo != nil {
		l.goes(s, string(m.Back), "back", &model.Link{To: m.BackTo, At: m.At}, l.record)
	}
	l.goes(s, "failure", "", m.OnFailure, l.record)
}
