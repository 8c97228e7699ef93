// Package commandtest runs ivrc in tests: as the program "ivrc" that scripts and
// pages start, and as a server inside the process of the test, because nobody can
// read the output of a process that is still running, and learn its port.
package commandtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ivrc/ivrc/command"
)

// Main is what TestMain does in a package one folder below the module's root. The
// tests run at the root, and find the program as "ivrc" on the path.
func Main(m *testing.M) {
	if filepath.Base(os.Args[0]) != "ivrc" { // the tests, not the program that they run
		if err := os.Chdir(".."); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"ivrc": func() {
		code := command.Main()
		if name := os.Getenv(StatusFile); name != "" {
			status, _ := os.ReadFile("/proc/self/status")
			_ = os.WriteFile(name, status, 0o600)
		}
		os.Exit(code)
	}})
}

// StatusFile is the environment variable that names a file into which the program
// writes at its end what the system knows of it, such as the most memory that it had.
// What a parent can measure counts the parent's own.
const StatusFile = "IVRC_TEST_STATUS"

// Run runs the program in this process, from the directory of the tests and with
// an empty environment. It must succeed; what it writes to standard output is
// returned.
func Run(t *testing.T, args ...string) string {
	t.Helper()
	return RunIn(t, nil, args...)
}

// RunIn is Run with an environment of NAME=VALUE.
func RunIn(t *testing.T, environment []string, args ...string) string {
	t.Helper()
	var stdout, stderr strings.Builder
	p := &command.Program{Args: args, Environment: environment, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Width: 80}
	if code := p.Run(t.Context()); code != command.ExitSuccess {
		t.Fatalf("ivrc %s ended with exit code %d:\n%s%s", strings.Join(args, " "), code, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// A RunningServer is ivrc serve.
type RunningServer struct {
	URL            string // without a slash at the end
	Stdout, Stderr *Log
	cancel         context.CancelFunc
	done           chan int
}

// Serve runs ivrc serve in a directory on a free port of this machine, and returns
// when it answers. The environment is a list of NAME=VALUE.
func Serve(directory string, environment []string, args ...string) (*RunningServer, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &RunningServer{cancel: cancel, done: make(chan int, 1), Stdout: NewLog(), Stderr: NewLog()}
	p := &command.Program{
		Args:  append([]string{"serve", "-listen", "127.0.0.1:0"}, args...),
		Stdin: strings.NewReader(""), Stdout: s.Stdout, Stderr: s.Stderr,
		Executable: "ivrc", Environment: environment, Directory: directory, Width: 80,
	}
	go func() {
		s.done <- p.Run(ctx)
		s.Stdout.Close()
		s.Stderr.Close()
	}()
	line, ok := s.Stdout.Await(regexp.MustCompile(`^Serving \S+ on \S+$`))
	if !ok {
		return nil, fmt.Errorf("the server ended with exit code %d:\n%s", s.Stop(), s.Stderr)
	}
	s.URL = "http://" + line[strings.LastIndex(line, " ")+1:]
	return s, nil
}

// Interrupt asks the server to stop, as Ctrl-C does.
func (s *RunningServer) Interrupt() { s.cancel() }

// Stop stops the server and returns its exit code.
func (s *RunningServer) Stop() int {
	s.cancel()
	code := <-s.done
	s.done <- code // for whoever asks again
	return code
}

// A Log is what a running program writes, and can be read and waited for
// meanwhile.
type Log struct {
	lock    sync.Mutex
	changed *sync.Cond
	content strings.Builder
	read    int // bytes of content that have been awaited
	closed  bool
}

// NewLog returns an empty log.
func NewLog() *Log {
	l := &Log{}
	l.changed = sync.NewCond(&l.lock)
	return l
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.changed.Broadcast()
	return l.content.Write(p)
}

// Close says that nothing more will be written.
func (l *Log) Close() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.closed = true
	l.changed.Broadcast()
}

func (l *Log) String() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.content.String()
}

// Await waits for a whole line that matches and has not been awaited before, and
// returns it; false if the log is closed without one.
func (l *Log) Await(pattern *regexp.Regexp) (string, bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for {
		for {
			line, _, whole := strings.Cut(l.content.String()[l.read:], "\n")
			if !whole {
				break
			}
			l.read += len(line) + 1
			if pattern.MatchString(line) {
				return line, true
			}
		}
		if l.closed {
			return "", false
		}
		l.changed.Wait()
	}
}
