package server

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of a connection. Twilio waits 15 s for a document:
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. A
// long recording may take longer, as long as it gets on; see observe.go.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 15 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10 // with the URL; Twilio's requests have about 1 kB
	stopTimeout       = 15 * time.Second
)

// A Server answers the requests that arrive at a listener.
type Server struct {
	Handler http.Handler
	// Connections is how many may be open at once, 4096 if it is 0. The others
	// wait to be accepted. To make room, connections are closed that are idle, or
	// have not said for a second what they want.
	Connections int
	// Logger receives what happens to connections, without the addresses of
	// clients. It may be nil.
	Logger *slog.Logger

	open        atomic.Int64
	waiting     waitingRoom
	stopTimeout time.Duration // a test's
}

// Open returns the number of connections that are open now.
func (s *Server) Open() int { return int(s.open.Load()) }

// Serve answers requests until the context ends or the listener fails. When the
// context ends, it accepts nothing more, waits up to 15 s for requests that are
// being answered, and returns nil, or an error if it had to cut some off. It closes
// the listener. Call it once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	limited := &limitedListener{Listener: l, waiting: &s.waiting, slots: make(chan struct{}, s.limit()), closed: make(chan struct{})}
	server := &http.Server{
		Handler:                      s.waiting.until(s.Handler),
		ConnContext:                  withConnection,
		ReadHeaderTimeout:            readHeaderTimeout,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(connectionLog{s.Logger}, "", 0),
		ConnState: func(c net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.open.Add(1)
				s.waiting.enter(c)
			case http.StateClosed, http.StateHijacked:
				s.open.Add(-1)
				s.waiting.leave(c)
				<-limited.slots
			}
		},
	}
	limited.server = server
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(limited) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving at %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	patience := stopTimeout
	if s.stopTimeout > 0 {
		patience = s.stopTimeout
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := server.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("stopped serving at %s: some requests were not answered within %s and were cut off", l.Addr(), patience)
	}
	err = errors.Join(err, server.Close())
	<-failed // the listener is closed now
	return err
}

func (s *Server) limit() int {
	if s.Connections > 0 {
		return s.Connections
	}
	return 4096
}

// A limitedListener accepts a connection when there is a slot for it. The slot is
// free again when the server reports that the connection is closed.
type limitedListener struct {
	net.Listener
	server  *http.Server
	waiting *waitingRoom
	slots   chan struct{}
	once    sync.Once
	closed  chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	default:
		l.server.SetKeepAlivesEnabled(false) // closes those that are idle, now and from now on
		for room := false; !room; {
			l.waiting.closeOne()
			select {
			case l.slots <- struct{}{}:
				room = true
			case <-l.closed:
				return nil, net.ErrClosed
			case <-time.After(silence / 20):
			}
		}
		l.server.SetKeepAlivesEnabled(true)
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
	}
	return c, err
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// A connectionLog receives what the HTTP server says about connections.
type connectionLog struct{ logger *slog.Logger }

// addresses matches those of clients and of this server.
var addresses = regexp.MustCompile(`(\d{1,3}(\.\d{1,3}){3}|\[[0-9A-Za-z:.%]+\]):\d+`)

func (l connectionLog) Write(p []byte) (int, error) {
	if l.logger != nil {
		text, _, _ := strings.Cut(strings.TrimSpace(string(p)), "\n")
		l.logger.Info("connection", slog.String("problem", addresses.ReplaceAllString(text, "…")))
	}
	return len(p), nil
}
