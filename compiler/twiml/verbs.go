package twiml

import "reflect"

// Every attribute of a verb or noun is one struct field. Its tag says all that the
// encoder and the decoder know about it:
//
//	Timeout int `twiml:"timeout" range:"5..600" code:"13212"`
//
// The key twiml gives the name of the attribute in the document. The option "url"
// marks an address, which the encoder passes through its link function. A field
// without a name holds the character data of the element (",text") or its child
// elements (",verbs", ",nouns" or ",parameters"). The key allow lists the child
// elements that are permitted. The key element names an element that holds the text
// if there are other elements beside it. Fields are written in the order of the
// struct. The zero value of a field means that the attribute is absent; if an empty
// or zero value has a meaning, the field is a pointer.
//
// These keys say what Twilio accepts: range (a whole number), values (one of these
// words; "Polly.*" is any word that begins with "Polly."), list (any of these
// words, separated by spaces) and chars (only these characters). A field with range
// and values accepts either. The key code gives the error that Twilio reports for
// other values, 12200 if there is no special one; gather gives the error inside a
// Gather, and longer the error for more than one character.
//
// Durations are whole seconds. The rules come from the reference pages under
// https://www.twilio.com/docs/voice/twiml, and the codes from
// https://www.twilio.com/docs/api/errors. Attributes that the pages leave out come
// from Twilio's own library, github.com/twilio/twilio-node, VoiceResponse.ts.

// A Response is one TwiML document: what happens next in a call.
type Response struct {
	Verbs []Verb `twiml:",verbs"`
}

// A Verb is one instruction of a Response. The set is closed: every verb is a
// pointer to a struct of this package.
type Verb interface{ verb() }

// A Noun is whom or what a Dial can reach. The set is closed: every noun is a pointer
// to a struct of this package.
type Noun interface{ noun() }

// Say speaks Text to the caller.
type Say struct {
	Voice    string `twiml:"voice"` // one of [Voices]
	Language string `twiml:"language"`
	Loop     *int   `twiml:"loop" range:"0..1000" code:"13510" gather:"13322"` // 0 repeats until the call ends
	Text     string `twiml:",text"`                                            // SSML elements are read as their text
}

// Play plays an audio file, or sends keypad tones when Digits is set.
type Play struct {
	Loop   *int   `twiml:"loop" range:"0..1000" code:"13410"`              // 0 repeats until the call ends
	Digits string `twiml:"digits" chars:"0123456789ABCD*#wW" code:"13430"` // 0-9 A-D * # and w (0.5 s) or W (1 s)
	URL    string `twiml:",text,url"`
}

// Pause waits in silence for Length seconds, or for one if Length is absent.
type Pause struct {
	Length int `twiml:"length" range:"1..86400" code:"13910"`
}

// Gather speaks its prompt and collects keys. If the caller presses any, it requests
// Action; otherwise the call goes on with the next verb.
type Gather struct {
	Action              string  `twiml:"action,url"`
	Method              string  `twiml:"method" values:"GET POST" code:"13312"`
	Input               string  `twiml:"input" list:"dtmf speech" code:"13326"`
	NumDigits           int     `twiml:"numDigits" range:"1..1000" code:"13314"`
	FinishOnKey         *string `twiml:"finishOnKey" chars:"0123456789*#" code:"13310" longer:"13311"` // "" makes every key data
	Timeout             string  `twiml:"timeout" range:"1..86400" values:"auto" code:"13313"`          // seconds of silence
	ActionOnEmptyResult string  `twiml:"actionOnEmptyResult" values:"true false" code:"13338"`
	Language            string  `twiml:"language"`
	Hints               string  `twiml:"hints"`
	SpeechModel         string  `twiml:"speechModel"`
	SpeechTimeout       string  `twiml:"speechTimeout" range:"1..86400" values:"auto" code:"13327"`
	MaxSpeechTime       int     `twiml:"maxSpeechTime" range:"1..86400" code:"13328"`
	ProfanityFilter     string  `twiml:"profanityFilter" values:"true false" code:"13333"`
	Enhanced            string  `twiml:"enhanced" values:"true false"`
	PartialResult       string  `twiml:"partialResultCallback,url"`
	PartialResultMethod string  `twiml:"partialResultCallbackMethod" values:"GET POST" code:"13329"`
	BargeIn             string  `twiml:"bargeIn" values:"true false" code:"13332"`
	Debug               string  `twiml:"debug" values:"true false"`
	Prompt              []Verb  `twiml:",verbs" allow:"Say Play Pause" code:"13320"`
}

// Dial rings people and connects the caller to the first who answers. If it has an
// Action, the reply to that request replaces the rest of the document.
type Dial struct {
	Action                  string `twiml:"action,url"`
	Method                  string `twiml:"method" values:"GET POST" code:"13210"`
	Timeout                 int    `twiml:"timeout" range:"5..600" code:"13212"` // Twilio adds about five seconds
	TimeLimit               int    `twiml:"timeLimit" range:"1..86400" code:"13216"`
	CallerID                string `twiml:"callerId"`
	AnswerOnBridge          string `twiml:"answerOnBridge" values:"true false" code:"13219"`
	HangupOnStar            string `twiml:"hangupOnStar" values:"true false" code:"13213"`
	Sequential              string `twiml:"sequential" values:"true false" code:"13218"`
	RingTone                string `twiml:"ringTone" values:"at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk us us-old tw ve za" code:"13220"`
	Record                  string `twiml:"record" values:"do-not-record record-from-answer record-from-ringing record-from-answer-dual record-from-ringing-dual true false" code:"13217"`
	Trim                    string `twiml:"trim" values:"trim-silence do-not-trim" code:"13699"`
	RecordingTrack          string `twiml:"recordingTrack" values:"inbound outbound both"`
	RecordingCallback       string `twiml:"recordingStatusCallback,url"`
	RecordingCallbackMethod string `twiml:"recordingStatusCallbackMethod" values:"GET POST"`
	RecordingCallbackEvent  string `twiml:"recordingStatusCallbackEvent" list:"in-progress completed absent" code:"13621"`
	RecordingConfiguration  string `twiml:"recordingConfigurationId"`
	ReferURL                string `twiml:"referUrl,url"`
	ReferMethod             string `twiml:"referMethod" values:"GET POST"`
	CallReason              string `twiml:"callReason"`
	Events                  string `twiml:"events"`
	Number                  string `twiml:",text"` // the number alone, without a noun
	Nouns                   []Noun `twiml:",nouns" code:"13215"`
}

// Number is a phone number to dial, in E.164. URL is a whisper: a document that the
// person who answers hears before they are connected.
type Number struct {
	URL                  string `twiml:"url,url"`
	Method               string `twiml:"method" values:"GET POST" code:"13221"`
	SendDigits           string `twiml:"sendDigits" chars:"0123456789ABCD*#wW" code:"13222"`
	StatusCallback       string `twiml:"statusCallback,url"`
	StatusCallbackMethod string `twiml:"statusCallbackMethod" values:"GET POST"`
	StatusCallbackEvent  string `twiml:"statusCallbackEvent" list:"initiated ringing answered completed"`
	BYOC                 string `twiml:"byoc"`
	MachineDetection
	Number string `twiml:",text"`
}

// MachineDetection holds the attributes of Number and Sip that tell answering
// machines from people.
type MachineDetection struct {
	Detect            string `twiml:"machineDetection" values:"Enable DetectMessageEnd"`
	DetectTimeout     int    `twiml:"machineDetectionTimeout" range:"3..60"`
	SpeechThreshold   int    `twiml:"machineDetectionSpeechThreshold" range:"1000..6000"`
	SpeechEnd         int    `twiml:"machineDetectionSpeechEndThreshold" range:"500..5000"`
	SilenceTimeout    int    `twiml:"machineDetectionSilenceTimeout" range:"2000..10000"`
	AMDCallback       string `twiml:"amdStatusCallback,url"`
	AMDCallbackMethod string `twiml:"amdStatusCallbackMethod" values:"GET POST"`
}

// Client is a user of Twilio's Voice SDK.
type Client struct {
	URL                  string      `twiml:"url,url"`
	Method               string      `twiml:"method" values:"GET POST"`
	StatusCallback       string      `twiml:"statusCallback,url"`
	StatusCallbackMethod string      `twiml:"statusCallbackMethod" values:"GET POST"`
	StatusCallbackEvent  string      `twiml:"statusCallbackEvent" list:"initiated ringing answered completed"`
	ClientNotification   string      `twiml:"clientNotificationUrl,url"` // always POST
	Identity             string      `twiml:",text" element:"Identity"`  // as text, or as an Identity element
	Parameters           []Parameter `twiml:",parameters"`
}

// Parameter is a name and a value that a Client or an Application receives.
type Parameter struct {
	Name  string `twiml:"name"`
	Value string `twiml:"value"`
}

// Sip is a SIP address, "sip:user@host".
type Sip struct {
	URL                  string `twiml:"url,url"`
	Method               string `twiml:"method" values:"GET POST" code:"13241"`
	Username             string `twiml:"username"`
	Password             string `twiml:"password"`
	StatusCallback       string `twiml:"statusCallback,url"`
	StatusCallbackMethod string `twiml:"statusCallbackMethod" values:"GET POST"`
	StatusCallbackEvent  string `twiml:"statusCallbackEvent" list:"initiated ringing answered completed"`
	MachineDetection
	URI string `twiml:",text" element:"Uri"`
}

// Queue connects to the caller who has waited longest in the queue Name. URL is a
// whisper to that caller.
type Queue struct {
	URL              string `twiml:"url,url"`
	Method           string `twiml:"method" values:"GET POST" code:"14210"`
	ReservationSID   string `twiml:"reservationSid"`
	PostWorkActivity string `twiml:"postWorkActivitySid"`
	Name             string `twiml:",text"`
}

// Conference joins the caller to the conference Name.
type Conference struct {
	Muted                  string  `twiml:"muted" values:"true false" code:"13230"`
	Beep                   string  `twiml:"beep" values:"true false onEnter onExit" code:"13235"`
	StartOnEnter           string  `twiml:"startConferenceOnEnter" values:"true false" code:"13232"`
	EndOnExit              string  `twiml:"endConferenceOnExit" values:"true false" code:"13231"`
	ParticipantLabel       string  `twiml:"participantLabel"`
	JitterBufferSize       string  `twiml:"jitterBufferSize" values:"large medium small off"`
	WaitURL                *string `twiml:"waitUrl,url"`
	WaitMethod             string  `twiml:"waitMethod" values:"GET POST" code:"13234"`
	MaxParticipants        int     `twiml:"maxParticipants" range:"1..250"`
	Record                 string  `twiml:"record" values:"do-not-record record-from-start true false"`
	Region                 string  `twiml:"region"`
	Coach                  string  `twiml:"coach"`
	Trim                   string  `twiml:"trim" values:"trim-silence do-not-trim" code:"13239"`
	StatusCallback         string  `twiml:"statusCallback,url"`
	StatusCallbackMethod   string  `twiml:"statusCallbackMethod" values:"GET POST"`
	StatusCallbackEvent    string  `twiml:"statusCallbackEvent" list:"start end join leave mute hold modify speaker announcement"`
	RecordingCallback      string  `twiml:"recordingStatusCallback,url"`
	RecordingMethod        string  `twiml:"recordingStatusCallbackMethod" values:"GET POST"`
	RecordingEvent         string  `twiml:"recordingStatusCallbackEvent" list:"in-progress completed absent" code:"13621"`
	RecordingConfiguration string  `twiml:"recordingConfigurationId"`
	EventCallback          string  `twiml:"eventCallbackUrl,url"`
	Name                   string  `twiml:",text"`
}

// Enqueue puts the caller into the queue Name and plays the document at WaitURL again
// and again. Twilio requests Action when the caller leaves the queue, or after the
// conversation with the agent who took the call.
type Enqueue struct {
	Action        string  `twiml:"action,url"`
	Method        string  `twiml:"method" values:"GET POST" code:"14201"`
	WaitURL       *string `twiml:"waitUrl,url"` // "" is silence
	WaitURLMethod string  `twiml:"waitUrlMethod" values:"GET POST" code:"14206"`
	WorkflowSID   string  `twiml:"workflowSid"`
	MaxQueueSize  int     `twiml:"maxQueueSize" range:"1..5000"`
	Name          string  `twiml:",text"` // at most 63 characters
}

// Record plays a tone and records the caller.
type Record struct {
	Action                  string  `twiml:"action,url"`
	Method                  string  `twiml:"method" values:"GET POST" code:"13610"`
	MaxLength               int     `twiml:"maxLength" range:"1..86400" code:"13612"`
	Timeout                 *int    `twiml:"timeout" range:"0..86400" code:"13611"` // seconds of silence; 0 never ends on silence
	FinishOnKey             *string `twiml:"finishOnKey" chars:"0123456789*#" code:"13613"`
	PlayBeep                string  `twiml:"playBeep" values:"true false" code:"13616"`
	Trim                    string  `twiml:"trim" values:"trim-silence do-not-trim" code:"13699"`
	RecordingCallback       string  `twiml:"recordingStatusCallback,url"`
	RecordingCallbackMethod string  `twiml:"recordingStatusCallbackMethod" values:"GET POST"`
	RecordingCallbackEvent  string  `twiml:"recordingStatusCallbackEvent" list:"in-progress completed absent" code:"13621"`
	Transcribe              string  `twiml:"transcribe" values:"true false" code:"13614"`
	TranscribeCallback      string  `twiml:"transcribeCallback,url"` // always POST
	RecordingConfiguration  string  `twiml:"recordingConfigurationId"`
}

// Redirect continues with the document at URL; "" is the current document.
type Redirect struct {
	Method string `twiml:"method" values:"GET POST" code:"13710"`
	URL    string `twiml:",text,url"`
}

// Hangup ends the call.
type Hangup struct{}

// Leave takes the caller out of the queue.
type Leave struct{}

// Reject refuses a call without answering it; only as the first verb of a call.
type Reject struct {
	Reason string `twiml:"reason" values:"rejected busy" code:"13810"`
}

// Foreign is a verb or noun that Twilio knows and this package does not describe,
// such as Pay or Stream. It holds the name and, of a verb, where the call goes on after
// it; and nothing else of its attributes and content.
type Foreign struct {
	Name           string
	Action, Method string
}

// Name is the name of a verb or noun: "Say", "Number".
func Name(node any) string {
	if f, ok := node.(*Foreign); ok {
		return f.Name
	}
	return reflect.TypeOf(node).Elem().Name()
}

func (*Say) verb()      {}
func (*Play) verb()     {}
func (*Pause) verb()    {}
func (*Gather) verb()   {}
func (*Dial) verb()     {}
func (*Enqueue) verb()  {}
func (*Record) verb()   {}
func (*Redirect) verb() {}
func (*Hangup) verb()   {}
func (*Leave) verb()    {}
func (*Reject) verb()   {}
func (*Foreign) verb()  {}

func (*Number) noun()     {}
func (*Client) noun()     {}
func (*Sip) noun()        {}
func (*Queue) noun()      {}
func (*Conference) noun() {}
func (*Foreign) noun()    {}
