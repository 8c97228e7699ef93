package twiml

import (
	"fmt"
	"strings"
	"testing"
)

// One value that Twilio does not accept for every attribute that has a rule,
// and the code that it reports, from Twilio's list of errors,
// https://www.twilio.com/docs/api/errors/twilio-error-codes.json.
var wrongValues = []struct {
	element, attribute, value string
	code                      int
	fatal                     bool
}{
	{"Say", "voice", "Polly.", 13511, false},
	{"Say", "loop", "-1", 13510, false},
	{"Play", "loop", "1001", 13410, false},
	{"Play", "digits", "1234E", 13430, false},
	{"Pause", "length", "0", 13910, false},

	{"Gather", "method", "get", 13312, false},
	{"Gather", "input", "dtmf, speech", 13326, false},
	{"Gather", "numDigits", "0", 13314, false},
	{"Gather", "finishOnKey", "A", 13310, false},
	{"Gather", "finishOnKey", "*#", 13311, false},
	{"Gather", "timeout", "0", 13313, false},
	{"Gather", "actionOnEmptyResult", "yes", 13338, true},
	{"Gather", "speechTimeout", "never", 13327, false},
	{"Gather", "maxSpeechTime", "", 13328, false},
	{"Gather", "profanityFilter", "1", 13333, false},
	{"Gather", "enhanced", "1", 12200, false},
	{"Gather", "partialResultCallbackMethod", "PUT", 13329, false},
	{"Gather", "bargeIn", "TRUE", 13332, false},
	{"Gather", "debug", "1", 12200, false},

	{"Dial", "method", "HEAD", 13210, false},
	{"Dial", "timeout", "4", 13212, false},
	{"Dial", "timeLimit", "86401", 13216, false},
	{"Dial", "answerOnBridge", "", 13219, false},
	{"Dial", "hangupOnStar", "1", 13213, false},
	{"Dial", "sequential", "1", 13218, false},
	{"Dial", "ringTone", "xx", 13220, false},
	{"Dial", "record", "always", 13217, false},
	{"Dial", "trim", "true", 13699, false},
	{"Dial", "recordingTrack", "all", 12200, false},
	{"Dial", "recordingStatusCallbackMethod", "", 12200, false},
	{"Dial", "recordingStatusCallbackEvent", "completed,absent", 13621, true},
	{"Dial", "referMethod", "post", 12200, false},

	{"Number", "method", "get", 13221, false},
	{"Number", "sendDigits", "1,2", 13222, false},
	{"Number", "statusCallbackMethod", "get", 12200, false},
	{"Number", "statusCallbackEvent", "initiated,ringing", 12200, false},
	{"Number", "machineDetection", "true", 12200, false},
	{"Number", "machineDetectionTimeout", "2", 12200, false},
	{"Number", "machineDetectionSpeechThreshold", "999", 12200, false},
	{"Number", "machineDetectionSpeechEndThreshold", "5001", 12200, false},
	{"Number", "machineDetectionSilenceTimeout", "1s", 12200, false},
	{"Number", "amdStatusCallbackMethod", "get", 12200, false},

	{"Client", "method", "get", 12200, false},
	{"Client", "statusCallbackMethod", "get", 12200, false},
	{"Client", "statusCallbackEvent", "start", 12200, false},

	{"Sip", "method", "get", 13241, false},
	{"Sip", "statusCallbackMethod", "get", 12200, false},
	{"Sip", "statusCallbackEvent", "start", 12200, false},
	{"Sip", "machineDetection", "true", 12200, false},
	{"Sip", "machineDetectionTimeout", "61", 12200, false},
	{"Sip", "machineDetectionSpeechThreshold", "6001", 12200, false},
	{"Sip", "machineDetectionSpeechEndThreshold", "499", 12200, false},
	{"Sip", "machineDetectionSilenceTimeout", "10001", 12200, false},
	{"Sip", "amdStatusCallbackMethod", "get", 12200, false},

	{"Queue", "method", "get", 14210, true},

	{"Conference", "muted", "1", 13230, false},
	{"Conference", "beep", "on", 13235, false},
	{"Conference", "startConferenceOnEnter", "1", 13232, false},
	{"Conference", "endConferenceOnExit", "1", 13231, true},
	{"Conference", "jitterBufferSize", "huge", 12200, false},
	{"Conference", "waitMethod", "get", 13234, false},
	{"Conference", "maxParticipants", "251", 12200, false},
	{"Conference", "record", "record-from-answer", 12200, false},
	{"Conference", "trim", "true", 13239, true},
	{"Conference", "statusCallbackMethod", "get", 12200, false},
	{"Conference", "statusCallbackEvent", "ringing", 12200, false},
	{"Conference", "recordingStatusCallbackMethod", "get", 12200, false},
	{"Conference", "recordingStatusCallbackEvent", "started", 13621, true},

	{"Enqueue", "method", "get", 14201, true},
	{"Enqueue", "waitUrlMethod", "get", 14206, true},
	{"Enqueue", "maxQueueSize", "5001", 12200, false},

	{"Record", "method", "get", 13610, false},
	{"Record", "maxLength", "0", 13612, false},
	{"Record", "timeout", "-1", 13611, false},
	{"Record", "finishOnKey", "any", 13613, false},
	{"Record", "playBeep", "1", 13616, false},
	{"Record", "trim", "1", 13699, false},
	{"Record", "recordingStatusCallbackMethod", "get", 12200, false},
	{"Record", "recordingStatusCallbackEvent", "done", 13621, true},
	{"Record", "transcribe", "1", 13614, false},

	{"Redirect", "method", "get", 13710, false},
	{"Reject", "reason", "closed", 13810, false},
}

// A wrong value is reported with its code and taken as absent.
func TestDecodeWrongValues(t *testing.T) {
	for _, tt := range wrongValues {
		t.Run(tt.element+" "+tt.attribute, func(t *testing.T) {
			given := fmt.Sprintf(" %s=%q", tt.attribute, tt.value)
			r, faults := Decode([]byte(around(tt.element, given)))
			if len(faults) != 1 || faults[0].Code != tt.code || faults[0].Fatal != tt.fatal || faults[0].Line != 2 {
				t.Fatalf("got %+v, want %d in line 2, fatal %t", faults, tt.code, tt.fatal)
			}
			for _, part := range []string{"<" + tt.element + ">", tt.attribute, fmt.Sprintf("%q", tt.value)} {
				if !strings.Contains(faults[0].Message, part) {
					t.Errorf("%q does not say %s", faults[0].Message, part)
				}
			}
			without, faults := Decode([]byte(around(tt.element, "")))
			if len(faults) > 0 {
				t.Fatalf("without the attribute there are still faults: %v", faults)
			}
			if !tt.fatal && string(r.Append(nil, nil)) != string(without.Append(nil, nil)) {
				t.Errorf("the attribute is not taken as absent:\n%s", r.Append(nil, nil))
			}
		})
	}
}

// around is a document in whose second line the element stands where it may.
func around(element, attributes string) string {
	one := fmt.Sprintf("\n<%s%s>a</%[1]s>", element, attributes)
	switch p := grammar(); {
	case p.verbs[element] != nil && p.verbs[element].text == nil:
		one = fmt.Sprintf("\n<%s%s/>", element, attributes)
	case p.nouns[element] != nil:
		one = "<Dial>" + one + "</Dial>"
	}
	return "<Response>" + one + "</Response>"
}

// Every attribute with a rule has a row above, so that a new one gets one.
func TestEveryRuleHasARow(t *testing.T) {
	rows := map[string]bool{}
	for _, tt := range wrongValues {
		rows[tt.element+" "+tt.attribute] = true
	}
	for _, p := range grammar().byType {
		for _, a := range p.attributes {
			r := a.rule
			if free := !r.ranged && len(r.values)+len(r.list)+len(r.chars) == 0; !free && !rows[p.name+" "+a.name] {
				t.Errorf("no row for %s of <%s>", a.name, p.name)
			}
		}
	}
}

// The values at the bounds of the rules are accepted.
func TestDecodeRightValues(t *testing.T) {
	for _, tt := range []struct{ element, attribute, value string }{
		{"Say", "voice", "alice"},
		{"Say", "voice", "Polly.Vitória-Neural"},
		{"Say", "voice", "Google.pt-BR-Chirp3-HD-Aoede"},
		{"Say", "loop", "0"},
		{"Say", "loop", "1000"},
		{"Play", "digits", "wW0123456789ABCD*#"},
		{"Pause", "length", "1"},
		{"Gather", "timeout", "auto"},
		{"Gather", "timeout", "5"},
		{"Gather", "timeout", "05"},
		{"Gather", "input", "speech dtmf"},
		{"Gather", "finishOnKey", ""},
		{"Gather", "finishOnKey", "#"},
		{"Dial", "timeout", "5"},
		{"Dial", "timeout", "600"},
		{"Dial", "ringTone", "us-old"},
		{"Conference", "waitUrl", ""},
		{"Record", "timeout", "0"},
		{"Record", "finishOnKey", "1234567890*#"},
	} {
		given := fmt.Sprintf(" %s=%q", tt.attribute, tt.value)
		r, faults := Decode([]byte(around(tt.element, given)))
		if len(faults) > 0 {
			t.Errorf("%s: %v", around(tt.element, given), faults)
		}
		if doc := string(r.Append(nil, nil)); !strings.Contains(doc, " "+tt.attribute+"=") {
			t.Errorf("%s of <%s> is lost:\n%s", tt.attribute, tt.element, doc)
		}
	}
}
