package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// reply answers every request alike.
func reply(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func redirect(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

func twiml(verbs string) http.HandlerFunc {
	return reply(200, "text/xml", "<Response>"+verbs+"</Response>")
}

// TestFatalFaults holds the simulator to what Twilio refuses, with its codes
// (https://www.twilio.com/docs/api/errors).
func TestFatalFaults(t *testing.T) {
	for _, test := range []struct {
		name    string
		handler http.Handler
		code    int
		says    string
	}{
		{"not found", http.NotFoundHandler(), 11200, "404"},
		{"server error", reply(500, "text/xml", "<Response/>"), 11200, "500"},
		{"a static host and POST", reply(405, "text/plain", ""), 11200, `method="GET"`},
		{"a handler that panics", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("lost") }), 11200, "lost"},
		{"no content type", reply(200, "", "<Response/>"), 11200, "Content-Type"},
		{"nothing", reply(200, "text/xml", ""), 11770, "nothing"},
		{"no content", reply(204, "text/xml", ""), 11770, "nothing"},
		{"more than 64 kB", reply(200, "text/xml", "<Response>"+strings.Repeat("<Pause/>", 8192)+"</Response>"), 11750, "64 kB"},
		{"an image", reply(200, "image/png", "x"), 12300, "image/png"},
		{"a sound of a kind that is not played", reply(200, "audio/ogg", "x"), 12300, "audio/ogg"},
		{"a blank before the declaration", reply(200, "text/xml", " <?xml version=\"1.0\"?><Response/>"), 12100, "line 1"},
		{"not XML", reply(200, "text/xml", "<Response>"), 12100, "line 1"},
		{"another root", reply(200, "text/xml", "<Reply/>"), 12102, "Response"},
		{"redirects without end", redirect(302, "/again"), 11215, "10"},
		{"a redirect to nowhere", redirect(302, ""), 11216, "Location"},
		{"a link that is no URL", twiml("<Redirect>ht tp://%zz</Redirect>"), 11100, "not a URL"},
		{"a link to no web server", twiml("<Redirect>tel:+14155550101</Redirect>"), 11100, "http"},
		{"a host name with an underscore", twiml("<Redirect>https://my_host.example/</Redirect>"), 11100, "underscore"},
		{"a sound that is none", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/song" {
				reply(200, "text/html", "x")(w, r)
				return
			}
			twiml("<Play>/song</Play>")(w, r)
		}), 13420, "text/html"},
		{"a sound in a question that is none", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/song" {
				reply(200, "text/html", "x")(w, r)
				return
			}
			twiml("<Gather><Play>/song</Play></Gather>")(w, r)
		}), 13325, "text/html"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := run(t, dial(t, test.handler, ""))[0]
			if tr.Ending.How != simulator.Failed || tr.Ending.Code != test.code {
				t.Fatalf("ended by %s with %d, want %s with %d: %s", tr.Ending.How, tr.Ending.Code, simulator.Failed, test.code, tr.Ending.Text)
			}
			if !strings.Contains(tr.Ending.Text, test.says) {
				t.Errorf("the error does not mention %q: %s", test.says, tr.Ending.Text)
			}
		})
	}
}

// TestContentTypes is about what Twilio makes of each type
// (https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types).
func TestContentTypes(t *testing.T) {
	for _, test := range []struct {
		name, contentType, body string
		kind                    simulator.Kind
		text                    string
	}{
		{"XML", "text/xml; charset=utf-8", "<Response><Say>Hello.</Say></Response>", simulator.Says, "Hello."},
		{"application XML", "application/xml", "<Response><Say>Hello.</Say></Response>", simulator.Says, "Hello."},
		{"HTML", "text/html", "<Response><Say>Hello.</Say></Response>", simulator.Says, "Hello."},
		{"text is read aloud", "text/plain", "Hello.\n", simulator.Says, "Hello."},
		{"text that is TwiML is obeyed", "text/plain", "<Response><Say>Hello.</Say></Response>", simulator.Says, "Hello."},
		{"audio is played", "audio/wav", string(silence(3)), simulator.Plays, "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := run(t, dial(t, reply(200, test.contentType, test.body), ""))[0]
			if found := only(tr, test.kind); len(found) != 1 || found[0].Text != test.text {
				t.Errorf("heard %v, want one %s of %q", found, test.kind, test.text)
			}
			if tr.Ending.How != simulator.ByDocument {
				t.Errorf("ended by %s: %s", tr.Ending.How, tr.Ending.Text)
			}
		})
	}
}

// only selects the events of one kind.
func only(tr simulator.Transcript, kind simulator.Kind) []simulator.Event {
	var found []simulator.Event
	for _, e := range tr.Events {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// TestWarnings checks that a fault which Twilio passes over is told once, and
// that the call goes on.
func TestWarnings(t *testing.T) {
	tr := run(t, dial(t, app{"/": `<Sing/><Gather numDigits="1" method="GET"><Pause/></Gather>`}, "1, 1, 1"))[0]
	faults := only(tr, simulator.Faults)
	if len(faults) != 1 || faults[0].Code != 12200 || faults[0].Fatal {
		t.Errorf("faults %v, want one warning 12200", faults)
	}
	if tr.Ending.How != simulator.ByDocument {
		t.Errorf("ended by %s: %s", tr.Ending.How, tr.Ending.Text)
	}
}

// TestElsewhere checks that no host is asked which the scenario does not name.
func TestElsewhere(t *testing.T) {
	handler := app{
		"/":     `<Redirect method="GET">https://other.example/more</Redirect>`,
		"/more": `<Play>https://third.example/song.mp3</Play>`,
	}
	s := dial(t, handler, "")
	if tr := run(t, s)[0]; tr.Ending.How != simulator.Elsewhere || !strings.Contains(tr.Ending.Text, "other.example") {
		t.Errorf("ended by %s: %s", tr.Ending.How, tr.Ending.Text)
	}
	s.Hosts = []string{"other.example"}
	tr := run(t, s)[0]
	if tr.Ending.How != simulator.ByDocument {
		t.Errorf("ended by %s: %s", tr.Ending.How, tr.Ending.Text)
	}
	if songs := only(tr, simulator.Plays); len(songs) != 1 || !strings.Contains(songs[0].Note, "not fetched") {
		t.Errorf("songs %v, want one that was not fetched", songs)
	}
}

// TestSoundsAreCached checks that a sound is fetched once, and without the
// parameters of the call (https://www.twilio.com/docs/voice/twiml/play).
func TestSoundsAreCached(t *testing.T) {
	l := &journal{app: app{"/": `<Play>2s.wav?x=1</Play><Play loop="2">2s.wav?x=1</Play>`}}
	run(t, dial(t, l, ""))
	if len(l.requests) != 2 || l.requests[1].URL.RequestURI() != "/2s.wav?x=1" {
		t.Errorf("%d requests, the second for %s", len(l.requests), l.requests[1].URL)
	}
}

// TestContentLocation checks that a server can say which document it answers
// with, and that links still refer to the address that was asked for.
func TestContentLocation(t *testing.T) {
	l := &journal{app: app{"/a/next": `<Say>Goodbye.</Say>`}}
	s := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a/digits" {
			w.Header().Set("Content-Location", "/b/digits.1.xml")
			w.Header().Set("Content-Type", "text/xml")
			fmt.Fprint(w, `<Response><Say>One.</Say><Redirect method="GET">next</Redirect></Response>`)
			return
		}
		l.ServeHTTP(w, r)
	}), "")
	s.Numbers[number] = simulator.Webhooks{VoiceURL: "a/digits", VoiceMethod: "GET"}
	said := only(run(t, s)[0], simulator.Says)
	if len(said) != 2 || said[0].Document != "/b/digits.1.xml" || said[1].Document != "/a/next" {
		t.Errorf("%+v", said)
	}
}

// TestUnmeasuredSound checks that a sound whose length cannot be told is told
// of, and played all the same.
func TestUnmeasuredSound(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/song" {
			reply(200, "audio/x-gsm", "\xd0 not measured")(w, r)
			return
		}
		twiml("<Play>/song</Play>")(w, r)
	})
	songs := only(run(t, dial(t, handler, ""))[0], simulator.Plays)
	if len(songs) != 1 || !strings.Contains(songs[0].Note, "cannot be measured") || songs[0].Length != 30*time.Second {
		t.Errorf("songs %v, want one that could not be measured", songs)
	}
}
