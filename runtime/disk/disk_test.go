//go:build linux

package disk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const limit = 1000

// write makes a file with a mode.
func write(t *testing.T, name, content string, mode fs.FileMode) string {
	t.Helper()
	if err := errors.Join(os.WriteFile(name, []byte(content), 0o600), os.Chmod(name, mode)); err != nil {
		t.Fatal(err)
	}
	return name
}

// holds fails unless a file has a content.
func holds(t *testing.T, name, want string) {
	t.Helper()
	if got, err := os.ReadFile(name); err != nil || string(got) != want {
		t.Errorf("%s holds %.100q, %v; want %.100q", name, got, err, want)
	}
}

// alone fails if anything but some files is in a directory.
func alone(t *testing.T, directory string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(directory)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("%s holds %q, %v; want %q", directory, names, err, want)
	}
}

func fifo(t *testing.T, name string) string {
	t.Helper()
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip(err)
	}
	return name
}

func TestReadIsBounded(t *testing.T) {
	d := t.TempDir()
	sparse := write(t, filepath.Join(d, "sparse"), "", 0o600)
	if err := os.Truncate(sparse, 100<<30); err != nil {
		t.Fatal(err)
	}
	full := write(t, filepath.Join(d, "full"), strings.Repeat("x", limit), 0o600)
	over := write(t, filepath.Join(d, "over"), strings.Repeat("x", limit+1), 0o600)
	for name, want := range map[string]string{
		full: "", over: "larger than", sparse: "larger than", "/dev/zero": "larger than", os.DevNull: "",
		d: "is a directory", filepath.Join(d, "none"): "no such file",
	} {
		before := allocated()
		data, err := Read(name, limit)
		if want == "" && (err != nil || name == full && len(data) != limit) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %d bytes, %v; want %q", name, len(data), err, want)
		}
		if used := allocated() - before; used > 64<<10 {
			t.Errorf("%s: reading it took %d bytes", name, used)
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestReadDoesNotWaitForEver(t *testing.T) {
	d := t.TempDir()
	lonely := fifo(t, filepath.Join(d, "lonely"))
	if _, err := read(lonely, limit, time.Millisecond, time.Hour); err == nil || !strings.Contains(err.Error(), "no program") {
		t.Errorf("nobody writes: %v", err)
	}
	silent := fifo(t, filepath.Join(d, "silent"))
	end := make(chan *os.File)
	go func() {
		w, _ := os.OpenFile(silent, os.O_WRONLY, 0)
		end <- w
	}()
	_, err := read(silent, limit, time.Minute, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "nothing came") {
		t.Errorf("nothing is written: %v", err)
	}
	(<-end).Close()
	busy := fifo(t, filepath.Join(d, "busy"))
	go os.WriteFile(busy, []byte("words"), 0)
	if data, err := Read(busy, limit); err != nil || string(data) != "words" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := ReadRegular(busy, limit); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a FIFO is no regular file: %v", err)
	}
}

func TestWriteKeepsWhatAFileIs(t *testing.T) {
	for _, test := range []struct {
		mode fs.FileMode
		i    Importance
		want fs.FileMode
	}{
		{0o600, Precious, 0o600}, {0o664, Precious, 0o664}, {0o755, Remade, 0o755}, {0o644, Private, 0o600}, {0o660, Private, 0o600},
	} {
		d := t.TempDir()
		name := write(t, filepath.Join(d, "file"), "old", test.mode)
		other := os.Getuid() == 0 && os.Chown(name, 12, 34) == nil
		if err := Write(name, []byte("new"), test.i); err != nil {
			t.Fatal(err)
		}
		holds(t, name, "new")
		alone(t, d, "file")
		info, err := os.Stat(name)
		if err != nil || info.Mode() != test.want {
			t.Errorf("%v, %d: it has the mode %v, want %v", test.mode, test.i, info.Mode(), test.want)
		}
		if s := info.Sys().(*syscall.Stat_t); other && (s.Uid != 12 || s.Gid != 34) {
			t.Errorf("it belongs to %d:%d", s.Uid, s.Gid)
		}
	}
	d := t.TempDir()
	for i, want := range map[Importance]fs.FileMode{Private: 0o600, Precious: 0o644, Remade: 0o644} {
		name := filepath.Join(d, fmt.Sprint(i), "new")
		if err := Write(name, nil, i); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a directory that is not there: %v", err)
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), Write(name, nil, i)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode()&^want != 0 {
			t.Errorf("a new file has the mode %v, %v", info.Mode(), err)
		}
	}
}

func TestWriteFollowsLinks(t *testing.T) {
	d := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(d, "there"), 0o755), os.Symlink("there", filepath.Join(d, "folder")),
		os.Symlink("../target", filepath.Join(d, "there", "link")), os.Symlink("folder/link", filepath.Join(d, "first")),
		os.Symlink("round", filepath.Join(d, "round"))); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"to where nothing is", "to a file"} {
		if err := Write(filepath.Join(d, "first"), []byte(content), Precious); err != nil {
			t.Fatal(err)
		}
		holds(t, filepath.Join(d, "target"), content)
	}
	alone(t, d, "first", "folder", "round", "target", "there")
	alone(t, filepath.Join(d, "there"), "link")
	if err := Write(filepath.Join(d, "round"), nil, Precious); err == nil {
		t.Error("a link to itself was written")
	}
}

func TestWriteThroughWhatIsNoFile(t *testing.T) {
	d := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(d, "null")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{os.DevNull, filepath.Join(d, "null")} {
		if err := Write(name, []byte("words"), Private); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeDevice == 0 {
		t.Fatalf("%s is %v, %v", os.DevNull, info.Mode(), err)
	}
	if err := Write("/dev/full", []byte("words"), Precious); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full device: %v", err)
	}
	if err := Write(d, nil, Precious); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a directory: %v", err)
	}
	lonely := fifo(t, filepath.Join(d, "lonely"))
	if err := through(lonely, nil, time.Millisecond, time.Minute); err == nil || !strings.Contains(err.Error(), "no program") {
		t.Errorf("nobody reads: %v", err)
	}
	name := fifo(t, filepath.Join(d, "fifo")) // one that nobody tries to open any more
	long := bytes.Repeat([]byte("words "), 100_000)
	read := make(chan []byte)
	go func() {
		data, _ := os.ReadFile(name)
		read <- data
	}()
	if err := Write(name, long, Precious); err != nil || !bytes.Equal(<-read, long) {
		t.Errorf("it was not read as it was written: %v", err)
	}
	stalled, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	if err := through(name, long, time.Minute, time.Millisecond); err == nil || !strings.Contains(err.Error(), "nobody has read") {
		t.Errorf("nobody goes on reading: %v", err)
	}
}

// What is written to the file that is standard output goes on where that is, so
// that what the program writes before and after it is not lost.
func TestWriteToStandardOutput(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	was := os.Stdout
	os.Stdout = out
	defer func() { os.Stdout = was }()
	out.WriteString("before, ")
	if err := Write(name, []byte("between, "), Precious); err != nil {
		t.Fatal(err)
	}
	out.WriteString("after")
	holds(t, name, "before, between, after")
}

func TestWriteRefuses(t *testing.T) {
	d := t.TempDir()
	protected := write(t, filepath.Join(d, "protected"), "old", 0o444)
	if err := Write(protected, []byte("new"), Precious); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("a read-only file: %v", err)
	}
	holds(t, protected, "old")
	one := write(t, filepath.Join(d, "one"), "old", 0o644)
	if err := os.Link(one, filepath.Join(d, "two")); err != nil {
		t.Fatal(err)
	}
	if err := Write(one, []byte("new"), Precious); err == nil || !strings.Contains(err.Error(), "several names") {
		t.Errorf("a file with two names: %v", err)
	}
	holds(t, one, "old")
	alone(t, d, "one", "protected", "two")
}

// A disk that is full: the old file stays as it was, and nothing is left beside it.
func TestWriteToAFullDisk(t *testing.T) {
	d := t.TempDir()
	if err := syscall.Mount("tmpfs", d, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a small disk takes root: %v", err)
	}
	defer syscall.Unmount(d, 0)
	name := write(t, filepath.Join(d, "file"), "old", 0o644)
	if err := Write(name, make([]byte, 1<<20), Remade); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	holds(t, name, "old")
	err := WriteFolder(filepath.Join(d, "folder"), func(yield func(string, []byte) bool) {
		_ = yield("small", []byte("x")) && yield("large", make([]byte, 1<<20))
	})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	alone(t, d, "file")
}

func TestLock(t *testing.T) {
	d := t.TempDir()
	unlock, err := Lock(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Lock(soon, d); !errors.Is(err, errLocked) {
		t.Errorf("locked twice: %v", err)
	}
	unlock()
	// Whoever comes while others leave gets the lock, one after the other.
	var inside, count atomic.Int32 // the race detector does not know locks of files
	done := make(chan error)
	for range 8 {
		go func() {
			for range 20 {
				unlock, err := Lock(t.Context(), d)
				if err != nil {
					done <- err
					return
				}
				if inside.Add(1) != 1 {
					err = errors.New("two have the lock")
				}
				count.Add(1)
				inside.Add(-1)
				unlock()
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if n := count.Load(); n != 160 {
		t.Errorf("%d have had the lock, of 160", n)
	}
	alone(t, d)
	if err := os.Symlink("elsewhere", filepath.Join(d, LockName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(t.Context(), d); err == nil {
		t.Error("the lock was taken through a link")
	}
}
