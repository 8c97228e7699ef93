package simulator

import (
	"time"
)

// A DocumentKind is what a document is for. Only the document of a call may use
// all verbs.
type DocumentKind string

// The kinds of documents, as messages call them.
const (
	// CallDocument is obeyed for a call that neither waits nor is whispered to.
	CallDocument DocumentKind = "a call"

	// WaitDocument is heard by a caller in a queue
	// (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl).
	WaitDocument DocumentKind = "a wait document"

	// Whisper is heard by a callee before the two are connected
	// (https://www.twilio.com/docs/voice/twiml/number#attributes-url).
	Whisper DocumentKind = "a whisper"

	// QueueWhisper is heard by a caller who is taken from a queue
	// (https://www.twilio.com/docs/voice/twiml/queue#attributes-url).
	QueueWhisper DocumentKind = "a whisper to a queued caller"

	// conferenceMusic is heard by participants while their conference is not open.
	conferenceMusic DocumentKind = "a conference's wait document"
)

// A Treatment is what becomes of a verb in a document.
type Treatment int

// The treatments of verbs. The zero value passes a verb over with a warning.
const (
	PassedOver Treatment = iota
	Obeyed
	Unclear // Twilio's list leaves the verb out; see [WhisperVerbs]
	Refused // a fatal fault
)

var treatments = map[DocumentKind]map[string]Treatment{
	CallDocument: {
		"Say": Obeyed, "Play": Obeyed, "Pause": Obeyed, "Gather": Obeyed, "Dial": Obeyed, "Enqueue": Obeyed,
		"Record": Obeyed, "Redirect": Obeyed, "Hangup": Obeyed, "Reject": Obeyed,
	},
	WaitDocument: {
		"Say": Obeyed, "Play": Obeyed, "Pause": Obeyed, "Gather": Obeyed, "Redirect": Obeyed, "Hangup": Obeyed, "Leave": Obeyed,
		"Dial": Refused, "Record": Refused, "Enqueue": Refused,
	},
	Whisper: {
		"Say": Obeyed, "Play": Obeyed, "Gather": Obeyed, "Hangup": Obeyed, "Pause": Unclear, "Redirect": Unclear, "Dial": Refused,
	},
	QueueWhisper:    {"Say": Obeyed, "Play": Obeyed, "Pause": Obeyed, "Redirect": Obeyed},
	conferenceMusic: {"Say": Obeyed, "Play": Obeyed, "Pause": Obeyed, "Redirect": Obeyed},
}

// Treats is what becomes of a verb in a document of this kind.
func (k DocumentKind) Treats(verb string) Treatment { return treatments[k][verb] }

// Simulated reports whether the simulator obeys a verb in documents of any kind.
func Simulated(verb string) bool { return CallDocument.Treats(verb) == Obeyed || verb == "Leave" }

// seconds is a duration as Twilio's parameters and attributes have it.
func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
