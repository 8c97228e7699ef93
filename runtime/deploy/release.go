package deploy

// Going back to a release. It needs only the store and the account: a release
// that was deployed once is whole in the store.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// LoadRelease reads a release from the store as the bundle that it was: the
// manifest and the descriptions of its components, not the files, which are
// where they belong already.
func LoadRelease(ctx context.Context, s store.Store, release string) (*bundle.Bundle, error) {
	data, _, err := s.Get(ctx, releaseKey(release))
	if isNotFound(err) {
		return nil, fmt.Errorf("the release %.12s was applied, and is no longer in the store. Choose another release from ivrc releases, or apply the configuration, which restores what is missing", release)
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
	names := slices.Sorted(maps.Keys(directories))
	b.Components, err = readComponents(ctx, s, names)
	return b, err
}

// readComponents reads the descriptions of components. One that is gone
// describes nothing but its directory.
func readComponents(ctx context.Context, s store.Store, directories []string) ([]bundle.Component, error) {
	components := make([]bundle.Component, len(directories))
	err := inParallel(ctx, 8, len(directories), func(ctx context.Context, i int) error {
		components[i].Directory = directories[i]
		key := "private/components/" + directories[i] + ".json"
		data, _, err := s.Get(ctx, key)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		c, err := bundle.ParseComponent(data)
		if err != nil {
			return fmt.Errorf("%s in the store: %w", key, err)
		}
		components[i], components[i].Directory = *c, directories[i]
		return nil
	})
	return components, err
}

// Earlier picks the record of a release: the one whose digest begins with the
// given text, or without one the newest that differs from what is deployed.
func Earlier(records []*ReleaseRecord, release string) (*ReleaseRecord, error) {
	if len(records) == 0 {
		return nil, errors.New("nothing has been deployed from this store yet")
	}
	current := records[len(records)-1].Release
	var found []*ReleaseRecord
	for _, r := range slices.Backward(records) {
		if release == "" && r.Release != current {
			return r, nil
		}
		if release != "" && strings.HasPrefix(r.Release, release) && !slices.ContainsFunc(found, func(f *ReleaseRecord) bool { return f.Release == r.Release }) {
			found = append(found, r)
		}
	}
	switch {
	case release == "":
		return nil, errors.New("there is only one release, so there is nothing to go back to")
	case len(found) == 0:
		return nil, fmt.Errorf("no release begins with %q; ivrc releases lists them", release)
	case len(found) > 1:
		return nil, fmt.Errorf("several releases begin with %q; give more digits", release)
	}
	return found[0], nil
}
