package command

// Commands for testscripts that talk to a running server. The server runs in
// the test's own process, as the function that the program is, because a script
// cannot read the output of a process that is still running, and so could not
// learn the port.

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// servers holds the server of a script, of which there is one at a time.
type servers struct {
	running *scriptServer
}

// A scriptServer is ivrc serve, running.
type scriptServer struct {
	url    string
	cancel context.CancelFunc
	done   chan int // receives the exit code
	stdout *scriptLog
	stderr *scriptLog
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
	s, err := startServer(ts.MkAbs("."), args[:first], args[first:]...)
	ts.Check(err)
	held.running = s
	ts.Defer(func() { stopServer(held) })
	ts.Setenv("SERVER", s.url)
	if slices.Contains(args, "-metrics") {
		line, _ := s.stdout.await(regexp.MustCompile(`^Metrics on \S+$`))
		ts.Setenv("METRICS", strings.TrimPrefix(line, "Metrics on "))
	}
}

// startServer runs ivrc serve, and returns when it answers.
func startServer(directory string, environment []string, args ...string) (*scriptServer, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &scriptServer{cancel: cancel, done: make(chan int, 1), stdout: newScriptLog(), stderr: newScriptLog()}
	p := &program{
		args:  append([]string{"serve", "-listen", "127.0.0.1:0"}, args...),
		stdin: strings.NewReader(""), stdout: s.stdout, stderr: s.stderr,
		environment: environment, directory: directory, width: 80,
	}
	go func() {
		s.done <- p.run(ctx)
		s.stdout.close()
		s.stderr.close()
	}()
	line, ok := s.stdout.await(regexp.MustCompile(`^Serving \S+ on \S+$`))
	if !ok {
		return nil, fmt.Errorf("the server ended with exit code %d:\n%s", s.stop(), s.stderr.text())
	}
	s.url = "http://" + line[strings.LastIndex(line, " ")+1:]
	return s, nil
}

// stop stops the server and returns its exit code.
func (s *scriptServer) stop() int {
	s.cancel()
	return <-s.done
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
	if _, ok := held.running.stderr.await(pattern); !ok {
		ts.Fatalf("the server ended:\n%s", held.running.stderr.text())
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
	if code := stopServer(held); code != exitFine {
		ts.Fatalf("the server ended with exit code %d:\n%s", code, s.stderr.text())
	}
	fmt.Fprint(ts.Stdout(), s.stdout.text())
	fmt.Fprint(ts.Stderr(), s.stderr.text())
}

// stopServer stops the server of a script, if it runs, and returns its exit code.
func stopServer(held *servers) int {
	if held.running == nil {
		return exitFine
	}
	s := held.running
	held.running = nil
	return s.stop()
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

// A scriptLog is what a running program writes, and can be waited for.
type scriptLog struct {
	lock    sync.Mutex
	changed *sync.Cond
	content strings.Builder
	read    int // bytes of content that have been awaited
	closed  bool
}

func newScriptLog() *scriptLog {
	l := &scriptLog{}
	l.changed = sync.NewCond(&l.lock)
	return l
}

func (l *scriptLog) Write(p []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.changed.Broadcast()
	return l.content.Write(p)
}

func (l *scriptLog) close() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.closed = true
	l.changed.Broadcast()
}

func (l *scriptLog) text() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.content.String()
}

// await waits for a whole line that matches, and returns it; false if the
// program ends without having written one.
func (l *scriptLog) await(pattern *regexp.Regexp) (string, bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for {
		lines := bufio.NewReader(strings.NewReader(l.content.String()[l.read:]))
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				break
			}
			l.read += len(line)
			if line = strings.TrimSuffix(line, "\n"); pattern.MatchString(line) {
				return line, true
			}
		}
		if l.closed {
			return "", false
		}
		l.changed.Wait()
	}
}
