package deploy

// Going back, and cleaning up. Both need only the store and the account: a
// release that was deployed once is whole in the store.

import (
	"context"
	"errors"
	"fmt"
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
		return nil, fmt.Errorf("the store holds no release %.12s; ivrc releases lists those that it holds", release)
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

// neededFiles are the keys of all releases that are alive.
func (w *World) neededFiles(ctx context.Context, store Store, t Target, keep int) (map[string]bool, error) {
	pointed := map[string]bool{}
	for _, phone := range w.State.Names(KindNumber) {
		if n := w.State[Address{KindNumber, phone}].(PhoneNumber); t.ours(n) {
			pointed[folder(strings.TrimPrefix(n.VoiceURL, t.BaseURL+"/"))] = true
			pointed[folder(strings.TrimPrefix(n.FallbackURL, t.BaseURL+"/"))] = true
		}
	}
	recent := map[string]bool{}
	for i, r := range slices.Backward(w.Records) {
		replaced := i+1 < len(w.Records)
		if len(recent) < keep || recent[r.Release] || !replaced || w.Now.Sub(w.Records[i+1].At) < outlives {
			recent[r.Release] = true
		}
	}
	needed := map[string]bool{}
	for _, e := range w.entries {
		release, ok := strings.CutPrefix(e.Key, "private/releases/")
		if !ok {
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
		alive := recent[strings.TrimSuffix(release, ".json")] || slices.ContainsFunc(m.Files, func(f bundle.File) bool { return pointed[folder(f.Path)] })
		if !alive {
			continue
		}
		needed[e.Key] = true
		for _, f := range m.Files {
			needed["public/"+f.Path] = true
			needed["private/components/"+folder(f.Path)+".json"] = true
		}
	}
	return needed, nil
}
