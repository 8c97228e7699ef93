package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A VoicemailNode is a voicemail.
type VoicemailNode struct {
	leaf
	Name            string
	At              hcl.Range
	Greeting        *MessageNode
	Recorded        *MessageNode
	NothingRecorded *MessageNode // after silence
	MaxLength       time.Duration
	Transcribe      bool
	Callback        string
}

// Address is the address of the block.
func (v *VoicemailNode) Address() string { return bundle.KindVoicemail + "." + v.Name }

// Position is where the block begins in the source.
func (v *VoicemailNode) Position() hcl.Range { return v.At }

// The tone before a recording, and the silence that ends one
// (https://www.twilio.com/docs/voice/twiml/record#timeout).
const (
	Beep        = time.Second
	SilenceEnds = 5 * time.Second
)

// Dwell is the greeting and what the caller says.
func (v *VoicemailNode) Dwell(*Project, Entrance) Dwell {
	before := v.Greeting.Length() + Beep
	ends := Timing{Shown: before + min(SilenceEnds, v.MaxLength), Worst: before + v.MaxLength}
	ends.Silent = ends.Shown
	ends = ends.Hearing(v.NothingRecorded, v.Recorded, nil) // shown is a caller who says nothing
	return Dwell{Person: Never, Ends: &ends}
}

// Attended is true: somebody will listen.
func (v *VoicemailNode) Attended() bool { return true }

// Heard is the greeting.
func (v *VoicemailNode) Heard() []*MessageNode { return []*MessageNode{v.Greeting} }
