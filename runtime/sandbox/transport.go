package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall"
)

// RoundTrip answers a request of a client in the same process, without a
// network. A connection that breaks is an error, as it is over a network.
func (a *Account) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	inner := r.Clone(r.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	defer inner.Body.Close()
	w := &recorder{header: http.Header{}}
	if a.broke(w, inner) {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		if w.status == 0 {
			return nil, fmt.Errorf("read: %w", syscall.ECONNRESET)
		}
	}
	return w.response(r), nil
}

// broke serves a request, and reports whether the connection broke.
func (a *Account) broke(w http.ResponseWriter, r *http.Request) (broke bool) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			broke = true
		} else if p != nil {
			panic(p)
		}
	}()
	a.ServeHTTP(w, r)
	return false
}

// A recorder keeps a reply.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) { w.status = status }

func (w *recorder) Write(data []byte) (int, error) { return w.body.Write(data) }

// response is the reply as a client reads it. Where fewer bytes came than were
// announced, reading ends in an error.
func (w *recorder) response(r *http.Request) *http.Response {
	var body io.Reader = &w.body
	length, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64)
	if err != nil {
		length = 0
	}
	if int64(w.body.Len()) < length {
		body = io.MultiReader(body, brokenReader{})
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}
}

// A brokenReader is a connection that broke.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
