package store

// A directory as a store, for a web server on the same machine or a mounted
// disk. A file appears whole or not at all, whenever the machine stops:
//
//	public/menu.main-6f1/.GQ2….tmp     written, and forced to the disk
//	public/menu.main-6f1/menu-1.xml    the same file under its name, by link or rename
//	public/menu.main-6f1/              the folder forced to the disk
//
// A write that must be the first is made by link, which fails if the name
// exists. One that replaces a certain version compares and renames while it
// holds .ivrc.lock, which excludes other processes. A version is the SHA-256 of
// the contents.
//
// The store's clock is the machine's. Machines that share a directory need
// synchronised clocks.
//
// Links are not followed, and no key leads out of the directory.

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ivrc/ivrc/runtime/quote"
)

type dirStore struct {
	path string
	now  func() time.Time

	// step is called before every change of the disk, with what it will be. Its
	// error is taken for the disk's.
	step func(change string) error

	swept sync.Map // folders whose stale temporary files were removed
}

func newDirStore(name string) (*dirStore, error) {
	if name == "" || strings.ContainsRune(name, 0) {
		return nil, errors.New("the store has no path; say dir:PATH")
	}
	return &dirStore{path: filepath.Clean(name), now: time.Now, step: func(string) error { return nil }}, nil
}

func (s *dirStore) String() string { return "dir:" + filepath.ToSlash(s.path) }

// List walks the folder that the prefix lies in.
func (s *dirStore) List(ctx context.Context, prefix string) ([]Entry, error) {
	root, err := os.OpenRoot(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed("list", prefix, err)
	}
	defer root.Close()
	now := s.now()
	var entries []Entry
	err = fs.WalkDir(root.FS(), folderOf(prefix), func(key string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case key != "." && strings.HasPrefix(path.Base(key), ".") && d.IsDir():
			return fs.SkipDir
		case !d.Type().IsRegular() || !strings.HasPrefix(key, prefix) || checkKey(key) != nil:
			return nil
		}
		info, err := d.Info()
		if err == nil {
			entries = append(entries, Entry{Key: key, Size: info.Size(), Modified: info.ModTime(), Now: now})
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, s.failed("list", prefix, err)
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
	return entries, nil
}

// folderOf is the deepest folder that holds every key with a prefix.
func folderOf(prefix string) string {
	if folder := path.Dir(prefix + "x"); fs.ValidPath(folder) {
		return folder
	}
	return "."
}

func (s *dirStore) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	entry := Entry{Key: key, Now: s.now()}
	root, err := s.open(ctx, key)
	if err != nil {
		return nil, entry, s.failed("read", key, err)
	}
	defer root.Close()
	data, info, err := s.read(root, key)
	if err != nil {
		return nil, entry, s.failed("read", key, err)
	}
	entry.Size, entry.Version, entry.Modified = int64(len(data)), digest(data), info.ModTime()
	return data, entry, nil
}

// read reads a regular file.
func (s *dirStore) read(root *os.Root, key string) ([]byte, fs.FileInfo, error) {
	file, err := root.Open(filepath.FromSlash(key))
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errNotOurs(key)
	}
	if info.Size() > maxObject {
		return nil, nil, errTooLarge
	}
	data, err := io.ReadAll(io.LimitReader(file, maxObject))
	return data, info, err
}

func (s *dirStore) Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error) {
	entry := Entry{Key: key, Size: int64(len(data)), Version: digest(data), Now: s.now()}
	err := s.put(ctx, key, data, o)
	if err != nil {
		return Entry{Key: key, Now: entry.Now}, s.failed("write", key, err)
	}
	entry.Modified = entry.Now
	return entry, nil
}

func (s *dirStore) put(ctx context.Context, key string, data []byte, o PutOptions) error {
	if err := s.make(); err != nil {
		return err
	}
	root, err := s.open(ctx, key)
	if err != nil {
		return err
	}
	defer root.Close()
	s.sweep(root, path.Dir(key))
	temp, err := s.temporary(ctx, root, key, data)
	if err != nil {
		return err
	}
	if o.IfAbsent {
		err = s.link(root, temp, key)
	} else {
		err = s.replace(ctx, root, temp, key, o.IfVersion)
	}
	if err != nil {
		_ = s.remove(root, temp)
		return err
	}
	return s.sync(root, path.Dir(key))
}

func (s *dirStore) Delete(ctx context.Context, key string) error {
	err := s.delete(ctx, key)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.failed("delete", key, err)
}

func (s *dirStore) delete(ctx context.Context, key string) error {
	root, err := s.open(ctx, key)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := root.Lstat(filepath.FromSlash(key)); err != nil {
		return err
	}
	unlock, err := s.lock(ctx, root)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.remove(root, key); err != nil {
		return err
	}
	folder := path.Dir(key)
	for strings.Contains(folder, "/") && s.remove(root, folder) == nil { // succeeds only while it is empty
		folder = path.Dir(folder)
	}
	return s.sync(root, folder)
}

// failed says what went wrong and what to do.
func (s *dirStore) failed(call, key string, err error) error {
	e := &Error{Call: call, Key: quote.Line(key), Store: s.String(), Cause: err}
	switch {
	case errors.Is(err, fs.ErrNotExist) && call == "read":
		e.Cause = ErrNotFound
	case errors.Is(err, syscall.ENOSPC):
		e.Advice = "The disk is full. Make room and run the command again; no file is half written"
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		e.Advice = "Give this user permission to write there, or run the command as a user who has it"
	}
	e.Answer = e.Cause.Error()
	return e
}

// digest is the SHA-256 of data, which is a directory's version of it.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
