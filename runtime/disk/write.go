package disk

// Writing a file whole: its new content is written beside it, under a name that
// nobody can foresee, and takes its place in one step. Whenever that stops, a full
// disk or a lost machine included, the file has its old content or all of the new.
//
//	plans/current.plan → 2026/monday.plan     the name that was given, a link
//	plans/2026/.GQ2….tmp                      written, with owner and mode of monday.plan
//	plans/2026/monday.plan                    the same file under its name
//
// What is no regular file, such as /dev/stdout or a FIFO, has no content to keep,
// and is written to.

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Unfinished is the end of the names of files and folders that are not complete yet.
const Unfinished = ".tmp"

// An Importance says what would be lost with a file, and to whom it may be shown.
type Importance int

const (
	Precious Importance = iota // nobody can make it again: it is forced to the disk
	Private                    // precious, and only its owner may read it
	Remade                     // the next run makes it again
)

// mode is that of a new file, before the umask.
func (i Importance) mode() fs.FileMode {
	if i == Private {
		return 0o600
	}
	return 0o644
}

// Write writes a file. It follows links, also to a file that is not there yet, and
// writes through what is not a regular file. A regular file keeps owner and mode,
// but a private one is taken from everybody except its owner. A file without
// permission to write, or with several names, is refused.
func Write(name string, data []byte, i Importance) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target, err := destination(name)
		if err != nil {
			return err
		}
		return create(target, data, i, nil)
	case err != nil:
		return err
	case info.IsDir():
		return failed("write", name, "is a directory")
	}
	for _, standard := range []*os.File{os.Stdout, os.Stderr} {
		if its, err := standard.Stat(); err == nil && os.SameFile(info, its) {
			_, err := standard.Write(data)
			return err
		}
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil || !info.Mode().IsRegular() {
		return through(name, data, partnerWait, silenceWait)
	}
	return replace(target, info, data, i)
}

// destination follows links to a file that does not exist.
func destination(name string) (string, error) {
	for range 40 {
		to, err := os.Readlink(name)
		if err != nil {
			return name, nil
		}
		if !filepath.IsAbs(to) {
			folder, err := filepath.EvalSymlinks(filepath.Dir(name))
			if err != nil {
				return "", err
			}
			to = filepath.Join(folder, to)
		}
		name = to
	}
	return "", failed("write", name, "too many links lead on from here")
}

// through writes to what is not a regular file.
func through(name string, data []byte, partner, silence time.Duration) error {
	file, err := open(name, os.O_WRONLY|os.O_APPEND, partner)
	if err != nil {
		return err
	}
	const block = 64 << 10
	for len(data) > 0 && err == nil {
		n := min(block, len(data))
		_, err = patient{file, silence}.Write(data[:n])
		data = data[n:]
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = failed("write", name, "nobody has read from it for %s", silence)
	}
	return errors.Join(err, file.Close())
}

// replace writes the new content of a regular file.
func replace(target string, old fs.FileInfo, data []byte, i Importance) error {
	if old.Mode().Perm()&0o222 == 0 {
		return failed("write", target, "it is read-only")
	}
	file, err := os.OpenFile(target, os.O_WRONLY, 0) // whether this user may
	if err != nil {
		return err
	}
	file.Close()
	if names(old) > 1 {
		return failed("write", target, "has several names (hard links), and would lose the others")
	}
	return create(target, data, i, old)
}

// create writes a file beside another one, if there is one, and puts it in its place.
func create(target string, data []byte, i Importance, old fs.FileInfo) error {
	folder := filepath.Dir(target)
	fresh := filepath.Join(folder, "."+rand.Text()+Unfinished)
	mode := i.mode()
	if old != nil {
		mode = 0o600
	}
	file, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return failed("write", target, "%w", cause(err))
	}
	_, err = file.Write(data)
	if err == nil && old != nil {
		err = likeBefore(file, old, i)
	}
	if err == nil && i != Remade {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(fresh, target)
	}
	if err != nil {
		os.Remove(fresh)
		return failed("write", target, "%w", cause(err))
	}
	if i == Remade || runtime.GOOS == "windows" {
		return nil
	}
	if file, err = os.Open(folder); err != nil {
		return nil // who may not read it, may write there all the same
	}
	_ = file.Sync() // some file systems cannot; the file is there
	return file.Close()
}

// likeBefore gives a file the owner and the mode of another one.
func likeBefore(file *os.File, old fs.FileInfo, i Importance) error {
	if err := chown(file, old); err != nil {
		return err
	}
	mode := old.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
	if i == Private {
		mode &= 0o700
	}
	return file.Chmod(mode)
}

// cause is an error without the name of the file that nobody has named.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// WriteFolder writes a folder that is not there yet, with all its files or not at
// all.
func WriteFolder(target string, files iter.Seq2[string, []byte]) error {
	fresh := target + "." + rand.Text() + Unfinished
	if err := os.Mkdir(fresh, 0o755); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(fresh, 0o755); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	for name, data := range files {
		if err := writeNew(filepath.Join(fresh, name), data); err != nil {
			os.RemoveAll(fresh)
			return failed("write", filepath.Join(target, name), "%w", cause(err))
		}
	}
	if err := os.Rename(fresh, target); err != nil {
		os.RemoveAll(fresh)
		return err
	}
	return nil
}

// IsUnfinished reports whether a name is that of a file or folder that is not
// complete yet.
func IsUnfinished(name string) bool { return strings.HasSuffix(name, Unfinished) }
