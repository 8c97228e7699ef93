package command

// Walking through every call, and how what was found looks: for each law whether
// all calls keep it, and the shortest call that does not.

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// exhaust walks through every call.
func (t *callTesting) exhaust(ctx context.Context, directory string) error {
	if t.url != "" {
		t.baseURL = t.url
	}
	result, err := t.open(directory)
	if err != nil {
		return err
	}
	site, m := t.site(result), &result.Bundle.Manifest
	report, err := explorer.Explore(ctx, explorer.Survey{
		Handler: site.Handler, Transport: site.Transport, BaseURL: site.BaseURL, Bundle: result.Bundle,
	})
	if err != nil {
		return err
	}
	walk := walkReport{
		program: t.program, Report: report, directory: filepath.ToSlash(t.program.path(directory)), origin: origins(result, site),
		names: telephoneNames(result.Bundle), numbers: map[string]string{}, users: map[string]string{},
	}
	for _, n := range m.Numbers {
		walk.numbers[n.PhoneNumber] = n.Name
	}
	for _, u := range m.Users {
		walk.users[u.Address] = u.Name
	}
	if err := walk.write(t.format); err != nil {
		return err
	}
	if walk.failed() {
		return errFindings
	}
	return nil
}

// A walkReport is what a walk has found, ready to be written.
type walkReport struct {
	*explorer.Report
	program   *Program
	directory string                   // as it is reached from here
	origin    func(path string) string // the line of the configuration that a document comes from
	names     map[string]string        // of telephones
	numbers   map[string]string        // names, by E.164
	users     map[string]string        // names of blocks, by address
}

// failed reports whether a law is broken, or some of the calls were not walked.
func (r walkReport) failed() bool { return len(r.Violations) > 0 || len(r.NotWalked) > 0 }

// against are the findings against a law.
func (r walkReport) against(law explorer.Law) []explorer.Violation {
	return slices.DeleteFunc(slices.Clone(r.Violations), func(f explorer.Violation) bool { return f.Law != law })
}

// write writes the report in a format.
func (r walkReport) write(format string) error {
	switch format {
	case "json":
		return writeJSON(r.program.Stdout, struct {
			FormatVersion string `json:"format_version"`
			Success       bool   `json:"success"`
			*explorer.Report
		}{"1.0", !r.failed(), r.Report})
	case "junit":
		return r.junit()
	case "tap":
		r.tap()
	case "github":
		r.github()
	default:
		r.text()
	}
	return nil
}

// mostFindings is how many findings against one law people are shown.
const mostFindings = 5

// text writes the report for people.
func (r walkReport) text() {
	p := r.program
	for _, d := range explorer.Laws() {
		verdict, findings := p.paint(green, "ok  "), r.against(d.Law)
		if len(findings) > 0 {
			verdict = p.paint(red, "FAIL")
		}
		fmt.Fprintf(p.Stdout, "  %s  %-9s  %s\n", verdict, d.Law, d.Text)
		for _, f := range findings[:min(len(findings), mostFindings)] {
			r.finding(f)
		}
		if more := len(findings) - mostFindings; more > 0 {
			fmt.Fprintf(p.Stdout, "        … and %s more; -json lists them all\n\n", grouped(int64(more)))
		}
	}
	fmt.Fprintf(p.Stdout, "\nWalked %s states, %s moves and %s documents; no call comes to %s others.\n\n",
		grouped(int64(r.States)), grouped(int64(r.Moves)), grouped(int64(r.Documents)), grouped(int64(len(r.Unreached))))
	r.each()
	for _, why := range r.NotWalked {
		fmt.Fprintf(p.Stdout, "Not walked: %s.\n", terminal.Lines(why))
	}
	if r.failed() {
		fmt.Fprintf(p.Stdout, "\n%s %s.\n", p.paint(red, "Failure!"), count(len(r.Violations), "finding"))
		return
	}
	fmt.Fprintf(p.Stdout, "\n%s Every call keeps every law.\n", p.paint(green, "Success!"))
}

// each writes what was walked of every number.
func (r walkReport) each() {
	table := tabwriter.NewWriter(r.program.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "  number\tdifferent calls\tlongest of a silent caller\tof one who presses wrong keys")
	for _, n := range r.Numbers {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", terminal.Lines(r.numbers[n.Number]), roughly(n.Calls), script.Clock(n.Silent), script.Clock(n.Wrong))
	}
	table.Flush()
}

// roughly writes a number with three digits, because calls are very many.
func roughly(n *big.Int) string {
	if text := n.String(); len(text) > 6 {
		return fmt.Sprintf("%s.%s × 10^%d", text[:1], text[1:3], len(text)-1)
	}
	return grouped(n.Int64())
}

// finding writes one finding, and the call that shows it.
func (r walkReport) finding(f explorer.Violation) {
	w := r.program.Stdout
	fmt.Fprintf(w, "\n        %s\n", terminal.Lines(r.sentence(f)))
	if place := r.place(f); place != "" {
		fmt.Fprintf(w, "        the configuration says it at %s\n", terminal.Lines(place))
	}
	for _, line := range r.lines(f) {
		fmt.Fprintln(w, "      "+line)
	}
	if command := r.command(f); command != "" {
		fmt.Fprintf(w, "\n        %s\n", terminal.Lines(command))
	}
	fmt.Fprintln(w)
}

// sentence says what is wrong, and in which document.
func (r walkReport) sentence(f explorer.Violation) string {
	if f.Document == "" {
		return f.Text
	}
	return f.Document + ": " + f.Text
}

// place is the line of the configuration that a finding is about.
func (r walkReport) place(f explorer.Violation) string {
	if place := r.origin(f.Document); place != "" {
		return path.Join(r.directory, place)
	}
	return ""
}

// lines are the transcript of the call that shows a finding.
func (r walkReport) lines(f explorer.Violation) []string {
	if len(f.Call.Events) == 0 {
		return nil
	}
	text := f.Call.Text(simulator.TextOptions{Width: r.program.Width - 6, Names: r.names, Origin: r.origin})
	text, _, _ = strings.Cut(text, "\nTwilio does not document:")
	_, text, _ = strings.Cut(text, "\n\n") // the heading
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// command is how the call that shows a finding is made again.
func (r walkReport) command(f explorer.Violation) string {
	if !f.Playable {
		return ""
	}
	words := []string{"ivrc simulate -number", r.numbers[f.Call.To], "-press", "'" + f.Press.String() + "'"}
	for _, address := range slices.Sorted(maps.Keys(f.Callees)) {
		words = append(words, "-callee", "'"+r.users[address]+"="+f.Callees[address].String()+"'")
	}
	return strings.Join(append(words, r.directory), " ")
}

// tap writes the report as TAP: a test for each law.
func (r walkReport) tap() {
	w := r.program.Stdout
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", len(explorer.Laws()))
	for i, d := range explorer.Laws() {
		findings, verdict := r.against(d.Law), "ok"
		if len(findings) > 0 {
			verdict = "not ok"
		}
		fmt.Fprintf(w, "%s %d - %s\n", verdict, i+1, d.Text)
		for _, f := range findings {
			fmt.Fprintf(w, "  ---\n  message: %s\n  configuration: %s\n  command: %s\n  ...\n", quoted(r.sentence(f)), quoted(r.place(f)), quoted(r.command(f)))
		}
	}
}

// github writes an annotation for each finding.
func (r walkReport) github() {
	w := r.program.Stdout
	for _, f := range r.Violations {
		file, line, _ := strings.Cut(r.place(f), ":")
		where := ""
		if line != "" {
			where = fmt.Sprintf("file=%s,line=%s,", annotation(r.program.fromWorkspace(file), true), annotation(line, true))
		}
		fmt.Fprintf(w, "::error %stitle=%s::%s\n", where, annotation("Law broken: "+string(f.Law), true), annotation(r.sentence(f), false))
	}
	fmt.Fprintf(w, "%s, %s\n", count(r.States, "state"), count(len(r.Violations), "finding"))
}

// junit writes the report as XML, with a test for each law.
func (r walkReport) junit() error {
	suite := junitSuite{Name: "every call", Tests: len(explorer.Laws())}
	for _, d := range explorer.Laws() {
		row := junitCase{Name: d.Text, Class: string(d.Law), File: r.directory}
		if findings := r.against(d.Law); len(findings) > 0 {
			suite.Failures++
			row.Failure = &junitFailure{Message: terminal.Lines(r.sentence(findings[0])), Type: "law", Text: terminal.Lines(strings.Join(r.lines(findings[0]), "\n") + "\n")}
		}
		suite.Cases = append(suite.Cases, row)
	}
	return junitSuites{Tests: suite.Tests, Failures: suite.Failures, Suites: []junitSuite{suite}}.write(r.program.Stdout)
}
