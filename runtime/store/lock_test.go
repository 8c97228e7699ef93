package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// testProbeFits probes a store that keeps conditions.
func testProbeFits(t *testing.T, s Store) {
	put(t, s, "private/other", "x", PutOptions{})
	if err := (locker{s, nil, nil, func() string { return "p" }}).probe(t.Context()); err != nil {
		t.Error(err)
	}
	entries, err := s.List(t.Context(), "")
	if err != nil || len(entries) != 1 {
		t.Errorf("the probe left %v, %v", entries, err)
	}
}

// testLockCycle takes and gives back the lock of a store, by the real clock.
func testLockCycle(t *testing.T, s Store) {
	l := acquire(t, s, "a@one")
	if err := l.Check(t.Context()); err != nil {
		t.Error(err)
	}
	var held *LockedError
	if _, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: "b@two"}); !errors.As(err, &held) || held.ID != l.ID || held.Who != "a@one" {
		t.Errorf("the second taker: %v", err)
	}
	if err := l.renew(t.Context()); err != nil {
		t.Error(err)
	}
	if at, sequence, err := l.Now(t.Context()); err != nil || at.IsZero() || sequence < 1 || l.Created.IsZero() {
		t.Errorf("taken at %v; now it is %v, %v", l.Created, at, err)
	}
	for range 2 {
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if holder, err := lockHolder(t.Context(), s); holder != nil || err != nil {
		t.Errorf("after the release: %v, %v", holder, err)
	}
	second := acquire(t, s, "b@two")
	if err := ForceUnlock(t.Context(), s, second.ID, ""); err != nil {
		t.Error(err)
	}
	if err := second.Check(t.Context()); !errors.Is(err, ErrLockLost) {
		t.Errorf("after the lock was broken: %v", err)
	}
	if _, _, err := second.Now(t.Context()); !errors.Is(err, ErrLockLost) {
		t.Errorf("the time after the lock was broken: %v", err)
	}
	if err := second.Release(t.Context()); err != nil {
		t.Errorf("giving back what was broken: %v", err)
	}
}

// acquire takes a lock that nobody holds.
func acquire(t *testing.T, s Store, who string) *Lock {
	t.Helper()
	l, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: who, Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// inBubble runs a test in which clocks go on only when everybody waits.
func inBubble(t *testing.T, test func(t *testing.T, s bucketStore)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, bucketStore{newFakeBucket(time.Now)}) })
}

// TestLockIsRenewed holds a lock for an hour.
func TestLockIsRenewed(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		l := acquire(t, s, "a@one")
		for range 360 {
			time.Sleep(10 * time.Second)
			if left := l.Remaining(); left < lease-leaseRenew-2*time.Second || left > lease {
				t.Fatalf("the lease lasts for %v", left)
			}
			if err := l.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
		before, _ := s.get(LockKey)
		time.Sleep(time.Hour)
		if after, _ := s.get(LockKey); after.etag != before.etag {
			t.Error("the lock changes after it was given back")
		}
	})
}

// TestLockWaits waits for a lock until it is free, or no longer than it may.
func TestLockWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		first := acquire(t, s, "a@one")
		start := time.Now()
		var told []string
		request := LockRequest{Operation: "apply", Who: "b@two", Wait: 5 * time.Minute, Waiting: func(i LockInfo) { told = append(told, i.Who) }}
		if _, err := AcquireLock(t.Context(), s, request); !errors.As(err, new(*LockedError)) || time.Since(start) != 5*time.Minute {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if len(told) != 1 || told[0] != "a@one" {
			t.Errorf("told of waiting for %v", told)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
		defer cancel()
		start = time.Now()
		if _, err := AcquireLock(ctx, s, request); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 45*time.Second {
			t.Errorf("ended while it waits: after %v, %v", time.Since(start), err)
		}
		go func() {
			time.Sleep(100 * time.Second)
			_ = first.Release(context.Background())
		}()
		start = time.Now()
		second, err := AcquireLock(t.Context(), s, request)
		if err != nil || time.Since(start) > 100*time.Second+lockPoll || second.Broken != nil {
			t.Fatalf("after %v: %v", time.Since(start), err)
		}
		_ = second.Release(t.Context())
	})
}

// TestLockOfTheDead takes the lock of a holder that was killed.
func TestLockOfTheDead(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		dead := acquire(t, s, "a@one")
		dead.stop() // and it never says another word
		start := time.Now()
		l, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: "b@two", Wait: time.Hour})
		if err != nil || l.Broken == nil || l.Broken.ID != dead.ID || l.Broken.Who != "a@one" {
			t.Fatalf("%+v, %v", l, err)
		}
		if waited := time.Since(start); waited < lease || waited > lease+leaseGrace+2*lockPoll {
			t.Errorf("it was taken after %v", waited)
		}
		if err := dead.Check(t.Context()); !errors.Is(err, ErrLockLost) || !strings.HasSuffix(err.Error(), "It is now held by b@two, for apply") {
			t.Errorf("the dead one awakes: %v", err)
		}
		if err := dead.renew(t.Context()); !errors.Is(err, ErrLockLost) {
			t.Errorf("the dead one renews: %v", err)
		}
		if err := dead.Release(t.Context()); !errors.Is(err, ErrLockLost) {
			t.Errorf("the dead one gives back: %v", err)
		}
		if err := l.Check(t.Context()); err != nil {
			t.Error(err)
		}
		_ = l.Release(t.Context())
	})
}

// TestLockCheckRenews checks a lease of which little is left.
func TestLockCheckRenews(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		l := acquire(t, s, "a@one")
		l.stop()
		time.Sleep(lease - leaseLeft)
		before, _ := s.get(LockKey)
		if err := l.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if same, _ := s.get(LockKey); same.etag != before.etag {
			t.Error("it was renewed too early")
		}
		time.Sleep(time.Second)
		if err := l.Check(t.Context()); err != nil || l.Remaining() != lease {
			t.Errorf("%v left, %v", l.Remaining(), err)
		}
		time.Sleep(time.Hour) // nobody took it
		if err := l.Check(t.Context()); err != nil || l.Remaining() != lease {
			t.Errorf("%v left, %v", l.Remaining(), err)
		}
		_ = l.Release(t.Context())
	})
}

// A pausedStore pauses the machine before it is asked for the lock, some times.
type pausedStore struct {
	bucketStore
	time   time.Time
	pauses int
}

func (s *pausedStore) now() time.Time { return s.time }

func (s *pausedStore) sleep(ctx context.Context, d time.Duration) error {
	s.time = s.time.Add(d)
	return ctx.Err()
}

func (s *pausedStore) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	if s.pauses > 0 {
		s.pauses--
		_ = s.sleep(ctx, lease)
	}
	return s.bucketStore.Get(ctx, key)
}

// TestLockCheckIsPaused renews a lease that pauses use up, until they end.
func TestLockCheckIsPaused(t *testing.T) {
	for _, test := range []struct {
		pauses int
		fails  bool
	}{{0, false}, {1, false}, {2, false}, {10, false}, {1000, true}} {
		s := &pausedStore{time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		s.bucketStore = bucketStore{newFakeBucket(s.now)}
		l, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: "a@one", ID: "a", Now: s.now, Sleep: s.sleep, Unattended: true})
		if err != nil {
			t.Fatal(err)
		}
		s.pauses = test.pauses
		if err := l.Check(t.Context()); test.fails != (err != nil) || err != nil && !strings.Contains(err.Error(), "this machine is paused again and again") {
			t.Errorf("after %d pauses: %v", test.pauses, err)
		}
	}
}

// TestForceUnlock breaks the right lock only.
func TestForceUnlock(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		if err := ForceUnlock(t.Context(), s, "x", ""); err == nil || err.Error() != "nobody holds the deploy lock" {
			t.Errorf("breaking nothing: %v", err)
		}
		l, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: "a@one", For: Holding{"zillum", "staging", "AC1"}})
		if err != nil {
			t.Fatal(err)
		}
		var held *LockedError
		if err := ForceUnlock(t.Context(), s, "x\x1b[31m", ""); !errors.As(err, &held) || held.ID != l.ID || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("breaking another one: %v", err)
		}
		if err := l.Check(t.Context()); err != nil {
			t.Error(err)
		}
		err = ForceUnlock(t.Context(), s, l.ID, "production")
		if err == nil || err.Error() != "the deploy lock "+l.ID+" is held for the environment \"staging\", and not for \"production\"" {
			t.Errorf("breaking that of another environment: %v", err)
		}
		if err := ForceUnlock(t.Context(), s, l.ID, "staging"); err != nil {
			t.Error(err)
		}
		time.Sleep(leaseRenew + time.Second) // the renewals notice
		<-l.kept
		if err := l.Check(t.Context()); !errors.Is(err, ErrLockLost) {
			t.Errorf("after the lock was broken: %v", err)
		}
	})
}

// TestLockForeign finds something else where the lock should be.
func TestLockForeign(t *testing.T) {
	valid := func(change func(*lockRecord)) string {
		r := lockRecord{FormatVersion: lockVersion, Sequence: 1, Store: "memory"}
		change(&r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for text, want := range map[string]string{
		"":              "is not a lock",
		"{}":            "is not a lock",
		"<html></html>": "is not a lock. If no command is changing the store, delete it",
		valid(func(r *lockRecord) { r.FormatVersion = "2.0" }):            "has the format version 2.0; this program knows 1",
		valid(func(r *lockRecord) { r.Sequence = 0 }):                     "is not a lock",
		valid(func(r *lockRecord) { r.Holder = &LockInfo{Who: "\x1bx"} }): `Who:       \u001bx`,
		valid(func(r *lockRecord) { r.FormatVersion = "1.7" }):            "",
	} {
		inBubble(t, func(t *testing.T, s bucketStore) {
			put(t, s, LockKey, text, PutOptions{})
			l, err := AcquireLock(t.Context(), s, LockRequest{})
			if err == nil && want == "" {
				_ = l.Release(t.Context())
			} else if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("%s: %v, want %q", text, err, want)
			}
		})
	}
}

// TestLockedError is what people read.
func TestLockedError(t *testing.T) {
	at := time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)
	err := &LockedError{LockInfo{"ID1", "apply", "a@one", "1.2.3", Holding{"zillum", "staging", "AC1"}, at, at.Add(time.Minute), "s3://ivr private/lock.json"}}
	const want = `somebody else holds the deploy lock

Lock Info:
  ID:        ID1
  Path:      s3://ivr private/lock.json
  Environment: staging
  Operation: apply
  Who:       a@one
  Version:   1.2.3
  Created:   2031-02-03 04:05:06 UTC
  Expires:   2031-02-03 04:06:06 UTC, if it is not renewed

`
	if got := err.Error(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "run: ivrc force-unlock ID1") {
		t.Errorf("got:\n%s", got)
	}
}

// TestProbe refuses stores that do not keep conditions, and leaves nothing.
func TestProbe(t *testing.T) {
	for want, defect := range map[string]func(*fakeBucket){
		"it ignores If-None-Match":            func(b *fakeBucket) { b.ignoresAbsent = true },
		"it ignores If-Match":                 func(b *fakeBucket) { b.ignoresMatch = true },
		"although the condition is met":       func(b *fakeBucket) { b.mournsDeleted = true },
		"Use a store with conditional writes": func(b *fakeBucket) { b.ignoresAbsent, b.ignoresMatch = true, true },
	} {
		f := newFakeS3(t)
		defect(f.fakeBucket)
		for name, s := range map[string]Store{"memory": bucketStore{f.fakeBucket}, "S3": f.open(t)} {
			_, err := AcquireLock(t.Context(), s, LockRequest{})
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "cannot keep two deployments apart") {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
			if left := f.keys(""); len(left) > 0 {
				t.Errorf("%s: the probe left %v", name, left)
			}
		}
	}
}

// TestProbeOnce probes a store when it is first used, and again if the lock was
// copied from elsewhere.
func TestProbeOnce(t *testing.T) {
	f := newFakeS3(t)
	s := f.open(t)
	count := func() (probes int) {
		for _, r := range f.log() {
			if strings.Contains(r.URL.Path, probePrefix) {
				probes++
			}
		}
		f.script(never)
		return probes
	}
	for i, want := range []bool{true, false, false} {
		l := acquire(t, s, fmt.Sprint("a@", i))
		_ = l.Release(t.Context())
		if got := count(); (got > 0) != want {
			t.Errorf("use %d made %d requests of a probe", i, got)
		}
	}
	o, _ := f.get("main/" + LockKey)
	f.put("main/"+LockKey, fakeObject{data: []byte(strings.Replace(string(o.data), f.URL, "https://other.example", 1))}, "", "")
	_ = acquire(t, s, "b@two").Release(t.Context())
	if count() == 0 {
		t.Error("a lock that was copied from elsewhere is believed")
	}
}

// TestProbeSweeps removes what probes left that were killed.
func TestProbeSweeps(t *testing.T) {
	inBubble(t, func(t *testing.T, s bucketStore) {
		put(t, s, probePrefix+"old.json", "x", PutOptions{})
		time.Sleep(2 * time.Hour)
		put(t, s, probePrefix+"new.json", "x", PutOptions{})
		_ = acquire(t, s, "a@one").Release(t.Context())
		if left := s.keys(probePrefix); len(left) != 1 || left[0] != probePrefix+"new.json" {
			t.Errorf("left are %v", left)
		}
	})
}

// lockHolder returns who holds the deploy lock of a store, or nil.
func lockHolder(ctx context.Context, s Store) (*LockInfo, error) {
	state, err := locker{store: s, now: time.Now}.look(ctx)
	return state.holder(), err
}
