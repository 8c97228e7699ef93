// Package fetch requests documents and audio as Twilio does, and refuses what
// Twilio refuses, with Twilio's error codes.
//
//	c, err := fetch.New(fetch.Access{Handler: app})
//	r, err := c.Configured("/answer.xml", "GET")
//	d, _, err := c.Session().Document(ctx, r, fetch.Parameters{From: "+14155550199"}.Values(), nil)
//	next, err := d.Follow("sales.xml", "GET", nil)   a link of the document
//
// No virtual time passes here: whoever plays or walks a call decides how long a
// document takes.
package fetch

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// Access says where documents are, and which hosts may be asked.
type Access struct {
	// Handler answers requests in this process. Where it is nil, they go out
	// over Transport, and where that is nil too, over Go's default transport.
	Handler   http.Handler
	Transport http.RoundTripper

	BaseURL    string                           // the folder that configured addresses refer to; default: https://simulated.example/
	Hosts      []string                         // that may be asked besides the base URL's
	Elsewhere  func(*url.URL) http.RoundTripper // who answers at an address that is not of these hosts; may be nil, and return nil
	AuthToken  string                           // signs every request if it is not empty
	Timeout    time.Duration                    // of one request, in real time; default 15 s, as Twilio's
	EscapeStar bool                             // write the star key as %2A

	// KeepParameters sends the parameters again to where an HTTP redirect leads.
	KeepParameters bool
}

// A Fetcher requests documents and audio for any number of calls. It keeps what
// it has decoded and measured. It is not safe for concurrent use.
type Fetcher struct {
	config    Access
	transport http.RoundTripper
	base      *url.URL
	clips     map[string]MeasuredAudio // by address
	decoded   map[string]decoded       // by the bytes of the document
}

// New returns a fetcher.
func New(c Access) (*Fetcher, error) {
	c.BaseURL = cmp.Or(c.BaseURL, "https://simulated.example")
	c.Timeout = cmp.Or(c.Timeout, 15*time.Second)
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the base URL %q is not an absolute URL", c.BaseURL)
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	client := &Fetcher{config: c, transport: c.Transport, base: base, clips: map[string]MeasuredAudio{}, decoded: map[string]decoded{}}
	if c.Handler != nil {
		client.transport = inProcess{c.Handler}
	}
	if client.transport == nil {
		client.transport = http.DefaultTransport
	}
	return client, nil
}

// Base returns the folder that configured addresses refer to. Its path ends in a
// slash.
func (c *Fetcher) Base() *url.URL {
	base := *c.base
	return &base
}

// Configured returns the request for an address that a number is configured with.
// As at Twilio, the default method is POST.
func (c *Fetcher) Configured(address, method string) (*Request, error) {
	if address == "" {
		return nil, errors.New("it is empty")
	}
	u, err := c.base.Parse(address)
	if err != nil {
		return nil, err
	}
	return &Request{Method: cmp.Or(method, "POST"), URL: u}, nil
}

// Encode writes parameters as Twilio does: names in order, and the star, which
// form encoding leaves alone, as it is, unless the configuration says otherwise.
func (c *Fetcher) Encode(v url.Values) string {
	s := v.Encode()
	if !c.config.EscapeStar {
		s = strings.ReplaceAll(s, "%2A", "*")
	}
	return s
}

// A decoded is a document that was decoded.
type decoded struct {
	response twiml.Response
	faults   []twiml.Fault
}

// mostDecoded is how many documents are kept: callers who wait hear the same few
// again and again.
const mostDecoded = 4096

// decode decodes a document, once for all calls: nobody alters what is read.
func (c *Fetcher) decode(body []byte) (twiml.Response, []twiml.Fault) {
	if known, ok := c.decoded[string(body)]; ok {
		return known.response, known.faults
	}
	response, faults := twiml.Decode(body)
	if len(c.decoded) < mostDecoded {
		c.decoded[string(body)] = decoded{response, faults}
	}
	return response, faults
}
