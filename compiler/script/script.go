// Package script says what people do in a call: which keys a caller presses and
// when, and how callees react when their telephones ring.
//
//	1, silent, 12#@2s, speak 20s, hangup       a Script: what the caller does
//	busy then answer:3s,talk:2m                a Callee: what one callee does, ring after ring
//
// Everything that plays, tests or proves a call shares these types. They are
// parsed and printed here and nowhere else: what String writes, [Parse] and
// [ParseCallee] read.
package script

import (
	"time"
)

// KeyInterval is the time between two keys that somebody presses in one go.
const KeyInterval = 300 * time.Millisecond

// A Script is what a caller does, one action after the other. After the last
// action the caller stays on the line in silence.
type Script []Action

// An Action is one thing that a caller does.
type Action struct {
	Do   ActionKind
	Keys string        // Press, Interrupt, PressNow
	For  time.Duration // Interrupt, Wait, Until, Speak, Talk
	Slow time.Duration // Press, Interrupt, PressNow: the time between two keys, 0 as people press them in one go
	Text string        // Hear
}

// An ActionKind says what a caller does, in the word that [Parse] reads.
type ActionKind string

// The kinds of actions, each with an example of how it is written.
const (
	Press     ActionKind = "press"     // 12#: hears the next question, then presses the keys
	Interrupt ActionKind = "interrupt" // 1@2s: presses the keys 2 s after the question began
	PressNow  ActionKind = "now"       // now 1: presses the keys at once, question or not
	Silent    ActionKind = "silent"    // silent: lets the next question pass
	Wait      ActionKind = "wait"      // wait 10s: lets time pass
	Until     ActionKind = "at"        // at 1m30s: waits until the call is that old
	Hear      ActionKind = "hear"      // hear "sales": waits until something with these words begins
	Speak     ActionKind = "speak"     // speak 20s: talks into the next recording
	Mute      ActionKind = "mute"      // mute: lets the next recording pass
	Talk      ActionKind = "talk"      // talk 30s: talks to whoever is connected next
	HangUp    ActionKind = "hangup"    // hangup: hangs up
)

// A Callee is what somebody does whose telephone rings, ring after ring. When
// the turns are used up, they are repeated from the ring Again on, which is
// counted from 0.
type Callee struct {
	Turns []Turn
	Again int
}

// A Turn is what a callee does for one ring, or for several in a row.
type Turn struct {
	Do    Reaction
	After time.Duration // how long it rings until then
	Keys  string        // pressed when asked to accept the call, after the question
	Talk  time.Duration // how long the callee talks once connected, then hangs up
	Times int           // how many rings in a row; 0 counts as 1
}

// A Reaction is how a callee reacts to a ringing telephone, in the word that
// [ParseCallee] reads.
type Reaction string

// The reactions.
const (
	Answer    Reaction = "answer"    // answers
	Accept    Reaction = "accept"    // answers, and presses 1 when asked to accept the call
	Decline   Reaction = "decline"   // answers, and hangs up when asked to accept, or else when connected
	Voicemail Reaction = "voicemail" // a machine answers, late, and never presses a key
	Busy      Reaction = "busy"      // is on the telephone already, or presses the red button
	NoAnswer  Reaction = "no-answer" // lets it ring
	Fail      Reaction = "fail"      // the network cannot reach the telephone
)

// usual are the reactions with the times and keys that they have unless a
// script says otherwise.
var usual = map[Reaction]Turn{
	Answer:    {Do: Answer, After: 5 * time.Second, Talk: 30 * time.Second},
	Accept:    {Do: Accept, After: 5 * time.Second, Talk: 30 * time.Second, Keys: "1"},
	Decline:   {Do: Decline, After: 5 * time.Second},
	Voicemail: {Do: Voicemail, After: 20 * time.Second, Talk: time.Minute},
	Busy:      {Do: Busy, After: time.Second},
	NoAnswer:  {Do: NoAnswer},
	Fail:      {Do: Fail, After: time.Second},
}

// Turn is a turn with this reaction at its usual times: whoever answers does so
// after 5 s and talks for 30 s.
func (r Reaction) Turn() Turn { return usual[r] }

// answers reports whether the telephone is picked up by somebody who then talks.
func (r Reaction) answers() bool { return r == Answer || r == Accept || r == Voicemail }

// InTurn is a callee who takes one turn at each ring, and the last one again at
// every ring after that.
func InTurn(turns ...Turn) Callee { return Callee{Turns: turns, Again: Rings(turns) - 1} }

// Rings is how many rings the turns are for.
func Rings(turns []Turn) int {
	n := 0
	for _, t := range turns {
		n += max(t.Times, 1)
	}
	return n
}

// Ring is what the callee does at the n-th ring, counted from 1.
func (c Callee) Ring(n int) Turn {
	total := Rings(c.Turns)
	if total == 0 {
		return NoAnswer.Turn()
	}
	if n--; n >= total {
		again := min(c.Again, total-1)
		n = again + (n-again)%(total-again)
	}
	for _, t := range c.Turns {
		if n < max(t.Times, 1) {
			return t
		}
		n -= max(t.Times, 1)
	}
	return c.Turns[len(c.Turns)-1]
}

// A Waiting is how many callers wait in a queue, and when. The times are counted
// from the beginning of the call that meets them.
type Waiting struct {
	Queue   string // its name
	Callers int
	From    time.Duration // when they come; 0 is before the call
	Until   time.Duration // when they hang up; 0 is never
}
