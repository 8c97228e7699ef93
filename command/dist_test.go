package command_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// TestUnchangedRebuildWritesNothing gives every file and folder of a bundle an
// old time and builds again: whatever was written would have a new one.
func TestUnchangedRebuildWritesNothing(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	commandtest.Run(t, "build", "-o", dist, "examples/zillum")
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	names := 0
	walk(t, dist, func(name string, _ fs.FileInfo) {
		names++
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	})
	if names < 100 {
		t.Fatalf("the bundle has only %d files and folders", names)
	}
	commandtest.Run(t, "build", "-o", dist, "examples/zillum")
	walk(t, dist, func(name string, info fs.FileInfo) {
		if name != dist && !info.ModTime().Equal(old) { // the lock was in dist
			t.Errorf("%s was written", name)
		}
	})
}

// TestKilledBuild kills builds while they write, each on top of what the one
// before left behind. There is always a whole bundle to be served, the old one or
// the new; and in the end a build makes the directory what it would have made of
// an empty one.
func TestKilledBuild(t *testing.T) {
	dist, fresh := filepath.Join(t.TempDir(), "dist"), filepath.Join(t.TempDir(), "fresh")
	urls := []string{"https://one.example", "https://two.example"}
	arguments := func(i int, directory string) []string {
		return []string{"build", "-o", directory, "-base-url", urls[i%2], "examples/zillum"}
	}
	commandtest.Run(t, arguments(1, dist)...)
	for i, folders := range []int{1, 5, 10, 4} {
		before := folderNames(t, dist)
		build := exec.Command("ivrc", arguments(i, dist)...)
		if err := build.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = build.Wait() // it is killed
			close(ended)
		}()
		for isRunning(ended) && countNew(before, folderNames(t, dist)) < folders {
		}
		_ = build.Process.Kill() // fails only if it has ended
		<-ended
		if _, err := bundle.Read(os.DirFS(dist)); err != nil { // it compares every document with the manifest
			t.Fatal(err)
		}
	}
	commandtest.Run(t, arguments(0, dist)...)
	commandtest.Run(t, arguments(0, fresh)...)
	differences, err := commandtest.CompareTrees(dist, fresh)
	if err != nil {
		t.Fatal(err)
	}
	if len(differences) > 0 {
		t.Errorf("a build after those that were killed differs from one into an empty directory:\n%s", strings.Join(differences, "\n"))
	}
}

func isRunning(ended chan struct{}) bool {
	select {
	case <-ended:
		return false
	default:
		return true
	}
}

// folderNames lists the folders of documents in a bundle.
func folderNames(t *testing.T, dist string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dist, "public"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func countNew(before, after []string) int {
	n := 0
	for _, name := range after {
		if !slices.Contains(before, name) {
			n++
		}
	}
	return n
}

// walk visits every file and folder below a directory.
func walk(t *testing.T, directory string, visit func(name string, info fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		visit(name, info)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
