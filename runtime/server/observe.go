package server

import (
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// What remains of a request is a line in the log, and numbers. Neither holds
// anything of a caller: the query, the headers, the body and the address of the
// client are never looked at, because they hold phone numbers. A path is written
// as it is if it names a document; any other path is somebody's invention, and
// loses its digits:
//
//	/menu.main-k3v…/digits-1?From=%2B14155550199  →  path=/menu.main-k3v…/digits-1
//	/call/+14155550199                            →  path=/call/+###########

// Observe returns a handler that sends the replies of next, counts them in m, and
// writes a line for each: method, path, the document that was served, status,
// duration and the bytes of the body. Refusals are warnings. Logger and m may be
// nil. If next panics, the client gets 500 and the log the place in the code.
func Observe(logger *slog.Logger, m *Metrics, next router.Replier) http.Handler {
	return &observer{logger, m, next}
}

type observer struct {
	logger  *slog.Logger
	metrics *Metrics
	next    router.Replier
}

func (o *observer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	sent := &countingWriter{ResponseWriter: w, started: start}
	var reply router.Reply
	defer func() {
		if p := recover(); p != nil {
			o.recovered(p, sent, r)
		}
		taken := time.Since(start)
		if o.metrics != nil {
			o.metrics.count(&reply, sent, taken)
		}
		if o.logger != nil {
			o.log(r, &reply, sent, taken)
		}
	}()
	reply = o.next.Reply(r)
	reply.Send(sent, r)
}

// recovered answers a request whose handler panicked. The value of a panic may
// hold anything, so only the place where it happened is written.
func (o *observer) recovered(p any, sent *countingWriter, r *http.Request) {
	if p == http.ErrAbortHandler {
		panic(p) // the HTTP server's own way to close a connection
	}
	if o.logger != nil {
		o.logger.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("stack", places(string(debug.Stack()))))
	}
	if sent.status == 0 {
		failure := router.Reply{Status: http.StatusInternalServerError, Text: "500: the request could not be answered.\n"}
		failure.Send(sent, r)
	}
}

// places keeps the lines of a stack that name files: the others hold values.
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
func (o *observer) log(r *http.Request, reply *router.Reply, sent *countingWriter, taken time.Duration) {
	level := slog.LevelInfo
	if sent.code() >= 400 {
		level = slog.LevelWarn
	}
	asked := withoutKey(r.URL.Path)
	if reply.Document == "" {
		asked = withoutDigits(shortened(asked))
	}
	attrs := [...]slog.Attr{
		slog.String("method", method(r.Method)),
		slog.String("path", asked),
		slog.String("document", withoutKey(reply.Document)),
		slog.Int("status", sent.code()),
		slog.Duration("duration", taken),
		slog.Int64("bytes", sent.bytes),
		slog.String("refusal", reply.Refusal.String()),
	}
	given := attrs[:]
	if reply.Refusal == router.None {
		given = attrs[:len(attrs)-1]
	}
	o.logger.LogAttrs(r.Context(), level, "request", given...)
}

// A recording may take two minutes, as long as the client takes a part of it every
// five seconds. A part is 32 kB, four seconds of what a telephone carries.
const (
	sendingTime = 2 * time.Minute
	partTime    = 5 * time.Second
)

// A countingWriter counts what is written to a client. It gives up on one that takes
// too little.
type countingWriter struct {
	http.ResponseWriter
	started time.Time
	status  int   // 0 until something is written
	bytes   int64 // of the body
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.status = w.code()
	if w.bytes > 0 { // all but the first part, which is the whole of a document
		until := time.Now().Add(partTime)
		if last := w.started.Add(sendingTime); until.After(last) {
			until = last
		}
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(until) // of a real connection
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// code returns the status that the client gets.
func (w *countingWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// method keeps methods that clients invent out of the log.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return name
	}
	return "other"
}

// shortened keeps requests that are made to fill the log from doing so.
func shortened(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}

// withoutKey writes # for the key in the name of a document that answers one, so that
// no log shows what a caller pressed: digits-1.7.xml is digits-1.#.xml. That nothing
// was pressed, digits-1._.xml, is no key.
func withoutKey(file string) string {
	if _, ok := bundle.DecisionAt(strings.TrimPrefix(file, "/")); ok {
		return file // the list of its address is not what was pressed
	}
	folder, name := path.Split(file)
	decision, answer, found := strings.Cut(name, ".")
	if !found || !strings.HasPrefix(name, "digits") || strings.HasPrefix(answer, "_.") {
		return file
	}
	return folder + decision + ".#" + path.Ext(answer)
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
