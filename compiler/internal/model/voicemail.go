package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
)

// A VoicemailNode is a voicemail.
type VoicemailNode struct {
	Name            string
	At              hcl.Range
	Greeting        *MessageNode
	Recorded        *MessageNode // after a message; nil for nothing
	Again           *MessageNode // to a caller who said nothing, before they are asked again; nil for nothing
	NothingRecorded *MessageNode // to a caller who said nothing at the last attempt either; nil for nothing
	Then            *Link        // where a caller goes who has left a message; nil for the end
	OnEmpty         *Link        // where a caller goes who has not; nil for the end
	Attempts        int
	MaxLength       time.Duration
	Silence         time.Duration // that ends a message
	Finish          string        // the keys that end a message, each of which does; "" for none
	Transcribe      bool
	Callback        string
}

// Address is the address of the block.
func (v *VoicemailNode) Address() string { return bundle.KindVoicemail + "." + v.Name }

// Position is where the block begins in the source.
func (v *VoicemailNode) Position() hcl.Range { return v.At }

// The tone before a recording, and what a recording is like of which nothing else is
// said (https://www.twilio.com/docs/voice/twiml/record).
const (
	Beep        = time.Second
	SilenceEnds = 5 * time.Second
	AnyKey      = "1234567890*#"
)

// LeadsOn reports whether the call can go on after the voicemail.
func (v *VoicemailNode) LeadsOn() bool { return v.Then != nil || v.OnEmpty != nil }

// Ways are recorded and empty, unless the call ends here in any case. Where it ends, the
// last that is said is what follows the recording, and goodbye if that is nothing.
func (v *VoicemailNode) Ways(p *Project) []Way {
	if !v.LeadsOn() {
		return nil
	}
	recorded, empty := v.way(p, "recorded", v.Then, v.Recorded), v.way(p, "empty", v.OnEmpty, v.NothingRecorded)
	recorded.Spoken = true
	return []Way{recorded, empty}
}

func (v *VoicemailNode) way(p *Project, on string, to *Link, said *MessageNode) Way {
	w := outcomeWay(p, v, on, to, said)
	if said != nil {
		w.Bye = nil
	}
	return w
}

// Dwell is the greeting and what the caller says, at as many attempts as it takes until
// they do.
func (v *VoicemailNode) Dwell(p *Project, _ Entrance) Dwell {
	asked := v.Greeting.Length() + Beep
	quiet := asked + min(v.Silence, v.MaxLength)
	again := time.Duration(v.Attempts-1) * v.Again.Length()
	all, sound := time.Duration(v.Attempts), min(2*v.Silence+time.Second, v.MaxLength) // one of less than a second is no message
	worst := (all-1)*(asked+sound) + again + asked + v.MaxLength
	empty := Timing{Shown: all*quiet + again, Silent: all*quiet + again, Worst: worst}
	if !v.LeadsOn() {
		recorded, nothing := v.way(p, "", nil, v.Recorded), v.way(p, "", nil, v.NothingRecorded)
		silent := empty.Hearing(nothing.Said, nil, nothing.Bye) // shown is a caller who says nothing
		empty.Shown, empty.Silent, empty.After = silent.Shown, silent.Silent, silent.After
		empty.Worst = max(silent.Worst, empty.Hearing(recorded.Said, nil, recorded.Bye).Worst)
		return Dwell{Person: Never, Ends: &empty}
	}
	recorded := Timing{Shown: asked + min(spoken+v.Silence, v.MaxLength), Silent: empty.Silent, Worst: worst}
	return Dwell{Person: Never, Ways: []Timing{recorded, empty}}
}

// spoken is how long the caller of a counter-example speaks.
const spoken = 5 * time.Second

// Event is what the caller says, or silence at every attempt.
func (v *VoicemailNode) Event(w Way, _ Timing) NodeEvent {
	if w.Spoken {
		return NodeEvent{Text: "has left a message in " + v.Address() + " by", Press: script.Script{{Do: script.Speak, For: spoken}}}
	}
	e := NodeEvent{Text: "has said nothing into " + v.Address() + " by"}
	for range v.Attempts {
		e.Press = append(e.Press, script.Action{Do: script.Mute})
	}
	return e
}

// Rings is nil: a voicemail rings nobody.
func (v *VoicemailNode) Rings() *RingGroupNode { return nil }

// Attended is true: somebody will listen.
func (v *VoicemailNode) Attended() bool { return true }

// Heard is the greeting, and what follows a recording.
func (v *VoicemailNode) Heard() []*MessageNode {
	heard := []*MessageNode{v.Greeting, v.Recorded, v.NothingRecorded}
	if v.Attempts > 1 {
		heard = append(heard, v.Again)
	}
	return heard
}
