package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// fixed is a source that always holds the same bundle.
type fixed struct{ bundle *bundle.Bundle }

func (f fixed) Read(context.Context, func(*bundle.FileRow) []byte) (*Reading, error) {
	return &Reading{Bundles: []*bundle.Bundle{f.bundle}}, nil
}

// statusOf requests an address, and returns the status of the answer.
func statusOf(t *testing.T, address string) int {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// A service that is told to stop is not ready any more, answers on as long as it
// drains, and then stops.
func TestServiceDrains(t *testing.T) {
	var addresses [2]string
	var listeners [2]net.Listener
	for i := range listeners {
		var err error
		if listeners[i], err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		addresses[i] = "http://" + listeners[i].Addr().String()
	}
	logger := slog.New(slog.DiscardHandler)
	reloader, _, err := Open(t.Context(), fixed{oneDocument()}, 0, logger)
	if err != nil {
		t.Fatal(err)
	}
	states := make(chan string, 2)
	drained := make(chan time.Time)
	s := &Service{
		Replier: reloader.Handler, Reloader: reloader, Logger: logger, Connections: 10, Operators: listeners[1], Drain: time.Hour,
		Notify: func(state string) { states <- state },
		after: func(d time.Duration) <-chan time.Time {
			if d != time.Hour {
				t.Errorf("it drains for %v", d)
			}
			return drained
		},
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, listeners[0]) }()
	if got := <-states; got != "READY=1" {
		t.Errorf("the manager is told %q first", got)
	}
	for _, address := range addresses {
		if got := statusOf(t, address+router.ReadyPath); got != 200 {
			t.Errorf("it is not ready: %d", got)
		}
	}
	stop()
	if got := <-states; got != "STOPPING=1" {
		t.Errorf("the manager is told %q then", got)
	}
	for statusOf(t, addresses[0]+router.ReadyPath) != 503 { // until it leaves
	}
	want := []int{503, 200, 200}
	for i, path := range []string{router.ReadyPath, router.HealthPath, "/a/x.xml"} {
		if got := statusOf(t, addresses[0]+path); got != want[i] {
			t.Errorf("%s: status %d while it drains, want %d", path, got, want[i])
		}
	}
	if got := []int{statusOf(t, addresses[1]+router.ReadyPath), statusOf(t, addresses[1]+"/metrics"), statusOf(t, addresses[1]+"/a/x.xml")}; !slices.Equal(got, []int{503, 200, 404}) {
		t.Errorf("operators are answered with %v", got)
	}
	close(drained)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(addresses[0], "http://")); err == nil {
		t.Error("it still listens")
	}
}
