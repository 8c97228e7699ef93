package server

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// reloading runs a reloader in a bubble of time.
func reloading(t *testing.T, every time.Duration, read func(context.Context), test func(t *testing.T, r *Reloader)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		r := &Reloader{every: every, read: read, asked: make(chan chan struct{})}
		done := make(chan struct{})
		go func() { r.Run(ctx); close(done) }()
		test(t, r)
		stop()
		<-done
	})
}

func TestReloaderReadsAtIntervals(t *testing.T) {
	var reads atomic.Int32
	reloading(t, 10*time.Second, func(context.Context) { reads.Add(1) }, func(t *testing.T, _ *Reloader) {
		time.Sleep(9 * time.Second)
		if n := reads.Load(); n != 0 {
			t.Errorf("read %d times in 9 s", n)
		}
		time.Sleep(52 * time.Second)
		if n := reads.Load(); n != 6 {
			t.Errorf("read %d times in 61 s, want 6", n)
		}
	})
}

// However many requests wait, one reading answers them, and readings that they
// cause are a second apart.
func TestReloaderReadsForWhoWaits(t *testing.T) {
	var reads atomic.Int32
	reloading(t, time.Hour, func(context.Context) { reads.Add(1); time.Sleep(time.Second / 2) }, func(t *testing.T, r *Reloader) {
		time.Sleep(time.Minute)
		begun := time.Now()
		for round := range 3 {
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() { r.Wait(t.Context()) })
			}
			group.Wait()
			if n := int(reads.Load()); n != round+1 {
				t.Fatalf("%d readings after %d rounds", n, round+1)
			}
		}
		if took := time.Since(begun); took != 3500*time.Millisecond { // 0.5, then 1 + 0.5 twice
			t.Errorf("it took %s", took)
		}
	})
}

// A request that comes while a reading is going on waits for the next one: what
// it asks for may have been written behind that reading's back.
func TestReloaderReadsAfterTheCall(t *testing.T) {
	var begun atomic.Int64
	reloading(t, time.Hour, func(context.Context) {
		begun.Store(time.Now().UnixNano())
		time.Sleep(2 * time.Second)
	}, func(t *testing.T, r *Reloader) {
		go r.Wait(t.Context())
		time.Sleep(2 * time.Second) // in the middle of the reading that began after one
		asked := time.Now().UnixNano()
		r.Wait(t.Context())
		if begun.Load() < asked {
			t.Error("it returned after a reading that began before the call")
		}
	})
}

func TestReloaderGivesUp(t *testing.T) {
	reloading(t, time.Hour, func(ctx context.Context) { <-ctx.Done() }, func(t *testing.T, r *Reloader) { // a store that does not answer
		begun := time.Now()
		r.Wait(t.Context())
		if took := time.Since(begun); took != patience {
			t.Errorf("it gave up after %s", took)
		}
		for range atOnce {
			go r.Wait(t.Context())
		}
		synctest.Wait()
		begun = time.Now()
		r.Wait(t.Context())
		if took := time.Since(begun); took != 0 {
			t.Errorf("one too many waits for %s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.Sleep(patience)
		begun = time.Now()
		r.Wait(ctx)
		if took := time.Since(begun); took > 0 {
			t.Errorf("a request that is over waits for %s", took)
		}
	})
}
