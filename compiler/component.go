package compiler

// Descriptions: what each section does in the words of the language, for plans
// and drawings. They hold no position, and nothing that callers cannot notice.

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
)

// set adds a setting to a description.
func (s *section) set(name, value string) {
	if value != "" {
		s.block.Settings = append(s.block.Settings, bundle.Setting{Name: name, Value: value})
	}
}

// says adds a message to a description.
func (s *section) says(role string, m *message) {
	if m != nil {
		s.block.Messages = append(s.block.Messages, describeSpeech(role, m))
	}
}

func describeSpeech(role string, m *message) bundle.Message {
	d := bundle.Message{Role: role, Text: m.text, URL: m.url}
	if m.audio != nil {
		d.Audio = m.audio.path
	}
	return d
}

// goes adds an exit to a description. Without one the caller hears goodbye, and
// the call ends.
func (l *lowering) goes(s *section, on, label string, e *exit, record bool) {
	if e == nil {
		s.ends(on)
		if !slices.ContainsFunc(s.block.Messages, func(m bundle.Message) bool { return m.Role == "goodbye" }) {
			s.says("goodbye", l.model.project.goodbye)
		}
		return
	}
	if e.to != nil {
		s.exits = append(s.exits, describedExit{
			bundle.Exit{On: on, Label: label, To: e.to.address(), Silent: e.to == node(hangup{})}, l.section(e.to, record)})
	}
}

// ends adds an exit to the end of the call.
func (s *section) ends(on string) {
	s.exits = append(s.exits, describedExit{bundle.Exit{On: on, To: kindHangup}, nil})
}

func (l *lowering) describeNumber(s *section, n *number) {
	s.set("phone_number", n.phone)
	s.says("fallback", n.fallback)
	if n.offline != nil {
		s.set("status", "offline")
		s.says("offline", n.offline)
		return
	}
	if n.to == nil {
		return
	}
	if line, ok := n.to.to.(*agentsLine); ok {
		s.set("take", line.queue.address())
		s.set("record", yes(line.record))
		s.says("idle", line.idle)
		return
	}
	l.goes(s, "answer", "", n.to, n.record)
	if n.anonymous != nil {
		l.goes(s, "anonymous", "", n.anonymous, n.record)
	}
}

func (l *lowering) describeMenu(s *section, m *menu, record bool) {
	s.set("timeout", script.Duration(m.timeout))
	s.set("attempts", strconv.Itoa(m.attempts))
	s.set("back", string(m.back))
	s.set("repeat", string(m.repeat))
	s.says("welcome", m.welcome)
	if m.audioPrompt != nil {
		s.says("prompt", m.audioPrompt)
	} else {
		s.says("prompt", &message{text: m.spokenPrompt(l.model.project.texts)})
	}
	s.says("invalid", m.invalid)
	s.says("no_input", m.noInput)
	for _, o := range m.options {
		if o.to != nil {
			l.goes(s, string(o.key), o.label, &o.exit, record)
		}
	}
	if m.backTo != nil {
		l.goes(s, string(m.back), "back", &exit{m.backTo, m.at}, record)
	}
	l.goes(s, "failure", "", m.onFailure, record)
}

func (l *lowering) describeRingGroup(s *section, g *ringGroup, record bool) {
	s.describeRing(g, record)
	s.says("busy", g.busy)
	s.says("unavailable", g.unavailable)
	l.goes(s, "busy", "", g.onBusy, record)
	l.goes(s, "unavailable", "", g.onUnavailable, record)
}

// describeRing says who is rung, and how.
func (s *section) describeRing(g *ringGroup, record bool) {
	s.block.Addresses = addressDigest(g)
	users := ""
	for i, u := range g.users {
		if i > 0 {
			users += ", "
		}
		users += u.name
	}
	s.set("users", users)
	strategy := "simultaneous"
	if g.sequential {
		strategy = "sequential"
	}
	if len(g.users) > 1 {
		s.set("strategy", strategy)
	}
	s.set("interval", script.Duration(g.interval))
	s.set("cycles", strconv.Itoa(g.cycles))
	if g.record != nil {
		record = *g.record
	}
	s.set("record", yes(record))
	s.set("caller_id", g.callerID)
}

func (l *lowering) describeQueue(s *section, q *queue, record bool) {
	if q.agents != nil {
		s.set("agents", q.agents.address())
		s.describeRing(q.agents, record)
		s.set("retry_every", script.Duration(q.retryEvery))
	}
	s.set("max_callers", strconv.Itoa(q.maxCallers))
	s.set("max_wait", script.Duration(q.maxWait))
	s.set("music", musicName(q.music))
	s.says("full", q.full)
	s.says("timeout", q.timeout)
	l.goes(s, "full", "", q.onFull, record)
	l.goes(s, "timeout", "", q.onTimeout, record)
}

// addressDigest is a digest of the addresses of a group's users.
func addressDigest(g *ringGroup) string {
	h := sha256.New()
	for _, u := range g.users {
		fmt.Fprintf(h, "%q %q %t\n", u.kind, u.address, u.confirm)
	}
	return shortHash(h.Sum(nil))
}

// describeAnnouncement adds the announcement of a queue, once: one that is longer
// than every hold is never heard, and not described.
func (s *section) describeAnnouncement(q *queue) {
	if !slices.ContainsFunc(s.block.Messages, func(m bundle.Message) bool { return m.Role == "announcement" }) {
		s.set("announcement", "every "+script.Duration(q.every))
		s.says("announcement", q.announce)
	}
}

// musicName names music by its content: a file is cut at the announcements, so
// that the whole of it need not be part of the bundle.
func musicName(m *message) string {
	switch {
	case m == nil:
		return "default"
	case m.audio != nil:
		return m.audio.path
	}
	return m.url
}

func (l *lowering) describeVoicemail(s *section, v *voicemail) {
	s.set("max_length", script.Duration(v.maxLength))
	s.set("transcribe", yes(v.transcribe))
	s.set("callback", v.callback)
	s.says("greeting", v.greeting)
	s.says("recorded", v.recorded)
	s.ends("recorded")
}

func (l *lowering) describeMessage(s *section, m *message) {
	s.says("message", m)
	s.ends("end")
}

func (l *lowering) describeConfirmation(s *section) {
	t := l.model.project.texts
	s.says("confirm", &message{text: t.Confirm})
	s.says("confirm_again", &message{text: t.ConfirmAgain})
	s.says("accepted", &message{text: t.Accepted})
}

// yes writes a setting that is only worth mentioning when it is on.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
