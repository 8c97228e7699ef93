package twiml

import "slices"

// Twilio's error codes that no tag of verbs.go carries. Each has its page,
// https://www.twilio.com/docs/api/errors/<code>.
const (
	codeTooLarge  = 11750 // TwiML response body too large: more than 64 kB
	codeEmpty     = 11770 // empty response body
	codeMalformed = 12100 // document parse failure
	codeVersion   = 12101 // invalid Twilio markup XML version
	codeRoot      = 12102 // the root element must be Response
	codeSchema    = 12200 // schema validation warning: misspelt or misplaced

	codeConference     = 13000 // the Conference noun, once in a Dial, cannot be mixed with Number
	codeTooManyNouns   = 13250 // Dial: too many URIs passed
	codeSayVoice       = 13511 // Say: invalid voice value
	codeSayLanguage    = 13512 // Say: invalid language value
	codeGatherVoice    = 13321 // Gather: nested Say, invalid voice value
	codeSayEmpty       = 13520 // Say: invalid text, empty
	codeSayTooLong     = 13521 // Say: character limits exceeded
	codeEnqueueNoName  = 14204 // Enqueue: queue name too short
	codeEnqueueTooLong = 14205 // Enqueue: queue name too long
	codeQueueNoName    = 14212 // Dial->Queue: queue name too short
	codeQueueTooLong   = 14213 // Dial->Queue: queue name too long
)

// severe lists the codes, here and in the tags, that have the level ERROR in Twilio's
// list of errors, https://www.twilio.com/docs/api/errors/twilio-error-codes.json. All
// others have the level WARNING, including 13215, 13320 and 13521: Twilio ignores
// what is wrong and goes on, but for 13321: since the changelog's entry of 2024-07-22 an
// invalid voice inside a Gather is a failure, and Twilio requests the fallback URL
// (https://www.twilio.com/docs/voice/twiml/changelog). Twilio does not document whether a call survives an
// ERROR in one attribute, so we assume that it fails.
var severe = []int{
	codeTooLarge, codeEmpty, codeMalformed, codeVersion, codeRoot,
	codeGatherVoice,
	13231, // Conference: endConferenceOnExit
	13239, // Conference: trim
	13338, // Gather: actionOnEmptyResult
	13621, // recordingStatusCallbackEvent
	14201, // Enqueue: method
	codeEnqueueNoName, codeEnqueueTooLong,
	14206, // Enqueue: waitUrlMethod
	14210, // Dial->Queue: whisper method
	codeQueueNoName, codeQueueTooLong,
}

// isSevere reports whether a fault ends the call.
func isSevere(code int) bool {
	return slices.Contains(severe, code)
}

// The limits of a document, each with the page of Twilio's that gives it.
const (
	maxDocument  = 64 * 1024 // bytes: errors/11750
	maxNouns     = 10        // of a Dial: voice/twiml/number, /client and /dial
	maxQueueName = 63        // characters, "shorter than 64": errors/14205, errors/14213
	maxEncoded   = 4500      // characters of a Say, encoded as in a URL: errors/13521
)

// sayLimits lists how many bytes of text a voice accepts, by the beginning of its
// name: errors/13521, which counts "single byte characters". Markup does not count,
// although a Google voice counts it too.
var sayLimits = []struct {
	voice string
	most  int
}{
	{"Polly.", 3000},
	{"Google.", 5000},
	{"", 4096},
}

// Elements that Twilio knows and this package does not describe; they become
// [Foreign]. They are those of VoiceResponse.ts of github.com/twilio/twilio-node,
// and Message, which only a messaging document executes.
var (
	foreignVerbs = []string{"Connect", "Echo", "Message", "Pay", "Prompt", "Queue", "Refer", "Sms", "Start", "Stop"}
	foreignNouns = []string{"Application", "Sim", "WhatsApp"}
)

// Elements that Twilio accepts inside another one and this package skips, from the
// same source.
var passedOver = map[string][]string{
	"Enqueue": {"Task"},
	"Hangup":  {"Parameter"},
	"Reject":  {"Parameter"},
	"Sip":     {"Headers"},
}

// speechMarkup lists the elements of SSML that a Say may hold:
// https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml. Those of the
// voices' makers begin with vendorMarkup: amazon:effect, amazon:domain.
var speechMarkup = []string{"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}

var vendorMarkup = []string{"amazon:", "google:"}

// markupVersions lists the values of the attribute version of Response, which are the
// versions of Twilio's interface: errors/12101.
var markupVersions = []string{"2008-08-01", "2010-04-01"}
