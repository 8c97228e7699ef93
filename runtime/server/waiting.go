package server

// Connections that have not said yet what they want: those that send nothing, half a
// request, or the body of one drop by drop. When there are too many connections, the
// oldest of these makes room, so that a call never waits for who has nothing to ask.
// Whoever has asked is answered first.

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// silence is for how long a connection may say nothing before it may be closed.
const silence = time.Second

// A waitingRoom holds those connections.
type waitingRoom struct {
	lock  sync.Mutex
	since map[net.Conn]time.Time
}

// enter lets a connection in, if it is not there already.
func (w *waitingRoom) enter(c net.Conn) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.since == nil {
		w.since = map[net.Conn]time.Time{}
	}
	w.since[c] = time.Now()
}

// leave takes a connection out.
func (w *waitingRoom) leave(c net.Conn) {
	w.lock.Lock()
	defer w.lock.Unlock()
	delete(w.since, c)
}

// closeOne closes the connection that has been silent for longest, if that is too
// long.
func (w *waitingRoom) closeOne() {
	w.lock.Lock()
	defer w.lock.Unlock()
	var oldest net.Conn
	for c, since := range w.since {
		if oldest == nil || since.Before(w.since[oldest]) {
			oldest = c
		}
	}
	if oldest != nil && time.Since(w.since[oldest]) >= silence {
		delete(w.since, oldest)
		go oldest.Close() // which may take a moment with TLS
	}
}

// connectionKey is the key of a connection in the context of its requests.
type connectionKey struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// until returns a handler for requests whose connections leave when they have been
// read whole, and enter again when they have been answered.
func (w *waitingRoom) until(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c, _ := r.Context().Value(connectionKey{}).(net.Conn)
		if r.Body == nil || r.Body == http.NoBody {
			w.leave(c)
		} else {
			r.Body = &wholeBody{ReadCloser: r.Body, read: func() { w.leave(c) }}
		}
		defer w.enter(c)
		next.ServeHTTP(rw, r)
	})
}

// A wholeBody tells when it has been read to its end.
type wholeBody struct {
	io.ReadCloser
	read func()
}

func (b *wholeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.read()
	}
	return n, err
}
