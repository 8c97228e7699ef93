//go:build linux

package command

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ivrc/ivrc/internal/deep"
)

// What no evaluation may take. The ceiling ends it at 8 s and 512 MiB, and then the
// program has to say so.
const (
	mostEvaluationTime   = 10 * time.Second // of the CPU
	mostEvaluationMemory = 600_000_000      // bytes
)

// -evaluations and -first-evaluation choose which configurations are tried: to try
// more for an hour of CPU, add -evaluations 40000 -timeout 6h.
var (
	evaluations     = flag.Uint64("evaluations", uint64(deep.Or(24, 60, 400)), "how many hostile evaluations are tried")
	firstEvaluation = flag.Uint64("first-evaluation", 0, "the number of the first of them")
)

// Whatever is evaluated, the program ends soon and in bounded memory, and either
// compiles it or says what is wrong and where.
func TestHostileEvaluations(t *testing.T) {
	if hasRaceDetector() {
		t.Skip("under the race detector everything takes ten times the memory")
	}
	tally := evaluationTally{codes: map[string]int{}}
	for seed := *firstEvaluation; seed < *firstEvaluation+*evaluations; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := newComposer(seed)
			for _, links := range []int{3, 3, 3, c.links} {
				made, lines := c.configuration(links)
				r := hostileCase{files: func() files { return made }}.measured(t)
				tally.check(t, r)
				if t.Failed() {
					keep(t, seed, made)
					return
				}
				if c.mend(r, lines); r.Valid && links == c.links {
					tally.valid++
				}
			}
		})
	}
	t.Logf("%d configurations, of which %d are valid in the end, took %s of CPU time, at most %s and %d MiB; reported were %v",
		*evaluations, tally.valid, tally.all.Round(time.Second), tally.most.Round(10*time.Millisecond), tally.memory>>20, tally.codes)
}

// An evaluationTally is what runs took and reported.
type evaluationTally struct {
	all, most time.Duration // of CPU time
	memory    int64
	valid     int
	codes     map[string]int
}

// check holds a run to the bounds.
func (a *evaluationTally) check(t *testing.T, r hostileRun) {
	t.Helper()
	a.all, a.most, a.memory = a.all+r.cpu, max(a.most, r.cpu), max(a.memory, r.memory)
	if r.cpu > mostEvaluationTime || r.memory > mostEvaluationMemory {
		t.Errorf("it took %s of CPU time and %d MiB", r.cpu, r.memory>>20)
	}
	mistakes := 0
	for _, d := range r.Diagnostics {
		a.codes[d.Code]++
		if d.Severity == "error" {
			mistakes++
		}
		if d.Range == nil || d.Range.Filename == "" {
			t.Errorf("no place is given for %s: %s", d.Code, d.Detail)
		}
		if d.Code == "IVR324" {
			t.Errorf("only the ceiling ended it: %s", d.Detail)
		}
	}
	if r.Valid == (mistakes > 0) {
		t.Errorf("it is valid: %t, with %d mistakes", r.Valid, mistakes)
	}
}

// keep leaves a configuration where IVRC_KEEP says.
func keep(t *testing.T, seed uint64, made files) {
	folder := os.Getenv("IVRC_KEEP")
	if folder == "" {
		t.Logf("to look at it, set IVRC_KEEP to a directory, and add -first-evaluation %d -evaluations 1", seed)
		return
	}
	folder = filepath.Join(folder, fmt.Sprint(seed))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(made[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
