package command_test

// A server under everything at once: as many requests as it can answer, clients
// that are slow, that reset, that send too much or nonsense, and a new release in
// the store every second. What must hold:
//
//   - nothing is answered with 5xx, and every honest request as it should be
//   - a response is one release's, from its first byte to its last
//   - what a call in progress needs is there
//   - memory stays what it is
//
// An ordinary test is enough releases to compare their memory. A night of it:
//
//	go test ./command -run TestSoak -soak 8h -timeout 9h -v

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router"
)

var soak = flag.Duration("soak", 0, "how long TestSoak runs at least")

const (
	soakToken = "00000000000000000000000000012345"
	soakSound = "audio/aaaaaaaaaaaaaaaaaaaaaaaaaa.wav" // is in every release

	settled = 20 // releases after which every generation of documents has been replaced
	enough  = 15 // releases after these at least, to compare their memory
)

// soakKeys are the keys that honest clients press.
var soakKeys = strings.Split("0123456789", "")

// soakRelease is the n-th release.
func soakRelease(n int) *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest = bundle.Manifest{FormatVersion: bundle.FormatVersion, Compiler: "soak", Project: "soak", Fallback: soakFolder(n) + "/menu-1.xml"}
	add := func(path, text string) { b.Data[path] = []byte(text) }
	add(b.Manifest.Fallback, fmt.Sprintf("<Response><Say>%d</Say></Response>", n))
	for _, answer := range append(soakKeys, "star", "pound", "other", "_") {
		add(soakFolder(n)+"/digits-1."+answer+".xml", fmt.Sprintf("<Response><Say>%d, %s</Say></Response>", n, answer))
	}
	add(soakFolder(n)+"/menu-2.xml", longDocument(n))
	add(soakSound, strings.Repeat("sound", 20_000))
	for path, data := range b.Data {
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(path, data))
	}
	slices.SortFunc(b.Manifest.Files, func(a, b bundle.FileRow) int { return strings.Compare(a.Path, b.Path) })
	b.Seal()
	return b
}

// longDocument says the number of its release from its first line to its last.
func longDocument(n int) string {
	return "<Response>\n" + strings.Repeat(fmt.Sprintf("<Say>%d</Say>\n", n), 3000) + "</Response>\n"
}

// soakFolder is the component that only the n-th release has.
func soakFolder(n int) string {
	name := []byte("menu.only-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	for i := len(name) - 1; n > 0; i, n = i-1, n/26 {
		name[i] = byte('a' + n%26)
	}
	return string(name)
}

// A siege is one run of the test.
type siege struct {
	t        *testing.T
	store    string // its directory
	url      string // of the server
	newest   atomic.Int64
	statuses [600]atomic.Int64
	failures atomic.Int64
	heaps    []uint64 // after each release
}

// fail reports the first failures only, because a siege has millions of requests.
func (s *siege) fail(format string, args ...any) {
	if s.failures.Add(1) <= 20 {
		s.t.Errorf(format, args...)
	}
}

// write writes an object of the store, so that it is there whole or not at all.
func (s *siege) write(key string, data []byte) {
	name := filepath.Join(s.store, filepath.FromSlash(key))
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = commandtest.WriteFile(name, data)
	}
	if err != nil {
		s.fail("%s: %v", key, err)
	}
}

// release writes a release in the order in which apply does, and removes one that
// is old.
func (s *siege) release(n int) {
	b := soakRelease(n)
	for path, data := range b.Data {
		if path != soakSound || n == 1 {
			s.write("public/"+path, data)
		}
	}
	s.write("private/releases/"+b.Manifest.Digest+".json", b.Private()["bundle.json"])
	s.write(fmt.Sprintf("private/applied/%08d.json", n), fmt.Appendf(nil, `{"format_version": "1.0", "release": %q, "base_url": %q}`, b.Manifest.Digest, s.url))
	s.newest.Store(int64(n))
	if n < 4 {
		return
	}
	old := "private/releases/" + soakRelease(n-3).Manifest.Digest + ".json"
	for _, key := range []string{old, fmt.Sprintf("private/applied/%08d.json", n-3), "public/" + soakFolder(n-3)} {
		if err := os.RemoveAll(filepath.Join(s.store, filepath.FromSlash(key))); err != nil {
			s.fail("%v", err)
		}
	}
}

// releases writes one release after another, and measures the memory, until the
// time is over and there were enough of them to compare.
func (s *siege) releases(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	begun := time.Now()
	for n := 2; time.Since(begun) < *soak || len(s.heaps) < settled+deep.Or(enough, 5*enough); n++ {
		<-tick.C
		s.release(n)
		for !strings.Contains(commandtest.Get(s.t, s.url+router.ReadyPath), soakRelease(n).Manifest.Digest) {
			// One that the server has not read yet is not removed: gc waits for a day.
		}
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		s.heaps = append(s.heaps, memory.HeapAlloc)
	}
}

// An honest client asks as Twilio does, and knows the answers.
func (s *siege) honest(ctx context.Context, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	transport := &http.Transport{MaxIdleConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	for ctx.Err() == nil {
		n := int(s.newest.Load())
		n = max(1, n-random.IntN(3)) // of the newest release, or one in which a call began
		switch random.IntN(10) {
		case 0:
			s.expect(ctx, transport, n, "menu-2.xml", longDocument(n))
		case 1:
			s.expect(ctx, transport, n, "menu-1.xml?CallSid=CA1", fmt.Sprintf("<Response><Say>%d</Say></Response>", n))
		case 2:
			if response, _, ok := s.get(ctx, transport, "/wp-login.php"); ok && response.StatusCode != 404 {
				s.fail("a stranger's path is answered with %s", response.Status)
			}
		case 3:
			if _, body, ok := s.get(ctx, transport, "/"+soakSound); ok && string(body) != strings.Repeat("sound", 20_000) {
				s.fail("the sound has %d bytes", len(body))
			}
		default:
			key := soakKeys[random.IntN(10)]
			s.expect(ctx, transport, n, "digits-1?CallSid=CA1&From=%2B14155550199&Digits="+key, fmt.Sprintf("<Response><Say>%d, %s</Say></Response>", n, key))
		}
	}
}

// get sends a signed request.
func (s *siege) get(ctx context.Context, transport *http.Transport, target string) (response *http.Response, body []byte, ok bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+target, nil)
	if err != nil {
		s.fail("%v", err)
		return nil, nil, false
	}
	request.Header.Set("X-Twilio-Signature", router.Sign(soakToken, s.url+target))
	if response, err = transport.RoundTrip(request); err == nil {
		defer response.Body.Close()
		body, err = io.ReadAll(response.Body)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.fail("%s: %v", target, err)
		}
		return nil, nil, false
	}
	s.statuses[response.StatusCode].Add(1)
	return response, body, true
}

// expect asks for a document of a release, and looks at all of it.
func (s *siege) expect(ctx context.Context, transport *http.Transport, n int, document, want string) {
	response, body, ok := s.get(ctx, transport, "/"+soakFolder(n)+"/"+document)
	if !ok || response.StatusCode == 404 && int(s.newest.Load()) > n+10 {
		return // a busy machine let this client sleep until its release was forgotten
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:]) + `"`
	if response.StatusCode != 200 || string(body) != want || response.Header.Get("Etag") != tag || response.ContentLength != int64(len(body)) {
		s.fail("release %d, %s: status %d, %d bytes, %.60q", n, document, response.StatusCode, len(body), body)
	}
}

// A rude client does something to one connection after another.
func (s *siege) rude(ctx context.Context, do func(ctx context.Context, c *net.TCPConn) error) {
	for ctx.Err() == nil {
		var dialer net.Dialer
		c, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			if ctx.Err() == nil {
				s.fail("connecting: %v", err)
			}
			return
		}
		stop := context.AfterFunc(ctx, func() { c.Close() })
		_ = do(ctx, c.(*net.TCPConn)) // the server may hang up whenever it likes
		stop()
		c.Close()
	}
}

// answer reads the answer to what a rude client has sent, if there is one.
func (s *siege) answer(c net.Conn, wanted ...int) error {
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	s.statuses[response.StatusCode].Add(1)
	if !slices.Contains(wanted, response.StatusCode) {
		s.fail("a rude client is answered with %s, want %v", response.Status, wanted)
	}
	return nil
}

// slowly sends a text a byte at a time.
func slowly(ctx context.Context, c net.Conn, text string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for i := range len(text) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if _, err := io.WriteString(c, text[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// rudenesses are what rude clients do.
func (s *siege) rudenesses() []func(context.Context, *net.TCPConn) error {
	same := "GET /" + soakFolder(1) + "/menu-2.xml HTTP/1.1\r\nHost: ivr.example\r\n"
	send := func(c net.Conn, text string) { go func() { _, _ = io.WriteString(c, text) }() }
	return []func(context.Context, *net.TCPConn) error{
		func(ctx context.Context, c *net.TCPConn) error { // the headers never end
			return slowly(ctx, c, same+strings.Repeat("X: y\r\n", 1000))
		},
		func(ctx context.Context, c *net.TCPConn) error { // a body that comes slowly
			if _, err := io.WriteString(c, "POST /x HTTP/1.1\r\nHost: ivr.example\r\nContent-Length: 1000\r\n\r\n"); err != nil {
				return err
			}
			return slowly(ctx, c, strings.Repeat("a", 1000))
		},
		func(_ context.Context, c *net.TCPConn) error { // reset before the answer
			_, err := io.WriteString(c, same+"\r\n")
			_ = c.SetLinger(0)
			return err
		},
		func(_ context.Context, c *net.TCPConn) error { // reset in the middle of it
			_ = c.SetReadBuffer(1024)
			_, _ = io.WriteString(c, "GET /"+soakSound+" HTTP/1.1\r\nHost: ivr.example\r\n\r\n")
			_, err := io.ReadFull(c, make([]byte, 300))
			_ = c.SetLinger(0)
			return err
		},
		func(_ context.Context, c *net.TCPConn) error { // an oversized header
			send(c, same+"X: "+strings.Repeat("x", 200_000)+"\r\n\r\n")
			return s.answer(c, 431)
		},
		func(_ context.Context, c *net.TCPConn) error { // an oversized URL
			send(c, "GET /"+strings.Repeat("x", 200_000)+" HTTP/1.1\r\nHost: ivr.example\r\n\r\n")
			return s.answer(c, 431)
		},
		func(_ context.Context, c *net.TCPConn) error { // nonsense
			send(c, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")
			return s.answer(c, 400)
		},
		func(_ context.Context, c *net.TCPConn) error { // somebody who cannot sign
			send(c, same+"X-Twilio-Signature: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
			return s.answer(c, 403)
		},
		func(_ context.Context, c *net.TCPConn) error { // a connection that says nothing, and goes
			return c.CloseWrite()
		},
	}
}

func TestSoak(t *testing.T) {
	s := &siege{t: t, store: t.TempDir()}
	s.release(1)
	server, err := commandtest.Serve("", []string{"TWILIO_AUTH_TOKEN=" + soakToken}, "-metrics", "127.0.0.1:0", "-access-log=false", "-poll", "50ms", "-trust-proxy", "dir:"+s.store)
	if err != nil {
		t.Fatal(err)
	}
	s.url = server.URL
	ctx, end := context.WithCancel(t.Context()) // without a deadline, which dialling would report as an error
	defer end()
	var group sync.WaitGroup
	begun := time.Now()
	group.Go(func() { s.releases(max(20*time.Millisecond, min(time.Second, *soak/60))); end() })
	for i := range 16 {
		group.Go(func() { s.honest(ctx, uint64(i)) })
	}
	for i, do := range s.rudenesses() {
		for range 3 + 20/(i+1) { // most of them slow
			group.Go(func() { s.rude(ctx, do) })
		}
	}
	group.Wait()
	took := time.Since(begun)
	metrics := server.Metrics(t)
	if code := server.Stop(); code != command.ExitSuccess {
		t.Errorf("exit code %d", code)
	}
	if said := server.Stderr.String(); strings.Contains(said, "msg=panic") || strings.Contains(said, "msg=trouble") {
		t.Errorf("the server said\n%.2000s", said)
	}
	if strings.Contains(metrics, `status="5`) || strings.Contains(metrics, `status="other"`) {
		t.Errorf("the metrics count failures:\n%s", metrics)
	}
	var documents float64
	if found := regexp.MustCompile(`(?m)^ivrc_documents (\S+)$`).FindStringSubmatch(metrics); found != nil {
		documents, _ = strconv.ParseFloat(found[1], 64)
	}
	if most := float64((4+16+1)*len(soakRelease(1).Data) + 1); documents < 1 || documents > most {
		t.Errorf("%v documents are served after %d releases, of which the store holds four; want at most %v", documents, s.newest.Load(), most)
	}
	s.report(took)
}

// report writes the figures, and holds them to what they must be.
func (s *siege) report(took time.Duration) {
	all := int64(0)
	for status := range s.statuses {
		n := s.statuses[status].Load()
		if all += n; n > 0 {
			s.t.Logf("%8d answers with %d", n, status)
		}
		if n > 0 && status >= 500 {
			s.t.Errorf("%d answers with %d", n, status)
		}
	}
	s.t.Logf("%d releases in %s, %.0f answers a second, %d failures", s.newest.Load(), took.Round(time.Millisecond), float64(all)/took.Seconds(), s.failures.Load())
	if s.statuses[200].Load() == 0 || s.statuses[431].Load() == 0 || s.statuses[403].Load() == 0 {
		s.t.Error("the siege did not take place")
	}
	third := (len(s.heaps) - settled) / 3
	middle := func(heaps []uint64) uint64 {
		sorted := slices.Sorted(slices.Values(heaps))
		return sorted[len(sorted)/2]
	}
	first, last := middle(s.heaps[settled:settled+third]), middle(s.heaps[len(s.heaps)-third:])
	s.t.Logf("memory in use after collections, with the clients': median of the first third %.1f MB, of the last %.1f MB; at most %.1f MB",
		float64(first)/1e6, float64(last)/1e6, float64(slices.Max(s.heaps))/1e6)
	most := first + first/4 + 4<<20
	if *soak < time.Minute { // few collections, and what clients are sending in each of them
		most = 2*first + 8<<20
	}
	if last > most {
		s.t.Errorf("memory grows: %d bytes in the first third, %d in the last", first, last)
	}
}
