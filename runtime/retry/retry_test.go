package retry

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

var errTrouble = errors.New("trouble")

// logged notes the pauses of a policy, whose clock goes on by them alone.
func logged(p Policy, pauses *[]time.Duration) Policy {
	now := time.Unix(0, 0)
	p.Now = func() time.Time { return now }
	p.Sleep = func(ctx context.Context, d time.Duration) error {
		*pauses = append(*pauses, d)
		now = now.Add(d)
		return ctx.Err()
	}
	p.Jitter = func(most time.Duration) time.Duration { return most }
	return p
}

func TestDo(t *testing.T) {
	const s = time.Second
	policy := Policy{Tries: 5, Budget: 20 * s, First: s, Most: 3 * s}
	for name, test := range map[string]struct {
		verdicts []*Verdict // of the tries, the last one again and again
		tries    int
		pauses   []time.Duration
		err      error
	}{
		"at once":             {[]*Verdict{nil}, 1, nil, nil},
		"at last":             {[]*Verdict{{Err: errTrouble, Again: true}, {Err: errTrouble, Again: true}, nil}, 3, []time.Duration{s, 2 * s}, nil},
		"never":               {[]*Verdict{{Err: errTrouble, Again: true}}, 5, []time.Duration{s, 2 * s, 3 * s, 3 * s}, errTrouble},
		"hopeless":            {[]*Verdict{{Err: errTrouble}}, 1, nil, errTrouble},
		"asked to wait":       {[]*Verdict{{Err: errTrouble, Again: true, Wait: 7 * s}, nil}, 2, []time.Duration{7 * s}, nil},
		"asked to wait long":  {[]*Verdict{{Err: errTrouble, Again: true, Wait: 20 * s}, nil}, 1, nil, errTrouble},
		"out of budget":       {[]*Verdict{{Err: errTrouble, Again: true, Wait: 9 * s}}, 3, []time.Duration{9 * s, 9 * s}, errTrouble},
		"queued, not counted": {append(slices.Repeat([]*Verdict{{Err: errTrouble, Again: true, Queued: true}}, 9), nil), 10, nil, nil},
	} {
		var pauses []time.Duration
		tries := 0
		err := logged(policy, &pauses).Do(t.Context(), func(n int) *Verdict {
			if tries++; n != tries {
				t.Errorf("%s: try %d is called %d", name, tries, n)
			}
			return test.verdicts[min(n, len(test.verdicts))-1]
		}, nil)
		if err != test.err || tries != test.tries || !slices.Equal(pauses, test.pauses) {
			t.Errorf("%s: %v after %d tries and %v, want %v after %d and %v", name, err, tries, pauses, test.err, test.tries, test.pauses)
		}
	}
}

// A context that ends in a pause ends it, and what was tried is known.
func TestDoIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	policy := Policy{Tries: 5, Budget: time.Hour, First: time.Minute, Sleep: func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}}
	tried := 0
	err := policy.Do(ctx, func(int) *Verdict { return &Verdict{Err: errTrouble, Again: true} }, func(err error, tries int) error {
		tried = tries
		return err
	})
	if !errors.Is(err, context.Canceled) || tried != 1 {
		t.Errorf("%v after %d tries", err, tried)
	}
}
