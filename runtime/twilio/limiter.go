package twilio

// How many requests run at once. Twilio limits that per account, does not say
// at how many, and answers 429 above it without doing anything. So the limit is
// found, below the one that the user set: a refusal halves what is allowed and
// makes everybody pause, a row of good replies allows one more. With a limit of
// 4, at an account that may make 2 requests at once:
//
//	4 run    2 are refused   2 are allowed, after a pause
//	2 run    16 are good     3 are allowed
//	3 run    1 is refused    1 is allowed, after a pause
//	1 runs   16 are good     2 are allowed
//
// Of requests that were under way together, the first refusal counts for all.
// It begins with 10 at most; until the first refusal, every good reply allows
// one more, so that a limit of 50 is reached in three rounds.
//
// The pause grows with every refusal in a row and is random below that ("full
// jitter"), so that programs which were refused together do not come back
// together. Everybody pauses, not only the request that was refused; and after
// a refusal one request runs alone, until a reply is good. So while Twilio
// refuses everything, one request in a while finds out, not all; and what is
// allowed is halved only once.

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ivrc/ivrc/runtime/retry"
)

const (
	cautious   = 10                     // requests at once, to begin with
	patience   = 16                     // good replies until one more request may run
	firstPause = 500 * time.Millisecond // at most, after the first refusal
	longPause  = 20 * time.Second       // at most, after many
)

// A limiter lets requests through.
type limiter struct {
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	jitter func(time.Duration) time.Duration

	mutex   sync.Mutex
	most    int // may ever run
	allowed int // may run at present
	running int
	waiting []chan struct{} // in order
	round   int             // of refusals; those that belong together are one
	streak  int             // rounds since the last good reply
	until   time.Time       // everybody pauses
	good    int             // replies since allowed changed
	fits    bool            // there was a good reply since allowed was halved
}

// newLimiter lets at most so many requests run at once. The clock is the
// transport's.
func newLimiter(most int, o Options) *limiter {
	return &limiter{now: o.Now, sleep: o.Sleep, jitter: o.Jitter, most: most, allowed: min(most, cautious), fits: true}
}

// enter waits until a request may run. It returns the round, which a refusal
// needs.
func (l *limiter) enter(ctx context.Context) (round int, err error) {
	for {
		if err := l.rest(ctx); err != nil {
			return 0, err
		}
		if err := l.take(ctx); err != nil {
			return 0, err
		}
		l.mutex.Lock()
		round, pausing := l.round, l.now().Before(l.until)
		l.mutex.Unlock()
		if !pausing {
			return round, nil
		}
		l.give()
	}
}

// rest waits until nobody pauses.
func (l *limiter) rest(ctx context.Context) error {
	for {
		l.mutex.Lock()
		left := l.until.Sub(l.now())
		l.mutex.Unlock()
		if left <= 0 {
			return ctx.Err()
		}
		if err := l.sleep(ctx, left); err != nil {
			return err
		}
	}
}

// take waits for a place among those that run.
func (l *limiter) take(ctx context.Context) error {
	l.mutex.Lock()
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.wake()
	l.mutex.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if i := slices.Index(l.waiting, turn); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else { // the turn came at the same moment
		l.running--
		l.wake()
	}
	return ctx.Err()
}

// give gives a place back.
func (l *limiter) give() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.running--
	l.wake()
}

// wake lets those through who wait, as far as there are places.
func (l *limiter) wake() {
	places := l.allowed
	if l.streak > 0 {
		places = 1
	}
	for l.running < places && len(l.waiting) > 0 {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		l.running++
	}
}

// welcome notes a reply that was no refusal.
func (l *limiter) welcome() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.streak, l.fits = 0, true
	l.good++
	if l.allowed < l.most && (l.round == 0 || l.good >= patience) {
		l.allowed++
		l.good = 0
	}
	l.wake()
}

// refused notes a refusal of a request that entered in some round, and makes
// everybody pause; at least as long as Twilio asks.
func (l *limiter) refused(round int, asked time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	pause := asked
	if round == l.round {
		pause = max(l.jitter(retry.Policy{First: firstPause, Most: longPause}.Bound(l.streak)), asked)
		l.round++
		l.streak++
		if l.fits {
			l.allowed = max(l.allowed/2, 1)
			l.good, l.fits = 0, false
		}
	}
	if until := l.now().Add(pause); until.After(l.until) {
		l.until = until
	}
}

// pause is how long everybody will pause.
func (l *limiter) pause() time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.until.Sub(l.now())
}
