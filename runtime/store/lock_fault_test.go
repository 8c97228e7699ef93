package store

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// TestLockFaults lets every request of a lock's life meet every fault: of a
// connection, of a store that is busy, and of two writes at the same time.
func TestLockFaults(t *testing.T) {
	life := func(s Store) error {
		l, err := AcquireLock(t.Context(), s, LockRequest{Operation: "apply", Who: "a@one"})
		if err != nil {
			return err
		}
		return errors.Join(l.Check(t.Context()), l.renew(t.Context()), l.Release(t.Context()))
	}
	f := newFakeS3(t)
	s := f.open(t)
	if err := life(s); err != nil { // the first use, with the probe
		t.Fatal(err)
	}
	f.script(never)
	if err := life(s); err != nil {
		t.Fatal(err)
	}
	clean := f.log()
	for _, fault := range []string{"503", "503 SlowDown", "reset", "lost", "409 ConditionalRequestConflict"} {
		for at, r := range clean {
			if fault[0] == '4' && r.Method != http.MethodPut {
				continue // S3 says this to writes only
			}
			f.script(func(n int) string {
				if n == at {
					return fault
				}
				return ""
			})
			if err := life(s); err != nil {
				t.Errorf("%s instead of answer %d: %v", fault, at, err)
			}
			if len(f.log()) <= len(clean) {
				t.Errorf("%s instead of answer %d was not met", fault, at)
			}
			if holder, err := lockHolder(t.Context(), s); holder != nil || err != nil {
				t.Errorf("%s instead of answer %d: left is %v, %v", fault, at, holder, err)
			}
		}
	}
}

// A troubled store answers its next writes with an error: written or not.
type troubled struct {
	bucketStore
	written, lost int // how many of the next writes happen, and how many do not
	during        func()
}

var errTrouble = errors.New("the connection was closed")

func (s *troubled) Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error) {
	if s.during != nil {
		s.during()
	}
	switch {
	case s.written > 0:
		s.written--
		if _, err := s.bucketStore.Put(context.Background(), key, data, o); err != nil {
			return Entry{}, err
		}
		return Entry{}, errTrouble
	case s.lost > 0:
		s.lost--
		return Entry{}, errTrouble
	}
	return s.bucketStore.Put(ctx, key, data, o)
}

// inTrouble runs a test with a store that was used before.
func inTrouble(t *testing.T, test func(t *testing.T, s *troubled)) {
	inBubble(t, func(t *testing.T, m bucketStore) {
		_ = acquire(t, m, "before@all").Release(t.Context())
		test(t, &troubled{bucketStore: m})
	})
}

// TestLockTakenInTrouble takes the lock by a write whose answer never comes.
func TestLockTakenInTrouble(t *testing.T) {
	inTrouble(t, func(t *testing.T, s *troubled) {
		s.written = 1
		l := acquire(t, s, "a@one")
		if err := errors.Join(l.Check(t.Context()), l.Release(t.Context())); err != nil {
			t.Error(err)
		}
		s.lost = 1
		if _, err := AcquireLock(t.Context(), s, LockRequest{}); !errors.Is(err, errTrouble) {
			t.Errorf("a write that did not happen: %v", err)
		}
	})
}

// TestLockGivenUp ends the command while it takes the lock.
func TestLockGivenUp(t *testing.T) {
	inTrouble(t, func(t *testing.T, s *troubled) {
		ctx, cancel := context.WithCancel(t.Context())
		s.written, s.during = 1, cancel
		if _, err := AcquireLock(ctx, s, LockRequest{}); err == nil {
			t.Error("the lock is held by a command that has ended")
		}
		if holder, err := lockHolder(t.Context(), s); holder != nil || err != nil {
			t.Errorf("left is %v, %v", holder, err)
		}
	})
}

// TestLockRenewedInTrouble renews and gives back in trouble.
func TestLockRenewedInTrouble(t *testing.T) {
	inTrouble(t, func(t *testing.T, s *troubled) {
		l := acquire(t, s, "a@one")
		s.written = 1
		if err := l.renew(t.Context()); err != nil {
			t.Errorf("renewed, but not answered: %v", err)
		}
		s.lost = 1
		if err := l.renew(t.Context()); !errors.Is(err, errTrouble) {
			t.Errorf("not renewed: %v", err)
		}
		if err := l.renew(t.Context()); err != nil {
			t.Errorf("renewed again: %v", err)
		}
		s.written = 1
		if err := l.Release(t.Context()); err != nil {
			t.Errorf("given back, but not answered: %v", err)
		}
		l = acquire(t, s, "b@two")
		s.lost = 1
		if err := l.Release(t.Context()); err != nil {
			t.Errorf("given back at the second try: %v", err)
		}
		l = acquire(t, s, "c@three")
		s.lost = 1000
		if err := l.Release(t.Context()); err == nil || !strings.Contains(err.Error(), "expires within a minute") {
			t.Errorf("never given back: %v", err)
		}
	})
}
