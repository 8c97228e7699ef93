package simulator_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// An app is a phone application: TwiML, without the Response around it, by
// path, and perhaps by one parameter: "/key?Digits=1".
type app map[string]string

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, found := a[r.URL.Path]
	for _, name := range []string{"Digits", "DialCallStatus", "DialBridged", "QueueResult"} {
		if answer, listed := a[r.URL.Path+"?"+name+"="+r.FormValue(name)]; listed {
			body, found = answer, true
		}
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, "<Response>%s</Response>", body)
}

const (
	number = "+14155550100"
	caller = "+14155550199"
	alice  = "+14155550101"
	bob    = "client:bob"
)

// at calls an application whose first document is /.
func at(handler http.Handler, script string) simulator.Scenario {
	steps, err := simulator.ParseScript(script)
	if err != nil {
		panic(err)
	}
	return simulator.Scenario{
		Handler: handler,
		Numbers: map[string]simulator.Number{number: {VoiceURL: "/", VoiceMethod: "GET"}},
		Calls:   []simulator.Call{{From: caller, To: number, Person: steps.Person()}},
	}
}

func person(t testing.TB, text string) simulator.Person {
	t.Helper()
	p, err := simulator.ParseCallee(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(t testing.TB, s simulator.Scenario) []simulator.Transcript {
	t.Helper()
	transcripts, err := simulator.Run(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts
}

// lines writes events briefly: "3.2 alice answers: text".
func lines(tr simulator.Transcript) string {
	var b strings.Builder
	for _, e := range tr.Events {
		who := ""
		if e.Leg != simulator.Caller {
			who = e.Leg + " "
		}
		fmt.Fprintf(&b, "%s %s%s", e.At.Round(100*time.Millisecond), who, e.Kind)
		if e.Code != 0 {
			fmt.Fprintf(&b, " %d", e.Code)
		}
		if e.Text != "" {
			fmt.Fprintf(&b, ": %s", e.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}
