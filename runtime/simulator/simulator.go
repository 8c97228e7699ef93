package simulator

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A Scenario is everything that a run depends on.
type Scenario struct {
	// Handler answers requests in this process. Where it is nil, they go out
	// over Transport, and where that is nil too, over Go's default transport.
	Handler   http.Handler
	Transport http.RoundTripper

	// BaseURL is the folder that the addresses in Numbers refer to. Documents are
	// requested from its host and from Hosts; a call that continues at any other
	// host ends with [Elsewhere]. Default: https://simulated.example/
	BaseURL string
	Hosts   []string

	AccountSID string        // default: one made from the seed
	AuthToken  string        // signs every request if it is not empty
	Seed       uint64        // of all identifiers
	Timeout    time.Duration // of one request, in real time; default 15 s, as Twilio's

	// Start, if it is not zero, is the time at which the run begins, for a handler in
	// this process that asks [fetch.TimeOf]. Otherwise it answers as it does now.
	Start time.Time

	Numbers map[string]Webhooks // by E.164 number
	Queues  map[string]int      // MaxSize by friendly name, of queues that exist already
	People  map[string]Person   // who answers at an address as TwiML dials it; others let it ring
	Calls   []Call

	// Applications says what applications of the team's own do, by name. Others cannot
	// be reached. Elsewhere says who answers at an address that is not of the bundle;
	// nil, or nobody, leaves it to Applications.
	Applications map[string]script.Application
	Elsewhere    func(*url.URL) http.RoundTripper

	// Outcomes says how verbs end that reach out of the call and are not simulated, by
	// the name of the verb, each time anew, and then as the last time: see [Outcomes].
	Outcomes map[string][]string

	// Secret says that some question is for keys that nobody may see, so that keys are
	// not shown that no question hears: who presses them too early means that one.
	Secret bool

	Ambiguities  []Ambiguity   // for which the other assumption is made
	TimeLimit    time.Duration // of a call; default four hours, as Twilio's
	MaxDocuments int           // that one call may fetch before it counts as endless; default 10,000

	// Watch, if not nil, is called for every event as it happens, with the index
	// of its call.
	Watch func(call int, e Event)
}

// Webhooks are the addresses of a phone number of the account. As at Twilio,
// methods that are not given are POST.
type Webhooks struct {
	VoiceURL, VoiceMethod       string
	FallbackURL, FallbackMethod string
}

// A Call is a call that a person places at some time.
type Call struct {
	From   string        // caller ID; see [Withheld]
	To     string        // a number of the scenario
	At     time.Duration // since the beginning of the run
	Person Person        // the caller; nil stays on the line in silence

	// Fails says that the first document cannot be had, so that Twilio asks the
	// fallback of the number.
	Fails bool
	// Sixteenth, from 1 to 16, is by which digit the call's identity ends, so that an
	// application can share calls out. 0 is by chance.
	Sixteenth int

	// TwiML, if not empty, is obeyed in place of the number's document, as with
	// a call that was placed through Twilio's API. This is how an agent can take
	// callers from a queue.
	TwiML string
}

// Withheld is the From of callers who withhold their number
// (https://www.twilio.com/changelog, 2023-05-17).
const Withheld = "anonymous"

// CallLimit is when Twilio ends a call
// (https://www.twilio.com/docs/voice/twiml/dial#timelimit).
const CallLimit = 4 * time.Hour

// Run plays a scenario until every call has ended and returns their transcripts
// in the order of the calls. If the context ends first, it returns what has
// happened so far, and the context's error.
func Run(ctx context.Context, s Scenario) ([]Transcript, error) {
	x, err := newExchange(ctx, s)
	if err != nil {
		return nil, err
	}
	calls := make([]*call, len(s.Calls))
	for i := range s.Calls {
		if calls[i], err = x.place(i); err != nil {
			return nil, err
		}
	}
	err = x.run(ctx)
	transcripts := make([]Transcript, len(calls))
	for i, c := range calls {
		transcripts[i] = c.transcript
	}
	return transcripts, err
}

// An exchange is Twilio during one run.
type exchange struct {
	Scenario
	clock
	ctx         context.Context
	client      *fetch.Fetcher
	other       map[Ambiguity]bool
	queues      map[string]*queue
	conferences map[string]*conference
	engaged     map[string]int // telephones in use, by address
	rung        map[string]int // how often each address was rung
	handed      map[string]int // how often a call was handed to each application
	passed      map[string]int // how often each verb that is not simulated has ended
}

func newExchange(ctx context.Context, s Scenario) (*exchange, error) {
	x := &exchange{
		Scenario: s, ctx: ctx,
		other:       map[Ambiguity]bool{},
		queues:      map[string]*queue{},
		conferences: map[string]*conference{},
		engaged:     map[string]int{},
		rung:        map[string]int{},
		handed:      map[string]int{},
		passed:      map[string]int{},
	}
	x.fillIn()
	for name, size := range s.Queues {
		x.queues[name] = &queue{name: name, sid: x.sid("QU", name), size: size}
	}
	for _, r := range s.Ambiguities {
		if !slices.ContainsFunc(assumptions, func(a Assumption) bool { return a.Ambiguity == r }) {
			return nil, fmt.Errorf("there is no ambiguity %q", r)
		}
		x.other[r] = true
	}
	var err error
	x.client, err = fetch.New(fetch.Access{
		Handler: s.Handler, Transport: s.Transport, BaseURL: s.BaseURL, Hosts: s.Hosts, AuthToken: s.AuthToken, Elsewhere: s.Elsewhere,
		Timeout: s.Timeout, EscapeStar: x.other[StarDigit], KeepParameters: x.other[RedirectDigits],
	})
	return x, err
}

// fillIn sets the defaults of the scenario.
func (x *exchange) fillIn() {
	x.TimeLimit = cmp.Or(x.TimeLimit, CallLimit)
	x.MaxDocuments = cmp.Or(x.MaxDocuments, 10_000)
	x.AccountSID = cmp.Or(x.AccountSID, x.sid("AC"))
}

// place prepares the call with the given index.
func (x *exchange) place(i int) (*call, error) {
	c := &call{x: x, Call: x.Calls[i], index: i, session: x.client.Session(), warned: map[string]bool{}}
	if c.At < 0 {
		return nil, fmt.Errorf("call %d is placed before the run begins", i+1)
	}
	number, known := x.Numbers[c.To]
	if !known && c.TwiML == "" {
		return nil, fmt.Errorf("call %d is placed to %q, which is not a number of the scenario", i+1, c.To)
	}
	first := &fetch.Request{Inline: c.TwiML}
	var err error
	if c.TwiML == "" {
		if first, err = x.client.Configured(number.VoiceURL, number.VoiceMethod); err != nil {
			return nil, fmt.Errorf("the voice URL of %s: %w", c.To, err)
		}
	}
	if number.FallbackURL != "" {
		if c.fallback, err = x.client.Configured(number.FallbackURL, number.FallbackMethod); err != nil {
			return nil, fmt.Errorf("the fallback URL of %s: %w", c.To, err)
		}
	}
	sid := x.sid("CA", "call", fmt.Sprint(i))
	if c.Sixteenth > 0 {
		sid = sid[:len(sid)-1] + strconv.FormatInt(int64(c.Sixteenth-1)%16, 16)
	}
	c.transcript = Transcript{FormatVersion: FormatVersion, CallSID: sid, From: c.From, To: c.To, Start: c.At}
	c.line = &leg{
		x: x, call: c, name: Caller, address: c.From, from: c.From, to: c.To, sid: sid,
		status: "ringing", limit: c.At + x.TimeLimit,
	}
	c.line.phone = &Phone{leg: c.line}
	c.line.task = x.start(c.At, func(*task) { c.run(first) })
	return c, nil
}

// SID returns an identifier as Twilio would make it: two letters and 32 hexadecimal digits,
// which depend on the seed and on what is named.
func SID(seed uint64, prefix string, of ...string) string {
	sum := sha256.Sum256([]byte(strconv.FormatUint(seed, 10) + "\x00" + prefix + "\x00" + strings.Join(of, "\x00")))
	return prefix + hex.EncodeToString(sum[:16])
}

// time is the time of the run, zero if it has none.
func (x *exchange) time() time.Time {
	if x.Start.IsZero() {
		return time.Time{}
	}
	return x.Start.Add(x.now)
}

func (x *exchange) sid(prefix string, of ...string) string { return SID(x.Seed, prefix, of...) }
