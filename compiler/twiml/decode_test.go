package twiml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What Decode makes of elements, one row for each rule that is not about the
// value of one attribute.
var elements = []struct {
	name   string
	body   string // between <Response> and </Response>
	want   []Verb
	faults []Fault // with a part of the message
}{
	{"nothing", ``, nil, nil},
	{"every verb without attributes",
		`<Say>a</Say><Play>u</Play><Pause/><Gather/><Dial>1</Dial><Enqueue>q</Enqueue><Record/><Redirect/><Hangup/><Leave/><Reject/>`,
		[]Verb{&Say{Text: "a"}, &Play{URL: "u"}, &Pause{}, &Gather{}, &Dial{Number: "1"}, &Enqueue{Name: "q"}, &Record{},
			&Redirect{}, &Hangup{}, &Leave{}, &Reject{}}, nil},
	{"every noun without attributes",
		`<Dial><Number>1</Number><Client>b</Client><Sip>sip:a@example.com</Sip><Queue>q</Queue></Dial><Dial><Conference>c</Conference></Dial>`,
		[]Verb{&Dial{Nouns: []Noun{&Number{Number: "1"}, &Client{Identity: "b"}, &Sip{URI: "sip:a@example.com"}, &Queue{Name: "q"}}},
			&Dial{Nouns: []Noun{&Conference{Name: "c"}}}}, nil},
	{"prompt", `<Gather numDigits="1" finishOnKey=""><Say>a</Say><Play>u</Play><Pause length="2"/></Gather>`,
		[]Verb{&Gather{NumDigits: 1, FinishOnKey: new(""), Prompt: []Verb{&Say{Text: "a"}, &Play{URL: "u"}, &Pause{Length: 2}}}}, nil},
	{"identity and parameters", `<Dial><Client><Identity> bob </Identity><Parameter name="a" value="1"/></Client></Dial>`,
		[]Verb{&Dial{Nouns: []Noun{&Client{Identity: "bob", Parameters: []Parameter{{"a", "1"}}}}}}, nil},
	{"address and headers of Sip", `<Dial><Sip><Uri priority="1">sip:a@example.com</Uri><Headers><Header name="x" value="y"/></Headers></Sip></Dial>`,
		[]Verb{&Dial{Nouns: []Noun{&Sip{URI: "sip:a@example.com"}}}}, nil},
	{"task", `<Enqueue workflowSid="WW1"><Task priority="1">{}</Task></Enqueue>`,
		[]Verb{&Enqueue{WorkflowSID: "WW1"}}, nil},
	{"parameters of Hangup and Reject", `<Hangup><Parameter name="a" value="b"/></Hangup><Reject><Parameter name="a" value="b"/></Reject>`,
		[]Verb{&Hangup{}, &Reject{}}, nil},
	{"speech", `<Say>One<break time="1s"/>two <emphasis level="strong">three</emphasis>.<p>Four</p><s>five</s><amazon:effect name="whispered">six</amazon:effect></Say>`,
		[]Verb{&Say{Text: "One  two three. Four  five six"}}, nil},
	{"foreign verbs", `<Connect><Stream url="u"/></Connect><Echo/><Message>a</Message><Pay><Prompt><Say/></Prompt></Pay><Refer/><Sms>a</Sms><Start/><Stop/>`,
		[]Verb{&Foreign{Name: "Connect"}, &Foreign{Name: "Echo"}, &Foreign{Name: "Message"}, &Foreign{Name: "Pay"}, &Foreign{Name: "Refer"}, &Foreign{Name: "Sms"}, &Foreign{Name: "Start"}, &Foreign{Name: "Stop"}}, nil},
	{"where a foreign verb leads", `<Connect action="/done" method="GET"><ConversationRelay url="wss://x" action="/not"/></Connect>`, []Verb{&Foreign{Name: "Connect", Action: "/done", Method: "GET"}}, nil},
	{"foreign nouns", `<Dial><Application><ApplicationSid>AP1</ApplicationSid></Application><Sim>DE1</Sim><WhatsApp>+14155550100</WhatsApp></Dial>`,
		[]Verb{&Dial{Nouns: []Noun{&Foreign{Name: "Application"}, &Foreign{Name: "Sim"}, &Foreign{Name: "WhatsApp"}}}}, nil},

	{"unknown verb", `<Ninja/><Hangup/>`, []Verb{&Hangup{}}, []Fault{{12200, false, 1, "no <Ninja>"}}},
	{"verb in the wrong case", `<hangup/>`, nil, []Fault{{12200, false, 1, "; write Hangup"}}},
	{"noun in the wrong case", `<Dial><number>1</number></Dial>`, []Verb{&Dial{}}, []Fault{{12200, false, 1, "; write Number"}}},
	{"foreign verb in the wrong case", `<pay/>`, nil, []Fault{{12200, false, 1, "; write Pay"}}},
	{"unknown attribute", `<Say lagnauge="en">a</Say>`, []Verb{&Say{Text: "a"}}, []Fault{{12200, false, 1, "no attribute lagnauge"}}},
	{"attribute in the wrong case", `<Gather numdigits="1"/>`, []Verb{&Gather{}}, []Fault{{12200, false, 1, "; write numDigits"}}},
	{"attribute of an element without any", `<Hangup after="5"/>`, []Verb{&Hangup{}}, []Fault{{12200, false, 1, "no attribute after"}}},
	{"text where there is none", `Hello<Hangup>now</Hangup>`, []Verb{&Hangup{}}, []Fault{{12200, false, 1, "<Hangup> holds text"}, {12200, false, 1, "<Response> holds text"}}},
	{"verb inside a verb", `<Say>a<Play>u</Play></Say>`, []Verb{&Say{Text: "a"}}, []Fault{{12200, false, 1, "<Play> stands inside <Say>"}}},
	{"verb inside speech", `<Say><p>a<Play>u</Play></p></Say>`, []Verb{&Say{Text: "a"}}, []Fault{{12200, false, 1, "<Play> stands inside <p>"}}},
	{"speech outside of Say", `<break/>`, nil, []Fault{{12200, false, 1, "no <break>"}}},
	{"noun outside of Dial", `<Number>1</Number>`, nil, []Fault{{12200, false, 1, "<Number> stands inside <Response>"}}},
	{"something else inside Client", `<Dial><Client>bob<Header/></Client></Dial>`, []Verb{&Dial{Nouns: []Noun{&Client{Identity: "bob"}}}}, []Fault{{12200, false, 1, "<Header>"}}},
	{"line of the fault", "\n<Gather\n  numDigits='1'>\n<Say\nLoop='1'>a</Say></Gather>", []Verb{&Gather{NumDigits: 1, Prompt: []Verb{&Say{Text: "a"}}}}, []Fault{{12200, false, 4, "Loop"}}},
	{"faults in the order of the document", "<Say>a\n<Play/>\n</Say><Bla/>", []Verb{&Say{Text: "a"}}, []Fault{{12200, false, 2, "<Play>"}, {12200, false, 3, "<Bla>"}}},

	{"Gather takes no Redirect", `<Gather><Redirect>u</Redirect><Say>a</Say></Gather>`, []Verb{&Gather{Prompt: []Verb{&Say{Text: "a"}}}}, []Fault{{13320, false, 1, "<Redirect> stands inside <Gather>"}}},
	{"Gather takes no foreign verb", `<Gather><Pay/></Gather>`, []Verb{&Gather{}}, []Fault{{13320, false, 1, "<Pay>"}}},
	{"Gather takes no unknown verb", `<Gather><say>a</say></Gather>`, []Verb{&Gather{}}, []Fault{{12200, false, 1, "write Say"}}},
	{"voice inside Gather", `<Gather><Say voice="x">a</Say></Gather>`, nil, []Fault{{13321, true, 1, "voice"}}},
	{"loop inside Gather", `<Gather><Say loop="x">a</Say></Gather>`, []Verb{&Gather{Prompt: []Verb{&Say{Text: "a"}}}}, []Fault{{13322, false, 1, "loop"}}},
	{"tones inside Gather", `<Gather><Play digits="1"/></Gather>`, []Verb{&Gather{Prompt: []Verb{&Play{}}}}, []Fault{{12200, false, 1, "digits"}}},

	{"Dial takes no verb", `<Dial><Say>a</Say><Number>1</Number></Dial>`, []Verb{&Dial{Nouns: []Noun{&Number{Number: "1"}}}}, []Fault{{13215, false, 1, "<Say> stands inside <Dial>"}}},
	{"Dial with ten nouns", `<Dial>` + strings.Repeat(`<Number>1</Number>`, 10) + `</Dial>`, []Verb{&Dial{Nouns: numbers(10)}}, nil},
	{"Dial with eleven nouns", `<Dial>` + strings.Repeat(`<Number>1</Number>`, 11) + `</Dial>`, []Verb{&Dial{Nouns: numbers(11)}}, []Fault{{13250, false, 1, "11 nouns"}}},
	{"Dial with a number and nouns", `<Dial>1<Number>2</Number></Dial>`, []Verb{&Dial{Number: "1", Nouns: []Noun{&Number{Number: "2"}}}}, []Fault{{12200, false, 1, "both a number and nouns"}}},
	{"Conference with a number", `<Dial><Conference>c</Conference><Number>1</Number></Dial>`, []Verb{&Dial{Nouns: []Noun{&Conference{Name: "c"}, &Number{Number: "1"}}}}, []Fault{{13000, false, 1, "alone"}}},
	{"two conferences", `<Dial><Conference>c</Conference><Conference>d</Conference></Dial>`, []Verb{&Dial{Nouns: []Noun{&Conference{Name: "c"}, &Conference{Name: "d"}}}}, []Fault{{13000, false, 1, "alone"}}},

	{"Enqueue without a name", `<Enqueue/>`, nil, []Fault{{14204, true, 1, "names no queue"}}},
	{"Enqueue with the longest name", `<Enqueue>` + strings.Repeat("é", 63) + `</Enqueue>`, []Verb{&Enqueue{Name: strings.Repeat("é", 63)}}, nil},
	{"Enqueue with a longer name", `<Enqueue>` + strings.Repeat("é", 64) + `</Enqueue>`, nil, []Fault{{14205, true, 1, "64 characters"}}},
	{"Queue without a name", `<Dial><Queue> </Queue></Dial>`, nil, []Fault{{14212, true, 1, "names no queue"}}},
	{"Queue with a longer name", `<Dial><Queue>` + strings.Repeat("q", 64) + `</Queue></Dial>`, nil, []Fault{{14213, true, 1, "64 characters"}}},
	{"Queue by reservation", `<Dial><Queue reservationSid="WR1"/></Dial>`, []Verb{&Dial{Nouns: []Noun{&Queue{ReservationSID: "WR1"}}}}, nil},

	{"Say without a text", `<Say><break/></Say>`, []Verb{&Say{}}, []Fault{{13520, false, 1, "no text"}}},
}

func TestDecode(t *testing.T) {
	for _, tt := range elements {
		t.Run(tt.name, func(t *testing.T) {
			r, faults := Decode([]byte("<Response>" + tt.body + "</Response>"))
			if diff := cmp.Diff(tt.want, r.Verbs); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.faults, faults, cmp.Comparer(sameFault)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// sameFault compares faults, of which one may have a part of the message.
func sameFault(a, b Fault) bool {
	return a.Code == b.Code && a.Fatal == b.Fatal && a.Line == b.Line &&
		(strings.Contains(a.Message, b.Message) || strings.Contains(b.Message, a.Message))
}

func numbers(n int) []Noun {
	var nouns []Noun
	for range n {
		nouns = append(nouns, &Number{Number: "1"})
	}
	return nouns
}

// How much a Say can hold depends on the voice and on the characters.
func TestDecodeSayLimits(t *testing.T) {
	tests := []struct {
		voice, text string
		n           int
		want        bool // too long
	}{
		{"", "a", 4096, false},
		{"", "a", 4097, true},
		{"man", "a", 4097, true},
		{"Polly.Joanna", "a", 3000, false},
		{"Polly.Joanna", "a", 3001, true},
		{"Google.en-US-Standard-A", "a", 4500, false},
		{"Google.en-US-Standard-A", "a", 4501, true},
		{"Polly.Camila", "é", 750, false}, // six characters each in a URL
		{"Polly.Camila", "é", 751, true},
		{"", "a ", 2048, false}, // a space is one
		{"", ",", 1500, false},
		{"", ",", 1501, true},
	}
	for _, tt := range tests {
		r := Response{Verbs: []Verb{&Say{Voice: tt.voice, Text: strings.TrimSpace(strings.Repeat(tt.text, tt.n))}}}
		got, faults := Decode(r.Append(nil, nil))
		long := len(faults) == 1 && faults[0].Code == 13521 && !faults[0].Fatal
		if long != tt.want || !long && len(faults) > 0 {
			t.Errorf("%q %d times by %q: got %v, want too long %t", tt.text, tt.n, tt.voice, faults, tt.want)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("the text is changed: -want +got:\n%s", diff)
		}
	}
}
