package twiml

// Twilio's error codes for a document as a whole, each with the page
// https://www.twilio.com/docs/api/errors/<code>. The codes of single attributes
// stand in the tags.
const (
	codeTooLarge  = 11750 // response body too large
	codeEmpty     = 11770 // empty response body
	codeMalformed = 12100 // document parse failure
	codeVersion   = 12101 // invalid XML version
	codeRoot      = 12102 // root element must be Response
	codeSchema    = 12200 // schema validation warning
)

// maxDocument is how many bytes Twilio reads of a document:
// https://www.twilio.com/docs/api/errors/11750.
const maxDocument = 64 * 1024

// ends tells whether Twilio fails the call on the fault.
func ends(code int) bool {
	switch code {
	case 13320, 13215, 13000:
		return true
	}
	return false
}

func foreignAttribute(name string) bool {
	return name == "xmlns" || len(name) > 4 && (name[:4] == "xml:" || name[:4] == "xsi:") || len(name) > 6 && name[:6] == "xmlns:"
}

var (
	speechMarkup  = []string{"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
	ignoredInside = map[string][]string{"Hangup": {"Parameter"}, "Reject": {"Parameter"}, "Enqueue": {"Task"}}
	foreignVerbs  = []string{"Connect", "Echo", "Pay", "Prompt", "Queue", "Refer", "Sms", "Start", "Stop", "Message"}
	foreignNouns  = []string{"Application", "Sim", "WhatsApp", "VirtualAgent"}
)

func (d *decoder) check(v interface{ IsValid() bool }, e *element) {}
