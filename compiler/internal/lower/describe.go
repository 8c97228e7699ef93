package lower

// Descriptions: what each section does in the words of the language, for plans
// and drawings. They hold no position, and nothing that callers cannot notice.

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// set adds a setting to a description.
func (s *section) set(name, value string) {
	if value != "" {
		s.block.Settings = append(s.block.Settings, bundle.Setting{Name: name, Value: value})
	}
}

// says adds a message to a description.
func (s *section) says(role string, m *model.MessageNode) {
	for _, part := range m.Each() {
		s.block.Messages = append(s.block.Messages, describeSpeech(role, part))
	}
}

// speak adds what a menu says about its keys, which can be in several languages.
func (s *section) speak(role string, parts []*model.MessageNode) {
	for _, part := range parts {
		s.says(role, part)
	}
}

// word adds what callers hear after each attempt in vain that somebody can hear: one
// message, if it is the same after all of them, or one for each.
func (s *section) word(role string, words []*model.MessageNode, heard int) {
	same := true
	for k := 1; k <= heard; k++ {
		same = same && model.Word(words, k) == model.Word(words, 1)
	}
	for k := 1; k <= heard; k++ {
		switch {
		case !same:
			s.says(fmt.Sprintf("%s %d", role, k), model.Word(words, k))
		case k == 1:
			s.says(role, model.Word(words, 1))
		}
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
			s.says("goodbye", s.speaks.Goodbye)
		}
		return
	}
	if e.To != nil {
		s.exits = append(s.exits, sectionExit{
			bundle.Exit{On: on, Label: label, To: e.To.Address(), Silent: model.Ends(e.To)}, l.section(e.To, record)})
	}
}

// ends adds an exit to the end of the call.
func (s *section) ends(on string) {
	s.exits = append(s.exits, sectionExit{bundle.Exit{On: on, To: bundle.Hangup}, nil})
}

// conceal hides sensitive values in a description, which others read: plans, drawings
// and sheets. A digest of what is hidden tells whether it changes.
func (e *emission) conceal(b *bundle.Block) {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", e.model.Project.Salt)
	hide := func(texts ...*string) {
		for _, text := range texts {
			if shown := terminal.Hide(*text, e.diags.Secrets); shown != *text {
				fmt.Fprintf(h, "%q\n", *text)
				*text, b.Hidden = shown, "some"
			}
		}
	}
	for i := range b.Settings {
		hide(&b.Settings[i].Value)
	}
	for i := range b.Messages {
		hide(&b.Messages[i].Text, &b.Messages[i].Audio, &b.Messages[i].URL)
	}
	for i := range b.Exits {
		hide(&b.Exits[i].Label)
	}
	for i := range b.Hours {
		hide(&b.Hours[i].Open, &b.Hours[i].Name)
	}
	if b.Hidden != "" {
		b.Hidden = bundle.ShortHash(h.Sum(nil))
	}
}

// yes writes a setting that is only worth mentioning when it is on.
func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}
