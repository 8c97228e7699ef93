package deploy

// A store is served by a program that need not be where the store is. It reads
// the releases into its memory, and keeps a copy of them in a directory, so that
// neither a call nor a restart needs the store:
//
//	private/applied/   the newest record: which release is the current one
//	private/releases/  a manifest for each release ─▶ the files that it lists
//
// Every release that the store holds is served, not only the current one. Apply
// asks for the files of a new release before any number is pointed at it; calls
// in progress go on with the release that they began with; and numbers that a
// change does not concern keep their addresses for years. What nobody needs is
// removed from the store by Garbage, and then here.
//
// Each file is compared with its digest in the manifest, and each manifest with
// its own, wherever it was read. What is damaged is left out, and what is whole is
// served: one file is no reason to let all calls fail. The copy is a store with the
// same keys, so that one function reads both.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

// A ReleaseCache reads the releases of a store to serve them. It is for one
// goroutine.
type ReleaseCache struct {
	open   func(context.Context) (store.Store, error)
	store  store.Store       // nil until it could be opened
	copied store.Store       // nil if there is no copy
	known  map[string]string // releases that were returned last, with what was wrong with each; nil if none ever was
	latest string            // the one of them that was current

	// Environment is whose newest record says which release is current, if several
	// environments share the store; "" is any.
	Environment string
}

// NewReleaseCache returns a cache of the releases of a store. The store is opened
// when it is first read: that may fail for want of credentials, which some
// machines fetch over the network. Unless copied is nil, [ReleaseCache.Copy]
// writes there, and [ReleaseCache.Read] reads there what the store need not be
// asked for.
func NewReleaseCache(open func(context.Context) (store.Store, error), copied store.Store) *ReleaseCache {
	return &ReleaseCache{open: open, copied: copied}
}

// A CacheReading is what a release cache found in a store.
type CacheReading struct {
	Bundles []*bundle.Bundle // manifests and files that are whole, the current one first; none if nothing has changed
	Record  *ReleaseRecord   // how the current one was applied; nil if it was not yet
	// Unavailable is why the store could not be read, if this is its copy instead.
	Unavailable error
	// Waiting is why there is nothing: the store contains no release yet.
	Waiting error
	// Damaged are the objects that are left out, with the reason.
	Damaged []error

	held      releases
	manifests map[string][]byte // as they are in the store, by digest
}

// Read reads what has changed since it was called last. Have returns the content
// of a file that is served already, or nil; it is not read again then. As long
// as nothing was read from the store yet and it cannot be, its copy is read.
func (c *ReleaseCache) Read(ctx context.Context, have func(*bundle.FileRow) []byte) (*CacheReading, error) {
	r, err := c.readStore(ctx, have)
	if err == nil || c.known != nil || ctx.Err() != nil {
		return r, err
	}
	if c.copied != nil {
		r, copyErr := c.read(ctx, c.copied, have)
		c.known = nil // to be compared with the store itself as soon as it is back
		if copyErr == nil {
			r.Unavailable = err
			return r, nil
		}
		if !errors.Is(err, errNoRelease) || !errors.Is(copyErr, errNoRelease) {
			return nil, fmt.Errorf("%w; and its copy does not help: %w", err, copyErr)
		}
	}
	if errors.Is(err, errNoRelease) {
		return &CacheReading{Waiting: err}, nil
	}
	return nil, err
}

// errNoRelease is why an empty store cannot be read.
var errNoRelease = errors.New("contains no release; ivrc apply writes one")

// listPatience is how long the store may take to list its releases, where there
// is a copy to start from instead. Callers are waiting.
const listPatience = 10 * time.Second

// readStore opens the store and reads it.
func (c *ReleaseCache) readStore(ctx context.Context, have func(*bundle.FileRow) []byte) (*CacheReading, error) {
	if c.store == nil {
		opened, err := c.open(ctx)
		if err != nil {
			return nil, err
		}
		c.store = opened
	}
	return c.read(ctx, c.store, have)
}

// read reads the releases of the store, or of the copy.
func (c *ReleaseCache) read(ctx context.Context, from store.Store, have func(*bundle.FileRow) []byte) (*CacheReading, error) {
	listing, done := ctx, func() {}
	if c.copied != nil {
		listing, done = context.WithTimeout(ctx, listPatience)
	}
	held, err := c.list(listing, from)
	done()
	if err != nil {
		return nil, err
	}
	l := loading{cache: c, from: from, have: have, found: map[string]*bundle.Bundle{}, wrong: map[string]string{},
		CacheReading: CacheReading{Record: held.record, Damaged: held.damaged, held: held, manifests: map[string][]byte{}}}
	whole := func(digest string) bool {
		wrong, known := c.known[digest]
		return known && wrong == ""
	}
	if err := l.load(ctx, func(digest string) bool { return !whole(digest) }); err != nil {
		return nil, err
	}
	isNews := func(digest string) bool {
		before, known := c.known[digest]
		return !known && l.found[digest] != nil || before != l.wrong[digest]
	}
	if !slices.ContainsFunc(held.digests, isNews) && held.current == c.latest && !c.hasMore(held.digests) {
		return &l.CacheReading, nil
	}
	if err := l.load(ctx, whole); err != nil {
		return nil, err
	}
	c.known, c.latest = map[string]string{}, held.current
	for _, digest := range held.digests {
		if l.found[digest] != nil || l.wrong[digest] != "" {
			c.known[digest] = l.wrong[digest]
		}
		if b := l.found[digest]; b != nil && digest == held.current {
			l.Bundles = slices.Insert(l.Bundles, 0, b)
		} else if b != nil {
			l.Bundles = append(l.Bundles, b)
		}
	}
	return &l.CacheReading, nil
}

// hasMore reports whether a release was served that is no longer held.
func (c *ReleaseCache) hasMore(digests []string) bool {
	for digest := range c.known {
		if !slices.Contains(digests, digest) {
			return true
		}
	}
	return false
}

// releases is what a store holds, as far as its listings tell.
type releases struct {
	digests []string       // the newest upload first
	current string         // one of them
	record  *ReleaseRecord // of the current one; nil if it was never applied
	key     string         // of the newest record
	raw     []byte         // the newest record, as it is in the store
	damaged []error        // records that cannot be read
}

// list finds out which releases a store holds, and which is the current one:
// that of the newest record of the environment that can be read, or before anything
// was applied the newest. Whoever wrote no environment had none yet.
func (c *ReleaseCache) list(ctx context.Context, from store.Store) (releases, error) {
	var held releases
	manifests, err := from.List(ctx, "private/releases/")
	if err != nil {
		return held, err
	}
	records, err := from.List(ctx, "private/applied/")
	if err != nil {
		return held, err
	}
	slices.SortStableFunc(manifests, func(a, b store.Entry) int {
		return cmp.Or(b.Modified.Compare(a.Modified), strings.Compare(a.Key, b.Key))
	})
	for _, e := range manifests {
		if digest, ok := strings.CutSuffix(path.Base(e.Key), ".json"); ok && e.Key == releaseKey(digest) {
			held.digests = append(held.digests, digest)
		}
	}
	if len(held.digests) == 0 {
		return held, fmt.Errorf("%s %w", from, errNoRelease)
	}
	held.current = held.digests[0]
	records = slices.DeleteFunc(records, func(e store.Entry) bool { return !strings.HasSuffix(e.Key, ".json") })
	slices.SortFunc(records, func(a, b store.Entry) int { return strings.Compare(b.Key, a.Key) })
	for _, e := range records {
		raw, _, err := from.Get(ctx, e.Key)
		if err != nil {
			return held, err
		}
		r, err := parseRecord(raw)
		if err != nil {
			held.damaged = append(held.damaged, fmt.Errorf("%s in %s: %w", e.Key, from, err))
			continue
		}
		if c.Environment != "" && r.Environment != "" && r.Environment != c.Environment {
			continue
		}
		held.key, held.raw = e.Key, raw
		if slices.Contains(held.digests, r.Release) {
			held.record, held.current = r, r.Release
		}
		break
	}
	return held, nil
}

// A loading is a reading that is being made.
type loading struct {
	CacheReading
	cache *ReleaseCache
	from  store.Store
	have  func(*bundle.FileRow) []byte
	found map[string]*bundle.Bundle // by digest
	wrong map[string]string         // what is wrong with a release, by digest
}

// errDamaged is why an object that could be read is not served.
var errDamaged = errors.New("is damaged")

// load reads the releases that are wanted. Of one that is damaged, what is whole is
// kept.
func (l *loading) load(ctx context.Context, wanted func(digest string) bool) error {
	for _, digest := range l.held.digests {
		if !wanted(digest) {
			continue
		}
		b, damage, err := l.release(ctx, digest)
		switch {
		case err != nil && (ctx.Err() != nil || !unusable(err)):
			return err
		case l.removed(ctx, digest, errors.Join(append(damage, err)...)):
			continue // it was listed a moment ago, and Garbage has removed it
		case err != nil:
			damage = []error{err}
		default:
			l.found[digest] = b
		}
		if len(damage) > 0 {
			l.note(damage)
			l.wrong[digest] = errors.Join(damage...).Error()
		}
	}
	return nil
}

// note notes what is damaged, once where several releases need it.
func (l *loading) note(damage []error) {
	for _, err := range damage {
		if !slices.ContainsFunc(l.Damaged, func(d error) bool { return d.Error() == err.Error() }) {
			l.Damaged = append(l.Damaged, err)
		}
	}
}

// unusable reports whether an object is damaged or missing, and not merely out of reach.
func unusable(err error) bool { return isNotFound(err) || errors.Is(err, errDamaged) }

// removed reports whether a release could not be read because it is gone.
func (l *loading) removed(ctx context.Context, digest string, err error) bool {
	if !isNotFound(err) {
		return false
	}
	_, _, err = l.from.Get(ctx, releaseKey(digest))
	return isNotFound(err)
}

// release reads one release, its manifest and its files, and says which of these
// are damaged or missing.
func (l *loading) release(ctx context.Context, digest string) (b *bundle.Bundle, damage []error, err error) {
	b = &bundle.Bundle{}
	raw, err := l.read(ctx, releaseKey(digest), func(data []byte) error {
		m, err := bundle.ParseManifest(data)
		if err == nil && m.Digest != digest {
			err = errors.New("is the manifest of another release")
		}
		if err == nil {
			b.Manifest = *m
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	l.manifests[digest] = raw
	files := b.Manifest.Files
	contents, missing := make([][]byte, len(files)), make([]error, len(files))
	err = inParallel(ctx, 16, len(files), func(ctx context.Context, i int) error {
		var err error
		if contents[i] = l.have(&files[i]); contents[i] == nil {
			contents[i], err = l.read(ctx, "public/"+files[i].Path, files[i].Verify)
		}
		if err != nil && unusable(err) {
			missing[i], err = err, nil
		}
		return err
	})
	b.Data = make(map[string][]byte, len(files))
	for i := range files {
		if missing[i] == nil {
			b.Data[files[i].Path] = contents[i]
		}
	}
	return b, slices.DeleteFunc(missing, func(err error) bool { return err == nil }), err
}

// read reads an object: from the copy if that has it unaltered, else from the
// store.
func (l *loading) read(ctx context.Context, key string, check func([]byte) error) ([]byte, error) {
	if copied := l.cache.copied; copied != nil && copied != l.from {
		data, _, err := copied.Get(ctx, key)
		if err == nil && check(data) == nil {
			return data, nil
		}
		if err == nil {
			_ = copied.Delete(ctx, key) // so that Copy writes it again
		}
	}
	data, _, err := l.from.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := check(data); err != nil {
		return nil, fmt.Errorf("%s in %s %w: %w", key, l.from, errDamaged, err)
	}
	return data, nil
}

// Copy makes the copy hold what a reading holds: the files that it lacks, then
// the manifests, then the record. Then it removes what is of no release any
// longer. If it fails, the next reading holds everything, to be copied again.
func (c *ReleaseCache) Copy(ctx context.Context, r *CacheReading) error {
	if c.copied == nil || r.Unavailable != nil || len(r.Bundles) == 0 {
		return nil
	}
	err := c.complete(ctx, r)
	if err != nil {
		c.known = map[string]string{}
	}
	return err
}

// complete writes the copy.
func (c *ReleaseCache) complete(ctx context.Context, r *CacheReading) error {
	entries, err := c.copied.List(ctx, "")
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Key] = true
	}
	files, manifests := map[string][]byte{}, map[string][]byte{}
	needed := map[string]bool{r.held.key: true}
	for _, b := range slices.Backward(r.Bundles) {
		for path, data := range b.Data {
			files["public/"+path] = data
		}
		manifests[releaseKey(b.Manifest.Digest)] = r.manifests[b.Manifest.Digest]
		need(needed, &b.Manifest)
	}
	record := map[string][]byte{r.held.key: r.held.raw}
	delete(record, "") // there is none
	for _, objects := range []map[string][]byte{files, manifests, record} {
		keys := slices.DeleteFunc(slices.Sorted(maps.Keys(objects)), func(key string) bool { return there[key] })
		err := inParallel(ctx, 16, len(keys), func(ctx context.Context, i int) error {
			_, err := c.copied.Put(ctx, keys[i], objects[keys[i]], store.PutOptions{})
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, e := range entries {
		if !needed[e.Key] {
			if err := c.copied.Delete(ctx, e.Key); err != nil {
				return err
			}
		}
	}
	return nil
}
