package report

// A walk through every call: whether all calls keep each law, and the shortest call
// that does not.

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/explorer"
)

// A Walk is what a walk through every call has found.
type Walk struct {
	Names
	*explorer.Report
	Called map[string]string // names of numbers, by E.164
	Users  map[string]string // names of blocks, by address
}

// Failed reports whether a law is broken, or some of the calls were not walked.
func (r Walk) Failed() bool { return len(r.Violations) > 0 || len(r.NotWalked) > 0 }

// Write writes the report in a format, with a check for each law.
func (r Walk) Write(o Output, format string) error {
	switch format {
	case "json":
		return o.JSON(struct {
			FormatVersion string `json:"format_version"`
			Success       bool   `json:"success"`
			*explorer.Report
		}{"1.0", !r.Failed(), r.Report})
	case "junit":
		return junit(o.Stdout, r.checks(o))
	case "tap":
		tap(o.Stdout, r.checks(o))
	case "github":
		for _, f := range r.Violations {
			o.github([]Finding{r.finding(o, f)})
		}
		fmt.Fprintf(o.Stdout, "%s, %s\n", Count(r.States, "state"), Count(len(r.Violations), "finding"))
	default:
		r.text(o)
	}
	return nil
}

// checks are the laws as checks.
func (r Walk) checks(o Output) []Check {
	var all []Check
	for _, d := range explorer.Laws() {
		c := Check{Suite: "every call", Name: d.Text, Class: string(d.Law), At: Position{File: r.Directory}}
		for _, f := range r.against(d.Law) {
			c.Findings = append(c.Findings, r.finding(o, f))
		}
		all = append(all, c)
	}
	return all
}

// finding is a broken law as a finding.
func (r Walk) finding(o Output, f explorer.Violation) Finding {
	found := Finding{
		Level: "error", Kind: "law", Title: "Law broken: " + string(f.Law), Text: f.Text,
		Command: r.command(f), Transcript: r.lines(o.Width, f.Call, 0, len(f.Call.Events)),
	}
	if f.Document != "" {
		found.Text = f.Document + ": " + f.Text
	}
	file, line, _ := strings.Cut(r.configured(f.Document), ":")
	found.At.File = file
	found.At.Line, _ = strconv.Atoi(line)
	return found
}

// against are the findings against a law.
func (r Walk) against(law explorer.Law) []explorer.Violation {
	return slices.DeleteFunc(slices.Clone(r.Violations), func(f explorer.Violation) bool { return f.Law != law })
}

// mostFindings is how many findings against one law people are shown.
const mostFindings = 5

// text writes the report for people.
func (r Walk) text(o Output) {
	for _, d := range explorer.Laws() {
		verdict, findings := o.Paint(Green, "ok  "), r.against(d.Law)
		if len(findings) > 0 {
			verdict = o.Paint(Red, "FAIL")
		}
		fmt.Fprintf(o.Stdout, "  %s  %-9s  %s\n", verdict, d.Law, d.Text)
		for _, f := range findings[:min(len(findings), mostFindings)] {
			r.show(o, r.finding(o, f))
		}
		if more := len(findings) - mostFindings; more > 0 {
			fmt.Fprintf(o.Stdout, "        … and %s more; -json lists them all\n\n", Grouped(int64(more)))
		}
	}
	fmt.Fprintf(o.Stdout, "\nWalked %s states, %s moves and %s documents; no call reaches %s others.\n\n",
		Grouped(int64(r.States)), Grouped(int64(r.Moves)), Grouped(int64(r.Documents)), Grouped(int64(len(r.Unreached))))
	r.each(o)
	for _, why := range r.NotWalked {
		fmt.Fprintf(o.Stdout, "Not walked: %s.\n", terminal.Lines(why))
	}
	if r.Failed() {
		fmt.Fprintf(o.Stdout, "\n%s %s.\n", o.Paint(Red, "Failure!"), Count(len(r.Violations), "finding"))
		return
	}
	fmt.Fprintf(o.Stdout, "\n%s Every call keeps every law.\n", o.Paint(Green, "Success!"))
}

// each writes what was walked of every number.
func (r Walk) each(o Output) {
	table := tabwriter.NewWriter(o.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  number\tdifferent calls\tlongest, silent caller\tlongest, wrong keys only")
	for _, n := range r.Numbers {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", terminal.Lines(r.Called[n.Number]), roughly(n.Calls), script.Clock(n.Silent), script.Clock(n.Wrong))
	}
	table.Flush()
}

// roughly writes a large number with three digits: 2.44 × 10^20.
func roughly(n *big.Int) string {
	if text := n.String(); len(text) > 6 {
		return fmt.Sprintf("%s.%s × 10^%d", text[:1], text[1:3], len(text)-1)
	}
	return Grouped(n.Int64())
}

// show writes one finding, and the call that shows it.
func (r Walk) show(o Output, f Finding) {
	fmt.Fprintf(o.Stdout, "\n        %s\n", terminal.Lines(f.Text))
	if f.At.File != "" {
		fmt.Fprintf(o.Stdout, "        configured at %s\n", terminal.Lines(f.At.String()))
	}
	for _, line := range f.Transcript {
		fmt.Fprintln(o.Stdout, "      "+line)
	}
	if f.Command != "" {
		fmt.Fprintf(o.Stdout, "\n        %s\n", terminal.Lines(f.Command))
	}
	fmt.Fprintln(o.Stdout)
}

// command returns the command line that plays the call of a finding again.
func (r Walk) command(f explorer.Violation) string {
	if !f.Playable {
		return ""
	}
	words := []string{"ivrc simulate -number", r.Called[f.Call.To], "-press", "'" + f.Press.String() + "'"}
	if !f.Start.IsZero() {
		words = append(words, "-at", f.Start.UTC().Format(time.RFC3339))
	}
	for _, address := range slices.Sorted(maps.Keys(f.Callees)) {
		words = append(words, "-callee", "'"+r.Users[address]+"="+f.Callees[address].String()+"'")
	}
	return strings.Join(append(words, r.Directory), " ")
}
