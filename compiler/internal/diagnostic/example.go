package diagnostic

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/script"
)

// An AnsweredCall is what an application answers in a counter-example; no result is a
// failure.
type AnsweredCall struct{ Application, Result string }

// A CounterExample is a call in which what is wrong with a configuration shows.
type CounterExample struct {
	Number    string           // the name of the number that is called
	Withheld  bool             // the caller withholds their own
	Fallback  bool             // the first document cannot be had, and Twilio asks the fallback
	Sixteenth int              // of all calls, from 1 to 16, in which a split leads this one; 0 if it does not matter, -1 if no call is in all its shares
	From      string           // the caller's own number, "" if it does not matter
	Start     time.Time        // when they call; zero if it does not matter
	Press     script.Script    // what the caller does
	Again     script.Script    // and from then on, round and round; empty for nothing
	Callees   []CalledUser     // what users do who are rung; all others let it ring
	Waiting   []script.Waiting // who waits in queues already, by their names in the configuration
	Answers   []AnsweredCall   // what applications answer, one after the other
	Steps     []ExampleStep    // what happens
	Fault     Harm             // how it ends
	At        time.Duration
}

// A CalledUser is what one user does who is rung.
type CalledUser struct {
	User string // by name
	Does script.Callee
}

// An ExampleStep is one thing that happens in a call.
type ExampleStep struct {
	At    time.Duration // since the call began
	Text  string        // "presses 2"
	Place hcl.Range     // of what it leads to
}

// A Harm is how a call goes wrong.
type Harm string

// The faults that are proved not to happen, and the one that is warned of.
const (
	Endless  Harm = "endless"  // it goes on without end, and the caller does nothing
	CutOff   Harm = "cut off"  // it ends without a word
	Unserved Harm = "unserved" // the caller waits where nobody can take the call
	Recorded Harm = "recorded" // the caller is recorded without having been told
)

// CounterExampleOf returns the call that a diagnostic tells, and nil if it tells none.
func CounterExampleOf(d *hcl.Diagnostic) *CounterExample {
	x, _ := d.Extra.(extra)
	return x.call
}
