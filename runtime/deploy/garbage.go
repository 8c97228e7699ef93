package deploy

// Cleaning up the store.

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Garbage lists the keys of the store that nobody needs any longer: what
// belongs to no release that a number points at, to none of the last releases
// that are kept, and is older than a day.
func (l *Live) Garbage(ctx context.Context, keep int) ([]string, error) {
	needed, err := l.neededFiles(ctx, keep)
	if err != nil {
		return nil, err
	}
	var garbage []string
	for _, e := range l.entries {
		disposable := strings.HasPrefix(e.Key, "public/") || strings.HasPrefix(e.Key, "private/components/") || strings.HasPrefix(e.Key, "private/releases/")
		if disposable && !needed[e.Key] && l.Now.Sub(e.Modified) > outlives {
			garbage = append(garbage, e.Key)
		}
	}
	return garbage, nil
}

// neededFiles are the keys of all releases that are alive: the last ones, those
// that calls may still be in, and for each number the newest that holds what it
// points at. Whatever holds a component holds all that it leads to.
func (l *Live) neededFiles(ctx context.Context, keep int) (map[string]bool, error) {
	manifests, err := l.manifests(ctx)
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	for i, r := range slices.Backward(l.Records) {
		replaced := i+1 < len(l.Records)
		if len(alive) < keep || !replaced || l.Now.Sub(l.Records[i+1].At) < outlives {
			alive[r.Release] = true
		}
	}
	needed := map[string]bool{}
	for _, m := range manifests {
		if alive[m.Digest] {
			need(needed, m)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(l.pointedAt())) {
		if needed["public/"+path] {
			continue
		}
		holds := func(m *bundle.Manifest) bool {
			return slices.ContainsFunc(m.Files, func(f bundle.FileRow) bool { return f.Path == path })
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
func (l *Live) pointedAt() map[string]bool {
	paths := map[string]bool{}
	for _, phone := range l.State.Names(KindNumber) {
		n, _ := l.State.number(phone)
		for _, address := range []string{n.VoiceURL, n.FallbackURL} {
			path, ours := strings.CutPrefix(address, l.target.BaseURL+"/")
			if decision := bundle.DecisionAt(path); decision != nil {
				path = bundle.AnswerPath(path, bundle.Otherwise)
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
func (l *Live) manifests(ctx context.Context) ([]*bundle.Manifest, error) {
	deployed := map[string]int{}
	for i, r := range l.Records {
		deployed[r.Release] = i + 1
	}
	var list []*bundle.Manifest
	for _, e := range l.entries {
		if !strings.HasPrefix(e.Key, "private/releases/") {
			continue
		}
		data, _, err := l.store.Get(ctx, e.Key)
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
