package simulator_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestLive dials an application over the network.
func TestLive(t *testing.T) {
	server := httptest.NewServer(office)
	defer server.Close()
	s := dial(t, nil, "1, speak 5s")
	s.Handler, s.Transport, s.BaseURL = nil, server.Client().Transport, server.URL
	s.People = map[string]simulator.Person{bob: person(t, "accept")}
	live := run(t, s)[0]
	s = dial(t, office, "1, speak 5s")
	s.People = map[string]simulator.Person{bob: person(t, "accept")}
	if offline := run(t, s)[0]; len(live.Events) != len(offline.Events) || live.Ending != offline.Ending {
		t.Errorf("the live call took another course:\n%s", live.Text(simulator.TextOptions{All: true}))
	}
}

// TestNetworkFaults is about servers that are not there or do not answer
// (https://www.twilio.com/docs/api/errors/11205).
func TestNetworkFaults(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	stranger := httptest.NewUnstartedServer(office)
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	defer stranger.Close()
	gone := httptest.NewServer(office)
	gone.Close()
	for _, test := range []struct {
		name, url string
		timeout   time.Duration
		code      int
	}{
		{"nobody listens", gone.URL, time.Minute, 11205},
		{"nobody answers", slow.URL, 50 * time.Millisecond, 11205},
		{"nobody vouches for the certificate", stranger.URL, time.Minute, 11237},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := dial(t, nil, "")
			s.Handler, s.BaseURL, s.Timeout = nil, test.url, test.timeout
			if tr := run(t, s)[0]; tr.Ending.Code != test.code {
				t.Errorf("ended with %d: %s", tr.Ending.Code, tr.Ending.Text)
			}
		})
	}
}
