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

import (
	"time"

	"github.com/ivrc/ivrc/compiler/script"
)

// A Test is one call, and the others that happen at the same time.
type Test struct {
	Name    string                   // of the block; with the key of its element, where it has for_each
	Start   time.Time                // when the caller calls; zero if the test does not say
	Caller  Caller                   // the call that the test is about
	Others  []Caller                 // meanwhile
	Callees map[string]script.Callee // by the address that TwiML dials; others let it ring
	Waiting []script.Waiting         // who waits in queues already, by their names at Twilio
	// Applications are what applications do, by name; others cannot be reached.
	Applications map[string]script.Application
	State        int // of the variables: 0 as they are given, or one of those that tests set
}

// A Caller is what one caller does, and what has to happen in the call.
type Caller struct {
	Name     string // "" of the call that the test is about
	Place    Place  // of the block
	Number   string // the name of the number that is called
	To       string // the number itself, in E.164
	From     string // in E.164
	Withheld bool
	Fails    bool // the first document cannot be had, so that Twilio asks the fallback

	Sixteenth int           // from 1 to 16: in which part of all calls this one is, where they are shared out
	At        time.Duration // since the test began
	Steps     []Step        // one after the other
	Never     []Step        // expectations that must not be met

	Shortest, Longest Bound // of the duration of the call
}

// A Bound is a duration that a call must reach, or must not exceed. Zero is none.
type Bound struct {
	Time  time.Duration
	Place Place
}

// A Step is something that the caller does, or something that has to happen.
type Step struct {
	Action  script.Action // what the caller does; the zero value for an expectation
	Expects Expectation   // what has to happen; "" for an action
	Text    string        // Hears: words, or the address of audio; Enters: the name of a queue at Twilio
	Whole   bool          // Hears: the text is a message, and not a part of one
	// Hears: in which language and voice it must be said; "" is any. A voice that a
	// document leaves to the account is any, too.
	Language, Voice string
	// Hears: the message in the other languages in which calls can hear it.
	Versions []Version
	Block    string        // Reaches, Records: the address of a block, "voicemail.sales"
	Phone    string        // Rings, TalksTo: an address as TwiML dials it
	Within   time.Duration // since the step before; 0 is no bound
	After    time.Duration // since the step before; 0 is no bound
	Written  string        // as the test says it, with every name resolved: `hears("Thank you")`
	Place    Place
}

// A Version is a message in one language.
type Version struct {
	Text            string // or the address of audio
	Language, Voice string // "" is any
}

// An Expectation is what has to happen.
type Expectation string

// What can be expected, in the words of the language.
const (
	Hears   Expectation = "hears"
	Reaches Expectation = "reaches"
	Enters  Expectation = "enters"
	Rings   Expectation = "rings"
	TalksTo Expectation = "talks_to"
	Records Expectation = "records"
	Ends    Expectation = "ends"

	Rejected Expectation = "rejected"
)

// A Place is a line of a file.
type Place struct {
	File string
	Line int
}
