package lint

// Keys that are said and do nothing, and keys that do something and are not said.

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// keys compares what callers are told with the keys that they have there.
func (l *linter) keys() {
	c := &keyCheck{l, newKeyReader(), map[toldKey]bool{}}
	for i, n := range l.graph.Nodes {
		l.diags.Within = n.Address()
		switch n := n.(type) {
		case *model.MenuNode:
			for _, m := range append(n.Heard(), n.AudioPrompt) {
				c.told(m, n)
			}
			c.promised(n)
			c.unsaid(n)
		case *model.QueueNode:
			c.told(n.Announce, n)
		case *model.VoicemailNode:
			c.voicemail(n)
		}
		for _, w := range l.graph.Ways[i] {
			l.graph.Steps++
			if _, menu := n.(*model.MenuNode); !menu {
				c.told(w.Said, model.Behind(w.To))
			}
		}
		if m, ok := n.(*model.MessageNode); ok && m.Then == nil {
			c.told(m, model.HangupNode{})
		}
	}
	for _, n := range l.graph.Model.Numbers {
		l.diags.Within = bundle.KindNumber + "." + n.Name
		c.told(n.Offline, model.HangupNode{})
		c.told(n.Fallback, model.HangupNode{})
	}
}

// voicemail looks at what callers are told who leave a message.
func (c *keyCheck) voicemail(v *model.VoicemailNode) {
	c.told(v.Greeting, v)
	if v.Attempts > 1 {
		c.told(v.Again, v)
	}
	if !v.LeadsOn() {
		c.told(v.Recorded, model.HangupNode{})
		c.told(v.NothingRecorded, model.HangupNode{})
	}
}

// A keyCheck compares texts with keys.
type keyCheck struct {
	*linter
	reader   *keyReader
	reported map[toldKey]bool
}

// A toldKey is a key that a message names.
type toldKey struct {
	*model.MessageNode
	model.Key
}

// told warns of keys that a message names, and that do nothing where it is heard:
// in a menu, or on the way to somewhere. A key ends what is said into a voicemail.
func (c *keyCheck) told(m *model.MessageNode, at model.Node) {
	if m == nil || (m.At == hcl.Range{}) {
		return
	}
	if len(m.Parts) > 0 {
		for _, part := range m.Parts {
			c.told(part, at)
		}
		return
	}
	for _, k := range c.reader.keys(m) {
		id := toldKey{m, k}
		menu, isMenu := at.(*model.MenuNode)
		voicemail, isVoicemail := at.(*model.VoicemailNode)
		if c.reported[id] || isMenu && knows(menu, k) || isVoicemail && strings.Contains(voicemail.Finish, string(k)) {
			continue
		}
		c.reported[id] = true
		defer func(user string) { c.diags.Within = user }(c.diags.Within)
		c.diags.Within = saidBy(m, c.diags.Within)
		if isMenu {
			c.diags.Report(diagnostic.FindDeadKey.Code, m.At, "Callers of %s are told to press %s, and the %s has no such key, so they hear that they are wrong. Add the option, or say another key.", menu.Address(), k, menu.Kind)
		} else if isVoicemail {
			c.diags.Report(diagnostic.FindDeadKey.Code, m.At, "Callers are told to press %s, and in %s it does not end the message. Make it the finish of the voicemail, or say another key.", k, voicemail.Address())
		} else {
			c.diags.Report(diagnostic.FindDeadKey.Code, m.At, "Callers are told to press %s, and no key does anything where they hear it%s. Keys belong to menus: lead callers to one.", k, whereHeard(at))
		}
	}
}

// knows reports whether a key does something in a menu or an entry: it is one of its
// keys, or a digit that callers enter.
func knows(m *model.MenuNode, k model.Key) bool {
	return m.Open != nil || slices.Contains(keysOf(m), k) || slices.ContainsFunc(m.Extensions, func(e *model.Extension) bool { return e.Digits == string(k) })
}

// promised warns of keys that what is said about the options names beside theirs, such
// as a label "sales, or press 3 for support".
func (c *keyCheck) promised(m *model.MenuNode) {
	if m.AudioPrompt != nil {
		return
	}
	for _, o := range m.Options {
		if !o.Untold {
			said := *o.Prompt
			said.At = placeIn(m, o)
			c.told(&said, m)
		}
	}
}

// whereHeard says where a message is heard.
func whereHeard(n model.Node) string {
	switch n := n.(type) {
	case *model.QueueNode:
		return ", in " + n.Address()
	case model.HangupNode:
		return ", because the call ends then"
	}
	return ", on the way to " + n.Address()
}

// keysOf lists the keys that do something in a menu.
func keysOf(m *model.MenuNode) []model.Key {
	var keys []model.Key
	for _, o := range m.Options {
		keys = append(keys, o.Key)
	}
	if m.BackTo != nil {
		keys = append(keys, m.Back)
	}
	return append(keys, m.Repeat, m.Finish)
}

// unsaid warns of a menu whose prompt is one text, and does not name all keys. What is
// said in the welcome is not said again.
func (c *keyCheck) unsaid(m *model.MenuNode) {
	if m.AudioPrompt == nil || !m.AudioPrompt.IsText() || !m.Welcome.IsText() {
		return
	}
	var missing, once []string
	at := m.At
	for _, k := range keysOf(m) {
		switch {
		case k == "" || c.reader.namesKey(m.AudioPrompt, k) || slices.ContainsFunc(m.Options, func(o *model.MenuOption) bool { return o.Key == k && o.Untold }):
			continue
		case !c.reader.namesKey(m.Welcome, k):
			missing = append(missing, string(k))
		case m.Attempts > 1:
			once = append(once, string(k))
		default:
			continue
		}
		if i := slices.IndexFunc(m.Options, func(o *model.MenuOption) bool { return o.Key == k }); i >= 0 && at == m.At {
			at = placeIn(m, m.Options[i])
		}
	}
	if len(missing) > 0 {
		c.diags.Report(diagnostic.FindUnsaid.Code, at, "Nothing that callers of %s hear names the %s, so nobody presses it who does not know it already. Say it in audio_prompt, or use prompt, which is said for every option.", m.Address(), keyList(missing))
	} else if len(once) > 0 {
		c.diags.Report(diagnostic.FindUnsaid.Code, at, "Only the welcome of %s names the %s, and callers who are asked again do not hear the welcome again. Say it in audio_prompt, or use prompt, which is said for every option.", m.Address(), keyList(once))
	}
}

// keyList writes keys: "key 2", "keys 2, 9".
func keyList(keys []string) string {
	if len(keys) == 1 {
		return "key " + keys[0]
	}
	return "keys " + strings.Join(keys, ", ")
}
