package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

func TestCredentialsFrom(t *testing.T) {
	account, key, hex := "AC"+strings.Repeat("0", 32), "SK"+strings.Repeat("1", 32), strings.Repeat("f", 32)
	set := func(pairs ...string) map[string]string {
		m := map[string]string{"TWILIO_ACCOUNT_SID": account}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	tests := map[string]struct {
		environment map[string]string
		user        string
		endpoint    string
		err         string // a part of the error
	}{
		"key":             {set("TWILIO_API_KEY", key, "TWILIO_API_SECRET", canary), key, "https://api.twilio.com", ""},
		"token":           {set("TWILIO_AUTH_TOKEN", canary), account, "https://api.twilio.com", ""},
		"key and token":   {set("TWILIO_API_KEY", key, "TWILIO_API_SECRET", canary, "TWILIO_AUTH_TOKEN", hex), key, "https://api.twilio.com", ""},
		"region":          {set("TWILIO_AUTH_TOKEN", canary, "TWILIO_REGION", "ie1", "TWILIO_EDGE", "dublin"), account, "https://api.dublin.ie1.twilio.com", ""},
		"nothing":         {map[string]string{}, "", "", "set it to the account's SID"},
		"account only":    {set(), "", "", "set TWILIO_API_KEY and TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN"},
		"no secret":       {set("TWILIO_API_KEY", key), "", "", "TWILIO_API_SECRET is not"},
		"no key":          {set("TWILIO_API_SECRET", canary), "", "", "TWILIO_API_KEY is not"},
		"bad account":     {map[string]string{"TWILIO_ACCOUNT_SID": canary, "TWILIO_AUTH_TOKEN": canary}, "", "", "is not the SID of an account"},
		"bad key":         {set("TWILIO_API_KEY", canary, "TWILIO_API_SECRET", canary), "", "", "is not the SID of an API key"},
		"quoted secret":   {set("TWILIO_API_KEY", key, "TWILIO_API_SECRET", `"`+canary+`"`), "", "", "TWILIO_API_SECRET contains something other"},
		"token and space": {set("TWILIO_AUTH_TOKEN", canary+" "), "", "", "TWILIO_AUTH_TOKEN contains something other"},
		"region alone":    {set("TWILIO_AUTH_TOKEN", canary, "TWILIO_REGION", "ie1"), "", "", "go together"},
		"edge alone":      {set("TWILIO_AUTH_TOKEN", canary, "TWILIO_EDGE", "dublin"), "", "", "go together"},
		"bad region":      {set("TWILIO_AUTH_TOKEN", canary, "TWILIO_REGION", "evil.example/", "TWILIO_EDGE", "dublin"), "", "", "is not a region"},
		"bad edge":        {set("TWILIO_AUTH_TOKEN", canary, "TWILIO_REGION", "ie1", "TWILIO_EDGE", "evil.example/"), "", "", "is not an edge"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := CredentialsFrom(func(name string) string { return test.environment[name] })
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), canary) {
					t.Errorf("got %v, want an error with %q", err, test.err)
				}
				if _, err := OpenReader(c, Options{}); err == nil {
					t.Error("an account was opened")
				}
				return
			}
			if err != nil || c.User != test.user || c.endpoint() != test.endpoint || c.Password.reveal() != canary {
				t.Errorf("got %+v, %v", c, err)
			}
		})
	}
}

// A secret shows in no way that a program writes values.
func TestSecret(t *testing.T) {
	s := NewSecret(canary)
	holder := struct{ Password Secret }{s}
	encoded, err := json.Marshal(map[string]any{"a": s, "b": &s, "c": holder})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{s.String(), string(encoded), fmt.Sprint(s, &s, holder, []Secret{s}, Credentials{Password: s})}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s"} {
		texts = append(texts, fmt.Sprintf(verb, s), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, &holder))
	}
	var lines strings.Builder
	slog.New(slog.NewTextHandler(&lines, nil)).Info("", "secret", s, "holder", holder)
	for _, text := range append(texts, lines.String()) {
		if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", canary)) || !strings.Contains(text, "***") {
			t.Errorf("got %s", text)
		}
	}
}

// All requests go where they are sent, under our name, and say nothing to the log.
func TestRequestsGoToTheEndpoint(t *testing.T) {
	t.Setenv("TWILIO_EDGE", "sydney") // which twilio-go reads by itself
	t.Setenv("TWILIO_REGION", "au1")
	s := stage()
	var hosts, agents []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts, agents = append(hosts, r.Host), append(agents, r.UserAgent())
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	var lines strings.Builder
	a := open(t, s, Options{Endpoint: server.URL, Parallel: 1,
		Log: slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for _, name := range []string{"confirm number", "update queue", "create queue", "update number", "call", "read"} {
		if err := operations[name].run(t.Context(), a, s); err != nil {
			t.Fatal(err)
		}
	}
	for i := range hosts {
		if hosts[i] != strings.TrimPrefix(server.URL, "http://") || agents[i] != "ivrc/1.2.3" {
			t.Errorf("request %d went to %s under the name %s", i, hosts[i], agents[i])
		}
	}
	if got := strings.Count(lines.String(), "\n"); got != len(hosts) || strings.Contains(lines.String(), canary) || strings.Contains(lines.String(), agent[1:]) {
		t.Errorf("the log of %d requests: %s", len(hosts), lines.String())
	}
}

// A redirect is not followed, wherever it leads: credentials go nowhere else.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s was asked, with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	s := stage()
	for name, op := range operations {
		failed := checkError(t, op.run(t.Context(), open(t, s, Options{Endpoint: server.URL}), s))
		if failed.Status != http.StatusTemporaryRedirect || failed.Tries != 1 {
			t.Errorf("%s: got %v", name, failed)
		}
	}
}

// Whoever has no certificate that we trust gets no credentials, and is not asked
// again.
func TestNoTrustedConnection(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s was asked", r.URL)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	s := stage()
	for name, op := range operations {
		failed := checkError(t, op.run(t.Context(), open(t, s, Options{Endpoint: server.URL}), s))
		if failed.Tries != 1 || failed.Unknown || failed.Advice != adviceTLS {
			t.Errorf("%s: got %#v", name, failed)
		}
	}
}

// Before every try of a write, and of nothing else, it is asked whether it may
// still be sent.
func TestGuard(t *testing.T) {
	for name, op := range operations {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := stage()
				s.Fault = always(sandbox.Refuse(""))
				lost := errors.New("the lock is lost")
				asked := 0
				a := open(t, s, Options{}).Guarded(func(context.Context) error {
					if asked++; asked > 3 {
						return lost
					}
					return nil
				})
				err := op.run(t.Context(), a, s)
				read := name == "read" || name == "confirm number"
				if errors.Is(err, lost) == read || read != (asked == 0) {
					t.Errorf("asked %d times, got %v", asked, err)
				}
				if got := len(s.Requests()); !read && got != 3 {
					t.Errorf("%d requests were sent", got)
				}
			})
		})
	}
}

// A place that was given back is free: a guard that refuses blocks nobody.
func TestGuardLeavesNoPlaceTaken(t *testing.T) {
	s := stage()
	a := open(t, s, Options{Parallel: 1, Timeout: time.Second})
	guarded := a.Guarded(func(context.Context) error { return errors.New("no") })
	for range 5 {
		if err := guarded.UpdateQueue(t.Context(), s.Queues()[0].SID, "zillum/sales", 20); err == nil {
			t.Error("a guard was not heard")
		}
	}
	read(t, a)
}

// Whatever the rest of the program may ask for, only the few things that it is
// for leave it.
func TestPermit(t *testing.T) {
	s := stage()
	a := open(t, s, Options{})
	n := s.Numbers()[0].SID
	account := "/2010-04-01/Accounts/" + sandbox.SID
	for _, test := range []struct {
		method, path string
		form         url.Values
		permitted    bool
	}{
		{"POST", account + "/IncomingPhoneNumbers/" + n + ".json", url.Values{"VoiceUrl": {""}}, true},
		{"POST", account + "/IncomingPhoneNumbers/" + n + ".json", url.Values{"AccountSid": {"AC" + strings.Repeat("1", 32)}}, false},
		{"POST", account + "/IncomingPhoneNumbers/" + n + ".json", url.Values{"SmsUrl": {""}}, false},
		{"DELETE", account + "/IncomingPhoneNumbers/" + n + ".json", nil, false},
		{"POST", account + "/IncomingPhoneNumbers.json", url.Values{"PhoneNumber": {"+14155550100"}}, false},
		{"POST", account + "/IncomingPhoneNumbers/Local.json", url.Values{"PhoneNumber": {"+14155550100"}}, false},
		{"POST", account + ".json", url.Values{"Status": {"closed"}}, false},
		{"GET", account + ".json", nil, false},
		{"GET", "/2010-04-01/Accounts/AC" + strings.Repeat("1", 32) + "/Queues.json", nil, false},
		{"GET", account + "/Queues.json", nil, true},
		{"POST", account + "/Messages.json", nil, false},
		{"DELETE", account + "/Queues.json", nil, false},
		{"PUT", account + "/Queues.json", nil, false},
	} {
		op := operation{name: "test", check: func([]byte) error { return nil }}
		response, err := a.client(t.Context(), op).SendRequest(test.method, "https://api.twilio.com"+test.path, test.form, nil)
		if err == nil {
			response.Body.Close()
		}
		if permitted := err == nil; permitted != test.permitted {
			t.Errorf("%s %s %v: got %v", test.method, test.path, test.form, err)
		}
	}
	if got := len(s.Requests()); got != 2 {
		t.Errorf("%d requests left the program", got)
	}
}

// twilio-go's own refusals are errors of ours too.
func TestFailureKeepsWhatHappened(t *testing.T) {
	op := operation{name: "update queue"}
	cause := errors.New("cause")
	for _, err := range []error{cause, &url.Error{Op: "Post", URL: "https://user:" + canary + "@x.example", Err: cause}} {
		if got := op.failure(err); !errors.Is(got, cause) || got.Error() != "update queue: cause" {
			t.Errorf("got %v", got)
		}
	}
	if got := op.failure(&client.TwilioRestError{Message: "x"}); !strings.HasPrefix(got.Error(), "update queue: ") {
		t.Errorf("got %v", got)
	}
	if op.failure(nil) != nil {
		t.Error("no error is no failure")
	}
}
