package command

// Where what is served comes from:
//
//	a configuration  is compiled; with -watch, again when a file is saved
//	a bundle         is read; again when its manifest changes
//	a store          its releases are read; again when there is another one

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/server"
	"github.com/ivrc/ivrc/runtime/store"
)

// isStore reports whether something is the location of a store rather than of a
// directory with a configuration or a bundle.
func isStore(location, path string) bool {
	return strings.HasPrefix(location, "dir:") || strings.Contains(location, "://") ||
		exists(filepath.Join(path, "private", "releases")) && !isBundle(path)
}

// source opens what is to be served. The interval between two readings is 0 if it
// is read only once.
func (s *serving) source(ctx context.Context, location string) (server.Source, time.Duration, error) {
	path := s.program.path(location)
	switch {
	case isStore(location, path):
		source, err := s.openStore(ctx, location)
		return source, s.poll, err
	case isBundle(path):
		return &server.BundleDirectory{Path: path, Name: location, Environment: s.chosen().Name}, s.poll, nil
	}
	return compiledSource{s, location}, 0, nil
}

// A compiledSource compiles a configuration, in a process of its own.
type compiledSource struct {
	*serving
	directory string
}

func (s compiledSource) Read(ctx context.Context, _ func(*bundle.FileRow) []byte) (*server.Reading, error) {
	b, err := s.loadApart(ctx, s.directory)
	if err != nil {
		return nil, err
	}
	return &server.Reading{Bundles: []*bundle.Bundle{b}, Environment: s.chosen().Name}, nil
}

// reload compiles and, if that succeeds, swaps the bundle.
func (s *serving) reload(ctx context.Context, directory string, r *server.Reloader) {
	p := s.program
	b, err := s.loadApart(ctx, directory)
	if err != nil {
		r.Metrics.Reloaded(server.Failed)
		p.fail(err)
		fmt.Fprintln(p.Stderr, p.output().Paint(report.Red, "Not reloaded.")+" The previous bundle is still being served.")
		return
	}
	outcome := server.Unchanged
	if r.Handler.Swap(b) {
		outcome = server.Switched
	}
	r.Metrics.Reloaded(outcome)
	fmt.Fprintf(p.Stderr, "Reloaded %s.\n", b.Manifest.Digest[:12])
}

// openStore opens a store and its cache.
func (s *serving) openStore(ctx context.Context, location string) (server.Source, error) {
	p := s.program
	if path, ok := strings.CutPrefix(location, "dir:"); ok {
		location = path
	}
	if !strings.Contains(location, "://") {
		location = p.path(location)
	}
	var cache store.Store
	if s.cache != "" {
		var err error
		if cache, err = store.Open(ctx, "dir:"+p.path(s.cache), p.env, nil); err != nil {
			return nil, fmt.Errorf("-cache: %w", err)
		}
	}
	releases := deploy.NewReleaseCache(func(ctx context.Context) (store.Store, error) {
		return store.Open(ctx, location, p.env, p.logged(nil))
	}, cache)
	releases.Environment = s.chosen().Name
	return storeSource{releases}, nil
}

// A storeSource reads the releases of a store.
type storeSource struct{ *deploy.ReleaseCache }

func (s storeSource) Read(ctx context.Context, have func(*bundle.FileRow) []byte) (*server.Reading, error) {
	r, err := s.ReleaseCache.Read(ctx, have)
	if err != nil {
		return nil, err
	}
	reading := &server.Reading{Bundles: r.Bundles, Unavailable: r.Unavailable, Waiting: r.Waiting, Damaged: r.Damaged,
		Keep: func(ctx context.Context) error { return s.Copy(ctx, r) }}
	if r.Record != nil {
		reading.BaseURL, reading.Environment = r.Record.BaseURL, r.Record.Environment
	}
	return reading, nil
}
