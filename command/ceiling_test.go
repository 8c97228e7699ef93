package command

// The ceiling over compilations that nothing else would end. Time is that of the
// processor, so that a busy machine changes nothing.

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ivrc/ivrc/compiler"
)

// A trap is a directory in which nobody who opens the file "trap" comes back before
// the test is over.
type trap struct {
	fs.FS
	inside func() // what is done again and again
	over   <-chan struct{}
}

func (f trap) Open(name string) (fs.File, error) {
	for name == "trap" {
		select {
		case <-f.over:
			return nil, fs.ErrNotExist
		default:
			f.inside()
		}
	}
	return f.FS.Open(name)
}

func (f trap) Lstat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
func (f trap) ReadLink(string) (string, error)        { return "", fs.ErrInvalid }

// trapped compiles a configuration that falls into a trap.
func trapped(t *testing.T, ctx context.Context, allowed allowance, inside func()) (string, error) {
	t.Helper()
	over := make(chan struct{})
	defer close(over)
	files := fstest.MapFS{
		"a.ivr.hcl": {Data: []byte("locals {\n  first  = 1\n  second = [local.first, file(\"trap\")]\n}\n")},
		"trap":      {},
	}
	limit := ceiling{evaluating: allowed, making: allowance{time.Hour, 1 << 40}}
	result, diags, err := limit.compile(ctx, compiler.Input{Files: trap{files, inside, over}})
	if err != nil {
		return "", err
	}
	if len(diags) != 1 || compiler.CodeOf(diags[0]) != "IVR324" || diags[0].Subject.Filename != "a.ivr.hcl" || diags[0].Subject.Start.Line != 3 {
		t.Fatalf("it was stopped with %v", diags)
	}
	if string(result.Sources["a.ivr.hcl"]) != string(files["a.ivr.hcl"].Data) {
		t.Errorf("the source is %q", result.Sources["a.ivr.hcl"])
	}
	return diags[0].Detail, nil
}

func TestCeilingOfTime(t *testing.T) {
	begun := cpuTime()
	detail, err := trapped(t, t.Context(), allowance{100 * time.Millisecond, 1 << 40}, func() {})
	if err != nil || !strings.HasPrefix(detail, "After 100ms of CPU time, ") {
		t.Errorf("%q, %v", detail, err)
	}
	if taken := cpuTime() - begun; taken < 100*time.Millisecond {
		t.Errorf("it was stopped after %s", taken)
	}
}

func TestCeilingOfMemory(t *testing.T) {
	var held [][]byte
	detail, err := trapped(t, t.Context(), allowance{time.Hour, 32 << 20}, func() {
		held = append(held, make([]byte, 1<<20))
		held[len(held)-1][0] = 1
		if len(held) > 1000 {
			held = held[:1]
		}
	})
	if err != nil || !strings.HasPrefix(detail, "After taking 32 MiB of memory, ") {
		t.Errorf("%q, %v", detail, err)
	}
}

// Whoever interrupts a compilation need not wait for it.
func TestCompilationIsInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := trapped(t, ctx, allowance{time.Hour, 1 << 40}, stop)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

// Each state that call tests set the variables to is a compilation for itself, and
// making documents may take longer than evaluating.
func TestCeilingCountsAnew(t *testing.T) {
	var progress compiler.Progress
	done, burn := make(chan struct{}), func() {
		for begun := cpuTime(); cpuTime()-begun < 60*time.Millisecond; {
		}
	}
	go func() {
		for range 4 {
			progress.Begin()
			burn()
			progress.Evaluated("a.ivr.hcl")
			burn()
		}
		close(done)
	}()
	limit := ceiling{allowance{400 * time.Millisecond, 1 << 40}, allowance{time.Hour, 1 << 40}}
	if at, taken, err := limit.under(t.Context(), &progress, done); taken != "" || err != nil {
		t.Errorf("stopped at %v after %s, %v", at, taken, err)
	}
}

// The line at which a compilation is stopped may hold a sensitive value.
func TestCeilingShowsNoSensitiveValue(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	files := fstest.MapFS{
		"a.ivr.hcl": {Data: []byte("variable \"a\" {\n  sensitive = true\n  default   = [\"canary\", file(\"trap\")]\n}\n")},
		"trap":      {},
	}
	limit := ceiling{evaluating: allowance{50 * time.Millisecond, 1 << 40}, making: allowance{time.Hour, 1 << 40}}
	result, diags, err := limit.compile(t.Context(), compiler.Input{Files: trap{files, func() {}, over}})
	if err != nil || len(diags) != 1 || compiler.CodeOf(diags[0]) != "IVR324" || diags[0].Subject.Start.Line != 3 {
		t.Fatalf("it was stopped with %v, %v", diags, err)
	}
	if text := string(result.Sources["a.ivr.hcl"]); text != "" {
		t.Errorf("the source that is shown is %q", text)
	}
}
