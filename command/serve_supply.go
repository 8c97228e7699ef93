package command

// Where what is served comes from, and how it stays in step with it:
//
//	a configuration  is compiled; with -watch, again when a file is saved
//	a bundle         is read; again when its manifest changes
//	a store          its releases are read; again when there is another one
//
// Whatever goes wrong after the start, what was served is served on.

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/store"
)

// A supply is one of those. Every function but close may be nil.
type supply struct {
	read  func(ctx context.Context, have func(*bundle.File) []byte) (*deploy.CacheReading, error)
	copy  func(ctx context.Context, r *deploy.CacheReading) error
	every time.Duration // between readings; 0 if changes are noticed
	watch func(f *feed) // returns when the supply is closed
	close func()
}

// isStore reports whether something is the location of a store rather than of a
// directory with a configuration or a bundle.
func isStore(location, path string) bool {
	return strings.HasPrefix(location, "dir:") || strings.Contains(location, "://") ||
		exists(filepath.Join(path, "private", "releases")) && !isBundle(path)
}

// supply opens what is to be served.
func (s *serving) supply(ctx context.Context, location string) (*supply, error) {
	p := s.program
	switch {
	case isStore(location, p.path(location)):
		return s.storeSupply(ctx, location)
	case isBundle(p.path(location)):
		return &supply{read: s.bundleReader(location), every: s.poll, close: func() {}}, nil
	}
	src := &supply{close: func() {}}
	src.read = func(context.Context, func(*bundle.File) []byte) (*deploy.CacheReading, error) {
		result, err := s.load(location)
		if err != nil {
			return nil, err
		}
		return &deploy.CacheReading{Bundles: []*bundle.Bundle{result.Bundle}}, nil
	}
	if s.watch { // from before the files are read, so that no change is missed
		watcher, err := s.program.watcher(location)
		if err != nil {
			return nil, err
		}
		src.close = func() { watcher.Close() }
		src.watch = func(f *feed) { follow(watcher, func() { s.reload(location, f) }) }
	}
	return src, nil
}

// storeSupply opens a store and the copy of it.
func (s *serving) storeSupply(ctx context.Context, location string) (*supply, error) {
	p := s.program
	if path, ok := strings.CutPrefix(location, "dir:"); ok {
		location = path
	}
	if !strings.Contains(location, "://") {
		location = p.path(location)
	}
	var copied store.Store
	if s.cache != "" {
		var err error
		if copied, err = store.Open(ctx, "dir:"+p.path(s.cache), p.env, nil); err != nil {
			return nil, fmt.Errorf("-cache: %w", err)
		}
	}
	mirror := deploy.NewReleaseCache(func(ctx context.Context) (store.Store, error) {
		return store.Open(ctx, location, p.env, nil)
	}, copied)
	return &supply{read: mirror.Read, copy: mirror.Copy, every: s.poll, close: func() {}}, nil
}

// bundleReader reads a bundle whenever its manifest has changed.
func (s *serving) bundleReader(directory string) func(context.Context, func(*bundle.File) []byte) (*deploy.CacheReading, error) {
	path := s.program.path(directory)
	var last os.FileInfo
	return func(context.Context, func(*bundle.File) []byte) (*deploy.CacheReading, error) {
		now, err := os.Stat(filepath.Join(path, "private", "bundle.json"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", directory, err)
		}
		if last != nil && unchanged(last, now) {
			return &deploy.CacheReading{}, nil
		}
		b, err := bundle.Read(os.DirFS(path))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", directory, err)
		}
		last = now
		return &deploy.CacheReading{Bundles: []*bundle.Bundle{b}}, nil
	}
}

// A feed keeps a handler in step with a supply.
type feed struct {
	*supply
	handler  *router.Handler
	follower *router.Follower // nil if nothing is read again
	metrics  *router.Metrics
	logger   *slog.Logger
	reached  atomic.Int64 // when the supply could last be read, in Unix milliseconds
	said     string       // the trouble that was logged last
}

// newFeed serves what was read first.
func newFeed(s *supply, first *deploy.CacheReading, logger *slog.Logger) *feed {
	f := &feed{supply: s, logger: logger, handler: router.New(first.Bundles[0], first.Bundles[1:]...)}
	f.metrics = router.NewMetrics(f.handler)
	if s.every > 0 {
		f.follower = router.NewFollower(s.every, f.again)
		f.handler.Missing = f.follower.Again
		f.metrics.Gauge("ivrc_source_read_timestamp_seconds", "When the bundle or the store could last be read; 0 if it could not since the start.",
			func() float64 { return float64(f.reached.Load()) / 1000 })
	}
	f.settle(context.Background(), first)
	return f
}

// follow reads until the context ends.
func (f *feed) follow(ctx context.Context) {
	giveBack() // what the first reading took
	switch {
	case f.watch != nil:
		f.watch(f)
	case f.follower != nil:
		f.follower.Run(ctx)
	}
}

// again reads once more.
func (f *feed) again(ctx context.Context) {
	reading, err := f.read(ctx, f.handler.Content)
	switch {
	case ctx.Err() != nil: // the server stops
	case err != nil:
		f.metrics.Reloaded(router.Failed)
		f.complain("what is served already is served on", err)
	case len(reading.Bundles) > 0 && f.handler.Swap(reading.Bundles[0], reading.Bundles[1:]...):
		f.metrics.Reloaded(router.Switched)
		f.logger.Info("switched", slog.String("bundle", reading.Bundles[0].Manifest.Digest), slog.Int("releases", len(reading.Bundles)))
		f.settle(ctx, reading)
		giveBack()
	default:
		f.metrics.Reloaded(router.Unchanged)
		f.settle(ctx, reading)
	}
}

// settle does what remains to be done when what was read is served.
func (f *feed) settle(ctx context.Context, r *deploy.CacheReading) {
	if r.Unavailable != nil {
		f.complain("the store is away; its copy is served", r.Unavailable)
		return
	}
	f.reached.Store(time.Now().UnixMilli())
	if f.copy != nil {
		if err := f.copy(ctx, r); err != nil {
			f.complain("the copy is not whole; a restart needs the store", err)
			return
		}
	}
	if len(r.Damaged) > 0 {
		f.complain("a release is left out", r.Damaged[0])
		return
	}
	f.said = ""
}

// complain logs a trouble, but not again and again.
func (f *feed) complain(what string, err error) {
	if text := what + ": " + err.Error(); text != f.said {
		f.said = text
		f.logger.Warn("trouble", slog.String("what", what), slog.String("error", err.Error()))
	}
}

// reload compiles and, if that succeeds, swaps the bundle.
func (s *serving) reload(directory string, f *feed) {
	p := s.program
	result, err := s.load(directory)
	if err != nil {
		f.metrics.Reloaded(router.Failed)
		fmt.Fprintln(p.Stderr, p.paint(red, "Not reloaded.")+" The bundle from before is served on.")
		return
	}
	outcome := router.Unchanged
	if f.handler.Swap(result.Bundle) {
		outcome = router.Switched
	}
	f.metrics.Reloaded(outcome)
	fmt.Fprintf(p.Stderr, "Reloaded %s.\n", result.Bundle.Manifest.Digest[:12])
}
