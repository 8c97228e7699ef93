package command

// Ctrl-C, SIGTERM and a terminal that is closed. The first one ends a command at
// once, whatever it is doing: what is being evaluated, walked or waited for is left
// where it is. No file is half written, because files are written beside their place
// and then renamed.
//
// A command that holds something, though, gives it back before it ends: apply its
// deploy lock, serve the calls that it is answering, test -watch the process that runs
// the tests. A second signal ends that, too, because Main then no longer listens.

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// unwinding is how long a command that holds nothing may take to end by itself,
	// twice over.
	unwinding = 100 * time.Millisecond

	// patience is how long one that holds something may take before it says so.
	patience = time.Second
)

// An interruption is the error of a command that was ended. What became of its work
// may be unknown.
type interruption struct{ work error }

func (i *interruption) Error() string {
	if i.work == nil || i.work.Error() == context.Canceled.Error() {
		return "interrupted"
	}
	return "interrupted: " + strings.ReplaceAll(i.work.Error(), ": "+context.Canceled.Error(), "")
}

func (i *interruption) Unwrap() error { return i.work }

// interrupted returns the error of a command whose context may have ended.
func interrupted(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || isReport(err) || strings.Contains(err.Error(), "interrupted") {
		return err
	}
	return &interruption{err}
}

// holding notes that the command has something to give back until the function that
// it returns is called.
func (p *Program) holding() (released func()) {
	p.held.Add(1)
	return func() { p.held.Add(-1) }
}

// Run runs the program and returns its exit code. When the context ends, it ends the
// command as Ctrl-C does.
func (p *Program) Run(ctx context.Context) int {
	running, stdout, stderr := *p, &stream{Writer: p.Stdout}, &stream{Writer: p.Stderr}
	running.Stdout, running.Stderr, running.held = stdout, stderr, &atomic.Int32{}
	ended := make(chan int, 1)
	go func() {
		defer close(ended) // also if a test ends the goroutine
		ended <- running.execute(ctx)
	}()
	select {
	case code := <-ended:
		return code
	case <-ctx.Done():
	}
	begun := time.Now()
	for free, said := 0, false; free < 2; free++ {
		select {
		case code := <-ended:
			return code
		case <-time.After(unwinding):
		}
		if running.held.Load() > 0 {
			free = -1
		}
		if !said && free < 0 && time.Since(begun) > patience {
			said = true
			fmt.Fprintln(stderr, "Stopping, and giving back what is held. Another signal ends this at once.")
		}
	}
	p.abandon(stdout, stderr)
	return ExitError
}

// abandon says that a command was ended that did not end by itself. It writes
// nothing where the command itself is stuck, or has answered already.
func (p *Program) abandon(stdout, stderr *stream) {
	last := *p
	last.Stdout, last.Stderr = stdout.end(), stderr.end()
	if stdout.begun {
		last.Stdout = io.Discard
	}
	last.fail(&interruption{})
}

// A stream is standard output or standard error of a command, until it is ended.
type stream struct {
	io.Writer
	mutex       sync.Mutex
	begun, over bool
}

func (s *stream) Write(data []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.over {
		return 0, os.ErrClosed
	}
	s.begun = true
	return s.Writer.Write(data)
}

// end lets nothing more through, and returns where it led: nowhere if a write to it
// does not end.
func (s *stream) end() io.Writer {
	if !s.mutex.TryLock() {
		return io.Discard
	}
	defer s.mutex.Unlock()
	s.over = true
	return s.Writer
}
