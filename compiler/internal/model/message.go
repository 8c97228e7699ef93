package model

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A MessageNode is something that callers hear: a text, a file, or a URL. As a
// destination it is heard in full, and leads on, or the call ends.
type MessageNode struct {
	Name     string // of the block, "" where a text stands in place
	Text     string
	Voice    string
	Language string
	Audio    *AudioFile
	URL      string
	Duration time.Duration  // of audio and, where it is given, of a URL
	Parts    []*MessageNode // what it consists of, one heard after the other; then it says nothing else
	Then     *Link          // where a call goes on whose destination it was; nil for the end
	At       hcl.Range
	Used     bool // something plays it

	Builtin string                  // the name of the built-in text that it is, "" for none
	In      map[string]*MessageNode // what calls in each language hear, by BCP 47 tag; nil if all hear the same
	Of      *MessageNode            // the message that has this one for a language; nil if it is none of them
}

// Address is the address of the block.
func (m *MessageNode) Address() string { return bundle.KindMessage + "." + m.Name }

// Position is where the block begins in the source.
func (m *MessageNode) Position() hcl.Range { return m.At }

// UnknownDuration is how long audio at a URL is taken to last if nothing is said
// about it.
const UnknownDuration = 30 * time.Second

// Length is how long a message takes.
func (m *MessageNode) Length() time.Duration {
	if m != nil && len(m.Parts) > 0 {
		length := time.Duration(0)
		for _, part := range m.Parts {
			length += part.Length()
		}
		return length
	}
	if m != nil && m.URL != "" && m.Duration == 0 {
		return UnknownDuration
	}
	return AnnouncementTime(m)
}

// AnnouncementTime is how long an announcement takes, 0 if that is not known.
func AnnouncementTime(m *MessageNode) time.Duration {
	if m == nil {
		return 0
	}
	if len(m.Parts) > 0 {
		length := time.Duration(0)
		for _, part := range m.Parts {
			if AnnouncementTime(part) == 0 {
				return 0
			}
			length += AnnouncementTime(part)
		}
		return length
	}
	if m.Text != "" {
		return twiml.SpeakingTime(m.Language, m.Text)
	}
	return m.Duration
}

// Each lists what is heard for a message, one after the other: the message itself, or
// its parts, and theirs.
func (m *MessageNode) Each() []*MessageNode {
	switch {
	case m == nil:
		return nil
	case len(m.Parts) == 0:
		return []*MessageNode{m}
	}
	var list []*MessageNode
	for _, part := range m.Parts {
		list = append(list, part.Each()...)
	}
	return list
}

// IsText reports whether all of a message is spoken.
func (m *MessageNode) IsText() bool {
	return !slices.ContainsFunc(m.Each(), func(part *MessageNode) bool { return part.Text == "" })
}

// Ways is where the message leads on to, if it does; it is heard on the way.
func (m *MessageNode) Ways(*Project) []Way {
	if m.Then == nil {
		return nil
	}
	return []Way{{On: "end", Link: *m.Then, Said: m}}
}

// Dwell is how long the message takes, where the call ends with it.
func (m *MessageNode) Dwell(*Project, Entrance) Dwell {
	if m.Then != nil {
		return Dwell{Person: Never, Ways: []Timing{always(0)}}
	}
	ends := always(m.Length())
	return Dwell{Person: Never, Ends: &ends}
}

// Event says that the caller hears the message.
func (m *MessageNode) Event(Way, Timing) NodeEvent {
	return NodeEvent{Text: "hears " + m.Address() + " at"}
}

// Rings is nil: a message rings nobody.
func (m *MessageNode) Rings() *RingGroupNode { return nil }

// Attended is false: nobody takes the call.
func (m *MessageNode) Attended() bool { return false }

// Heard is the message itself.
func (m *MessageNode) Heard() []*MessageNode { return []*MessageNode{m} }

// Behind is what a call meets at a destination, behind the messages that lead on.
func Behind(n Node) Node {
	for seen := map[Node]bool{}; !seen[n]; {
		seen[n] = true
		m, ok := n.(*MessageNode)
		if !ok || m.Then == nil {
			break
		}
		n = m.Then.To
	}
	return n
}

// Speak makes a message that exists in several languages say what it says in one of
// them, if it says anything in that.
func (m *MessageNode) Speak(language string) {
	if said := m.In[language]; said != nil {
		m.Text, m.Voice, m.Language = said.Text, said.Voice, said.Language
		m.Audio, m.URL, m.Duration = said.Audio, said.URL, said.Duration
	}
}
