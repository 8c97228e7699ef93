package twilio

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// updateAll points every number of an account, as many at once as an apply does,
// and returns how often it was asked for each write.
func updateAll(t *testing.T, s *sandbox.Account, a *Client, parallel int) float64 {
	t.Helper()
	numbers := s.Numbers()
	before := len(s.Requests())
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(parallel)
	for _, n := range numbers {
		have := PhoneNumber{SID: n.SID}
		group.Go(func() error { return a.UpdateNumber(ctx, n.PhoneNumber, have, pointed(have, "r1")) })
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	carried := map[string]int{}
	for _, r := range writes(s) {
		carried[r.Path]++
	}
	for _, n := range numbers {
		if got := carried["/2010-04-01/Accounts/"+sandbox.SID+"/IncomingPhoneNumbers/"+n.SID+".json"]; got != 1 {
			t.Errorf("the write of %s arrived %d times", n.PhoneNumber, got)
		}
	}
	return float64(len(s.Requests())-before) / float64(len(numbers))
}

// half is what chance gives on average.
func half(most time.Duration) time.Duration { return most / 2 }

// Twilio refuses requests above a number that it does not tell. Of what a
// client sends that knows no limit, half and more are refused there; we ask at
// most 1.5 times for each write.
func TestRefusalsAboveAConcurrency(t *testing.T) {
	for _, test := range []struct{ parallel, concurrency int }{
		{4, 1}, {4, 2}, {4, 3}, {4, 4}, {10, 1}, {10, 5}, {10, 9}, {50, 1}, {50, 25},
	} {
		t.Run(fmt.Sprintf("%d at once, %d allowed", test.parallel, test.concurrency), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(phones(200)...)
				s.Concurrency, s.Latency = test.concurrency, 50*time.Millisecond
				a := open(t, s, Options{Parallel: test.parallel, Jitter: half})
				start := time.Now()
				asked := updateAll(t, s, a, test.parallel)
				took, ideal := time.Since(start), s.Latency*200/time.Duration(test.concurrency)
				t.Logf("asked %.2f times for each write, in %v instead of %v", asked, took, ideal)
				if asked > 1.5 || took > 2*ideal+2*time.Second {
					t.Errorf("asked %.2f times for each write, in %v", asked, took)
				}
			})
		})
	}
}

// Twilio refuses everything for half of the time.
func TestRefusalsInBursts(t *testing.T) {
	for _, test := range []struct {
		burst    time.Duration
		parallel int
	}{{5 * time.Second, 4}, {30 * time.Second, 4}, {30 * time.Second, 50}} {
		t.Run(fmt.Sprintf("%v, %d at once", test.burst, test.parallel), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(phones(200)...)
				s.Latency = 100 * time.Millisecond
				start := time.Now()
				s.Fault = func(int, *http.Request) sandbox.RequestFault {
					if time.Since(start)/test.burst%2 == 0 {
						return sandbox.Refuse("")
					}
					return sandbox.RequestFault{}
				}
				asked := updateAll(t, s, open(t, s, Options{Parallel: test.parallel, Jitter: half}), test.parallel)
				t.Logf("asked %.2f times for each write, in %v", asked, time.Since(start))
				if took := time.Since(start); asked > 1.3 || took > 5*time.Minute {
					t.Errorf("asked %.2f times for each write, in %v", asked, took)
				}
			})
		})
	}
}

// Where every second request is refused by chance, whatever the load, each write
// must be asked for twice, on average: no client can do with less. Nothing
// arrives twice, and nothing is given up.
func TestRefusalsByChance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(phones(300)...)
		random := rand.New(rand.NewPCG(1, 2))
		var mutex sync.Mutex
		s.Fault = func(int, *http.Request) sandbox.RequestFault {
			mutex.Lock()
			defer mutex.Unlock()
			if random.IntN(2) == 0 {
				return sandbox.Refuse("")
			}
			return sandbox.RequestFault{}
		}
		asked := updateAll(t, s, open(t, s, Options{Jitter: half}), 4)
		t.Logf("asked %.2f times for each write", asked)
		if asked > 2.4 {
			t.Errorf("asked %.2f times for each write", asked)
		}
	})
}

// While Twilio refuses everything, one request in a while finds out.
func TestOneRequestFindsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(phones(100)...)
		s.Latency = 100 * time.Millisecond
		start := time.Now()
		var mutex sync.Mutex
		refused := 0
		s.Fault = func(int, *http.Request) sandbox.RequestFault {
			mutex.Lock()
			defer mutex.Unlock()
			if time.Since(start) < time.Minute {
				refused++
				return sandbox.Refuse("")
			}
			return sandbox.RequestFault{}
		}
		updateAll(t, s, open(t, s, Options{Parallel: 50, Jitter: half}), 50)
		t.Logf("%d requests were refused in a minute", refused)
		if refused > cautious+10 {
			t.Error("they are more than a few")
		}
	})
}

// Without refusals, requests run side by side up to the limit, and no further.
func TestLimitIsUsed(t *testing.T) {
	for parallel, most := range map[int]float64{1: 1, 4: 1, 10: 1, 50: 1.2} {
		synctest.Test(t, func(t *testing.T) {
			s := newSandbox(phones(1000)...)
			s.Latency, s.Concurrency = 50*time.Millisecond, parallel
			start := time.Now()
			if asked := updateAll(t, s, open(t, s, Options{Parallel: parallel}), 2*parallel); asked != 1 {
				t.Errorf("%d at once: asked %.2f times for each write", parallel, asked)
			}
			ideal := s.Latency * time.Duration(1000/parallel)
			if got := float64(time.Since(start)) / float64(ideal); got < 1 || got > most {
				t.Errorf("%d at once: took %.2f times as long as possible", parallel, got)
			}
		})
	}
}

// Whoever stops waiting leaves no place taken behind, in whatever order; whoever
// does not stop gets one.
func TestLimiterForgetsWhoStops(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			l := newLimiter(3, Options{}.withDefaults())
			var group sync.WaitGroup
			for range 30 {
				patience, work := time.Duration(random.IntN(40)), time.Duration(random.IntN(10))
				refused := random.IntN(8) == 0
				group.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), patience*time.Second)
					defer cancel()
					if patience < 10 {
						ctx = t.Context() // waits as long as it takes
					}
					round, err := l.enter(ctx)
					if err != nil {
						return
					}
					time.Sleep(work * time.Second)
					if refused {
						l.refused(round, 0)
					} else {
						l.welcome()
					}
					l.give()
				})
			}
			group.Wait()
			if l.running != 0 || len(l.waiting) != 0 || l.allowed < 1 || l.allowed > 3 {
				t.Errorf("seed %d: %d run, %d wait, %d are allowed", seed, l.running, len(l.waiting), l.allowed)
			}
		})
	}
}

// Whoever stops at the very moment at which the turn comes passes it on.
func TestLimiterPassesTheTurnOn(t *testing.T) {
	for range 500 {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(1, Options{}.withDefaults())
			ctx, cancel := context.WithCancel(t.Context())
			if err := l.take(ctx); err != nil {
				t.Fatal(err)
			}
			for _, waiter := range []context.Context{ctx, t.Context()} {
				go func() {
					if l.take(waiter) == nil {
						l.give()
					}
				}()
				synctest.Wait()
			}
			cancel()
			l.give()
			synctest.Wait()
			if l.running != 0 || len(l.waiting) != 0 {
				t.Fatalf("%d run, %d wait", l.running, len(l.waiting))
			}
		})
	}
}

// As long as Twilio asks to wait, nobody asks again.
func TestRetryAfter(t *testing.T) {
	tests := map[string]time.Duration{
		"7": 7 * time.Second, "0": 0, "-3": 0, "soon": 0, "": 0,
		"Sat, 01 Jan 2000 00:00:09 GMT": 9 * time.Second,
		"Fri, 31 Dec 1999 00:00:00 GMT": 0,
	}
	for header, want := range tests {
		t.Run(header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := stage()
				s.Fault = firstOnly(sandbox.Refuse(header))
				a := open(t, s, Options{Jitter: func(time.Duration) time.Duration { return 0 }})
				start := time.Now()
				if err := a.UpdateQueue(t.Context(), s.Queues()[0].SID, "zillum/sales", 20); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took != want {
					t.Errorf("waited %v, want %v", took, want)
				}
			})
		})
	}
}

// Twilio asks for more patience than there is: the operation ends at once.
func TestRetryAfterBeyondTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stage()
		s.Fault = always(sandbox.Refuse("3600"))
		a := open(t, s, Options{})
		start := time.Now()
		failed := checkError(t, a.UpdateQueue(t.Context(), s.Queues()[0].SID, "zillum/sales", 20))
		if failed.Status != 429 || failed.Unknown || time.Since(start) != 0 {
			t.Errorf("after %v got %#v", time.Since(start), failed)
		}
	})
}

// Refused for ever: the operation ends when its time is over, with few requests.
func TestRefusedForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stage()
		s.Fault = always(sandbox.Refuse(""))
		a := open(t, s, Options{})
		start := time.Now()
		failed := checkError(t, a.CreateQueue(t.Context(), "zillum/support", 10))
		if took := time.Since(start); took > 5*time.Minute || failed.Unknown || failed.Status != 429 {
			t.Errorf("after %v got %v", took, failed)
		}
		if got := len(s.Requests()); got > 100 {
			t.Errorf("%d requests", got)
		}
	})
}
