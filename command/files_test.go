//go:build linux

package command_test

// What commands write, against everything that can be where they write to. The
// table in docs/cli.md says the same for people.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ivrc/ivrc/command"
)

const smallOffice = `project "office" {}
hosting {
  base_url = "https://calls.office.example"
  store = "store"
}
number "main" {
  phone_number = "+14155550100"
  to = message.hours
}
message "hours" { text = "We are open from nine to five." }
`

// A fileWriter is a command that writes a file.
type fileWriter struct {
	args    []string // FILE is the file, OFFICE a configuration
	needs   string   // what must be in the file before
	private bool
}

var fileWriters = map[string]fileWriter{
	"graph":   {args: []string{"graph", "-o", "FILE", "OFFICE"}},
	"plan":    {args: []string{"plan", "-sandbox", "-out", "FILE", "OFFICE"}, private: true},
	"test":    {args: []string{"test", "-coverage-graph", "FILE.mmd", "OFFICE"}},
	"fmt":     {args: []string{"fmt", "FILE"}, needs: "project \"office\" {\nsalt   = \"x\"\n}\n"},
	"router":  {args: []string{"router", "-o", "FOLDER", "caddy", "OFFICE"}},
	"sandbox": {args: []string{"plan", "-sandbox=FILE", "OFFICE"}, needs: emulated, private: true},
}

// emulated is an emulated account without the number of the configuration, which is
// bought and written to the file.
const emulated = `{"format_version": "1.0", "account": "AC00000000000000000000000000000000", "serial": 0, "numbers": [], "queues": [], "calls": []}`

// A filePlace is what can be where a command writes to. It prepares the file, with an
// old content, and says what must be so afterwards.
type filePlace struct {
	prepare func(t *testing.T, file, old string) (check func())
	fails   map[string]string // what some commands say, or "" for all others
	not     []string          // commands for which there is no such place
}

func filePlaces() map[string]filePlace {
	return map[string]filePlace{
		"a file of 0600": {prepare: func(t *testing.T, file, old string) func() {
			put(t, file, old, 0o600)
			return func() { written(t, file, old, 0o600) }
		}},
		"a file of 0664": {prepare: func(t *testing.T, file, old string) func() {
			put(t, file, old, 0o664)
			return func() { written(t, file, old, 0o664) }
		}},
		"nothing": {not: []string{"fmt"}, prepare: func(t *testing.T, file, old string) func() {
			return func() { written(t, file, "", 0o644) }
		}},
		"a link to a file": {prepare: func(t *testing.T, file, old string) func() {
			target := put(t, filepath.Join(t.TempDir(), "target"), old, 0o640)
			link(t, target, file)
			return func() { written(t, target, old, 0o640); stillLinked(t, file) }
		}},
		"a link to nothing": {not: []string{"fmt"}, prepare: func(t *testing.T, file, old string) func() {
			target := filepath.Join(t.TempDir(), "target")
			link(t, target, file)
			return func() { written(t, target, "", 0o644); stillLinked(t, file) }
		}},
		"a device": {fails: map[string]string{"fmt": "not a regular file", "sandbox": "not an emulated account"},
			prepare: func(t *testing.T, file, old string) func() {
				link(t, os.DevNull, file)
				return func() {
					if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
						t.Fatalf("%s is no device any longer: %v", os.DevNull, err)
					}
					stillLinked(t, file)
				}
			}},
		"a full device": {fails: map[string]string{"": "no space left", "fmt": "not a regular file", "sandbox": "larger than"},
			prepare: func(t *testing.T, file, old string) func() {
				link(t, "/dev/full", file)
				return func() { stillLinked(t, file) }
			}},
		"a FIFO": {not: []string{"sandbox"}, fails: map[string]string{"fmt": "not a regular file"},
			prepare: func(t *testing.T, file, old string) func() {
				if err := syscall.Mkfifo(file, 0o600); err != nil {
					t.Skip(err)
				}
				end, err := os.OpenFile(file, os.O_RDWR, 0)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { end.Close() })
				return func() {
					if !strings.HasPrefix(filepath.Base(file), "file.ivr") { // fmt writes nothing
						_ = end.SetReadDeadline(time.Now().Add(10 * time.Second))
						if n, err := end.Read(make([]byte, 64<<10)); err != nil || n == 0 {
							t.Errorf("%d bytes were written, %v", n, err)
						}
					}
					if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
						t.Errorf("it is no FIFO any longer: %v", err)
					}
				}
			}},
	}
}

// refusedPlaces are those to which nothing is written.
func refusedPlaces() map[string]filePlace {
	same := func(t *testing.T, file, old string) func() {
		return func() {
			if now, err := os.ReadFile(file); err != nil || string(now) != old {
				t.Errorf("the file now holds %.80q, %v", now, err)
			}
		}
	}
	return map[string]filePlace{
		"a read-only file": {fails: map[string]string{"": "is read-only"}, prepare: func(t *testing.T, file, old string) func() {
			put(t, file, old, 0o444)
			return same(t, file, old)
		}},
		"a file with two names": {fails: map[string]string{"": "several names"}, prepare: func(t *testing.T, file, old string) func() {
			put(t, file, old, 0o644)
			if err := os.Link(file, file+"-too"); err != nil {
				t.Skip(err)
			}
			return same(t, file, old)
		}},
		"a directory": {fails: map[string]string{"": "is a directory"}, not: []string{"fmt"}, prepare: func(t *testing.T, file, old string) func() {
			if err := os.Mkdir(file, 0o755); err != nil {
				t.Fatal(err)
			}
			return func() {}
		}},
		"a full disk": {fails: map[string]string{"": "no space left"}, prepare: func(t *testing.T, file, old string) func() {
			folder := filepath.Dir(file)
			if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16k"); err != nil {
				t.Skipf("a small disk takes root: %v", err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
			put(t, file, old, 0o644)
			for i := 0; os.WriteFile(filepath.Join(folder, fmt.Sprint("full", i)), []byte("x"), 0o600) == nil; i++ {
			}
			return same(t, file, old)
		}},
		"a directory that is missing": {not: []string{"fmt", "router", "sandbox"}, fails: map[string]string{"": "no such file or directory"},
			prepare: func(t *testing.T, file, old string) func() {
				if err := os.Remove(filepath.Dir(file)); err != nil {
					t.Fatal(err)
				}
				return func() {}
			}},
	}
}

// put makes a file with a mode.
func put(t *testing.T, file, content string, mode fs.FileMode) string {
	t.Helper()
	if err := errors.Join(os.WriteFile(file, []byte(content), 0o600), os.Chmod(file, mode)); err != nil {
		t.Fatal(err)
	}
	return file
}

func link(t *testing.T, to, file string) {
	t.Helper()
	if err := os.Symlink(to, file); err != nil {
		t.Fatal(err)
	}
}

func stillLinked(t *testing.T, file string) {
	t.Helper()
	if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("it is no link any longer: %v", err)
	}
}

// written fails unless a file has a new content and a mode, or for a private file
// what that mode leaves to the owner.
func written(t *testing.T, file, old string, mode fs.FileMode) {
	t.Helper()
	now, err := os.ReadFile(file)
	info, missing := os.Stat(file)
	if err != nil || missing != nil || string(now) == old || len(now) == 0 {
		t.Fatalf("the file holds %.80q, %v", now, errors.Join(err, missing))
	}
	if strings.Contains(t.Name(), "private") {
		mode &= 0o700
	}
	if info.Mode() != mode {
		t.Errorf("it has the mode %v, want %v", info.Mode(), mode)
	}
}

// ran runs ivrc with a configuration of a small office.
func ran(t *testing.T, args ...string) (stderr string, code int) {
	t.Helper()
	var out, errs strings.Builder
	p := &command.Program{Executable: "ivrc", Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Width: 80}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	code = p.Run(ctx)
	return errs.String(), code
}

func office(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	put(t, filepath.Join(directory, "main.ivr.hcl"), smallOffice, 0o644)
	put(t, filepath.Join(directory, "hours.ivrtest.hcl"), "call \"hours\" {\n  to = number.main\n  steps = [hears(\"We are open from nine to five.\")]\n}\n", 0o644)
	return directory
}

func TestEveryWriteOfAFile(t *testing.T) {
	places := filePlaces()
	maps.Copy(places, refusedPlaces())
	for name, w := range fileWriters {
		for where, place := range places {
			title := name + " to " + where
			if w.private {
				title += " private"
			}
			if slices.Contains(place.not, name) {
				continue
			}
			t.Run(title, func(t *testing.T) {
				folder, office := filepath.Join(t.TempDir(), "folder"), office(t)
				if err := os.Mkdir(folder, 0o755); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(folder, map[string]string{"router": "ivrc.caddy", "test": "file.mmd", "fmt": "file.ivr.hcl"}[name])
				if file == folder {
					file = filepath.Join(folder, "file")
				}
				old := w.needs
				if old == "" {
					old = "old"
				}
				check := place.prepare(t, file, old)
				var args []string
				for _, a := range w.args {
					a = strings.Replace(a, "FILE.mmd", "FILE", 1)
					args = append(args, strings.NewReplacer("FILE", file, "FOLDER", folder, "OFFICE", office).Replace(a))
				}
				stderr, code := ran(t, args...)
				want, special := place.fails[name]
				if !special {
					want = place.fails[""]
				}
				if want == "" && code != 0 || want != "" && (code != 1 || !strings.Contains(stderr, want)) {
					t.Fatalf("exit code %d, want %q:\n%s", code, want, stderr)
				}
				check()
				left, _ := filepath.Glob(filepath.Join(folder, ".*"))
				if len(left) > 0 {
					t.Errorf("%q were left behind", left)
				}
			})
		}
	}
}
