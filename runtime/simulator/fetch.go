package simulator

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// Twilio's limits on what it fetches
// (https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/api/errors/11750).
const (
	maxRedirects = 10
	maxDocument  = 64 << 10
	maxAudio     = 64 << 20
)

// A document is TwiML that was fetched, ready to be obeyed.
type document struct {
	path  string   // for transcripts
	url   *url.URL // as it was asked for, without Twilio's parameters; nil if it came with the call
	base  *url.URL // what its links refer to
	verbs []twiml.Verb
}

// A reply is what a server answered, after redirects.
type reply struct {
	status int
	header http.Header
	body   []byte
	final  *url.URL
}

// get fetches what a request names with the given parameters, following
// redirects as Twilio does: at most ten, without the parameters. It takes no
// virtual time.
func (l *leg) get(r *request, form url.Values) (*reply, error) {
	query := ""
	if form != nil && r.method == "GET" {
		query, form = l.x.encode(form), nil
	}
	address, method := r.address(query), r.method
	for range maxRedirects + 1 {
		if err := l.x.allow(address); err != nil {
			return nil, err
		}
		res, err := l.send(method, address, form)
		if err != nil {
			return nil, unreachable(address, err)
		}
		if !isRedirect(res.StatusCode) {
			defer res.Body.Close()
			body, err := io.ReadAll(io.LimitReader(res.Body, maxAudio+1))
			if err != nil {
				return nil, unreachable(address, err)
			}
			return &reply{res.StatusCode, res.Header, body, address}, nil
		}
		res.Body.Close()
		to, err := address.Parse(res.Header.Get("Location"))
		if err != nil || res.Header.Get("Location") == "" {
			return nil, &fault{code: 11216, text: fmt.Sprintf("%s answers %d without a usable Location", address.Path, res.StatusCode)}
		}
		l.note(Event{Kind: Requests, Text: fmt.Sprintf("HTTP %d to %s; parameters are not sent again", res.StatusCode, to.Path)})
		if res.StatusCode < 307 {
			method = "GET"
		}
		address, form = to, nil
	}
	return nil, &fault{code: 11215, text: fmt.Sprintf("more than %d HTTP redirects", maxRedirects)}
}

func isRedirect(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

// send makes one HTTP request, with the cookies of the call and a signature.
func (l *leg) send(method string, address *url.URL, form url.Values) (*http.Response, error) {
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader(l.x.encode(form))
	}
	req, err := http.NewRequestWithContext(l.x.ctx, method, address.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	if user := address.User; user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if l.x.AuthToken != "" {
		req.Header.Set("X-Twilio-Signature", sign(l.x.AuthToken, address.String(), form))
	}
	if l.call.cookies != nil {
		for _, c := range l.call.cookies.Cookies(address) {
			req.AddCookie(c)
		}
	}
	res, err := l.x.transport.RoundTrip(req)
	if err == nil && len(res.Cookies()) > 0 {
		if l.call.cookies == nil {
			l.call.cookies, _ = cookiejar.New(nil) // its only error is one of its options
		}
		l.call.cookies.SetCookies(address, res.Cookies())
	}
	return res, err
}

// allow refuses addresses that are none, and those of other hosts than the
// scenario names.
func (x *exchange) allow(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return &fault{code: 11100, text: "the address " + u.Redacted() + " is not an http or https URL"}
	case strings.Contains(u.Hostname(), "_"):
		return &fault{code: 11100, text: "the host name " + u.Hostname() + " has an underscore, which Twilio refuses"}
	case u.Host != x.base.Host && !slices.Contains(x.Hosts, u.Host):
		return &elsewhere{u.Redacted()}
	}
	return nil
}

// unreachable turns an error of the network into Twilio's.
func unreachable(u *url.URL, err error) error {
	f := &fault{code: 11200, text: "the request for " + u.Path + " failed: " + err.Error()}
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		f.code = 11210
	case errors.As(err, &timeout) && timeout.Timeout():
		f.code, f.text = 11205, "the request for "+u.Path+" was not answered within Twilio's 15 seconds"
	case errors.As(err, new(*net.OpError)):
		f.code = 11205
	}
	return f
}

// fetch requests a document and reads it as Twilio does.
func (l *leg) fetch(r *request) (*document, error) {
	if r.inline != "" {
		return l.decode(&document{path: "(given with the call)"}, []byte(r.inline))
	}
	d := &document{path: r.url.Path, url: r.address(""), base: r.address("")}
	l.where = where{document: d.path}
	if err := l.call.visit(d.path); err != nil {
		return nil, err
	}
	l.note(Event{Kind: Requests, Text: describe(r, l.x)})
	rep, err := l.get(r, r.parameters(l))
	if err == nil {
		d, err = l.open(d, rep)
	}
	if f, ok := err.(*fault); ok {
		f.document, f.address = r.url.Path, r.address("").String()
	}
	return d, err
}

func describe(r *request, x *exchange) string {
	u := r.address(x.encode(r.extra))
	return r.method + " " + u.RequestURI()
}

// open reads a reply as a document: TwiML, a text to be spoken, or audio to be
// played (https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types).
func (l *leg) open(d *document, rep *reply) (*document, error) {
	if own := rep.header.Get("Content-Location"); own != "" {
		if u, err := rep.final.Parse(own); err == nil {
			d.path = u.Path
			l.where.document = d.path
		}
	}
	if rep.final.Host != d.url.Host || rep.final.Path != d.url.Path {
		if !l.reads(RedirectBase) {
			d.base = rep.final
		}
	}
	if err := usable(rep); err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(rep.header.Get("Content-Type"))
	switch {
	case kind == "text/xml" || kind == "application/xml" || kind == "text/html":
		return l.decode(d, rep.body)
	case kind == "text/plain":
		if plain, err := l.decode(&document{}, rep.body); err == nil {
			d.verbs = plain.verbs
		} else {
			d.verbs = []twiml.Verb{&twiml.Say{Text: strings.TrimSpace(string(rep.body))}}
		}
	case isAudio(kind):
		c := gauge(rep)
		c.text = d.url.RequestURI()
		l.x.clips[d.url.String()] = c
		d.verbs = []twiml.Verb{&twiml.Play{URL: d.url.String()}}
	default:
		return nil, &fault{code: 12300, text: "the content type " + kind + " is neither TwiML nor text nor audio"}
	}
	return d, nil
}

// usable refuses what Twilio refuses before it looks inside.
func usable(rep *reply) error {
	switch {
	case rep.status == http.StatusMethodNotAllowed:
		return &fault{code: 11200, text: "the server answers 405 Method Not Allowed; a static host answers GET only, so the link needs method=\"GET\""}
	case rep.status < 200 || rep.status > 299:
		return &fault{code: 11200, text: fmt.Sprintf("the server answers %d %s", rep.status, http.StatusText(rep.status))}
	case len(rep.body) == 0:
		return &fault{code: 11770, text: "the answer is empty"}
	case rep.header.Get("Content-Type") == "":
		return &fault{code: 11200, text: "the answer has no Content-Type, which Twilio reports as 502 Bad Gateway"}
	case len(rep.body) > maxDocument && !strings.HasPrefix(rep.header.Get("Content-Type"), "audio/"):
		return &fault{code: 11750, text: "the document is larger than 64 kB"}
	}
	return nil
}

// decode reads TwiML. Warnings are told once for each call and document.
func (l *leg) decode(d *document, body []byte) (*document, error) {
	response, faults := twiml.Decode(body)
	for _, f := range faults {
		text := fmt.Sprintf("line %d: %s", f.Line, f.Message)
		if f.Fatal {
			return nil, &fault{code: f.Code, text: text}
		}
		l.call.warn(l, f.Code, text)
	}
	d.verbs = response.Verbs
	return d, nil
}
