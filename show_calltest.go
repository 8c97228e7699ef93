package main

// How the results of call tests look: for people, as TAP, as JSON, as JUnit's
// XML, and as annotations of GitHub Actions.

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// A testReport is what became of some tests, ready to be written.
type testReport struct {
	program   *program
	results   []tester.Result
	skipped   int
	directory string                   // of the configuration, as it is reached from here
	origin    func(path string) string // the line of the configuration that a document comes from
	names     map[string]string        // of telephones
}

// write writes the report in a format. Its error is errFindings if a test failed.
func (r testReport) write(format string) error {
	switch format {
	case "text":
		r.text()
	}
	if r.failed() > 0 {
		return errFindings
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

// length is how long the call of a test took.
func length(result tester.Result) string {
	events := result.Calls[0].Transcript.Events
	return simulator.Clock(events[len(events)-1].At)
}

// text writes the report for people: a line for each test, and below those that
// failed, where and how.
func (r testReport) text() {
	p, file := r.program, ""
	for _, result := range r.results {
		if place := result.Test.Caller.Place; place.File != file {
			file = place.File
			fmt.Fprintf(p.stdout, "%s\n", printable(r.file(place)))
		}
		verdict := p.paint(green, "ok  ")
		if !result.Passed() {
			verdict = p.paint(red, "FAIL")
		}
		name := printable(result.Test.Name)
		gap := max(2, p.width-8-utf8.RuneCountInString(name)-len(length(result)))
		fmt.Fprintf(p.stdout, "  %s  %s%s%s\n", verdict, name, strings.Repeat(" ", gap), length(result))
		if failed := result.Failed(); failed != nil {
			r.departure(*failed)
		}
	}
	r.summary()
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
	fmt.Fprintf(p.stdout, "\n%s %d passed, %d failed%s.\n", verdict, len(r.results)-failed, failed, skipped)
}

// The lines of a transcript that are shown around a difference.
const (
	linesBefore = 6
	linesAfter  = 10
)

// departure shows where a call departs from its test: what should have happened,
// in the middle of what did.
func (r testReport) departure(o tester.Outcome) {
	p, f := r.program, o.Failure
	who := ""
	if o.Call.Name != "" {
		who = fmt.Sprintf("in the call %q: ", printable(o.Call.Name))
	}
	fmt.Fprintf(p.stdout, "\n        %s: %s%s\n", printable(r.at(f.Place)), who, p.paint(bold, printable(f.Expected)))
	fmt.Fprintf(p.stdout, "        %s\n", printable(f.Why))
	if place := r.origin(documentAt(o)); place != "" {
		fmt.Fprintf(p.stdout, "        the configuration says it at %s\n", printable(path.Join(r.directory, place)))
	}
	before := r.lines(o.Transcript, 0, f.Event)
	behind := r.lines(o.Transcript, f.Event, len(o.Transcript.Events))
	fmt.Fprintln(p.stdout)
	if cut := len(before) - linesBefore; cut > 0 {
		before = append([]string{"    …"}, before[cut:]...)
	}
	if cut := len(behind) - linesAfter; cut > 1 {
		last := behind[len(behind)-1]
		behind = append(behind[:linesAfter-1:linesAfter-1], fmt.Sprintf("    … %d more lines", cut), last)
	}
	for _, line := range before {
		fmt.Fprintln(p.stdout, "      "+line)
	}
	fmt.Fprintln(p.stdout, p.paint(red, "    ▶ expected: "+printable(f.Expected)))
	for _, line := range behind {
		fmt.Fprintln(p.stdout, "      "+line)
	}
	fmt.Fprintln(p.stdout)
}

// documentAt is the document that the call was in where it departs.
func documentAt(o tester.Outcome) string {
	for _, e := range o.Transcript.Events[o.Failure.Event:] {
		if e.Document != "" && e.Kind != simulator.Requests {
			return e.Document
		}
	}
	return ""
}

// lines are those of a part of a transcript.
func (r testReport) lines(t simulator.Transcript, from, to int) []string {
	t.Events = t.Events[from:to]
	if len(t.Events) == 0 {
		return nil
	}
	text := t.Text(simulator.TextOptions{Width: r.program.width - 6, Names: r.names, Origin: r.origin})
	text, _, _ = strings.Cut(text, "\nTwilio does not document:")
	_, text, _ = strings.Cut(text, "\n\n") // the heading
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}
