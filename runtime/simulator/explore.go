package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Walking everything.
//
// The calls that a phone application can have are too many to be played one by
// one: a clinic with five levels of nine keys has more of them than anybody can
// count. But they meet in the same documents, and what can follow depends on the
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
// cause. Where its documentation is silent, both readings are moves. A document
// is requested once for each different answer, with the parameters that Twilio
// sends, and is read by the same decoder as in a call.
//
// The laws are then properties of the states and moves: an end that is reached
// in silence, a circle of moves in which no caller takes part, a document that
// Twilio refuses. The first way to come to a state is the shortest, so every
// finding is told as the shortest call that shows it.

// A Survey says what [Explore] walks.
//
// It takes an application for one whose answers depend on nothing but the
// address and the parameters that tell how a decision was made: Digits,
// DialCallStatus with DialBridged, QueueResult, and From in the first request.
// That is what a bundle is.
type Survey struct {
	// Handler, Transport, BaseURL, Hosts and Timeout are those of a [Scenario].
	Handler   http.Handler
	Transport http.RoundTripper
	BaseURL   string
	Hosts     []string
	Timeout   time.Duration

	// Bundle, if not nil, is what is served. Then every file must be served as
	// its manifest says, every decision answered by its rule, and every document
	// must do what the descriptions of the components say.
	Bundle *bundle.Bundle

	Numbers map[string]Number // by E.164 number; default: those of the bundle

	Longest   time.Duration // that a call may last of which the caller takes no part; default four hours, at which Twilio ends it
	MaxStates int           // before the walk is given up; default one million
}

// A Law is what every call is held to.
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
	{Described, "documents do what the bundle says that they do"},
}

// Laws lists the laws in a fixed order.
func Laws() []Demand { return slices.Clone(demands) }

// A Report is what [Explore] has found.
type Report struct {
	Numbers   []NumberReport `json:"numbers"` // in the order of the numbers
	States    int            `json:"states"`
	Moves     int            `json:"moves"`
	Documents int            `json:"documents"`            // that were requested and read, those that are equal counted each
	Unreached []string       `json:"unreached,omitempty"`  // documents of the bundle that no call comes to, by path
	Findings  []Finding      `json:"findings"`             // those about the bundle first, then the shortest calls
	NotWalked []string       `json:"not_walked,omitempty"` // what the walk did not follow, and why
}

// A NumberReport is about the calls of one number.
type NumberReport struct {
	Number string `json:"number"`
	States int    `json:"states"`

	// Calls counts the ways from the call's beginning to its end. A way that
	// comes back to where it was is not counted again.
	Calls *big.Int `json:"calls"`

	Silent time.Duration `json:"-"` // the longest call of somebody who does nothing
	Wrong  time.Duration `json:"-"` // and of somebody who presses wrong keys
}

// MarshalJSON writes times as seconds, and the count as a text, because it can
// have more digits than programs read into a number.
func (r NumberReport) MarshalJSON() ([]byte, error) {
	type plain NumberReport
	return json.Marshal(struct {
		plain
		Calls  string  `json:"calls"`
		Silent float64 `json:"silent"`
		Wrong  float64 `json:"wrong"`
	}{plain(r), r.Calls.String(), r.Silent.Seconds(), r.Wrong.Seconds()})
}

// A Finding is one way in which a law is broken.
type Finding struct {
	Law      Law    `json:"law"`
	Document string `json:"document,omitempty"` // path
	Text     string `json:"text"`               // what is wrong, in a sentence

	// Call is the shortest call that shows it, which ends where it shows. It has
	// no events where no call is needed to see what is wrong.
	Call Transcript `json:"call"`

	// Press is what the caller does, as [ParseScript] reads it, and Callees what
	// those do who are rung, as [ParseCallee] reads it, by address. With them the
	// call takes the same course in [Run], unless it depends on what Twilio alone
	// can cause, or on a reading: then Playable is false.
	Press    string            `json:"press,omitempty"`
	Callees  map[string]string `json:"callees,omitempty"`
	Playable bool              `json:"playable"`
}

// Explore walks every state that calls can come to, from every number, and
// holds them to the laws. Its error is about the survey, or the context's; what
// is wrong with the application is in the report.
func Explore(ctx context.Context, s Survey) (*Report, error) {
	w, err := newWalk(ctx, s)
	if err != nil {
		return nil, err
	}
	w.checkWhole()
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
	w.checkDescriptions()
	w.sum()
	return &w.report, nil
}

// A walk is Explore at work.
type walk struct {
	Survey
	x       *exchange
	probe   *leg // makes the requests
	base    string
	pages   map[string]*page    // by what was requested
	same    map[string]*page    // by what they do
	at      map[string]*page    // by path
	states  map[spot]*state     // by where the call is
	frames  map[occasion]*frame // by where it was entered
	open    []*state            // not visited yet
	order   []*state            // in which they were found
	starts  []start
	reached map[string]bool // documents, by path
	found   map[string]bool // findings, so that each is told once
	files   *library        // the bundle's, if there is one
	trail   []step          // by which the search for circles has come to where it is
	report  Report
}

// A start is how a call to a number begins.
type start struct {
	number string
	first  *state
}

func newWalk(ctx context.Context, s Survey) (*walk, error) {
	s.Longest = cmp.Or(s.Longest, callLimit)
	s.MaxStates = cmp.Or(s.MaxStates, 1_000_000)
	if s.Bundle != nil {
		s.BaseURL = cmp.Or(s.BaseURL, s.Bundle.Manifest.BaseURL)
		if s.Numbers == nil {
			s.Numbers = numbersOf(&s.Bundle.Manifest)
		}
	}
	if len(s.Numbers) == 0 {
		return nil, errors.New("the survey has no number to begin with")
	}
	x, err := newExchange(ctx, Scenario{
		Handler: s.Handler, Transport: s.Transport, BaseURL: s.BaseURL, Hosts: s.Hosts, Timeout: s.Timeout, Numbers: s.Numbers,
	})
	if err != nil {
		return nil, err
	}
	w := &walk{
		Survey: s, x: x, base: x.base.String(),
		pages: map[string]*page{}, same: map[string]*page{}, at: map[string]*page{}, states: map[spot]*state{}, frames: map[occasion]*frame{},
		reached: map[string]bool{}, found: map[string]bool{},
	}
	if s.Bundle != nil {
		w.files = newLibrary(s.Bundle, x.read)
	}
	c := &call{x: x, warned: map[string]bool{}, answered: true}
	w.probe = &leg{x: x, call: c, name: Caller, status: "in-progress"}
	w.probe.phone = &Phone{leg: w.probe}
	c.line = w.probe
	return w, nil
}

// numbersOf is the numbers of a manifest, as they are set at Twilio.
func numbersOf(m *bundle.Manifest) map[string]Number {
	numbers := map[string]Number{}
	for _, n := range m.Numbers {
		numbers[n.PhoneNumber] = Number{
			VoiceURL: n.Answer, VoiceMethod: "GET",
			FallbackURL: cmp.Or(n.Fallback, m.Fallback), FallbackMethod: "GET",
		}
	}
	return numbers
}

// surveyed is who calls in a walk.
const surveyed = "+14155550199"

// begin calls every number, from a number that is shown and from one that is
// withheld, and asks for its fallback.
func (w *walk) begin() error {
	for _, number := range slices.Sorted(maps.Keys(w.Numbers)) {
		n := w.Numbers[number]
		first, err := w.x.configured(n.VoiceURL, n.VoiceMethod)
		if err != nil {
			return fmt.Errorf("the voice URL of %s: %w", number, err)
		}
		var fallback *request
		if n.FallbackURL != "" {
			if fallback, err = w.x.configured(n.FallbackURL, n.FallbackMethod); err != nil {
				return fmt.Errorf("the fallback URL of %s: %w", number, err)
			}
		}
		for _, from := range []string{surveyed, Withheld} {
			w.start(number, from, first, fallback)
		}
	}
	return nil
}

// start begins one call, at a state of its own from which the first document is
// requested.
func (w *walk) start(number, from string, first, fallback *request) {
	s := w.enter(nil, -1, spot{number: number, shown: from})
	s.visited = true
	w.open = w.open[:len(w.open)-1]
	s.fallback = fallback
	s.said = []Event{{Leg: Caller, Kind: Calls, Text: number}}
	w.starts = append(w.starts, start{number, s})
	w.probe.status, w.probe.from, w.probe.to, w.probe.address = "ringing", from, number, from
	w.move(s, move{by: nobody, text: "calls"}, first, spot{})
	if fallback != nil {
		w.move(s, move{by: twilio, text: "something fails", unplayed: true, events: []Event{{Leg: Caller, Kind: Reports, Text: "ErrorCode=11200"}}}, fallback.with(nil), spot{answered: true})
	}
	w.probe.status, w.probe.from, w.probe.address = "in-progress", surveyed, surveyed
}
