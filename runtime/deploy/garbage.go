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
		disposable := strings.HasPrefix(e.Key, "public/") || strings.HasPrefix(e.Key, componentFolder) || strings.HasPrefix(e.Key, "private/releases/")
		if disposable && !needed[e.Key] && l.Now.Sub(e.Modified) > outlives {
			garbage = append(garbage, e.Key)
		}
	}
	return garbage, nil
}

// neededFiles are the keys of all releases that are needed: the last ones of the
// owner, those that calls may still be in, all that another deployment applied,
// and for each number the newest that holds what it points at. Whatever holds a
// component holds all that it leads to.
func (l *Live) neededFiles(ctx context.Context, keep int) (map[string]bool, error) {
	manifests, damaged, err := l.manifests(ctx)
	if err != nil {
		return nil, err
	}
	kept := l.kept(keep)
	needed := map[string]bool{}
	for _, m := range manifests {
		if kept(m.Digest) {
			need(needed, m)
		}
	}
	for _, digest := range slices.Sorted(maps.Keys(damaged)) {
		if kept(digest) {
			return nil, fmt.Errorf("it is unknown which files a release needs: %w. Apply its configuration, which restores it", damaged[digest])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(l.pointedAt())) {
		if needed["public/"+path] || !l.serves(path) {
			continue
		}
		holds := func(m *bundle.Manifest) bool {
			return slices.ContainsFunc(m.Files, func(f bundle.FileRow) bool { return f.Path == path })
		}
		i := slices.IndexFunc(manifests, holds)
		if i < 0 {
			return nil, fmt.Errorf("a number points at %s, and no release in the store holds that file, so it is unknown what else it needs. Apply the configuration of that number first", path)
		}
		need(needed, manifests[i])
	}
	return needed, nil
}

// kept tells which releases are needed because of their records.
func (l *Live) kept(keep int) func(release string) bool {
	kept := map[string]bool{}
	for _, r := range slices.Backward(l.Records) {
		if len(kept) < keep {
			kept[r.Release] = true
		}
	}
	for _, r := range alive(l.Records, l.Now) {
		kept[r.Release] = true
	}
	for _, r := range l.all.All {
		if r.Owner() != l.owner {
			kept[r.Release] = true
		}
	}
	return func(release string) bool {
		return kept[release] || slices.ContainsFunc(l.Damaged, func(d DamagedRecord) bool { return strings.HasPrefix(release, d.release()) })
	}
}

// need adds the keys of a release.
func need(needed map[string]bool, m *bundle.Manifest) {
	needed[releaseKey(m.Digest)] = true
	for _, f := range m.Files {
		needed["public/"+f.Path] = true
		needed[componentFolder+folder(f.Path)+".json"] = true
	}
}

// pointedAt is the set of documents that numbers of the account point at, whose
// deployments keep them in this store.
func (l *Live) pointedAt() map[string]bool {
	paths := map[string]bool{}
	owners := append(l.all.Owners(), l.owner)
	for _, phone := range l.State.Names(KindNumber) {
		n, _ := l.State.number(phone)
		for _, address := range []string{n.VoiceURL, n.FallbackURL} {
			for _, o := range owners {
				if path := o.path(address); path != "" {
					paths[document(path)] = true
				}
			}
		}
	}
	return paths
}

// manifests reads the releases of the store, those that were deployed last
// first, and says by digest which are damaged.
func (l *Live) manifests(ctx context.Context) ([]*bundle.Manifest, map[string]error, error) {
	deployed := map[string]int{}
	for i, r := range l.all.All {
		deployed[r.Release] = i + 1
	}
	var list []*bundle.Manifest
	damaged := map[string]error{}
	for _, e := range l.entries {
		digest, ok := strings.CutPrefix(strings.TrimSuffix(e.Key, ".json"), "private/releases/")
		if !ok || e.Key != releaseKey(digest) {
			continue
		}
		data, _, err := l.store.Get(ctx, e.Key)
		if err != nil {
			return nil, nil, err
		}
		m, err := parseRelease(data, digest)
		if err != nil {
			damaged[digest] = fmt.Errorf("%s in %s is damaged: %w", e.Key, l.store, err)
			continue
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *bundle.Manifest) int {
		return cmp.Or(deployed[b.Digest]-deployed[a.Digest], strings.Compare(a.Digest, b.Digest))
	})
	return list, damaged, nil
}
