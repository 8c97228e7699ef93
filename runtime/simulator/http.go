package simulator

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
	maxReserved  = 4 << 20 // on the word of a server
)

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
	ctx, cancel := context.WithTimeout(l.x.ctx, l.x.Timeout)
	defer cancel()
	query := ""
	if form != nil && r.method == "GET" {
		query, form = l.x.encode(form), nil
	}
	address, method := r.address(query), r.method
	for range maxRedirects + 1 {
		if err := l.x.allow(address); err != nil {
			return nil, err
		}
		rep, err := l.inquire(ctx, method, address, form)
		if err != nil {
			return nil, unreachable(address, err)
		}
		if !slices.Contains([]int{301, 302, 303, 307, 308}, rep.status) {
			return rep, nil
		}
		location := rep.header.Get("Location")
		to, err := address.Parse(location)
		if err != nil || location == "" {
			return nil, &fault{code: 11216, text: fmt.Sprintf("%s answers %d without a usable Location", address.Path, rep.status)}
		}
		l.note(Event{Kind: Requests, Text: fmt.Sprintf("HTTP %d to %s; parameters are not sent again", rep.status, to.Path)})
		if rep.status < 307 {
			method = "GET"
		}
		address, form = to, nil
	}
	return nil, &fault{code: 11215, text: fmt.Sprintf("more than %d HTTP redirects", maxRedirects)}
}

// inquire asks one server. Credentials in the address are given only when the
// server asks for them, as Twilio does
// (https://www.twilio.com/docs/usage/security#http-authentication).
func (l *leg) inquire(ctx context.Context, method string, address *url.URL, form url.Values) (*reply, error) {
	rep, err := l.send(ctx, method, address, form, nil)
	if err == nil && rep.status == http.StatusUnauthorized && address.User != nil &&
		strings.HasPrefix(rep.header.Get("WWW-Authenticate"), "Basic ") {
		return l.send(ctx, method, address, form, address.User)
	}
	return rep, err
}

// send makes one HTTP request with the cookies of the call and a signature.
func (l *leg) send(ctx context.Context, method string, address *url.URL, form url.Values, user *url.Userinfo) (*reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("Accept", "*/*")
	if method == "POST" {
		body := l.x.encode(form)
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	if user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	if l.x.AuthToken != "" {
		req.Header.Set("X-Twilio-Signature", sign(l.x.AuthToken, address.String(), form))
	}
	l.call.showCookies(req)
	res, err := l.x.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	l.call.keepCookies(address, res)
	var body bytes.Buffer
	body.Grow(int(min(max(res.ContentLength, 0), maxReserved)) + bytes.MinRead)
	_, err = body.ReadFrom(io.LimitReader(res.Body, maxAudio+1))
	return &reply{res.StatusCode, res.Header, body.Bytes(), address}, err
}

// showCookies and keepCookies make the call behave like one browser
// (https://www.twilio.com/docs/voice/twiml#twilio-is-a-well-behaved-http-client).
func (c *call) showCookies(req *http.Request) {
	if c.cookies == nil {
		return
	}
	for _, cookie := range c.cookies.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
}

func (c *call) keepCookies(address *url.URL, res *http.Response) {
	cookies := res.Cookies()
	if len(cookies) == 0 {
		return
	}
	if c.cookies == nil {
		c.cookies, _ = cookiejar.New(nil) // its only error is one of its options
	}
	c.cookies.SetCookies(address, cookies)
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
	if code := certificateFault(err); code != 0 {
		f.code = code
		return f
	}
	switch {
	case errors.As(err, &dns):
		f.code = 11210
	case errors.As(err, &timeout) && timeout.Timeout():
		f.code, f.text = 11205, "the request for "+u.Path+" was not answered in time"
	case errors.As(err, new(*net.OpError)):
		f.code = 11205
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
