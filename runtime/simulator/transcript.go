package simulator

import (
	"encoding/json"
	"time"
)

// FormatVersion is the version of a transcript as JSON. A higher minor number
// adds keys and kinds; a higher major number changes the meaning of old ones.
const FormatVersion = "1.0"

// Caller is the name of the caller's leg. Other legs are named by the address
// that was dialled.
const Caller = "caller"

// A Transcript is what happened in one call.
type Transcript struct {
	FormatVersion string        `json:"format_version"`
	CallSID       string        `json:"call_sid"`
	From          string        `json:"from"`
	To            string        `json:"to"`
	Start         time.Duration `json:"-"` // since the beginning of the run
	Events        []Event       `json:"events"`
	Ending        Ending        `json:"ending"`
}

// An Event is one thing that happened in a call.
//
// Document is the path that was requested, or what the server's
// Content-Location calls it, which tells which of several documents at one
// address it was.
type Event struct {
	At        time.Duration `json:"-"`   // since the call was placed
	Leg       string        `json:"leg"` // Caller, or the address that was dialled
	Kind      Kind          `json:"kind"`
	Text      string        `json:"text,omitempty"`
	Language  string        `json:"language,omitempty"` // Says: what the Say names; "" is the account's default
	Voice     string        `json:"voice,omitempty"`    // Says: likewise
	Note      string        `json:"note,omitempty"`     // what is remarkable about it
	Query     string        `json:"query,omitempty"`    // Requests: the parameters besides the standard ones
	Length    time.Duration `json:"-"`                  // how long it would last if nothing stopped it
	Repeat    int           `json:"repeat,omitempty"`   // how often it would be heard, if not once
	Code      int           `json:"code,omitempty"`     // Faults, QueueFull: Twilio's error code
	Fatal     bool          `json:"fatal,omitempty"`    // Fault: the document could not be used
	Ambiguity Ambiguity     `json:"reading,omitempty"`
	Document  string        `json:"document,omitempty"` // path of the document that led to it
	Verb      string        `json:"verb,omitempty"`     // of that document
}

// Speaker is the language and the voice of what is said: "es-MX, Polly.Mia".
func (e Event) Speaker() string {
	if e.Language == "" || e.Voice == "" {
		return e.Language + e.Voice
	}
	return e.Language + ", " + e.Voice
}

// A Kind says what an event is.
type Kind string

// The kinds of events. Text is what is given in brackets.
const (
	Calls        Kind = "calls"        // the call is placed [the number called]
	Answers      Kind = "answers"      // Twilio, or a callee, answers
	Requests     Kind = "requests"     // a document is fetched [method and address]
	Says         Kind = "says"         // a voice speaks [the text]
	Plays        Kind = "plays"        // audio is played [its address]
	Pauses       Kind = "pauses"       // silence
	Asks         Kind = "asks"         // keys are awaited [how many]
	Presses      Kind = "presses"      // a key is pressed [the key]
	Silent       Kind = "silent"       // a question was not answered [for how long; "" if only the finish key was pressed]
	Speaks       Kind = "speaks"       // a person talks into a recording
	Dials        Kind = "dials"        // telephones are rung [their addresses]
	Rings        Kind = "rings"        // a telephone rings
	Busy         Kind = "busy"         // the line is busy, or the callee refuses
	NoAnswer     Kind = "no-answer"    // nobody answers
	Fails        Kind = "fails"        // the network cannot reach the telephone
	Cancels      Kind = "canceled"     // somebody else was connected, or the caller gave up
	Accepts      Kind = "accepts"      // the callee accepts the call
	Declines     Kind = "declines"     // the callee does not accept the call
	Connects     Kind = "connected"    // two people can talk [to whom]
	Parts        Kind = "parted"       // their conversation is over
	Waits        Kind = "waits"        // the caller enters a queue [its name]
	QueueFull    Kind = "queue-full"   // the caller finds the queue full [its name]
	Leaves       Kind = "leaves"       // the caller leaves a queue [taken, leave, hangup or error]
	Records      Kind = "records"      // a recording begins
	Recorded     Kind = "recorded"     // a recording ends; Length is how long somebody spoke
	Redirects    Kind = "redirects"    // a document hands over to another [its address]
	HandsOver    Kind = "hands-over"   // the call is handed to an application [its name]; the note says what it answers, or how it fails
	Rejects      Kind = "rejects"      // the call is refused [busy or rejected]
	HangsUp      Kind = "hangs-up"     // a person ends their call
	Ends         Kind = "ends"         // the call is over [why]
	Faults       Kind = "fault"        // Twilio refuses or warns [why]
	Skips        Kind = "skips"        // a verb that is not simulated [its name]
	Undocumented Kind = "undocumented" // an ambiguity [what was assumed]
	Reports      Kind = "reports"      // in a walk: Twilio reports how something ended [a parameter and its value]
)

// An Ending is how a call ended.
type Ending struct {
	How  How    `json:"how"`
	Text string `json:"text"` // in a sentence
	Code int    `json:"code,omitempty"`

	// Heard is whether the caller was told something, or talked to somebody,
	// after the last thing that they did, or after they left a queue: false is a call
	// cut off in silence.
	Heard bool `json:"heard"`

	// Application is the one that ended the call, by its name; "" if none did.
	Application string `json:"application,omitempty"`
}

// How is the way in which a call ended.
type How string

// The ways in which calls end.
const (
	ByCaller   How = "caller"     // the caller hung up
	ByDocument How = "document"   // a document hung up or ran out of verbs
	Rejected   How = "rejected"   // the call was refused without being answered
	Failed     How = "failed"     // a fatal fault, and no fallback that works
	Endless    How = "endless"    // documents lead to each other without end
	TimeLimit  How = "time-limit" // the call reached the scenario's limit
	Elsewhere  How = "elsewhere"  // the call goes on at a host that may not be asked
	Stopped    How = "stopped"    // the run was cancelled
)

// MarshalJSON writes times as seconds.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	return json.Marshal(struct {
		At float64 `json:"at"`
		plain
		Length float64 `json:"length,omitempty"`
	}{e.At.Seconds(), plain(e), e.Length.Seconds()})
}

// MarshalJSON writes times as seconds.
func (t Transcript) MarshalJSON() ([]byte, error) {
	type plain Transcript
	return json.Marshal(struct {
		plain
		Start float64 `json:"start"`
	}{plain(t), t.Start.Seconds()})
}
