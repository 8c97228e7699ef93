package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/router"
)

// A client is one connection that is kept open.
type client struct {
	net.Conn
	answers *bufio.Reader
}

func dial(t *testing.T, address string) *client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &client{c, bufio.NewReader(c)}
}

// get sends a request on the connection and reads the answer.
func (c *client) get() error {
	if _, err := fmt.Fprint(c, "GET /a/x.xml HTTP/1.1\r\nHost: ivr.example\r\n\r\n"); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != 200 {
		return fmt.Errorf("status %d, %w", response.StatusCode, err)
	}
	return nil
}

// limitedServer serves with few connections. stop ends it.
func limitedServer(t *testing.T, connections int) (s *Server, address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = &Server{Handler: router.New(oneDocument()), Connections: connections}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s, l.Addr().String()
}

// Whoever holds connections open without using them makes room for who asks.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	s, address := limitedServer(t, 4)
	var first []*client
	for range 4 {
		c := dial(t, address)
		if err := c.get(); err != nil {
			t.Fatal(err)
		}
		first = append(first, c)
	}
	for range 20 {
		c := dial(t, address)
		if err := c.get(); err != nil {
			t.Fatal(err)
		}
		if n := s.Open(); n > 4 {
			t.Errorf("%d connections are open", n)
		}
	}
	closed := 0
	for _, c := range first {
		if c.get() != nil {
			closed++
		}
	}
	if closed == 0 {
		t.Error("24 clients have 4 connections")
	}
}

// A client that sends half a request holds a connection until the time for headers
// is over; then a client that waits is served.
func TestSlowClientsDelayOnly(t *testing.T) {
	t.Parallel() // it takes the five seconds of the limit
	_, address := limitedServer(t, 2)
	for range 2 {
		c := dial(t, address)
		if _, err := fmt.Fprint(c, "GET /a/x.xml HTTP/1.1\r\nHo"); err != nil {
			t.Fatal(err)
		}
	}
	if err := dial(t, address).get(); err != nil {
		t.Error(err)
	}
}

// What a client is told is not lost when the server closes the connection.
func TestTooLargeAHeaderIsAnswered(t *testing.T) {
	_, address := limitedServer(t, 2)
	for range 10 {
		status, _ := send(t, address, "GET /a/x.xml HTTP/1.1\r\nHost: ivr.example\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n")
		if status != 431 {
			t.Errorf("status %d", status)
		}
	}
}
