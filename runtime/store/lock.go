package store

// The deploy lock. It is one object in the store, made once and never deleted,
// and changed only by writes that fail if somebody else was faster:
//
//	{sequence: 7, holder: null}
//	{sequence: 8, holder: {id: "A…", operation: "apply", …}}     A took it
//	{sequence: 9, holder: {id: "A…", …}}                         A renewed it, 15 s later
//	{sequence: 10, holder: null}                                 A gave it back
//
// A holder has a lease of 60 seconds from the time at which the store says that
// the object was written. All times are the store's: a machine whose clock is
// wrong takes nobody's lock. A lease that has run out may be taken by anybody,
// so a holder that was killed locks others out for a minute at most. One that
// was only paused, longer than its lease, asks the store before each write
// elsewhere (Check), finds another holder, and writes nothing more.
//
// The sequence makes every state of the object unlike every other one. Without
// it, a write that was long on its way could take a later state for the one
// that it was meant for.

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ivrc/ivrc/runtime/quote"
	"github.com/ivrc/ivrc/runtime/retry"
)

const (
	lease      = 60 * time.Second
	leaseRenew = 15 * time.Second // between renewals
	leaseRetry = 5 * time.Second  // after one that failed

	// leaseLeft must remain before a write elsewhere, which takes 10 s at most.
	leaseLeft = 15 * time.Second

	// leaseGrace is added before a lease counts as run out, because the times of
	// HTTP are in whole seconds.
	leaseGrace = 2 * time.Second

	lockPoll     = 2 * time.Second  // between looks at a lock that is held
	lockPatience = 10 * time.Second // with the store, while a lease runs
	lockRaces    = 20               // that may be lost to others, one after the other
	lockRenewals = 20               // that may be used up by pauses, one after the other
)

// ErrLockLost means that somebody else has the deploy lock, or had it.
var ErrLockLost = errors.New("the deploy lock was lost: its lease expired, or somebody broke it")

var errLockRaces = errors.New("the deploy lock changes too often to be taken; run the command again")

// A LockRequest says who wants the deploy lock.
type LockRequest struct {
	Operation string         // "apply"
	Who       string         // "user@host"
	Version   string         // of the program
	For       Holding        // the deployment
	Wait      time.Duration  // how long to wait for a lock that is held
	Waiting   func(LockInfo) // is called once if there is something to wait for; may be nil

	// What follows is for programs that have a clock of their own, as tests do.
	ID         string                                     // of the holder; "" is a random one
	Now        func() time.Time                           // only measures how long something takes; nil is the machine's clock
	Sleep      func(context.Context, time.Duration) error // waits by that clock
	Unattended bool                                       // the lock is not renewed in the background
}

// A Lock is the deploy lock, held. It is renewed until it is released. Its
// methods may be called from several goroutines.
type Lock struct {
	LockInfo

	// Broken is the holder whose lease had run out when the lock was taken, or nil.
	Broken *LockInfo

	locker
	stop context.CancelFunc // ends the renewals
	kept chan struct{}      // closed when they have ended

	mutex sync.Mutex // held for each change
	state lockState

	untilMutex sync.Mutex
	until      time.Time // by the local clock
}

// AcquireLock takes the deploy lock of a store. If somebody else holds it, even
// after waiting, the error is a LockedError. A store that does not keep the
// conditions of writes is refused.
func AcquireLock(ctx context.Context, store Store, r LockRequest) (*Lock, error) {
	k := locker{store, r.Now, r.Sleep, rand.Text}
	if r.Now == nil {
		k.now, k.sleep = time.Now, retry.Sleep
	}
	if r.ID != "" {
		k.id = func() string { return r.ID }
	}
	l, err := k.acquire(ctx, r)
	if err != nil || r.Unattended {
		return l, err
	}
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop, l.kept = stop, make(chan struct{})
	go l.keep(own)
	return l, nil
}

// ForceUnlock breaks the lock with an ID. Whoever held it writes nothing more
// once it looks at the lock again. One that is held for another environment is
// refused; "" is any.
func ForceUnlock(ctx context.Context, store Store, id, environment string) error {
	k := locker{store, time.Now, retry.Sleep, rand.Text}
	for range lockRaces { // with the renewals of its holder
		state, err := k.look(ctx)
		switch holder := state.holder(); {
		case err != nil:
			return err
		case holder == nil:
			return errors.New("nobody holds the deploy lock")
		case holder.ID != id:
			return fmt.Errorf("the deploy lock does not have the ID %s: %w", quote.Line(id), &LockedError{*holder})
		case environment != "" && holder.Environment != "" && holder.Environment != environment:
			return fmt.Errorf("the deploy lock %s is held for the environment %q, and not for %q", quote.Line(id), holder.Environment, environment)
		}
		if _, err := k.write(ctx, state, nil); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return errLockRaces
}

// acquire takes the lock, waiting for it if it may, and does not renew it.
func (k locker) acquire(ctx context.Context, r LockRequest) (*Lock, error) {
	l := &Lock{locker: k, LockInfo: LockInfo{ID: k.id(), Operation: r.Operation, Who: r.Who, Version: r.Version, Holding: r.For}}
	deadline := k.now().Add(r.Wait)
	for told := false; ; told = true {
		err := l.take(ctx)
		if err == nil {
			return l, nil
		}
		var held *LockedError
		left := deadline.Sub(k.now())
		if !errors.As(err, &held) || left <= 0 {
			return nil, err
		}
		if !told && r.Waiting != nil {
			r.Waiting(held.LockInfo)
		}
		if err := k.sleep(ctx, min(lockPoll, left)); err != nil {
			return nil, errors.Join(err, held)
		}
	}
}

// take takes the lock if it is free, or its lease has run out.
func (l *Lock) take(ctx context.Context) error {
	for range lockRaces {
		state, err := l.look(ctx)
		if err != nil {
			return err
		}
		l.Broken = state.holder()
		if l.Broken != nil && l.Broken.ID == l.ID { // the answer to our write was lost
			l.have(state)
			return nil
		}
		if l.Broken != nil && !state.expired() {
			return &LockedError{*l.Broken}
		}
		if state.record.Store != l.store.String() {
			if err := l.probe(ctx); err != nil {
				return err
			}
			state.record.Store = l.store.String()
		}
		own := l.LockInfo
		own.Created = state.now
		taken, err := l.write(ctx, state, &own)
		if err == nil {
			l.have(taken)
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return l.settle(ctx, err)
		}
	}
	return errLockRaces
}

// settle finds out whether the lock was taken by a write that ended with an
// error. If it was, but the command is over, it is given back.
func (l *Lock) settle(ctx context.Context, err error) error {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
	defer cancel()
	state, e := l.look(own)
	if e != nil || !state.heldBy(l.ID) {
		return err
	}
	if ctx.Err() != nil {
		_, _ = l.write(own, state, nil) // or the lease runs out
		return err
	}
	l.have(state)
	return nil
}

// have notes that the lock is held.
func (l *Lock) have(state lockState) {
	if state.holder() != nil {
		l.LockInfo = *state.holder()
	}
	l.state = state
	l.note(state)
}

// note notes how long the lease lasts.
func (l *Lock) note(state lockState) {
	l.untilMutex.Lock()
	defer l.untilMutex.Unlock()
	if until := l.now().Add(state.left()); until.After(l.until) { // a look may be overtaken by a renewal
		l.until = until
	}
}

// Remaining says how long the lease lasts, as far as is known without asking
// the store. It is for people; Check is for what must not go wrong.
func (l *Lock) Remaining() time.Duration {
	l.untilMutex.Lock()
	defer l.untilMutex.Unlock()
	return max(0, l.until.Sub(l.now()))
}

// Check asks the store whether the lock is still held, with at least 15 seconds
// of its lease left; if less is left, it renews it and asks again, because the
// machine may have been paused before it had the answer. It is to be called
// before every write elsewhere, which must then begin at once and be over within
// ten seconds. If the lock was lost the error is an ErrLockLost.
//
// It asks every time, and trusts no local clock, because all clocks of a machine
// may stand still while it is paused. A pause at the wrong moment is no reason to
// give the lock up while nobody else has it: an apply that was just robbed of it
// by a pause has stopped, and if the one that has it now stopped as well, nobody
// would finish.
func (l *Lock) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	for range lockRenewals {
		state, err := l.look(ctx)
		if err != nil {
			return fmt.Errorf("the deploy lock cannot be confirmed: %w", err)
		}
		if !state.heldBy(l.ID) {
			return state.lost()
		}
		if state.left() >= leaseLeft {
			l.note(state)
			return nil
		}
		if err := l.renew(ctx); err != nil {
			return fmt.Errorf("the deploy lock cannot be renewed: %w", err)
		}
	}
	return errors.New("the deploy lock expires before it can be renewed: this machine is paused again and again, or the store is too slow")
}

// Now asks the store for its time, and for the sequence of the lock, which tells
// what was later within a second. If the lock was lost the error is an ErrLockLost.
func (l *Lock) Now(ctx context.Context) (at time.Time, sequence int64, err error) {
	state, err := l.look(ctx)
	if err == nil && !state.heldBy(l.ID) {
		err = state.lost()
	}
	return state.now, state.record.Sequence, err
}

// keep renews the lock until it is released or lost.
func (l *Lock) keep(ctx context.Context) {
	defer close(l.kept)
	wait := leaseRenew
	for l.sleep(ctx, wait) == nil {
		own, cancel := context.WithTimeout(ctx, lockPatience)
		err := l.renew(own)
		cancel()
		if errors.Is(err, ErrLockLost) {
			return // the next Check finds it, too
		}
		wait = leaseRenew
		if err != nil {
			wait = leaseRetry
		}
	}
}

// renew begins the lease anew, if nobody else has taken the lock.
func (l *Lock) renew(ctx context.Context) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	renewed, err := l.write(ctx, l.state, &l.LockInfo)
	if err != nil {
		state, e := l.look(ctx)
		if e != nil {
			return err
		}
		if !state.heldBy(l.ID) {
			return state.lost()
		}
		arrived := state.record.Sequence > l.state.record.Sequence
		l.state = state
		if !arrived {
			return err
		}
		renewed = state
	}
	l.state = renewed
	l.note(renewed)
	return nil
}

// Release gives the lock back, also when the context has ended. If it was lost
// before, the error is an ErrLockLost.
func (l *Lock) Release(ctx context.Context) error {
	if l.stop != nil {
		l.stop()
		<-l.kept
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
	defer cancel()
	var err error
	for range lockRaces { // with a renewal that was on its way
		if !l.state.heldBy(l.ID) {
			return nil
		}
		var freed lockState
		if freed, err = l.write(ctx, l.state, nil); err == nil {
			l.state = freed
			return nil
		}
		state, e := l.look(ctx)
		if e != nil {
			break
		}
		others := state.holder() != nil || state.record.Sequence > l.state.record.Sequence+1
		if !state.heldBy(l.ID) && others {
			return state.lost()
		}
		l.state = state
	}
	return fmt.Errorf("the deploy lock was not released, and expires within a minute: %w", err)
}
