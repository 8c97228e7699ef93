package router_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/router"
)

// Tokens are rotated while the server runs: the new one beside the old one, then
// the new one alone.
func TestTokensAreRenewed(t *testing.T) {
	current := []string{"old"}
	h, err := router.Signature{PublicURL: "https://ivr.example", Renewed: func() []string { return current }}.Require(passed)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		tokens         []string
		oldOne, newOne int
	}{
		{[]string{"old"}, 200, 403},
		{[]string{"old", "new"}, 200, 200},
		{[]string{"new"}, 403, 200},
		{[]string{""}, 403, 403},
		{nil, 403, 403},
	} {
		current = step.tokens
		for token, want := range map[string]int{"old": step.oldOne, "new": step.newOne, "": 403} {
			if got := ask(h, "GET", "/menu?Digits=1", "X-Twilio-Signature", router.Sign(token, "https://ivr.example/menu?Digits=1")).Code; got != want {
				t.Errorf("the tokens are %q: signed with %q, status %d, want %d", step.tokens, token, got, want)
			}
		}
	}
	if _, err := (router.Signature{Renewed: func() []string { return nil }}).Require(passed); err == nil {
		t.Error("a server without any token is made")
	}
}

// A request that is refused costs what one costs that is accepted, whatever is
// wrong with it: as many signatures are computed. The memory that they take shows
// how many there were, and unlike the time it is always the same.
func TestRefusalsCostTheSame(t *testing.T) {
	const address = "https://ivr.example/menu.main-x/digits-1~1.2.3?CallSid=CA1&Digits=2"
	v, err := router.Signature{Tokens: []string{token, "second"}, PublicURL: "https://ivr.example"}.Require(nothing{})
	if err != nil {
		t.Fatal(err)
	}
	good := router.Sign(token, address)
	costs := map[string]float64{}
	for name, headers := range map[string][]string{
		"right, first token":    {good},
		"right, second token":   {router.Sign("second", address)},
		"right, other port":     {router.Sign(token, strings.Replace(address, ".example", ".example:443", 1))},
		"none":                  nil,
		"empty":                 {""},
		"twice":                 {good, good},
		"wrong at the start":    {"A" + good[1:]},
		"wrong at the end":      {good[:len(good)-2] + "A="},
		"of another request":    {router.Sign(token, address+"&Digits=3")},
		"half":                  {good[:10]},
		"long":                  {strings.Repeat(good, 100)},
		"of a replay elsewhere": {router.Sign(token, "https://ivr.example/menu.main-x/digits-2?CallSid=CA1&Digits=2")},
	} {
		r := httptest.NewRequest("GET", address, nil)
		r.Header["X-Twilio-Signature"] = headers
		if refused := v.Reply(r).Refusal != router.None; refused == strings.HasPrefix(name, "right") {
			t.Errorf("%s: refused is %t", name, refused)
		}
		costs[name] = testing.AllocsPerRun(50, func() { v.Reply(r) })
	}
	for name, cost := range costs {
		if want := costs["right, first token"]; cost != want {
			t.Errorf("%s: %v allocations, and %v for a right one", name, cost, want)
		}
	}
}

// nothing answers with nothing.
type nothing struct{}

func (nothing) Reply(*http.Request) router.Reply { return router.Reply{Status: http.StatusOK} }

// A request that was overheard can be sent again, and gets the document that it
// got before: what Twilio signed is the same when a caller presses the same key
// once more. It gets nothing else: not with another key, nor at another address,
// nor with a parameter more.
func TestAReplayChangesNothing(t *testing.T) {
	h, err := router.Signature{Tokens: []string{token}, PublicURL: "https://ivr.example"}.Require(router.New(sampleBundle(t)))
	if err != nil {
		t.Fatal(err)
	}
	const target = "/menu.main-b/digits-1~1.2.3?CallSid=CA1&Digits=2"
	overheard := router.Sign(token, "https://ivr.example"+target)
	first := ask(h, "GET", target, "X-Twilio-Signature", overheard)
	for range 100 {
		again := ask(h, "GET", target, "X-Twilio-Signature", overheard)
		if again.Code != 200 || again.Body.String() != first.Body.String() || again.Body.String() != "menu.main-b/digits-1.2.xml" {
			t.Fatalf("the replay is answered with %d %s", again.Code, again.Body)
		}
	}
	for _, other := range []string{
		"/menu.main-b/digits-1~1.2.3?CallSid=CA1&Digits=3", "/menu.main-b/digits-2?CallSid=CA1&Digits=2",
		"/menu.main-b/digits-1~1.2.3?CallSid=CA2&Digits=2", "/menu.main-b/menu-1.xml?CallSid=CA1&Digits=2",
		target + "&Digits=3", target + "&Digits=2", target + "&", target + "#rc=2", "//menu.main-b/digits-1~1.2.3?CallSid=CA1&Digits=2",
		"/menu.main-b/digits-1~1.2.3?Digits=3&CallSid=CA1&Digits=2", "/menu.main-b/./digits-1~1.2.3?CallSid=CA1&Digits=2",
	} {
		if got := ask(h, "GET", other, "X-Twilio-Signature", overheard).Code; got != 403 {
			t.Errorf("%s: status %d", other, got)
		}
	}
	w := post(h, target, "application/x-www-form-urlencoded", strings.NewReader("Digits=3"), overheard)
	if w.Code != 403 {
		t.Errorf("with a form: status %d", w.Code)
	}
}
