package command

// The results of call tests for programs. What a test is called, and what callers
// heard, is other people's text: each format escapes it in its own way.

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// outcome is a sentence that says why a test failed.
func (r testReport) outcome(o *tester.Outcome) string {
	text := fmt.Sprintf("expected: %s; %s", o.Failure.Expected, o.Failure.Why)
	if o.Call.Name != "" {
		text = fmt.Sprintf("in the call %q: %s", o.Call.Name, text)
	}
	if place := r.configured(o); place != "" {
		text += " (" + place + ")"
	}
	return text
}

// configured is the line of the configuration that a call departs at.
func (r testReport) configured(o *tester.Outcome) string {
	place := r.origin(documentAt(*o))
	if place == "" {
		return ""
	}
	return path.Join(r.directory, place)
}

// tap writes the Test Anything Protocol, version 14
// (https://testanything.org/tap-version-14-specification.html).
func (r testReport) tap() error {
	w := r.program.Stdout
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", len(r.results))
	for i, result := range r.results {
		verdict := "ok"
		if !result.Passed() {
			verdict = "not ok"
		}
		fmt.Fprintf(w, "%s %d - %s\n", verdict, i+1, strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(terminal.OneLine(result.Test.Name)))
		if o := result.Failed(); o != nil {
			// Strings in JSON are strings in YAML.
			fmt.Fprintf(w, "  ---\n  message: %s\n  at: %s\n  configuration: %s\n  transcript: |\n",
				quoted(r.outcome(o)), quoted(r.at(o.Failure.Place)), quoted(r.configured(o)))
			for _, line := range r.lines(o.Transcript, 0, len(o.Transcript.Events)) {
				fmt.Fprintf(w, "    %s\n", terminal.Lines(line))
			}
			fmt.Fprintln(w, "  ...")
		}
	}
	return nil
}

// quoted is a text as a string of JSON.
func quoted(text string) string {
	var b strings.Builder
	_ = writeJSON(&b, terminal.Lines(text)) // a text can be written, and into memory
	return strings.TrimSpace(b.String())
}

// github writes an annotation for each test that failed.
func (r testReport) github() error {
	w := r.program.Stdout
	for _, result := range r.results {
		if o := result.Failed(); o != nil {
			fmt.Fprintf(w, "::error file=%s,line=%d,title=%s::%s\n", annotation(r.program.fromWorkspace(r.file(o.Failure.Place)), true), o.Failure.Place.Line,
				annotation("Call test failed: "+result.Test.Name, true), annotation(r.outcome(o), false))
		}
	}
	fmt.Fprintf(w, "%s, %d passed, %d failed\n", count(len(r.results), "call test"), len(r.results)-r.failed(), r.failed())
	return nil
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

// json writes the report for programs.
func (r testReport) json() error {
	out := testsJSON{
		FormatVersion: "1.0", Success: r.failed() == 0,
		Passed: len(r.results) - r.failed(), Failed: r.failed(), Skipped: r.skipped, Tests: []testJSON{},
	}
	for _, result := range r.results {
		place := result.Test.Caller.Place
		row := testJSON{Name: result.Test.Name, File: r.file(place), Line: place.Line, Passed: result.Passed(), Seconds: duration(result).Seconds()}
		if o := result.Failed(); o != nil {
			f := o.Failure
			row.Failure = &failureJSON{o.Call.Name, r.file(f.Place), f.Place.Line, f.Expected, f.Why, r.configured(o), f.Event, o.Transcript}
		}
		out.Tests = append(out.Tests, row)
	}
	if r.coverage != nil {
		out.Coverage = &coverageJSON{Percent: tenths(*r.coverage), Coverage: *r.coverage}
		out.Coverage.Walked, out.Coverage.Exits = r.coverage.Exits()
	}
	return writeJSON(r.program.Stdout, out)
}

// The XML of JUnit, as far as continuous integration reads it. Real time is left
// out: a call takes none to speak of, and a report would never be the same twice.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name       string          `xml:"name,attr"`
		Class      string          `xml:"classname,attr"`
		File       string          `xml:"file,attr"`
		Line       int             `xml:"line,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Failure    *junitFailure   `xml:"failure"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
)

// junit writes the report as XML, with a suite for each file.
func (r testReport) junit() error {
	all := junitSuites{Tests: len(r.results), Failures: r.failed()}
	for _, result := range r.results {
		place := result.Test.Caller.Place
		file := terminal.Lines(r.file(place))
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != file {
			all.Suites = append(all.Suites, junitSuite{Name: file})
		}
		suite := &all.Suites[len(all.Suites)-1]
		row := junitCase{Name: terminal.Lines(result.Test.Name), Class: strings.TrimSuffix(path.Base(file), ".ivrtest.hcl"), File: file, Line: place.Line,
			Properties: []junitProperty{{"seconds", strconv.FormatFloat(duration(result).Seconds(), 'f', 1, 64)}}}
		suite.Tests++
		if o := result.Failed(); o != nil {
			suite.Failures++
			row.Failure = &junitFailure{Message: terminal.Lines(r.outcome(o)), Type: "departure",
				Text: terminal.Lines(r.at(o.Failure.Place) + "\n" + strings.Join(r.lines(o.Transcript, 0, len(o.Transcript.Events)), "\n") + "\n")}
		}
		suite.Cases = append(suite.Cases, row)
	}
	return all.write(r.program.Stdout)
}

// write writes suites as XML.
func (s junitSuites) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}
