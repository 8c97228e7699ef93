package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// An Ambiguity is a point on which Twilio's documentation is silent, or says two
// things. Every time a
// call depends on one, its transcript says so and says what was assumed; a
// Scenario can ask for the other assumption.
type Ambiguity string

// The ambiguities. [Ambiguities] says what each of them is about, what is
// usually assumed, and the other possibility.
const (
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
	RedirectDigits    Ambiguity = "redirect-digits"
	PlayFailure       Ambiguity = "play-failure"
	DialGone          Ambiguity = "dial-gone"
	WithheldCaller    Ambiguity = "withheld-caller"
	UnknownQueue      Ambiguity = "unknown-queue"
	QueueGone         Ambiguity = "queue-gone"
	QueueSize         Ambiguity = "queue-size"
	ConferenceFull    Ambiguity = "conference-full"
	AutoTimeout       Ambiguity = "auto-timeout"
)

// An Assumption says what the two possibilities of an Ambiguity are.
type Assumption struct {
	Ambiguity Ambiguity
	Point     string      // what is not documented
	Usual     Possibility // what the simulator assumes
	Other     Possibility // what it assumes if the scenario names the ambiguity
	Source    string      // the pages that leave it open, or contradict each other, below twilio.com/docs; each with the day on which it was changed, or else read
}

// A Possibility is one of the two sides of an ambiguity: a word for it, and what happens.
type Possibility struct{ Value, Means string }

// ParseReadings reads choices of the form NAME=VALUE, such as silent-recording=action.
// It returns the ambiguities for which the other assumption is chosen.
func ParseReadings(choices []string) ([]Ambiguity, error) {
	chosen := map[Ambiguity]string{}
	var others []Ambiguity
	for _, choice := range choices {
		name, value, _ := strings.Cut(choice, "=")
		i := slices.IndexFunc(assumptions, func(a Assumption) bool { return string(a.Ambiguity) == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no reading %q; the names are %s", name, names())
		}
		a := assumptions[i]
		if value != a.Usual.Value && value != a.Other.Value {
			return nil, fmt.Errorf("%s is about %s: write %s=%s (%s) or %s=%s (%s)", name, a.Point, name, a.Usual.Value, a.Usual.Means, name, a.Other.Value, a.Other.Means)
		}
		if before, twice := chosen[a.Ambiguity]; twice && before != value {
			return nil, fmt.Errorf("%s is chosen twice, as %s and as %s", name, before, value)
		}
		if _, twice := chosen[a.Ambiguity]; !twice && value == a.Other.Value {
			others = append(others, a.Ambiguity)
		}
		chosen[a.Ambiguity] = value
	}
	return others, nil
}

// names lists the ambiguities for a message.
func names() string {
	all := make([]string, len(assumptions))
	for i, a := range assumptions {
		all[i] = string(a.Ambiguity)
	}
	return strings.Join(all, ", ")
}

var assumptions = []Assumption{
	{WhisperRace, "who wins when several telephones ring and have a whisper",
		Possibility{"accepted", "the first whose whisper ends; the others ring on until then"}, Possibility{"answered", "the first who answers; the others are cancelled at once"}, "voice/twiml/number#simulring (changed 2026-06-22)"},
	{WhisperFault, "what follows when a whisper document cannot be fetched or obeyed",
		Possibility{"refused", "the parties are not connected"}, Possibility{"connected", "they are connected nevertheless"}, "voice/twiml/number#url (changed 2026-06-22)"},
	{WhisperVerbs, "whether a whisper may pause and redirect, which Twilio's list of verbs leaves out",
		Possibility{"obeyed", "it may"}, Possibility{"passed-over", "the verb is passed over"}, "voice/twiml/number#url (changed 2026-06-22)"},
	{ParallelStatus, "whose DialCallStatus is reported when several telephones rang and nobody was connected",
		Possibility{"last", "that of the last to end"}, Possibility{"first", "that of the first to end"}, "voice/twiml/dial#dialcallstatus-values (read 2026-11)"},
	{SequentialTimeout, "whether the timeout of a sequential Dial counts for each telephone or for all",
		Possibility{"each", "for each"}, Possibility{"all", "for all together"}, "voice/twiml/dial#sequential (read 2026-11)"},
	{LeaveAction, "whether Leave requests the action of the Enqueue or runs the next verb",
		Possibility{"action", "the action is requested"}, Possibility{"next", "the next verb runs"}, "voice/twiml/leave (read 2026-11), voice/twiml/enqueue#action (read 2026-11)"},
	{EmptyDigits, "what actionOnEmptyResult sends in place of keys",
		Possibility{"absent", "no Digits parameter"}, Possibility{"empty", "an empty Digits parameter"}, "voice/twiml/gather#actiononemptyresult (changed 2026-06-22)"},
	{StarDigit, "how the star key is written in a query",
		Possibility{"plain", "Digits=*"}, Possibility{"encoded", "Digits=%2A"}, "voice/twiml/gather (changed 2026-06-22)"},
	{SilentRecording, "what follows a Record into which nobody spoke",
		Possibility{"next", "the next verb runs"}, Possibility{"action", "the action is requested, with RecordingDuration=0"}, "voice/twiml/record (read 2026-11)"},
	{RedirectBase, "what relative links refer to after an HTTP redirect",
		Possibility{"final", "the final address"}, Possibility{"first", "the address that was asked for first"}, "voice/twiml/redirect (read 2026-11)"},
	{RedirectDigits, "whether parameters such as Digits are sent again to where an HTTP redirect leads",
		Possibility{"lost", "they are not"}, Possibility{"kept", "they are"}, "voice/twiml/gather#troubleshooting (changed 2026-06-22: lost), voice/twiml/changelog (2024-07-09: kept)"},
	{PlayFailure, "what follows when audio cannot be fetched",
		Possibility{"fails", "the call fails, as with a document"}, Possibility{"next", "the next verb runs"}, "voice/twiml/play (read 2026-11)"},
	{DialGone, "whether the action of a Dial is requested when the caller has hung up",
		Possibility{"silent", "it is not"}, Possibility{"requested", "it is, and nobody hears the answer"}, "voice/twiml/dial#action (read 2026-11)"},
	{WithheldCaller, "whether carriers take a call with a withheld caller ID, which a Dial without callerId passes on",
		Possibility{"accepted", "they do"}, Possibility{"refused", "they refuse it, and the Dial fails"}, "api/errors/13214 (read 2026-11-30), twilio.com/changelog/upcoming-changes-to-withheld-caller-ids-behavior-for-dial-calls (2022-11-16)"},
	{UnknownQueue, "the DialCallStatus of a queue that does not exist, which is called an error",
		Possibility{"failed", "failed"}, Possibility{"no-answer", "no-answer"}, "voice/twiml/queue (read 2026-11)"},
	{QueueGone, "DialCallStatus when a caller from a queue is gone before the agent is connected",
		Possibility{"completed", "completed, with DialBridged=false"}, Possibility{"no-answer", "no-answer"}, "voice/twiml/queue#url (read 2026-11)"},
	{QueueSize, "whether maxQueueSize, which only Twilio's libraries know, bounds a queue that an Enqueue creates",
		Possibility{"ignored", "it does not"}, Possibility{"bounds", "it does"}, "voice/twiml/enqueue (read 2026-11)"},
	{ConferenceFull, "DialCallStatus when a conference is full",
		Possibility{"failed", "failed"}, Possibility{"busy", "busy"}, "voice/twiml/conference#maxparticipants (read 2026-11)"},
	{AutoTimeout, "how long a Gather with timeout=auto waits for a key",
		Possibility{"5s", "five seconds"}, Possibility{"1s", "one second"}, "voice/twiml/gather#timeout (changed 2026-06-22)"},
}

// Ambiguities lists the ambiguities in a fixed order.
func Ambiguities() []Assumption { return slices.Clone(assumptions) }

// otherwise tells the transcript that the call depends on an ambiguity, and
// reports whether the scenario asks for the other assumption.
func (l *leg) otherwise(about Ambiguity) bool {
	other := l.x.other[about]
	for _, a := range assumptions {
		if a.Ambiguity == about {
			assumed := a.Usual.Means
			if other {
				assumed = a.Other.Means
			}
			l.note(Event{Kind: Undocumented, Text: a.Point + "; assumed: " + assumed, Ambiguity: about})
		}
	}
	return other
}
