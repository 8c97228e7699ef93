package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// Whatever becomes of the process that compiles, whoever started it goes on and says
// what happened.
func TestCompilerThatDies(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the processes are scripts of a shell")
	}
	for name, test := range map[string]struct{ script, want string }{
		"killed":        {"kill -9 $$", "the process that compiles the configuration ended: signal: killed"},
		"out of memory": {"exit 137", "the process that compiles the configuration ended: exit status 137"},
		"confused":      {"echo Hello", "the process that compiles the configuration was not understood: "},
		"half":          {`printf '{"Bundle":'`, "the process that compiles the configuration was not understood: "},
		"refused":       {`echo '{"Error":"the directory x cannot be read"}'`, "the directory x cannot be read"},
		"invalid":       {`echo '{"Invalid":true}'`, errReported.Error()},
	} {
		c := configuration{program: &Program{Executable: programOf(t, test.script), Stderr: os.Stderr}}
		if b, err := c.loadApart(t.Context(), "."); b != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
	var out strings.Builder
	hiding := &Program{Executable: programOf(t, `echo '{"Bundle":{},"Secrets":["canary-word"]}'`), doors: doors{&terminal.Door{To: &out}, &terminal.Door{}, &terminal.Door{}}}
	if _, err := (&configuration{program: hiding}).loadApart(t.Context(), "."); err != nil {
		t.Error(err)
	}
	if _, err := hiding.doors.stdout.Write([]byte("canary-word ")); err != nil || out.String() != "(sensitive value) " {
		t.Errorf("after compiling apart, a sensitive value is printed as %q, %v", &out, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ready := filepath.Join(t.TempDir(), "ready")
	c := configuration{program: &Program{Executable: programOf(t, "echo > "+ready+"; exec sleep 1000"), Stderr: os.Stderr}}
	go func() {
		for !exists(ready) {
			runtime.Gosched()
		}
		stop()
	}()
	if _, err := c.loadApart(ctx, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("a process that never ends: %v", err)
	}
}

// programOf is a program of one line.
func programOf(t *testing.T, text string) string {
	name := filepath.Join(t.TempDir(), "ivrc")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestWatchingRunsTheRestOfTheLine(t *testing.T) {
	for line, want := range map[string]string{
		"test -watch":                         "test",
		"-chdir=x test --watch=true -run a .": "-chdir=x test -run a .",
		"test -watch -- -watch":               "test -- -watch",
		"test -json watch":                    "test -json watch",
	} {
		if got := strings.Join(onceOnly(strings.Fields(line)), " "); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}
