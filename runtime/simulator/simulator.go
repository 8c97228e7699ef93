package simulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Scenario is everything that a run depends on.
type Scenario struct {
	// Handler answers requests in this process. Where it is nil, they go out
	// over Transport, and where that is nil too, over Go's default transport.
	Handler   http.Handler
	Transport http.RoundTripper

	// BaseURL is the folder that the addresses in Numbers refer to, and its
	// host is asked for documents; Hosts may be asked as well. A call that goes
	// on at any other host ends with [Elsewhere]. Default:
	// https://simulated.example/
	BaseURL string
	Hosts   []string

	AccountSID string        // default: one made from the seed
	AuthToken  string        // signs every request if it is not empty
	Seed       uint64        // of all identifiers
	Timeout    time.Duration // of one request, in real time; default 15 s, as Twilio's

	Numbers map[string]Number // by E.164 number
	Queues  map[string]int    // MaxSize by friendly name, of queues that exist already
	People  map[string]Person // who answers at an address as TwiML dials it; others let it ring
	Calls   []Call

	Readings     []Reading     // open points to be taken the other way
	ExtraRing    time.Duration // added to the timeout of every Dial; Twilio adds about five seconds
	TimeLimit    time.Duration // of a call; default four hours, as Twilio's
	MaxDocuments int           // that one call may fetch before it counts as endless; default 10,000

	// Watch, if not nil, is told every event as it happens, with the index of
	// its call.
	Watch func(call int, e Event)
}

// A Number is a phone number of the account. As at Twilio, methods that are
// not given are POST.
type Number struct {
	VoiceURL, VoiceMethod       string
	FallbackURL, FallbackMethod string
}

// A Call is placed by somebody at a time.
type Call struct {
	From   string        // caller ID; see [Withheld]
	To     string        // a number of the scenario
	At     time.Duration // since the beginning of the run
	Person Person        // the caller; nil stays on the line in silence

	// TwiML, if not empty, is obeyed in place of the number's document, as with
	// a call that was placed through Twilio's API. This is how an agent can take
	// callers from a queue.
	TwiML string
}

// Withheld is what From usually is for callers who withhold their number.
const Withheld = "+266696687"

// callLimit is the length at which Twilio ends a call
// (https://www.twilio.com/docs/voice/twiml/dial#timelimit).
const callLimit = 4 * time.Hour

// Run plays a scenario until every call has ended and returns their transcripts
// in the order of the calls. Where the context ends first, it returns what has
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
	ctx       context.Context
	transport http.RoundTripper
	base      *url.URL
	other     map[Reading]bool
	queues    map[string]*queue
	rooms     map[string]*room
	engaged   map[string]int // telephones in use, by address
	rung      map[string]int // how often each address was rung
	clips     map[string]clip
	decoded   map[string]decoded // documents, by their bytes
}

func newExchange(ctx context.Context, s Scenario) (*exchange, error) {
	x := &exchange{
		Scenario: s, ctx: ctx,
		other:   map[Reading]bool{},
		queues:  map[string]*queue{},
		rooms:   map[string]*room{},
		engaged: map[string]int{},
		rung:    map[string]int{},
		clips:   map[string]clip{},
		decoded: map[string]decoded{},
	}
	x.fillIn()
	switch {
	case s.Handler != nil:
		x.transport = inProcess{s.Handler}
	case s.Transport != nil:
		x.transport = s.Transport
	default:
		x.transport = http.DefaultTransport
	}
	for name, size := range s.Queues {
		x.queues[name] = &queue{name: name, sid: x.sid("QU", name), size: size}
	}
	for _, r := range s.Readings {
		if !slices.ContainsFunc(assumptions, func(a Assumption) bool { return a.Reading == r }) {
			return nil, fmt.Errorf("there is no reading %q", r)
		}
		x.other[r] = true
	}
	var err error
	if x.base, err = url.Parse(x.BaseURL); err != nil || x.base.Host == "" {
		return nil, fmt.Errorf("the base URL %q is not an absolute URL", x.BaseURL)
	}
	if !strings.HasSuffix(x.base.Path, "/") {
		x.base.Path += "/"
	}
	return x, nil
}

// fillIn sets what the scenario leaves to us.
func (x *exchange) fillIn() {
	x.BaseURL = cmp.Or(x.BaseURL, "https://simulated.example")
	x.Timeout = cmp.Or(x.Timeout, 15*time.Second)
	x.TimeLimit = cmp.Or(x.TimeLimit, callLimit)
	x.MaxDocuments = cmp.Or(x.MaxDocuments, 10_000)
	x.AccountSID = cmp.Or(x.AccountSID, x.sid("AC"))
}

// place prepares the call with the given index.
func (x *exchange) place(i int) (*call, error) {
	c := &call{x: x, Call: x.Calls[i], index: i, warned: map[string]bool{}}
	if c.At < 0 {
		return nil, fmt.Errorf("call %d is placed before the run begins", i+1)
	}
	number, known := x.Numbers[c.To]
	if !known && c.TwiML == "" {
		return nil, fmt.Errorf("call %d is placed to %q, which is not a number of the scenario", i+1, c.To)
	}
	first := &request{inline: c.TwiML}
	var err error
	if c.TwiML == "" {
		if first, err = x.configured(number.VoiceURL, number.VoiceMethod); err != nil {
			return nil, fmt.Errorf("the voice URL of %s: %w", c.To, err)
		}
	}
	if number.FallbackURL != "" {
		if c.fallback, err = x.configured(number.FallbackURL, number.FallbackMethod); err != nil {
			return nil, fmt.Errorf("the fallback URL of %s: %w", c.To, err)
		}
	}
	sid := x.sid("CA", "call", fmt.Sprint(i))
	c.transcript = Transcript{FormatVersion: FormatVersion, CallSID: sid, From: c.From, To: c.To, Start: c.At}
	c.line = &leg{
		x: x, call: c, name: Caller, address: c.From, from: c.From, to: c.To, sid: sid,
		status: "ringing", limit: c.At + x.TimeLimit,
	}
	c.line.phone = &Phone{leg: c.line}
	c.line.task = x.start(c.At, func(*task) { c.run(first) })
	return c, nil
}

// configured is the request for an address of a number's configuration.
func (x *exchange) configured(address, method string) (*request, error) {
	if address == "" {
		return nil, errors.New("it is empty")
	}
	u, err := x.base.Parse(address)
	if err != nil {
		return nil, err
	}
	if method == "" {
		method = "POST"
	}
	return &request{method: method, url: u}, nil
}
