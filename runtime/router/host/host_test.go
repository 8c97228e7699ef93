package host_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/router/host"
	"github.com/ivrc/ivrc/runtime/server"
)

// An answer is what a host did with a row of the table.
type answer struct {
	status   int
	document string      // the body, which in the tests is the path of the document
	header   http.Header // nil where the part of the host that is tested sets none
	err      error       // the connection broke
}

// compare holds the answers of a host to the table. A row of a deviation is
// answered as that says; a deviation that no answer shows is reported as well,
// so that the list in the host's page is neither too short nor too long.
func compare(t *testing.T, deviations []host.Deviation, rows []row, answers []answer) {
	t.Helper()
	shown, wrong := map[string]bool{}, map[string]int{}
	for i, r := range rows {
		problem := mistake(r, answers[i])
		if problem == "" {
			continue
		}
		j := slices.IndexFunc(deviations, func(d host.Deviation) bool { return d.Case == r.kind })
		if j >= 0 && deviates(deviations[j], r, answers[i]) {
			shown[r.kind] = true
			continue
		}
		if wrong[r.kind]++; wrong[r.kind] <= 3 {
			t.Errorf("%s\n\t%s", r, problem)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(wrong)) {
		t.Errorf("%s: %d wrong answers", kind, wrong[kind])
	}
	for _, d := range deviations {
		if !shown[d.Case] {
			t.Errorf("the deviation %q is listed, but the host does not deviate", d.Case)
		}
	}
	t.Logf("%d requests", len(rows))
}

// mistake says what is wrong with an answer, if anything is.
func mistake(r row, a answer) string {
	switch {
	case a.err != nil:
		return a.err.Error()
	case r.status == 0 && a.document != "" && (a.status < 400 || a.status >= 500):
		return fmt.Sprintf("status %d and %.80q instead of a refusal", a.status, a.document)
	case r.status != 0 && a.status != r.status:
		return fmt.Sprintf("status %d, want %d (%.80q)", a.status, r.status, a.document)
	case r.document != "" && r.method != http.MethodHead && a.document != r.document:
		return fmt.Sprintf("document %q, want %q", a.document, r.document)
	}
	return wrongHeader(r, a)
}

// wrongHeader checks what stands beside the document.
func wrongHeader(r row, a answer) string {
	if a.header == nil {
		return ""
	}
	cache := a.header.Get("Cache-Control")
	switch {
	case a.header.Get("Location") != "":
		return "redirects to " + a.header.Get("Location")
	case r.status == 200 && a.header.Get("Content-Type") != bundle.ContentType(r.document):
		return fmt.Sprintf("content type %q", a.header.Get("Content-Type"))
	case r.status == 200 && r.fresh && cache != "no-store":
		return fmt.Sprintf("Cache-Control %q of what the time decides", cache)
	case r.status == 200 && !r.fresh && cache != "public, max-age=31536000, immutable":
		return fmt.Sprintf("Cache-Control %q", cache)
	case r.status >= 400 && strings.Contains(cache, "immutable"):
		return fmt.Sprintf("status %d is kept for ever: %q", a.status, cache)
	case r.status == 405 && !strings.Contains(a.document, `method="GET"`):
		return fmt.Sprintf("the refusal gives no reason: %.80q", a.document)
	case r.status == 405 && a.header.Get("Allow") != "GET, HEAD":
		return fmt.Sprintf("405 with Allow: %q", a.header.Get("Allow"))
	}
	return ""
}

// deviates reports whether an answer is the one that a deviation describes.
func deviates(d host.Deviation, r row, a answer) bool {
	if r.kind == host.CaseLong && d.Status != 0 {
		// Who refuses a request before it has arrived may end the connection
		// under the hands of the client.
		return a.err != nil || slices.Contains([]int{413, 414, 431}, a.status)
	}
	if d.Status != 0 {
		return a.status == d.Status
	}
	return a.status == 200 && slices.Contains(r.alternatives, a.document)
}

// overHTTP sends the rows to a server, byte for byte as they stand in the table. Set
// sets the server's clock, if it has one.
func overHTTP(t *testing.T, address string, rows []row, set ...func(time.Time)) []answer {
	t.Helper()
	answers := make([]answer, len(rows))
	for i, r := range rows {
		for _, to := range set {
			if !r.at.IsZero() {
				to(r.at)
			}
		}
		answers[i] = send(address, r)
	}
	return answers
}

// send sends one row over a connection of its own.
func send(address string, r row) answer {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return answer{err: err}
	}
	defer conn.Close()
	target := r.path
	if r.query != "" {
		target += "?" + r.query
	}
	more := ""
	if r.part != "" {
		more = "Range: " + r.part + "\r\n"
	}
	if r.method == http.MethodPost {
		more = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n"
	}
	text := r.method + " " + target + " HTTP/1.1\r\nHost: calls.zillum.example\r\nConnection: close\r\n" + more + "\r\n"
	if r.method == http.MethodPost {
		text += "Digits=2"
	}
	go func() { _, _ = io.WriteString(conn, text) }() // who refuses a long request does not read it to its end
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.method})
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return answer{err: err}
	}
	return answer{status: response.StatusCode, document: string(body), header: response.Header}
}

// A daemon is a real server that a test started.
type daemon struct {
	address string
	folder  string // where it may write
	output  bytes.Buffer
}

// freeAddress returns an address of the loopback interface that nobody uses.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// installed skips the test where a program is missing.
func installed(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Skipf("%s is not installed; make hosts installs it", names[0])
	return ""
}

// start runs a server until the end of the test and waits until it answers.
func (d *daemon) start(t *testing.T, environment []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdout, cmd.Stderr = &d.output, &d.output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	for {
		if conn, err := net.Dial("tcp", d.address); err == nil {
			conn.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", name, err, d.output.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// writeSample writes the documents as a bundle, and returns its public/.
func writeSample(t *testing.T) string {
	t.Helper()
	root := readable(t)
	for name, content := range documents() {
		writeFile(t, filepath.Join(root, "public", filepath.FromSlash(name)), content)
	}
	for _, secret := range []string{"bundle.json", "digits-1.2.xml", "digits-1._.xml"} {
		writeFile(t, filepath.Join(root, "private", secret), []byte("secret"))
	}
	return filepath.Join(root, "public")
}

// readable returns a folder for servers that read as another user than the
// tests run as.
func readable(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for f := folder; strings.HasPrefix(f, os.TempDir()) && f != os.TempDir(); f = filepath.Dir(f) {
		if err := os.Chmod(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// configure writes the configuration of a host into a folder.
func configure(t *testing.T, name, folder string, location host.Location) host.Host {
	t.Helper()
	h, ok := host.Find(name)
	if !ok {
		t.Fatalf("there is no host %q", name)
	}
	files, err := h.Files(location)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		writeFile(t, filepath.Join(folder, f.Name), f.Text)
	}
	return h
}

// below runs a test for a base URL without a path, and for one with.
func below(t *testing.T, test func(t *testing.T, prefix string)) {
	for name, prefix := range map[string]string{"host": "", "path": "/calls"} {
		t.Run(name, func(t *testing.T) { test(t, prefix) })
	}
}

// The router in Go answers the table without a deviation, first as a function,
func TestTableRoute(t *testing.T) {
	documents := documents()
	var rows []row
	var answers []answer
	for _, r := range tableWithClock("") {
		if r.method != http.MethodGet || r.part != "" || strings.Contains(r.path, "%") {
			continue // is no concern of the rule
		}
		a := answer{status: 404, document: router.RouteAt(r.path, r.query, r.at)}
		if _, ok := documents[a.document]; ok {
			a.status = 200
		}
		rows, answers = append(rows, r), append(answers, a)
	}
	compare(t, nil, rows, answers)
}

// and then as a server. It refuses long requests, as all servers do.
func TestTableServe(t *testing.T) {
	b := &bundle.Bundle{Data: documents()}
	for name, content := range b.Data {
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(name, content))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var now atomic.Int64
	handler := router.New(b)
	handler.Clock = func(*http.Request) time.Time { return time.Unix(now.Load(), 0) }
	ended := make(chan error, 1)
	go func() { ended <- (&server.Server{Handler: handler}).Serve(t.Context(), l) }()
	t.Cleanup(func() {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	rows := tableWithClock("")
	answers := overHTTP(t, l.Addr().String(), rows, func(at time.Time) { now.Store(at.Unix()) })
	compare(t, []host.Deviation{{Case: host.CaseLong, Status: 431}}, rows, answers)
}
