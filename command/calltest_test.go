package command_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
)

// Whenever a file is saved, the tests are run again, until Ctrl-C.
func TestCallTestsAreWatched(t *testing.T) {
	directory := t.TempDir()
	save := func(name, text string) {
		t.Helper()
		if err := commandtest.WriteFile(filepath.Join(directory, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	configuration := `
		project "harbor" {}
		message "hours" { text = "We are open from nine to five." }
		number "main" {
			phone_number = "+14155550100"
			to           = message.hours
		}`
	save("main.ivr.hcl", configuration)
	save("main.ivrtest.hcl", `call "hours" {
		to    = number.main
		steps = [hears("nine to five")]
	}`)
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	stdout, stderr := commandtest.NewLog(), commandtest.NewLog()
	done := make(chan int, 1)
	p := &command.Program{
		Executable: "ivrc", Args: []string{"test", "-watch"}, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr,
		Directory: directory, Width: 80,
	}
	go func() {
		done <- p.Run(ctx)
		stdout.Close()
		stderr.Close()
	}()
	expect := func(log *commandtest.Log, pattern string) {
		t.Helper()
		if _, ok := log.Await(regexp.MustCompile(pattern)); !ok {
			t.Fatalf("%q did not come in\n%s\n%s", pattern, stdout, stderr)
		}
	}
	expect(stdout, `^Success! 1 passed`)
	save("main.ivr.hcl", strings.Replace(configuration, "nine", "ten", 1))
	expect(stdout, `^Failure! 0 passed, 1 failed`)
	save("main.ivr.hcl", strings.Replace(configuration, "phone_number", "phone_numbre", 1))
	expect(stderr, `IVR107`)
	save("main.ivr.hcl", configuration)
	expect(stdout, `^Success! 1 passed`)
	interrupt()
	if code := <-done; code != command.ExitSuccess {
		t.Errorf("exit code %d, want %d\n%s", code, command.ExitSuccess, stderr)
	}
}

// A bundle holds no call tests, so there is nothing to watch.
func TestCallTestsOfABundle(t *testing.T) {
	directory := t.TempDir()
	if err := os.MkdirAll(filepath.Join(directory, "private"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "private", "bundle.json"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	p := &command.Program{Executable: "ivrc", Args: []string{"test", "-watch"}, Stdin: strings.NewReader(""), Stdout: &stderr, Stderr: &stderr, Directory: directory}
	if code := p.Run(t.Context()); code != command.ExitError || !strings.Contains(stderr.String(), "this directory holds a bundle") {
		t.Errorf("exit code %d:\n%s", code, stderr.String())
	}
}
