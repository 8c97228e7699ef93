package command

// How coverage looks: a table of blocks, and the call flow in two colours.

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/diagram"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/tester"
)

// tenths is a share of exits with one decimal. It is 100 only if none is missing.
func tenths(c tester.Coverage) float64 { return math.Floor(10*c.Percent()) / 10 }

// percent writes a share of exits.
func percent(c tester.Coverage) string { return fmt.Sprintf("%.1f%%", tenths(c)) }

// exits writes how many exits of each block were walked, and which were not.
func (r testReport) exits(w io.Writer) {
	p, width := r.program, len("All exits")
	for _, b := range r.coverage.Blocks {
		width = max(width, terminal.Width(terminal.Lines(b.Address)))
	}
	fmt.Fprintf(w, "\n%s\n\n", p.paint(bold, "Exits that the tests walk"))
	for _, b := range r.coverage.Blocks {
		var missing []string
		for _, e := range b.Exits {
			if e.Tests == 0 {
				missing = append(missing, strings.TrimSpace(e.On+" "+e.Label))
			}
		}
		line := fmt.Sprintf("  %-*s  %2d of %-2d", width, terminal.Lines(b.Address), len(b.Exits)-len(missing), len(b.Exits))
		if len(missing) > 0 {
			line += "  " + p.paint(red, "not: "+terminal.Lines(strings.Join(missing, ", ")))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	walked, all := r.coverage.Exits()
	fmt.Fprintf(w, "  %-*s  %2d of %-2d  %s\n", width, "All exits", walked, all, p.paint(bold, percent(*r.coverage)))
}

// coverageGraphs are the ways to draw what was walked, by the ending of a file.
var coverageGraphs = map[string]func(diagram.TestedExits, *compiler.Result) (string, error){
	".html": func(c diagram.TestedExits, r *compiler.Result) (string, error) {
		return diagram.Page{Tested: &c, Source: r.Positions.Block}.HTML(r.Bundle)
	},
	".dot": func(c diagram.TestedExits, r *compiler.Result) (string, error) { return c.DOT(r.Bundle), nil },
	".mmd": func(c diagram.TestedExits, r *compiler.Result) (string, error) { return c.Mermaid(r.Bundle), nil },
}

// draw draws the call flow with what was walked.
func (t *callTesting) draw(result *compiler.Result, c tester.Coverage) error {
	drawing, err := coverageGraphs[filepath.Ext(t.graph)](diagram.TestedExits{
		Walked: c.Walked,
		Missed: func(address string) []string {
			var missed []string
			i := slices.IndexFunc(c.Blocks, func(b tester.BlockCoverage) bool { return b.Address == address })
			if i < 0 {
				return nil
			}
			for _, e := range c.Blocks[i].Exits {
				if e.Tests == 0 {
					missed = append(missed, e.On)
				}
			}
			return missed
		},
	}, result)
	if err != nil {
		return err
	}
	if before, err := os.ReadFile(t.program.path(t.graph)); err == nil && string(before) == drawing {
		return nil // a file that is written in a directory that is watched has changed
	}
	return writeWhole(t.program.path(t.graph), []byte(drawing))
}
