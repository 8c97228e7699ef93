package deploy

// Going back, and cleaning up. Both need only the store and the account: a
// release that was deployed once is whole in the store.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// LoadRelease reads a release from the store as the bundle that it was: the
// manifest and the descriptions of its components, not the files, which are
// where they belong already.
func LoadRelease(ctx context.Context, store Store, release string) (*bundle.Bundle, error) {
	data, _, err := store.Get(ctx, releaseKey(release))
	if isNotFound(err) {
		return nil, fmt.Errorf("the release %.12s was applied, and is not in the store any longer. Choose another one that ivrc releases lists, or apply the configuration, which puts what is missing back", release)
	}
	if err != nil {
		return nil, err
	}
	m, err := bundle.ParseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s in the store: %w", releaseKey(release), err)
	}
	b := &bundle.Bundle{Manifest: *m}
	directories := map[string]bool{}
	for _, f := range m.Files {
		if d := folder(f.Path); d != "audio" {
			directories[d] = true
		}
	}
	names := union(directories, map[string]bool{})
	b.Components = make([]bundle.Component, len(names))
	err = inParallel(ctx, 8, len(names), func(ctx context.Context, i int) error {
		c, err := readComponent(ctx, store, names[i])
		c.Directory = names[i]
		b.Components[i] = c
		return err
	})
	return b, err
}

// Earlier picks the record of a release: the one whose digest begins with the
// given text, or without one the newest that differs from what is deployed.
func Earlier(records []*Record, release string) (*Record, error) {
	if len(records) == 0 {
		return nil, errors.New("nothing was deployed from this store yet")
	}
	current := records[len(records)-1].Release
	var found []*Record
	for _, r := range slices.Backward(records) {
		if release == "" && r.Release != current {
			return r, nil
		}
		if release != "" && strings.HasPrefix(r.Release, release) && !slices.ContainsFunc(found, func(f *Record) bool { return f.Release == r.Release }) {
			found = append(found, r)
		}
	}
	switch {
	case release == "":
		return nil, errors.New("there is only one release; there is nothing to go back to")
	case len(found) == 0:
		return nil, fmt.Errorf("no release begins with %q; ivrc releases lists them", release)
	case len(found) > 1:
		return nil, fmt.Errorf("several releases begin with %q; give more of its digits", release)
	}
	return found[0], nil
}

// Garbage lists the keys of the store that nobody needs any longer: what
// belongs to no release that a number points at, to none of the last releases
// that are kept, and is older than a day.
func (w *World) Garbage(ctx context.Context, store Store, t Target, keep int) ([]string, error) {
	needed, err := w.neededFiles(ctx, store, t, keep)
	if err != nil {
		return nil, err
	}
	var garbage []string
	for _, e := range w.entries {
		disposable := strings.HasPrefix(e.Key, "public/") || strings.HasPrefix(e.Key, "private/components/") || strings.HasPrefix(e.Key, "private/releases/")
		if disposable && !needed[e.Key] && w.Now.Sub(e.Modified) > outlives {
			garbage = append(garbage, e.Key)
		}
	}
	return garbage, nil
}

// neededFiles are the keys of all releases that are alive: the last ones, those
// that calls may still be in, and for each number the newest that holds what it
// points at. Whatever holds a component holds all that it leads to.
func (w *World) neededFiles(ctx context.Context, store Store, t Target, keep int) (map[string]bool, error) {
	manifests, err := w.manifests(ctx, store)
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	for i, r := range slices.Backward(w.Records) {
		replaced := i+1 < len(w.Records)
		if len(alive) < keep || !replaced || w.Now.Sub(w.Records[i+1].At) < outlives {
			alive[r.Release] = true
		}
	}
	needed := map[string]bool{}
	for _, m := range manifests {
		if alive[m.Digest] {
			need(needed, m)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(w.pointedAt(t))) {
		if needed["public/"+path] {
			continue
		}
		holds := func(m *bundle.Manifest) bool {
			return slices.ContainsFunc(m.Files, func(f bundle.File) bool { return f.Path == path })
		}
		if i := slices.IndexFunc(manifests, holds); i >= 0 {
			need(needed, manifests[i])
		}
	}
	return needed, nil
}

// need adds the keys of a release.
func need(needed map[string]bool, m *bundle.Manifest) {
	needed[releaseKey(m.Digest)] = true
	for _, f := range m.Files {
		needed["public/"+f.Path] = true
		needed["private/components/"+folder(f.Path)+".json"] = true
	}
}

// pointedAt is the set of documents that numbers of ours point at.
func (w *World) pointedAt(t Target) map[string]bool {
	paths := map[string]bool{}
	for _, phone := range w.State.Names(KindNumber) {
		n := w.State[Address{KindNumber, phone}].(PhoneNumber)
		for _, address := range []string{n.VoiceURL, n.FallbackURL} {
			path, ours := strings.CutPrefix(address, t.BaseURL+"/")
			if decision := bundle.DecisionAt(path); decision != nil {
				path += "." + bundle.Otherwise + ".xml"
			}
			if ours {
				paths[path] = true
			}
		}
	}
	return paths
}

// manifests reads the releases of the store, those that were deployed last
// first.
func (w *World) manifests(ctx context.Context, store Store) ([]*bundle.Manifest, error) {
	deployed := map[string]int{}
	for i, r := range w.Records {
		deployed[r.Release] = i + 1
	}
	var list []*bundle.Manifest
	for _, e := range w.entries {
		if !strings.HasPrefix(e.Key, "private/releases/") {
			continue
		}
		data, _, err := store.Get(ctx, e.Key)
		if err != nil {
			return nil, err
		}
		m, err := bundle.ParseManifest(data)
		if err != nil {
			return nil, fmt.Errorf("%s in the store: %w", e.Key, err)
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *bundle.Manifest) int {
		return cmp.Or(deployed[b.Digest]-deployed[a.Digest], strings.Compare(a.Digest, b.Digest))
	})
	return list, nil
}
