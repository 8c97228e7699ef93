package deploy

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

// A shop is a store that is served, with a clock of its own.
type shop struct {
	store.Store
	world *fakeWorld
	t     *testing.T
	away  error // why it cannot be read
	mutex sync.Mutex
	reads map[string]int // by key
}

func newShop(t *testing.T) *shop {
	w := newFakeWorld()
	return &shop{Store: w.store, world: w, t: t, reads: map[string]int{}}
}

func (s *shop) List(ctx context.Context, prefix string) ([]store.Entry, error) {
	if s.away != nil {
		return nil, s.away
	}
	return s.Store.List(ctx, prefix)
}

func (s *shop) Get(ctx context.Context, key string) ([]byte, store.Entry, error) {
	if s.away != nil {
		return nil, store.Entry{}, s.away
	}
	s.mutex.Lock()
	s.reads[key]++
	s.mutex.Unlock()
	return s.Store.Get(ctx, key)
}

// sold is a bundle whose documents say who wrote them.
func sold(name string, paths ...string) *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest = bundle.Manifest{FormatVersion: bundle.FormatVersion, Project: name, Fallback: "fallback-x/fallback.xml"}
	for _, p := range slices.Sorted(slices.Values(append(paths, b.Manifest.Fallback))) {
		b.Data[p] = []byte("<Response><!-- " + p + " --></Response>")
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(p, b.Data[p]))
	}
	b.Seal()
	return b
}

// upload does what apply does before it touches a number.
func (s *shop) upload(b *bundle.Bundle) {
	s.t.Helper()
	s.world.now = s.world.now.Add(time.Minute)
	for p, data := range b.Data {
		s.put("public/"+p, data)
	}
	s.put(releaseKey(b.Manifest.Digest), b.Private()["bundle.json"])
}

// apply uploads a release and records it.
func (s *shop) apply(b *bundle.Bundle) {
	s.t.Helper()
	s.upload(b)
	s.record(b)
}

func (s *shop) record(b *bundle.Bundle) {
	s.t.Helper()
	s.world.now = s.world.now.Add(time.Minute)
	r := &ReleaseRecord{FormatVersion: RecordVersion, ID: "lock", Release: b.Manifest.Digest, At: s.world.now, BaseURL: testBase}
	s.put(r.key(), bundle.CanonicalJSON(r))
}

func (s *shop) put(key string, data []byte) {
	s.t.Helper()
	if _, err := s.Put(s.t.Context(), key, data, store.PutOptions{}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) remove(keys ...string) {
	s.t.Helper()
	for _, key := range keys {
		if err := s.Delete(s.t.Context(), key); err != nil {
			s.t.Fatal(err)
		}
	}
}

// A served is what a server has in memory.
type served struct {
	t     *testing.T
	cache *ReleaseCache
	files map[string][]byte // by path and digest
	names []string          // of the bundles that were read last
}

// opens opens a store.
func opens(s store.Store) func(context.Context) (store.Store, error) {
	return func(context.Context) (store.Store, error) { return s, nil }
}

func serveShop(t *testing.T, s *shop, copied store.Store) *served {
	return &served{t: t, cache: NewReleaseCache(opens(s), copied), files: map[string][]byte{}}
}

// read reads, checks that every bundle is whole, and copies.
func (s *served) read() (*CacheReading, error) {
	s.t.Helper()
	r, err := s.cache.Read(s.t.Context(), func(f *bundle.FileRow) []byte { return s.files[f.Path+f.SHA256] })
	if err != nil {
		return nil, err
	}
	if len(r.Bundles) > 0 {
		s.names = nil
	}
	for _, b := range r.Bundles {
		s.names = append(s.names, b.Manifest.Project)
		if err := b.Check(); err != nil && len(r.Damaged) == 0 {
			s.t.Error(err)
		}
		for _, f := range b.Manifest.Files {
			if data, whole := b.Data[f.Path]; whole {
				s.files[f.Path+f.SHA256] = data
			}
		}
	}
	return r, s.cache.Copy(s.t.Context(), r)
}

// expect reads, and compares the bundles that are served, the current one first.
func (s *served) expect(names ...string) *CacheReading {
	s.t.Helper()
	r, err := s.read()
	if err != nil {
		s.t.Fatal(err)
	}
	if !slices.Equal(s.names, names) {
		s.t.Errorf("%q are served, want %q", s.names, names)
	}
	return r
}

func TestReleaseCacheServesWhatTheStoreHolds(t *testing.T) {
	s := newShop(t)
	one, two, three := sold("one", "menu.a-1/menu-1.xml", "audio/a.wav"), sold("two", "menu.a-2/menu-1.xml", "audio/a.wav"), sold("three", "menu.a-3/menu-1.xml")
	m := serveShop(t, s, nil)
	if r := m.expect(); r.Waiting == nil || !strings.Contains(r.Waiting.Error(), "contains no release; ivrc apply writes one") {
		t.Errorf("an empty store: %v", r.Waiting)
	}
	s.upload(one) // before anything is applied, the newest upload is the current one
	if r := m.expect("one"); r.Record != nil {
		t.Error("a release that was not applied has a record")
	}
	s.record(one)
	if r := m.expect("one"); len(r.Bundles) != 0 || r.Record.BaseURL != testBase {
		t.Errorf("nothing has changed, and %d bundles are read", len(r.Bundles))
	}
	s.upload(two) // served from here on, because apply asks for it now
	m.expect("one", "two")
	s.record(two)
	m.expect("two", "one")
	s.apply(three)
	m.expect("three", "two", "one")
	s.record(one) // rollback
	m.expect("one", "three", "two")
	s.remove(releaseKey(two.Manifest.Digest), "public/menu.a-2/menu-1.xml") // gc
	m.expect("one", "three")
	for key, n := range s.reads {
		if n > 1 && strings.HasPrefix(key, "public/") {
			t.Errorf("%s was read %d times", key, n)
		}
	}
	s.remove(releaseKey(one.Manifest.Digest)) // somebody's mistake: the record names a release that is gone
	m.expect("three")
}

func TestReleaseCacheVerifies(t *testing.T) {
	s := newShop(t)
	one, two := sold("one", "menu.a-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml")
	s.apply(one)
	m := serveShop(t, s, nil)
	m.expect("one")
	s.upload(two)
	for name, damage := range map[string]func(){
		"was altered": func() {
			s.put("public/menu.a-2/menu-1.xml", []byte("<Response><!-- menu.a-2/menu-1.xmL --></Response>"))
		},
		"no such object":  func() { s.remove("public/menu.a-2/menu-1.xml") },
		"bytes, the":      func() { s.put("public/menu.a-2/menu-1.xml", nil) },
		"another release": func() { s.put(releaseKey(two.Manifest.Digest), one.Private()["bundle.json"]) },
		"not a manifest":  func() { s.put(releaseKey(two.Manifest.Digest), []byte("{")) },
		"its digest is": func() {
			s.put(releaseKey(two.Manifest.Digest), bytes.ReplaceAll(two.Private()["bundle.json"], []byte("two"), []byte("tow")))
		},
		"this program read": func() { s.put(releaseKey(two.Manifest.Digest), []byte(`{"format_version": "9.0"}`)) },
	} {
		damage()
		m := serveShop(t, s, nil)
		r, err := m.read()
		if err != nil || len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0].Error(), name) || m.names[0] != "one" {
			t.Errorf("%s: serving %q, %v, %v", name, m.names, r.Damaged, err)
		}
		if len(m.names) == 2 && (len(r.Bundles[1].Data) != 1 || r.Bundles[1].Data["menu.a-2/menu-1.xml"] != nil) {
			t.Errorf("%s: %q is served", name, r.Bundles[1].Data)
		}
		s.upload(two)
	}
	s.put("public/menu.a-2/menu-1.xml", nil)
	s.record(two)
	if r := m.expect("two", "one"); len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0].Error(), "menu.a-2") {
		t.Errorf("a current release that is damaged: %v", r.Damaged)
	}
	if r := m.expect("two", "one"); len(r.Damaged) != 1 || len(r.Bundles) > 0 {
		t.Errorf("nothing has changed, and %d bundles are new, %v", len(r.Bundles), r.Damaged)
	}
	s.upload(two)
	if r := m.expect("two", "one"); len(r.Damaged) != 0 || len(r.Bundles) != 2 || len(r.Bundles[0].Data) != 2 {
		t.Errorf("after it was mended: %d bundles, %v", len(r.Bundles), r.Damaged)
	}
}

// A release that is removed while it is read is not damaged, but gone.
func TestReleaseCacheMeetsGarbageCollection(t *testing.T) {
	s := newShop(t)
	one, two := sold("one", "menu.a-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml")
	s.apply(one)
	s.upload(two)
	for _, key := range []string{releaseKey(two.Manifest.Digest), "public/menu.a-2/menu-1.xml"} {
		collected := &collected{Store: s, at: key, remove: func() {
			s.remove(releaseKey(two.Manifest.Digest), "public/menu.a-2/menu-1.xml")
		}}
		m := &served{t: t, cache: NewReleaseCache(opens(collected), nil), files: map[string][]byte{}}
		if r := m.expect("one"); len(r.Damaged) != 0 {
			t.Errorf("at %s: %v", key, r.Damaged)
		}
		s.upload(two)
	}
}

// collected is a store from which things are removed before a certain one is read.
type collected struct {
	store.Store
	at     string
	remove func()
}

func (c *collected) Get(ctx context.Context, key string) ([]byte, store.Entry, error) {
	if key == c.at {
		c.remove()
	}
	return c.Store.Get(ctx, key)
}

// Of objects that are in the store, but no releases, nothing is read.
func TestReleaseCachePassesOverStrangers(t *testing.T) {
	s := newShop(t)
	one := sold("one")
	s.apply(one)
	for _, key := range []string{"private/releases/notes.txt", "private/releases/old/x.json", "private/applied/20990101T000000.000Z-x.json.tmp", "private/lock.json", "public/index.html"} {
		s.put(key, []byte("x"))
	}
	r := serveShop(t, s, nil).expect("one")
	if len(r.Damaged) != 0 || s.reads["public/index.html"] != 0 {
		t.Errorf("%v, %v", r.Damaged, s.reads)
	}
	s.put("private/applied/20990101T000000.000Z-x.json", []byte("{"))
	if r := serveShop(t, s, nil).expect("one"); len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0].Error(), "20990101T000000") {
		t.Errorf("a record that is damaged: %v", r.Damaged)
	}
}

func TestReleaseCacheStartsFromItsCopy(t *testing.T) {
	s := newShop(t)
	copied, err := store.Open(t.Context(), "dir:"+filepath.Join(t.TempDir(), "copy"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.away = errors.New("the network is down")
	if _, err := serveShop(t, s, copied).read(); err == nil || !strings.Contains(err.Error(), "the network is down; and its copy does not help") {
		t.Errorf("with an empty copy: %v", err)
	}
	s.away = nil
	one, two := sold("one", "menu.a-1/menu-1.xml", "audio/a.wav"), sold("two", "menu.a-2/menu-1.xml", "audio/a.wav")
	s.apply(one)
	serveShop(t, s, copied).expect("one")
	s.apply(two)
	m := serveShop(t, s, copied)
	m.expect("two", "one")

	s.away = errors.New("the network is down")
	if _, err := m.read(); !errors.Is(err, s.away) || !slices.Equal(m.names, []string{"two", "one"}) {
		t.Errorf("an outage while serving: %v", err)
	}
	m = serveShop(t, s, copied)
	for range 2 {
		if r := m.expect("two", "one"); !errors.Is(r.Unavailable, s.away) || r.Record.Release != two.Manifest.Digest {
			t.Errorf("away is %v", r.Unavailable)
		}
	}
	s.away = nil
	clear(s.reads)
	if r := m.expect("two", "one"); r.Unavailable != nil {
		t.Errorf("away is %v", r.Unavailable)
	}
	for key := range s.reads {
		if strings.HasPrefix(key, "public/") {
			t.Errorf("%s was read from the store, although the copy has it", key)
		}
	}
}

// Where not even the credentials can be had, the copy is served until they can.
func TestReleaseCacheOpensTheStoreLater(t *testing.T) {
	s := newShop(t)
	copied := newFakeWorld().store
	s.apply(sold("one", "menu.a-1/menu-1.xml"))
	serveShop(t, s, copied).expect("one")
	problem := errors.New("there are no credentials")
	open := func(context.Context) (store.Store, error) { return s, problem }
	m := serveShop(t, s, copied)
	m.cache.open = open
	if r := m.expect("one"); !errors.Is(r.Unavailable, problem) {
		t.Errorf("away is %v", r.Unavailable)
	}
	if _, err := NewReleaseCache(open, nil).Read(t.Context(), nil); !errors.Is(err, problem) {
		t.Errorf("without a copy: %v", err)
	}
	problem = nil
	s.apply(sold("two", "menu.a-2/menu-1.xml"))
	m.cache.open = func(context.Context) (store.Store, error) { return s, nil }
	m.expect("two", "one")
}

// The copy holds what the store holds, no more, and mends itself.
func TestReleaseCacheKeepsItsCopy(t *testing.T) {
	s := newShop(t)
	copied := newFakeWorld().store
	one, two := sold("one", "menu.a-1/menu-1.xml", "menu.b-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml", "menu.b-1/menu-1.xml")
	s.apply(one)
	m := serveShop(t, s, copied)
	m.expect("one")
	copied.objects["public/menu.b-1/menu-1.xml"] = memoryObject{data: []byte("rotten")}
	copied.objects["public/stranger.xml"] = memoryObject{data: []byte("x")}
	s.apply(two)
	serveShop(t, s, copied).expect("two", "one")
	if got, want := contents(copied), contents(s.world.store); !maps.Equal(got, without(want, "20260102T0306")) {
		t.Errorf("the copy holds %q\nand the store %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	s.remove(releaseKey(one.Manifest.Digest), "public/menu.a-1/menu-1.xml")
	m.expect("two")
	if _, ok := copied.objects["public/menu.a-1/menu-1.xml"]; ok {
		t.Error("the copy keeps what was removed from the store")
	}
}

// contents is all that a store holds, by key.
func contents(s *memoryStore) map[string]string {
	all := map[string]string{}
	for key, o := range s.objects {
		all[key] = string(o.data)
	}
	return all
}

// without leaves out the keys that contain a text.
func without(all map[string]string, text string) map[string]string {
	maps.DeleteFunc(all, func(key, _ string) bool { return strings.Contains(key, text) })
	return all
}
