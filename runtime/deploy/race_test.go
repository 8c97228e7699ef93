package deploy

// Two processes apply different bundles at the same time. A scheduler decides
// at every request which of them goes on, so that one number, the schedule,
// tells the whole story, and a schedule that fails can be run again.
//
// Time passes only when the scheduler says so. A look at the lock and the write to Twilio that follows are one step: a
// write begins at once and is over in ten seconds, which the client's own time
// limit sees to, and the lease is made for.

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A race is two processes and what lets them go on.
type race struct {
	th     *theatre
	racers [2]*racer
}

// A racer is one of the processes.
type racer struct {
	*memoryStore
	race    *race
	asks    chan ask      // for the next request
	passed  chan struct{} // a request has been answered
	over    chan struct{} // closed when the process has ended
	next    *ask          // the request that waits, once it is known
	checked bool          // its last request was a look at the lock
	ended   bool
	err     error // of the process
}

// An ask is a request that waits to be let pass.
type ask struct {
	pass   chan struct{}
	writes bool // to Twilio
}

// turn carries a request out when the scheduler lets it pass.
func (r *racer) turn(look, writes bool, do func()) {
	pass := make(chan struct{})
	r.asks <- ask{pass, writes}
	<-pass
	do()
	r.checked = look
	r.passed <- struct{}{}
}

func (r *racer) List(ctx context.Context, prefix string) (entries []Entry, err error) {
	r.turn(false, false, func() { entries, err = r.memoryStore.List(ctx, prefix) })
	return entries, err
}

func (r *racer) Get(ctx context.Context, key string) (data []byte, e Entry, err error) {
	r.turn(key == lockKey, false, func() { data, e, err = r.memoryStore.Get(ctx, key) })
	return data, e, err
}

func (r *racer) Put(ctx context.Context, key string, data []byte, o PutOptions) (e Entry, err error) {
	r.turn(false, false, func() { e, err = r.memoryStore.Put(ctx, key, data, o) })
	return e, err
}

// RoundTrip is the racer's way to Twilio.
func (r *racer) RoundTrip(request *http.Request) (response *http.Response, err error) {
	r.turn(false, request.Method != http.MethodGet, func() { response, err = r.race.th.RoundTrip(request) })
	return response, err
}

// noTime is how racers sleep: the scheduler lets time pass.
func noTime(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// A quietHost is the public host, asked between requests that are scheduled.
type quietHost struct{ th *theatre }

func (h quietHost) RoundTrip(r *http.Request) (*http.Response, error) {
	h.th.mutex.Lock()
	defer h.th.mutex.Unlock()
	return publicHost{h.th.store}.RoundTrip(r)
}

// start begins an apply.
func (r *race) start(t *testing.T, index int, b *bundle.Bundle) {
	me := r.racers[index]
	p := r.th.process(t, []string{"a", "b"}[index])
	options := AccountOptions{Transport: me, Now: r.th.clock, Sleep: noTime, Jitter: func(time.Duration) time.Duration { return 0 }}
	account, err := OpenAccount(Credentials{Account: p.deploy.Target.Account, User: p.deploy.Target.Account, Password: NewSecret(r.th.account.Token)}, options)
	if err != nil {
		t.Fatal(err)
	}
	p.deploy.Account, p.deploy.Store, p.deploy.Public = account, me, quietHost{r.th}
	ctx := t.Context()
	go func() {
		defer close(me.over)
		me.err = func() error {
			k := locker{me, r.th.clock, noTime, func() string { return p.name }}
			lock, err := k.acquire(ctx, LockRequest{Operation: "apply", Who: p.name, Wait: 5 * time.Minute})
			if err != nil {
				return err
			}
			world, err := ReadWorld(ctx, &account.Reader, me)
			if err != nil {
				return errors.Join(err, lock.Release(ctx))
			}
			plan, problems, err := world.Plan(ctx, me, b, p.deploy.Target)
			if err == nil && len(problems) > 0 {
				err = problems[0]
			}
			if err == nil {
				err = p.deploy.Apply(ctx, lock, plan, b, world.State)
			}
			return errors.Join(err, lock.Release(ctx))
		}()
	}()
}

// run races two bundles. For each request, next says whose it is; the clock may
// jump before it.
func (r *race) run(t *testing.T, bundles [2]*bundle.Bundle, next func(count [2]int) (who int, jump time.Duration)) [2]int {
	t.Helper()
	for i := range r.racers {
		r.racers[i] = &racer{memoryStore: r.th.store, race: r, asks: make(chan ask), passed: make(chan struct{}), over: make(chan struct{})}
	}
	for i := range r.racers {
		r.start(t, i, bundles[i])
	}
	var count [2]int
	for r.wait() {
		who, jump := next(count)
		for i, other := range r.racers {
			if !other.ended && other.checked && other.next.writes {
				who, jump = i, 0
			}
		}
		if r.racers[who].ended {
			who = 1 - who
		}
		me := r.racers[who]
		_ = r.th.sleep(t.Context(), jump)
		close(me.next.pass)
		me.next = nil
		<-me.passed
		count[who]++
	}
	return count
}

// wait waits until each process asks for something or has ended, and reports
// whether one still asks.
func (r *race) wait() bool {
	for _, me := range r.racers {
		if me.ended || me.next != nil {
			continue
		}
		select {
		case a := <-me.asks:
			me.next = &a
		case <-me.over:
			me.ended = true
		}
	}
	return !r.racers[0].ended || !r.racers[1].ended
}

// oneOf reports a world in which the numbers are not all of one of the bundles.
func (r *race) oneOf(bundles ...*bundle.Bundle) error {
	if r.th.broken != nil {
		return r.th.broken
	}
	var failed error
	for _, b := range bundles {
		err := r.th.answered(b)
		if err == nil {
			return nil
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// stagedRace is a race that has not begun.
func stagedRace(t *testing.T, old *bundle.Bundle, numbers []string, flows ...*bundle.Bundle) *race {
	t.Helper()
	r := &race{th: staged(t, old, numbers)}
	r.th.onCheck = func() error { return r.th.answered(flows...) }
	return r
}

// racing are the flow that is there, and the two that come.
func racing(numbers []string) (old, mine, theirs *bundle.Bundle) {
	return testBundle(numbers, nil, "old words"), testBundle(numbers, []string{"sales"}, "my words"), testBundle(numbers, nil, "their words")
}

// The first process is stopped at every request, the second at every request
// after that, the first goes on to its end, and then the second; without a
// pause, and with one that is longer than a lease. Whatever happens, the numbers
// are those of one plan, and whoever is told that it succeeded first or last did.
func TestTwoAppliesInEveryOrder(t *testing.T) {
	if stride > 1 {
		t.Skip("the schedules of two applies take minutes under the race detector; go test without -race plays them")
	}
	t.Parallel()
	numbers := phones(2)
	old, mine, theirs := racing(numbers)
	alone := stagedRace(t, old, numbers, old, mine, theirs)
	requests := alone.run(t, [2]*bundle.Bundle{mine, theirs}, func([2]int) (int, time.Duration) { return 0, 0 })
	schedules := 0
	for _, pause := range []time.Duration{0, 3 * time.Minute} {
		for i := 0; i <= requests[0]; i += stride {
			for j := 1; j <= requests[1]; j += stride {
				schedules++
				r := stagedRace(t, old, numbers, old, mine, theirs)
				r.run(t, [2]*bundle.Bundle{mine, theirs}, func(count [2]int) (int, time.Duration) {
					switch {
					case count[0] < i:
						return 0, 0
					case count[0] == i && count[1] == 0:
						return 1, pause
					case count[1] < j:
						return 1, 0
					case count[1] == j && count[0] == i:
						return 0, pause
					}
					return 0, 0
				})
				if err := r.oneOf(mine, theirs); err != nil {
					t.Fatalf("switched at %d and %d with a pause of %s: %v\nfirst: %v\nsecond: %v", i, j, pause, err, r.racers[0].err, r.racers[1].err)
				}
			}
		}
	}
	t.Logf("%v requests, %d schedules", requests, schedules)
}

// Two processes that take turns at random, with pauses at random.
func TestTwoAppliesAtRandom(t *testing.T) {
	if stride > 1 {
		t.Skip("the schedules of two applies take minutes under the race detector; go test without -race plays them")
	}
	numbers := phones(2)
	old, mine, theirs := racing(numbers)
	succeeded := 0
	t.Parallel()
	const seeds = 10_000 / stride
	for seed := range uint64(seeds) {
		random := rand.New(rand.NewPCG(seed, 2))
		r := stagedRace(t, old, numbers, old, mine, theirs)
		who, stay := 0, 1+random.IntN(12)
		var paused [2]int // the requests at the last pause
		r.run(t, [2]*bundle.Bundle{mine, theirs}, func(count [2]int) (int, time.Duration) {
			if random.IntN(stay) == 0 {
				who = 1 - who
			}
			rested := min(count[0]-paused[0], count[1]-paused[1]) > 4 // who is paused all the time can keep no lock
			if rested && random.IntN(5) == 0 {
				paused = count
				return who, time.Duration(random.IntN(150)) * time.Second
			}
			return who, 0
		})
		if r.racers[0].err != nil && r.racers[1].err != nil { // paused again and again, neither kept the lock, and both said so
			if err := r.th.process(t, "c").apply(t.Context(), theirs); err != nil {
				t.Fatalf("seed %d: a third apply: %v", seed, err)
			}
		}
		if err := r.oneOf(mine, theirs); err != nil {
			t.Fatalf("seed %d: %v\nfirst: %v\nsecond: %v", seed, err, r.racers[0].err, r.racers[1].err)
		}
		if r.racers[0].err == nil && r.racers[1].err == nil {
			succeeded++
		}
	}
	if succeeded == 0 || succeeded == seeds {
		t.Errorf("in %d of %d races both succeeded; the scheduler lets nobody lose, or everybody", succeeded, seeds)
	}
}
