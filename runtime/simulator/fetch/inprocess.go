package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// inProcess makes a handler answer requests without a network.
type inProcess struct{ handler http.Handler }

// RoundTrip shows the handler a request as a server would. A handler that
// panics has dropped the connection.
func (p inProcess) RoundTrip(out *http.Request) (res *http.Response, err error) {
	in := out.Clone(out.Context())
	in.RequestURI = out.URL.RequestURI()
	in.RemoteAddr = "192.0.2.1:1234" // an address for documentation
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &recorder{header: http.Header{}}
	defer func() {
		if r := recover(); r != nil {
			res, err = nil, fmt.Errorf("the handler panicked: %v", r)
		}
	}()
	p.handler.ServeHTTP(w, in)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status, Header: w.sent, Request: out,
		ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(w.body.Len()), Body: io.NopCloser(&w.body),
	}, nil
}

// A recorder collects what a handler writes.
type recorder struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status, w.sent = status, w.header.Clone()
		if n, err := strconv.Atoi(w.header.Get("Content-Length")); err == nil && n > 0 && n <= maxAudio {
			w.body.Grow(n)
		}
	}
}

// Write guesses a missing content type as Go's server does.
func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		if _, set := w.header["Content-Type"]; !set {
			w.header.Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	return w.body.Write(b)
}
