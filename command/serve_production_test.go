package command

// What serve does in production and a script cannot show: renewals while
// connections are open and calls in progress, and how it ends.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// rotating is what happens to the auth tokens of an account in the course of a
// call: at some of its requests, something is done.
type rotating struct {
	t     *testing.T
	token string // that Twilio signs with now
	steps map[int]func(r *rotating)
	count int
}

func (r *rotating) RoundTrip(request *http.Request) (*http.Response, error) {
	r.count++
	if step := r.steps[r.count]; step != nil {
		step(r)
	}
	request.Header.Set("X-Twilio-Signature", router.Sign(r.token, request.URL.String()))
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && response.StatusCode != http.StatusOK {
		r.t.Errorf("request %d: %s", r.count, response.Status)
	}
	return response, err
}

// TestTokensRotateDuringACall changes the auth token in the middle of a call, as
// Twilio's console does: the secondary token is made, the server learns it, it is
// promoted, and the old one is forgotten. The caller notices nothing.
func TestTokensRotateDuringACall(t *testing.T) {
	const before, after = "11111111111111111111111111111111", "22222222222222222222222222222222"
	b := compileExample(t, "zillum")
	directory := t.TempDir()
	if _, err := writeBundle(filepath.Join(directory, "dist"), b); err != nil {
		t.Fatal(err)
	}
	write := func(tokens ...string) {
		if err := os.WriteFile(filepath.Join(directory, "tokens"), []byte(strings.Join(tokens, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(before)
	server, err := startServer(directory, nil, "-auth-tokens", "tokens", "dist")
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()

	rotation := &rotating{t: t, token: before, steps: map[int]func(*rotating){
		2: func(*rotating) { write(before, after) },
		3: func(r *rotating) { r.token = after },
		4: func(*rotating) { write(after) },
	}}
	got := callOnce(t, simulator.Scenario{Transport: rotation, BaseURL: server.url}, b)
	if rotation.count < 6 {
		t.Errorf("the call made %d requests; too few to rotate in its middle", rotation.count)
	}
	want := callOnce(t, simulator.Scenario{Handler: router.New(b), BaseURL: server.url}, b)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the caller notices (-without, +with a rotation)\n%s", diff)
	}
	request, err := http.NewRequest(http.MethodGet, server.url+"/"+b.Manifest.Numbers[1].Answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Twilio-Signature", router.Sign(before, request.URL.String()))
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("signed with the token of before: %s", response.Status)
	}
}

// callOnce calls a bundle's first number, goes through a menu, and returns the
// transcript.
func callOnce(t *testing.T, s simulator.Scenario, b *bundle.Bundle) string {
	t.Helper()
	n := b.Manifest.Numbers[0]
	press, err := script.Parse("2, 9, 7, 2, 1")
	if err != nil {
		t.Fatal(err)
	}
	s.Numbers = map[string]simulator.Number{n.PhoneNumber: {VoiceURL: n.Answer, VoiceMethod: "GET"}}
	s.Queues = map[string]int{}
	for _, q := range b.Manifest.Queues {
		s.Queues[q.FriendlyName] = q.MaxSize
	}
	s.Calls = []simulator.Call{{From: "+14155550199", To: n.PhoneNumber, Person: simulator.Follow(press)}}
	transcripts, err := simulator.Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts[0].Text(simulator.TextOptions{Width: 100, All: true})
}

// TestCertificateIsRenewed renews a certificate while a connection is open: the
// connection goes on, and the next one meets the new certificate.
func TestCertificateIsRenewed(t *testing.T) {
	directory := t.TempDir()
	first := writeCertificate(t, directory)
	server, err := startServer(directory, nil, "-metrics", "127.0.0.1:0", "-tls-cert", "cert.pem", "-tls-key", "key.pem", absolute(t, "examples/zillum"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	address := strings.Replace(server.url, "http:", "https:", 1) + router.HealthPath
	open := trusting(t, first)
	get := func(client *http.Transport) error {
		request, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.RoundTrip(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	if err := get(open); err != nil {
		t.Fatal(err)
	}
	// Half of a renewal: the key does not fit yet.
	other := t.TempDir()
	second := writeCertificate(t, other)
	move := func(name string) {
		if err := os.Rename(filepath.Join(other, name), filepath.Join(directory, name)); err != nil {
			t.Fatal(err)
		}
	}
	move("cert.pem")
	if err := get(trusting(t, first)); err != nil {
		t.Errorf("in the middle of a renewal: %v", err)
	}
	if _, ok := server.stderr.await(regexp.MustCompile(`msg="not renewed" what=certificate`)); !ok {
		t.Error("half of a renewal is not reported")
	}
	move("key.pem")
	if err := get(trusting(t, second)); err != nil {
		t.Errorf("after a renewal: %v", err)
	}
	if err := get(trusting(t, first)); err == nil {
		t.Error("the old certificate is still in use")
	}
	if err := get(open); err != nil {
		t.Errorf("the connection from before: %v", err)
	}
	metrics := fetchText(t, metricsOf(t, server))
	if want := "ivrc_certificate_expiry_timestamp_seconds 2.533707648e+11\n"; !strings.Contains(metrics, want) {
		t.Errorf("%q is missing in\n%s", want, metrics)
	}
}

// trusting is a client of its own, which trusts one certificate.
func trusting(t *testing.T, roots *x509.CertPool) *http.Transport {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// metricsOf is the address of a server's metrics.
func metricsOf(t *testing.T, s *scriptServer) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^Metrics on (\S+)$`).FindStringSubmatch(s.stdout.text())
	if found == nil {
		t.Fatalf("no address of metrics in\n%s", s.stdout.text())
	}
	return found[1]
}

func fetchText(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d\n%s", response.StatusCode, text)
}

// TestServerLeavesBeforeItStops stops a server with -drain: it is not ready any
// longer, answers on, and then ends with the exit code of success. systemd is told
// both.
func TestServerLeavesBeforeItStops(t *testing.T) {
	directory := t.TempDir()
	name := filepath.Join(directory, "notify")
	told, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Skip("there are no sockets of systemd's kind here: ", err)
	}
	defer told.Close()
	next := func() string {
		message := make([]byte, 100)
		n, err := told.Read(message)
		if err != nil {
			t.Fatal(err)
		}
		return string(message[:n])
	}
	server, err := startServer("", []string{"NOTIFY_SOCKET=" + name}, "-drain", "1s", absolute(t, "examples/zillum"))
	if err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "READY=1" {
		t.Errorf("systemd is told %q first", got)
	}
	if got := fetchText(t, server.url+router.ReadyPath); !strings.HasPrefix(got, "200\nok ") {
		t.Errorf("ready: %s", got)
	}
	server.cancel()
	if got := next(); got != "STOPPING=1" {
		t.Errorf("systemd is told %q then", got)
	}
	for !strings.HasPrefix(fetchText(t, server.url+router.ReadyPath), "503\n") { // until it leaves
	}
	if got := fetchText(t, server.url+router.HealthPath); !strings.HasPrefix(got, "200\nok ") {
		t.Errorf("it does not answer while it leaves: %s", got)
	}
	if code := <-server.done; code != exitFine {
		t.Errorf("exit code %d", code)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(server.url, "http://")); err == nil {
		t.Error("it still listens")
	}
}

// TestApplySignsItsRequests asks a server that answers only Twilio.
func TestApplySignsItsRequests(t *testing.T) {
	h, err := router.Signature{Tokens: []string{"secret"}}.Require(router.New(compileExample(t, "zillum")))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for token, want := range map[string]int{"secret": 404, "other": 403} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/x/digits-1?CallSid=CA1&Digits=%2A", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := signing{token}.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || request.Header.Get("X-Twilio-Signature") != "" {
			t.Errorf("signed with %q: %s", token, response.Status)
		}
	}
}

// makeMetrics lists what a server with every option says of itself: names, kinds,
// labels and help as it writes them.
func makeMetrics(t *testing.T, _ string) string {
	directory := t.TempDir()
	roots := writeCertificate(t, directory)
	if _, err := writeBundle(filepath.Join(directory, "dist"), compileExample(t, "zillum")); err != nil {
		t.Fatal(err)
	}
	server, err := startServer(directory, nil, "-metrics", "127.0.0.1:0", "-tls-cert", "cert.pem", "-tls-key", "key.pem", "dist")
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	request, err := http.NewRequest(http.MethodGet, strings.Replace(server.url, "http:", "https:", 1)+router.HealthPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := trusting(t, roots).RoundTrip(request) // so that there is a request to count
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	text := fetchText(t, metricsOf(t, server))
	var rows [][]string
	for _, head := range regexp.MustCompile(`(?m)^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)\n(.*)$`).FindAllStringSubmatch(text, -1) {
		var labels []string
		for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(head[4], -1) {
			if label[1] != "le" { // every histogram has it
				labels = append(labels, "`"+label[1]+"`")
			}
		}
		rows = append(rows, []string{"`" + head[1] + "`", head[3], strings.Join(labels, ", "), head[2]})
	}
	return markdown("metric | type | labels | ", rows...)
}
