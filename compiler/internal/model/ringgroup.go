package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// A RingGroupNode is a ring group, or a user who is rung alone.
type RingGroupNode struct {
	Name          string
	Kind          string // "ring_group", or "user" for a user who is rung alone
	At            hcl.Range
	Users         []*PhoneUser
	Sequential    bool
	Interval      time.Duration
	Cycles        int
	Record        *bool // nil: as the number says
	CallerID      string
	Busy          *MessageNode
	Unavailable   *MessageNode
	OnBusy        *Link
	OnUnavailable *Link
	InVain        []hcl.Range // what is given of these four
}

// Address is the address of the block.
func (g *RingGroupNode) Address() string { return g.Kind + "." + g.Name }

// Position is where the block begins in the source.
func (g *RingGroupNode) Position() hcl.Range { return g.At }

// ShowWithheld lists the users whose telephones show the number of the caller, also if
// that is withheld.
func (g *RingGroupNode) ShowWithheld() (names []string) {
	for _, u := range g.Users {
		if g.CallerID == "" && u.Kind == "phone" {
			names = append(names, u.Name)
		}
	}
	return names
}

// Rounds is how often somebody is rung, one round after the other.
func (g *RingGroupNode) Rounds() int {
	if g.Sequential {
		return g.Cycles * len(g.Users)
	}
	return g.Cycles
}

// Round is who is rung at the same time in the i-th round, from 0.
func (g *RingGroupNode) Round(i int) []*PhoneUser {
	if !g.Sequential {
		return g.Users
	}
	k := i % len(g.Users)
	return g.Users[k : k+1 : k+1]
}

// RingBuffer is how much longer phones ring than the timeout of a Dial says: Twilio
// always adds five seconds (https://www.twilio.com/docs/voice/twiml/dial#timeout).
const RingBuffer = 5 * time.Second

// ShortestRing is the shortest time for which Twilio can ring: its shortest
// timeout, and what it adds to that.
const ShortestRing = 5*time.Second + RingBuffer

// Ring is how long phones ring in one round, at most.
func (g *RingGroupNode) Ring() time.Duration { return max(g.Interval, ShortestRing) }

// Timeout is the timeout of a Dial that rings one round.
func (g *RingGroupNode) Timeout() time.Duration { return g.Ring() - RingBuffer }

// Duration is how long the group rings when nobody answers.
func (g *RingGroupNode) Duration() time.Duration { return time.Duration(g.Rounds()) * g.Ring() }

// BusyTime is how long it takes to learn that a line is busy.
const BusyTime = time.Second

// BusyTime is how long it takes to learn that everybody is busy.
func (g *RingGroupNode) BusyTime() time.Duration { return time.Duration(g.Rounds()) * BusyTime }

// ConfirmTimeout is how long a user has to press 1, each time they are asked.
const ConfirmTimeout = 5 * time.Second

// confirming is how long a user who answered can take to decline, and to accept:
// both questions of the confirmation are heard, and answered in the last moment.
func (p *Project) confirming() (decline, accept time.Duration) {
	if p.Home != nil { // the team speaks the project's language, whatever callers speak
		p = p.Home
	}
	speak := func(text string) time.Duration { return twiml.SpeakingTime(p.Language, text) }
	decline = speak(p.Texts.Confirm) + speak(p.Texts.ConfirmAgain) + 2*ConfirmTimeout
	return decline, decline + speak(p.Texts.Accepted)
}

// A RingTimes is how long it can take at the latest to ring a group once.
type RingTimes struct {
	Busy, Unavailable time.Duration // until all were busy, or nobody can be had
	Answered          time.Duration
}

// Longest is how long a ring can take, whatever comes of it.
func (r RingTimes) Longest() time.Duration { return max(r.Busy, r.Unavailable, r.Answered) }

// RingTimes measures a ring: in each round whoever declines does it last. Several
// who are rung together are reported busy if one of them is, whoever declines.
func (p *Project) RingTimes(g *RingGroupNode) RingTimes {
	decline, accept := p.confirming()
	var r RingTimes
	for i := range g.Rounds() {
		answers, declines, busy := g.Ring(), g.Ring(), g.Ring()
		users := g.Round(i)
		for _, u := range users {
			if u.Confirm {
				answers, declines = g.Ring()+accept, g.Ring()+decline
			}
		}
		if len(users) > 1 {
			busy = declines
		}
		r.Answered = max(r.Answered, r.Unavailable+answers)
		r.Unavailable += declines
		r.Busy += busy
	}
	return r
}

// Ways are busy and unavailable.
func (g *RingGroupNode) Ways(p *Project) []Way {
	return []Way{
		outcomeWay(p, g, "busy", g.OnBusy, g.Busy),
		outcomeWay(p, g, "unavailable", g.OnUnavailable, g.Unavailable),
	}
}

// Dwell is how long the group rings.
func (g *RingGroupNode) Dwell(p *Project, _ Entrance) Dwell {
	r := p.RingTimes(g)
	return Dwell{Person: r.Answered, Ways: []Timing{
		{Shown: g.BusyTime(), Silent: r.Busy, Worst: r.Busy, Rings: g.Cycles, Busy: true},
		{Shown: g.Duration(), Silent: r.Unavailable, Worst: r.Unavailable, Rings: g.Cycles},
	}}
}

// Event says that everybody is busy, or nobody answers.
func (g *RingGroupNode) Event(_ Way, t Timing) NodeEvent {
	if t.Busy {
		return NodeEvent{Text: "finds everybody busy in " + g.Address() + " at"}
	}
	return NodeEvent{Text: "is not answered by " + g.Address() + " until"}
}

// Rings is the group itself.
func (g *RingGroupNode) Rings() *RingGroupNode { return g }

// Attended is true: people answer.
func (g *RingGroupNode) Attended() bool { return true }

// Heard lists what callers hear when nobody answers.
func (g *RingGroupNode) Heard() []*MessageNode { return []*MessageNode{g.Busy, g.Unavailable} }
