package command

// Hostile input. Any input must end in diagnostics as any mistake does: soon, and
// in bounded memory. What goes wrong otherwise, an exhausted stack or memory, ends
// the process, and only from outside can it be measured, so each case is a run of
// the program itself. testdata/hostile.txt holds what is reported in each; -update
// rewrites it.

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/hostile.txt")

// The bounds. The program is made for two seconds; a machine that is busy with
// other things, or slow, is given more, and what is not bounded at all takes
// minutes. Memory is bounded for sources of a size, see memoryFor.
const hostileTime = 20 * time.Second

// files are the files of a configuration by name.
type files map[string]string

// A hostileCase is a configuration that is meant to exhaust the program.
type hostileCase struct {
	name  string
	files func() files
	args  []string // of validate
}

// fragment is a configuration of one file.
func fragment(text string) files { return files{"main.ivr.hcl": text} }

// hostileCases are all cases; the syntax ones at two sizes.
func hostileCases() []hostileCase {
	cases := slices.Concat(hostileEvaluation, hostileModel)
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
	if raceDetector {
		t.Skip("under the race detector everything takes ten times the memory; make test runs this without it, too")
	}
	const golden = "command/testdata/hostile.txt"
	var report strings.Builder
	for _, c := range hostileCases() {
		t.Run(c.name, func(t *testing.T) {
			fmt.Fprintf(&report, "%s: %s\n", c.name, c.run(t))
		})
	}
	if *update {
		if err := os.WriteFile(golden, []byte(report.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), report.String()); diff != "" {
		t.Errorf("what is reported has changed (-want +got):\n%s", diff)
	}
}

// run validates a case and returns which codes were reported.
func (c hostileCase) run(t *testing.T) string {
	t.Helper()
	directory, size := t.TempDir(), 0
	for name, text := range c.files() {
		size += len(text)
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("ivrc", slices.Concat([]string{"validate", "-json"}, c.args, []string{directory})...)
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(hostileTime, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	if !timer.Stop() {
		t.Fatalf("it took more than %v", hostileTime)
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		t.Fatalf("%v\n%.600s", err, said.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	memory, bound := usage.Maxrss<<10, memoryFor(int64(size))
	t.Logf("%5.2f s of CPU, %4d MiB", (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), memory>>20)
	var r struct {
		Valid       bool
		Diagnostics []struct{ Code string }
	}
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatalf("%v\n%.600s", err, out.String())
	}
	if memory > bound && !r.Valid { // what is valid takes as much as its documents do
		t.Errorf("it took %d MiB, at most %d are allowed", memory>>20, bound>>20)
	}
	codes := map[string]bool{}
	for _, d := range r.Diagnostics {
		codes[d.Code] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(codes)), " ")
}
