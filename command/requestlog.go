package command

// IVRC_LOG: a line on standard error for each request to Twilio, to object storage
// and to the public host, for whoever wants to know what a command does:
//
//	level=DEBUG msg=request method=POST host=api.twilio.com
//	    path=/2010-04-01/Accounts/AC…/IncomingPhoneNumbers/PN….json status=200 ms=87
//
// Of a request it shows nothing else: queries, headers and bodies hold credentials
// and telephone numbers.

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"
)

// requestLevels are the values of IVRC_LOG.
var requestLevels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// openLog opens the log that IVRC_LOG asks for.
func (p *Program) openLog() error {
	value := p.env("IVRC_LOG")
	if value == "" || value == "off" {
		return nil
	}
	level, ok := requestLevels[value]
	if !ok {
		return fmt.Errorf("IVRC_LOG is debug, info, warn, error or off, not %q", value)
	}
	p.log = slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: level}))
	return nil
}

// logEnvironment lets each line say for which environment it is.
func (p *Program) logEnvironment(name string) {
	if p.log != nil && name != "" {
		p.log = p.log.With("environment", name)
	}
}

// logged returns a transport that writes a line for each request, if one is asked for.
// A nil transport is the network.
func (p *Program) logged(t http.RoundTripper) http.RoundTripper {
	if p.log == nil {
		return t
	}
	if t == nil {
		t = http.DefaultTransport
	}
	return loggedTransport{t, p.log}
}

// A loggedTransport writes a line for each request.
type loggedTransport struct {
	http.RoundTripper
	log *slog.Logger
}

// RoundTrip makes the request. One that is refused, or not answered, is a warning.
func (t loggedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	begun := time.Now()
	response, err := t.RoundTripper.RoundTrip(r)
	level, status := slog.LevelDebug, 0
	if err == nil {
		status = response.StatusCode
	}
	if status == 0 || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	t.log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("host", r.URL.Host),
		slog.String("path", withoutNumbers(r.URL.Path)), slog.Int("status", status), slog.Int64("ms", time.Since(begun).Milliseconds()))
	return response, err
}

var (
	sids         = regexp.MustCompile(`\b([A-Z]{2})[0-9a-f]{32}\b`)
	phoneNumbers = regexp.MustCompile(`(?:\+|%2B)[0-9]+|\b[0-9]{8,}\b`)
)

// withoutNumbers leaves out of a path whose account, number or call it is.
func withoutNumbers(path string) string {
	return phoneNumbers.ReplaceAllString(sids.ReplaceAllString(path, "$1…"), "…")
}
