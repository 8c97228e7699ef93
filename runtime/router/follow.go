package router

import (
	"context"
	"sync/atomic"
	"time"
)

// Limits of what requests for missing documents may cause.
const (
	pause    = time.Second     // between the end of a reading and the next that a request asks for
	patience = 8 * time.Second // of a request; Twilio's is 15 s
	atOnce   = 256             // requests that may wait at once
)

// A Follower reads what there is to be served, again and again: at intervals, and
// when a request asks for a document that is missing. A number may be pointed at a
// release that another server has read already, and this one has not; its caller
// waits a moment, rather than being told that there is no such document. However
// many requests wait, there is one reading at a time, and a second between two.
type Follower struct {
	Every time.Duration         // between two readings, more than zero
	Read  func(context.Context) // reads, and swaps what is served
	asked chan chan struct{}
	queue atomic.Int32
}

// NewFollower returns a follower, which does nothing before Run.
func NewFollower(every time.Duration, read func(context.Context)) *Follower {
	return &Follower{Every: every, Read: read, asked: make(chan chan struct{})}
}

// Run reads until the context ends.
func (f *Follower) Run(ctx context.Context) {
	for last := time.Now(); ; last = time.Now() {
		var waiting []chan struct{}
		timer := time.NewTimer(f.Every)
		for due := false; !due; {
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case w := <-f.asked:
				waiting = append(waiting, w)
				timer.Reset(min(pause, f.Every) - time.Since(last))
			case <-timer.C:
				due = true
			}
		}
		f.Read(ctx)
		for _, w := range waiting {
			close(w)
		}
	}
}

// Again returns after a reading that began after the call. It gives up with the
// context, after eight seconds, or at once if too many wait already.
func (f *Follower) Again(ctx context.Context) {
	defer f.queue.Add(-1)
	if f.queue.Add(1) > atOnce {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	read := make(chan struct{})
	select {
	case f.asked <- read:
	case <-ctx.Done():
		return
	}
	select {
	case <-read:
	case <-ctx.Done():
	}
}
