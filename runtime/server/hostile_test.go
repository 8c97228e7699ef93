package server

// Clients that hold connections and ask for nothing, or take nothing of what they
// asked for. As many as there may be connections are there before Twilio asks.

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router"
)

// besieged serves a document and a recording of 16 MB to so many connections at
// once, and only what is signed, but for the recording.
func besieged(t *testing.T, connections int) (s *Service, address string) {
	t.Helper()
	b := oneDocument()
	b.Data["audio/x.wav"] = make([]byte, 16<<20)
	b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile("audio/x.wav", b.Data["audio/x.wav"]))
	signed, err := router.Signature{Tokens: []string{"secret"}, OpenAudio: true}.Require(router.New(b))
	if err != nil {
		t.Fatal(err)
	}
	reloader, _, err := Open(t.Context(), once{b}, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = &Service{Replier: signed, Reloader: reloader, Logger: slog.New(slog.DiscardHandler), Connections: connections}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		<-done // it may have had to cut somebody off
	})
	return s, l.Addr().String()
}

// once is a source that holds one bundle.
type once struct{ b *bundle.Bundle }

func (o once) Read(context.Context, func(*bundle.FileRow) []byte) (*Reading, error) {
	return &Reading{Bundles: []*bundle.Bundle{o.b}}, nil
}

// signedGet asks for the document as Twilio does.
func (c *client) signedGet(address string) error {
	url := "http://" + address + "/a/x.xml"
	if _, err := fmt.Fprintf(c, "GET /a/x.xml HTTP/1.1\r\nHost: %s\r\nX-Twilio-Signature: %s\r\n\r\n", address, router.Sign("secret", url)); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

// besiegers is how many connections a siege has. -besiegers 4096 -v tells how long
// signed requests took; the system must allow twice as many open files.
var besiegers = flag.Int("besiegers", deep.Or(128, 4096), "how many clients besiege the server")

// Each siege holds all connections. A signed request is answered while most of the
// besiegers are still there: nobody had to wait until their time was over.
func TestSignedRequestsUnderSiege(t *testing.T) {
	n := *besiegers
	if most := openFiles(); most < uint64(2*n+100) {
		t.Skipf("%d connections take %d open files, and the system allows %d; see ulimit -n", n, 2*n+100, most)
	}
	for name, request := range map[string]func(i int) string{
		"silent":      func(int) string { return "" },
		"half a line": func(int) string { return "GET /a/x.xml HT" },
		"half a body": func(int) string {
			return "POST /a/x.xml HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nDig"
		},
		"audio":         func(int) string { return "GET /audio/x.wav HTTP/1.1\r\nHost: x\r\n\r\n" },
		"audio in part": func(int) string { return "GET /audio/x.wav HTTP/1.1\r\nHost: x\r\nRange: bytes=1-\r\n\r\n" },
		"all of them": func(i int) string {
			return []string{"", "GET / HTTP/1.1\r\nHo", "GET /audio/x.wav HTTP/1.1\r\nHost: x\r\n\r\n"}[i%3]
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, address := besieged(t, n)
			for i := range n {
				c := dial(t, address)
				_ = c.Conn.(*net.TCPConn).SetReadBuffer(4096)
				fmt.Fprint(c, request(i))
			}
			var longest time.Duration
			for range 8 {
				begun := time.Now()
				if err := dial(t, address).signedGet(address); err != nil {
					t.Fatal(err)
				}
				longest = max(longest, time.Since(begun))
			}
			t.Logf("with %d besiegers, 8 signed requests took %s at most", n, longest.Round(time.Millisecond))
			families := parseMetrics(t, s.Reloader.Metrics.text())
			if there := int(families["ivrc_connections"].samples["ivrc_connections"]); there < n/4 {
				t.Errorf("of %d connections only %d are still open: the besiegers' time was over before the requests were answered", n, there)
			}
		})
	}
}

// deadlines is a connection that notes until when it may be written to.
type deadlines struct {
	http.ResponseWriter
	until []time.Time
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.until = append(d.until, t)
	return nil
}

func (d *deadlines) Write(p []byte) (int, error) { return len(p), nil }

// The time for a recording is that of its next part, and ends after two minutes.
func TestSendingFollowsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		d := &deadlines{ResponseWriter: httptest.NewRecorder()}
		w := &countingWriter{ResponseWriter: d, started: begun}
		var want []time.Duration
		for range 45 {
			if w.bytes > 0 {
				want = append(want, min(time.Since(begun)+partTime, sendingTime))
			}
			_, _ = w.Write(make([]byte, 32<<10))
			time.Sleep(3 * time.Second)
		}
		for i, until := range d.until {
			if until.Sub(begun) != want[i] {
				t.Errorf("part %d may be sent until %s, want %s", i+1, until.Sub(begun), want[i])
			}
		}
		if len(d.until) != len(want) || want[len(want)-1] != sendingTime {
			t.Errorf("%d deadlines for %d parts, the last one %s", len(d.until), len(want), want[len(want)-1])
		}
	})
}

// More recordings than half of the connections are refused, until one has been sent.
func TestRecordingsAreCountedApart(t *testing.T) {
	b := oneDocument()
	b.Data["audio/x.wav"] = []byte("RIFF")
	b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile("audio/x.wav", b.Data["audio/x.wav"]))
	limit := &audioLimit{next: router.New(b), slots: make(chan struct{}, 1)}
	ask := func(ctx context.Context, path string) int {
		reply := limit.Reply(httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
		return reply.Status
	}
	sending, sent := context.WithCancel(t.Context())
	if status := ask(sending, "/audio/x.wav"); status != 200 {
		t.Errorf("the first: %d", status)
	}
	if status := ask(t.Context(), "/audio/x.wav"); status != 503 {
		t.Errorf("the second: %d", status)
	}
	if status := ask(t.Context(), "/a/x.xml"); status != 200 {
		t.Errorf("a document: %d", status)
	}
	sent()
	for len(limit.slots) > 0 {
		runtime.Gosched()
	}
	if status := ask(t.Context(), "/audio/x.wav"); status != 200 {
		t.Errorf("after the first was sent: %d", status)
	}
}

func TestTokensHaveAForm(t *testing.T) {
	const one, two = "0123456789abcdef0123456789abcdef", "00000000000000000000000000000002"
	for text, want := range map[string]string{
		one + "\n" + two + "\n":         one + " " + two,
		"\ufeff" + one + "\r\n\r\n":     one,
		"  " + one + "\t\n" + two:       one + " " + two,
		one + "\n# the old one\n" + two: "line 2 is no auth token; those of Twilio have 32 hexadecimal digits",
		one + " " + two:                 "line 1 is no auth token; those of Twilio have 32 hexadecimal digits",
		one[:31]:                        "line 1 is no auth token; those of Twilio have 32 hexadecimal digits",
		one + "0":                       "line 1 is no auth token; those of Twilio have 32 hexadecimal digits",
		"\xff\xfe" + one:                "line 1 is no auth token; those of Twilio have 32 hexadecimal digits",
		"\x00\x00":                      "line 1 is no auth token; those of Twilio have 32 hexadecimal digits",
		"":                              "the file holds none",
		"\ufeff\n \n":                   "the file holds none",
	} {
		tokens, err := parseTokens([]byte(text))
		got := strings.Join(tokens, " ")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
