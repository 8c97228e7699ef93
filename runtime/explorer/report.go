package explorer

import (
	"encoding/json"
	"math/big"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A Law is something that every call must keep.
type Law string

// The laws; [Laws] says what each of them demands.
const (
	Answered  Law = "answered"
	Bounded   Law = "bounded"
	Spoken    Law = "spoken"
	Unhurried Law = "unhurried"
	Audible   Law = "audible"
	Clean     Law = "clean"
	Whole     Law = "whole"
	Described Law = "described"
)

// A Demand is a law and what it demands.
type Demand struct {
	Law  Law
	Text string // a sentence, without capital and full stop
}

// demands are all laws. The first five are those that the compiler proves.
var demands = []Demand{
	{Answered, "every outcome of every decision has an answer that Twilio can obey"},
	{Bounded, "the call ends in time for a caller who is silent or presses wrong keys"},
	{Spoken, "something is said between the caller's last act and the end of the call"},
	{Unhurried, "documents that lead to each other in a circle take time"},
	{Audible, "a caller who is not answered, or waits too long, is told so"},
	{Clean, "Twilio warns of nothing, and every verb can run"},
	{Whole, "what is served is the bundle"},
	{Described, "numbers and queues are those that the bundle describes"},
}

// Laws lists the laws in a fixed order.
func Laws() []Demand { return slices.Clone(demands) }

// A Report is what [Explore] has found.
type Report struct {
	Numbers    []NumberReport `json:"numbers"` // in the order of the numbers
	States     int            `json:"states"`
	Moves      int            `json:"moves"`
	Documents  int            `json:"documents"`            // that were requested and read, those that are equal counted each
	Unreached  []string       `json:"unreached,omitempty"`  // documents of the bundle that no call comes to, by path
	Violations []Violation    `json:"findings"`             // those about the bundle first, then the shortest calls
	NotWalked  []string       `json:"not_walked,omitempty"` // what the walk did not follow, and why
}

// A NumberReport is about the calls of one number.
type NumberReport struct {
	Number string `json:"number"`
	States int    `json:"states"`

	// Calls counts the ways from the call's beginning to its end. A way that
	// comes back to where it was is not counted again.
	Calls *big.Int `json:"calls"`

	Silent time.Duration `json:"-"` // the longest call of a caller who does nothing
	Wrong  time.Duration `json:"-"` // and of a caller who presses wrong keys
}

// MarshalJSON writes times as seconds, and the count as a string, because it can
// have more digits than a JSON number can keep.
func (r NumberReport) MarshalJSON() ([]byte, error) {
	type plain NumberReport
	return json.Marshal(struct {
		plain
		Calls  string  `json:"calls"`
		Silent float64 `json:"silent"`
		Wrong  float64 `json:"wrong"`
	}{plain(r), r.Calls.String(), r.Silent.Seconds(), r.Wrong.Seconds()})
}

// A Violation is one way in which a law is broken.
type Violation struct {
	Law      Law    `json:"law"`
	Document string `json:"document,omitempty"` // path
	Text     string `json:"text"`               // what is wrong, in a sentence

	// Call is the shortest call that shows it, which ends where it shows. It has
	// no events where no call is needed to see what is wrong.
	Call simulator.Transcript `json:"call,omitzero"`

	// Start is when the caller calls, zero if that makes no difference.
	Start time.Time `json:"start,omitzero"`

	// Press is what the caller does, and Callees what the callees do, by address.
	// With them the call takes the same course in [simulator.Run], unless it
	// depends on what Twilio alone can cause, or on an ambiguity: then Playable is
	// false.
	Press    script.Script            `json:"press,omitempty"`
	Callees  map[string]script.Callee `json:"callees,omitempty"`
	Playable bool                     `json:"playable"`
}

// add appends violations that the report does not have yet.
func (r *Report) add(others []Violation) {
	for _, v := range others {
		if !slices.ContainsFunc(r.Violations, func(have Violation) bool {
			return have.Law == v.Law && have.Document == v.Document && have.Text == v.Text
		}) {
			r.Violations = append(r.Violations, v)
		}
	}
}
