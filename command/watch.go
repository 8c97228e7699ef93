package command

// Watching files: serve and test look again whenever one is saved.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a directory must be quiet before it is compiled again:
// editors write a file in several steps.
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

// watch adds a directory and those below it, but none that is hidden or holds a
// bundle: nothing there is read by the compiler.
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

// follow calls changed whenever a file has changed, and nothing more has for a
// moment. It ends when the watcher is closed.
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
