package main

// The report: Markdown tables, and at the end every bar with what was measured.

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// A report is what is written while the benchmarks run.
type report struct {
	out  io.Writer
	bars []bar
}

// A bar is a target and what was measured.
type bar struct {
	name     string
	measured float64
	target   float64
	atLeast  bool // the target is a least value, not a greatest
	unit     string
}

// met reports whether the target is met.
func (b bar) met() bool {
	if b.atLeast {
		return b.measured >= b.target
	}
	return b.measured <= b.target
}

// atMost adds a bar whose target is a greatest value.
func (r *report) atMost(name string, measured, target float64, unit string) {
	r.bars = append(r.bars, bar{name, measured, target, false, unit})
}

// atLeast adds a bar whose target is a least value.
func (r *report) atLeast(name string, measured, target float64, unit string) {
	r.bars = append(r.bars, bar{name, measured, target, true, unit})
}

// section begins a part of the report.
func (r *report) section(title, text string) {
	fmt.Fprintf(r.out, "\n## %s\n\n%s\n", title, text)
}

// note writes a line.
func (r *report) note(format string, args ...any) { fmt.Fprintf(r.out, "\n"+format+"\n", args...) }

// table writes a table. Cells after the first are aligned to the right.
func (r *report) table(head []string, rows [][]string) {
	width := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	line := func(cells []string) {
		for i, cell := range cells {
			pad := strings.Repeat(" ", width[i]-len([]rune(cell)))
			if i == 0 {
				cell += pad
			} else {
				cell = pad + cell
			}
			fmt.Fprintf(r.out, "| %s ", cell)
		}
		fmt.Fprintln(r.out, "|")
	}
	fmt.Fprintln(r.out)
	line(head)
	for i := range head {
		if i == 0 {
			fmt.Fprintf(r.out, "|%s", strings.Repeat("-", width[i]+2))
		} else {
			fmt.Fprintf(r.out, "|%s:", strings.Repeat("-", width[i]+1))
		}
	}
	fmt.Fprintln(r.out, "|")
	for _, row := range rows {
		line(row)
	}
}

// machine says where this was measured.
func (r *report) machine() {
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	cpu := "an unknown processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(info), "model name\t: "); ok {
			cpu, _, _ = strings.Cut(rest, "\n")
		}
	}
	r.note("%d cores of %s, Linux %s, %s; load %s at the beginning.", runtime.NumCPU(), cpu, strings.TrimSpace(string(kernel)), runtime.Version(), load())
}

// load is the average load of the machine in the last minutes.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

// verdict writes all bars, and returns how many are missed.
func (r *report) verdict() int {
	missed := 0
	var rows [][]string
	for _, b := range r.bars {
		sign, verdict := "≤", "met"
		if b.atLeast {
			sign = "≥"
		}
		if !b.met() {
			verdict = "missed"
			missed++
		}
		rows = append(rows, []string{b.name, number(b.measured) + b.unit, sign + " " + number(b.target) + b.unit, verdict})
	}
	r.section("The bars", "Load at the end: "+load()+".")
	r.table([]string{"bar", "measured", "target", ""}, rows)
	return missed
}

// number writes a number with three digits.
func number(n float64) string {
	switch {
	case n == float64(int(n)) && n < 1000, n >= 100:
		return fmt.Sprintf("%.0f", n)
	case n >= 10:
		return fmt.Sprintf("%.1f", n)
	}
	return fmt.Sprintf("%.2f", n)
}

// ms writes a length of time in milliseconds.
func ms(d time.Duration) string { return number(d.Seconds() * 1000) }

// megabytes writes kilobytes as MB.
func megabytes(kB int64) string { return fmt.Sprintf("%.0f", float64(kB)/1000) }
