package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// start serves a handler on loopback. stop ends it and returns Serve's result.
func start(t *testing.T, h http.Handler, stopTimeout time.Duration) (address string, stop func() error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- (&Server{Handler: h, stopTimeout: stopTimeout}).Serve(ctx, l) }()
	return l.Addr().String(), func() error {
		cancel()
		return <-result
	}
}

// send writes raw bytes to a server and reads one response.
func send(t *testing.T, address, request string) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() { _, _ = io.WriteString(c, request) }() // the server may answer before it has read all
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header.Get("Location") + string(body)
}

// oneDocument is a bundle of one document.
func oneDocument() *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{"a/x.xml": []byte("<Response/>")}}
	b.Manifest.Files = []bundle.FileRow{bundle.NewFile("a/x.xml", b.Data["a/x.xml"])}
	return b
}

func TestServeRawRequests(t *testing.T) {
	address, stop := start(t, router.New(oneDocument()), time.Minute)
	tests := map[string]struct {
		request string
		status  int
	}{
		"document":      {"GET /a/x.xml HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 200},
		"absolute form": {"GET http://ivr.example/a/x.xml HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 200},
		"old client":    {"GET /a/x.xml HTTP/1.0\r\n\r\n", 200},
		"two slashes":   {"GET //a/x.xml HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 404},
		"dots":          {"GET /a/../a/x.xml HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 404},
		"directory":     {"GET /a HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 404},
		"options":       {"OPTIONS * HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 405},
		"post":          {"POST /a/x.xml HTTP/1.1\r\nHost: ivr.example\r\nContent-Length: 8\r\n\r\nDigits=2", 405},
		"long query":    {"GET /a/x.xml?x=" + strings.Repeat("1", 32<<10) + " HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 200},
		"endless query": {"GET /a/x.xml?x=" + strings.Repeat("1", 1<<20) + " HTTP/1.1\r\nHost: ivr.example\r\n\r\n", 431},
		"no host":       {"GET /a/x.xml HTTP/1.1\r\n\r\n", 400},
		"no HTTP":       {"hello\r\n\r\n", 400},
	}
	for name, test := range tests {
		if status, text := send(t, address, test.request); status != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, status, test.status, text)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", address); err == nil {
		c.Close()
		t.Error("a server that was stopped still listens")
	}
}

// held is a handler that answers when it is told to.
type held struct{ arrived, release chan struct{} }

func (h held) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	close(h.arrived)
	<-h.release
	_, _ = io.WriteString(w, "answered")
}

func TestServeAnswersWhatHasBegun(t *testing.T) {
	h := held{make(chan struct{}), make(chan struct{})}
	address, stop := start(t, h, time.Minute)
	body := make(chan string)
	go func() {
		resp, err := http.Get("http://" + address)
		if err != nil {
			body <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		body <- string(text)
	}()
	<-h.arrived
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	for { // until the listener is closed; the request is still being answered
		c, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		c.Close()
	}
	close(h.release)
	if got := <-body; got != "answered" {
		t.Errorf("the request in progress is answered with %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestServeCutsOffAfterTheDeadline(t *testing.T) {
	h := held{make(chan struct{}), make(chan struct{})}
	address, stop := start(t, h, time.Millisecond)
	failed := make(chan bool)
	go func() {
		_, err := http.Get("http://" + address)
		failed <- err != nil
	}()
	<-h.arrived
	if err := stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got error %v", err)
	}
	if !<-failed {
		t.Error("the request that was cut off was answered")
	}
	close(h.release)
}

// broken is a listener that fails.
type broken struct{ net.Listener }

var errBroken = errors.New("broken")

func (broken) Accept() (net.Conn, error) { return nil, errBroken }

func TestServeReportsABrokenListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := (&Server{Handler: router.New(oneDocument())}).Serve(t.Context(), broken{l}); !errors.Is(err, errBroken) {
		t.Errorf("got error %v", err)
	}
}
