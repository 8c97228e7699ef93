package model

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/script"
)

// A MenuNode is a question to callers: a menu, with a name or inside an option, or an
// entry, whose codes are its extensions.
type MenuNode struct {
	Name        string // "main", or "main.2" for the menu inside its option 2
	Kind        string // "menu", or "entry"
	At          hcl.Range
	Welcome     *MessageNode
	AudioPrompt *MessageNode
	Timeout     time.Duration
	Attempts    int
	Outcomes
	Back       Key
	BackTo     *MenuNode
	Repeat     Key
	Options    []*MenuOption // in the order of the keypad
	Extensions []*Extension  // in the order of their digits

	ExtensionTimeout time.Duration // between two digits of an extension
	Finish           Key           // ends what callers dial, "" for none

	Question *MessageNode // of an entry: asks for digits, before the options are announced
	Open     *Link        // of an entry: the application that gets the digits; nil for codes
	Longest  int          // of an entry with an application: how many digits there are at most
	Secret   bool         // of an entry with an application: nobody else may see the digits
}

// Address is the address of the block.
func (m *MenuNode) Address() string { return m.Kind + "." + m.Name }

// Position is where the block begins in the source.
func (m *MenuNode) Position() hcl.Range { return m.At }

// A Key is a key of the telephone: "1", "*", or "" for none.
type Key string

// A MenuOption is what one key of a menu leads to.
type MenuOption struct {
	Key      Key
	Label    string
	Prompt   *MessageNode // what announces it
	Untold   bool         // the prompt does not say that it is there
	Common   bool         // every menu has it
	Position hcl.Range
	Link
}

// SpokenPrompt is what a menu says about its keys: a text for each language in
// turn, usually one.
func (m *MenuNode) SpokenPrompt(p *Project) []*MessageNode {
	var said []*MessageNode
	var texts []string // of the last of them
	add := func(part *MessageNode) {
		if n := len(said); n == 0 || said[n-1].Language != part.Language || said[n-1].Voice != part.Voice {
			if n > 0 {
				said[n-1].Text = strings.Join(texts, " ")
			}
			said, texts = append(said, &MessageNode{Voice: part.Voice, Language: part.Language}), nil
		}
		texts = append(texts, part.Text)
	}
	for _, o := range m.Options {
		if !o.Untold {
			add(o.Prompt)
		}
	}
	if m.Repeat != "" {
		add(p.speech(strings.ReplaceAll(p.Texts.Repeat, "${key}", p.Texts.SpokenKey(m.Repeat))))
	}
	if m.BackTo != nil {
		add(p.speech(strings.ReplaceAll(p.Texts.Back, "${key}", p.Texts.SpokenKey(m.Back))))
	}
	if n := len(said); n > 0 {
		said[n-1].Text = strings.Join(texts, " ")
	}
	return said
}

// PromptTime is how long a menu takes to say what it says about its keys.
func (m *MenuNode) PromptTime(p *Project) time.Duration {
	length := time.Duration(0)
	for _, part := range m.SpokenPrompt(p) {
		length += part.Length()
	}
	return length
}

// Ways lists the options in the order of the keypad, the keys to go back and to
// repeat, the extensions, and failure.
func (m *MenuNode) Ways(p *Project) []Way {
	list := make([]Way, 0, len(m.Options)+len(m.Extensions)+4)
	for _, o := range m.Options {
		if o.To != nil {
			list = append(list, keyWay(o.Key, o.Link))
		}
	}
	again := func(k Key, to Node) {
		w := keyWay(k, Link{To: to, At: m.At})
		w.Skips = true
		list = append(list, w)
	}
	if m.BackTo != nil {
		again(m.Back, m.BackTo)
	}
	if m.Repeat != "" {
		again(m.Repeat, m)
	}
	for _, e := range m.Extensions {
		list = append(list, keyWay(Key(e.Digits), e.Link))
	}
	if m.Open != nil {
		list = append(list, Way{On: OnDigits, Key: true, Link: *m.Open})
	}
	return append(list, m.failures(p)...)
}

// Keys lists the keys that the menu knows, and the extensions.
func (m *MenuNode) Keys() []Key {
	keys := make([]Key, 0, len(m.Options)+len(m.Extensions)+2)
	for _, o := range m.Options {
		if o.To != nil {
			keys = append(keys, o.Key)
		}
	}
	if m.BackTo != nil {
		keys = append(keys, m.Back)
	}
	if m.Repeat != "" {
		keys = append(keys, m.Repeat)
	}
	for _, e := range m.Extensions {
		keys = append(keys, Key(e.Digits))
	}
	return keys
}

// Dwell is the welcome, and as many prompts and timeouts as there are attempts. The
// worst attempt is one of silence, or of wrong digits in the last moments.
func (m *MenuNode) Dwell(p *Project, e Entrance) Dwell {
	welcome := m.Welcome.Length()
	if e.Skips {
		welcome = 0
	}
	prompt := m.Question.Length() + m.AudioPrompt.Length()
	if m.AudioPrompt == nil {
		prompt += m.PromptTime(p)
	}
	asked := welcome + time.Duration(m.Attempts)*prompt
	silence, wrong := m.silence(), m.longestWrong()
	silent, before, mistaken := asked+silence, asked, asked
	for k := 1; k < m.Attempts; k++ {
		noInput, invalid := Word(m.NoInput, k).Length(), Word(m.Invalid, k).Length()
		silent += silence + noInput
		before += max(silence+noInput, wrong+invalid)
		mistaken += m.mistaking() + invalid
	}
	d := Dwell{Person: Never}
	for _, w := range m.Ways(p) {
		switch {
		case w.Key:
			more := time.Duration(len(m.pressed(w.On)) - 1)
			d.Ways = append(d.Ways, Timing{
				Shown: welcome + prompt, After: more*script.KeyInterval + m.Pending(w.On),
				Silent: silent, Worst: before + silence + more*m.ExtensionTimeout + m.Pending(w.On),
			})
		case w.On == OnInvalid:
			d.Ways = append(d.Ways, Timing{Shown: mistaken, After: m.mistaking(), Silent: Never, Worst: before + wrong})
		case w.On == OnSilence:
			d.Ways = append(d.Ways, Timing{Shown: silent, Silent: silent, Worst: before + silence})
		default: // what is said then is added, the longer of the two
			last := max(silence+w.Said.Length(), wrong+w.Wrong.Length()) - max(w.Said.Length(), w.Wrong.Length())
			d.Ways = append(d.Ways, Timing{Shown: silent, Silent: silent, Worst: before + last})
		}
	}
	return d
}

// Event is the key that the caller presses, or silence or a wrong key at every attempt.
func (m *MenuNode) Event(w Way, _ Timing) NodeEvent {
	if w.On == OnDigits {
		return NodeEvent{Text: "enters digits at", Press: script.Script{{Do: script.Press, Keys: m.pressed(w.On)}}}
	}
	if w.Key {
		return NodeEvent{Text: "presses " + w.On + " at", Press: script.Script{{Do: script.Press, Keys: w.On}}}
	}
	if w.On == OnInvalid {
		return m.mistakes()
	}
	e := NodeEvent{Text: "stays silent " + numerals[m.Attempts] + " in " + m.Address() + " until"}
	_, questions := m.Patience()
	for range m.Attempts * questions {
		e.Press = append(e.Press, script.Action{Do: script.Silent})
	}
	return e
}

// numerals are the numbers of attempts at a menu as words.
var numerals = []string{"", "once", "twice", "three times", "four times", "five times", "six times", "seven times", "eight times", "nine times", "ten times"}

// Rings is nil: a menu rings nobody.
func (m *MenuNode) Rings() *RingGroupNode { return nil }

// Attended is false: a menu only leads on.
func (m *MenuNode) Attended() bool { return false }

// Heard lists what callers hear beside the prompt.
func (m *MenuNode) Heard() []*MessageNode {
	return slices.Concat([]*MessageNode{m.Welcome, m.Question}, m.NoInput, m.Invalid)
}

// MenusBehind finds the menus that a call meets at a destination, behind messages that
// lead on and blocks that pass calls on.
func MenusBehind(n Node) map[*MenuNode]bool {
	menus, seen := map[*MenuNode]bool{}, map[Node]bool{}
	var visit func(Node)
	visit = func(n Node) {
		if n = Behind(n); n == nil || seen[n] {
			return
		}
		seen[n] = true
		if m, ok := n.(*MenuNode); ok {
			menus[m] = true
		}
		if PassesOn(n) {
			for _, w := range n.Ways(nil) {
				visit(w.To)
			}
		}
	}
	visit(n)
	return menus
}
