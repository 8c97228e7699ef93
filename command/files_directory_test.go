//go:build linux

package command_test

// What commands write into a directory, as in files_test.go.

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/runtime/disk"
)

// directoryWriters are the commands that write files into a directory.
var directoryWriters = map[string][]string{
	"build": {"build", "-o", "FOLDER", "OFFICE"},
	"docs":  {"docs", "-o", "FOLDER", "OFFICE"},
	"init":  {"init", "FOLDER"},
}

func TestEveryWriteOfADirectory(t *testing.T) {
	for name, args := range directoryWriters {
		run := func(t *testing.T, folder string) (string, int) {
			office, with := office(t), []string{}
			for _, a := range args {
				with = append(with, strings.NewReplacer("FOLDER", folder, "OFFICE", office).Replace(a))
			}
			return ran(t, with...)
		}
		count := func(folder string) int {
			n := 0
			_ = filepath.WalkDir(folder, func(string, fs.DirEntry, error) error { n++; return nil })
			return n
		}
		t.Run(name+" to a directory that is missing", func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "a", "b")
			if stderr, code := run(t, folder); code != 0 || count(folder) < 3 {
				t.Error(stderr)
			}
		})
		t.Run(name+" to a link to a directory", func(t *testing.T) {
			target, folder := t.TempDir(), filepath.Join(t.TempDir(), "link")
			link(t, target, folder)
			if stderr, code := run(t, folder); code != 0 || count(target) < 3 {
				t.Error(stderr)
			}
			stillLinked(t, folder)
		})
		t.Run(name+" to a file", func(t *testing.T) {
			folder := put(t, filepath.Join(t.TempDir(), "file"), "old", 0o644)
			if stderr, code := run(t, folder); code != 1 || !strings.Contains(stderr, "not a directory") {
				t.Errorf("exit code %d: %s", code, stderr)
			}
		})
		t.Run(name+" to a full disk", func(t *testing.T) {
			folder := t.TempDir()
			if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "nr_inodes=2,size=1m"); err != nil {
				t.Skipf("a small disk takes root: %v", err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
			if stderr, code := run(t, folder); code != 1 || !strings.Contains(stderr, "no space left") {
				t.Errorf("exit code %d: %s", code, stderr)
			}
		})
	}
}

// Whatever somebody has put into the place of a file or a folder of a bundle or of the
// sheets is neither followed nor replaced.
func TestStrangersInADirectory(t *testing.T) {
	for _, test := range []struct {
		command []string
		inside  string
		want    string
	}{
		{directoryWriters["build"], "public", "is a link"},
		{directoryWriters["build"], "private", "is a link"},
		{directoryWriters["build"], "private/components", "is a link"},
		{directoryWriters["build"], "private/bundle.json", "is a link"},
		{directoryWriters["build"], "public/message.hours-*", "is a link"},
		{directoryWriters["build"], "public/message.hours-*/message-1.xml", "is a link"},
		{directoryWriters["docs"], "main.md", "ivrc did not write it"},
		{directoryWriters["docs"], ".ivrc-sheets.json", "ivrc wrote"},
		{directoryWriters["init"], "main.ivr.hcl", "exists already"},
	} {
		t.Run(test.command[0]+" "+test.inside, func(t *testing.T) {
			folder, elsewhere, office := filepath.Join(t.TempDir(), "folder"), filepath.Join(t.TempDir(), "elsewhere"), office(t)
			var args []string
			for _, a := range test.command {
				args = append(args, strings.NewReplacer("FOLDER", folder, "OFFICE", office).Replace(a))
			}
			commandtest.Run(t, args...)
			found, _ := filepath.Glob(filepath.Join(folder, filepath.FromSlash(test.inside)))
			if len(found) != 1 {
				t.Fatalf("%q is there", found)
			}
			if err := os.Rename(found[0], elsewhere); err != nil {
				t.Fatal(err)
			}
			link(t, elsewhere, found[0])
			before := folderContents(t, elsewhere)
			edited := strings.Replace(smallOffice, "nine to five", "ten to four", 1)
			put(t, filepath.Join(office, "main.ivr.hcl"), edited, 0o644)
			put(t, filepath.Join(office, "main.ivr.hcl"), smallOffice, 0o644)
			if stderr, code := ran(t, args...); code != 1 || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d, want %q:\n%s", code, test.want, stderr)
			}
			stillLinked(t, found[0])
			if after := folderContents(t, elsewhere); after != before {
				t.Errorf("what the link leads to has changed:\n%s\n%s", before, after)
			}
		})
	}
}

// folderContents is the names and contents of all files of a folder, or of a file.
func folderContents(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			var data []byte
			data, err = os.ReadFile(name)
			all.WriteString(name + "\n" + string(data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Two builds at once: each says that it has built, and the directory holds one of the
// bundles, whole. While another program writes there, nothing is written.
func TestBuildsAtOnce(t *testing.T) {
	t.Parallel() // it waits for ten seconds
	dist, office := filepath.Join(t.TempDir(), "dist"), office(t)
	for range 5 {
		codes := make(chan string, 2)
		for _, url := range []string{"https://one.example", "https://two.example"} {
			go func() {
				stderr, code := ran(t, "build", "-o", dist, "-base-url", url, office)
				if code != 0 {
					stderr += "failed"
				}
				codes <- stderr
			}()
		}
		for range 2 {
			if said := <-codes; strings.Contains(said, "failed") {
				t.Error(said)
			}
		}
		commandtest.Run(t, "simulate", dist)
	}
	sheets := t.TempDir()
	commands := map[string][]string{dist: {"build", "-o", dist, office}, sheets: {"docs", "-o", sheets, office}}
	before := map[string]string{}
	for directory := range commands {
		unlock, err := disk.Lock(t.Context(), directory)
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		before[directory] = folderContents(t, directory)
	}
	refused := make(chan string, len(commands)) // both wait at the same time
	for _, args := range commands {
		go func() {
			stderr, code := ran(t, args...)
			refused <- fmt.Sprintf("%s: exit code %d: %s", args[0], code, stderr)
		}()
	}
	for range commands {
		if said := <-refused; !strings.Contains(said, "exit code 1") || !strings.Contains(said, "another ivrc is writing there") {
			t.Error(said)
		}
	}
	for directory := range commands {
		if folderContents(t, directory) != before[directory] {
			t.Error("it was written all the same")
		}
	}
}
