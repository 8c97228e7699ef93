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
)

// A shop is a store that is served, with a clock of its own.
type shop struct {
	Store
	t     *testing.T
	now   time.Time
	away  error // why it cannot be read
	mutex sync.Mutex
	reads map[string]int // by key
}

func newShop(t *testing.T) *shop {
	s := &shop{t: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), reads: map[string]int{}}
	s.Store = bucketStore{newFakeBucket(func() time.Time { return s.now })}
	return s
}

func (s *shop) List(ctx context.Context, prefix string) ([]Entry, error) {
	if s.away != nil {
		return nil, s.away
	}
	return s.Store.List(ctx, prefix)
}

func (s *shop) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	if s.away != nil {
		return nil, Entry{}, s.away
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
	s.now = s.now.Add(time.Minute)
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
	s.now = s.now.Add(time.Minute)
	r := &Record{FormatVersion: RecordVersion, ID: "lock", Release: b.Manifest.Digest, At: s.now, BaseURL: testBase}
	s.put(r.key(), canonical(r))
}

func (s *shop) put(key string, data []byte) {
	s.t.Helper()
	if _, err := s.Put(s.t.Context(), key, data, PutOptions{}); err != nil {
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
	t      *testing.T
	mirror *Mirror
	files  map[string][]byte // by path and digest
	names  []string          // of the bundles that were read last
}

// opens opens a store.
func opens(s Store) func(context.Context) (Store, error) {
	return func(context.Context) (Store, error) { return s, nil }
}

func serveShop(t *testing.T, s *shop, copied Store) *served {
	return &served{t: t, mirror: NewMirror(opens(s), copied), files: map[string][]byte{}}
}

// read reads, checks that every bundle is whole, and copies.
func (s *served) read() (*Reading, error) {
	s.t.Helper()
	r, err := s.mirror.Read(s.t.Context(), func(f *bundle.File) []byte { return s.files[f.Path+f.SHA256] })
	if err != nil {
		return nil, err
	}
	if len(r.Bundles) > 0 {
		s.names = nil
	}
	for _, b := range r.Bundles {
		s.names = append(s.names, b.Manifest.Project)
		if err := b.Check(); err != nil {
			s.t.Error(err)
		}
		for _, f := range b.Manifest.Files {
			s.files[f.Path+f.SHA256] = b.Data[f.Path]
		}
	}
	return r, s.mirror.Copy(s.t.Context(), r)
}

// expect reads, and compares the bundles that are served, the current one first.
func (s *served) expect(names ...string) *Reading {
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

func TestMirrorServesWhatTheStoreHolds(t *testing.T) {
	s := newShop(t)
	one, two, three := sold("one", "menu.a-1/menu-1.xml", "audio/a.wav"), sold("two", "menu.a-2/menu-1.xml", "audio/a.wav"), sold("three", "menu.a-3/menu-1.xml")
	m := serveShop(t, s, nil)
	if _, err := m.read(); err == nil || !strings.Contains(err.Error(), "holds no release; ivrc apply writes one") {
		t.Errorf("an empty store: %v", err)
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

func TestMirrorVerifies(t *testing.T) {
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
		r := m.expect("one")
		if len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0].Error(), name) || len(r.Bundles) != 0 {
			t.Errorf("%s: %v", name, r.Damaged)
		}
		s.upload(two)
	}
	s.put("public/menu.a-2/menu-1.xml", nil)
	s.record(two)
	if _, err := m.read(); err == nil || !strings.Contains(err.Error(), "menu.a-2") {
		t.Errorf("a current release that is damaged: %v", err)
	}
	s.upload(two)
	m.expect("two", "one")
}

// A release that is removed while it is read is not damaged, but gone.
func TestMirrorMeetsGarbageCollection(t *testing.T) {
	s := newShop(t)
	one, two := sold("one", "menu.a-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml")
	s.apply(one)
	s.upload(two)
	for _, key := range []string{releaseKey(two.Manifest.Digest), "public/menu.a-2/menu-1.xml"} {
		collected := &collected{Store: s, at: key, remove: func() {
			s.remove(releaseKey(two.Manifest.Digest), "public/menu.a-2/menu-1.xml")
		}}
		m := &served{t: t, mirror: NewMirror(opens(collected), nil), files: map[string][]byte{}}
		if r := m.expect("one"); len(r.Damaged) != 0 {
			t.Errorf("at %s: %v", key, r.Damaged)
		}
		s.upload(two)
	}
}

// collected is a store from which things are removed before a certain one is read.
type collected struct {
	Store
	at     string
	remove func()
}

func (c *collected) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	if key == c.at {
		c.remove()
	}
	return c.Store.Get(ctx, key)
}

// Of objects that are in the store, but no releases, nothing is read.
func TestMirrorPassesOverStrangers(t *testing.T) {
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
	if _, err := serveShop(t, s, nil).read(); err == nil || !strings.Contains(err.Error(), "20990101T000000") {
		t.Errorf("a record that is damaged: %v", err)
	}
}

func TestMirrorStartsFromItsCopy(t *testing.T) {
	s := newShop(t)
	copied, err := OpenStore(t.Context(), "dir:"+filepath.Join(t.TempDir(), "copy"), nil, nil)
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
		if r := m.expect("two", "one"); !errors.Is(r.Away, s.away) || r.Record.Release != two.Manifest.Digest {
			t.Errorf("away is %v", r.Away)
		}
	}
	s.away = nil
	clear(s.reads)
	if r := m.expect("two", "one"); r.Away != nil {
		t.Errorf("away is %v", r.Away)
	}
	for key := range s.reads {
		if strings.HasPrefix(key, "public/") {
			t.Errorf("%s was read from the store, although the copy has it", key)
		}
	}
}

// Where not even the credentials can be had, the copy is served until they can.
func TestMirrorOpensTheStoreLater(t *testing.T) {
	s := newShop(t)
	copied := bucketStore{newFakeBucket(time.Now)}
	s.apply(sold("one", "menu.a-1/menu-1.xml"))
	serveShop(t, s, copied).expect("one")
	problem := errors.New("there are no credentials")
	open := func(context.Context) (Store, error) { return s, problem }
	m := serveShop(t, s, copied)
	m.mirror.open = open
	if r := m.expect("one"); !errors.Is(r.Away, problem) {
		t.Errorf("away is %v", r.Away)
	}
	if _, err := NewMirror(open, nil).Read(t.Context(), nil); !errors.Is(err, problem) {
		t.Errorf("without a copy: %v", err)
	}
	problem = nil
	s.apply(sold("two", "menu.a-2/menu-1.xml"))
	m.mirror.open = func(context.Context) (Store, error) { return s, nil }
	m.expect("two", "one")
}

// The copy holds what the store holds, no more, and mends itself.
func TestMirrorKeepsItsCopy(t *testing.T) {
	s := newShop(t)
	copied := bucketStore{newFakeBucket(time.Now)}
	one, two := sold("one", "menu.a-1/menu-1.xml", "menu.b-1/menu-1.xml"), sold("two", "menu.a-2/menu-1.xml", "menu.b-1/menu-1.xml")
	s.apply(one)
	m := serveShop(t, s, copied)
	m.expect("one")
	copied.put("public/menu.b-1/menu-1.xml", fakeObject{data: []byte("rotten")}, "", "")
	copied.put("public/stranger.xml", fakeObject{data: []byte("x")}, "", "")
	s.apply(two)
	serveShop(t, s, copied).expect("two", "one")
	if got, want := shelf(copied), shelf(s.Store.(bucketStore)); !maps.Equal(got, without(want, "20260102T0306")) {
		t.Errorf("the copy holds %q\nand the store %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	s.remove(releaseKey(one.Manifest.Digest), "public/menu.a-1/menu-1.xml")
	m.expect("two")
	if _, ok := copied.get("public/menu.a-1/menu-1.xml"); ok {
		t.Error("the copy keeps what was removed from the store")
	}
}

// shelf is all that a store holds, by key.
func shelf(s bucketStore) map[string]string {
	all := map[string]string{}
	for _, key := range s.keys("") {
		o, _ := s.get(key)
		all[key] = string(o.data)
	}
	return all
}

// without leaves out the keys that contain a text.
func without(all map[string]string, text string) map[string]string {
	maps.DeleteFunc(all, func(key, _ string) bool { return strings.Contains(key, text) })
	return all
}

// Object storage is served as the other stores are. It only has to be read: every
// request is a GET.
func TestMirrorOfObjectStorage(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		f := newFakeS3(t)
		testMirrorOfS3(t, f.open(t))
		f.script(never)
		serveShop(t, &shop{Store: f.open(t), t: t, reads: map[string]int{}}, nil).expect("two", "one")
		for _, r := range f.log() {
			if r.Method != "GET" {
				t.Errorf("%s %s", r.Method, r.URL.Path)
			}
		}
	})
	t.Run("real", func(t *testing.T) {
		testMirrorOfS3(t, openRealS3(t, startRealS3(t), "s3://ivr-test/mirror"))
	})
}

func testMirrorOfS3(t *testing.T, store Store) {
	s := &shop{Store: store, t: t, now: time.Now(), reads: map[string]int{}}
	copied, err := OpenStore(t.Context(), "dir:"+filepath.Join(t.TempDir(), "copy"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := serveShop(t, s, copied)
	s.apply(sold("one", "menu.a-1/menu-1.xml", "audio/a.wav"))
	m.expect("one")
	s.apply(sold("two", "menu.a-2/menu-1.xml", "audio/a.wav"))
	m.expect("two", "one")
	s.away = errors.New("the network is down")
	if r := serveShop(t, s, copied).expect("two", "one"); !errors.Is(r.Away, s.away) {
		t.Errorf("away is %v", r.Away)
	}
}
