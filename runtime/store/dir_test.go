package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A change is something that is done to a directory, for the tests that stop it
// on its way.
type dirChange struct {
	name  string
	first string // what the key holds before; "" for nothing
	then  string // what it holds afterwards
	do    func(t *testing.T, s *dirStore) error
}

const dirKey = "public/menu.main-6f1/menu-1.xml"

// dirChanges are all ways to change a directory. The new text is longer than
// what is written at once.
func dirChanges() []dirChange {
	before, after := strings.Repeat("old ", 2), strings.Repeat("new ", writeBlock/4+1)
	write := func(o PutOptions) func(*testing.T, *dirStore) error {
		return func(t *testing.T, s *dirStore) error {
			_, err := s.Put(t.Context(), dirKey, []byte(after), o)
			return err
		}
	}
	return []dirChange{
		{"write", "", after, write(PutOptions{})},
		{"write over", before, after, write(PutOptions{})},
		{"write if absent", "", after, write(PutOptions{IfAbsent: true})},
		{"write if version", before, after, write(PutOptions{IfVersion: digest([]byte(before))})},
		{"delete", before, "", func(t *testing.T, s *dirStore) error { return s.Delete(t.Context(), dirKey) }},
	}
}

// newDir opens a directory where a change can begin.
func newDir(t *testing.T, c dirChange) *dirStore {
	t.Helper()
	s, err := newDirStore(filepath.Join(t.TempDir(), "site"))
	if err != nil {
		t.Fatal(err)
	}
	if c.first != "" {
		put(t, s, dirKey, c.first, PutOptions{})
	}
	return s
}

// steps counts the steps of a change that nothing disturbs.
func (c dirChange) steps(t *testing.T) int {
	s, n := newDir(t, c), 0
	s.step = func(string) error { n++; return nil }
	if err := c.do(t, s); err != nil {
		t.Fatal(err)
	}
	holds(t, s, dirKey, c.then)
	return n
}

// TestDirectoryOrder looks at the steps of each change: contents reach the disk
// before their name does, and the name before the change is over.
func TestDirectoryOrder(t *testing.T) {
	const folder = "public/menu.main-6f1"
	for name, want := range map[string][]string{
		"write over":       {"create", "write", "write", "sync", "rename " + dirKey, "sync " + folder},
		"write if version": {"create", "write", "write", "sync", "rename " + dirKey, "sync " + folder},
		"delete":           {"remove " + dirKey, "remove " + folder, "sync public"},
		"write if absent": {
			"make", "make public", "sync .", "make " + folder, "sync public",
			"create", "write", "write", "sync", "link " + dirKey, "remove", "sync " + folder,
		},
	} {
		for _, c := range dirChanges() {
			if c.name != name {
				continue
			}
			s := newDir(t, c)
			var got []string
			s.step = func(change string) error {
				if word, rest, _ := strings.Cut(change, " "); strings.HasSuffix(rest, tempSuffix) || rest == s.path {
					change = word // on a name by chance
				}
				got = append(got, change)
				return nil
			}
			if err := c.do(t, s); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// errCrash stops a change as if the machine had.
var errCrash = errors.New("the power went out")

// TestDirectoryCrash stops every change before every step, as a crash does:
// nothing that comes after is done. The key holds the old text or the new one,
// a listing shows nothing else, and the same change can be made again.
func TestDirectoryCrash(t *testing.T) {
	for _, c := range dirChanges() {
		for at := range c.steps(t) {
			t.Run(fmt.Sprintf("%s, step %d", c.name, at), func(t *testing.T) {
				s := newDir(t, c)
				crash(t, s, c, at)
				data, _, err := s.Get(t.Context(), dirKey)
				if text := string(data); text != c.first && text != c.then || err != nil && !errors.Is(err, ErrNotFound) {
					t.Fatalf("the crash left %d bytes, %.20q, %v", len(text), text, err)
				}
				entries, err := s.List(t.Context(), "")
				if err != nil || len(entries) > 1 {
					t.Fatalf("the crash left %v, %v", entries, err)
				}
				if string(data) == c.first {
					if err := c.do(t, s); err != nil {
						t.Fatal(err)
					}
				}
				holds(t, s, dirKey, c.then)
			})
		}
	}
}

// crash begins a change, and stops it before a step.
func crash(t *testing.T, s *dirStore, c dirChange, at int) {
	defer func() {
		s.step = func(string) error { return nil }
		if r := recover(); r != nil && r != errCrash {
			panic(r)
		}
	}()
	n := 0
	s.step = func(string) error {
		if n == at {
			panic(errCrash)
		}
		n++
		return nil
	}
	if err := c.do(t, s); err == nil {
		t.Fatal("the change did not stop")
	}
}

// TestDirectoryFullDisk lets every step of every change fail, for a full disk
// and for one that may not be written. The error says so, the key holds the old
// text or the new one, and no temporary file is left.
func TestDirectoryFullDisk(t *testing.T) {
	for _, c := range dirChanges() {
		for at := range c.steps(t) {
			for failure, advice := range map[error]string{syscall.ENOSPC: "The disk is full", syscall.EROFS: "Give this user permission", syscall.EIO: ""} {
				s, n := newDir(t, c), 0
				s.step = func(string) error {
					n++
					if n-1 == at {
						return failure
					}
					return nil
				}
				err := c.do(t, s)
				data, _, _ := s.Get(t.Context(), dirKey)
				if err == nil && string(data) == c.then {
					continue // what failed was cleaning up
				}
				var e *Error
				if !errors.As(err, &e) || !errors.Is(err, failure) || !strings.HasPrefix(e.Advice, advice) || e.Key != dirKey {
					t.Errorf("%s, step %d, %v: %v", c.name, at, failure, err)
				}
				if text := string(data); text != c.first && text != c.then {
					t.Errorf("%s, step %d, %v left %.20q", c.name, at, failure, text)
				}
				if litter := temporaries(t, s); len(litter) > 0 {
					t.Errorf("%s, step %d, %v left %v", c.name, at, failure, litter)
				}
			}
		}
	}
}

// temporaries lists the temporary files of a directory.
func temporaries(t *testing.T, s *dirStore) (names []string) {
	t.Helper()
	err := filepath.WalkDir(s.path, func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, tempSuffix) {
			names = append(names, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return names
}

// TestDirectorySweep writes beside what killed writers left.
func TestDirectorySweep(t *testing.T) {
	s := newDir(t, dirChange{first: "old"})
	folder := filepath.Join(s.path, filepath.Dir(dirKey))
	for name, age := range map[string]time.Duration{".OLD.tmp": 2 * staleTemp, ".NEW.tmp": 0, ".htaccess": 2 * staleTemp} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	again, err := newDirStore(s.path) // each process looks once
	if err != nil {
		t.Fatal(err)
	}
	put(t, again, dirKey, "new", PutOptions{})
	if litter := temporaries(t, s); len(litter) != 1 || filepath.Base(litter[0]) != ".NEW.tmp" {
		t.Errorf("left are %v", litter)
	}
	if _, err := os.Stat(filepath.Join(folder, ".htaccess")); err != nil {
		t.Errorf("a file that is not ours is gone: %v", err)
	}
}

// TestDirectoryLinks puts links, devices and folders where objects are wanted.
func TestDirectoryLinks(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, trap := range map[string]func(s *dirStore) error{
		"link to a file":      func(s *dirStore) error { return os.Symlink(secret, filepath.Join(s.path, "public/x/y")) },
		"link inside":         func(s *dirStore) error { return os.Symlink("../z", filepath.Join(s.path, "public/x/y")) },
		"link to nothing":     func(s *dirStore) error { return os.Symlink("nothing", filepath.Join(s.path, "public/x/y")) },
		"pipe":                func(s *dirStore) error { return mkfifo(filepath.Join(s.path, "public/x/y")) },
		"folder":              func(s *dirStore) error { return os.Mkdir(filepath.Join(s.path, "public/x/y"), 0o755) },
		"folder is a link":    func(s *dirStore) error { return replaceByLink(filepath.Join(s.path, "public/x"), outside) },
		"folder is a file":    func(s *dirStore) error { return replaceByFile(filepath.Join(s.path, "public/x")) },
		"lock file is a link": func(s *dirStore) error { return os.Symlink(secret, filepath.Join(s.path, dirLock)) },
	} {
		s := newDir(t, dirChange{})
		put(t, s, "public/z", "z", PutOptions{IfAbsent: true})
		err := errors.Join(os.Mkdir(filepath.Join(s.path, "public/x"), 0o755), trap(s))
		if errors.Is(err, errors.ErrUnsupported) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(t.Context(), "public/x/y", []byte("new"), PutOptions{}); err == nil {
			t.Errorf("%s: written", name)
		}
		if data, _, err := s.Get(t.Context(), "public/x/y"); err == nil {
			t.Errorf("%s: read as %q", name, data)
		}
		if data, err := os.ReadFile(secret); string(data) != "secret" || err != nil {
			t.Fatalf("%s: outside there is %q, %v", name, data, err)
		}
		if entries, err := s.List(t.Context(), ""); len(entries) != 1 && name != "folder is a file" || err != nil {
			t.Errorf("%s: listed as %v, %v", name, entries, err)
		}
	}
}

func replaceByLink(name, target string) error {
	return errors.Join(os.Remove(name), os.Symlink(target, name))
}

func replaceByFile(name string) error {
	return errors.Join(os.Remove(name), os.WriteFile(name, nil, 0o600))
}

// TestDirectoryFolders makes folders on the way, and removes empty ones.
func TestDirectoryFolders(t *testing.T) {
	s := newDir(t, dirChange{})
	put(t, s, "private/components/a.json", "{}", PutOptions{})
	put(t, s, dirKey, "x", PutOptions{})
	for name, most := range map[string]fs.FileMode{"private": 0o750, "private/components/a.json": 0o640, dirKey: 0o644} {
		info, err := os.Stat(filepath.Join(s.path, name))
		if err != nil || info.Mode().Perm()&^most != 0 {
			t.Errorf("%s has mode %v, want at most %v (%v)", name, info.Mode(), most, err)
		}
	}
	for _, key := range []string{dirKey, "private/components/a.json"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	for name, there := range map[string]bool{"public": true, filepath.Dir(dirKey): false, "private/components": false} {
		if _, err := os.Stat(filepath.Join(s.path, name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDirectoryProcesses counts with several processes on one directory.
func TestDirectoryProcesses(t *testing.T) {
	const processes, each = 4, 25
	if dir := os.Getenv("IVRC_TEST_COUNT_IN"); dir != "" {
		countInChild(t, dir, each)
		return
	}
	s := newDir(t, dirChange{})
	put(t, s, "private/count", "0", PutOptions{})
	var group sync.WaitGroup
	var mutex sync.Mutex
	firsts := 0
	for range processes {
		group.Go(func() {
			child := exec.Command(os.Args[0], "-test.run=^TestDirectoryProcesses$", "-test.v")
			child.Env = append(os.Environ(), "IVRC_TEST_COUNT_IN="+s.path)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			mutex.Lock()
			defer mutex.Unlock()
			firsts += bytes.Count(out, []byte("first\n"))
		})
	}
	group.Wait()
	holds(t, s, "private/count", strconv.Itoa(processes*each))
	if firsts != each {
		t.Errorf("of %d objects that only the first may write, %d were written", each, firsts)
	}
}

// countInChild is one of the processes: it counts, and tries to be the first.
func countInChild(t *testing.T, dir string, n int) {
	s := openTest(t, dir)
	for i := range n {
		if err := countUp(t.Context(), s, "private/count"); err != nil {
			t.Fatal(err)
		}
		_, err := s.Put(t.Context(), fmt.Sprint("private/first-", i), []byte("x"), PutOptions{IfAbsent: true})
		if err == nil {
			fmt.Println("first")
		} else if !errors.Is(err, ErrConflict) {
			t.Fatal(err)
		}
	}
}
