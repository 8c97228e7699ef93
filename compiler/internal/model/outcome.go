package model

// What becomes of callers who give no valid key. They are asked again, as often as
// there are attempts, and silence and wrong keys count together. What they did at the
// last attempt decides where the call goes on:
//
//	attempts = 3    silence, 7, silence     on_silence
//	                silence, silence, 7     on_invalid
//
// Where neither is given, both are one outcome, failure. What callers hear goes by the
// attempt that was in vain, whatever they did at those before it.

import (
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
)

// Outcomes are what becomes of callers who give no valid key, and what they hear before
// they are asked again: one word for all attempts, or one for each, of which the last is
// also for those behind it. Some may be nil, for nothing.
type Outcomes struct {
	Invalid   []*MessageNode
	NoInput   []*MessageNode
	OnFailure *Link
	OnSilence *Link // instead of it, after silence; nil if that is no outcome of its own
	OnInvalid *Link // instead of it, after a wrong key
}

// The ways on from a menu or an entry whose callers give no valid key.
const (
	OnFailure = "failure"
	OnSilence = "silence"
	OnInvalid = "invalid"
)

// Apart reports whether silence and wrong keys are outcomes of their own.
func (o *Outcomes) Apart() bool { return o.OnSilence != nil || o.OnInvalid != nil }

// AfterSilence is where a call goes on after silence at the last attempt, nil for the end.
func (o *Outcomes) AfterSilence() *Link {
	if o.OnSilence != nil {
		return o.OnSilence
	}
	return o.OnFailure
}

// AfterInvalid is where a call goes on after a wrong key at the last attempt, nil for
// the end.
func (o *Outcomes) AfterInvalid() *Link {
	if o.OnInvalid != nil {
		return o.OnInvalid
	}
	return o.OnFailure
}

// GivesUp reports whether callers who give no valid key can hear goodbye.
func (m *MenuNode) GivesUp() bool {
	return m.AfterSilence() == nil || m.AfterInvalid() == nil && m.CanMistake()
}

// Word is what callers hear after an attempt in vain, 1 being the first.
func Word(words []*MessageNode, attempt int) *MessageNode {
	if len(words) == 0 {
		return nil
	}
	return words[min(attempt, len(words))-1]
}

// LastWords are what a caller hears who gave no valid key at the last attempt
// either, after silence and after a wrong key. NoInput and Invalid are for callers
// who are asked again; here they are heard only before a hangup, so that no call
// is cut off without a word.
func (m *MenuNode) LastWords() (noInput, invalid *MessageNode) {
	if l := m.AfterSilence(); l != nil && l.To == (HangupNode{}) {
		noInput = Word(m.NoInput, m.Attempts)
	}
	if l := m.AfterInvalid(); l != nil && l.To == (HangupNode{}) {
		invalid = Word(m.Invalid, m.Attempts)
	}
	return noInput, invalid
}

// WordsHeard is how many words after silence, and after a wrong key, somebody hears.
func (m *MenuNode) WordsHeard() (noInput, invalid int) {
	noInput, invalid = m.Attempts-1, m.Attempts-1
	if l := m.AfterSilence(); l != nil && l.To == (HangupNode{}) {
		noInput++
	}
	if l := m.AfterInvalid(); l != nil && l.To == (HangupNode{}) {
		invalid++
	}
	return noInput, invalid
}

// failures are the ways on for callers who give no valid key.
func (m *MenuNode) failures(p *Project) []Way {
	noInput, invalid := m.LastWords()
	if !m.Apart() {
		failure := outcomeWay(p, m, OnFailure, m.OnFailure, noInput)
		failure.Wrong = invalid
		return []Way{failure}
	}
	list := []Way{outcomeWay(p, m, OnSilence, m.AfterSilence(), noInput)}
	if m.CanMistake() {
		list = append(list, outcomeWay(p, m, OnInvalid, m.AfterInvalid(), invalid))
	}
	return list
}

// CanMistake reports whether callers can press anything that is wrong: not where every
// key means something, nor where an application gets the digits, and never asks again.
func (m *MenuNode) CanMistake() bool { return m.wrongKeys() != "" }

// wrongKeys are what callers can press that is wrong, as few keys as possible; "" if
// nothing is.
func (m *MenuNode) wrongKeys() string {
	if m.Open != nil {
		if m.refusal() == "" {
			return ""
		}
		return m.pressed(OnDigits)
	}
	right := map[string]bool{string(m.Finish): true, string(m.Back): true}
	for _, k := range m.Keys() {
		right[string(k)] = true
	}
	for _, k := range strings.Split(wrongFirst, "") {
		if !right[k] {
			return k
		}
	}
	if m.Digits() > 1 { // neither is part of a code
		for _, k := range []string{"*", "#"} {
			if k != string(m.Finish) {
				return k + k
			}
		}
	}
	return ""
}

// wrongFirst are the keys in the order in which a wrong one is looked for: those that
// callers press by mistake come first.
const wrongFirst = "987654321" + "0*#"

// refusal is the result with which an application says that the digits are wrong, ""
// if it has none.
func (m *MenuNode) refusal() string {
	for _, r := range m.Open.To.(*ApplicationNode).Results {
		if r.To == Node(m) {
			return r.Name
		}
	}
	return ""
}

// longestWrong is how long an attempt with wrong keys can last behind the prompt.
func (m *MenuNode) longestWrong() time.Duration {
	if !m.CanMistake() {
		return 0
	}
	wrong := m.silence() + time.Duration(m.Digits()-1)*m.ExtensionTimeout
	if m.Open != nil {
		wrong += ApplicationTime
	}
	return wrong
}

// mistaking is how long it takes in a counter-example until wrong keys are taken for
// the answer to a question.
func (m *MenuNode) mistaking() time.Duration {
	keys := m.wrongKeys()
	if keys == "" {
		return 0
	}
	return time.Duration(len(keys)-1)*script.KeyInterval + m.pending(keys)
}

// mistakes is a caller who presses wrong keys at every attempt.
func (m *MenuNode) mistakes() NodeEvent {
	e := NodeEvent{Text: "is wrong " + numerals[m.Attempts] + " in " + m.Address() + " until"}
	for range m.Attempts {
		e.Press = append(e.Press, script.Action{Do: script.Press, Keys: m.wrongKeys()})
		if m.Open != nil {
			e.Answered = append(e.Answered, ApplicationAnswer{m.Open.To.(*ApplicationNode).Name, m.refusal()})
		}
	}
	return e
}
