package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// Limits on what requests for missing documents can cause.
const (
	pause    = time.Second     // from the end of a reading to the next that a request asks for
	patience = 8 * time.Second // of a request; Twilio waits 15 s
	atOnce   = 256             // requests that may wait at once
)

// A Reloader keeps a handler in step with a source. It reads the source at
// intervals, and whenever a request asks for a document that is missing. A number
// may be pointed at a release that another server has read already but this one
// has not; its caller waits a moment instead of being told that there is no such
// document. However many requests wait, there is one reading at a time, and a
// second between two.
//
// Whatever goes wrong after the start, the server goes on serving what it served.
type Reloader struct {
	Handler *router.Handler
	Metrics *Metrics

	source  Source
	every   time.Duration         // between two readings; 0 if there is only the first
	read    func(context.Context) // reads the source once more
	asked   chan chan struct{}
	waiting atomic.Int32
	reached atomic.Int64 // when the source could last be read, in Unix milliseconds
	damaged atomic.Int64 // objects of the source
	ends    atomic.Int64 // when the first calendar of what is current ends, in Unix seconds; 0 if it has none
	logger  *slog.Logger
	trouble string          // that was logged last
	told    map[string]bool // of calendars; a text has the days that are left
}

// Open reads a source for the first time, and returns a reloader that serves what
// was read. It reads the source again at intervals of every, or never if that is
// 0, once [Reloader.Run] is called.
func Open(ctx context.Context, source Source, every time.Duration, logger *slog.Logger) (*Reloader, *Reading, error) {
	first, err := source.Read(ctx, func(*bundle.FileRow) []byte { return nil })
	if err != nil {
		return nil, nil, err
	}
	r := &Reloader{source: source, every: every, asked: make(chan chan struct{}), logger: logger, told: map[string]bool{}}
	r.read = r.reload
	r.Handler = router.New(first.Bundles...)
	r.Metrics = NewMetrics(r.Handler)
	if every > 0 {
		r.Handler.Missing = r.Wait
		r.Metrics.Gauge("ivrc_source_read_timestamp_seconds", "When the bundle or the store could last be read; 0 if it could not since the start.",
			func() float64 { return float64(r.reached.Load()) / 1000 })
		r.Metrics.Gauge("ivrc_source_damaged", "Objects of the store that are damaged or missing, and are not served.",
			func() float64 { return float64(r.damaged.Load()) })
	}
	r.Metrics.Gauge("ivrc_calendar_end_timestamp_seconds", "When the first calendar of holidays ends that the current bundle has; 0 if it has none.",
		func() float64 { return float64(r.ends.Load()) })
	r.settle(context.WithoutCancel(ctx), first)
	return r, first, nil
}

// Run reads the source until the context ends.
func (r *Reloader) Run(ctx context.Context) {
	debug.FreeOSMemory() // what the first reading took
	for last := time.Now(); r.every > 0; last = time.Now() {
		var waiting []chan struct{}
		timer := time.NewTimer(r.every)
		for due := false; !due; {
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case w := <-r.asked:
				waiting = append(waiting, w)
				timer.Reset(min(pause, r.every) - time.Since(last))
			case <-timer.C:
				due = true
			}
		}
		r.read(ctx)
		for _, w := range waiting {
			close(w)
		}
	}
}

// Wait returns after a reading that began after the call. It gives up with the
// context, after eight seconds, or at once if too many requests wait already.
func (r *Reloader) Wait(ctx context.Context) {
	defer r.waiting.Add(-1)
	if r.waiting.Add(1) > atOnce {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	read := make(chan struct{})
	select {
	case r.asked <- read:
	case <-ctx.Done():
		return
	}
	select {
	case <-read:
	case <-ctx.Done():
	}
}

// reload reads the source once more, and serves what is new.
func (r *Reloader) reload(ctx context.Context) {
	reading, err := r.source.Read(ctx, r.Handler.Releases().Content)
	switch {
	case ctx.Err() != nil: // the server stops
	case err != nil:
		r.Metrics.Reloaded(Failed)
		r.warn("what is served already is served on", err)
	case len(reading.Bundles) > 0 && r.Handler.Swap(reading.Bundles[0], reading.Bundles[1:]...):
		r.Metrics.Reloaded(Switched)
		logger := r.logger
		if reading.Environment != "" {
			logger = logger.With("environment", reading.Environment)
		}
		logger.Info("switched", slog.String("bundle", reading.Bundles[0].Manifest.Digest), slog.Int("releases", len(reading.Bundles)))
		r.settle(ctx, reading)
		debug.FreeOSMemory() // a server reads seldom, and would hold twice what it serves for minutes
	default:
		r.Metrics.Reloaded(Unchanged)
		r.settle(ctx, reading)
	}
}

// settle does what remains to be done once a reading is served.
func (r *Reloader) settle(ctx context.Context, reading *Reading) {
	r.damaged.Store(int64(len(reading.Damaged)))
	if len(reading.Bundles) > 0 {
		r.Metrics.environment.Store(&reading.Environment)
	}
	r.Handler.Lack(reading.Waiting != nil || len(reading.Damaged) > 0)
	if reading.Unavailable != nil {
		r.warn("the store is unavailable; the cache is served", reading.Unavailable)
		return
	}
	r.reached.Store(time.Now().UnixMilli())
	r.calendars(reading, time.Now())
	if reading.Waiting != nil {
		r.warn("there is nothing to serve yet; calls are answered with 503", reading.Waiting)
		return
	}
	if reading.Keep != nil {
		if err := reading.Keep(ctx); err != nil {
			r.warn("the cache is incomplete; a restart needs the store", err)
			return
		}
	}
	if len(reading.Damaged) > 0 {
		r.warn(fmt.Sprintf("what is whole is served; objects that are damaged or missing: %d", len(reading.Damaged)), reading.Damaged[0])
		return
	}
	r.trouble = ""
}

// calendars logs which calendars of holidays have ended or end soon, each once a day,
// and notes the end of the first.
func (r *Reloader) calendars(reading *Reading, now time.Time) {
	if len(reading.Bundles) == 0 {
		return
	}
	r.ends.Store(0)
	for _, c := range reading.Bundles[0].Calendars() {
		if end := c.End().Unix(); r.ends.Load() == 0 || end < r.ends.Load() {
			r.ends.Store(end)
		}
		if text := c.Warning(now); text != "" && !r.told[text] {
			r.told[text] = true
			r.logger.Warn("calendar", slog.String("what", text))
		}
	}
}

// warn logs a trouble, but not again and again.
func (r *Reloader) warn(what string, err error) {
	if text := what + ": " + err.Error(); text != r.trouble {
		r.trouble = text
		r.logger.Warn("trouble", slog.String("what", what), slog.String("error", err.Error()))
	}
}
