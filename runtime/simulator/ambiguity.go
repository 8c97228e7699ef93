package simulator

import (
	"slices"
)

// An Ambiguity is a point on which Twilio's documentation is silent. Every time a
// call depends on one, its transcript says so and says what was assumed; a
// Scenario can ask for the other assumption.
type Ambiguity string

// The ambiguities. [Ambiguities] says what each of them is about, what is
// usually assumed, and the other possibility.
const (
	DeclineStatus     Ambiguity = "decline-status"
	WhisperRace       Ambiguity = "whisper-race"
	WhisperFault      Ambiguity = "whisper-fault"
	WhisperVerbs      Ambiguity = "whisper-verbs"
	ParallelStatus    Ambiguity = "parallel-status"
	SequentialTimeout Ambiguity = "sequential-timeout"
	LeaveAction       Ambiguity = "leave-action"
	EmptyDigits       Ambiguity = "empty-digits"
	StarDigit         Ambiguity = "star-digit"
	SilentRecording   Ambiguity = "silent-recording"
	RedirectBase      Ambiguity = "redirect-base"
	PlayFailure       Ambiguity = "play-failure"
	DialGone          Ambiguity = "dial-gone"
	MixedNouns        Ambiguity = "mixed-nouns"
	WithheldCaller    Ambiguity = "withheld-caller"
	UnknownQueue      Ambiguity = "unknown-queue"
	QueueGone         Ambiguity = "queue-gone"
	QueueSize         Ambiguity = "queue-size"
	StarConference    Ambiguity = "star-conference"
	ConferenceFull    Ambiguity = "conference-full"
	AutoTimeout       Ambiguity = "auto-timeout"
)

// An Assumption says what the two possibilities of an Ambiguity are.
type Assumption struct {
	Ambiguity Ambiguity
	Point     string // what is not documented
	Usual     string // what the simulator assumes
	Other     string // what it assumes if the scenario names the ambiguity
}

var assumptions = []Assumption{
	{DeclineStatus, "DialCallStatus after the called person declined in a whisper",
		"completed, with DialBridged=false", "no-answer, with DialBridged=false"},
	{WhisperRace, "who wins when several telephones ring and have a whisper",
		"the first whose whisper ends; the others ring on until then", "the first who answers; the others are cancelled at once"},
	{WhisperFault, "what follows when a whisper document cannot be fetched or obeyed",
		"the parties are not connected", "they are connected nevertheless"},
	{WhisperVerbs, "whether a whisper may pause and redirect, which Twilio's list of verbs leaves out",
		"it may", "the verb is passed over"},
	{ParallelStatus, "whose DialCallStatus is reported when several telephones rang and nobody was connected",
		"that of the last to end", "that of the first to end"},
	{SequentialTimeout, "whether the timeout of a sequential Dial counts for each telephone or for all",
		"for each", "for all together"},
	{LeaveAction, "whether Leave requests the action of the Enqueue or runs the next verb",
		"the action is requested", "the next verb runs"},
	{EmptyDigits, "what actionOnEmptyResult sends in place of keys",
		"no Digits parameter", "an empty Digits parameter"},
	{StarDigit, "how the star key is written in a query", "Digits=*", "Digits=%2A"},
	{SilentRecording, "what follows a Record into which nobody spoke",
		"the next verb runs", "the action is requested, with RecordingDuration=0"},
	{RedirectBase, "what relative links refer to after an HTTP redirect",
		"the final address", "the address that was asked for first"},
	{PlayFailure, "what follows when audio cannot be fetched",
		"the call fails, as with a document", "the next verb runs"},
	{DialGone, "whether the action of a Dial is requested when the caller has hung up",
		"it is not", "it is, and nobody hears the answer"},
	{MixedNouns, "whether one Dial can ring telephones, clients and SIP addresses together",
		"it can", "it rings those of the first kind"},
	{WithheldCaller, "whether carriers take a call with a withheld caller ID, which a Dial without callerId passes on",
		"they do", "they refuse it, and the Dial fails"},
	{UnknownQueue, "the DialCallStatus of a queue that does not exist, which is called an error",
		"failed", "no-answer"},
	{QueueGone, "DialCallStatus when a caller from a queue is gone before the agent is connected",
		"completed, with DialBridged=false", "no-answer"},
	{QueueSize, "whether maxQueueSize, which only Twilio's libraries know, bounds a queue that an Enqueue creates",
		"it does not", "it does"},
	{StarConference, "whether hangupOnStar lets a participant leave a conference",
		"it does", "the star key does nothing"},
	{ConferenceFull, "DialCallStatus when a conference is full",
		"failed", "busy"},
	{AutoTimeout, "how long a Gather with timeout=auto waits for a key",
		"five seconds", "one second"},
}

// Ambiguities lists the ambiguities in a fixed order.
func Ambiguities() []Assumption { return slices.Clone(assumptions) }

// otherwise tells the transcript that the call depends on an ambiguity, and
// reports whether the scenario asks for the other assumption.
func (l *leg) otherwise(about Ambiguity) bool {
	other := l.x.other[about]
	for _, a := range assumptions {
		if a.Ambiguity == about {
			assumed := a.Usual
			if other {
				assumed = a.Other
			}
			l.note(Event{Kind: Undocumented, Text: a.Point + "; assumed: " + assumed, Ambiguity: about})
		}
	}
	return other
}
