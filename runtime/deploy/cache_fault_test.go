package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/ivrc/ivrc/runtime/store"
)

// A copy that cannot be written is no reason not to serve, and is whole as soon
// as it can be.
func TestReleaseCacheWithAFullDisk(t *testing.T) {
	s := newShop(t)
	one := sold("one", "menu.a-1/menu-1.xml", "menu.b-1/menu-1.xml")
	s.apply(one)
	for full := range 6 {
		copied := &fullDisk{memoryStore: newFakeWorld().store}
		copied.room.Store(int32(full))
		m := serveShop(t, s, copied)
		_, err := m.read()
		if (err == nil) != (full == 5) || !slices.Equal(m.names, []string{"one"}) {
			t.Errorf("the disk is full after %d writes: %v, serving %q", full, err, m.names)
		}
		copied.room.Store(100)
		r := m.expect("one")
		if full < 5 && len(r.Bundles) != 1 {
			t.Error("after a copy that failed, the next reading is not whole")
		}
		if got := contents(copied.memoryStore); len(got) != 5 {
			t.Errorf("the copy holds %d objects", len(got))
		}
		s.away = errors.New("gone")
		serveShop(t, s, copied).expect("one")
		s.away = nil
	}
}

// fullDisk is a store that has room for some more objects.
type fullDisk struct {
	*memoryStore
	room atomic.Int32
}

func (d *fullDisk) Put(ctx context.Context, key string, data []byte, o store.PutOptions) (store.Entry, error) {
	if d.room.Add(-1) < 0 {
		return store.Entry{}, errors.New("the disk is full")
	}
	return d.memoryStore.Put(ctx, key, data, o)
}

// A store that fails at any one of its requests loses nothing that is served, and
// the next reading is as if nothing had been.
func TestReleaseCacheWithFaults(t *testing.T) {
	for at := range 40 {
		s := newShop(t)
		one, two := sold("one", "menu.a-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml")
		s.apply(one)
		failing := &failing{Store: s}
		m := &served{t: t, cache: NewReleaseCache(opens(failing), nil), files: map[string][]byte{}}
		m.expect("one")
		s.apply(two)
		failing.left.Store(int32(at + 1))
		_, err := m.read()
		if failing.left.Load() > 0 { // it needed fewer requests
			if err != nil || at == 0 {
				t.Errorf("%d: %v", at, err)
			}
			return
		}
		if err != nil && !slices.Equal(m.names, []string{"one"}) {
			t.Errorf("request %d: %q are served", at, m.names)
		}
		m.expect("two", "one")
	}
	t.Error("a reading takes more than 40 requests")
}

// failing is a store of which one request fails.
type failing struct {
	store.Store
	left atomic.Int32 // requests until then
}

func (f *failing) fail() error {
	if f.left.Add(-1) == 0 {
		return fmt.Errorf("request lost: %w", context.DeadlineExceeded)
	}
	return nil
}

func (f *failing) List(ctx context.Context, prefix string) ([]store.Entry, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Store.List(ctx, prefix)
}

func (f *failing) Get(ctx context.Context, key string) ([]byte, store.Entry, error) {
	if err := f.fail(); err != nil {
		return nil, store.Entry{}, err
	}
	return f.Store.Get(ctx, key)
}
