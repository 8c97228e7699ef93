//go:build linux

package command_test

// What commands read, against files that have no end.

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

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
