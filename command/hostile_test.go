//go:build linux

package command

// Hostile input. Any input must end in diagnostics as any mistake does: soon, and
// in bounded memory. What goes wrong otherwise, an exhausted stack or memory, ends
// the process, and only from outside can it be measured, so each case is a run of
// the program itself. testdata/hostile.txt holds what is reported in each; -update
// rewrites it.

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/internal/deep"
)

var update = flag.Bool("update", false, "rewrite testdata/hostile.txt")

// hostileSeconds bounds the CPU time of a case. The program is made for two
// seconds; a slow machine is given more, and what is not bounded at all takes
// minutes. Memory is bounded for sources of a size, see memoryFor.
const hostileSeconds = 30

// files are the files of a configuration by name.
type files map[string]string

// A hostileCase is a configuration that is meant to exhaust the program.
type hostileCase struct {
	name   string
	files  func() files
	args   []string // of validate
	memory int64    // it may take, if that is not what a source of its size may
}

// fragment is a configuration of one file.
func fragment(text string) files { return files{"main.ivr.hcl": text} }

// hostileCases are all cases; the syntax ones at two sizes.
func hostileCases() []hostileCase {
	cases := slices.Concat(hostileEvaluation, hostileModel, hostileCauses)
	for _, name := range slices.Sorted(maps.Keys(hostileSyntax)) {
		for _, n := range []int{10_000, 1_000_000} {
			cases = append(cases, hostileCase{name: fmt.Sprintf("%s-%d", name, n), files: func() files {
				text := hostileSyntax[name](n)
				return fragment(text[:min(len(text), 1<<20)])
			}})
		}
	}
	return cases
}

func TestHostile(t *testing.T) {
	if hasRaceDetector() {
		t.Skip("under the race detector everything takes ten times the memory")
	}
	const golden = "command/testdata/hostile.txt"
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.SplitAfter(string(text), "\n")
	cases := hostileCases()
	if len(want) != len(cases)+1 && !*update {
		t.Fatalf("%s has %d lines for %d cases", golden, len(want)-1, len(cases))
	}
	every := deep.Or(8, 4, 1)
	if *update {
		every = 1
	}
	var report strings.Builder
	for i := 0; i < len(cases); i += every {
		t.Run(cases[i].name, func(t *testing.T) {
			got := fmt.Sprintf("%s: %s\n", cases[i].name, cases[i].run(t))
			report.WriteString(got)
			if !*update && got != want[i] {
				t.Errorf("what is reported has changed from %sto %s", want[i], got)
			}
		})
	}
	if *update {
		if err := os.WriteFile(golden, []byte(report.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// hasRaceDetector reports whether the test was built with -race.
func hasRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// A hostileRun is what the program did with a configuration.
type hostileRun struct {
	directory    string
	size, memory int64         // bytes
	cpu          time.Duration // of user and system
	Valid        bool
	Diagnostics  []struct {
		Severity, Code, Detail string
		Range                  *struct {
			Filename string
			Start    struct{ Line int }
		}
	}
}

// run validates a case and returns which codes were reported.
func (c hostileCase) run(t *testing.T) string {
	t.Helper()
	r := c.measured(t)
	if bound := cmp.Or(c.memory, memoryFor(r.size)); r.memory > bound && !r.Valid { // what is valid takes as much as its documents do
		t.Errorf("it took %d MiB, at most %d are allowed", r.memory>>20, bound>>20)
	}
	codes := map[string]bool{}
	for _, d := range r.Diagnostics {
		codes[d.Code] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(codes)), " ")
}

// measured validates a case in a process of its own.
func (c hostileCase) measured(t *testing.T) (r hostileRun) {
	t.Helper()
	r.directory = t.TempDir()
	for name, text := range c.files() {
		r.size += int64(len(text))
		if err := os.WriteFile(filepath.Join(r.directory, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	limited := fmt.Sprintf(`ulimit -t %d; exec ivrc validate -json "$@"`, hostileSeconds)
	cmd := exec.Command("sh", slices.Concat([]string{"-c", limited, "sh"}, c.args, []string{r.directory})...)
	var out, said strings.Builder
	status := filepath.Join(t.TempDir(), "status")
	cmd.Stdout, cmd.Stderr, cmd.Env = &out, &said, append(os.Environ(), "IVRC_TEST_STATUS="+status)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		t.Fatalf("%v; it may use %d s of CPU\n%.600s", err, hostileSeconds, said.String())
	}
	text, err := os.ReadFile(status)
	if _, peak, found := strings.Cut(string(text), "VmHWM:"); err != nil || !found {
		t.Fatalf("it is not known how much memory it had: %v", err)
	} else if _, err := fmt.Sscan(peak, &r.memory); err != nil {
		t.Fatal(err)
	}
	r.memory <<= 10
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%5.2f s of CPU, %4d MiB", r.cpu.Seconds(), r.memory>>20)
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatalf("%v\n%.600s", err, out.String())
	}
	return r
}
