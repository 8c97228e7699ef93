package deploy

// The promises of a deployment, held at every step: the process is struck at
// each of its requests, in each way, and run again.

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
)

// staged is a fakeWorld in which old is deployed, and new is to be.
func staged(t *testing.T, old *bundle.Bundle, numbers []string) *fakeWorld {
	t.Helper()
	th := newFakeWorld(numbers...)
	if err := th.process(t, "first").apply(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	th.count = 0
	return th
}

// finished reports how the world differs from one clean apply of a bundle.
func finished(t *testing.T, th *fakeWorld, b *bundle.Bundle, queues int) {
	t.Helper()
	if th.broken != nil {
		t.Fatal(th.broken)
	}
	if err := th.answered(b); err != nil {
		t.Fatal(err)
	}
	if got := len(th.account.Queues()); got != queues {
		t.Fatalf("the account has %d queues, want %d", got, queues)
	}
	plan, _, err := th.process(t, "last").plan(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Empty() {
		t.Fatalf("the plan after apply is not empty: %s", plan.Save())
	}
}

// An apply of 50 numbers, 3 queues and 40 files and more, killed before, killed
// after and with the reply lost at every single request to Twilio, to the store
// and to the public host, and then run again.
func TestCrashMatrix(t *testing.T) {
	numbers := phones(50)
	old := testBundle(numbers, []string{"sales"}, "old words")
	next := testBundle(numbers, []string{"sales", "support", "billing", "orders"}, "new words")
	rehearsal := staged(t, old, numbers)
	plan, _, err := rehearsal.process(t, "a").plan(t.Context(), next)
	if err != nil || len(plan.Changes) != 50+3 || len(plan.Uploads) < 40 {
		t.Fatalf("the plan has %d changes and %d uploads, %v", len(plan.Changes), len(plan.Uploads), err)
	}
	points := rehearsed(t, rehearsal, next)
	t.Logf("%d requests, %d points", points, 3*points)
	for how := before; how <= lost; how++ {
		t.Run([]string{"before", "after", "lost"}[how], func(t *testing.T) {
			t.Parallel()
			for at := 0; at < points; at += deep.Or(11, 1) {
				th := staged(t, old, numbers)
				th.at, th.how = at, how
				th.onCheck = func() error { return th.answered(old, next) }
				first := th.process(t, "a").apply(t.Context(), next)
				if th.dead && first == nil {
					t.Fatalf("struck at %d: the apply that died says that it succeeded", at)
				}
				revive(th)
				if err := th.process(t, "b").apply(t.Context(), next); err != nil {
					t.Fatalf("struck at %d: the second apply failed: %v", at, err)
				}
				finished(t, th, next, 4)
			}
		})
	}
}

// rehearsed counts the requests of an apply that nothing happens to.
func rehearsed(t *testing.T, th *fakeWorld, b *bundle.Bundle) int {
	t.Helper()
	th.count = 0
	if err := th.process(t, "rehearsal").apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return th.count
}

// revive lets the next process run.
func revive(th *fakeWorld) {
	th.mutex.Lock()
	defer th.mutex.Unlock()
	th.dead, th.at = false, -1
}

// doubleKills is how many runs are struck twice; make soak asks for more.
var doubleKills = flag.Uint64("double-kills", uint64(deep.Or(200, 500, 100_000)), "how many applies are struck twice")

// An apply that is struck twice, at two random requests and in random ways.
func TestDoubleKills(t *testing.T) {
	numbers := phones(5)
	old := testBundle(numbers, []string{"sales"}, "old words")
	next := testBundle(numbers, []string{"sales", "support"}, "new words")
	requests := rehearsed(t, staged(t, old, numbers), next)
	for seed := range *doubleKills {
		random := rand.New(rand.NewPCG(seed, 1))
		th := staged(t, old, numbers)
		th.onCheck = func() error { return th.answered(old, next) }
		for range 2 {
			th.at, th.how = th.count+random.IntN(requests), strike(random.IntN(3))
			_ = th.process(t, "a").apply(t.Context(), next)
			revive(th)
		}
		if err := th.process(t, "b").apply(t.Context(), next); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		finished(t, th, next, 2)
		if done := seed + 1; done%10_000 == 0 {
			t.Logf("%d applies were struck twice", done)
		}
	}
}

// What an adopted number was before comes back when it is let go, even if the
// apply that adopted it was killed, wherever that was.
func TestLetGo(t *testing.T) {
	numbers := phones(2)
	both := testBundle(numbers, nil, "words")
	one := testBundle(numbers[:1], nil, "words")
	for at := range rehearsed(t, newFakeWorld(numbers...), both) {
		th := newFakeWorld(numbers...)
		was := setting1(th, numbers[1])
		th.at, th.how = at, after
		_ = th.process(t, "a").apply(t.Context(), both)
		revive(th)
		if err := th.process(t, "b").apply(t.Context(), both); err != nil {
			t.Fatal(err)
		}
		if now := setting1(th, numbers[1]); !strings.HasPrefix(now, testBase) {
			t.Fatalf("struck at %d: the number was not adopted: %s", at, now)
		}
		if err := th.process(t, "c").apply(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		if now := setting1(th, numbers[1]); now != was {
			t.Errorf("struck at %d: the number was let go to %q, and was %q before", at, now, was)
		}
	}
}

// setting1 is the voice URL of a number.
func setting1(th *fakeWorld, phone string) string {
	for _, n := range th.account.Numbers() {
		if n.PhoneNumber == phone {
			return n.Settings["VoiceUrl"]
		}
	}
	return ""
}

// A process that was paused for longer than its lease, while another one
// applied, writes nothing more.
func TestPausedHolder(t *testing.T) {
	numbers := phones(3)
	old := testBundle(numbers, nil, "old words")
	mine, theirs := testBundle(numbers, nil, "my words"), testBundle(numbers, nil, "their words")
	requests := rehearsed(t, staged(t, old, numbers), mine)
	for at := 0; at < requests; at += deep.Or(11, 1) {
		th := staged(t, old, numbers)
		paused := false
		th.onCheck = func() error {
			if err := th.answered(old, mine, theirs); err != nil || paused || th.count != at+1 {
				return err
			}
			paused = true
			th.now = th.now.Add(3 * time.Minute)
			th.mutex.Unlock() // the other process runs now
			defer th.mutex.Lock()
			if err := th.process(t, "b").apply(context.Background(), theirs); err != nil {
				t.Logf("struck at %d: the other apply: %v", at, err)
			}
			return nil
		}
		_ = th.process(t, "a").apply(t.Context(), mine)
		if th.broken != nil {
			t.Fatal(th.broken)
		}
		if th.answered(mine) != nil && th.answered(theirs) != nil {
			t.Fatalf("paused at %d: the numbers are a mix of two releases", at)
		}
	}
}

// One prompt changes: exactly the numbers that reach it are repointed, the plan
// names it, and going back gives the first addresses and uploads nothing.
func TestChangeAndBack(t *testing.T) {
	numbers := phones(4)
	first, second := testBundle(numbers, nil, "old words"), testBundle(numbers, nil, "new words")
	th := newFakeWorld(numbers...)
	p := th.process(t, "a")
	for _, b := range []*bundle.Bundle{first, second} {
		if err := p.apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	plan, _, err := p.plan(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Uploads) != 0 || len(plan.Changes) != len(numbers) {
		t.Errorf("going back uploads %d files and changes %d numbers", len(plan.Uploads), len(plan.Changes))
	}
	want := CallerChange{Block: "menu.main", What: "message", Name: "prompt", Old: `"new words"`, New: `"old words"`,
		Text: `prompt changes: "new words" → "old words"`}
	if len(plan.CallerChanges) != 1 || plan.CallerChanges[0] != want {
		t.Errorf("the plan says %+v", plan.CallerChanges)
	}
}

// The clock of a store may tell no more than seconds. Releases of the same second
// are in the order in which they were applied all the same, so that going back
// goes to the one before.
func TestReleasesOfOneSecond(t *testing.T) {
	numbers := phones(1)
	th := newFakeWorld(numbers...)
	var applied []string
	for i := range 12 {
		b := testBundle(numbers, nil, fmt.Sprint("words ", i))
		if err := th.process(t, "a").apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		applied = append(applied, b.Manifest.Digest)
	}
	records, err := ReadRecords(t.Context(), th.store)
	if err != nil || len(records.All) != len(applied) {
		t.Fatalf("%v, %v", records, err)
	}
	for i, r := range records.All {
		if r.Release != applied[i] || !r.At.Equal(records.All[0].At) {
			t.Errorf("record %d is of %.12s at %v, want %.12s", i, r.Release, r.At, applied[i])
		}
	}
}

// Whatever somebody removes from the store comes back with the next apply, which
// moves no number for it; and then the release is whole again.
func TestWhatWasRemovedComesBack(t *testing.T) {
	numbers := phones(2)
	b := testBundle(numbers, []string{"sales"}, "words")
	for name, removed := range map[string]string{
		"documents": "public/", "descriptions": "private/components/", "manifest": "private/releases/", "records": "private/applied/", "everything": "",
	} {
		t.Run(name, func(t *testing.T) {
			th := staged(t, b, numbers)
			p := th.process(t, "a")
			maps.DeleteFunc(th.store.objects, func(key string, _ memoryObject) bool { return strings.HasPrefix(key, removed) })
			if len(th.store.objects) == 0 || name == "records" { // it could be another store
				if err := p.apply(t.Context(), b); err == nil || !strings.Contains(err.Error(), "-allow-empty-store") {
					t.Fatalf("a store without a record: %v", err)
				}
				p.target.AllowEmptyStore = true
			}
			asked := len(th.account.Requests())
			if err := p.apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			for _, r := range th.account.Requests()[asked:] {
				if r.Method != http.MethodGet {
					t.Errorf("%s %s was asked of the account", r.Method, r.Path)
				}
			}
			finished(t, th, b, 1)
			records, err := ReadRecords(t.Context(), th.store)
			if err != nil {
				t.Fatal(err)
			}
			latest, err := records.Latest(p.target.Owner())
			if err != nil {
				t.Fatal(err)
			}
			if _, problems, err := LoadRelease(t.Context(), th.store, latest.Release); err != nil || len(problems) > 0 {
				t.Error(problems, err)
			}
		})
	}
}
