package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A MessageNode is something that callers hear: a text, a file, or a URL. As a
// destination it is played, and the call ends.
type MessageNode struct {
	leaf
	Name     string // of the block, "" where a text stands in place
	Text     string
	Voice    string
	Language string
	Audio    *AudioFile
	URL      string
	Duration time.Duration // of audio and, where it is given, of a URL
	At       hcl.Range
	Used     bool // something plays it
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
	if m != nil && m.URL != "" && m.Duration == 0 {
		return UnknownDuration
	}
	return AnnouncementTime(m)
}

// AnnouncementTime is how long an announcement takes.
func AnnouncementTime(m *MessageNode) time.Duration {
	if m == nil {
		return 0
	}
	if m.Text != "" {
		return twiml.SpeakingTime(m.Language, m.Text)
	}
	return m.Duration
}

// Dwell is how long the message takes.
func (m *MessageNode) Dwell(*Project, Entrance) Dwell {
	ends := always(m.Length())
	return Dwell{Person: Never, Ends: &ends}
}

// Heard is the message itself.
func (m *MessageNode) Heard() []*MessageNode { return []*MessageNode{m} }
