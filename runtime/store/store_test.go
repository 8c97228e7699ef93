package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// storeSuite is what every store must do. Open makes an empty one.
func storeSuite(t *testing.T, open func(t *testing.T) Store) {
	t.Run("what is not there", func(t *testing.T) { testAbsent(t, open(t)) })
	t.Run("round trip", func(t *testing.T) { testRoundTrip(t, open(t)) })
	t.Run("conditions", func(t *testing.T) { testConditions(t, open(t)) })
	t.Run("list", func(t *testing.T) { testList(t, open(t)) })
	t.Run("keys", func(t *testing.T) { testKeys(t, open(t)) })
	t.Run("race for one key", func(t *testing.T) { testRaceForOne(t, open(t)) })
	t.Run("counting together", func(t *testing.T) { testCounting(t, open(t)) })
	t.Run("ended context", func(t *testing.T) { testEndedContext(t, open(t)) })
	t.Run("probe", func(t *testing.T) { testProbeFits(t, open(t)) })
	t.Run("lock", func(t *testing.T) { testLockCycle(t, open(t)) })
}

func TestStoreDirectory(t *testing.T) {
	storeSuite(t, func(t *testing.T) Store { return openTest(t, "dir:"+t.TempDir()) })
}

func TestStoreMemory(t *testing.T) {
	storeSuite(t, func(t *testing.T) Store { return bucketStore{newFakeBucket(time.Now)} })
}

// openTest opens a store that needs no environment.
func openTest(t *testing.T, location string) Store {
	t.Helper()
	s, err := Open(t.Context(), location, func(string) string { return "" }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put writes, and fails the test if that fails.
func put(t *testing.T, s Store, key, text string, o PutOptions) Entry {
	t.Helper()
	e, err := s.Put(t.Context(), key, []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// holds compares what is under a key; "" stands for nothing.
func holds(t *testing.T, s Store, key, want string) Entry {
	t.Helper()
	data, e, err := s.Get(t.Context(), key)
	if want == "" && errors.Is(err, ErrNotFound) {
		return e
	}
	if err != nil || string(data) != want {
		t.Fatalf("%s holds %.60q and not %.60q (%v)", key, data, want, err)
	}
	return e
}

func testAbsent(t *testing.T, s Store) {
	_, e, err := s.Get(t.Context(), "public/none.xml")
	var failure *Error
	if !errors.Is(err, ErrNotFound) || !errors.As(err, &failure) || failure.Key != "public/none.xml" {
		t.Errorf("reading nothing: %v", err)
	}
	if e.Now.IsZero() {
		t.Error("the store does not tell its time with what is not there")
	}
	if err := s.Delete(t.Context(), "public/none.xml"); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	if entries, err := s.List(t.Context(), ""); len(entries) > 0 || err != nil {
		t.Errorf("an empty store lists %v, %v", entries, err)
	}
}

func testRoundTrip(t *testing.T, s Store) {
	for _, text := range []string{"", "a", "a\x00\r\n\xff", strings.Repeat("0123456789abcdef", 1<<17), "short again"} {
		e := put(t, s, "private/round.json", text, PutOptions{Type: "application/json", CacheControl: "no-store"})
		got := holds(t, s, "private/round.json", text)
		if e.Version == "" || e.Version != got.Version || got.Size != int64(len(text)) || got.Key != "private/round.json" {
			t.Errorf("written %+v, read %+v", e, got)
		}
		if age := got.Now.Sub(got.Modified); age < -2*time.Second || age > time.Minute {
			t.Errorf("it was written at %v, and read at %v", got.Modified, got.Now)
		}
	}
	again := put(t, s, "private/round.json", "short again", PutOptions{})
	if again.Version == "" {
		t.Error("writing the same again tells no version")
	}
	if err := s.Delete(t.Context(), "private/round.json"); err != nil {
		t.Error(err)
	}
	holds(t, s, "private/round.json", "")
}

func testConditions(t *testing.T, s Store) {
	const key = "private/releases/one.json"
	conflict := func(text string, o PutOptions, still string) {
		t.Helper()
		e, err := s.Put(t.Context(), key, []byte(text), o)
		if !errors.Is(err, ErrConflict) || e.Now.IsZero() {
			t.Errorf("writing %q with %+v: %v at %v", text, o, err, e.Now)
		}
		holds(t, s, key, still)
	}
	conflict("early", PutOptions{IfVersion: strings.Repeat("0", 32)}, "")
	first := put(t, s, key, "first", PutOptions{IfAbsent: true})
	conflict("second", PutOptions{IfAbsent: true}, "first")
	conflict("first", PutOptions{IfAbsent: true}, "first")
	conflict("second", PutOptions{IfVersion: strings.Repeat("0", 32)}, "first")
	second := put(t, s, key, "second", PutOptions{IfVersion: first.Version})
	if second.Version == first.Version {
		t.Error("another text has the same version")
	}
	conflict("third", PutOptions{IfVersion: first.Version}, "second")
	put(t, s, key, "third", PutOptions{})
	conflict("fourth", PutOptions{IfVersion: second.Version}, "third")
	if err := s.Delete(t.Context(), key); err != nil {
		t.Error(err)
	}
	conflict("fifth", PutOptions{IfVersion: second.Version}, "")
	put(t, s, key, "sixth", PutOptions{IfAbsent: true})
}

func testList(t *testing.T, s Store) {
	keys := []string{
		"private/a.json", "private/releases/1.json", "public/audio/x.wav",
		"public/menu.main-6f1/digits-1._.xml", "public/menu.main-6f1/menu-1.xml", "public/menu.main-6f10/menu-1.xml",
	}
	for i, key := range slices.Backward(keys) {
		put(t, s, key, strings.Repeat("x", i), PutOptions{})
	}
	for _, c := range []struct {
		prefix string
		want   []string
	}{
		{"", keys},
		{"public/", keys[2:]},
		{"public/menu.main-6f1", keys[3:]},
		{"public/menu.main-6f1/", keys[3:5]},
		{"public/menu.main-6f1/menu-1.xml", keys[4:5]},
		{"private/releases/2", nil},
		{"nothing/at/all/", nil},
	} {
		entries, err := s.List(t.Context(), c.prefix)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Key)
			_, read, err := s.Get(t.Context(), e.Key)
			if err != nil || e.Size != int64(slices.Index(keys, e.Key)) || e.Modified.IsZero() || e.Now.IsZero() || e.Version != "" && e.Version != read.Version {
				t.Errorf("listed as %+v, read as %+v, %v", e, read, err)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("listing %q (-want +got):\n%s", c.prefix, diff)
		}
	}
}

func testKeys(t *testing.T, s Store) {
	for _, key := range []string{
		"", ".", "..", "/etc/passwd", "../x", "public/../../x", "public//x", "public/", "public/./x", "public/..",
		".ivrc.lock", "public/.hidden", "public\\x", "C:/x", "public/a\x00b", "public/a\nb", "public/\xff", strings.Repeat("x", 2000),
	} {
		if _, err := s.Put(t.Context(), key, []byte("x"), PutOptions{}); err == nil || errors.Is(err, ErrConflict) {
			t.Errorf("writing %q: %v", key, err)
		} else if strings.ContainsAny(err.Error(), "\x00\n\xff") {
			t.Errorf("the error about %q is not printable: %q", key, err)
		}
	}
	if entries, err := s.List(t.Context(), ""); len(entries) > 0 || err != nil {
		t.Errorf("refused keys left %v, %v", entries, err)
	}
}

func testRaceForOne(t *testing.T, s Store) {
	for round := range 5 {
		var winners atomic.Int32
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				_, err := s.Put(t.Context(), fmt.Sprintf("private/race-%d", round), fmt.Append(nil, i), PutOptions{IfAbsent: true})
				if err == nil {
					winners.Add(1)
				} else if !errors.Is(err, ErrConflict) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := winners.Load(); n != 1 {
			t.Errorf("%d of 8 writers won", n)
		}
	}
}

// testCounting counts with several writers, each adding one to what it read.
func testCounting(t *testing.T, s Store) {
	const key, writers, each = "private/count", 4, 10
	put(t, s, key, "0", PutOptions{IfAbsent: true})
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				if err := countUp(t.Context(), s, key); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	holds(t, s, key, fmt.Sprint(writers*each))
}

// countUp adds one to a number, however often others are faster.
func countUp(ctx context.Context, s Store, key string) error {
	for {
		data, e, err := s.Get(ctx, key)
		if err != nil {
			return err
		}
		var n int
		if _, err := fmt.Sscan(string(data), &n); err != nil {
			return fmt.Errorf("%q is no number: %w", data, err)
		}
		_, err = s.Put(ctx, key, fmt.Append(nil, n+1), PutOptions{IfVersion: e.Version})
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

func testEndedContext(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, "private/x", []byte("x"), PutOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("writing after the end: %v", err)
	}
	if _, _, err := s.Get(ctx, "private/x"); !errors.Is(err, context.Canceled) {
		t.Errorf("reading after the end: %v", err)
	}
	holds(t, s, "private/x", "")
}

// TestStoreModel compares the directory with a map, over random calls.
func TestStoreModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, err := newDirStore(t.TempDir())
		if err != nil {
			rt.Fatal(err)
		}
		model, versions := map[string]string{}, map[string]string{}
		key := rapid.SampledFrom([]string{"public/a/x", "public/a/y", "public/a/b/x", "private/x"})
		for range rapid.IntRange(1, 20).Draw(rt, "calls") {
			k := key.Draw(rt, "key")
			text := rapid.SampledFrom([]string{"", "one", "two", "three"}).Draw(rt, "text")
			was, exists := model[k]
			var o PutOptions
			want := true
			switch rapid.SampledFrom([]string{"put", "absent", "version", "delete"}).Draw(rt, "call") {
			case "absent":
				o.IfAbsent, want = true, !exists
			case "version":
				o.IfVersion = versions[rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "expected")]
				want = o.IfVersion == "" || exists && versions[was] == o.IfVersion
			case "delete":
				if err := s.Delete(t.Context(), k); err != nil {
					rt.Fatal(err)
				}
				delete(model, k)
				continue
			}
			e, err := s.Put(t.Context(), k, []byte(text), o)
			if (err == nil) != want || !want && !errors.Is(err, ErrConflict) {
				rt.Fatalf("writing %s with %+v over %q: %v", k, o, was, err)
			}
			if want {
				model[k], versions[text] = text, e.Version
			}
		}
		compareModel(t, rt, s, model)
	})
}

func compareModel(t *testing.T, rt *rapid.T, s Store, model map[string]string) {
	entries, err := s.List(t.Context(), "")
	if err != nil || len(entries) != len(model) {
		rt.Fatalf("%v (%v) instead of %v", entries, err, model)
	}
	for _, e := range entries {
		data, _, err := s.Get(t.Context(), e.Key)
		if want, ok := model[e.Key]; !ok || err != nil || !bytes.Equal(data, []byte(want)) {
			rt.Fatalf("%s holds %q (%v) instead of %q", e.Key, data, err, want)
		}
	}
}

func TestOpenStoreForms(t *testing.T) {
	for location, want := range map[string]string{
		"dir:site":              "dir:site",
		"site/../out":           "dir:out",
		"/srv/ivr/":             "dir:/srv/ivr",
		"file:///srv/my%20ivr":  "dir:/srv/my ivr",
		"file://localhost/srv":  "dir:/srv",
		"dir:":                  "the store has no path; say dir:PATH",
		"":                      "the store has no path; say dir:PATH",
		"file://elsewhere/srv":  "the store has no path; say dir:PATH",
		"gs://bucket/x":         "the store gs://… is of an unknown kind; a store is dir:PATH or s3://BUCKET/PREFIX",
		"https://user:pw@a.com": "the store https://… is of an unknown kind; a store is dir:PATH or s3://BUCKET/PREFIX",
	} {
		s, err := Open(t.Context(), location, func(string) string { return "" }, nil)
		got := fmt.Sprint(err)
		if err == nil {
			got = s.String()
		}
		if got != want {
			t.Errorf("%q opens %q, want %q", location, got, want)
		}
	}
}
