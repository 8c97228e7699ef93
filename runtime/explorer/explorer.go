// Package explorer walks through every call that a phone application can have, and
// checks that all of them keep its laws.
//
// There are too many calls to play them one by one: a clinic with five levels of
// nine keys has more of them than anybody can count. But they meet in the same documents, and what can follow depends on the
// document, on the verb in it, and on a few facts about the call. These together
// are a state. Explore visits every state once:
//
//	state                                    moves
//	/answer.xml, Gather                      1 ─▶ /sales.xml   2 ─▶ /hours.xml   silence ─▶ its next verb
//	/sales.xml, Dial                         somebody answers ─▶ …   busy ─▶ …   no answer ─▶ …
//	/hours.xml, to its end                   the call is over
//
// A move is one outcome of one decision: each key, silence, each way in which a
// Dial, a queue or a recording can end, also those that only Twilio itself can
// cause. Where its documentation is silent, both possibilities are moves. A
// document is requested once for each different answer, with the parameters that
// Twilio sends, and is read by the same decoder as in a call.
//
// The laws are then properties of the states and moves: an end that is reached
// in silence, a cycle of moves in which no caller takes part, a document that
// Twilio refuses. The first way to come to a state is the shortest, so the
// counter-example of every violation is the shortest call that shows it.
//
// The package knows TwiML, what Twilio does, and what a bundle lists. It does not
// know how documents are made.
package explorer

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A Survey says what [Explore] walks.
//
// The answers of the application must depend on nothing but the address and the
// parameters that a decision is made by: Digits, DialCallStatus with DialBridged,
// QueueResult, and From in the first request. A bundle is such an application; it may
// ask for From in other requests, too.
type Survey struct {
	// Handler, Transport, BaseURL, Hosts and Timeout are those of a
	// [simulator.Scenario].
	Handler   http.Handler
	Transport http.RoundTripper
	BaseURL   string
	Hosts     []string
	Timeout   time.Duration

	// Bundle, if not nil, is what is served. Then every file must be served as
	// its manifest says, every decision answered by its rule, and every number
	// and queue must be one that the bundle describes.
	Bundle *bundle.Bundle

	Numbers map[string]simulator.Webhooks // by E.164 number; default: those of the bundle

	Longest   time.Duration // how long the call of a worst-case caller may last; default four hours, at which Twilio ends it
	MaxStates int           // after which the walk gives up; default one million
}

// Explore walks every state that calls to any number can come to, and checks the
// laws. Its error is about the survey, or the context's; what is wrong with the
// application is in the report.
//
// What an HTTP redirect does to parameters and to relative links is open, and holds
// for all documents alike. So where there is one, the walk is made a second time under
// the other reading, and what only that one finds comes last in the report. So it is
// with the star key in a query, which a bundle is asked for in both spellings anyway.
func Explore(ctx context.Context, s Survey) (*Report, error) {
	w, err := newWalk(ctx, s, false)
	if err != nil {
		return nil, err
	}
	report, err := w.walk()
	if err != nil || !w.redirected && (!w.starred || s.Bundle != nil) {
		return report, err
	}
	if w, err = newWalk(ctx, s, true); err != nil {
		return nil, err
	}
	other, err := w.walk()
	if err != nil {
		return nil, err
	}
	report.add(other.Violations)
	return report, nil
}

// walk visits every state and checks the laws.
func (w *walk) walk() (*Report, error) {
	ctx := w.ctx
	w.checkWhole()
	w.checkNumbers()
	if err := w.begin(); err != nil {
		return nil, err
	}
	for len(w.open) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(w.states) > w.MaxStates {
			return nil, fmt.Errorf("the walk has come to %d states and goes on; an application that answers every request in its own way cannot be walked", w.MaxStates)
		}
		next := w.open[0]
		w.open = w.open[1:]
		w.visit(next)
	}
	w.checkVerbs()
	w.sum()
	return &w.report, nil
}

// surveyed is who calls in a walk.
const surveyed = "+14155550199"

// begin calls every number, from a number that is shown and from one that is
// withheld, and asks for its fallback.
func (w *walk) begin() error {
	for _, number := range slices.Sorted(maps.Keys(w.Numbers)) {
		n := w.Numbers[number]
		first, err := w.session.Configured(n.VoiceURL, n.VoiceMethod)
		if err != nil {
			return fmt.Errorf("the voice URL of %s: %w", number, err)
		}
		var fallback *fetch.Request
		if n.FallbackURL != "" {
			if fallback, err = w.session.Configured(n.FallbackURL, n.FallbackMethod); err != nil {
				return fmt.Errorf("the fallback URL of %s: %w", number, err)
			}
			w.fallbacks = append(w.fallbacks, fallback)
		}
		for _, from := range []string{surveyed, simulator.Withheld} {
			w.start(number, from, first, fallback)
		}
	}
	return nil
}

// start begins one call, at a state of its own from which the first document is
// requested.
func (w *walk) start(number, from string, first, fallback *fetch.Request) {
	s := w.enter(nil, -1, position{number: number, shown: from})
	s.visited = true
	w.open = w.open[:len(w.open)-1]
	s.said = []simulator.Event{{Leg: simulator.Caller, Kind: simulator.Calls, Text: number}}
	w.starts = append(w.starts, start{number, s})
	w.caller = fetch.Parameters{AccountSID: simulator.SID(0, "AC"), Status: "ringing", Direction: "inbound", From: from, To: number}
	w.move(s, move{by: nobody, text: "calls"}, first, position{})
	if fallback != nil {
		w.failed(s, move{by: twilio}, position{answered: true}, fallback, "something fails", first.Place())
	}
	w.caller.Status, w.caller.From = "in-progress", surveyed
}
