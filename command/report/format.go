package report

// The formats of other programs. Names of tests, and what callers hear, are other
// people's text: each format escapes it in its own way.

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// tap writes checks in the Test Anything Protocol, version 14
// (https://testanything.org/tap-version-14-specification.html), which has room for
// one finding of each.
func tap(w io.Writer, checks []Check) {
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", len(checks))
	for i, c := range checks {
		verdict := "ok"
		if len(c.Findings) > 0 {
			verdict = "not ok"
		}
		fmt.Fprintf(w, "%s %d - %s\n", verdict, i+1, strings.NewReplacer(`\`, `\\`, "#", `\#`).Replace(terminal.OneLine(c.Name)))
		if len(c.Findings) > 0 {
			tapFinding(w, c.Findings[0], len(c.Findings)-1)
		}
	}
}

// tapFinding writes a finding as YAML. Strings in JSON are strings in YAML.
func tapFinding(w io.Writer, f Finding, more int) {
	fmt.Fprintln(w, "  ---")
	for _, row := range [][2]string{{"message", f.Text}, {"at", f.At.String()}, {"configuration", f.Origin}, {"command", f.Command}} {
		if row[1] != "" {
			fmt.Fprintf(w, "  %s: %s\n", row[0], quoted(row[1]))
		}
	}
	if more > 0 {
		fmt.Fprintf(w, "  more: %d\n", more)
	}
	if len(f.Transcript) > 0 {
		fmt.Fprintln(w, "  transcript: |")
	}
	for _, line := range f.Transcript {
		fmt.Fprintf(w, "    %s\n", terminal.Lines(line))
	}
	fmt.Fprintln(w, "  ...")
}

// quoted is a text as a string of JSON.
func quoted(text string) string {
	var b strings.Builder
	_ = writeJSON(&b, terminal.Lines(text)) // a text can be written, and into memory
	return strings.TrimSpace(b.String())
}

// github writes findings as annotations of GitHub Actions.
func (o Output) github(findings []Finding) {
	for _, f := range findings {
		where := ""
		if f.At.File != "" {
			where = "file=" + annotation(o.fromWorkspace(f.At.File), true) + ",line=" + strconv.Itoa(f.At.Line) + ","
		}
		if f.At.EndLine > 0 {
			where += "endLine=" + strconv.Itoa(f.At.EndLine) + ","
		}
		title := strings.TrimSpace(f.Code + " " + f.Title)
		fmt.Fprintf(o.Annotations, "::%s %stitle=%s::%s\n", f.Level, where, annotation(title, true), annotation(f.Text, false))
	}
}

// annotation escapes a text for a GitHub annotation, in which a line break or,
// in a property, a colon or comma would begin something else.
func annotation(text string, property bool) string {
	text = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(terminal.Lines(text))
	if property {
		text = strings.NewReplacer(":", "%3A", ",", "%2C").Replace(text)
	}
	return text
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

// junit writes checks as XML, with one failure for each that has findings.
func junit(w io.Writer, checks []Check) error {
	all := junitSuites{Tests: len(checks), Failures: failures(checks)}
	for _, c := range checks {
		name := terminal.Lines(c.Suite)
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != name {
			all.Suites = append(all.Suites, junitSuite{Name: name})
		}
		suite := &all.Suites[len(all.Suites)-1]
		row := junitCase{Name: terminal.Lines(c.Name), Class: terminal.Lines(c.Class), File: terminal.Lines(c.At.File), Line: c.At.Line}
		if c.Length != "" {
			row.Properties = []junitProperty{{"seconds", c.Length}}
		}
		suite.Tests++
		if len(c.Findings) > 0 {
			suite.Failures++
			f := c.Findings[0]
			text := strings.Join(append([]string{f.At.String()}, f.Transcript...), "\n") + "\n"
			row.Failure = &junitFailure{Message: terminal.Lines(f.Text), Type: f.Kind, Text: terminal.Lines(text)}
		}
		suite.Cases = append(suite.Cases, row)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// A scanRule is a rule of SARIF: a code, what it finds, and why that is wrong.
type scanRule struct{ code, summary, reason string }

// sarif writes findings as the part of SARIF 2.1.0 that code scanners read
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
func (o Output) sarif(rules []scanRule, findings []Finding) error {
	type object = map[string]any
	var described []object
	for _, r := range rules {
		described = append(described, object{"id": r.code, "shortDescription": object{"text": r.summary}, "help": object{"text": r.reason}})
	}
	results := []object{}
	for _, f := range findings {
		result := object{"ruleId": f.Code, "level": f.Level, "message": object{"text": f.Title + ". " + f.Text}}
		if f.At.File != "" {
			result["locations"] = []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": uri(o.fromWorkspace(f.At.File))},
				"region": object{
					"startLine": f.At.Line, "startColumn": f.At.Column, "endLine": f.At.EndLine, "endColumn": f.At.EndColumn,
				},
			}}}
		}
		results = append(results, result)
	}
	return o.JSON(object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{"tool": object{"driver": object{"name": "ivrc", "rules": described}}, "results": results}},
	})
}

// uri is a file name as a relative reference: "office%20north/main.ivr.hcl".
func uri(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("/-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
