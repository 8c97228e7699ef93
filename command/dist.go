package command

// Writing a bundle to a directory. The names of documents contain the hash of
// what they say, so a new bundle can be written beside the old one without
// touching it:
//
//  0. take the lock, so that nobody else writes there
//  1. write what is missing: a folder that is new is written under another name
//     and renamed when it is whole, and so is a file in a folder that exists
//  2. replace private/bundle.json, in one step: now the new bundle is the one
//  3. remove what no longer belongs to it
//
// A build that is killed in step 1 leaves the old bundle whole; in step 3, the
// new one. What exists already is compared, not written.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/disk"
)

// written says what writing a bundle did, in files.
type written struct {
	Written, Kept, Removed int
}

// lockWait is how long to wait for another program that writes to the same directory.
const lockWait = 10 * time.Second

// lockDirectory makes a directory, if it is not there, and keeps others from writing
// to it.
func lockDirectory(ctx context.Context, directory string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, err
	}
	return disk.Lock(ctx, directory)
}

// writeBundle writes a bundle to a directory, which must be empty, absent or
// hold a bundle.
func writeBundle(ctx context.Context, directory string, b *bundle.Bundle) (written, error) {
	unlock, err := lockDirectory(ctx, directory)
	if err != nil {
		return written{}, err
	}
	defer unlock()
	w := &bundleWriter{directory: directory}
	if err := w.claim(); err != nil {
		return written{}, err
	}
	if err := w.folder("private/components", b.Descriptions()); err != nil {
		return written{}, err
	}
	for rest := b.Manifest.Files; len(rest) > 0; {
		folder := path.Dir(rest[0].Path)
		n := 1
		for n < len(rest) && path.Dir(rest[n].Path) == folder {
			n++
		}
		if err := w.folder("public/"+folder, documents(b, rest[:n])); err != nil {
			return written{}, err
		}
		rest = rest[n:]
	}
	if err := w.put("private/bundle.json", b.ManifestFile()); err != nil {
		return written{}, err
	}
	if w.empty {
		return w.done, nil
	}
	return w.done, w.prune()
}

// documents yields the files of some rows of a manifest, by name.
func documents(b *bundle.Bundle, rows []bundle.FileRow) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for i := range rows {
			if !yield(path.Base(rows[i].Path), b.Data[rows[i].Path]) {
				return
			}
		}
	}
}

type bundleWriter struct {
	directory string
	empty     bool            // nothing was there before
	belongs   map[string]bool // the files and folders of the bundle, if something was there before
	done      written
}

// claim refuses a directory that holds anything but a bundle, so that nobody's files
// are ever removed. A folder called public may be a web site; it belongs to a bundle
// only beside the descriptions of components, which are written first.
func (w *bundleWriter) claim() error {
	entries, err := os.ReadDir(w.directory)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == disk.LockName })
	if w.empty = len(entries) == 0; w.empty {
		return nil
	}
	w.belongs = map[string]bool{disk.LockName: true}
	for _, entry := range entries {
		switch name := entry.Name(); {
		case name != "public" && name != "private":
			return fmt.Errorf("%s holds %q, which is not part of a bundle; build into an empty directory, or one that holds only a bundle", w.directory, name)
		case !entry.IsDir():
			return notOurs(filepath.Join(w.directory, name))
		}
	}
	private, err := os.ReadDir(filepath.Join(w.directory, "private"))
	if slices.ContainsFunc(private, func(e fs.DirEntry) bool {
		return e.Name() == "bundle.json" || strings.HasPrefix(e.Name(), "components")
	}) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("%s holds a folder %q, but no bundle; build into an empty directory, or one that holds only a bundle", w.directory, entries[0].Name())
}

// notOurs refuses what somebody else has put into the directory of a bundle. What it
// leads to may be anything.
func notOurs(name string) error {
	return fmt.Errorf("%s is a link, a device or a folder, which ivrc never puts there; move it away", name)
}

// folder writes the files of one folder, which come by name.
func (w *bundleWriter) folder(folder string, files iter.Seq2[string, []byte]) error {
	target := filepath.Join(w.directory, filepath.FromSlash(folder))
	if !w.empty {
		switch info, err := os.Lstat(target); {
		case err != nil: // it is new
		case !info.IsDir():
			return notOurs(target)
		default:
			return w.changed(folder, files)
		}
	}
	return disk.WriteFolder(target, func(yield func(string, []byte) bool) {
		for name, data := range files {
			w.done.Written++
			w.belong(folder + "/" + name)
			if !yield(name, data) {
				return
			}
		}
	})
}

// changed writes the files of a folder that is there already.
func (w *bundleWriter) changed(folder string, files iter.Seq2[string, []byte]) error {
	for name, data := range files {
		if err := w.put(folder+"/"+name, data); err != nil {
			return err
		}
	}
	return nil
}

// belong notes that a file is part of the bundle.
func (w *bundleWriter) belong(name string) {
	if !w.empty {
		w.belongs[name], w.belongs[path.Dir(name)] = true, true
	}
}

// put writes a file unless it already has this content.
func (w *bundleWriter) put(name string, data []byte) error {
	w.belong(name)
	target := filepath.Join(w.directory, filepath.FromSlash(name))
	info, err := os.Lstat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return notOurs(target)
	case info.Size() == int64(len(data)):
		if old, err := disk.Read(target, info.Size()); err == nil && bytes.Equal(old, data) {
			w.done.Kept++
			return nil
		}
	}
	w.done.Written++
	return disk.Write(target, data, disk.Remade)
}

// prune removes the files and folders that are not part of the bundle.
func (w *bundleWriter) prune() error {
	var folders []string
	root := os.DirFS(w.directory)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || w.belongs[name]:
			return err
		case entry.IsDir():
			folders = append(folders, name)
			return nil
		}
		w.done.Removed++
		return os.Remove(filepath.Join(w.directory, filepath.FromSlash(name)))
	})
	if err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if folder != "." && path.Dir(folder) != "." {
			_ = os.Remove(filepath.Join(w.directory, filepath.FromSlash(folder))) // only if it is empty
		}
	}
	return nil
}
