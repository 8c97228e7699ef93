package command

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watched watches a directory and returns a channel on which each compilation is
// told.
func watched(t *testing.T, directory string, out io.Writer) <-chan struct{} {
	t.Helper()
	p := &Program{Stdout: out, Stderr: out}
	w, err := p.watcher(directory)
	if err != nil {
		t.Fatal(err)
	}
	compiled, done := make(chan struct{}, 100), make(chan struct{})
	go func() {
		defer close(done)
		w.follow(func() { compiled <- struct{}{} })
	}()
	t.Cleanup(func() {
		w.close()
		<-done
	})
	return compiled
}

// save writes a file.
func save(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A file that is written all the time does not keep what was saved from being seen.
func TestWatchBusyFile(t *testing.T) {
	directory := t.TempDir()
	compiled := watched(t, directory, io.Discard)
	stop := time.After(5 * unsettled)
	for {
		save(t, filepath.Join(directory, "busy.txt"), time.Now().String())
		select {
		case <-compiled:
			return
		case <-stop:
			t.Fatal("nothing is compiled")
		case <-time.After(settle / 4):
		}
	}
}

// The log of the program itself is no change, though it is in the directory, under
// another name, too. What comes after it is seen.
func TestWatchOwnLog(t *testing.T) {
	directory := t.TempDir()
	log, err := os.Create(filepath.Join(directory, "serve.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	compiled := watched(t, directory, &stream{Writer: log})
	for range 20 {
		if _, err := log.WriteString("a request\n"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-compiled:
		t.Error("the log is compiled")
	case <-time.After(5 * settle):
	}
	save(t, filepath.Join(directory, "main.ivr.hcl"), "# saved")
	<-compiled
}

// A directory that is replaced, as a checkout does, is watched as the old one was,
// and so are the directories in it.
func TestWatchReplacedDirectory(t *testing.T) {
	parent := t.TempDir()
	directory := filepath.Join(parent, "office")
	for _, name := range []string{directory, filepath.Join(parent, "new", "lists")} {
		if err := os.MkdirAll(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	compiled := watched(t, directory, io.Discard)
	for _, step := range []func() error{
		func() error { return os.Rename(directory, filepath.Join(parent, "old")) },
		func() error { return os.Rename(filepath.Join(parent, "new"), directory) },
		func() error { return os.WriteFile(filepath.Join(directory, "lists", "a.txt"), []byte("a"), 0o644) },
		func() error { return os.RemoveAll(directory) },
		func() error { return os.Mkdir(directory, 0o755) },
		func() error { return os.WriteFile(filepath.Join(directory, "main.ivr.hcl"), []byte("#"), 0o644) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		<-compiled
	}
	save(t, filepath.Join(parent, "beside.txt"), "is not read")
	select {
	case <-compiled:
		t.Error("what is beside the directory is compiled")
	case <-time.After(5 * settle):
	}
}

// Of the files that are no configuration only those count that a compilation has read
// or looked for: a log that goes through a pipe into the directory changes nothing.
func TestWatchWhatIsRead(t *testing.T) {
	directory := t.TempDir()
	save(t, filepath.Join(directory, "hello.txt"), "Hello.")
	save(t, filepath.Join(directory, "main.ivr.hcl"), `
project "x" {}
message "hello" { text = file("hello.txt") }
message "later" { text = fileexists("texts/later.txt") ? file("texts/later.txt") : "Later." }
number "main" {
  phone_number = "+14155550100"
  to           = message.hello
}
`)
	p := &Program{Stdout: io.Discard, Stderr: io.Discard}
	w, err := p.watcher(directory)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	if !w.isRead(filepath.Join(w.root, "serve.log")) {
		t.Error("before anything is compiled, a file does not count")
	}
	validate := Program{Args: []string{"validate", directory}, Stdout: io.Discard, Stderr: io.Discard, Environment: []string{readListVariable + "=" + w.list}}
	if code := validate.Run(t.Context()); code != 0 {
		t.Fatalf("validate ends with %d", code)
	}
	for name, want := range map[string]bool{
		"main.ivr.hcl": true, "new.ivr.hcl": true, "main.ivrtest.hcl": true, "ivrc.ivrvars": true,
		"hello.txt": true, "texts/later.txt": true, "texts": true,
		"serve.log": false, "log": false, "texts.log": false, "texts/log": false, "hello.txt.tmp": false,
	} {
		if got := w.isRead(filepath.Join(w.root, filepath.FromSlash(name))); got != want {
			t.Errorf("%s counts: %t, want %t", name, got, want)
		}
	}
	if err := os.Truncate(w.list, 0); err != nil {
		t.Fatal(err)
	}
	if !w.isRead(filepath.Join(w.root, "serve.log")) {
		t.Error("when a compilation was killed, a file does not count")
	}
}
