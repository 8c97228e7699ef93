// Command bench measures ivrc: its compiler against a bare program that does the
// same work, its server against nginx and Caddy, a deployment against the latency
// of an account, and all against what people would use instead. Run it in this
// directory:
//
//	go run . [-quick] [-rounds N] [-only compile,serve] [-scratch DIR]
//
// It builds everything that it needs, writes a report in Markdown, and skips,
// with a message, what is not installed. docs/performance.md says what it
// measured, and how.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// A bench is one run of the benchmarks.
type bench struct {
	report
	rounds  int
	quick   bool
	scratch string // everything that is written is below it
}

// parts are the benchmarks, in the order in which they run.
var parts = []struct {
	name string
	run  func(*bench) error
}{
	{"compile", (*bench).compile},
	{"scale", (*bench).scale},
	{"stages", (*bench).stages},
	{"cores", (*bench).cores},
	{"start", (*bench).start},
	{"serve", (*bench).serve},
	{"clock", (*bench).clock},
	{"memory", (*bench).memory},
	{"deploy", (*bench).deployment},
	{"peers", (*bench).peers},
}

// errSkipped is why a part was left out.
var errSkipped = errors.New("skipped")

func main() {
	b := &bench{report: report{out: os.Stdout}}
	var only string
	flag.BoolVar(&b.quick, "quick", false, "small configurations only")
	flag.IntVar(&b.rounds, "rounds", 5, "how often each program runs")
	flag.StringVar(&only, "only", "", "the parts to run, with commas between: compile scale stages cores start serve clock memory deploy peers")
	flag.StringVar(&b.scratch, "scratch", "", "where to write (default: a directory in memory if there is one)")
	flag.Parse()
	os.Exit(b.main(only))
}

func (b *bench) main(only string) int {
	if err := b.prepare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(b.scratch)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		os.RemoveAll(b.scratch)
		os.Exit(130)
	}()
	b.machine()
	failed := false
	for _, part := range parts {
		if only != "" && !slices.Contains(strings.Split(only, ","), part.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s …\n", part.name)
		switch err := part.run(b); {
		case errors.Is(err, errSkipped):
			b.note("%s", err)
		case err != nil:
			failed = true
			b.note("%s failed: %s", part.name, err)
		}
	}
	b.verdict()
	if failed {
		return 1
	}
	return 0
}

// prepare makes the scratch directory and builds the programs.
func (b *bench) prepare() error {
	if _, err := os.Stat("../compiler"); err != nil {
		return errors.New("run this in the directory bench of the repository: go run .")
	}
	base := b.scratch
	if info, err := os.Stat("/dev/shm"); base == "" && err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	var err error
	if b.scratch, err = os.MkdirTemp(base, "ivrc-bench-"); err != nil {
		return err
	}
	for _, p := range []struct{ name, directory, of string }{
		{"ivrc", "..", "."},
		{"bare", ".", "./bare"},
		{"hello", ".", "./hello"},
		{"stages", ".", "./stages"},
		{"heap", ".", "./heap"},
		{"deploy", ".", "./deploy"},
	} {
		fmt.Fprintf(os.Stderr, "building %s …\n", p.name)
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.bin(p.name), p.of)
		cmd.Dir, cmd.Stderr = p.directory, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("building %s: %w", p.name, err)
		}
	}
	return nil
}

// bin is the path of a program that was built.
func (b *bench) bin(name string) string { return filepath.Join(b.scratch, "bin", name) }

// path is a path in the scratch directory.
func (b *bench) path(name ...string) string {
	return filepath.Join(append([]string{b.scratch}, name...)...)
}

// installed finds a program, or says that what needs it is skipped.
func installed(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%w: %s is not installed", errSkipped, name)
	}
	return path, nil
}
