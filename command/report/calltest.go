package report

// The results of call tests.

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// TestFormats are the formats of [CallTests.Write] and [Walk.Write].
func TestFormats() []string { return []string{"text", "tap", "json", "junit", "github"} }

// CallTests holds the results of call tests.
type CallTests struct {
	Names
	Results  []tester.TestResult
	Skipped  int
	Coverage *tester.Coverage // nil unless somebody asked for it
	Listed   bool             // write the coverage of every block
}

// Write writes the results in a format. Where that has no place for the coverage,
// it goes to standard error.
func (r CallTests) Write(o Output, format string) error {
	var err error
	switch format {
	case "json":
		return o.JSON(r.document())
	case "tap":
		tap(o.Stdout, r.checks(o))
	case "junit":
		err = junit(o.Stdout, r.checks(o))
	case "github":
		for _, c := range r.checks(o) {
			o.github(c.Findings)
		}
		fmt.Fprintf(o.Stdout, "%s, %d passed, %d failed\n", Count(len(r.Results), "call test"), len(r.Results)-r.Failed(), r.Failed())
	default:
		r.text(o)
	}
	if err != nil || !r.Listed {
		return err
	}
	if format == "text" {
		writeCoverage(o, o.Stdout, *r.Coverage)
	} else {
		writeCoverage(o, o.Stderr, *r.Coverage)
	}
	return nil
}

// checks are the tests as checks.
func (r CallTests) checks(o Output) []Check {
	var all []Check
	for _, result := range r.Results {
		at := r.at(result.Test.Caller.Place)
		c := Check{
			Suite: at.File, Name: result.Test.Name, Class: strings.TrimSuffix(path.Base(at.File), ".ivrtest.hcl"), At: at,
			Length: strconv.FormatFloat(duration(result).Seconds(), 'f', 1, 64),
		}
		if failed := result.Failed(); failed != nil {
			c.Findings = []Finding{{
				Level: "error", Kind: "departure", Title: "Call test failed: " + c.Name, Text: r.outcome(failed), At: r.at(failed.Failure.Place),
				Origin: r.configured(documentAt(*failed)), Transcript: r.lines(o.Width, failed.Transcript, 0, len(failed.Transcript.Events)),
			}}
		}
		all = append(all, c)
	}
	return all
}

// Failed counts the tests that failed.
func (r CallTests) Failed() int {
	n := 0
	for _, result := range r.Results {
		if !result.Passed() {
			n++
		}
	}
	return n
}

// at is a place as it is reached from where the program was started.
func (r CallTests) at(place calltest.Place) Position {
	return Position{File: path.Join(r.Directory, place.File), Line: place.Line}
}

// duration is how long the call of a test took.
func duration(result tester.TestResult) time.Duration {
	events := result.Calls[0].Transcript.Events
	return events[len(events)-1].At
}

// text writes the report for people: a line for each test, and below those that
// failed, where and how.
func (r CallTests) text(o Output) {
	file := ""
	for _, result := range r.Results {
		if place := result.Test.Caller.Place; place.File != file {
			file = place.File
			fmt.Fprintf(o.Stdout, "%s\n", terminal.Lines(r.at(place).File))
		}
		verdict := o.Paint(Green, "ok  ")
		if !result.Passed() {
			verdict = o.Paint(Red, "FAIL")
		}
		name, length := terminal.Lines(result.Test.Name), script.Clock(duration(result))
		gap := max(2, o.Width-8-terminal.Width(name)-len(length))
		fmt.Fprintf(o.Stdout, "  %s  %s%s%s\n", verdict, name, strings.Repeat(" ", gap), length)
		if failed := result.Failed(); failed != nil {
			r.departure(o, *failed)
		}
	}
	r.summary(o)
}

// summary is the last line.
func (r CallTests) summary(o Output) {
	failed := r.Failed()
	verdict := o.Paint(Green, "Success!")
	if failed > 0 {
		verdict = o.Paint(Red, "Failure!")
	}
	skipped := ""
	if r.Skipped > 0 {
		skipped = fmt.Sprintf(", %d skipped", r.Skipped)
	}
	fmt.Fprintf(o.Stdout, "\n%s %d passed, %d failed%s.\n", verdict, len(r.Results)-failed, failed, skipped)
}

// The lines of a transcript that are shown around a difference.
const (
	linesBefore  = 6
	linesBetween = 6 // until something happens instead
	linesAfter   = 8
)

// departure shows where a call departs from its test: the expected step, between the
// lines of the transcript before and after it.
func (r CallTests) departure(o Output, call tester.Outcome) {
	f := call.Failure
	who := ""
	if call.Call.Name != "" {
		who = fmt.Sprintf("in the call %q: ", terminal.Lines(call.Call.Name))
	}
	fmt.Fprintf(o.Stdout, "\n        %s: %s%s\n", terminal.Lines(r.at(f.Place).String()), who, o.Paint(Bold, terminal.Lines(f.Expected)))
	fmt.Fprintf(o.Stdout, "        %s\n", terminal.Lines(f.Why))
	if place := r.configured(documentAt(call)); place != "" {
		fmt.Fprintf(o.Stdout, "        configured at %s\n", terminal.Lines(place))
	}
	fmt.Fprintln(o.Stdout)
	for _, line := range last(r.lines(o.Width, call.Transcript, 0, f.Event), linesBefore) {
		fmt.Fprintln(o.Stdout, "      "+line)
	}
	fmt.Fprintln(o.Stdout, o.Paint(Red, "    ▶ expected: "+terminal.Lines(f.Expected)))
	between := r.lines(o.Width, call.Transcript, f.Event, f.Instead)
	behind := r.lines(o.Width, call.Transcript, f.Instead, len(call.Transcript.Events))
	for _, line := range append(middle(between, linesBetween), middle(behind, linesAfter)...) {
		fmt.Fprintln(o.Stdout, "      "+line)
	}
	fmt.Fprintln(o.Stdout)
}

// last returns the last lines of a list.
func last(lines []string, most int) []string {
	if cut := len(lines) - most; cut > 0 {
		return append([]string{"    …"}, lines[cut:]...)
	}
	return lines
}

// middle leaves out the middle of a list of lines that is too long.
func middle(lines []string, most int) []string {
	cut := len(lines) - most
	if cut < 2 {
		return lines
	}
	head := most - most/3
	return slices.Concat(lines[:head], []string{fmt.Sprintf("    … %d more lines", cut)}, lines[head+cut:])
}

// documentAt returns the document in which a call departs from its test.
func documentAt(call tester.Outcome) string {
	for _, e := range call.Transcript.Events[call.Failure.Instead:] {
		if e.Document != "" && e.Kind != simulator.Requests {
			return e.Document
		}
	}
	return ""
}

// outcome says in a sentence why a test failed.
func (r CallTests) outcome(o *tester.Outcome) string {
	text := fmt.Sprintf("expected: %s; %s", o.Failure.Expected, o.Failure.Why)
	if o.Call.Name != "" {
		text = fmt.Sprintf("in the call %q: %s", o.Call.Name, text)
	}
	if place := r.configured(documentAt(*o)); place != "" {
		text += " (" + place + ")"
	}
	return text
}

// The JSON of a report.
type (
	testsJSON struct {
		FormatVersion string        `json:"format_version"`
		Success       bool          `json:"success"`
		Passed        int           `json:"passed"`
		Failed        int           `json:"failed"`
		Skipped       int           `json:"skipped"`
		Tests         []testJSON    `json:"tests"`
		Coverage      *coverageJSON `json:"coverage,omitempty"`
	}
	testJSON struct {
		Name    string       `json:"name"`
		File    string       `json:"file"`
		Line    int          `json:"line"`
		Passed  bool         `json:"passed"`
		Seconds float64      `json:"seconds"` // of the call, in its own time
		Failure *failureJSON `json:"failure,omitempty"`
	}
	failureJSON struct {
		Call          string               `json:"call,omitempty"` // of a meanwhile block
		File          string               `json:"file"`
		Line          int                  `json:"line"`
		Expected      string               `json:"expected"`
		Why           string               `json:"why"`
		Configuration string               `json:"configuration,omitempty"` // file and line
		Event         int                  `json:"event"`                   // of the transcript, which is the first that the test does not account for
		Transcript    simulator.Transcript `json:"transcript"`
	}
	coverageJSON struct {
		Exits   int     `json:"exits"`
		Walked  int     `json:"walked"`
		Percent float64 `json:"percent"`
		tester.Coverage
	}
)

// document makes the JSON form.
func (r CallTests) document() testsJSON {
	out := testsJSON{
		FormatVersion: "1.0", Success: r.Failed() == 0,
		Passed: len(r.Results) - r.Failed(), Failed: r.Failed(), Skipped: r.Skipped, Tests: []testJSON{},
	}
	for _, result := range r.Results {
		place := result.Test.Caller.Place
		row := testJSON{Name: result.Test.Name, File: r.at(place).File, Line: place.Line, Passed: result.Passed(), Seconds: duration(result).Seconds()}
		if call := result.Failed(); call != nil {
			f := call.Failure
			row.Failure = &failureJSON{call.Call.Name, r.at(f.Place).File, f.Place.Line, f.Expected, f.Why, r.configured(documentAt(*call)), f.Event, call.Transcript}
		}
		out.Tests = append(out.Tests, row)
	}
	if r.Coverage != nil {
		out.Coverage = &coverageJSON{Percent: tenths(*r.Coverage), Coverage: *r.Coverage}
		out.Coverage.Walked, out.Coverage.Exits = r.Coverage.Exits()
	}
	return out
}
