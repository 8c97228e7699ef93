package fetch

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// A Document is TwiML that was fetched, ready to be obeyed.
type Document struct {
	// Path is the path of the request, or what the server's Content-Location
	// calls it, which tells which of several documents at one address it is.
	Path string

	URL      *url.URL // as it was asked for, without Twilio's parameters; nil if it came with the call
	Base     *url.URL // what its links refer to
	Final    *url.URL // where HTTP redirects led, nil if there were none
	Verbs    []twiml.Verb
	Warnings []Warning
}

// A Warning is a fault that Twilio reports and passes over.
type Warning struct {
	Code int
	Text string
}

// Inline reads a document that was given with the call.
func (c *Fetcher) Inline(text string) (*Document, error) {
	d := &Document{Path: "(given with the call)"}
	return d, c.read(d, []byte(text))
}

// Document requests a document with the given parameters and reads it as Twilio
// does. It always returns what is known of the document, also with an error,
// which is a [CallError] or a [ForbiddenHost]; and the answer, if there was one.
//
// Links refer to the address of the request, also after a redirect: Twilio does
// not document whether they do. See [Document.Final].
func (s *Session) Document(ctx context.Context, r *Request, form url.Values, redirected Redirected) (*Document, *Answer, error) {
	d := &Document{Path: r.URL.Path, URL: r.Address(""), Base: r.Address("")}
	a, err := s.Get(ctx, r, form, redirected)
	if err == nil {
		err = s.open(d, a)
	}
	return d, a, err
}

// open reads an answer as a document: TwiML, a text to be spoken, or audio to be
// played (https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types).
func (c *Fetcher) open(d *Document, a *Answer) error {
	if own := a.Header.Get("Content-Location"); own != "" {
		if u, err := a.Final.Parse(own); err == nil {
			d.Path = u.Path
		}
	}
	if a.Final.Host != d.URL.Host || a.Final.Path != d.URL.Path {
		d.Final = a.Final
	}
	if err := a.usable(); err != nil {
		return err
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case kind == "text/xml" || kind == "application/xml" || kind == "text/html":
		return c.read(d, a.Body)
	case kind == "text/plain":
		if c.read(d, a.Body) != nil {
			d.Verbs = []twiml.Verb{&twiml.Say{Text: strings.TrimSpace(string(a.Body))}}
		}
	case isAudio(kind):
		clip := a.gauge()
		clip.Text = d.URL.RequestURI()
		c.clips[d.URL.String()] = clip
		d.Verbs = []twiml.Verb{&twiml.Play{URL: d.URL.String()}}
	default:
		return &CallError{Code: 12300, Text: fmt.Sprintf("%s answers with the content type %q, which is neither TwiML nor text nor audio", a.Final.Path, kind)}
	}
	return nil
}

// usable refuses what Twilio refuses without reading it.
func (a *Answer) usable() error {
	path := a.Final.Path
	switch {
	case a.Status == http.StatusMethodNotAllowed:
		return &CallError{Code: 11200, Text: path + " answers 405 Method Not Allowed; a static host answers GET only, so what leads here needs method=\"GET\""}
	case a.Status < 200 || a.Status > 299:
		return &CallError{Code: 11200, Text: fmt.Sprintf("%s answers %d %s", path, a.Status, http.StatusText(a.Status))}
	case len(a.Body) == 0:
		return &CallError{Code: 11770, Text: path + " answers with nothing"}
	case a.Header.Get("Content-Type") == "":
		return &CallError{Code: 11200, Text: path + " answers without a Content-Type, which Twilio reports as 502 Bad Gateway"}
	case len(a.Body) > maxDocument && !strings.HasPrefix(a.Header.Get("Content-Type"), "audio/"):
		return &CallError{Code: 11750, Text: path + " answers with more than 64 kB"}
	}
	return nil
}

// read reads TwiML into a document.
func (c *Fetcher) read(d *Document, body []byte) error {
	response, faults := c.decode(body)
	for _, f := range faults {
		text := fmt.Sprintf("line %d: %s", f.Line, f.Message)
		if f.Fatal {
			return &CallError{Code: f.Code, Text: text}
		}
		d.Warnings = append(d.Warnings, Warning{f.Code, text})
	}
	d.Verbs = response.Verbs
	return nil
}

// Follow makes the request that an attribute of the document asks for. The
// method is POST unless the document says otherwise, as all of Twilio's are. An
// empty link is the document itself.
func (d *Document) Follow(link, method string, extra url.Values) (*Request, error) {
	if method == "" {
		method = "POST"
	}
	if d.URL == nil { // a document that came with the call has no address
		u, err := url.Parse(link)
		if err != nil || !u.IsAbs() {
			return nil, &CallError{Code: 11100, Text: "the link " + strconv.Quote(link) +
				" is relative, but its document was given with the call and has no address"}
		}
		return &Request{Method: method, URL: u, Extra: extra}, nil
	}
	if strings.TrimSpace(link) == "" {
		return &Request{Method: method, URL: d.URL, Extra: extra}, nil
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return nil, &CallError{Code: 11100, Text: "the link " + strconv.Quote(link) + " is not a URL", Document: d.Path}
	}
	return &Request{Method: method, URL: d.Base.ResolveReference(u), Extra: extra}, nil
}
