package twiml

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What of Twilio's published documents this package passes over, by the part of
// the file's name before "__". Sms is the one verb among them that is not about
// the call.
var passedOverIn = map[string][]string{
	"application":   {"Application"},
	"connect":       {"Connect"},
	"pay":           {"Pay"},
	"refer":         {"Refer"},
	"sim":           {"Sim"},
	"sms":           {"Sms"},
	"stream":        {"Start"},
	"transcription": {"Start", "Stop"},
}

// Every document that Twilio publishes as an example is read without a fault,
// and whole but for the elements in the table.
func TestDecodePublishedDocuments(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/twiml-docs/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("Twilio's documents are not here")
	}
	for _, path := range paths {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			doc, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r, faults := Decode(doc)
			if len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
			topic, _, _ := strings.Cut(name, "__")
			for _, foreign := range foreigners(r) {
				if !slices.Contains(passedOverIn[topic], foreign) {
					t.Errorf("<%s> is passed over", foreign)
				}
			}
			again, faults := Decode(r.Append(nil, nil))
			if len(faults) > 0 {
				t.Errorf("faults in the canonical form: %v", faults)
			}
			if diff := cmp.Diff(r, again); diff != "" {
				t.Errorf("-read +canonical:\n%s", diff)
			}
		})
	}
}

// foreigners lists the names of what a document holds and the package does not
// describe.
func foreigners(r Response) []string {
	var names []string
	for _, v := range r.Verbs {
		switch v := v.(type) {
		case *Foreign:
			names = append(names, v.Name)
		case *Dial:
			for _, n := range v.Nouns {
				if f, ok := n.(*Foreign); ok {
					names = append(names, f.Name)
				}
			}
		}
	}
	return names
}

// A few of the documents, read in full.
func TestDecodePublishedDocument(t *testing.T) {
	tests := []struct {
		name string
		want []Verb
	}{
		{"conference__conference-8.xml", []Verb{&Dial{Nouns: []Noun{&Conference{
			Beep: "false", EndOnExit: "true", Name: "Customer Waiting Room"}}}}},
		{"gather__gather-5.xml", []Verb{
			&Gather{Action: "/process_gather.php", Method: "GET", Prompt: []Verb{&Say{Text: "Enter something, or not"}}},
			&Redirect{Method: "GET", URL: "/process_gather.php?Digits=TIMEOUT"}}},
		{"play__play-3.xml", []Verb{&Play{Digits: "wwww3"}}},
		{"sip__sip-8.xml", []Verb{&Dial{Nouns: []Noun{&Sip{URI: "sip:kate@example.com?x-mycustomheader=foo&x-myotherheader=bar"}}}}},
		{"voice__queueing__redirect.xml", []Verb{
			&Say{Text: "You will now be connected to the first caller in the queue."},
			&Dial{Nouns: []Noun{&Queue{Name: "Queue Demo"}}}, &Redirect{}}},
	}
	for _, tt := range tests {
		doc, err := os.ReadFile("../../../shared/twiml-docs/" + tt.name)
		if err != nil {
			t.Skip("Twilio's documents are not here")
		}
		r, _ := Decode(doc)
		if diff := cmp.Diff(tt.want, r.Verbs); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}
