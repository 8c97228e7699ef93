package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ivrc/ivrc/internal/deep"
)

// writesOf is a script that writes elsewhere n times.
func writesOf(n int) func(*actor, *Lock) error {
	return func(a *actor, l *Lock) error {
		for range n {
			if err := a.write(l); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestLockEverySchedule lets two holders meet in every order of their requests,
// and pauses one of them, longer than its lease, at every point of every order.
// Never do both hold the lock, and never does one write after the other has.
func TestLockEverySchedule(t *testing.T) {
	orders, pauses := 0, 0
	for schedule := []int{}; schedule != nil; {
		w, taken := runSchedule(schedule, -1)
		checkSchedule(t, w, taken, -1)
		for at := range taken {
			paused, _ := runSchedule(choices(taken), at)
			checkSchedule(t, paused, taken, at)
			pauses++
		}
		orders++
		schedule = following(taken)
	}
	t.Logf("%d orders, and %d with a pause", orders, pauses)
	if orders < 300 || pauses < 5000 {
		t.Errorf("only %d orders were tried, and %d with a pause", orders, pauses)
	}
}

// A choice is one decision of a schedule: which of how many goes on.
type choice struct{ taken, of int }

// runSchedule runs two holders by a schedule, and by the first choice where it
// has ended. Before the choice with the number pause, everybody is paused.
func runSchedule(schedule []int, pause int) (*world, []choice) {
	w := newWorld()
	w.prompt = true
	for _, name := range []string{"A", "B"} {
		w.add(name, lockPoll, writesOf(2))
	}
	var taken []choice
	for ready := w.runnable(); len(ready) > 0; ready = w.runnable() {
		if len(taken) == pause {
			w.freeze(2 * lease)
			ready = w.runnable()
		}
		pick := 0
		if i := len(taken); i < len(schedule) {
			pick = min(schedule[i], len(ready)-1)
		}
		taken = append(taken, choice{pick, len(ready)})
		w.step(ready[pick])
		w.time = w.time.Add(100 * time.Millisecond)
	}
	return w, taken
}

// choices is a run as a schedule.
func choices(taken []choice) []int {
	var schedule []int
	for _, c := range taken {
		schedule = append(schedule, c.taken)
	}
	return schedule
}

// following is the schedule after a run, or nil after the last one.
func following(taken []choice) []int {
	for i, c := range slices.Backward(taken) {
		if c.taken+1 < c.of {
			return append(choices(taken[:i]), c.taken+1)
		}
	}
	return nil
}

// checkSchedule looks at what two holders did.
func checkSchedule(t *testing.T, w *world, taken []choice, pause int) {
	t.Helper()
	if len(w.wrong) > 0 {
		t.Fatalf("%v\nin %v, paused at %d", w.wrong, choices(taken), pause)
	}
	wrote := 0
	for _, a := range w.actors {
		n := 0
		for _, who := range w.writers {
			if who == a.name {
				n++
			}
		}
		wrote += n
		refused := errors.As(a.err, new(*LockedError))
		lost := errors.Is(a.err, ErrLockLost) && pause >= 0
		if a.err != nil && !refused && !lost || a.err == nil && n != 2 || refused && n != 0 {
			t.Fatalf("%s wrote %d times and ended with %v\nin %v, paused at %d", a.name, n, a.err, choices(taken), pause)
		}
	}
	if wrote == 0 {
		t.Fatalf("nobody wrote\nin %v, paused at %d", choices(taken), pause)
	}
	if err := w.settled(); err != nil {
		t.Fatalf("the lock cannot be taken afterwards: %v\nin %v, paused at %d", err, choices(taken), pause)
	}
}

// TestLockSeeds lets three holders meet by chance: pauses, slow answers, lost
// and late writes, and holders that are killed.
func TestLockSeeds(t *testing.T) {
	seeds := deep.Or(1000, 3000, 10_000)
	writes, lost, killed := 0, 0, 0
	for seed := range uint64(seeds) {
		w := runSeed(seed)
		if len(w.wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, w.wrong)
		}
		writes += len(w.writers)
		for _, a := range w.actors {
			if errors.Is(a.err, ErrLockLost) {
				lost++
			}
			if a.dead {
				killed++
			}
		}
		if err := w.settled(); err != nil {
			t.Fatalf("seed %d: the lock cannot be taken afterwards: %v", seed, err)
		}
		w.end()
	}
	t.Logf("%d writes, %d locks lost, %d holders killed", writes, lost, killed)
	if writes < seeds || lost < seeds/50 || killed < seeds/50 {
		t.Errorf("too little happened: %d writes, %d locks lost, %d holders killed", writes, lost, killed)
	}
}

// runSeed is one run by chance.
func runSeed(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 1))
	w := newWorld()
	w.fault = func(call string) string {
		switch n := r.IntN(100); {
		case n < 3:
			return "fails"
		case n < 9 && call == "put":
			return []string{"lost", "conflict", "late"}[r.IntN(3)]
		}
		return ""
	}
	for i := range 3 {
		w.add(fmt.Sprint("holder", i), time.Duration(r.IntN(3))*time.Minute, byChance(r))
	}
	for ready := w.runnable(); len(ready) > 0; ready = w.runnable() {
		switch n := r.IntN(200); {
		case n < 2:
			w.freeze(time.Duration(r.IntN(150)) * time.Second)
		case n < 4:
			ready[r.IntN(len(ready))].dead = true
			continue
		case n < 20:
			w.arrive()
		case n < 60:
			w.time = w.time.Add(time.Duration(r.IntN(8000)) * time.Millisecond)
		}
		w.time = w.time.Add(time.Duration(r.IntN(300)) * time.Millisecond)
		w.step(ready[r.IntN(len(ready))])
	}
	return w
}

// byChance is a script that writes and renews by chance.
func byChance(r *rand.Rand) func(*actor, *Lock) error {
	return func(a *actor, l *Lock) error {
		for range 1 + r.IntN(5) {
			if r.IntN(3) == 0 {
				if err := l.renew(context.Background()); errors.Is(err, ErrLockLost) {
					return err
				}
			}
			if err := a.write(l); err != nil {
				return err
			}
		}
		return nil
	}
}

// end lets those run out who were killed, so that nothing is left of them.
func (w *world) end() {
	w.over = true
	for _, a := range w.actors {
		for !a.done {
			w.step(a)
		}
	}
}
