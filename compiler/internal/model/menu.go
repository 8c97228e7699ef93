package model

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A MenuNode is a menu, with a name or inside an option.
type MenuNode struct {
	Name        string // "main", or "main.2" for the menu inside its option 2
	At          hcl.Range
	Welcome     *MessageNode
	AudioPrompt *MessageNode
	Timeout     time.Duration
	Attempts    int
	Invalid     *MessageNode
	NoInput     *MessageNode
	OnFailure   *Link
	Back        Key
	BackTo      *MenuNode
	Repeat      Key
	Options     []*MenuOption // in the order of the keypad
}

// Address is the address of the block.
func (m *MenuNode) Address() string { return bundle.KindMenu + "." + m.Name }

// Position is where the block begins in the source.
func (m *MenuNode) Position() hcl.Range { return m.At }

// A Key is a key of the telephone: "1", "*", or "" for none.
type Key string

// A MenuOption is what one key of a menu leads to.
type MenuOption struct {
	Key      Key
	Label    string
	Prompt   string // what announces it
	Position hcl.Range
	Link
}

// SpokenPrompt is the text of a menu's prompt.
func (m *MenuNode) SpokenPrompt(t *Texts) string {
	var parts []string
	for _, o := range m.Options {
		parts = append(parts, o.Prompt)
	}
	if m.Repeat != "" {
		parts = append(parts, strings.ReplaceAll(t.Repeat, "${key}", t.SpokenKey(m.Repeat)))
	}
	if m.BackTo != nil {
		parts = append(parts, strings.ReplaceAll(t.Back, "${key}", t.SpokenKey(m.Back)))
	}
	return strings.Join(parts, " ")
}
