package twilio

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

func TestCall(t *testing.T) {
	for _, test := range []struct{ user, record, dial string }{
		{"+14155550177", "", `<Dial callerId="+14155550100">`},
		{"client:bob", "record-from-answer-dual", `<Dial callerId="+14155550100" record="record-from-answer-dual">`},
		{"sip:carol@zillum.example", "do-not-record", `<Dial callerId="+14155550100" record="do-not-record">`},
	} {
		s := newSandbox("+14155550100")
		a := open(t, s, Options{})
		sid, err := a.Call(t.Context(), "bob", OutboundCall{User: test.user, CallerID: "+14155550100", Number: "+14155550123", Record: test.record})
		if err != nil {
			t.Fatal(err)
		}
		want := sandbox.EmulatedCall{SID: sid, To: test.user, From: "+14155550100", Twiml: `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  ` + test.dial + `
    <Number>+14155550123</Number>
  </Dial>
</Response>
`}
		got := s.Calls()[0]
		want.Created = got.Created
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// What cannot work is refused before anything is asked, without repeating it.
func TestCallRefuses(t *testing.T) {
	good := OutboundCall{User: agent, CallerID: "+14155550100", Number: "+14155550123"}
	tests := map[string]struct {
		change func(*OutboundCall)
		err    string
	}{
		"user":      {func(c *OutboundCall) { c.User = "4155550177" }, "the user's address"},
		"client":    {func(c *OutboundCall) { c.User = "client:" }, "the user's address"},
		"caller ID": {func(c *OutboundCall) { c.CallerID = "client:bob" }, "outbound number"},
		"number":    {func(c *OutboundCall) { c.Number = "0415" }, "the number to call"},
		"injection": {func(c *OutboundCall) { c.Number = "+1</Number>" }, "the number to call"},
		"record":    {func(c *OutboundCall) { c.Record = "true" }, "not a way to record"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSandbox("+14155550100")
			c := good
			test.change(&c)
			_, err := open(t, s, Options{}).Call(t.Context(), "alice", c)
			if err == nil || !strings.HasPrefix(err.Error(), "call for alice: ") || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), agent) {
				t.Errorf("got %v", err)
			}
			if len(s.Requests()) != 0 {
				t.Error("something was asked")
			}
		})
	}
}

// Twilio's refusal of a caller ID repeats no number of a person.
func TestCallWithACallerIDOfSomebodyElse(t *testing.T) {
	s := newSandbox("+14155550100")
	_, err := open(t, s, Options{}).Call(t.Context(), "alice", OutboundCall{User: agent, CallerID: "+14155550199", Number: "+14155550123"})
	if failed := checkError(t, err); failed.Code != 21210 || failed.Unknown || failed.Advice != advice[21210] {
		t.Errorf("got %v", err)
	}
}

// Nor does an error that repeats the address of a user.
func TestCallHidesTheUser(t *testing.T) {
	for _, user := range []string{agent, "client:bob", "sip:carol@zillum.example"} {
		s := newSandbox("+14155550100")
		s.Fault = always(sandbox.RequestFault{Undone: true, Status: 400, Reply: func([]byte) []byte {
			return []byte(`{"code":21211,"message":"` + user + ` (` + bare(user) + `) is not valid","status":400}`)
		}})
		_, err := open(t, s, Options{}).Call(t.Context(), "alice", OutboundCall{User: user, CallerID: "+14155550100", Number: "+14155550123"})
		if checkError(t, err); strings.Contains(err.Error(), "bob") || strings.Contains(err.Error(), "carol") || !strings.Contains(err.Error(), "is not valid") {
			t.Errorf("got %v", err)
		}
	}
}
