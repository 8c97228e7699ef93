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
// where they belong already. Problems are descriptions that are missing or
// damaged.
func LoadRelease(ctx context.Context, s store.Store, release string) (*bundle.Bundle, []Problem, error) {
	data, _, err := s.Get(ctx, releaseKey(release))
	if isNotFound(err) {
		return nil, nil, fmt.Errorf("the release %.12s was applied, and is no longer in the store. Choose another release from ivrc releases, or apply the configuration, which restores what is missing", release)
	}
	if err != nil {
		return nil, nil, err
	}
	m, err := parseRelease(data, release)
	if err != nil {
		return nil, nil, fmt.Errorf("%s in the store is damaged: %w. Choose another release from ivrc releases, or apply the configuration, which restores it", releaseKey(release), err)
	}
	directories := map[string]bool{}
	for _, f := range m.Files {
		if d := folder(f.Path); d != "audio" {
			directories[d] = true
		}
	}
	components, problems, err := readComponents(ctx, s, slices.Sorted(maps.Keys(directories)))
	components = slices.DeleteFunc(components, func(c bundle.Component) bool { return c.Directory == "" })
	return &bundle.Bundle{Manifest: *m, Components: components}, problems, err
}

// readComponents reads the descriptions of components. One that is missing or
// damaged is a problem, and the zero component.
func readComponents(ctx context.Context, s store.Store, directories []string) ([]bundle.Component, []Problem, error) {
	components, problems := make([]bundle.Component, len(directories)), make([]Problem, len(directories))
	err := inParallel(ctx, 8, len(directories), func(ctx context.Context, i int) error {
		key := componentFolder + directories[i] + ".json"
		data, _, err := s.Get(ctx, key)
		if isNotFound(err) {
			problems[i] = Problem{Address{KindObject, key}, "it is missing from the store"}
			return nil
		}
		if err != nil {
			return err
		}
		c, err := bundle.ParseComponent(data)
		if err == nil && c.Directory != directories[i] {
			err = errors.New("it describes another component")
		}
		if err != nil {
			problems[i] = Problem{Address{KindObject, key}, "it is damaged: " + err.Error()}
			return nil
		}
		components[i] = *c
		return nil
	})
	return components, slices.DeleteFunc(problems, func(p Problem) bool { return p.Text == "" }), err
}

// Latest is the newest record of an owner. One that cannot be read, and may be
// newer, is an error.
func (r *Records) Latest(o Owner) (*ReleaseRecord, error) {
	records := r.Of(o)
	if n := len(r.Damaged); n > 0 && (len(records) == 0 || r.Damaged[n-1].Key > records[len(records)-1].key()) {
		return nil, fmt.Errorf("it is unknown which release is deployed: %w", r.Damaged[n-1].Err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("nothing has been deployed from this store yet for %s", o)
	}
	return records[len(records)-1], nil
}

// Earlier picks the record of a release of an owner: the one whose digest begins
// with the given text, or without one the newest that differs from what is
// deployed.
func (r *Records) Earlier(o Owner, release string) (*ReleaseRecord, error) {
	records, current := r.Of(o), ""
	if latest, err := r.Latest(o); err == nil {
		current = latest.Release
	} else if release == "" || len(records) == 0 {
		return nil, err
	}
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
		for _, other := range slices.Backward(r.All) {
			if other.Owner() != o && strings.HasPrefix(other.Release, release) {
				return nil, fmt.Errorf("the release %.12s was deployed for %s, and not for %s", other.Release, other.Owner(), o)
			}
		}
		return nil, fmt.Errorf("no release begins with %q; ivrc releases lists them", release)
	case len(found) > 1:
		return nil, fmt.Errorf("several releases begin with %q; give more digits", release)
	}
	return found[0], nil
}
