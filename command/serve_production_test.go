package command_test

// What serve does in production and a script cannot show: renewals while
// connections are open and calls in progress, and how it ends.

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
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
	directory := t.TempDir()
	commandtest.Run(t, "build", "-o", filepath.Join(directory, "dist"), "examples/zillum")
	b, err := bundle.Read(os.DirFS(filepath.Join(directory, "dist")))
	if err != nil {
		t.Fatal(err)
	}
	write := func(tokens ...string) {
		if err := os.WriteFile(filepath.Join(directory, "tokens"), []byte(strings.Join(tokens, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(before)
	server, err := commandtest.Serve(directory, nil, "-auth-tokens", "tokens", "dist")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()

	rotation := &rotating{t: t, token: before, steps: map[int]func(*rotating){
		2: func(*rotating) { write(before, after) },
		3: func(r *rotating) { r.token = after },
		4: func(*rotating) { write(after) },
	}}
	got := callOnce(t, simulator.Scenario{Transport: rotation, BaseURL: server.URL}, b)
	if rotation.count < 6 {
		t.Errorf("the call made %d requests; too few to rotate in its middle", rotation.count)
	}
	want := callOnce(t, simulator.Scenario{Handler: router.New(b), BaseURL: server.URL}, b)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the caller notices (-without, +with a rotation)\n%s", diff)
	}
	request, err := http.NewRequest(http.MethodGet, server.URL+"/"+b.Manifest.Numbers[1].Answer, nil)
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
	s.Numbers = map[string]simulator.Webhooks{n.PhoneNumber: {VoiceURL: n.Answer, VoiceMethod: "GET"}}
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
	first := commandtest.WriteCertificate(t, directory)
	server, err := commandtest.Serve(directory, nil, "-metrics", "127.0.0.1:0", "-tls-cert", "cert.pem", "-tls-key", "key.pem", absolute(t, "examples/zillum"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	address := strings.Replace(server.URL, "http:", "https:", 1) + router.HealthPath
	open := commandtest.Trusting(t, first)
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
	second := commandtest.WriteCertificate(t, other)
	move := func(name string) {
		if err := os.Rename(filepath.Join(other, name), filepath.Join(directory, name)); err != nil {
			t.Fatal(err)
		}
	}
	move("cert.pem")
	if err := get(commandtest.Trusting(t, first)); err != nil {
		t.Errorf("in the middle of a renewal: %v", err)
	}
	if _, ok := server.Stderr.Await(regexp.MustCompile(`msg="not renewed" what=certificate`)); !ok {
		t.Error("half of a renewal is not reported")
	}
	move("key.pem")
	if err := get(commandtest.Trusting(t, second)); err != nil {
		t.Errorf("after a renewal: %v", err)
	}
	if err := get(commandtest.Trusting(t, first)); err == nil {
		t.Error("the old certificate is still in use")
	}
	if err := get(open); err != nil {
		t.Errorf("the connection from before: %v", err)
	}
	metrics := server.Metrics(t)
	if want := "ivrc_certificate_expiry_timestamp_seconds 2.533707648e+11\n"; !strings.Contains(metrics, want) {
		t.Errorf("%q is missing in\n%s", want, metrics)
	}
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
	server, err := commandtest.Serve("", []string{"NOTIFY_SOCKET=" + name}, "-drain", "1s", absolute(t, "examples/zillum"))
	if err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "READY=1" {
		t.Errorf("systemd is told %q first", got)
	}
	if got := commandtest.Get(t, server.URL+router.ReadyPath); !strings.HasPrefix(got, "200\nok ") {
		t.Errorf("ready: %s", got)
	}
	interrupted := time.Now()
	server.Interrupt()
	if got := next(); got != "STOPPING=1" {
		t.Errorf("systemd is told %q then", got)
	}
	if code := server.Stop(); code != command.ExitSuccess {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(interrupted); took < time.Second {
		t.Errorf("it stops %v after the signal", took)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://")); err == nil {
		t.Error("it still listens")
	}
}
