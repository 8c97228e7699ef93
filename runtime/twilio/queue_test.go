package twilio

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// Making, sizing and deleting a queue is one request each.
func TestQueues(t *testing.T) {
	s := newSandbox()
	a := open(t, s, Options{})
	ctx := t.Context()
	if err := a.CreateQueue(ctx, "zillum/sales", 10); err != nil {
		t.Fatal(err)
	}
	q := s.Queues()[0]
	if err := a.UpdateQueue(ctx, q.SID, "zillum/sales", 20); err != nil {
		t.Fatal(err)
	}
	if got := s.Queues()[0]; got.Name != "zillum/sales" || got.MaxSize != 20 {
		t.Errorf("got %+v", got)
	}
	s.Wait("zillum/sales", 1)
	var refused *APIError
	if err := a.DeleteQueue(ctx, q.SID, "zillum/sales"); !errors.As(err, &refused) || refused.Unknown {
		t.Errorf("deleting a queue in which somebody waits: got %v", err)
	}
	s.Wait("zillum/sales", 0)
	for range 2 { // it is gone the second time, which is as good
		if err := a.DeleteQueue(ctx, q.SID, "zillum/sales"); err != nil {
			t.Error(err)
		}
	}
	if got := len(s.Requests()); got != 5 || len(s.Queues()) != 0 {
		t.Errorf("%d requests, %d queues are left", got, len(s.Queues()))
	}
}

// Whatever happens to the first request, and however late a queue shows, there
// is never a second one; and if it is not known that there is one, the error
// says so. Under both readings of what Twilio does with a name that is taken.
func TestCreateQueueNeverMakesASecond(t *testing.T) {
	faults := map[string]struct {
		fault   sandbox.RequestFault
		made    bool // by the first request
		certain bool // that it was not
	}{
		"nothing":             {sandbox.RequestFault{}, true, false},
		"reply lost":          {sandbox.Lose(), true, false},
		"reply cut off":       {sandbox.Break(), true, false},
		"reply truncated":     {sandbox.Truncate(), true, false},
		"reply empty":         {sandbox.Empty(), true, false},
		"500 after doing it":  {sandbox.RequestFault{Status: 500}, true, false},
		"HTML after doing it": {sandbox.RequestFault{Reply: func([]byte) []byte { return []byte("<html>") }}, true, false},
		"reset":               {sandbox.Reset(), false, false},
		"no answer":           {sandbox.Hang(), false, false},
		"500":                 {sandbox.Fail(500), false, false},
		"HTML 503":            {sandbox.Page(503), false, false},
		"429":                 {sandbox.Refuse(""), false, true},
	}
	for name, test := range faults {
		for _, lag := range []time.Duration{0, 8 * time.Second, 60 * time.Second} {
			for _, sameNames := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, lag %v, same names %v", name, lag, sameNames), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						s := newSandbox()
						s.Lag, s.SameNames = lag, sameNames
						s.Fault = firstOnly(test.fault)
						a := open(t, s, Options{})
						err := a.CreateQueue(t.Context(), "zillum/sales", 10)
						var failed *APIError
						switch shows := lag < confirmation; {
						case test.certain || name == "nothing" || test.made && shows:
							if err != nil || len(s.Queues()) != 1 {
								t.Errorf("%d queues; got %v", len(s.Queues()), err)
							}
						case !errors.As(err, &failed) || !failed.Unknown:
							t.Errorf("got %v, want an error that leaves it open", err)
						}
						if got := len(s.Queues()); test.made && got != 1 || got > 1 {
							t.Errorf("there are %d queues", got)
						}
					})
				})
			}
		}
	}
}

// A queue that appeared meanwhile, because a caller was put into it, is taken
// and sized.
func TestCreateQueueTakesOneThatIsThere(t *testing.T) {
	s := newSandbox()
	s.Wait("zillum/sales", 1)
	a := open(t, s, Options{})
	if err := a.CreateQueue(t.Context(), "zillum/sales", 10); err != nil {
		t.Fatal(err)
	}
	if got := s.Queues(); len(got) != 1 || got[0].MaxSize != 10 || got[0].Waiting != 1 {
		t.Errorf("got %+v", got)
	}
}
