package router

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// What is known of requests afterwards: a line in the log, and numbers. Both are
// kept free of what belongs to a caller. The query, the headers, the body and the
// address of the client are never looked at, because they hold phone numbers. A
// path is written as it is if it names a document; any other is what somebody
// made up, and loses its digits:
//
//	/menu.main-k3v…/digits-1?From=%2B14155550199  →  path=/menu.main-k3v…/digits-1
//	/call/+14155550199                            →  path=/call/+###########

// Observe returns a handler that counts the requests that next answers, in m, and
// writes a line for each of them: method, path, the document that was served,
// status, duration and bytes of the body. Refusals are warnings. A logger or
// metrics that are nil are left out. If next panics, the request is answered with
// 500 and the place in the code is logged.
func Observe(logger *slog.Logger, m *Metrics, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		o := &observed{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				o.panicked(logger, p, r)
			}
			taken := time.Since(start)
			if m != nil {
				m.count(o, taken)
			}
			if logger != nil {
				o.log(logger, r, taken)
			}
		}()
		next.ServeHTTP(o, r)
	})
}

// observed is a response that is known afterwards.
type observed struct {
	http.ResponseWriter
	document string           // path below public/, set by Handler
	decision *bundle.Decision // that was asked for, set by Handler
	probe    bool             // it was asked how the server is, set by Handler
	refusal  refusal          // set by verifier
	status   int              // 0 as long as nothing is written
	bytes    int64            // of the body
}

// A refusal is why a request did not pass the check of its signature.
type refusal int

const (
	none           refusal = iota
	unsigned               // there is no signature
	wronglySigned          // there is one, or several, and it does not fit
	unreadableForm         // the body is no form, is too large, or names a field twice
)

// refusals are the refusals as metrics and logs name them.
var refusals = [...]string{none: "", unsigned: "unsigned", wronglySigned: "wrongly_signed", unreadableForm: "unreadable_form"}

func (o *observed) WriteHeader(status int) {
	o.status = status
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(p []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(p)
	o.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// code is the status that the client has got.
func (o *observed) code() int {
	if o.status == 0 {
		return http.StatusOK
	}
	return o.status
}

// panicked answers a request whose handler panicked. What the panic says may hold
// anything, so only where it happened is written.
func (o *observed) panicked(logger *slog.Logger, p any, r *http.Request) {
	if p == http.ErrAbortHandler {
		panic(p) // the server's own way to close a connection
	}
	if logger != nil {
		logger.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("stack", places(string(debug.Stack()))))
	}
	if o.status == 0 {
		plain(o, r, http.StatusInternalServerError, "500: the request could not be answered.\n")
	}
}

// places keeps the lines of a stack that name files, and with them no values.
func places(stack string) string {
	var kept []string
	for line := range strings.Lines(stack) {
		if place, _, found := strings.Cut(line, " +0x"); found && strings.HasPrefix(line, "\t") {
			kept = append(kept, strings.TrimSpace(place))
		}
	}
	return strings.Join(kept, " < ")
}

// log writes the line of a request.
func (o *observed) log(logger *slog.Logger, r *http.Request, taken time.Duration) {
	level := slog.LevelInfo
	if o.code() >= 400 {
		level = slog.LevelWarn
	}
	path := r.URL.Path
	if o.document == "" {
		path = withoutDigits(shortened(path))
	}
	attrs := [...]slog.Attr{
		slog.String("method", method(r.Method)),
		slog.String("path", path),
		slog.String("document", o.document),
		slog.Int("status", o.code()),
		slog.Duration("duration", taken),
		slog.Int64("bytes", o.bytes),
		slog.String("refusal", refusals[o.refusal]),
	}
	given := attrs[:]
	if o.refusal == none {
		given = attrs[:len(attrs)-1]
	}
	logger.LogAttrs(r.Context(), level, "request", given...)
}

// method keeps methods that people invent out of the log.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return name
	}
	return "other"
}

// shortened keeps the line of a request that only wants to fill the log short.
func shortened(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}

// withoutDigits writes # for every digit, so that no text holds a phone number.
func withoutDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return r
	}, text)
}
