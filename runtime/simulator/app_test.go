package simulator_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

const (
	number = "+14155550100"
	agents = "+14155550110" // the number that agents call
	caller = "+14155550199"
	alice  = "+14155550101"
	bob    = "client:bob"
)

// An app is a phone application: TwiML by path, without the Response around it.
// A document for one answer only has it in its name: "/key?Digits=1". Silent
// sounds of any length are there by themselves: "/4s.wav".
type app map[string]string

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, found := a[r.URL.Path]
	for _, name := range []string{"Digits", "DialCallStatus", "DialBridged", "QueueResult"} {
		if answer, listed := a[r.URL.Path+"?"+name+"="+r.FormValue(name)]; listed {
			body, found = answer, true
		}
	}
	var seconds int
	if n, _ := fmt.Sscanf(r.URL.Path, "/%ds.wav", &seconds); n == 1 && !found {
		w.Header().Set("Content-Type", "audio/wav")
		w.Write(silence(seconds))
		return
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, "<Response>%s</Response>", body)
}

// silence is a WAV file of 8-bit samples, 8,000 a second.
func silence(seconds int) []byte {
	n := uint32(8000 * seconds)
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, 36+n)...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, n)
	return append(b, strings.Repeat("\x80", int(n))...)
}

// dial is a scenario with one call to an application whose first document is /.
func dial(t testing.TB, handler http.Handler, steps string) simulator.Scenario {
	t.Helper()
	return simulator.Scenario{
		Handler: handler,
		Numbers: map[string]simulator.Webhooks{number: {VoiceURL: "/", VoiceMethod: "GET"}},
		Calls:   []simulator.Call{{From: caller, To: number, Person: follow(t, steps)}},
	}
}

func follow(t testing.TB, text string) simulator.Person {
	t.Helper()
	s, err := script.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return simulator.Follow(s)
}

func person(t testing.TB, text string) simulator.Person {
	t.Helper()
	c, err := script.ParseCallee(text)
	if err != nil {
		t.Fatal(err)
	}
	return simulator.Respond(c)
}

func run(t testing.TB, s simulator.Scenario) []simulator.Transcript {
	t.Helper()
	transcripts, err := simulator.Run(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts
}
