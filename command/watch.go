package command

// Watching files: serve and test run again whenever a file is saved.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long no file may change before the directory is compiled again,
	// because editors write a file in several steps.
	settle = 100 * time.Millisecond

	// unsettled is how long that is waited for, where a file is written all the time.
	unsettled = 2 * time.Second
)

// A watcher watches the directory of a configuration and those below it. It also
// watches the directory above, where it sees that the directory is replaced.
type watcher struct {
	*fsnotify.Watcher
	root string
	own  []os.FileInfo // where the program writes itself: its log may be in the directory
	list string        // the file in which a compilation lists what it has read
}

// watcher watches the directory of a configuration.
func (p *Program) watcher(directory string) (*watcher, error) {
	if isBundle(p.path(directory)) {
		return nil, errors.New("-watch needs the directory of a configuration, not a bundle")
	}
	root, err := filepath.Abs(p.path(directory))
	if err != nil {
		return nil, fmt.Errorf("files cannot be watched: %w", err)
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("files cannot be watched: %w", err)
	}
	w := &watcher{Watcher: notify, root: root}
	if list, err := os.CreateTemp("", "ivrc-read-"); err == nil { // without it, every change counts
		w.list, p.readList = list.Name(), list.Name()
		list.Close()
	}
	for _, out := range []io.Writer{p.Stdout, p.Stderr} {
		if s, ok := out.(*stream); ok {
			out = s.Writer
		}
		if file, ok := out.(*os.File); ok {
			if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
				w.own = append(w.own, info)
			}
		}
	}
	if err := errors.Join(w.Add(filepath.Dir(root)), w.watch(root)); err != nil {
		w.close()
		return nil, fmt.Errorf("files cannot be watched: %w", err)
	}
	return w, nil
}

// close ends watching.
func (w *watcher) close() {
	w.Close()
	if w.list != "" {
		_ = os.Remove(w.list)
	}
}

// isRead reports whether a file, or one in a folder of that name, is read when the
// directory is compiled.
func (w *watcher) isRead(name string) bool {
	relative, err := filepath.Rel(w.root, name)
	if err != nil || strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".ivrvars") {
		return true
	}
	data, err := os.ReadFile(w.list)
	var read map[string]bool
	if err != nil || json.Unmarshal(data, &read) != nil {
		return true // nobody knows yet
	}
	relative = filepath.ToSlash(relative)
	for file := range read {
		if file == relative || strings.HasPrefix(file, relative+"/") {
			return true
		}
	}
	return false
}

// watch adds a directory and its subdirectories, but none that is hidden or holds a
// bundle, because the compiler reads nothing there.
func (w *watcher) watch(directory string) error {
	return filepath.WalkDir(directory+string(filepath.Separator), func(name string, entry os.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case len(name) > len(directory)+1 && (strings.HasPrefix(entry.Name(), ".") || isBundle(name)):
			return filepath.SkipDir
		}
		return w.Add(name)
	})
}

// matters reports whether an event may change what is compiled, and watches what is
// new: a directory in the directory, or the directory itself.
func (w *watcher) matters(event fsnotify.Event) bool {
	name := filepath.Clean(event.Name)
	info, err := os.Lstat(name)
	switch inside := strings.HasPrefix(name, w.root+string(filepath.Separator)); {
	case name == w.root && event.Has(fsnotify.Create):
		for _, watched := range w.WatchList() { // of the directory that was there before
			if watched != filepath.Dir(w.root) {
				_ = w.Remove(watched)
			}
		}
		_ = w.watch(w.root)
	case !inside && name != w.root:
		return false
	case err == nil && info.IsDir() && event.Has(fsnotify.Create):
		_ = w.watch(name) // what cannot be watched is read all the same
	case name != w.root && !w.isRead(name):
		return false
	}
	return err != nil || !slices.ContainsFunc(w.own, func(own os.FileInfo) bool { return os.SameFile(own, info) })
}

// follow calls a function after a file has changed, as soon as nothing changes for a
// moment, or after a while. It returns when the watcher is closed.
func (w *watcher) follow(changed func()) {
	quiet := time.NewTimer(settle)
	quiet.Stop()
	var since time.Time // of the first change that is not compiled
	for {
		select {
		case event, open := <-w.Events:
			if !open {
				return
			}
			if !w.matters(event) {
				continue
			}
		case _, open := <-w.Errors: // events were lost
			if !open {
				return
			}
		case <-quiet.C:
			since = time.Time{}
			changed()
			continue
		}
		if since.IsZero() {
			since = time.Now()
		}
		quiet.Reset(min(settle, max(0, unsettled-time.Since(since))))
	}
}
