package deploy

// All interleavings of two applies. Two requests that do not touch the same
// thing may be carried out in either order, and nobody can tell the difference:
//
//	a  put public/n000-5c…/answer.xml      b  get private/applied/…json     alike both ways
//	a  put private/lock.json               b  get private/lock.json         two stories
//
// So of all orders that differ only in such pairs one is enough. The search
// walks down a tree of decisions. At each it takes one request after the other;
// one that was taken before sleeps in the branches of those that follow, until
// something is carried out that it depends on, because until then its turn would
// only give an order that was seen already. (Sleep sets: P. Godefroid,
// Partial-Order Methods for the Verification of Concurrent Systems, 1996.)
//
// A process that waits for the lock looks again when there is something new to
// see: a look that finds what the last one found changes nothing.

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/store"
)

// A branch is a way down the tree that has yet to be walked.
type branch struct {
	path  []string // what is carried out, by name
	sleep []*ask   // at its end
}

// depends reports whether the order of two requests can make a difference: they
// touch the same thing, and not in a way that commutes.
func (r *race) depends(a, b *ask) bool {
	return slices.ContainsFunc(r.touches(a), func(one touch) bool {
		return slices.ContainsFunc(r.touches(b), func(other touch) bool {
			return one.thing == other.thing && (one.how != other.how || one.how == changes)
		})
	})
}

// A touch is one thing that a request touches.
type touch struct {
	thing string
	how   manner
}

// A manner is how a request touches something. Two that see, and two that add,
// commute.
type manner int

const (
	sees manner = iota
	adds
	changes
)

// touches lists what a request touches. Of a list nobody reads more than which
// files and records there are. Who waits looks at the lock, and so does the
// clock. A look by the holder may be followed by a write to Twilio in the same
// step, and one by somebody who lost the lock never is.
func (r *race) touches(a *ask) []touch {
	switch {
	case a.call == "read":
		return []touch{{"account", sees}}
	case a.call == "write":
		return []touch{{"account", changes}}
	case a.call == "list":
		return []touch{{"files", sees}}
	case a.call == "sleep":
		return []touch{{store.LockKey, sees}}
	case a.call == "get" && a.key == store.LockKey && r.holder == a.who:
		return []touch{{store.LockKey, sees}, {"account", changes}}
	case a.call == "get":
		return []touch{{a.key, sees}}
	case a.call == "pause" || a.key == store.LockKey:
		return []touch{{store.LockKey, changes}}
	}
	return []touch{{a.key, changes}, {"files", adds}}
}

// alone reports whether nothing that anybody does later can matter to a request:
// it reads a file, and files never change.
func (a *ask) alone() bool { return a.call == "get" && a.key != store.LockKey }

// awake lists the requests that may be carried out now, and a pause if there may
// be one yet.
func (r *race) awake(pauses int) []*ask {
	asks := r.waiting()
	if len(asks) == 0 {
		return nil
	}
	asks = slices.DeleteFunc(asks, func(a *ask) bool { return a.call == "sleep" && r.racers[a.who].seen == r.moment() })
	if pauses > 0 {
		asks = append(asks, &ask{who: nobody, call: "pause", sleep: 3 * time.Minute})
	}
	return asks
}

// walk walks one branch to its end, and returns the whole path and the branches
// that it passed. It reports false if where it leads was seen already.
func (r *race) walk(b branch, pauses int) (path []string, passed []branch, whole bool) {
	sleep := b.sleep
	for asks := r.awake(pauses); len(asks) > 0; asks = r.awake(pauses) {
		var next *ask
		if at := len(path); at < len(b.path) {
			next = asks[slices.IndexFunc(asks, func(a *ask) bool { return a.String() == b.path[at] })]
		} else {
			fresh := slices.DeleteFunc(slices.Clone(asks), func(a *ask) bool { return named(sleep, a) })
			if i := slices.IndexFunc(fresh, (*ask).alone); i >= 0 {
				fresh = fresh[i : i+1]
			}
			if len(fresh) == 0 {
				return path, passed, false
			}
			next = fresh[0]
			for i, other := range fresh[1:] {
				slept := slices.Concat(sleep, fresh[:i+1])
				passed = append(passed, branch{append(slices.Clone(path), other.String()), r.independent(slept, other)})
			}
			sleep = r.independent(sleep, next)
		}
		if next.call == "pause" {
			pauses--
			r.pause(next.sleep)
		}
		path = append(path, next.String())
		r.carryOut(next)
	}
	return path, passed, true
}

// named reports whether a request is among others.
func named(asks []*ask, a *ask) bool {
	return slices.ContainsFunc(asks, func(other *ask) bool { return other.String() == a.String() })
}

// independent lists those requests that still sleep after another one.
func (r *race) independent(asks []*ask, after *ask) []*ask {
	return slices.DeleteFunc(slices.Clone(asks), func(a *ask) bool { return r.depends(a, after) })
}

// kill ends both processes: they are told no more.
func (r *race) kill() {
	r.th.mutex.Lock()
	r.th.dead = true
	r.th.mutex.Unlock()
	for asks := r.waiting(); len(asks) > 0; asks = r.waiting() {
		r.carryOut(asks[0])
	}
}

// Whatever the order, and whenever both are paused for longer than a lease, the
// numbers are those of one of the two bundles, and one process says that it
// succeeded.
func TestTwoAppliesInEveryOrder(t *testing.T) {
	thousandsOfRaces(t)
	c := contest{numbers: phones(2)}
	c.old, c.theirs = bundleOf(c.numbers, nil, "old words", nil), bundleOf(c.numbers, nil, "their words", nil)
	c.mine = bundleOf(c.numbers, []string{"sales"}, "my words", nil)
	orders, seen, most := 0, 0, deep.Or(100, 2000, math.MaxInt)
	random := rand.New(rand.NewPCG(1, 1)) // a sample is taken from everywhere
	for branches := []branch{{}}; len(branches) > 0 && orders < most && !t.Failed(); {
		last := len(branches) - 1
		if most < math.MaxInt {
			at := random.IntN(len(branches))
			branches[at], branches[last] = branches[last], branches[at]
		}
		b := branches[last]
		branches = branches[:last]
		synctest.Test(t, func(t *testing.T) {
			r := c.start(t)
			path, passed, whole := r.walk(b, 1)
			branches = append(branches, passed...)
			if !whole {
				seen++
				r.kill()
				return
			}
			orders++
			if err := r.judge(c.mine, c.theirs); err != nil {
				t.Fatalf("%v\nin the order\n%s", err, strings.Join(path, "\n"))
			}
		})
	}
	t.Logf("%d orders, and %d beginnings of orders that were seen already", orders, seen)
	if orders < min(most, 1000) {
		t.Errorf("only %d orders were tried", orders)
	}
}
