package store

// What the object of the deploy lock says, and how it is read and written.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/quote"
)

// LockKey is the key of the object that is the deploy lock.
const LockKey = "private/lock.json"

const lockVersion = "1.0"

// A LockInfo says who holds the deploy lock, for people.
type LockInfo struct {
	ID        string `json:"id"`
	Operation string `json:"operation"` // "apply"
	Who       string `json:"who"`       // "user@host"
	Version   string `json:"version"`   // of the program
	Holding
	Created time.Time `json:"created"` // by the store's clock
	Expires time.Time `json:"-"`       // likewise, if it is not renewed
	Path    string    `json:"-"`       // where the lock is
}

// A Holding says for which deployment a lock is held.
type Holding struct {
	Project     string `json:"project,omitempty"`
	Environment string `json:"environment,omitempty"` // "" if the project has one alone
	Account     string `json:"account,omitempty"`     // SID
}

// A LockedError means that somebody else holds the deploy lock.
type LockedError struct{ LockInfo }

func (e *LockedError) Error() string {
	const form = "2006-01-02 15:04:05 UTC"
	environment := ""
	if e.Environment != "" {
		environment = "\n  Environment: " + e.Environment
	}
	return fmt.Sprintf(`somebody else holds the deploy lock

Lock Info:
  ID:        %s
  Path:      %s%s
  Operation: %s
  Who:       %s
  Version:   %s
  Created:   %s
  Expires:   %s, if it is not renewed

To wait for it, say -lock-timeout=5m. The lock of a command that was killed
expires by itself. To break a lock that is renewed, although nobody should hold
it, run: ivrc force-unlock %s`,
		e.ID, e.Path, environment, e.Operation, e.Who, e.Version, e.Created.UTC().Format(form), e.Expires.UTC().Format(form), e.ID)
}

// A locker is a store, and what tests replace.
type locker struct {
	store Store
	now   func() time.Time // only to measure how long something takes
	sleep func(context.Context, time.Duration) error
	id    func() string
}

// lockRecord is what the object holds.
type lockRecord struct {
	FormatVersion string    `json:"format_version"`
	Sequence      int64     `json:"sequence"` // grows with every write
	Store         string    `json:"store"`    // that was found to keep conditions
	Holder        *LockInfo `json:"holder"`   // null while the lock is free
}

// A lockState is the object as it was once.
type lockState struct {
	record  lockRecord
	version string        // "" if there was no object
	now     time.Time     // by the store's clock
	age     time.Duration // between the write and now
	delay   time.Duration // that may have gone by until the answer was here
}

// holder is who has the lock, or nil.
func (s *lockState) holder() *LockInfo { return s.record.Holder }

func (s *lockState) heldBy(id string) bool { return s.holder() != nil && s.holder().ID == id }

// left is how long the lease lasts at least, for its holder.
func (s *lockState) left() time.Duration { return lease - max(0, s.age) - s.delay }

// expired reports whether the lease has run out for certain, for others.
func (s *lockState) expired() bool { return s.age > lease+leaseGrace }

// lost is the error for somebody who finds the lock in this state.
func (s *lockState) lost() error {
	if h := s.holder(); h != nil {
		return fmt.Errorf("%w. It is now held by %s, for %s", ErrLockLost, h.Who, h.Operation)
	}
	return ErrLockLost
}

// look reads the lock. One that does not exist is free.
func (k locker) look(ctx context.Context) (lockState, error) {
	sent := k.now()
	data, entry, err := k.store.Get(ctx, LockKey)
	if errors.Is(err, ErrNotFound) {
		return lockState{now: entry.Now}, nil
	}
	if err != nil {
		return lockState{}, err
	}
	state := lockState{version: entry.Version, now: entry.Now, age: entry.Now.Sub(entry.Modified), delay: k.now().Sub(sent)}
	if entry.Now.IsZero() || entry.Modified.IsZero() || entry.Version == "" {
		return lockState{}, fmt.Errorf("%s does not say when %s was written, or which version it is, so it cannot hold a lock", k.store, LockKey)
	}
	if err := json.Unmarshal(data, &state.record); err != nil || state.record.Sequence < 1 {
		return lockState{}, fmt.Errorf("%s in %s is not a lock. If no command is changing the store, delete it and run this command again", LockKey, k.store)
	}
	if major, _, _ := strings.Cut(state.record.FormatVersion, "."); major != "1" {
		return lockState{}, fmt.Errorf("%s in %s has the format version %s; this program knows 1", LockKey, k.store, quote.Line(state.record.FormatVersion))
	}
	if h := state.record.Holder; h != nil {
		h.ID, h.Operation, h.Who, h.Version = quote.Line(h.ID), quote.Line(h.Operation), quote.Line(h.Who), quote.Line(h.Version)
		h.Project, h.Environment, h.Account = quote.Line(h.Project), quote.Line(h.Environment), quote.Line(h.Account)
		h.Expires, h.Path = entry.Modified.Add(lease+leaseGrace), k.store.String()+" "+LockKey
	}
	return state, nil
}

// write puts the state that follows one into its place, if it is still there.
// After an error other than ErrConflict it may have happened all the same.
func (k locker) write(ctx context.Context, before lockState, holder *LockInfo) (lockState, error) {
	after := lockState{record: before.record}
	after.record.FormatVersion = lockVersion
	after.record.Sequence++
	after.record.Holder = holder
	sent := k.now()
	options := PutOptions{Type: "application/json", CacheControl: "no-store", IfAbsent: before.version == "", IfVersion: before.version}
	entry, err := k.store.Put(ctx, LockKey, bundle.CanonicalJSON(after.record), options)
	after.version, after.now, after.delay = entry.Version, entry.Now, k.now().Sub(sent)
	return after, err
}
