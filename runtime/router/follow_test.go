package router

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// following runs a follower in a bubble of time.
func following(t *testing.T, every time.Duration, read func(context.Context), test func(t *testing.T, f *Follower)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		f := NewFollower(every, read)
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		test(t, f)
		stop()
		<-done
	})
}

func TestFollowerReadsAtIntervals(t *testing.T) {
	var reads atomic.Int32
	following(t, 10*time.Second, func(context.Context) { reads.Add(1) }, func(t *testing.T, _ *Follower) {
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
func TestFollowerReadsForWhoWaits(t *testing.T) {
	var reads atomic.Int32
	following(t, time.Hour, func(context.Context) { reads.Add(1); time.Sleep(time.Second / 2) }, func(t *testing.T, f *Follower) {
		time.Sleep(time.Minute)
		begun := time.Now()
		for round := range 3 {
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() { f.Again(t.Context()) })
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
func TestFollowerReadsAfterTheCall(t *testing.T) {
	var begun atomic.Int64
	following(t, time.Hour, func(context.Context) {
		begun.Store(time.Now().UnixNano())
		time.Sleep(2 * time.Second)
	}, func(t *testing.T, f *Follower) {
		go f.Again(t.Context())
		time.Sleep(2 * time.Second) // in the middle of the reading that began after one
		asked := time.Now().UnixNano()
		f.Again(t.Context())
		if begun.Load() < asked {
			t.Error("it returned after a reading that began before the call")
		}
	})
}

func TestFollowerGivesUp(t *testing.T) {
	following(t, time.Hour, func(ctx context.Context) { <-ctx.Done() }, func(t *testing.T, f *Follower) { // a store that does not answer
		begun := time.Now()
		f.Again(t.Context())
		if took := time.Since(begun); took != patience {
			t.Errorf("it gave up after %s", took)
		}
		for range atOnce {
			go f.Again(t.Context())
		}
		synctest.Wait()
		begun = time.Now()
		f.Again(t.Context())
		if took := time.Since(begun); took != 0 {
			t.Errorf("one too many waits for %s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.Sleep(patience)
		begun = time.Now()
		f.Again(ctx)
		if took := time.Since(begun); took > 0 {
			t.Errorf("a request that is over waits for %s", took)
		}
	})
}

// A document of a release that was written a moment ago is found; what has not
// the form of a document is not looked for.
func TestHandlerLooksAgain(t *testing.T) {
	fresh := "menu.main-" + strings.Repeat("a", 26) + "/menu-1.xml"
	h := New(oneDocument())
	asked := 0
	h.Missing = func(context.Context) {
		asked++
		b := &bundle.Bundle{Data: map[string][]byte{fresh: []byte("<Response/>")}}
		b.Manifest.Digest = "new"
		b.Manifest.Files = []bundle.File{bundle.NewFile(fresh, b.Data[fresh])}
		h.Swap(b)
	}
	for _, test := range []struct {
		path          string
		status, asked int
	}{
		{"/wp-login.php", 404, 0}, {"/", 404, 0}, {"/a/y.xml", 404, 0}, {"/menu.main-a/menu-1.xml", 404, 0},
		{"/" + strings.Repeat("a", 40), 404, 0}, {"/../" + fresh, 404, 0},
		{"/" + fresh, 200, 1}, {"/" + fresh, 200, 1},
		{"/" + fresh + ".bak", 404, 2}, {"/audio/x.wav", 404, 3},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if w.Code != test.status || asked != test.asked {
			t.Errorf("%s: status %d, %d readings, want %d, %d", test.path, w.Code, asked, test.status, test.asked)
		}
	}
}
