package command

// How the results of call tests look: for people, as TAP, as JSON, as JUnit's
// XML, and as annotations of GitHub Actions.

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// A testReport is what became of some tests, ready to be written.
type testReport struct {
	program   *Program
	results   []tester.Result
	skipped   int
	directory string                   // of the configuration, as it is reached from here
	origin    func(path string) string // the line of the configuration that a document comes from
	names     map[string]string        // of telephones
	coverage  *tester.Coverage         // nil unless somebody wants to know
	listed    bool                     // write the coverage of every block
}

// reportFormats are the ways to write a report.
var reportFormats = map[string]func(r testReport) error{
	"text": testReport.text, "tap": testReport.tap, "json": testReport.json, "junit": testReport.junit, "github": testReport.github,
}

// write writes the report in a format. Where that has no place for the coverage,
// it goes to standard error.
func (r testReport) write(format string) error {
	if err := reportFormats[format](r); err != nil {
		return err
	}
	switch {
	case !r.listed || format == "json":
	case format == "text":
		r.exits(r.program.Stdout)
	default:
		r.exits(r.program.Stderr)
	}
	return nil
}

// failed counts the tests that did not go as they say.
func (r testReport) failed() int {
	n := 0
	for _, result := range r.results {
		if !result.Passed() {
			n++
		}
	}
	return n
}

// at is a place as it is reached from where the program was started.
func (r testReport) at(place calltest.Place) string {
	return fmt.Sprintf("%s:%d", r.file(place), place.Line)
}

func (r testReport) file(place calltest.Place) string { return path.Join(r.directory, place.File) }

// duration is how long the call of a test took.
func duration(result tester.Result) time.Duration {
	events := result.Calls[0].Transcript.Events
	return events[len(events)-1].At
}

// text writes the report for people: a line for each test, and below those that
// failed, where and how.
func (r testReport) text() error {
	p, file := r.program, ""
	for _, result := range r.results {
		if place := result.Test.Caller.Place; place.File != file {
			file = place.File
			fmt.Fprintf(p.Stdout, "%s\n", terminal.Lines(r.file(place)))
		}
		verdict := p.paint(green, "ok  ")
		if !result.Passed() {
			verdict = p.paint(red, "FAIL")
		}
		name, length := terminal.Lines(result.Test.Name), script.Clock(duration(result))
		gap := max(2, p.Width-8-terminal.Width(name)-len(length))
		fmt.Fprintf(p.Stdout, "  %s  %s%s%s\n", verdict, name, strings.Repeat(" ", gap), length)
		if failed := result.Failed(); failed != nil {
			r.departure(*failed)
		}
	}
	r.summary()
	return nil
}

// summary is the last line.
func (r testReport) summary() {
	p, failed := r.program, r.failed()
	verdict := p.paint(green, "Success!")
	if failed > 0 {
		verdict = p.paint(red, "Failure!")
	}
	skipped := ""
	if r.skipped > 0 {
		skipped = fmt.Sprintf(", %d skipped", r.skipped)
	}
	fmt.Fprintf(p.Stdout, "\n%s %d passed, %d failed%s.\n", verdict, len(r.results)-failed, failed, skipped)
}

// The lines of a transcript that are shown around a difference.
const (
	linesBefore  = 6
	linesBetween = 6 // until something happens instead
	linesAfter   = 8
)

// departure shows where a call departs from its test: what should have happened,
// in the middle of what did.
func (r testReport) departure(o tester.Outcome) {
	p, f := r.program, o.Failure
	who := ""
	if o.Call.Name != "" {
		who = fmt.Sprintf("in the call %q: ", terminal.Lines(o.Call.Name))
	}
	fmt.Fprintf(p.Stdout, "\n        %s: %s%s\n", terminal.Lines(r.at(f.Place)), who, p.paint(bold, terminal.Lines(f.Expected)))
	fmt.Fprintf(p.Stdout, "        %s\n", terminal.Lines(f.Why))
	if place := r.configured(&o); place != "" {
		fmt.Fprintf(p.Stdout, "        the configuration says it at %s\n", terminal.Lines(place))
	}
	fmt.Fprintln(p.Stdout)
	for _, line := range last(r.lines(o.Transcript, 0, f.Event), linesBefore) {
		fmt.Fprintln(p.Stdout, "      "+line)
	}
	fmt.Fprintln(p.Stdout, p.paint(red, "    ▶ expected: "+terminal.Lines(f.Expected)))
	between := r.lines(o.Transcript, f.Event, f.Instead)
	behind := r.lines(o.Transcript, f.Instead, len(o.Transcript.Events))
	for _, line := range append(middle(between, linesBetween), middle(behind, linesAfter)...) {
		fmt.Fprintln(p.Stdout, "      "+line)
	}
	fmt.Fprintln(p.Stdout)
}

// last is the end of a list of lines.
func last(lines []string, most int) []string {
	if cut := len(lines) - most; cut > 0 {
		return append([]string{"    …"}, lines[cut:]...)
	}
	return lines
}

// middle leaves out what is in the middle of a list of lines.
func middle(lines []string, most int) []string {
	cut := len(lines) - most
	if cut < 2 {
		return lines
	}
	head := most - most/3
	return slices.Concat(lines[:head], []string{fmt.Sprintf("    … %d more lines", cut)}, lines[head+cut:])
}

// documentAt is the document that the call was in where it departs.
func documentAt(o tester.Outcome) string {
	for _, e := range o.Transcript.Events[o.Failure.Instead:] {
		if e.Document != "" && e.Kind != simulator.Requests {
			return e.Document
		}
	}
	return ""
}

// lines are those of a part of a transcript. All parts have the same columns.
func (r testReport) lines(t simulator.Transcript, from, to int) []string {
	part := slices.Clone(t.Events[from:to])
	if len(part) == 0 {
		return nil
	}
	for _, e := range t.Events {
		part = append(part, simulator.Event{At: e.At, Leg: e.Leg}) // of no kind, so it is not shown
	}
	t.Events = part
	text := t.Text(simulator.TextOptions{Width: r.program.Width - 6, Names: r.names, Origin: r.origin})
	text, _, _ = strings.Cut(text, "\nTwilio does not document:")
	_, text, _ = strings.Cut(text, "\n\n") // the heading
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil // nothing of it is for people
	}
	return strings.Split(text, "\n")
}
