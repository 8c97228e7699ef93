package lower

// Descriptions: what each section does in the words of the language, for plans
// and drawings. They hold no position, and nothing that callers cannot notice.

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// set adds a setting to a description.
func (s *section) set(name, value string) {
	if value != "" {
		s.block.Settings = append(s.block.Settings, bundle.Setting{Name: name, Value: value})
	}
}

// says adds a message to a description.
func (s *section) says(role string, m *model.MessageNode) {
	if m != nil {
		s.block.Messages = append(s.block.Messages, describeSpeech(role, m))
	}
}

func describeSpeech(role string, m *model.MessageNode) bundle.Message {
	d := bundle.Message{Role: role, Text: m.Text, URL: m.URL}
	if m.Audio != nil {
		d.Audio = m.Audio.Path
	}
	return d
}

// goes adds an exit to a description. Without one the caller hears goodbye, and
// the call ends.
func (l *lowering) goes(s *section, on, label string, e *model.Link, record bool) {
	if e == nil {
		s.ends(on)
		if !slices.ContainsFunc(s.block.Messages, func(m bundle.Message) bool { return m.Role == "goodbye" }) {
			s.says("goodbye", l.model.Project.Goodbye)
		}
		return
	}
	if e.To != nil {
		s.exits = append(s.exits, describedExit{
			bundle.Exit{On: on, Label: label, To: e.To.Address(), Silent: e.To == model.Node(model.HangupNode{})}, l.section(e.To, record)})
	}
}

// ends adds an exit to the end of the call.
func (s *section) ends(on string) {
	s.exits = append(s.exits, describedExit{bundle.Exit{On: on, To: bundle.Hangup}, nil})
}

func (l *lowering) describeNumber(s *section, n *model.InboundNumber) {
	s.set("phone_number", n.Phone)
	s.says("fallback", n.Fallback)
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

func (l *lowering) describeMenu(s *section, m *model.MenuNode, record bool) {
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
			l.goes(s, string(o.Key), o.Label, &o.Link, record)
		}
	}
	if m.BackTo != nil {
		l.goes(s, string(m.Back), "back", &model.Link{To: m.BackTo, At: m.At}, record)
	}
	l.goes(s, "failure", "", m.OnFailure, record)
}

func (l *lowering) describeRingGroup(s *section, g *model.RingGroupNode, record bool) {
	s.describeRing(g, record)
	s.says("busy", g.Busy)
	s.says("unavailable", g.Unavailable)
	l.goes(s, "busy", "", g.OnBusy, record)
	l.goes(s, "unavailable", "", g.OnUnavailable, record)
}

// describeRing says who is rung, and how.
func (s *section) describeRing(g *model.RingGroupNode, record bool) {
	s.block.Addresses = addressDigest(g)
	users := ""
	for i, u := range g.Users {
		if i > 0 {
			users += ", "
		}
		users += u.Name
	}
	s.set("users", users)
	strategy := "simultaneous"
	if g.Sequential {
		strategy = "sequential"
	}
	if len(g.Users) > 1 {
		s.set("strategy", strategy)
	}
	s.set("interval", script.Duration(g.Interval))
	s.set("cycles", strconv.Itoa(g.Cycles))
	if g.Record != nil {
		record = *g.Record
	}
	s.set("record", yes(record))
	s.set("caller_id", g.CallerID)
}

func (l *lowering) describeQueue(s *section, q *model.QueueNode, record bool) {
	if q.Agents != nil {
		s.set("agents", q.Agents.Address())
		s.describeRing(q.Agents, record)
		s.set("retry_every", script.Duration(q.RetryEvery))
	}
	s.set("max_callers", strconv.Itoa(q.MaxCallers))
	s.set("max_wait", script.Duration(q.MaxWait))
	s.set("music", musicName(q.Music))
	s.says("full", q.Full)
	s.says("timeout", q.Timeout)
	l.goes(s, "full", "", q.OnFull, record)
	l.goes(s, "timeout", "", q.OnTimeout, record)
}

// addressDigest is a digest of the addresses of a group's users.
func addressDigest(g *model.RingGroupNode) string {
	h := sha256.New()
	for _, u := range g.Users {
		fmt.Fprintf(h, "%q %q %t\n", u.Kind, u.Address, u.Confirm)
	}
	return model.ShortHash(h.Sum(nil))
}

// describeAnnouncement adds the announcement of a queue, once: one that is longer
// than every hold is never heard, and not described.
func (s *section) describeAnnouncement(q *model.QueueNode) {
	if !slices.ContainsFunc(s.block.Messages, func(m bundle.Message) bool { return m.Role == "announcement" }) {
		s.set("announcement", "every "+script.Duration(q.Every))
		s.says("announcement", q.Announce)
	}
}

// musicName names music by its content: a file is cut at the announcements, so
// that the whole of it need not be part of the bundle.
func musicName(m *model.MessageNode) string {
	switch {
	case m == nil:
		return "default"
	case m.Audio != nil:
		return m.Audio.Path
	}
	return m.URL
}

func (l *lowering) describeVoicemail(s *section, v *model.VoicemailNode) {
	s.set("max_length", script.Duration(v.MaxLength))
	s.set("transcribe", yes(v.Transcribe))
	s.set("callback", v.Callback)
	s.says("greeting", v.Greeting)
	s.says("recorded", v.Recorded)
	s.ends("recorded")
}

func (l *lowering) describeMessage(s *section, m *model.MessageNode) {
	s.says("message", m)
	s.ends("end")
}

func (l *lowering) describeConfirmation(s *section) {
	t := l.model.Project.Texts
	s.says("confirm", &model.MessageNode{Text: t.Confirm})
	s.says("confirm_again", &model.MessageNode{Text: t.ConfirmAgain})
	s.says("accepted", &model.MessageNode{Text: t.Accepted})
}

// yes writes a setting that is only worth mentioning when it is on.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
