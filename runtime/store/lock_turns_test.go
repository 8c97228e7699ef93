package store

// A world in which holders of the deploy lock take turns. Each runs until its
// next request and waits there, so that a test decides who goes on, how much
// time goes by, and which answers are lost. The same decisions give the same
// run.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// writeTime is how long a write elsewhere lasts at most.
const writeTime = 10 * time.Second

// A world is a store, its clock, and actors.
type world struct {
	bucketStore
	time   time.Time
	actors []*actor
	late   []func()                 // writes that are still on their way to the store
	fault  func(call string) string // "", "fails", "lost", "conflict" or "late"
	prompt bool                     // answers take no time
	over   bool

	writers []string // who wrote elsewhere, in order
	wrong   []string // what must never be
}

// newWorld makes a world whose store was used before.
func newWorld() *world {
	w := &world{time: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), fault: func(string) string { return "" }}
	w.bucketStore = bucketStore{newFakeBucket(func() time.Time { return w.time })}
	free := bundle.CanonicalJSON(lockRecord{FormatVersion: lockVersion, Sequence: 1, Store: w.String()})
	w.put(LockKey, fakeObject{data: free}, "", "")
	return w
}

// An actor takes the lock, writes elsewhere, and gives the lock back.
type actor struct {
	*world
	name   string
	frozen time.Duration // that its own clock has not seen
	wake   time.Time     // until when it sleeps
	waits  string        // for what
	begun  time.Time     // its last write elsewhere; zero if that is over
	done   bool
	dead   bool
	err    error

	next  func() (struct{}, bool)
	yield func(struct{}) bool
}

// add adds an actor with a script.
func (w *world) add(name string, wait time.Duration, script func(a *actor, l *Lock) error) *actor {
	a := &actor{world: w, name: name, waits: "begin"}
	w.actors = append(w.actors, a)
	k := locker{store: turns{w.bucketStore, a}, now: a.now, sleep: a.sleep, id: func() string { return name }}
	a.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		a.yield = yield
		a.turn("begin")
		l, err := k.acquire(context.Background(), LockRequest{Operation: "apply", Who: name, Wait: wait})
		if err == nil {
			err = script(a, l)
			err = errors.Join(err, l.Release(context.Background()))
		}
		a.err = err
	})
	a.next()
	return a
}

// step lets an actor go on until its next request.
func (w *world) step(a *actor) {
	if _, more := a.next(); !more {
		a.done = true
	}
}

// turn is where an actor waits until it may go on.
func (a *actor) turn(what string) {
	a.waits = what
	a.yield(struct{}{})
	a.waits = ""
}

func (a *actor) now() time.Time { return a.time.Add(-a.frozen) }

func (a *actor) sleep(_ context.Context, d time.Duration) error {
	a.wake = a.time.Add(d)
	a.turn("sleep")
	return nil
}

// write writes elsewhere, as apply does: it checks, begins at once, and is over
// within ten seconds.
func (a *actor) write(l *Lock) error {
	if err := l.Check(context.Background()); err != nil {
		return err
	}
	for _, other := range a.actors {
		if other != a && !other.begun.IsZero() && a.time.Sub(other.begun) < writeTime {
			a.wrong = append(a.wrong, fmt.Sprintf("%s writes while %s does", a.name, other.name))
		}
	}
	if n := len(a.writers); n > 0 && a.writers[n-1] != a.name && slices.Contains(a.writers, a.name) {
		a.wrong = append(a.wrong, fmt.Sprintf("%s writes after %v", a.name, a.writers))
	}
	a.writers = append(a.writers, a.name)
	a.begun = a.time
	a.turn("write")
	a.begun = time.Time{}
	return nil
}

// runnable lists the actors that can go on. If all of them sleep, time goes by.
func (w *world) runnable() []*actor {
	var ready, asleep []*actor
	for _, a := range w.actors {
		switch {
		case a.done || a.dead:
		case a.wake.After(w.time):
			asleep = append(asleep, a)
		default:
			ready = append(ready, a)
		}
	}
	if len(ready) > 0 || len(asleep) == 0 {
		return ready
	}
	w.time = slices.MinFunc(asleep, func(a, b *actor) int { return a.wake.Compare(b.wake) }).wake
	return w.runnable()
}

// freeze stops the machines of all actors for a while. Their clocks do not see
// it, except of those that were just answered: between an answer and the write
// that it allows, nothing can be noticed any more.
func (w *world) freeze(d time.Duration) {
	w.time = w.time.Add(d)
	for _, a := range w.actors {
		if a.waits != "answer" {
			a.frozen += d
		}
	}
}

// arrive lets the oldest write that is on its way arrive.
func (w *world) arrive() {
	if len(w.late) > 0 {
		first := w.late[0]
		w.late = w.late[1:]
		first()
	}
}

// settled takes the lock once everybody is gone: it must be possible.
func (w *world) settled() error {
	for len(w.late) > 0 {
		w.arrive()
	}
	w.time = w.time.Add(lease + leaseGrace + time.Second)
	k := locker{store: w.bucketStore, now: func() time.Time { return w.time }, id: func() string { return "last" }}
	_, err := k.acquire(context.Background(), LockRequest{})
	return err
}

// turns is a store at which an actor waits for its turn before each request and,
// if answers take time, before it has the answer.
type turns struct {
	bucketStore
	actor *actor
}

var errFault = errors.New("the connection was closed")

func (s turns) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	s.actor.turn("get")
	if s.actor.over || s.actor.fault("get") != "" {
		return nil, Entry{}, errFault
	}
	data, e, err := s.bucketStore.Get(ctx, key)
	if !s.actor.prompt {
		s.actor.turn("answer")
	}
	return data, e, err
}

func (s turns) Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error) {
	s.actor.turn("put")
	if s.actor.over {
		return Entry{}, errFault
	}
	switch s.actor.fault("put") {
	case "fails":
		return Entry{}, errFault
	case "lost":
		_, _ = s.bucketStore.Put(ctx, key, data, o)
		return Entry{}, errFault
	case "conflict": // the library below tried twice, and was first itself
		_, _ = s.bucketStore.Put(ctx, key, data, o)
		return Entry{}, ErrConflict
	case "late":
		s.actor.late = append(s.actor.late, func() { _, _ = s.bucketStore.Put(ctx, key, data, o) })
		return Entry{}, errFault
	}
	return s.bucketStore.Put(ctx, key, data, o)
}
