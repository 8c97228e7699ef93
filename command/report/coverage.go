package report

// How much of a call flow call tests walk.

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/tester"
)

// tenths returns a share of exits, in percent, with one decimal. It is 100 only if no
// exit is missing.
func tenths(c tester.Coverage) float64 { return math.Floor(10*c.Percent()) / 10 }

// Percent writes a share of exits: 62.5%.
func Percent(c tester.Coverage) string { return fmt.Sprintf("%.1f%%", tenths(c)) }

// writeCoverage writes how many exits of each block were walked, and which were not.
func writeCoverage(o Output, w io.Writer, c tester.Coverage) {
	width := len("All exits")
	for _, b := range c.Blocks {
		width = max(width, terminal.Width(terminal.Lines(b.Address)))
	}
	fmt.Fprintf(w, "\n%s\n\n", o.Paint(Bold, "Exits that the tests walk"))
	for _, b := range c.Blocks {
		var missing []string
		for _, e := range b.Exits {
			if e.Tests == 0 {
				missing = append(missing, strings.TrimSpace(e.On+" "+e.Label))
			}
		}
		line := fmt.Sprintf("  %-*s  %2d of %-2d", width, terminal.Lines(b.Address), len(b.Exits)-len(missing), len(b.Exits))
		if len(missing) > 0 {
			line += "  " + o.Paint(Red, "not: "+terminal.Lines(strings.Join(missing, ", ")))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	walked, all := c.Exits()
	fmt.Fprintf(w, "  %-*s  %2d of %-2d  %s\n", width, "All exits", walked, all, o.Paint(Bold, Percent(c)))
}
