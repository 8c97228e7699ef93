package deploy

// What a store lacks of the releases that were deployed: files that are missing, have
// another length or other content, and manifests that are damaged. Files are read for
// that, unless there are very many; then their lengths in the listing must do, and it is
// said how many were not read. Drift reads all of them, however many they are.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

// How much is read of a store to see what it lacks: with 16 requests at a time, and each
// of 50 ms, three seconds.
const (
	mostLackFiles = 1000
	mostLackBytes = 64 << 20
)

// Lacks is what a store lacks of some releases.
type Lacks struct {
	Problems []Problem // ordered by key
	Unread   int       // files of which only the length is known to be right
}

// FindLacks says what a store lacks of the releases of some records. A release without a
// manifest is gone, and lacks nothing.
func FindLacks(ctx context.Context, s store.Store, records []*ReleaseRecord) (*Lacks, error) {
	entries, err := s.List(ctx, "")
	if err != nil {
		return nil, err
	}
	f := &lackFinder{map[string]store.Entry{}, map[string]string{}, map[string]Object{}, map[string]string{}}
	for _, e := range entries {
		f.listed[e.Key] = e
	}
	seen := map[string]bool{}
	for _, r := range records {
		key := releaseKey(r.Release)
		if _, there := f.listed[key]; !there || seen[key] {
			continue
		}
		seen[key] = true
		data, _, err := s.Get(ctx, key)
		if isNotFound(err) {
			continue // gc has just removed it
		}
		if err != nil {
			return nil, err
		}
		m, err := parseRelease(data, r.Release)
		if err != nil {
			f.found[key] = "it is damaged: " + err.Error()
			continue
		}
		f.release(m)
	}
	unread, err := f.read(ctx, s)
	if err != nil {
		return nil, err
	}
	lacks := &Lacks{Unread: unread}
	for key, text := range f.found {
		lacks.Problems = append(lacks.Problems, Problem{Address{KindObject, key}, text})
	}
	slices.SortFunc(lacks.Problems, func(a, b Problem) int { return strings.Compare(a.Address.Name, b.Address.Name) })
	return lacks, nil
}

// Lacks says what the store lacks of the owner's releases, but for those whose
// manifests are garbage.
func (l *Live) Lacks(ctx context.Context, garbage []string) (*Lacks, error) {
	return FindLacks(ctx, l.store, slices.DeleteFunc(slices.Clone(l.Records), func(r *ReleaseRecord) bool {
		return slices.Contains(garbage, releaseKey(r.Release))
	}))
}

// A lackFinder collects what a store lacks, by key.
type lackFinder struct {
	listed map[string]store.Entry
	found  map[string]string
	files  map[string]Object // that are listed as they should be
	needed map[string]string // by which release, of these
}

// release adds what a listing lacks of a release.
func (f *lackFinder) release(m *bundle.Manifest) {
	check := func(key string, file Object, sound func(size int64) bool) {
		e, there := f.listed[key]
		switch {
		case !there:
			f.found[key] = fmt.Sprintf("it is missing from the store; release %.12s needs it", m.Digest)
		case !sound(e.Size):
			f.found[key] = fmt.Sprintf("it is damaged: it has %d bytes; release %.12s needs it", e.Size, m.Digest)
		default:
			f.files[key], f.needed[key] = file, m.Digest
		}
	}
	for _, row := range m.Files {
		check("public/"+row.Path, Object{row.SHA256, int64(row.Size)}, func(size int64) bool { return size == int64(row.Size) })
		if d := folder(row.Path); d != "audio" {
			check(componentFolder+d+".json", Object{}, func(size int64) bool { return size > 0 })
		}
	}
}

// read compares the content of the files, and returns how many it did not read.
func (f *lackFinder) read(ctx context.Context, s store.Store) (unread int, err error) {
	var keys []string
	bytes := int64(0)
	for key := range f.files {
		keys = append(keys, key)
		bytes += f.listed[key].Size
	}
	if len(keys) > mostLackFiles || bytes > mostLackBytes {
		return len(keys), nil
	}
	bad, err := altered(ctx, s, keys, f.files)
	for key, what := range bad {
		f.found[key] = fmt.Sprintf("it %s; release %.12s needs it", what, f.needed[key])
	}
	return 0, err
}

// parseRelease reads the manifest of a release.
func parseRelease(data []byte, release string) (*bundle.Manifest, error) {
	m, err := bundle.ParseManifest(data)
	if err == nil && m.Digest != release {
		err = errors.New("it is the manifest of another release")
	}
	return m, err
}
