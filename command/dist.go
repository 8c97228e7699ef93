package command

// Writing a bundle to a directory. The names of documents contain the hash of
// what they say, so a new bundle can be written beside the old one without
// touching it:
//
//  1. write what is missing: a folder that is new is written under another name
//     and renamed when it is whole, and so is a file in a folder that exists
//  2. replace private/bundle.json, in one step: now the new bundle is the one
//  3. remove what no longer belongs to it
//
// A build that is killed in step 1 leaves the old bundle whole; in step 3, the
// new one. What exists already is compared, not written.

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// written says what writing a bundle did, in files.
type written struct {
	Written, Kept, Removed int
}

// writeBundle writes a bundle to a directory, which must be empty, absent or
// hold a bundle.
func writeBundle(directory string, b *bundle.Bundle) (written, error) {
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

// temporary is the ending of files and folders that are not complete yet.
const temporary = ".tmp"

// claim refuses a directory that holds anything but a bundle, so that nobody's files
// are ever removed. A folder called public may be a web site; it belongs to a bundle
// only beside the descriptions of components, which are written first.
func (w *bundleWriter) claim() error {
	entries, err := os.ReadDir(w.directory)
	if errors.Is(err, fs.ErrNotExist) {
		w.empty = true
		return os.MkdirAll(w.directory, 0o755)
	}
	if err != nil {
		return err
	}
	w.empty = len(entries) == 0
	for _, entry := range entries {
		if name := entry.Name(); name != "public" && name != "private" {
			return fmt.Errorf("%s holds %q, which is not part of a bundle; build into an empty directory, or one that holds only a bundle", w.directory, name)
		}
	}
	for _, name := range []string{"bundle.json", "components", "components" + temporary} {
		if _, err := os.Lstat(filepath.Join(w.directory, "private", name)); err == nil || len(entries) == 0 {
			return nil
		}
	}
	return fmt.Errorf("%s holds a folder %q, but no bundle; build into an empty directory, or one that holds only a bundle", w.directory, entries[0].Name())
}

// folder writes the files of one folder.
func (w *bundleWriter) folder(name string, files []distFile) error {
	target := filepath.Join(w.directory, filepath.FromSlash(name))
	if _, err := os.Lstat(target); err == nil {
		for _, file := range files {
			if err := w.put(file); err != nil {
				return err
			}
		}
		return nil
	}
	fresh := target + temporary
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.MkdirAll(fresh, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(fresh, path.Base(file.name)), file.data, 0o644); err != nil {
			os.RemoveAll(fresh)
			return err
		}
		w.done.Written++
	}
	return os.Rename(fresh, target)
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
	case info.Mode().IsRegular() && info.Size() == int64(len(file.data)):
		if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, file.data) {
			w.done.Kept++
			return nil
		}
	}
	w.done.Written++
	return writeWhole(target, file.data)
}

// writeWhole writes a file in one step: it has its old content or all of the new.
func writeWhole(target string, data []byte) error {
	fresh := target + temporary
	err := os.WriteFile(fresh, data, 0o644)
	if err == nil {
		err = os.Rename(fresh, target)
	}
	if err != nil {
		os.Remove(fresh)
	}
	return err
}

// prune removes the files and folders that are not part of the bundle.
func (w *bundleWriter) prune(files []distFile) error {
	belongs := make(map[string]bool, len(files))
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
