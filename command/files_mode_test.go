//go:build linux

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/disk"
)

// A file that an earlier run wrote keeps its mode, and a read-only one its content: it
// is an error if that would have to change, for root, too.
func TestModesInADirectory(t *testing.T) {
	for _, c := range []struct{ command, file string }{
		{"build", "private/bundle.json"},
		{"build", "public/number.main-*/answer.xml"},
		{"docs", "main.md"},
		{"docs", "index.md"},
		{"init", "main.ivr.hcl"},
	} {
		for _, mode := range []os.FileMode{0o444, 0o600} {
			t.Run(c.command+" "+c.file+" "+mode.String(), func(t *testing.T) {
				folder, office := filepath.Join(t.TempDir(), "folder"), office(t)
				var args []string
				for _, a := range directoryWriters[c.command] {
					args = append(args, strings.NewReplacer("FOLDER", folder, "OFFICE", office).Replace(a))
				}
				if stderr, code := ran(t, args...); code != 0 {
					t.Fatal(stderr)
				}
				found, _ := filepath.Glob(filepath.Join(folder, filepath.FromSlash(c.file)))
				if len(found) != 1 {
					t.Fatalf("%q is there", found)
				}
				if err := os.Chmod(found[0], mode); err != nil {
					t.Fatal(err)
				}
				if stderr, code := ran(t, args...); c.command == "build" && code != 0 {
					t.Errorf("with the same content: %s", stderr)
				}
				put(t, found[0], "old", mode)
				want := map[bool]string{true: "is read-only"}[mode == 0o444]
				if c.command == "init" {
					want = "exists already"
				}
				stderr, code := ran(t, args...)
				if want == "" && code != 0 || want != "" && (code != 1 || !strings.Contains(stderr, want)) {
					t.Errorf("exit code %d, want %q: %s", code, want, stderr)
				}
				now, err := os.ReadFile(found[0])
				info, missing := os.Stat(found[0])
				if err != nil || missing != nil || info.Mode() != mode || (want != "") != (string(now) == "old") {
					t.Errorf("it has the mode %v and holds %.80q: %v", info.Mode(), now, err)
				}
			})
		}
	}
}

// init replaces nothing, so it waits for nobody who writes there.
func TestInitBesideAnother(t *testing.T) {
	folder := t.TempDir()
	unlock, err := disk.Lock(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if stderr, code := ran(t, "init", folder); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	before := folderContents(t, folder)
	if stderr, code := ran(t, "init", folder); code != 1 || !strings.Contains(stderr, "exists already") || folderContents(t, folder) != before {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
