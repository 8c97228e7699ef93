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
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A Survey says what [Explore] walks.
//
// The answers of the application must depend on nothing but the address and the
// parameters that a decision is made by: Digits, DialCallStatus with DialBridged,
// QueueResult, and From in the first request. A bundle is such an application.
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

// A Law is something that every call must keep.
type Law string

// The laws; [Laws] says what each of them demands.
const (
	Answered  Law = "answered"
	Bounded   Law = "bounded"
	Spoken    Law = "spoken"
	Unhurried Law = "unhurried"
	Audible   Law = "audible"
	Clean     Law = "clean"
	Whole     Law = "whole"
	Described Law = "described"
)

// A Demand is a law and what it demands.
type Demand struct {
	Law  Law
	Text string // a sentence, without capital and full stop
}

// demands are all laws. The first five are those that the compiler proves.
var demands = []Demand{
	{Answered, "every outcome of every decision has an answer that Twilio can obey"},
	{Bounded, "a caller who is silent, and one who presses wrong keys, come to an end in time"},
	{Spoken, "something is said between the caller's last act and the end of the call"},
	{Unhurried, "what goes round takes time"},
	{Audible, "whoever is not answered, or waits too long, hears of it"},
	{Clean, "Twilio has nothing to warn of, and no verb is there in vain"},
	{Whole, "what is served is the bundle"},
	{Described, "numbers and queues are those that the bundle describes"},
}

// Laws lists the laws in a fixed order.
func Laws() []Demand { return slices.Clone(demands) }

// A Report is what [Explore] has found.
type Report struct {
	Numbers    []NumberReport `json:"numbers"` // in the order of the numbers
	States     int            `json:"states"`
	Moves      int            `json:"moves"`
	Documents  int            `json:"documents"`            // that were requested and read, those that are equal counted each
	Unreached  []string       `json:"unreached,omitempty"`  // documents of the bundle that no call comes to, by path
	Violations []Violation    `json:"findings"`             // those about the bundle first, then the shortest calls
	NotWalked  []string       `json:"not_walked,omitempty"` // what the walk did not follow, and why
}

// A NumberReport is about the calls of one number.
type NumberReport struct {
	Number string `json:"number"`
	States int    `json:"states"`

	// Calls counts the ways from the call's beginning to its end. A way that
	// comes back to where it was is not counted again.
	Calls *big.Int `json:"calls"`

	Silent time.Duration `json:"-"` // the longest call of a caller who does nothing
	Wrong  time.Duration `json:"-"` // and of a caller who presses wrong keys
}

// MarshalJSON writes times as seconds, and the count as a string, because it can
// have more digits than a JSON number can keep.
func (r NumberReport) MarshalJSON() ([]byte, error) {
	type plain NumberReport
	return json.Marshal(struct {
		plain
		Calls  string  `json:"calls"`
		Silent float64 `json:"silent"`
		Wrong  float64 `json:"wrong"`
	}{plain(r), r.Calls.String(), r.Silent.Seconds(), r.Wrong.Seconds()})
}

// A Violation is one way in which a law is broken.
type Violation struct {
	Law      Law    `json:"law"`
	Document string `json:"document,omitempty"` // path
	Text     string `json:"text"`               // what is wrong, in a sentence

	// Call is the shortest call that shows it, which ends where it shows. It has
	// no events where no call is needed to see what is wrong.
	Call simulator.Transcript `json:"call,omitzero"`

	// Press is what the caller does, and Callees what the callees do, by address.
	// With them the call takes the same course in [simulator.Run], unless it
	// depends on what Twilio alone can cause, or on an ambiguity: then Playable is
	// false.
	Press    script.Script            `json:"press,omitempty"`
	Callees  map[string]script.Callee `json:"callees,omitempty"`
	Playable bool                     `json:"playable"`
}

// Explore walks every state that calls to any number can come to, and checks the
// laws. Its error is about the survey, or the context's; what is wrong with the
// application is in the report.
func Explore(ctx context.Context, s Survey) (*Report, error) {
	w, err := newWalk(ctx, s)
	if err != nil {
		return nil, err
	}
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

// A walk is Explore at work.
type walk struct {
	Survey
	ctx      context.Context
	session  *fetch.Session
	caller   fetch.Parameters            // what is said of the call in every request
	base     *url.URL                    // what the bundle is served in
	pages    map[string]*page            // by what was requested
	same     map[string]*page            // by what they do
	states   map[position]*state         // by where the call is
	contexts map[contextKey]*callContext // by where they were entered
	open     []*state                    // not visited yet
	order    []*state                    // in which they were found
	starts   []start
	reached  map[string]bool // documents, by path
	found    map[string]bool // violations, so that each is told once
	bundle   *library        // nil if it is not known what is served
	trail    []step          // by which the search for cycles has come to where it is
	report   Report
}

// A start is how a call to a number begins.
type start struct {
	number string
	first  *state
}

func newWalk(ctx context.Context, s Survey) (*walk, error) {
	s.Longest = cmp.Or(s.Longest, simulator.CallLimit)
	s.MaxStates = cmp.Or(s.MaxStates, 1_000_000)
	if s.Bundle != nil {
		s.BaseURL = cmp.Or(s.BaseURL, s.Bundle.Manifest.BaseURL)
		if s.Numbers == nil {
			s.Numbers = simulator.NumbersOf(&s.Bundle.Manifest)
		}
	}
	if len(s.Numbers) == 0 {
		return nil, errors.New("the survey has no number to begin with")
	}
	client, err := fetch.New(fetch.Access{Handler: s.Handler, Transport: s.Transport, BaseURL: s.BaseURL, Hosts: s.Hosts, Timeout: s.Timeout})
	if err != nil {
		return nil, err
	}
	w := &walk{
		Survey: s, ctx: ctx, session: client.Session(), base: client.Base(),
		pages: map[string]*page{}, same: map[string]*page{}, states: map[position]*state{}, contexts: map[contextKey]*callContext{},
		reached: map[string]bool{}, found: map[string]bool{}, report: Report{Violations: []Violation{}},
	}
	if s.Bundle != nil {
		w.bundle = newLibrary(s.Bundle)
	}
	return w, nil
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
		failed := simulator.Event{Leg: simulator.Caller, Kind: simulator.Reports, Text: "ErrorCode=11200"}
		w.move(s, move{by: twilio, text: "something fails", unplayed: true, events: []simulator.Event{failed}}, fallback.With(nil), position{answered: true})
	}
	w.caller.Status, w.caller.From = "in-progress", surveyed
}
