package tester

// Playing. A test's steps are followed in two ways at once. Expectations are met
// by what happens anywhere in the call, which the simulator tells event by event;
// actions are the caller's, who waits until the expectations before them are met:
//
//	steps = [hears("Thank you"), presses("1"), talks_to(user.alice)]
//
//	 0:00  caller  hears "Thank you …"    meets hears, and wakes the caller
//	               the caller waits for the end of the question
//	 0:09  caller  presses 1              presses is done
//	 0:12  caller  talks to alice         meets talks_to; the caller hangs up
//
// When the last step is an expectation and is met, the caller hangs up, so that a
// test walks the way that it describes and no other. After a last action the
// caller stays on the line in silence until the call ends: what must never happen
// could happen then. So does a caller who waits for a step in vain.

import (
	"context"
	"net/http"
	"net/url"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A Site is where calls are answered.
type Site struct {
	Bundle *bundle.Bundle // what should be there

	// Handler answers in this process; where it is nil, requests go out over
	// Transport to BaseURL.
	Handler   http.Handler
	Transport http.RoundTripper
	BaseURL   string

	Elsewhere func(*url.URL) http.RoundTripper // who answers where the team's own applications are; nil to play them

	AccountSID, AuthToken string // of the requests, where they are not empty

	Outcomes map[string][]string // of verbs that are not simulated, as in a scenario

	Ambiguities []simulator.Ambiguity // for which the other assumption is made
}

// Scenario returns a scenario with the site's numbers and queues, in which nobody
// calls yet.
func (s Site) Scenario() simulator.Scenario {
	m := &s.Bundle.Manifest
	return simulator.Scenario{
		Handler: s.Handler, Transport: s.Transport, BaseURL: s.BaseURL, AccountSID: s.AccountSID, AuthToken: s.AuthToken, Seed: 1, Ambiguities: s.Ambiguities,
		Elsewhere: s.Elsewhere, Outcomes: s.Outcomes, Secret: newFlow(s.Bundle).secret(),
		Numbers: simulator.NumbersOf(m), Queues: simulator.QueuesOf(m), People: map[string]simulator.Person{},
	}
}

// Base returns what the paths of the site's documents begin with: "/", or more if
// the base URL has a path.
func (s Site) Base() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return "/"
	}
	return strings.TrimSuffix(u.Path, "/") + "/"
}

// A TestResult is the result of one test.
type TestResult struct {
	Test  calltest.Test
	Calls []Outcome // that of the test, then those meanwhile

	base string
}

// Passed reports whether every call went as the test says.
func (r TestResult) Passed() bool { return r.Failed() == nil }

// Failed returns the first call that did not go as the test says, nil if all did.
func (r TestResult) Failed() *Outcome {
	for i := range r.Calls {
		if r.Calls[i].Failure != nil {
			return &r.Calls[i]
		}
	}
	return nil
}

// An Outcome is the result of one call.
type Outcome struct {
	Call       calltest.Caller
	Transcript simulator.Transcript
	Failure    *Failure // nil if it went as the test says
}

// Run plays tests, several at once, and returns their results in the order of
// the tests.
func (s Site) Run(ctx context.Context, tests []calltest.Test) ([]TestResult, error) {
	f := newFlow(s.Bundle)
	results := make([]TestResult, len(tests))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range tests {
		group.Go(func() (err error) {
			results[i], err = s.play(ctx, f, t)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

// play plays one test.
func (s Site) play(ctx context.Context, f *flow, t calltest.Test) (TestResult, error) {
	scenario := s.Scenario()
	scenario.Start = t.Start
	for address, callee := range t.Callees {
		scenario.People[address] = simulator.Respond(callee)
	}
	for _, w := range t.Waiting {
		scenario.Fill(w, t.Caller.To)
	}
	scenario.Applications = t.Applications
	first := len(scenario.Calls)
	var players []*player
	for _, c := range append([]calltest.Caller{t.Caller}, t.Others...) {
		p := &player{call: c, timed: !t.Start.IsZero(), tracker: tracker{flow: f, base: s.Base()}}
		players = append(players, p)
		if c.Withheld {
			c.From = simulator.Withheld
		}
		scenario.Calls = append(scenario.Calls, simulator.Call{From: c.From, To: c.To, At: c.At, Sixteenth: c.Sixteenth, Fails: c.Fails, Person: p.act})
	}
	scenario.Watch = func(call int, e simulator.Event) {
		if call >= first {
			players[call-first].observe(e)
		}
	}
	transcripts, err := simulator.Run(ctx, scenario)
	if err != nil {
		return TestResult{}, err
	}
	r := TestResult{Test: t, base: s.Base()}
	for i, p := range players {
		transcript := transcripts[first+i]
		r.Calls = append(r.Calls, Outcome{p.call, transcript, p.judge(transcript)})
	}
	return r, nil
}
