package server

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Source is where bundles come from: a directory, a store, a configuration.
type Source interface {
	// Read returns what has changed since it was called last. Have returns the
	// content of a file that is served already, or nil; a source need not read
	// such a file again.
	Read(ctx context.Context, have func(*bundle.FileRow) []byte) (*Reading, error)
}

// A Reading is what a source holds.
type Reading struct {
	// Bundles are the manifests and files, the current bundle first. There is none
	// if nothing has changed, or nothing is there yet. A file that is damaged at the
	// source has no data.
	Bundles []*bundle.Bundle
	// BaseURL is the address at which the current bundle was applied; "" if the
	// source does not know.
	BaseURL string
	// Environment is the one for which the current bundle was applied; "" if it has
	// none, or the source does not know.
	Environment string
	// Unavailable is why the store could not be read, if this was read from the
	// cache instead.
	Unavailable error
	// Waiting is why there is nothing yet, and nothing ever was.
	Waiting error
	// Damaged are the objects that are left out, with the reasons.
	Damaged []error
	// Keep stores the reading for a restart without the source. It is called once
	// the reading is served, and may be nil.
	Keep func(context.Context) error
}

// A BundleDirectory is a source that reads a bundle whenever its manifest has
// changed.
type BundleDirectory struct {
	Path string
	Name string // as the user named the directory, for errors

	Environment string // for which it was built, as far as the user says

	last os.FileInfo // of the manifest
}

// Read reads the bundle if it has changed.
func (d *BundleDirectory) Read(context.Context, func(*bundle.FileRow) []byte) (*Reading, error) {
	now, err := os.Stat(filepath.Join(d.Path, "private", "bundle.json"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	if d.last != nil && unchanged(d.last, now) {
		return &Reading{}, nil
	}
	b, err := bundle.Read(os.DirFS(d.Path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	d.last = now
	return &Reading{Bundles: []*bundle.Bundle{b}, Environment: d.Environment}, nil
}

// unchanged reports whether a file is the same one, and was not written since.
func unchanged(before, now fs.FileInfo) bool {
	return os.SameFile(before, now) && before.ModTime().Equal(now.ModTime()) && before.Size() == now.Size()
}
