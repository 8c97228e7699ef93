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
	"maps"
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
	files, manifest := distFiles(b)
	for rest := files; len(rest) > 0; {
		folder := path.Dir(rest[0].name)
		n := 1
		for n < len(rest) && path.Dir(rest[n].name) == folder {
			n++
		}
		if err := w.folder(folder, rest[:n]); err != nil {
			return written{}, err
		}
		rest = rest[n:]
	}
	if err := w.put(manifest); err != nil {
		return written{}, err
	}
	if w.empty {
		return w.done, nil
	}
	return w.done, w.prune(append(files, manifest))
}

// A distFile is a file below the directory that a bundle is written to.
type distFile struct {
	name string // slash-separated: "public/menu.main-6f1…/menu-1.xml"
	data []byte
}

// distFiles lists the files of a bundle, the descriptions first and each folder's
// together, and its manifest.
func distFiles(b *bundle.Bundle) (files []distFile, manifest distFile) {
	private := b.Private()
	manifest = distFile{"private/bundle.json", private["bundle.json"]}
	delete(private, "bundle.json")
	files = make([]distFile, 0, len(private)+len(b.Manifest.Files)+1)
	for _, name := range slices.Sorted(maps.Keys(private)) {
		files = append(files, distFile{"private/" + name, private[name]})
	}
	for i := range b.Manifest.Files {
		name := b.Manifest.Files[i].Path
		files = append(files, distFile{"public/" + name, b.Data[name]})
	}
	return files, manifest
}

type bundleWriter struct {
	directory string
	empty     bool // nothing was there before
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

// folder writes the files of one folder.
func (w *bundleWriter) folder(name string, files []distFile) error {
	target := filepath.Join(w.directory, filepath.FromSlash(name))
	if info, err := os.Lstat(target); err == nil {
		if !info.IsDir() {
			return notOurs(target)
		}
		for _, file := range files {
			if err := w.put(file); err != nil {
				return err
			}
		}
		return nil
	}
	w.done.Written += len(files)
	return disk.WriteFolder(target, func(yield func(string, []byte) bool) {
		for _, file := range files {
			if !yield(path.Base(file.name), file.data) {
				return
			}
		}
	})
}

// put writes a file unless it already has this content.
func (w *bundleWriter) put(file distFile) error {
	target := filepath.Join(w.directory, filepath.FromSlash(file.name))
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
	case info.Size() == int64(len(file.data)):
		if old, err := disk.Read(target, info.Size()); err == nil && bytes.Equal(old, file.data) {
			w.done.Kept++
			return nil
		}
	}
	w.done.Written++
	return disk.Write(target, file.data, disk.Remade)
}

// prune removes the files and folders that are not part of the bundle.
func (w *bundleWriter) prune(files []distFile) error {
	belongs := map[string]bool{disk.LockName: true}
	for _, file := range files {
		belongs[file.name], belongs[path.Dir(file.name)] = true, true
	}
	var folders []string
	root := os.DirFS(w.directory)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || belongs[name]:
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
