package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// LockName is the name of the file that says that somebody writes to a directory.
const LockName = ".ivrc.lock"

// errLocked is what a program hears that has waited long enough.
var errLocked = errors.New("another ivrc is writing there")

// Lock waits until nobody else writes to a directory, and keeps others waiting until
// unlock is called or the program ends. It leaves nothing behind.
func Lock(ctx context.Context, directory string) (unlock func(), err error) {
	name := filepath.Join(directory, LockName)
	for {
		if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file", name)
		}
		file, err := locked(ctx, name)
		if err != nil {
			return nil, err
		}
		if held(file, name) {
			return func() { release(file, name) }, nil
		}
		file.Close() // whoever had the lock has removed it, and perhaps another one is there
	}
}

// held reports whether a file is the one that has a name.
func held(file *lockedfile.File, name string) bool {
	mine, err := file.Stat()
	there, missing := os.Lstat(name)
	return err == nil && missing == nil && os.SameFile(mine, there)
}

// release removes a file that is locked, before anybody else can lock it.
func release(file *lockedfile.File, name string) {
	if held(file, name) {
		os.Remove(name)
	}
	file.Close()
}

// locked opens a file and locks it.
func locked(ctx context.Context, name string) (*lockedfile.File, error) {
	type opening struct {
		file *lockedfile.File
		err  error
	}
	opened := make(chan opening, 1)
	go func() {
		file, err := lockedfile.OpenFile(name, os.O_RDWR|os.O_CREATE, fs.FileMode(0o644))
		opened <- opening{file, err}
	}()
	select {
	case o := <-opened:
		return o.file, o.err
	case <-ctx.Done():
		go func() {
			if o := <-opened; o.err == nil {
				release(o.file, name)
			}
		}()
		return nil, errors.Join(errLocked, ctx.Err())
	}
}
