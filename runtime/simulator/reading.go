package simulator

// A Reading is a point on which Twilio's documentation is silent. Every time a
// call depends on one, its transcript says so and says what was assumed; a
// Scenario can ask for the other assumption.
type Reading string

// The points that are open, each with what is usually assumed and the other
// possibility. See [Readings].
const (
	DeclineStatus     Reading = "decline-status"
	WhisperRace       Reading = "whisper-race"
	WhisperFault      Reading = "whisper-fault"
	WhisperVerbs      Reading = "whisper-verbs"
	ParallelStatus    Reading = "parallel-status"
	SequentialTimeout Reading = "sequential-timeout"
	LeaveAction       Reading = "leave-action"
	EmptyDigits       Reading = "empty-digits"
	StarDigit         Reading = "star-digit"
	SilentRecording   Reading = "silent-recording"
	RedirectBase      Reading = "redirect-base"
	PlayFailure       Reading = "play-failure"
	DialGone          Reading = "dial-gone"
	MixedNouns        Reading = "mixed-nouns"
	WithheldCaller    Reading = "withheld-caller"
	UnknownQueue      Reading = "unknown-queue"
	QueueGone         Reading = "queue-gone"
	QueueSize         Reading = "queue-size"
	StarConference    Reading = "star-conference"
	ConferenceFull    Reading = "conference-full"
	AutoTimeout       Reading = "auto-timeout"
)

// An Assumption says what the two possibilities of a Reading are.
type Assumption struct {
	Reading Reading
	Point   string // what is not documented
	Usual   string // what the simulator assumes
	Other   string // what it assumes if the scenario names the reading
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
	{LeaveAction, "whether Leave requests the action of the Enqueue or goes on behind it",
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

// Readings lists the open points in a fixed order.
func Readings() []Assumption { return append([]Assumption(nil), assumptions...) }

// reads tells the transcript of an open point that the call has come to, and
// reports whether the other reading is in force.
func (l *leg) reads(r Reading) bool {
	other := l.x.other[r]
	for _, a := range assumptions {
		if a.Reading == r {
			assumed := a.Usual
			if other {
				assumed = a.Other
			}
			l.note(Event{Kind: Undocumented, Text: a.Point + "; assumed: " + assumed, Reading: r})
		}
	}
	return other
}
