package twilio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// firstOnly is a fault of the first request.
func firstOnly(f sandbox.RequestFault) func(int, *http.Request) sandbox.RequestFault {
	return func(index int, _ *http.Request) sandbox.RequestFault {
		if index == 0 {
			return f
		}
		return sandbox.RequestFault{}
	}
}

// always is a fault of every request.
func always(f sandbox.RequestFault) func(int, *http.Request) sandbox.RequestFault {
	return func(int, *http.Request) sandbox.RequestFault { return f }
}

// reply is a fault that carries the request out and answers something else.
func reply(status int, body string) sandbox.RequestFault {
	return sandbox.RequestFault{Status: status, Reply: func([]byte) []byte { return []byte(body) }}
}

// badReplies are what may come instead of a reply. Each shows the canary where
// whoever is on the way may echo it.
var badReplies = map[string]sandbox.RequestFault{
	"500":              sandbox.Fail(500),
	"502":              sandbox.Fail(502),
	"503":              sandbox.Fail(503),
	"504 HTML":         sandbox.Page(504),
	"200 HTML":         reply(200, "<html>"+canary+"</html>"),
	"500 HTML":         reply(500, "<html>"+canary+"</html>"),
	"200 empty":        sandbox.Empty(),
	"200 half":         sandbox.Truncate(),
	"200 broken":       sandbox.Break(),
	"200 null":         reply(200, "null"),
	"200 number":       reply(200, "42"),
	"200 {}":           reply(200, "{}"),
	"200 []":           reply(200, "[]"),
	"200 other":        reply(200, `{"sid":"XX00"}`),
	"200 wrong types":  reply(200, `{"sid":{},"queues":7,"incoming_phone_numbers":"`+canary+`"}`),
	"200 not UTF-8":    reply(200, "{\"sid\":\"\xff\xfe"),
	"200 two values":   reply(200, `{}{}`),
	"408":              sandbox.Fail(408),
	"lost":             sandbox.Lose(),
	"reset":            sandbox.Reset(),
	"no answer":        sandbox.Hang(),
	"500 echo":         reply(500, `{"code":20500,"message":"`+canary+` `+agent+`"}`),
	"slow beyond 10 s": {Delay: 11 * time.Second},
}

// refusals are replies that trying again does not change.
var refusals = map[string]sandbox.RequestFault{
	"400 echo": {Undone: true, Status: 400, Reply: func([]byte) []byte {
		return []byte(`{"code":21211,"message":"` + canary + ` ` + agent + `","status":400}`)
	}},
	"401":          sandbox.Fail(401),
	"403":          sandbox.Fail(403),
	"404":          {Undone: true, Status: 404, Reply: func([]byte) []byte { return []byte("not found") }},
	"407 by proxy": {Undone: true, Status: 407, Reply: func([]byte) []byte { return []byte("<html>" + canary) }},
	"302":          {Undone: true, Status: 302, Reply: func([]byte) []byte { return []byte("<a href=https://elsewhere.example>") }},
}

// operations are all that can be asked of an account with one number and one
// queue.
var operations = map[string]struct {
	once bool // is not repeated if it may have been carried out
	run  func(context.Context, *Client, *sandbox.Account) error
}{
	"read": {false, func(ctx context.Context, a *Client, _ *sandbox.Account) error { _, err := a.Read(ctx); return err }},
	"update number": {false, func(ctx context.Context, a *Client, s *sandbox.Account) error {
		n := PhoneNumber{SID: s.Numbers()[0].SID}
		return a.UpdateNumber(ctx, "main", n, pointed(n, "r1"))
	}},
	"confirm number": {false, func(ctx context.Context, a *Client, s *sandbox.Account) error {
		return a.Confirm(ctx, "main", PhoneNumber{SID: s.Numbers()[0].SID, VoiceURL: "https://demo.twilio.com/welcome/voice/"})
	}},
	"update queue": {false, func(ctx context.Context, a *Client, s *sandbox.Account) error {
		return a.UpdateQueue(ctx, s.Queues()[0].SID, "zillum/sales", 20)
	}},
	"delete queue": {false, func(ctx context.Context, a *Client, s *sandbox.Account) error {
		return a.DeleteQueue(ctx, s.Queues()[0].SID, "zillum/sales")
	}},
	"create queue": {true, func(ctx context.Context, a *Client, _ *sandbox.Account) error {
		return a.CreateQueue(ctx, "zillum/support", 10)
	}},
	"call": {true, func(ctx context.Context, a *Client, _ *sandbox.Account) error {
		_, err := a.Call(ctx, "alice", OutboundCall{User: agent, CallerID: "+14155550100", Number: "+14155550123"})
		return err
	}},
}

// stage is an account with one number and one queue.
func stage() *sandbox.Account {
	s := newSandbox("+14155550100")
	s.Wait("zillum/sales", 0)
	return s
}

// checkError holds an error to what every error must be.
func checkError(t *testing.T, err error) *APIError {
	t.Helper()
	var failed *APIError
	if !errors.As(err, &failed) {
		t.Fatalf("got %T: %v, want an APIError", err, err)
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", failed)} {
		if strings.Contains(text, canary) || strings.Contains(text, strings.TrimPrefix(agent, "+")) || strings.Contains(text, "4155550123") {
			t.Errorf("the error tells a secret: %s", text)
		}
	}
	if failed.Op == "" || failed.Reason == "" || failed.Advice == "" {
		t.Errorf("the error does not say everything: %#v", failed)
	}
	return failed
}

// One bad reply is survived by all that may be repeated, and does no harm.
func TestOneBadReply(t *testing.T) {
	for fault, f := range badReplies {
		for name, op := range operations {
			t.Run(name+", "+fault, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := stage()
					s.Fault = firstOnly(f)
					err := op.run(t.Context(), open(t, s, Options{}), s)
					switch {
					case err == nil && name == "call":
						t.Error("a call whose reply is damaged was taken for placed")
					case err != nil && !op.once:
						t.Errorf("got %v", err)
					case err != nil && !checkError(t, err).Unknown:
						t.Errorf("it is not known whether it was done: %v", err)
					}
					if len(s.Calls()) > 1 || len(s.Queues()) > 2 {
						t.Errorf("%d calls and %d queues", len(s.Calls()), len(s.Queues()))
					}
				})
			})
		}
	}
}

// Nothing but bad replies ends in an error that says what was asked, within the
// time that an operation has.
func TestOnlyBadReplies(t *testing.T) {
	for fault, f := range badReplies {
		for name, op := range operations {
			t.Run(name+", "+fault, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := stage()
					s.Fault = always(f)
					start := time.Now()
					err := op.run(t.Context(), open(t, s, Options{}), s)
					if err == nil && bodiless(name, f) {
						return
					}
					failed := checkError(t, err)
					if write := name != "read" && name != "confirm number"; failed.Unknown != write {
						t.Errorf("unknown is %v: %v", failed.Unknown, err)
					}
					if took := time.Since(start); took > 5*time.Minute {
						t.Errorf("took %v", took)
					}
					if len(s.Calls()) > 1 || len(s.Queues()) > 2 {
						t.Errorf("%d calls and %d queues", len(s.Calls()), len(s.Queues()))
					}
				})
			})
		}
	}
}

// bodiless reports whether a fault of the reply's body meets a reply that has
// none: that of a delete.
func bodiless(op string, f sandbox.RequestFault) bool {
	return op == "delete queue" && f.Status == 0 && (f.Reply != nil || f.Broken)
}

// What Twilio refuses is not asked again.
func TestRefusalsAreFinal(t *testing.T) {
	for fault, f := range refusals {
		for name, op := range operations {
			t.Run(name+", "+fault, func(t *testing.T) {
				s := stage()
				s.Fault = always(f)
				failed := checkError(t, op.run(t.Context(), open(t, s, Options{}), s))
				if failed.Tries != 1 || failed.Unknown || failed.Status != f.Status {
					t.Errorf("got %#v", failed)
				}
				if got := len(writes(s)); got != 0 {
					t.Errorf("%d writes", got)
				}
			})
		}
	}
}

// What is in doubt stays so: that a second try is refused says nothing of the
// first.
func TestDoubtStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stage()
		s.Fault = func(index int, _ *http.Request) sandbox.RequestFault {
			return []sandbox.RequestFault{sandbox.Lose(), sandbox.Fail(400)}[index]
		}
		failed := checkError(t, operations["update queue"].run(t.Context(), open(t, s, Options{}), s))
		if !failed.Unknown || failed.Tries != 2 || !strings.Contains(failed.Error(), "may have done it") {
			t.Errorf("got %v", failed)
		}
	})
}

// A host to which there is no connection got nothing: even a call may be asked
// for again.
func TestNoConnection(t *testing.T) {
	for name, op := range operations {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := stage()
				failures := 2
				a := open(t, s, Options{Parallel: 1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					if failures--; failures >= 0 {
						return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route to " + canary)}
					}
					return s.RoundTrip(r)
				})})
				if err := op.run(t.Context(), a, s); err != nil {
					t.Error(err)
				}
				s.Wait("zillum/sales", 0) // is there again
				failures = 1000
				if failed := checkError(t, op.run(t.Context(), a, s)); failed.Unknown || failed.Tries != maxTries {
					t.Errorf("got %#v", failed)
				}
			})
		})
	}
}

// A roundTrip is a function that carries requests.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An operation that is stopped ends at once, wherever it is, and says so.
func TestStopped(t *testing.T) {
	for fault, f := range map[string]sandbox.RequestFault{
		"in flight": sandbox.Hang(), "in a pause": sandbox.Refuse("60"), "between tries": sandbox.Fail(503),
	} {
		for name, op := range operations {
			t.Run(name+", "+fault, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := stage()
					s.Fault = always(f)
					most := func(d time.Duration) time.Duration { return d }
					a := open(t, s, Options{Jitter: most})
					ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
					defer cancel()
					start := time.Now()
					err := op.run(ctx, a, s)
					if op.once && fault == "between tries" {
						checkError(t, err) // it was not tried again
						return
					}
					checkError(t, err)
					if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 300*time.Millisecond {
						t.Errorf("after %v got %v", time.Since(start), err)
					}
				})
			})
		}
	}
}

// Over a network: no goroutine is left, and nothing is carried out twice.
func TestNothingIsLeftBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for fault, f := range badReplies {
		if f.Delay > 0 {
			continue
		}
		for name, op := range operations {
			s := stage()
			s.Fault = always(f)
			server := httptest.NewUnstartedServer(s)
			server.Config.ErrorLog = nil
			server.Start()
			a := open(t, s, clocked(Options{Endpoint: server.URL, Timeout: 50 * time.Millisecond}))
			if err := op.run(t.Context(), a, s); err == nil && !bodiless(name, f) {
				t.Errorf("%s, %s: succeeded", name, fault)
			}
			a.Close()
			server.Close()
		}
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); runtime.Gosched() {
		if runtime.NumGoroutine() <= before {
			return // those that were ending have ended
		}
	}
	buffer := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), buffer[:runtime.Stack(buffer, true)])
}
