package simulator_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// office asks one question, then rings Bob with a whisper, then records.
var office = app{
	"/":        `<Gather numDigits="1" action="dial" method="GET"><Say>Press 1 for Bob.</Say></Gather><Hangup/>`,
	"/dial":    `<Dial timeout="20" action="record" method="GET"><Client url="whisper" method="GET">bob</Client></Dial>`,
	"/whisper": `<Gather numDigits="1" action="accept" method="GET"><Say>Press 1 to accept.</Say></Gather><Hangup/>`,
	"/accept":  ``,
	"/record":  `<Record action="thanks" method="GET"/>`,
	"/thanks":  `<Say>Thank you.</Say>`,
}

// TestMoments checks what people on the telephone notice, and when.
func TestMoments(t *testing.T) {
	type noticed struct {
		Who  string
		At   time.Duration
		Kind simulator.Kind
		Text string
	}
	var got []noticed
	next := func(p *simulator.Phone) simulator.Moment {
		m := p.Next()
		got = append(got, noticed{p.Address(), m.At.Round(time.Second), m.Kind, m.Text})
		return m
	}
	s := dial(t, office, "")
	s.Calls[0].Person = func(p *simulator.Phone) {
		p.Hear(next(p))
		p.Press("1")
		for next(p).Kind != simulator.Records {
		}
		p.Speak(3 * time.Second)
		next(p)
		next(p) // does not return: the call ends
		t.Error("the caller's call went on")
	}
	s.People = map[string]simulator.Person{bob: func(p *simulator.Phone) {
		next(p)
		p.Wait(4 * time.Second)
		p.Answer()
		p.Hear(next(p))
		p.Press("1")
		next(p)
		p.Wait(10 * time.Second)
		p.HangUp()
		t.Error("Bob's call went on")
	}}
	run(t, s)
	want := []noticed{
		{caller, 0, simulator.Asks, "Press 1 for Bob."},
		{caller, 2 * time.Second, simulator.Dials, bob},
		{bob, 2 * time.Second, simulator.Rings, caller},
		{bob, 6 * time.Second, simulator.Asks, "Press 1 to accept."},
		{caller, 8 * time.Second, simulator.Connects, bob},
		{bob, 8 * time.Second, simulator.Connects, caller},
		{caller, 18 * time.Second, simulator.Plays, "a tone"},
		{caller, 19 * time.Second, simulator.Records, ""},
		{caller, 27 * time.Second, simulator.Says, "Thank you."},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestMissedMoments checks that a person who was busy is not told of what is
// over, and is told of what still goes on.
func TestMissedMoments(t *testing.T) {
	handler := app{"/": `<Play>2s.wav</Play><Play>3s.wav</Play><Pause length="4"/><Gather numDigits="1" action="key" method="GET"><Play>9s.wav</Play></Gather>`,
		"/key": ``}
	for _, test := range []struct {
		busy time.Duration
		want string
	}{
		{1 * time.Second, "/2s.wav"},
		{4 * time.Second, "/3s.wav"},
		{20 * time.Second, ""}, // the question's timeout runs
	} {
		s := dial(t, handler, "")
		s.Calls[0].Person = func(p *simulator.Phone) {
			p.Wait(test.busy)
			if m := p.Next(); m.Text != test.want {
				t.Errorf("after %s: %s %q, want %q", test.busy, m.Kind, m.Text, test.want)
			}
		}
		run(t, s)
	}
}

// TestUnwinding checks that a person whose call is over is let go with their
// deferred functions run, even one who never stops.
func TestUnwinding(t *testing.T) {
	left := 0
	s := dial(t, app{"/": `<Play>2s.wav</Play>`}, "")
	s.Calls[0].Person = func(p *simulator.Phone) {
		defer func() { left++ }()
		for {
			p.Press("1x#")
			p.Wait(time.Second)
		}
	}
	tr := run(t, s)[0]
	if left != 1 || tr.Ending.How != simulator.ByDocument {
		t.Errorf("left %d times, ended by %s", left, tr.Ending.How)
	}
	if got := len(only(tr, simulator.Presses)); got < 2 {
		t.Errorf("%d keys were pressed", got)
	}
}

// TestCallees checks every way in which a telephone is responded to, by what
// the Dial's action is told.
func TestCallees(t *testing.T) {
	for _, test := range []struct {
		callee       string
		status       string
		rang, talked time.Duration
	}{
		{"answer", "completed", 5 * time.Second, 0}, // presses no key, so the whisper hangs up
		{"accept", "completed", 5 * time.Second, 30 * time.Second},
		{"answer:7s,talk:12s,press:1", "completed", 7 * time.Second, 12 * time.Second},
		{"decline:2s", "completed", 2 * time.Second, 0},
		{"voicemail", "completed", 20 * time.Second, 0},
		{"voicemail:8s", "completed", 8 * time.Second, 0},
		{"busy", "busy", time.Second, 0},
		{"busy:3s", "busy", 3 * time.Second, 0},
		{"fail", "failed", time.Second, 0},
		{"no-answer", "no-answer", 30 * time.Second, 0},
		{"", "no-answer", 30 * time.Second, 0}, // nobody is there
	} {
		l := &journal{app: app{
			"/":        `<Dial timeout="25" action="done" method="GET"><Client url="whisper" method="GET">bob</Client></Dial>`,
			"/whisper": office["/whisper"], "/accept": "", "/done": "",
		}}
		s := dial(t, l, "")
		if test.callee != "" {
			s.People = map[string]simulator.Person{bob: person(t, test.callee)}
		}
		tr := run(t, s)[0]
		last := l.requests[len(l.requests)-1]
		if got := last.FormValue("DialCallStatus"); got != test.status {
			t.Errorf("%s: status %s, want %s", test.callee, got, test.status)
		}
		if bridged := last.FormValue("DialBridged") == "true"; bridged != (test.talked > 0) {
			t.Errorf("%s: bridged %t", test.callee, bridged)
		}
		var rang, talked time.Duration
		for _, e := range tr.Events {
			if e.Leg == bob && e.Kind != simulator.Rings && rang == 0 && e.Kind != simulator.Dials {
				rang = e.At
			}
			if e.Kind == simulator.Parts {
				talked = e.Length
			}
		}
		if rang != test.rang || talked != test.talked {
			t.Errorf("%s: rang %s and talked %s, want %s and %s", test.callee, rang, talked, test.rang, test.talked)
		}
	}
}

// TestTurns checks that a person can respond differently each time.
func TestTurns(t *testing.T) {
	l := &journal{app: app{
		"/":      `<Dial action="again" method="GET"><Client>bob</Client></Dial>`,
		"/again": `<Dial action="third" method="GET"><Client>bob</Client></Dial>`,
		"/third": `<Dial action="end" method="GET"><Client>bob</Client></Dial>`,
		"/end":   ``,
	}}
	s := dial(t, l, "")
	s.People = map[string]simulator.Person{bob: person(t, "busy then answer:1s,talk:2s")}
	run(t, s)
	var got []string
	for _, r := range l.requests[1:] {
		got = append(got, r.FormValue("DialCallStatus"))
	}
	if diff := gocmp.Diff([]string{"busy", "completed", "completed"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestHangingUpWhileItRings is the red button.
func TestHangingUpWhileItRings(t *testing.T) {
	l := &journal{app: app{"/": `<Dial action="done" method="GET"><Client>bob</Client></Dial>`, "/done": ``}}
	s := dial(t, l, "")
	s.People = map[string]simulator.Person{bob: func(p *simulator.Phone) { p.HangUp() }}
	run(t, s)
	if got := l.requests[1].FormValue("DialCallStatus"); got != "busy" {
		t.Errorf("status %s, want busy", got)
	}
}
