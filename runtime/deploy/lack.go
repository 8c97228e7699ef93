package deploy

// What a store lacks of the releases that were deployed, as far as its listing and
// their manifests tell: files that are missing or have another length, and manifests
// that are damaged. No other file is read for that; drift reads them all.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

// Lacks says what a store lacks of the releases of some records, ordered by key. A
// release without a manifest is gone, and lacks nothing.
func Lacks(ctx context.Context, s store.Store, records []*ReleaseRecord) ([]Problem, error) {
	entries, err := s.List(ctx, "")
	if err != nil {
		return nil, err
	}
	listed := map[string]store.Entry{}
	for _, e := range entries {
		listed[e.Key] = e
	}
	found, seen := map[string]string{}, map[string]bool{}
	for _, r := range records {
		key := releaseKey(r.Release)
		if _, there := listed[key]; !there || seen[key] {
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
			found[key] = "it is damaged: " + err.Error()
			continue
		}
		lacking(listed, m, found)
	}
	var problems []Problem
	for key, text := range found {
		problems = append(problems, Problem{Address{KindObject, key}, text})
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Address.Name, b.Address.Name) })
	return problems, nil
}

// Lacks says what the store lacks of the owner's releases, but for those whose
// manifests are garbage.
func (l *Live) Lacks(ctx context.Context, garbage []string) ([]Problem, error) {
	return Lacks(ctx, l.store, slices.DeleteFunc(slices.Clone(l.Records), func(r *ReleaseRecord) bool {
		return slices.Contains(garbage, releaseKey(r.Release))
	}))
}

// lacking adds what a listing lacks of a release.
func lacking(listed map[string]store.Entry, m *bundle.Manifest, found map[string]string) {
	check := func(key string, sound func(size int64) bool) {
		e, there := listed[key]
		switch {
		case !there:
			found[key] = fmt.Sprintf("it is missing from the store; release %.12s needs it", m.Digest)
		case !sound(e.Size):
			found[key] = fmt.Sprintf("it is damaged: it has %d bytes; release %.12s needs it", e.Size, m.Digest)
		}
	}
	for _, f := range m.Files {
		check("public/"+f.Path, func(size int64) bool { return size == int64(f.Size) })
		if d := folder(f.Path); d != "audio" {
			check(componentFolder+d+".json", func(size int64) bool { return size > 0 })
		}
	}
}

// parseRelease reads the manifest of a release.
func parseRelease(data []byte, release string) (*bundle.Manifest, error) {
	m, err := bundle.ParseManifest(data)
	if err == nil && m.Digest != release {
		err = errors.New("it is the manifest of another release")
	}
	return m, err
}
