package twilio

// Requests to Twilio. twilio-go gives requests no context, tries each once,
// follows what it is told and loses what the reply's headers say; so this
// transport stands under it. One operation is one request as often as it takes:
//
//	0.0 s   POST number main   429                 nothing was done; everybody pauses
//	0.3 s   POST number main   connection reset    unknown, but an update may be repeated
//	0.9 s   POST number main   200                 done
//
// What may be sent again depends on what is known. After 429, and if no
// connection came about, nothing was done: anything may be. After a time-out, a
// reset, a status of 5xx or a reply that is cut off, nobody knows: reads and
// updates may be, creating something may not, and its operation ends with an
// error that says so.

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/runtime/retry"
)

// Options are how to reach an account. The zero value reaches Twilio.
type Options struct {
	Version   string            // of this program, for the header User-Agent
	Endpoint  string            // where the API is, if not at Twilio: "http://127.0.0.1:8080"
	Transport http.RoundTripper // carries the requests; nil is the network
	Parallel  int               // requests at once, at most; 0 is 4
	Timeout   time.Duration     // of one try; 0 is 10 s
	Budget    time.Duration     // of one operation, from its first try on; 0 is 5 min
	Log       *slog.Logger      // gets a line for each try; nil for none

	Now    func() time.Time                                 // nil is the machine's clock
	Sleep  func(ctx context.Context, d time.Duration) error // waits by that clock
	Jitter func(most time.Duration) time.Duration           // a random wait below most
}

const (
	defaultParallel = 4
	defaultTimeout  = 10 * time.Second
	defaultBudget   = 5 * time.Minute
	maxTries        = 6        // after which what is unknown is given up
	maxReply        = 64 << 20 // bytes; a page of 1,000 numbers has about 1.5 MB
)

// withDefaults fills in what is not set.
func (o Options) withDefaults() Options {
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Budget <= 0 {
		o.Budget = defaultBudget
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
		if network, ok := http.DefaultTransport.(*http.Transport); ok {
			network = network.Clone()
			network.MaxIdleConnsPerHost = o.Parallel
			o.Transport = network
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = retry.Sleep
	}
	if o.Jitter == nil {
		o.Jitter = retry.Jitter
	}
	return o
}

// A transport carries the operations of an account.
type transport struct {
	Options
	endpoint *url.URL
	account  string // SID
	limiter  *limiter
	hide     *redaction
}

// newTransport makes the transport of an account.
func newTransport(c Credentials, o Options) (*transport, error) {
	if o.Endpoint == "" {
		o.Endpoint = c.endpoint()
	}
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil || endpoint.Host == "" {
		return nil, errors.New("the address of Twilio's API is not a URL")
	}
	o = o.withDefaults()
	return &transport{
		Options: o, endpoint: endpoint, account: c.Account,
		limiter: newLimiter(o.Parallel, o), hide: newRedaction(c),
	}, nil
}

// An operation is something to ask of Twilio.
type operation struct {
	name  string                      // for errors: "update number main (PN…)"
	once  bool                        // must not be sent again if it may have been carried out
	check func(reply []byte) error    // reads the reply of a success; an error means that it is damaged
	guard func(context.Context) error // asked before each try; may be nil
	hide  []string                    // parts of the request that no error may show
}

// A retryingTransport is the transport of one operation.
type retryingTransport struct {
	*transport
	ctx context.Context
	operation
}

// An outcome is what is known after a try.
type outcome int

const (
	carriedOut outcome = iota
	refused            // nothing was done: too many requests at once
	neverSent          // nothing was done: there was no connection
	inDoubt            // it may have been done
	hopeless           // trying again would not help
)

// RoundTrip carries an operation out, with as many tries as it takes. Everything
// but success is an error.
func (c *retryingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close() // every try has its own
	}
	if err := c.allowed(r); err != nil {
		return nil, err
	}
	round, err := c.limiter.enter(c.ctx)
	if err != nil {
		return nil, c.stopped(err, 0, false)
	}
	var response *http.Response
	doubt := false
	policy := retry.Policy{Tries: maxTries, Budget: c.Budget, First: firstPause, Most: longPause, Now: c.Now, Sleep: c.Sleep, Jitter: c.Jitter}
	err = policy.Do(c.ctx, func(n int) *retry.Verdict {
		if n > 1 {
			if round, err = c.limiter.enter(c.ctx); err != nil {
				return &retry.Verdict{Err: c.stopped(err, n-1, doubt)}
			}
		}
		defer c.limiter.give()
		if c.guard != nil {
			if err := c.guard(c.ctx); err != nil {
				return &retry.Verdict{Err: err}
			}
		}
		var o outcome
		var failure *APIError
		response, o, failure = c.try(r, round)
		c.log(r, n, response, failure)
		doubt = doubt || o == inDoubt && r.Method != http.MethodGet
		failure.Tries, failure.Unknown = n, doubt
		return c.verdict(o, failure)
	}, func(err error, tries int) error { return c.stopped(err, tries, doubt) })
	if err != nil {
		return nil, err
	}
	return response, nil
}

// verdict says whether to try again.
func (c *retryingTransport) verdict(o outcome, failure *APIError) *retry.Verdict {
	switch {
	case o == carriedOut:
		return nil
	case o == refused: // everybody pauses in the limiter
		return &retry.Verdict{Err: failure, Again: true, Wait: c.limiter.pause(), Queued: true}
	}
	return &retry.Verdict{Err: failure, Again: o == neverSent || o == inDoubt && !c.once}
}

// stopped is the error of an operation whose context ended.
func (c *retryingTransport) stopped(err error, tries int, doubt bool) error {
	return &APIError{Op: c.name, Reason: "it was interrupted", Advice: adviceStopped, Unknown: doubt, Tries: tries, cancelled: err}
}

// try sends the request once and reads the whole reply.
func (c *retryingTransport) try(r *http.Request, round int) (*http.Response, outcome, *APIError) {
	ctx, cancel := context.WithTimeout(c.ctx, c.Timeout)
	defer cancel()
	failure := &APIError{Op: c.name}
	request, err := c.prepare(ctx, r)
	if err != nil {
		failure.Reason, failure.Advice = c.secrets().clean(err.Error()), adviceRefused
		return nil, hopeless, failure
	}
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		return nil, c.unanswered(ctx, err, failure), failure
	}
	defer response.Body.Close()
	failure.Status = response.StatusCode
	failure.RequestID = c.secrets().clean(response.Header.Get("Twilio-Request-Id"))
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		c.limiter.refused(round, min(retryAfter(response.Header.Get("Retry-After"), c.Now()), c.Budget))
		failure.explain(body, c.secrets())
		return nil, refused, failure
	case err != nil:
		return nil, c.unanswered(ctx, err, failure), failure
	}
	c.limiter.welcome()
	v := c.judge(response.StatusCode, body, failure)
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return response, v, failure
}

// prepare makes the request of one try: to the right host, under our name.
func (c *retryingTransport) prepare(ctx context.Context, r *http.Request) (*http.Request, error) {
	request := r.Clone(ctx)
	request.URL.Scheme, request.URL.Host, request.Host = c.endpoint.Scheme, c.endpoint.Host, ""
	request.Header.Set("User-Agent", "ivrc/"+c.Version)
	request.Header.Set("Accept", "application/json")
	if r.GetBody == nil {
		return request, nil
	}
	body, err := r.GetBody()
	request.Body = body
	return request, err
}

// secrets hides what this operation must not show.
func (c *retryingTransport) secrets() *redaction { return c.transport.hide.also(c.operation.hide) }

// judge says what a whole reply means.
func (c *retryingTransport) judge(status int, body []byte, failure *APIError) outcome {
	switch {
	case status == http.StatusNoContent && c.check == nil:
		return carriedOut
	case status >= 200 && status < 300:
		err := errors.New("it should have no content")
		if c.check != nil {
			err = c.check(body)
		}
		if err == nil {
			return carriedOut
		}
		failure.Reason, failure.Advice = "the reply is damaged: "+c.secrets().clean(err.Error()), adviceTrouble
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			failure.Reason, failure.Advice = "the reply is an HTML page", adviceProxy
		}
		return inDoubt
	}
	failure.explain(body, c.secrets())
	if status >= http.StatusInternalServerError || status == http.StatusRequestTimeout {
		return inDoubt
	}
	return hopeless
}

// unanswered says what a try means that got no whole reply.
func (c *retryingTransport) unanswered(ctx context.Context, err error, failure *APIError) outcome {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	v := inDoubt
	if errors.As(err, &network) && (network.Op == "dial" || network.Op == "proxyconnect") {
		v = neverSent
	}
	failure.Advice = adviceTrouble
	switch {
	case c.ctx.Err() != nil:
		failure.Reason, failure.Advice, failure.cancelled = "it was interrupted", adviceStopped, c.ctx.Err()
	case ctx.Err() != nil:
		failure.Reason = fmt.Sprintf("Twilio did not answer within %v", c.Timeout)
	case errors.As(err, &certificate):
		failure.Reason, failure.Advice = "no trusted connection: "+c.secrets().clean(err.Error()), adviceTLS
		return hopeless
	case v == neverSent:
		failure.Reason = "no connection: " + c.secrets().clean(err.Error())
	default:
		failure.Reason = "the connection broke: " + c.secrets().clean(err.Error())
	}
	return v
}

// retryAfter reads the header Retry-After: seconds, or a date.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), 86400)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// log writes a line about a try: nothing of the request's or the reply's body.
func (c *retryingTransport) log(r *http.Request, tries int, response *http.Response, failure *APIError) {
	status := failure.Status
	if response != nil {
		status = response.StatusCode
	}
	c.Log.Debug(c.name, "method", r.Method, "path", r.URL.Path, "try", tries, "status", status,
		"request", failure.RequestID, "reason", failure.Reason)
}
