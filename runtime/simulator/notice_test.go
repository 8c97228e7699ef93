package simulator_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// A person who waits for something that only Watch sees is woken by it, in the
// middle of a question, and sees the question that goes on.
func TestNextOr(t *testing.T) {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if r.URL.Path == "/digits" {
			w.Write([]byte(`<Response><Say>Thank you.</Say></Response>`))
			return
		}
		w.Write([]byte(`<Response><Gather action="/digits" numDigits="1"><Say>Welcome to Harbor Dental.</Say><Say>Press 1.</Say></Gather></Response>`))
	})
	var phone *simulator.Phone
	var first simulator.Moment
	var woken, pressed time.Duration
	heard := false
	person := func(p *simulator.Phone) {
		phone = p
		var fresh bool
		if first, fresh = p.NextOr(func() bool { return heard }); !fresh {
			t.Error("the question is nothing new")
		}
		if _, fresh := p.NextOr(func() bool { return heard }); fresh {
			t.Error("there is something new before what is waited for")
		}
		woken = p.Now()
		if m, on := p.Current(); !on || m.At != first.At {
			t.Errorf("the question that goes on is %+v, %t", m, on)
		}
		p.Press("1")
		pressed = p.Now()
	}
	transcripts, err := simulator.Run(context.Background(), simulator.Scenario{
		Handler: app,
		Numbers: map[string]simulator.Webhooks{"+14155550100": {VoiceURL: "/"}},
		Calls:   []simulator.Call{{From: "+14155550199", To: "+14155550100", Person: person}},
		Watch: func(_ int, e simulator.Event) {
			if e.Kind == simulator.Says && e.Text == "Press 1." {
				heard = true
				phone.Wake()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if first.Kind != simulator.Asks || woken == 0 || woken >= first.At+first.Length || pressed != woken {
		t.Errorf("the question takes %v; woken at %v, pressed at %v", first.Length, woken, pressed)
	}
	if last := transcripts[0].Events[len(transcripts[0].Events)-2]; last.Text != "Thank you." {
		t.Errorf("the call ends with %q", last.Text)
	}
	phone.Wake() // after the call, nothing happens
}
