package command

// Watching files: serve and test run again whenever a file is saved.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long no file may change before the directory is compiled again,
// because editors write a file in several steps.
const settle = 100 * time.Millisecond

// watcher watches the directory of a configuration and those below it.
func (p *Program) watcher(directory string) (*fsnotify.Watcher, error) {
	if isBundle(p.path(directory)) {
		return nil, errors.New("-watch needs the directory of a configuration, not a bundle")
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("files cannot be watched: %w", err)
	}
	if err := watch(watcher, p.path(directory)); err != nil {
		watcher.Close()
		return nil, fmt.Errorf("files cannot be watched: %w", err)
	}
	return watcher, nil
}

// watch adds a directory and its subdirectories, but none that is hidden or holds a
// bundle, because the compiler reads nothing there.
func watch(watcher *fsnotify.Watcher, directory string) error {
	return filepath.WalkDir(directory, func(name string, entry os.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case name != directory && (strings.HasPrefix(entry.Name(), ".") || isBundle(name)):
			return filepath.SkipDir
		}
		return watcher.Add(name)
	})
}

// follow calls a function after a file has changed, as soon as nothing changes for a
// moment. It returns when the watcher is closed.
func follow(watcher *fsnotify.Watcher, changed func()) {
	quiet := time.NewTimer(settle)
	quiet.Stop()
	for {
		select {
		case event, open := <-watcher.Events:
			if !open {
				return
			}
			if info, err := os.Lstat(event.Name); err == nil && info.IsDir() && event.Has(fsnotify.Create) {
				_ = watch(watcher, event.Name) // what cannot be watched is read all the same
			}
			quiet.Reset(settle)
		case _, open := <-watcher.Errors: // events were lost
			if !open {
				return
			}
			quiet.Reset(settle)
		case <-quiet.C:
			changed()
		}
	}
}
