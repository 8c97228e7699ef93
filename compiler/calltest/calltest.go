// Package calltest is what a call test says, as plain data: who calls which
// number, what everybody does, and what has to happen.
//
// The compiler makes it from files like this one, and whoever plays it needs
// neither the files nor the configuration, because every name is resolved to
// what a call shows: telephone numbers, addresses, names of queues, words.
//
//	call "a caller for sales is connected to Alice" {
//	  to      = number.main
//	  callees = { alice = answers("3s") }
//	  steps = [
//	    hears("Thank you for calling"),
//	    presses("1"),
//	    talks_to(user.alice),
//	  ]
//	}
package calltest

import "time"

// A Test is one call, and the others that happen at the same time.
type Test struct {
	Name    string    // of the block; with the key of its element, where it has for_each
	Caller  Call      // the call that the test is about
	Others  []Call    // meanwhile
	People  []Person  // what they do who are rung; others let it ring
	Waiting []Waiting // who waits in queues already
}

// A Call is what one caller does, and what has to happen in the call.
type Call struct {
	Name     string // "" of the call that the test is about
	Place    Place  // of the block
	Number   string // the name of the number that is called
	To       string // the number itself, in E.164
	From     string // in E.164
	Withheld bool
	At       time.Duration // since the test began
	Steps    []Step        // one after the other
	Never    []Step        // expectations that must not be met

	Shortest, Longest Bound // of the length of the call
}

// A Bound is a length of time that a call may not pass, or must. Zero is none.
type Bound struct {
	Time  time.Duration
	Place Place
}

// A Step is something that the caller does, or that has to happen.
type Step struct {
	Do      Deed
	Text    string        // words, keys, the name of a queue at Twilio, or a sound's address
	Whole   bool          // Hears: the text is a message, and not a part of one
	Block   string        // Reaches, Records: the address of a block, "voicemail.sales"
	Phone   string        // Rings, TalksTo: an address as TwiML dials it
	For     time.Duration // Waits, Speaks; Presses: since the question began, or negative
	Within  time.Duration // since the step before; 0 is no bound
	After   time.Duration // since the step before; 0 is no bound
	Written string        // as the test says it, with every name resolved: `hears("Thank you")`
	Place   Place
}

// A Deed is what a step is about.
type Deed string

// What callers do, and what has to happen.
const (
	Presses Deed = "presses"
	Silent  Deed = "stays_silent"
	Waits   Deed = "waits"
	Speaks  Deed = "speaks"
	HangsUp Deed = "hangs_up"

	Hears   Deed = "hears"
	Reaches Deed = "reaches"
	Enters  Deed = "enters"
	Rings   Deed = "rings"
	TalksTo Deed = "talks_to"
	Records Deed = "records"
	Ends    Deed = "ends"
)

// Expects reports whether a step is an expectation, and not what the caller does.
func (s Step) Expects() bool {
	switch s.Do {
	case Presses, Silent, Waits, Speaks, HangsUp:
		return false
	}
	return true
}

// A Person is somebody who can be rung. They respond to the first ring with the
// first of the turns, and so on; the last one is repeated.
type Person struct {
	Name    string // of the user
	Address string // as TwiML dials it
	Turns   []Turn
}

// A Turn is what somebody does whose telephone rings.
type Turn struct {
	Do    Response
	After time.Duration // how long it rings until then
	Talk  time.Duration // how long they talk once connected, then hang up
}

// A Response is how a ringing telephone is responded to.
type Response string

// The responses. Somebody who only answers presses no key when asked to accept.
const (
	Answers   Response = "answers"
	Accepts   Response = "accepts" // answers, and presses 1 when asked
	Declines  Response = "declines"
	Voicemail Response = "voicemail"
	Busy      Response = "busy"
	NoAnswer  Response = "no_answer"
	Fails     Response = "fails"
)

// A Waiting is how many callers wait in a queue when the test begins.
type Waiting struct {
	Queue   string // its name at Twilio
	Callers int
}

// A Place is a line of a file.
type Place struct {
	File string
	Line int
}
