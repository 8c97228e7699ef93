// Package retry tries again what may pass by itself, after pauses that grow.
//
//	0.0 s   503
//	0.2 s   503                a random part of 0.25 s later
//	0.6 s   200                a random part of 0.5 s later
//
// A pause is random below its bound ("full jitter"), so that programs that were
// refused together do not come back together.
package retry

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// A Policy says how often, for how long and after which pauses something is
// tried again.
type Policy struct {
	Tries  int           // at most
	Budget time.Duration // from the first try on: no try begins after it
	First  time.Duration // bound of the first pause, doubled after each
	Most   time.Duration // bound of every pause; 0 is none

	Now    func() time.Time                                 // nil is the machine's clock
	Sleep  func(ctx context.Context, d time.Duration) error // waits by that clock
	Jitter func(most time.Duration) time.Duration           // a random pause below most
}

// A Verdict is what is known after a try that failed.
type Verdict struct {
	Err   error         // why; returned if there is no other try
	Again bool          // another try may help
	Wait  time.Duration // at least this pause, because the other side asks for it
	// Queued means that the next try waits of itself, for at least Wait, until it
	// may begin: there is no other pause then, and the tries are not counted.
	Queued bool
}

// Do calls try with 1, 2 and so on until it succeeds, which is a nil Verdict,
// or no other try is due. Its error is that of the last verdict. If the context
// ends in a pause, stopped makes the error of what was tried so often.
func (p Policy) Do(ctx context.Context, try func(n int) *Verdict, stopped func(err error, tries int) error) error {
	p = p.withDefaults()
	deadline := p.Now().Add(p.Budget)
	for n := 1; ; n++ {
		v := try(n)
		if v == nil {
			return nil
		}
		wait := v.Wait
		if !v.Queued {
			wait = max(wait, p.Jitter(p.Bound(n-1)))
		}
		if !v.Again || n >= p.Tries && !v.Queued || ctx.Err() != nil || !p.Now().Add(wait).Before(deadline) {
			return v.Err
		}
		if v.Queued {
			continue
		}
		if err := p.Sleep(ctx, wait); err != nil {
			return stopped(err, n)
		}
	}
}

// Bound is the longest pause after so many earlier failures.
func (p Policy) Bound(failures int) time.Duration {
	bound := p.First << min(failures, 10)
	return min(bound, cmp.Or(p.Most, bound))
}

func (p Policy) withDefaults() Policy {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Sleep == nil {
		p.Sleep = Sleep
	}
	if p.Jitter == nil {
		p.Jitter = Jitter
	}
	return p
}

// Jitter is a random pause below most.
func Jitter(most time.Duration) time.Duration { return rand.N(max(most, 1)) }

// Sleep waits, or returns early with the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
