package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/script"
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

	Whispers    map[*PhoneUser]*MessageNode // what each user hears who answers, before they are connected
	TimeLimit   time.Duration               // of a conversation; 0 for none
	OnCompleted *Link                       // where a caller goes on after a conversation; nil for the end of the call
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

// answering is how long a user who answered can take to decline, and to accept: the
// whisper and both questions of the confirmation are heard, and answered in the last
// moment. The team speaks the project's language, or their own, whatever callers speak.
func (p *Project) answering(g *RingGroupNode, u *PhoneUser) (decline, accept time.Duration) {
	whisper := g.Whispers[u].Length()
	if !u.Confirm {
		return whisper, whisper
	}
	p = p.SpeakingTo(u)
	speak := func(text string) time.Duration { return twiml.SpeakingTime(p.Language, text) }
	decline = whisper + speak(p.Texts.Confirm) + speak(p.Texts.ConfirmAgain) + 2*ConfirmTimeout
	return decline, decline + speak(p.Texts.Accepted)
}

// SpeakingTo is the project as a user is spoken to: in their language, or its own.
func (p *Project) SpeakingTo(u *PhoneUser) *Project {
	switch {
	case u.Speaks != nil:
		return u.Speaks
	case p.Home != nil:
		return p.Home
	}
	return p
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
	var r RingTimes
	for i := range g.Rounds() {
		answers, declines, busy := g.Ring(), g.Ring(), g.Ring()
		users := g.Round(i)
		for _, u := range users {
			decline, accept := p.answering(g, u)
			answers, declines = max(answers, g.Ring()+accept), max(declines, g.Ring()+decline)
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

// Ways are busy and unavailable, and the end of a conversation if the call goes on.
func (g *RingGroupNode) Ways(p *Project) []Way {
	return append([]Way{
		outcomeWay(p, g, "busy", g.OnBusy, g.Busy),
		outcomeWay(p, g, "unavailable", g.OnUnavailable, g.Unavailable),
	}, g.completed(p, g)...)
}

// completed is the way on after a conversation with somebody of the group, who was
// rung for a caller at a node; none if the call ends then.
func (g *RingGroupNode) completed(p *Project, at Node) []Way {
	if g == nil || g.OnCompleted == nil {
		return nil
	}
	w := outcomeWay(p, at, "completed", g.OnCompleted, nil)
	w.Talked = true
	return []Way{w}
}

// Dwell is how long the group rings, and people talk.
func (g *RingGroupNode) Dwell(p *Project, _ Entrance) Dwell {
	r := p.RingTimes(g)
	d := Dwell{Person: r.Answered, Talk: g.TimeLimit, Ways: []Timing{
		{Shown: g.BusyTime(), Silent: r.Busy, Worst: r.Busy, Rings: g.Cycles, Busy: true},
		{Shown: g.Duration(), Silent: r.Unavailable, Worst: r.Unavailable, Rings: g.Cycles},
	}}
	if g.OnCompleted != nil {
		d.Ways = append(d.Ways, g.talked(p, r.Answered))
	}
	return d
}

// talked is the timing of a caller who has talked to somebody of the group, who
// answered so late at the latest. In a counter-example the first user answers and
// talks as people do.
func (g *RingGroupNode) talked(p *Project, latest time.Duration) Timing {
	if len(g.Users) == 0 {
		return Timing{Shown: Never, Silent: Never, Worst: Never}
	}
	latest += g.TimeLimit
	u := g.Users[0]
	turn := script.Answer.Turn()
	shown := turn.After + g.Whispers[u].Length()
	if u.Confirm {
		p = p.SpeakingTo(u)
		shown += twiml.SpeakingTime(p.Language, p.Texts.Confirm) + twiml.SpeakingTime(p.Language, p.Texts.Accepted)
	}
	talk := turn.Talk
	if g.TimeLimit > 0 {
		talk = min(talk, g.TimeLimit)
	}
	return Timing{Shown: shown + talk, Silent: latest, Worst: latest, Rings: 1, Talks: true}
}

// Event says that everybody is busy, that nobody answers, or that somebody has.
func (g *RingGroupNode) Event(_ Way, t Timing) NodeEvent {
	if t.Talks {
		return NodeEvent{Text: "talks to somebody of " + g.Address() + " until"}
	}
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
