//go:build linux

package command_test

// What commands write, against everything that can be where they write to. The
// table in docs/cli.md says the same for people.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/runtime/disk"
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
	same := func(t *testing.T, file, old string) func() {
		return func() {
			if now, err := os.ReadFile(file); err != nil || string(now) != old {
				t.Errorf("the file now holds %.80q, %v", now, err)
			}
		}
	}
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
	p := &command.Program{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Width: 80}
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
	for name, w := range fileWriters {
		for where, place := range filePlaces() {
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

// A directoryWriter is a command that writes files into a directory.
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
	unlock, err := disk.Lock(t.Context(), dist)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	before := folderContents(t, dist)
	if stderr, code := ran(t, "build", "-o", dist, office); code != 1 || !strings.Contains(stderr, "another ivrc is writing there") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if after := folderContents(t, dist); after != before {
		t.Error("it was written all the same")
	}
}

// A reading is a command that reads a file which the user names.
var readings = map[string]struct {
	args []string
	fifo string // what it says of a FIFO that nobody writes to
}{
	"-var-file":     {[]string{"validate", "-var-file", "FILE", "OFFICE"}, "no program has been at the other end"},
	"show":          {[]string{"show", "FILE"}, "no program has been at the other end"},
	"apply":         {[]string{"apply", "-sandbox", "-config", "OFFICE", "FILE"}, "no program has been at the other end"},
	"fmt":           {[]string{"fmt", "FILE"}, "not a regular file"},
	"-sandbox":      {[]string{"plan", "-sandbox=FILE", "OFFICE"}, "no program has been at the other end"},
	"-auth-tokens":  {[]string{"serve", "-listen", "127.0.0.1:0", "-auth-tokens", "FILE", "OFFICE"}, "not a regular file"},
	"-tls-cert":     {[]string{"serve", "-listen", "127.0.0.1:0", "-tls-cert", "FILE", "-tls-key", "FILE", "OFFICE"}, "not a regular file"},
	"configuration": {[]string{"validate", "FOLDER"}, "not a regular file"},
	"call test":     {[]string{"test", "FOLDER"}, "not a regular file"},
	"values":        {[]string{"validate", "FOLDER"}, "not a regular file"},
	"file()":        {[]string{"validate", "FOLDER"}, "not a regular file"},
	"audio":         {[]string{"validate", "FOLDER"}, "not a regular file"},
	"manifest":      {[]string{"simulate", "FOLDER"}, "is not a regular file"},
	"component":     {[]string{"simulate", "FOLDER"}, "is not a regular file"},
	"document":      {[]string{"simulate", "FOLDER"}, "is not a regular file"},
}

// names of the files within a folder.
func readFile(t *testing.T, what, folder string) string {
	t.Helper()
	office := map[string]string{
		"configuration": "more.ivr.hcl", "call test": "more.ivrtest.hcl", "values": "ivrc.ivrvars", "file()": "words.txt", "audio": "hello.wav",
	}
	switch {
	case office[what] != "":
		text := smallOffice
		if what == "file()" {
			text = strings.Replace(text, `"We are open from nine to five."`, `file("words.txt")`, 1)
		}
		if what == "audio" {
			text = strings.Replace(text, `text = "We are open from nine to five."`, `audio = "hello.wav"`, 1)
		}
		put(t, filepath.Join(folder, "main.ivr.hcl"), text, 0o644)
		return filepath.Join(folder, office[what])
	case what == "manifest" || what == "component" || what == "document":
		commandtest.Run(t, "build", "-o", folder, "examples/clinic")
		found, _ := filepath.Glob(filepath.Join(folder, map[string]string{
			"manifest": "private/bundle.json", "component": "private/components/fallback-*", "document": "public/fallback-*/fallback.xml"}[what]))
		if len(found) == 0 {
			t.Fatal("no file is there")
		}
		if err := os.Remove(found[0]); err != nil {
			t.Fatal(err)
		}
		return found[0]
	}
	return filepath.Join(folder, "file")
}

// Every file is bounded before it is read, and nobody waits for ever.
func TestEveryReadIsBounded(t *testing.T) {
	for name, r := range readings {
		for _, what := range []string{"a file of 100 GB", "a FIFO", "a device"} {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				folder, office := filepath.Join(t.TempDir(), "folder"), office(t)
				if err := os.Mkdir(folder, 0o755); err != nil {
					t.Fatal(err)
				}
				file, want := readFile(t, name, folder), "larger than"
				switch what {
				case "a file of 100 GB":
					put(t, file, "", 0o600)
					if err := os.Truncate(file, 100<<30); err != nil {
						t.Fatal(err)
					}
					if name == "document" || name == "audio" {
						want = ""
					}
				case "a FIFO":
					if err := syscall.Mkfifo(file, 0o600); err != nil {
						t.Skip(err)
					}
					want = r.fifo
				case "a device":
					link(t, "/dev/zero", file)
					if strings.Contains(r.fifo, "not a regular file") {
						want = r.fifo
					}
				}
				var args []string
				for _, a := range r.args {
					args = append(args, strings.NewReplacer("FILE", file, "FOLDER", folder, "OFFICE", office).Replace(a))
				}
				stderr, code := ran(t, args...)
				stderr = strings.Join(strings.Fields(stderr), " ")
				known := strings.Contains(stderr, want) || want == "larger than" && strings.Contains(stderr, "it is too large") ||
					what == "a device" && strings.Contains(stderr, "path escapes from parent") // which is a link
				if code != 1 || !known {
					t.Errorf("exit code %d, want %q:\n%.600s", code, want, stderr)
				}
			})
		}
	}
}
