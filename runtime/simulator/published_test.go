package simulator_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	markup "github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// beyond is what of Twilio's published documents is told of and not simulated, by
// the part of the file's name before "__". A call continues after each of these.
var beyond = map[string][]string{
	"application":   {"Application"},      // rings another application
	"connect":       {"Connect"},          // hands the call to another service
	"enqueue":       {"workflowSid"},      // TaskRouter
	"number":        {"machineDetection"}, // a guess at who answers
	"pay":           {"Pay"},              // takes payments
	"refer":         {"Refer"},            // moves a SIP call
	"sim":           {"Sim"},              // rings a SIM card
	"sip":           {"machineDetection"},
	"sms":           {"Sms"}, // sends a text message
	"stream":        {"Start"},
	"transcription": {"Start", "Stop"},
}

// messaging is which published documents are not about a call at all.
var messaging = []string{"sms__sms-1.xml"}

// TestPublishedDocuments reads, obeys and walks every document that Twilio publishes as
// an example, with several callers, under either reading of what it leaves open.
func TestPublishedDocuments(t *testing.T) {
	files, err := filepath.Glob("../../../shared/twiml-docs/*.xml")
	if err != nil || len(files) == 0 {
		t.Skip("Twilio's documents are not here")
	}
	obeyed, silent := 0, []string{}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, faults := markup.Decode(text); len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
			skipped, spoken := obey(t, text)
			s := published(t, text)
			if _, err := explorer.Explore(t.Context(), explorer.Survey{Handler: s.Handler, Hosts: s.Hosts, Numbers: s.Numbers}); err != nil {
				t.Errorf("it cannot be walked: %v", err)
			}
			topic, _, _ := strings.Cut(name, "__")
			for _, verb := range skipped {
				if !slices.Contains(beyond[topic], verb) {
					t.Errorf("%s is not simulated", verb)
				}
			}
			if !spoken {
				silent = append(silent, name)
			}
			if !t.Failed() {
				obeyed++
			}
		})
	}
	if diff := gocmp.Diff(messaging, silent); diff != "" {
		t.Errorf("documents in which nothing happens in the call, -want +got:\n%s", diff)
	}
	t.Logf("%d documents of %d were obeyed; %d of them are not about a call: %s", obeyed, len(files), len(messaging), strings.Join(messaging, ", "))
}

// ends is how these calls may end. Some documents keep a caller for ever, by
// themselves or in a conference.
var ends = []simulator.How{simulator.ByCaller, simulator.ByDocument, simulator.Rejected, simulator.TimeLimit}

var hosts = regexp.MustCompile(`https?://([^/"<?\s]+)`)

// obey plays calls with a document. It returns what is not simulated, and
// whether anything happened in the call.
func obey(t *testing.T, text []byte) (skipped []string, happened bool) {
	t.Helper()
	verbs := map[string]bool{}
	for _, people := range []struct{ caller, callee string }{
		{"", "no-answer"},
		{"1, 12#, speak 10s", "accept:2s,talk:10s"},
		{"*, silent", "busy then decline:2s"},
		{"hangup", "fail"},
	} {
		for _, ambiguities := range [][]simulator.Ambiguity{nil, everyAmbiguity()} {
			s := published(t, text)
			s.Ambiguities = ambiguities
			s.Calls[0].Person = follow(t, people.caller)
			for _, address := range addresses(text) {
				s.People[address] = person(t, people.callee)
			}
			tr := run(t, s)[0]
			for _, e := range tr.Events {
				switch e.Kind {
				case simulator.Faults:
					t.Errorf("%q, %q: %d %s", people.caller, people.callee, e.Code, e.Text)
				case simulator.Skips:
					verbs[e.Text] = true
				case simulator.Calls, simulator.Requests, simulator.Ends, simulator.HangsUp, simulator.Undocumented:
				default:
					happened = happened || e.Kind != simulator.Skips
				}
			}
			if how := tr.Ending.How; !slices.Contains(ends, how) {
				t.Errorf("%q, %q: ended by %s: %s", people.caller, people.callee, how, tr.Ending.Text)
			}
		}
	}
	happened = happened || len(verbs) > 0 && !verbs["Sms"]
	return slices.Sorted(maps.Keys(verbs)), happened
}

func everyAmbiguity() []simulator.Ambiguity {
	var all []simulator.Ambiguity
	for _, a := range simulator.Ambiguities() {
		all = append(all, a.Ambiguity)
	}
	return all
}

var dialledForm = regexp.MustCompile(`(?s)<(Number|Client|Sip|Dial|Identity)\b[^>]*>\s*([^<]+?)\s*</`)

// addresses is who is dialled in a document.
func addresses(text []byte) []string {
	var all []string
	for _, m := range dialledForm.FindAllSubmatch(text, -1) {
		address := strings.ReplaceAll(string(m[2]), "&amp;", "&")
		if kind := string(m[1]); kind == "Client" || kind == "Identity" {
			address = "client:" + address
		}
		all = append(all, address)
	}
	return all
}

// published is a scenario whose first document is a published one. Whatever that
// leads to is answered, wherever it is: a wait document lets the caller leave.
func published(t *testing.T, text []byte) simulator.Scenario {
	s := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, waits := r.URL.Query()["QueuePosition"]
		waits = waits || r.PostFormValue("QueuePosition") != ""
		w.Header().Set("Content-Type", "text/xml")
		switch {
		case r.URL.Path == "/" && r.Host == "simulated.example":
			w.Write(text)
		case strings.HasSuffix(r.URL.Path, ".mp3") || strings.HasSuffix(r.URL.Path, ".wav"):
			w.Header().Set("Content-Type", "audio/wav")
			w.Write(silence(3))
		case waits:
			w.Write([]byte("<Response><Say>Please hold.</Say><Leave/></Response>"))
		default:
			w.Write([]byte("<Response><Say>Here you are.</Say></Response>"))
		}
	}), "")
	for _, m := range hosts.FindAllSubmatch(text, -1) {
		s.Hosts = append(s.Hosts, string(m[1]))
	}
	s.TimeLimit = time.Hour
	s.Queues = map[string]int{"support": 10, "Queue Demo": 10}
	s.People = map[string]simulator.Person{}
	return s
}
