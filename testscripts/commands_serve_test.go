package testscripts

// Commands for testscripts that start a server and talk to it.

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
)

// servers holds the server of a script, of which there is one at a time.
type servers struct {
	running *commandtest.RunningServer
}

// scriptServe starts ivrc serve on a free port of this machine, waits until it
// answers, and sets SERVER to its URL, and METRICS to that of its metrics if there
// are any:
//
//	serve [NAME=VALUE ...] [options] DIR
func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg, "serve [NAME=VALUE ...] [options] DIR")
	first := slices.IndexFunc(args, func(arg string) bool {
		return strings.HasPrefix(arg, "-") || !strings.Contains(arg, "=")
	})
	scriptUsage(ts, first < 0, "serve [NAME=VALUE ...] [options] DIR")
	held := ts.Value(servers{}).(*servers)
	if held.running != nil {
		ts.Fatalf("a server is running already")
	}
	s, err := commandtest.Serve(ts.MkAbs("."), args[:first], args[first:]...)
	ts.Check(err)
	held.running = s
	ts.Defer(func() { stopServer(held) })
	ts.Setenv("SERVER", s.URL)
	if slices.Contains(args, "-metrics") {
		line, _ := s.Stdout.Await(regexp.MustCompile(`^Metrics on \S+$`))
		ts.Setenv("METRICS", strings.TrimPrefix(line, "Metrics on "))
	}
}

// scriptAwait waits until the running server has written a line to its standard
// error that matches a pattern, and has not been awaited before:
//
//	await PATTERN
func scriptAwait(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 1, "await PATTERN")
	held := ts.Value(servers{}).(*servers)
	if held.running == nil {
		ts.Fatalf("no server is running")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	if _, ok := held.running.Stderr.Await(pattern); !ok {
		ts.Fatalf("the server ended:\n%s", held.running.Stderr)
	}
}

// scriptShutdown stops the server as Ctrl-C does. What it wrote is then stdout
// and stderr:
//
//	shutdown
func scriptShutdown(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 0, "shutdown")
	held := ts.Value(servers{}).(*servers)
	if held.running == nil {
		ts.Fatalf("no server is running")
	}
	s := held.running
	if code := stopServer(held); code != command.ExitSuccess {
		ts.Fatalf("the server ended with exit code %d:\n%s", code, s.Stderr)
	}
	fmt.Fprint(ts.Stdout(), s.Stdout)
	fmt.Fprint(ts.Stderr(), s.Stderr)
}

// stopServer stops the server of a script, if it runs, and returns its exit code.
func stopServer(held *servers) int {
	if held.running == nil {
		return command.ExitSuccess
	}
	s := held.running
	held.running = nil
	return s.Stop()
}

// scriptHTTP sends one request and writes the answer to stdout as it is on the
// wire: status, headers except the date, body. Redirects are not followed, and
// paths are sent as they are written, as Twilio and attackers do:
//
//	http METHOD URL [HEADER ...]
func scriptHTTP(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) < 2, "http METHOD URL [HEADER ...]")
	request, err := http.NewRequest(args[0], args[1], nil)
	ts.Check(err)
	for _, header := range args[2:] {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := new(http.Transport).RoundTrip(request)
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	response.Header.Del("Date")
	fmt.Fprintf(ts.Stdout(), "%s %s\n", response.Proto, response.Status)
	ts.Check(response.Header.Write(crlf{ts.Stdout()}))
	fmt.Fprintf(ts.Stdout(), "\n%s", body)
}

// scriptSign sets a variable to what Twilio sends as X-Twilio-Signature with a
// GET of a URL:
//
//	sign NAME TOKEN URL
func scriptSign(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 3, "sign NAME TOKEN URL")
	mac := hmac.New(sha1.New, []byte(args[1]))
	fmt.Fprint(mac, args[2])
	ts.Setenv(args[0], base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// crlf writes the line ends of headers as those of files.
type crlf struct{ io.Writer }

func (w crlf) Write(p []byte) (int, error) {
	_, err := io.WriteString(w.Writer, strings.ReplaceAll(string(p), "\r\n", "\n"))
	return len(p), err
}
