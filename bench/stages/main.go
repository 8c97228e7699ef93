// Command stages compiles a configuration again and again under a CPU profile,
// and says which share of the time each stage of the compiler took.
//
//	stages SOURCES SECONDS
//
// The stages are told apart by the functions on the stack, so the compiler needs
// no clock of its own.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/ivrc/ivrc/compiler"
)

// stages are the names of the stages and of the functions that they are, the
// innermost first.
var stages = []struct{ name, function string }{
	{"lex", "hclsyntax.LexConfig"},
	{"parse", "hclsyntax.ParseConfig"},
	{"read and scan", "config.ReadFiles"},
	{"decode and evaluate", "config.(*Evaluator).Load"},
	{"resolve", "resolve.Resolve"},
	{"prove", "proof.Prove"},
	{"lower", "lower.Lower"},
	{"hash and describe", "bundle.(*Bundle).Seal"},
	{"emit", "lower.Emit"},
	{"other", "compiler.Compile"},
	{"collect garbage", "runtime.gcBgMarkWorker"},
	{"collect garbage", "runtime.bgsweep"},
	{"collect garbage", "runtime.bgscavenge"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: stages SOURCES SECONDS")
	}
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	if err != nil {
		return err
	}
	debug.SetGCPercent(-1) // as ivrc does
	debug.SetMemoryLimit(192 << 20)
	var recorded bytes.Buffer
	if err := pprof.StartCPUProfile(&recorded); err != nil {
		return err
	}
	runs := 0
	for start := time.Now(); time.Since(start).Seconds() < seconds; runs++ {
		if _, diags := compiler.Compile(compiler.Input{Files: os.DirFS(os.Args[1])}); diags.HasErrors() {
			return diags
		}
	}
	pprof.StopCPUProfile()
	p, err := profile.Parse(&recorded)
	if err != nil {
		return err
	}
	write(p, runs)
	return nil
}

// write writes a line for each stage: name, share, and milliseconds for each run.
func write(p *profile.Profile, runs int) {
	times := map[string]int64{}
	total := int64(0)
	for _, s := range p.Sample {
		nanoseconds := s.Value[len(s.Value)-1]
		times[stageOf(s)] += nanoseconds
		total += nanoseconds
	}
	for i, stage := range append(stages, struct{ name, function string }{"scheduler and system", ""}) {
		if i > 0 && stages[i-1].name == stage.name {
			continue
		}
		share := float64(times[stage.name]) / float64(total)
		fmt.Printf("%s\t%.1f\t%.1f\n", stage.name, 100*share, float64(times[stage.name])/1e6/float64(runs))
	}
}

// stageOf finds the stage of a sample: the first in the list that is on the stack.
func stageOf(s *profile.Sample) string {
	for _, stage := range stages {
		for _, location := range s.Location {
			for _, line := range location.Line {
				if strings.HasSuffix(line.Function.Name, stage.function) {
					return stage.name
				}
			}
		}
	}
	return "scheduler and system"
}
