package main

// Measuring. What is compared is CPU time, user and system, as the kernel reports
// it for a whole process when it has ended (wait4): on a machine that others use
// too it varies far less than the time on the clock. Programs run in turn, A B C
// A B C, so that a busy minute falls on all of them; a ratio is taken within each
// round, and the median of the rounds is what counts.

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A program is one contestant: a command that is run from its start to its end.
type program struct {
	name      string
	args      []string
	directory string
	env       []string     // in addition to this process's own
	fails     bool         // it is meant to end with an error
	before    func() error // not measured
	after     func() error // not measured
}

// A sample is what one run cost.
type sample struct {
	cpu, wall time.Duration
	memory    int64 // peak resident set in kB; no less than that of this process, see forget
}

// limit is how long any program may take before it is given up.
const limit = 10 * time.Minute

// run runs a program once.
func (p *program) run() (sample, error) {
	if p.before != nil {
		if err := p.before(); err != nil {
			return sample{}, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	cmd.Dir, cmd.Env = p.directory, append(os.Environ(), p.env...)
	var said tail
	cmd.Stderr = &said
	forget()
	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	if (err != nil) != p.fails {
		return s, fmt.Errorf("%s: %s: %w\n%s", p.name, strings.Join(p.args, " "), err, said.String())
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.memory = usage.Maxrss
	}
	if p.after != nil {
		return s, p.after()
	}
	return s, nil
}

// forget gives back the memory of this process, and has the kernel forget how much
// it was at its peak: a new process inherits that peak as its own.
func forget() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where there is no such file, nothing is lost but precision
}

// A tail keeps the beginning of what a program says.
type tail struct{ bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	const most = 2000
	t.Buffer.Write(p[:min(len(p), max(0, most-t.Len()))])
	return len(p), nil
}

// samples are the runs of one program, by round.
type samples []sample

// inTurn runs the programs in turn.
func inTurn(rounds int, programs ...program) ([]samples, error) {
	result := make([]samples, len(programs))
	for range rounds {
		for i := range programs {
			s, err := programs[i].run()
			if err != nil {
				return nil, err
			}
			result[i] = append(result[i], s)
		}
	}
	return result, nil
}

// median is the middle of some numbers.
func median[T int64 | float64 | time.Duration](numbers []T) T {
	sorted := slices.Sorted(slices.Values(numbers))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

func (s samples) cpu() time.Duration {
	return median(each(s, func(s sample) time.Duration { return s.cpu }))
}

func (s samples) wall() time.Duration {
	return median(each(s, func(s sample) time.Duration { return s.wall }))
}

func (s samples) memory() int64 { return median(each(s, func(s sample) int64 { return s.memory })) }

// times is how many times the CPU time of another program s took.
func (s samples) times(other samples) float64 {
	ratios := make([]float64, len(s))
	for i := range s {
		ratios[i] = s[i].cpu.Seconds() / other[i].cpu.Seconds()
	}
	return median(ratios)
}

// timesWall is times for the time on the clock.
func (s samples) timesWall(other samples) float64 {
	ratios := make([]float64, len(s))
	for i := range s {
		ratios[i] = s[i].wall.Seconds() / other[i].wall.Seconds()
	}
	return median(ratios)
}

func each[S, T any](s []S, get func(S) T) []T {
	values := make([]T, len(s))
	for i := range s {
		values[i] = get(s[i])
	}
	return values
}
