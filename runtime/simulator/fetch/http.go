package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
)

// Twilio's limits on what it fetches
// (https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/api/errors/11750).
const (
	maxRedirects = 10
	maxDocument  = 64 << 10
	maxAudio     = 64 << 20
	maxReserved  = 4 << 20 // of memory, because a server announces a length
)

// A Session makes the requests of one call, which keeps its cookies as a browser
// does (https://www.twilio.com/docs/voice/twiml#twilio-is-a-well-behaved-http-client).
type Session struct {
	*Fetcher
	cookies http.CookieJar
}

// Session begins the requests of a call.
func (c *Fetcher) Session() *Session { return &Session{Fetcher: c} }

// An Answer is what a server answered, after redirects.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Final  *url.URL
}

// Redirected is called for each HTTP redirect. It may be nil.
type Redirected func(status int, to *url.URL)

// Get fetches what a request names with the given parameters, following
// redirects as Twilio does: at most ten, and without the parameters unless the
// fetcher keeps them.
func (s *Session) Get(ctx context.Context, r *Request, form url.Values, redirected Redirected) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if !r.At.IsZero() {
		ctx = withTime(ctx, r.At)
	}
	query, sent := "", form
	if form != nil && r.Method == "GET" {
		query, form = s.Encode(form), nil
	}
	address, method := r.Address(query), r.Method
	for range maxRedirects + 1 {
		if err := s.allow(address); err != nil {
			return nil, err
		}
		a, err := s.inquire(ctx, method, address, form)
		if err != nil {
			return nil, s.unreachable(address, err)
		}
		if !slices.Contains([]int{301, 302, 303, 307, 308}, a.Status) {
			return a, nil
		}
		location := a.Header.Get("Location")
		to, err := address.Parse(location)
		if err != nil || location == "" {
			return nil, &CallError{Code: 11216, Text: fmt.Sprintf("%s answers %d without a usable Location", address.Path, a.Status)}
		}
		if redirected != nil {
			redirected(a.Status, to)
		}
		if a.Status < 307 {
			method = "GET"
		}
		address, form = to, nil
		switch {
		case !s.config.KeepParameters || sent == nil:
		case method == "POST":
			form = sent
		default:
			address = (&Request{URL: to}).Address(s.Encode(sent))
		}
	}
	return nil, &CallError{Code: 11215, Text: fmt.Sprintf("more than %d HTTP redirects", maxRedirects)}
}

// inquire asks one server. Like Twilio, it gives the credentials in the address
// only when the server asks for them
// (https://www.twilio.com/docs/usage/security#http-authentication).
func (s *Session) inquire(ctx context.Context, method string, address *url.URL, form url.Values) (*Answer, error) {
	a, err := s.send(ctx, method, address, form, nil)
	if err == nil && a.Status == http.StatusUnauthorized && address.User != nil &&
		strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Basic ") {
		return s.send(ctx, method, address, form, address.User)
	}
	return a, err
}

// send makes one HTTP request with the cookies of the call and a signature.
func (s *Session) send(ctx context.Context, method string, address *url.URL, form url.Values, user *url.Userinfo) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	if method == "POST" {
		body := s.Encode(form)
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	if user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if s.config.AuthToken != "" {
		req.Header.Set("X-Twilio-Signature", sign(s.config.AuthToken, address.String(), form))
	}
	s.showCookies(req)
	transport := s.transport
	if other := s.elsewhere(address); other != nil {
		transport = other
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	s.keepCookies(address, res)
	var body bytes.Buffer
	body.Grow(int(min(max(res.ContentLength, 0), maxReserved)) + bytes.MinRead)
	_, err = body.ReadFrom(io.LimitReader(res.Body, maxAudio+1))
	return &Answer{res.StatusCode, res.Header, body.Bytes(), address}, err
}

func (s *Session) showCookies(req *http.Request) {
	if s.cookies == nil {
		return
	}
	for _, cookie := range s.cookies.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
}

func (s *Session) keepCookies(address *url.URL, res *http.Response) {
	cookies := res.Cookies()
	if len(cookies) == 0 {
		return
	}
	if s.cookies == nil {
		s.cookies, _ = cookiejar.New(nil) // its only error is one of its options
	}
	s.cookies.SetCookies(address, cookies)
}

// elsewhere is who answers at an address that is not of the hosts, nil for nobody.
func (c *Fetcher) elsewhere(u *url.URL) http.RoundTripper {
	if c.config.Elsewhere == nil {
		return nil
	}
	return c.config.Elsewhere(u)
}

// allow refuses what is not an address, and hosts that may not be asked.
func (c *Fetcher) allow(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return &CallError{Code: 11100, Text: "the address " + u.Redacted() + " is not an http or https URL"}
	case strings.Contains(u.Hostname(), "_"):
		return &CallError{Code: 11100, Text: "the host name " + u.Hostname() + " has an underscore, which Twilio refuses"}
	case c.elsewhere(u) != nil:
	case strings.HasSuffix(u.Hostname(), ".invalid"): // a name that never exists (RFC 6761)
		return &CallError{Code: 11210, Text: "there is no host " + u.Hostname()}
	case !c.Owns(u):
		return &ForbiddenHost{u.Redacted()}
	}
	return nil
}

// Owns reports whether an address is at the base URL's host, or at one of the others
// that may be asked.
func (c *Fetcher) Owns(u *url.URL) bool {
	return u.Host == c.base.Host || slices.Contains(c.config.Hosts, u.Host)
}

// unreachable turns an error of the network into Twilio's.
func (c *Fetcher) unreachable(u *url.URL, err error) error {
	f := &CallError{Code: 11200, Text: "the request for " + u.Path + " failed: " + err.Error()}
	var dns *net.DNSError
	var timeout net.Error
	if code := certificateFault(err); code != 0 {
		f.Code = code
		return f
	}
	switch {
	case errors.As(err, &dns):
		f.Code = 11210
	case errors.As(err, &timeout) && timeout.Timeout():
		f.Code, f.Text, f.Waited = 11205, "the request for "+u.Path+" was not answered in time", c.config.Timeout
	case errors.As(err, new(*net.OpError)):
		f.Code = 11205
	}
	return f
}

// certificateFault is Twilio's code for a certificate that cannot be trusted
// (https://www.twilio.com/docs/api/errors/11235 to 11237), or 0.
func certificateFault(err error) int {
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &host):
		return 11235
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return 11236
	case errors.As(err, &unknown):
		return 11237
	}
	return 0
}
