package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// dice makes choices from a fuzzer's bytes. Where they end, it always chooses
// the first, which is the simplest.
type dice struct{ data []byte }

func (d *dice) roll(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

func (d *dice) pick(from ...string) string { return from[d.roll(len(from))] }

func (d *dice) page() string { return fmt.Sprintf("/%d", d.roll(6)) }

// link is a URL attribute with its method.
func (d *dice) link(name, method string) string {
	target := d.pick(d.page(), d.page(), "", "//", "/4s.wav", "https://other.example/")
	return fmt.Sprintf(` %s=%q %s=%q`, name, target, method, d.pick("GET", "POST"))
}

func (d *dice) verbs(depth int) string {
	var b strings.Builder
	for range d.roll(4) {
		b.WriteString(d.verb(depth))
	}
	return b.String()
}

func (d *dice) verb(depth int) string {
	whisper := d.pick("", d.link("url", "method"))
	switch d.roll(14) {
	case 0:
		return "<Say" + d.pick("", ` loop="0"`, ` loop="3"`) + ">Hello.</Say>"
	case 1:
		return "<Play>" + d.pick("/4s.wav", d.page(), "missing.wav") + "</Play>"
	case 2:
		return `<Pause length="` + d.pick("1", "30", "0") + `"/>`
	case 3, 4:
		if depth == 0 {
			return ""
		}
		return "<Gather" + d.pick("", d.link("action", "method")) + d.pick(` numDigits="1"`, "", ` finishOnKey=""`, ` timeout="2"`, ` actionOnEmptyResult="true"`) +
			">" + d.verbs(0) + "</Gather>"
	case 5, 6:
		return "<Dial" + d.pick("", d.link("action", "method")) + d.pick("", ` hangupOnStar="true"`, ` sequential="true"`, ` timeLimit="20"`, ` answerOnBridge="true"`) + ">" +
			"<Number" + whisper + ">" + alice + "</Number>" + d.pick("", "<Client"+whisper+">bob</Client>") + "</Dial>"
	case 7:
		return "<Dial" + d.pick("", d.link("action", "method")) + "><Queue" + whisper + ">sales</Queue></Dial>"
	case 8:
		return "<Dial" + d.pick("", ` hangupOnStar="true"`) + `><Conference endConferenceOnExit="` + d.pick("true", "false") + `">room</Conference></Dial>`
	case 9:
		return "<Enqueue" + d.pick("", d.link("action", "method")) + d.pick("", d.link("waitUrl", "waitUrlMethod")) + ">sales</Enqueue>"
	case 10:
		return "<Record" + d.pick("", d.link("action", "method")) + d.pick("", ` maxLength="5"`, ` timeout="0"`) + "/>"
	case 11:
		return "<Redirect method=\"" + d.pick("GET", "POST") + "\">" + d.page() + "</Redirect>"
	case 12:
		return "<Leave/>"
	}
	return d.pick("<Hangup/>", "<Reject/>", "<Pay/>", "<Sing/>")
}

func (d *dice) scenario(t testing.TB) simulator.Scenario {
	documents := app{"/": d.verbs(1)}
	for i := range 6 {
		documents[fmt.Sprintf("/%d", i)] = d.verbs(1)
	}
	s := simulator.Scenario{
		Handler: documents,
		Numbers: map[string]simulator.Webhooks{number: {VoiceURL: "/", FallbackURL: d.pick("", "/1", "/nothing")}},
		People: map[string]simulator.Person{
			alice: person(t, d.pick("no-answer", "answer", "accept:1s", "decline", "busy", "fail", "busy then answer")),
			bob:   person(t, d.pick("answer:1s,talk:2s", "voicemail", "accept", "no-answer")),
		},
		Queues:       map[string]int{"sales": 1 + d.roll(3)},
		MaxDocuments: 300,
	}
	for _, a := range simulator.Ambiguities() {
		if d.roll(2) == 1 {
			s.Ambiguities = append(s.Ambiguities, a.Ambiguity)
		}
	}
	for i := range 1 + d.roll(4) {
		steps := d.pick("", "1", "1, 2, 3", "silent, 1, speak 9s", "at 7s, hangup", "now 1, wait 3s, now *, talk 4s, hangup", "speak 3s, hangup", "1@1s, 12#")
		s.Calls = append(s.Calls, simulator.Call{From: caller, To: number, At: time.Duration(i*d.roll(9)) * time.Second, Person: follow(t, steps)})
	}
	return s
}

// checkLaws checks what holds for every call of every application.
func checkLaws(t *testing.T, tr simulator.Transcript) {
	t.Helper()
	var now time.Duration
	gone := false
	for i, e := range tr.Events {
		if e.At < now {
			t.Errorf("event %d is at %s, after one at %s", i, e.At, now)
		}
		now = e.At
		if e.Leg != simulator.Caller {
			continue
		}
		switch e.Kind {
		case simulator.Says, simulator.Plays, simulator.Asks, simulator.Connects, simulator.Presses:
			if gone {
				t.Errorf("event %d: the caller hung up and %s %q follows", i, e.Kind, e.Text)
			}
		case simulator.HangsUp:
			gone = true
		case simulator.Ends:
			if i != len(tr.Events)-1 {
				t.Errorf("the call ends at event %d of %d", i, len(tr.Events))
			}
		}
	}
	if n := len(only(tr, simulator.Ends)); n != 1 || tr.Ending.How == "" {
		t.Errorf("the call ends %d times, by %q", n, tr.Ending.How)
	}
	if gone != (tr.Ending.How == simulator.ByCaller) {
		t.Errorf("the caller hung up: %t, but the call ended by %s", gone, tr.Ending.How)
	}
	if now > 4*time.Hour {
		t.Errorf("the call lasted %s", now)
	}
}

// FuzzRun plays random applications with random people. Every call must end
// within Twilio's four hours and obey the laws, and a second run must take the
// same course.
func FuzzRun(f *testing.F) {
	f.Add([]byte(nil))
	for i := range 64 {
		seed := make([]byte, 200)
		for j := range seed {
			seed[j] = byte((i + 1) * (j + 3) * 2654435761 >> 13)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var courses [2]string
		for i := range courses {
			d := &dice{data}
			transcripts := run(t, d.scenario(t))
			for _, tr := range transcripts {
				checkLaws(t, tr)
			}
			b, err := json.Marshal(transcripts)
			if err != nil {
				t.Fatal(err)
			}
			courses[i] = string(b)
		}
		if courses[0] != courses[1] {
			t.Error("the second run took another course")
		}
	})
}

// FuzzDocument answers every request with the same bytes.
func FuzzDocument(f *testing.F) {
	f.Add("<Response><Gather><Say>Hello.</Say></Gather></Response>", "text/xml")
	f.Add("<Response><Redirect/></Response>", "text/html")
	f.Add("<Response><Enqueue waitUrl=''/><Dial>1</Dial></Response>", "text/plain")
	f.Add("Hello.", "text/plain; charset=utf-8")
	f.Add(string(silence(1)), "audio/wav")
	f.Add("\x00\xff", "")
	f.Fuzz(func(t *testing.T, body, contentType string) {
		s := dial(t, reply(200, contentType, body), "1, speak 2s, at 1m, hangup")
		s.MaxDocuments = 50
		tr := run(t, s)[0]
		checkLaws(t, tr)
		if text := tr.Text(simulator.TextOptions{All: true}); strings.ContainsAny(text, "\x00\x1b\u202e") {
			t.Errorf("not printable: %q", text)
		}
	})
}
