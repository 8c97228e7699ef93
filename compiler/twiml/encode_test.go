package twiml

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Verbs and the lines between <Response> and </Response> that they are written as.
var canonicalForms = []struct {
	name  string
	verbs []Verb
	want  string // the lines between <Response> and </Response>
}{
	{"text on one line", []Verb{&Say{Text: "Goodbye."}}, `
  <Say>Goodbye.</Say>`},
	{"nothing inside", []Verb{&Hangup{}, &Leave{}, &Say{}, &Gather{}, &Dial{}, &Redirect{}}, `
  <Hangup/>
  <Leave/>
  <Say/>
  <Gather/>
  <Dial/>
  <Redirect/>`},
	{"attributes in the order of the struct", []Verb{&Say{Text: "Olá", Loop: new(2), Language: "pt-BR", Voice: "man"}}, `
  <Say voice="man" language="pt-BR" loop="2">Olá</Say>`},
	{"children", []Verb{&Gather{Action: "digits-1", Method: "GET", NumDigits: 1, Prompt: []Verb{
		&Play{URL: "a.wav"}, &Pause{Length: 2}}}}, `
  <Gather action="digits-1" method="GET" numDigits="1">
    <Play>a.wav</Play>
    <Pause length="2"/>
  </Gather>`},
	{"pointers to an empty or zero value", []Verb{
		&Gather{FinishOnKey: new("")}, &Enqueue{WaitURL: new(""), Name: "sales"}, &Play{Loop: new(0), URL: "a"}, &Record{Timeout: new(0)}}, `
  <Gather finishOnKey=""/>
  <Enqueue waitUrl="">sales</Enqueue>
  <Play loop="0">a</Play>
  <Record timeout="0"/>`},
	{"an embedded struct is flattened", []Verb{&Dial{Nouns: []Noun{
		&Number{URL: "w.xml", MachineDetection: MachineDetection{Detect: "Enable", DetectTimeout: 9}, Number: "+14155550100"}}}}, `
  <Dial>
    <Number url="w.xml" machineDetection="Enable" machineDetectionTimeout="9">+14155550100</Number>
  </Dial>`},
	{"identity alone", []Verb{&Dial{Nouns: []Noun{&Client{Identity: "bob"}}}}, `
  <Dial>
    <Client>bob</Client>
  </Dial>`},
	{"identity with parameters", []Verb{&Dial{Nouns: []Noun{&Client{Identity: "bob", Parameters: []Parameter{{"a", "1"}, {"b", ""}}}}}}, `
  <Dial>
    <Client>
      <Identity>bob</Identity>
      <Parameter name="a" value="1"/>
      <Parameter name="b"/>
    </Client>
  </Dial>`},
	{"text beside elements gets no white space", []Verb{&Dial{Number: "+14155550100", Nouns: []Noun{
		&Queue{Name: "q"}, &Client{Identity: "bob", Parameters: []Parameter{{"a", "1"}}}}}}, `
  <Dial>+14155550100<Queue>q</Queue><Client><Identity>bob</Identity><Parameter name="a" value="1"/></Client></Dial>`},
	{"foreign verb and noun", []Verb{&Foreign{Name: "Pay"}, &Dial{Nouns: []Noun{&Foreign{Name: "Sim"}}}}, `
  <Pay/>
  <Dial>
    <Sim/>
  </Dial>`},
	{"escapes in text", []Verb{&Say{Text: "a & b < c > d \"e\" 'f'\n\tg\rh ]]>"}}, `
  <Say>a &amp; b &lt; c &gt; d "e" 'f'
	g&#13;h ]]&gt;</Say>`},
	{"escapes in attributes", []Verb{&Gather{Hints: "a & b < c > d \"e\" 'f'\n\tg\rh"}}, `
  <Gather hints="a &amp; b &lt; c &gt; d &quot;e&quot; &apos;f&apos;&#10;&#9;g&#13;h"/>`},
	{"text is not altered", []Verb{&Say{Text: "  two  spaces  "}}, `
  <Say>  two  spaces  </Say>`},
}

func TestAppend(t *testing.T) {
	for _, tt := range canonicalForms {
		t.Run(tt.name, func(t *testing.T) {
			want := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>" + tt.want + "\n</Response>\n"
			got := string(Response{Verbs: tt.verbs}.Append(nil, nil))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestAppendEmptyResponse(t *testing.T) {
	const want = "before<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response/>\n"
	if got := string(Response{}.Append([]byte("before"), nil)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every address passes through link, and nothing else does.
func TestAppendLinks(t *testing.T) {
	r := Response{Verbs: []Verb{
		&Play{URL: "a.wav"},
		&Gather{Action: "digits-1", Hints: "x", PartialResult: "p"},
		&Dial{Action: "dial-1", RecordingCallback: "r", ReferURL: "f", Number: "+14155550100"},
		&Dial{Nouns: []Noun{
			&Number{URL: "w", StatusCallback: "s", MachineDetection: MachineDetection{AMDCallback: "m"}, Number: "1"},
			&Sip{URL: "w", StatusCallback: "s", URI: "sip:bob@example.com"},
			&Client{URL: "w", ClientNotification: "n", Identity: "bob"},
			&Queue{URL: "w", Name: "q"},
			&Conference{WaitURL: new("w"), StatusCallback: "s", EventCallback: "e", Name: "c"},
		}},
		&Enqueue{Action: "queue-1", WaitURL: new(""), Name: "q"},
		&Record{Action: "done", RecordingCallback: "r", TranscribeCallback: "t"},
		&Redirect{URL: "menu-2.xml"},
		&Redirect{},
	}}
	var got []string
	r.Append(nil, func(url string) string {
		got = append(got, url)
		return url
	})
	// The order of the calls is that of the fields, which is not the point.
	slices.Sort(got)
	want := strings.Fields("a.wav dial-1 digits-1 done e f m menu-2.xml n p queue-1 r r s s s t w w w w w")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAppendWritesTheLink(t *testing.T) {
	r := Response{Verbs: []Verb{&Play{URL: "a b.wav"}, &Redirect{URL: "x"}, &Gather{Action: "y"}}}
	got := string(r.Append(nil, func(url string) string { return "https://zillum.example/?a=1&u=" + url }))
	for _, want := range []string{
		`<Play>https://zillum.example/?a=1&amp;u=a b.wav</Play>`,
		`<Redirect>https://zillum.example/?a=1&amp;u=x</Redirect>`,
		`<Gather action="https://zillum.example/?a=1&amp;u=y"/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	r := menu()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = r.Append(dst[:0], nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/5, "ns/verb")
}

func BenchmarkDecode(b *testing.B) {
	doc := menu().Append(nil, nil)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		Decode(doc)
	}
}

// menu is a document of five verbs and nouns as the compiler writes them.
func menu() Response {
	return Response{Verbs: []Verb{
		&Gather{Action: "digits-1", Method: "GET", NumDigits: 1, FinishOnKey: new(""), Timeout: "5", Prompt: []Verb{
			&Say{Language: "en-US", Text: "Thank you for calling. For sales, press 1. For support, press 2."},
		}},
		&Dial{Action: "dial-1", Method: "GET", Timeout: 20, Nouns: []Noun{
			&Number{URL: "whisper.xml", Method: "GET", Number: "+14155550100"},
		}},
		&Redirect{Method: "GET", URL: "menu-2.xml"},
	}}
}
