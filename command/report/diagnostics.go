package report

// Diagnostics of a configuration, and what the compiler proved of a valid one.

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// ValidationFormats are the formats of [Validation.Write].
func ValidationFormats() []string { return []string{"text", "json", "github", "sarif"} }

// A Validation is what the compiler says of a configuration.
type Validation struct {
	Diagnostics hcl.Diagnostics
	Sources     map[string][]byte    // of the files that diagnostics name
	WorstCases  []compiler.WorstCase // of a valid configuration
	LeftOut     int                  // numbers without a worst case, because so much is behind them
	Elsewhere   []string             // blocks that calls reach only if variables have other values

	Environments []string // in which the configuration was compiled
}

// Write writes what is wrong. As text, diagnostics go to standard error.
func (v Validation) Write(o Output, format string) error {
	switch format {
	case "json":
		return o.JSON(v.document())
	case "sarif":
		var rules []scanRule
		for _, r := range compiler.Rules() {
			rules = append(rules, scanRule{r.Code, r.Summary, r.Reason})
		}
		return o.sarif(rules, v.findings())
	case "github":
		o.github(v.findings())
	default:
		v.text(o)
	}
	return nil
}

// counts are how many errors and warnings there are.
func (v Validation) counts() (errors, warnings int) {
	for _, d := range v.Diagnostics {
		if d.Severity == hcl.DiagWarning {
			warnings++
		} else {
			errors++
		}
	}
	return errors, warnings
}

// text writes diagnostics, and a line that sums them up.
func (v Validation) text(o Output) {
	o.Diagnose(v.Diagnostics, v.Sources)
	switch errors, warnings := v.counts(); {
	case errors > 0:
		fmt.Fprintf(o.Stdout, "%s in the configuration.\n", Count(errors, "error"))
	case warnings > 0:
		fmt.Fprintf(o.Stdout, "%s The configuration is valid%s, with %s.\n", o.Paint(Green, "Success!"), v.where(), Count(warnings, "warning"))
	default:
		fmt.Fprintf(o.Stdout, "%s The configuration is valid%s, and every call ends well.\n", o.Paint(Green, "Success!"), v.where())
	}
}

// where says in which environments the configuration was compiled.
func (v Validation) where() string {
	switch last := len(v.Environments) - 1; last {
	case -1:
		return ""
	case 0:
		return " in the environment " + v.Environments[0]
	default:
		return " in the environments " + strings.Join(v.Environments[:last], ", ") + " and " + v.Environments[last]
	}
}

// findings are the diagnostics as findings.
func (v Validation) findings() []Finding {
	var all []Finding
	for _, d := range v.Diagnostics {
		f := Finding{Level: "error", Code: compiler.CodeOf(d), Title: d.Summary, Text: d.Detail}
		if d.Severity == hcl.DiagWarning {
			f.Level = "warning"
		}
		if s := d.Subject; s != nil && s.Filename != "" {
			f.At = Position{s.Filename, s.Start.Line, s.Start.Column, s.End.Line, s.End.Column}
		}
		all = append(all, f)
	}
	return all
}

// The JSON of a validation.
type (
	validationJSON struct {
		FormatVersion string           `json:"format_version"`
		Valid         bool             `json:"valid"`
		ErrorCount    int              `json:"error_count"`
		WarningCount  int              `json:"warning_count"`
		Diagnostics   []diagnosticJSON `json:"diagnostics"`
		Environments  []string         `json:"environments,omitempty"` // in which it was compiled
		Numbers       []worstCaseJSON  `json:"numbers,omitempty"`      // of a valid configuration
		LeftOut       int              `json:"numbers_left_out,omitempty"`
	}
	diagnosticJSON struct {
		Severity string              `json:"severity"`
		Code     string              `json:"code"`
		Summary  string              `json:"summary"`
		Detail   string              `json:"detail"`
		Range    *rangeJSON          `json:"range,omitempty"`
		Blocks   []string            `json:"blocks,omitempty"` // that it is about, of those that are made at its place
		Call     *counterExampleJSON `json:"call,omitempty"`
	}
	rangeJSON struct {
		Filename string  `json:"filename"`
		Start    posJSON `json:"start"`
		End      posJSON `json:"end"`
	}
	posJSON struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Byte   int `json:"byte"`
	}
)

// document makes the JSON form.
func (v Validation) document() validationJSON {
	r := validationJSON{FormatVersion: "1.0", Valid: !v.Diagnostics.HasErrors(), Diagnostics: []diagnosticJSON{}, Environments: v.Environments, Numbers: worstCases(v.WorstCases), LeftOut: v.LeftOut}
	r.ErrorCount, r.WarningCount = v.counts()
	for i, f := range v.findings() {
		d := v.Diagnostics[i]
		row := diagnosticJSON{Severity: f.Level, Code: f.Code, Summary: f.Title, Detail: f.Text, Blocks: compiler.BlocksOf(d), Call: counterExample(compiler.CounterExampleOf(d))}
		if s := d.Subject; s != nil && s.Filename != "" {
			row.Range = &rangeJSON{s.Filename, posJSON(s.Start), posJSON(s.End)}
		}
		r.Diagnostics = append(r.Diagnostics, row)
	}
	return r
}

// Diagnose writes diagnostics for people to standard error, each with the lines of
// the source that it is about.
func (o Output) Diagnose(diags hcl.Diagnostics, sources map[string][]byte) {
	for _, d := range diags {
		shown := *d
		if code := compiler.CodeOf(d); code != "" {
			shown.Summary = terminal.Lines(d.Summary) + " (" + code + ")"
		}
		shown.Detail = terminal.Lines(d.Detail)
		files := map[string]*hcl.File{}
		switch {
		case d.Subject == nil:
		case d.Subject.Filename == "":
			shown.Subject = nil
		default:
			subject := *d.Subject
			subject.Filename = terminal.OneLine(subject.Filename)
			shown.Subject = &subject
			if text, ok := sources[d.Subject.Filename]; ok {
				files[subject.Filename] = &hcl.File{Bytes: excerpt(&shown, text, o.Width)}
			}
		}
		writer := hcl.NewDiagnosticTextWriter(o.Stderr, files, uint(o.Width), o.Color)
		_ = writer.WriteDiagnostic(&shown)
	}
}

// mostLines is how many lines of the source a diagnostic shows.
const mostLines = 10

// excerpt is the source as a diagnostic shows it: the lines of its subject, below
// as many empty ones as stand above them. The positions of the diagnostic follow.
// The writer goes through all that it is given, character by character, and for a
// hundred diagnostics in a large file that would take seconds. Of a line that is
// wider than the terminal, only a part is shown.
func excerpt(d *hcl.Diagnostic, text []byte, width int) []byte {
	subject, context := *d.Subject, *d.Subject
	if d.Context != nil {
		context = hcl.RangeOver(subject, *d.Context)
	}
	if context.End.Line-context.Start.Line >= mostLines {
		context = subject
	}
	from := bytes.LastIndexByte(text[:min(context.Start.Byte, len(text))], '\n') + 1
	to := from
	for line := context.Start.Line; line <= context.End.Line && line < context.Start.Line+mostLines && to < len(text); line++ {
		to += len(firstLine(text[to:]))
	}
	shown := bytes.Repeat([]byte{'\n'}, max(0, context.Start.Line-1))
	positions := []*int{&subject.Start.Byte, &subject.End.Byte, &context.Start.Byte, &context.End.Byte}
	moved := make([]int, len(positions))
	for from < to {
		line := firstLine(text[from:to])
		left, part := window(line, subject.Start.Byte-from, max(width-numbered, narrowest))
		for i, at := range positions {
			if *at >= from {
				moved[i] = len(shown) + min(max(0, *at-from-left), len(part))
			}
		}
		shown = append(shown, part...)
		from += len(line)
	}
	for i, at := range positions {
		*at = moved[i]
	}
	d.Subject, d.Context = &subject, &context
	return shown
}

// numbered is how many columns the number takes that stands before a line, and
// narrowest is how many of the line are shown at least.
const numbered, narrowest = 6, 10

// window is the part of a line about an offset that is shown in a number of columns,
// with … for what is left out, and how many bytes further left it stands there.
func window(line []byte, offset, columns int) (left int, part []byte) {
	text := bytes.TrimRight(line, "\r\n")
	if len(text) <= columns || terminal.Width(string(text)) <= columns {
		return 0, terminal.Source(line)
	}
	from := 0
	if offset > columns/2 && offset < len(line) {
		from = offset - columns/3
	}
	to := min(len(text), from+columns-2)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	part = terminal.Source(text[from:to])
	if from > 0 {
		part = append([]byte("…"), part...)
		left = from - len("…")
	}
	if to < len(text) {
		part = append(part, "…"...)
	}
	return left, append(part, '\n')
}

// firstLine is the first line of a text, with its end.
func firstLine(text []byte) []byte {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end+1]
	}
	return text
}
