package router

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection. Twilio gives up on a document after 15 s:
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. A
// long recording over a slow line may take longer.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10 // Twilio's requests have about 1 kB
	stopTimeout       = 15 * time.Second
)

// Serve answers the requests that arrive at a listener until the context ends
// or the listener fails. When the context ends it accepts nothing more, waits
// up to 15 s for requests that are being answered, and returns nil, or an error
// if some had to be cut off. It closes the listener. For TLS, pass the listener
// of [crypto/tls.NewListener].
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return serve(ctx, l, h, stopTimeout)
}

func serve(ctx context.Context, l net.Listener, h http.Handler, stopTimeout time.Duration) error {
	server := &http.Server{
		Handler:                      h,
		ReadHeaderTimeout:            readHeaderTimeout,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		DisableGeneralOptionsHandler: true,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving at %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := server.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("stopped serving at %s: some requests were not answered within %s and were cut off", l.Addr(), stopTimeout)
	}
	err = errors.Join(err, server.Close())
	<-failed // the listener is closed now
	return err
}

// Log writes one line for each request that next answers: method, path, the
// document that was served, status, duration and bytes of the body. It never
// writes the query, the headers or the address of the client: they hold
// callers' phone numbers. Refusals are warnings.
func Log(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		l := &logged{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(l, r)
		level := slog.LevelInfo
		if l.status >= 400 {
			level = slog.LevelWarn
		}
		logger.LogAttrs(r.Context(), level, "request",
			slog.String("method", r.Method),
			slog.String("path", shortened(r.URL.Path)),
			slog.String("document", l.document),
			slog.Int("status", l.status),
			slog.Duration("duration", time.Since(start)),
			slog.Int64("bytes", l.bytes))
	})
}

// logged is a response of which a line will be written.
type logged struct {
	http.ResponseWriter
	document string // path below public/, set by Handler
	status   int
	bytes    int64 // of the body
}

func (l *logged) WriteHeader(status int) {
	l.status = status
	l.ResponseWriter.WriteHeader(status)
}

func (l *logged) Write(p []byte) (int, error) {
	n, err := l.ResponseWriter.Write(p)
	l.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (l *logged) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// shortened keeps the line of a request that only wants to fill the log short.
func shortened(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}
