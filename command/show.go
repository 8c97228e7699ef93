package command

// Showing. This file alone decides how things look: colours on terminals only,
// text from outside escaped before it reaches a terminal or a CI log, and
// diagnostics in the forms that people and pipelines read.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// The colours that are used.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	bold   = "1"
	dim    = "2"
)

// paint colours a text on terminals.
func (p *Program) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// wantColor decides on colours: flag, then environment, then terminal.
func (p *Program) wantColor(never bool) bool {
	switch {
	case never, p.env("NO_COLOR") != "":
		return false
	case p.env("IVRC_FORCE_COLOR") != "":
		return true
	}
	return p.Terminal && p.env("TERM") != "dumb"
}

// writeJSON writes a value for programs.
func writeJSON(w io.Writer, value interface{}) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// diagnose writes diagnostics for people.
func (p *Program) diagnose(diags hcl.Diagnostics, sources map[string][]byte) {
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
			if text, ok := sources[d.Subject.Filename]; ok {
				files[d.Subject.Filename] = &hcl.File{Bytes: excerpt(&shown, text)}
			}
		}
		writer := hcl.NewDiagnosticTextWriter(p.Stderr, files, uint(p.Width), p.color)
		_ = writer.WriteDiagnostic(&shown)
	}
}

// mostLines is how many lines of the source a diagnostic shows.
const mostLines = 10

// excerpt is the source as a diagnostic shows it: the lines of its subject, below
// as many empty ones as stand above them. The positions of the diagnostic follow.
// The writer goes through all that it is given, character by character, and for a
// hundred diagnostics in a large file that would take seconds.
func excerpt(d *hcl.Diagnostic, text []byte) []byte {
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
	above := max(0, context.Start.Line-1)
	for _, at := range []*int{&subject.Start.Byte, &subject.End.Byte, &context.Start.Byte, &context.End.Byte} {
		*at = min(*at, to) + above - from
	}
	d.Subject, d.Context = &subject, &context
	return append(bytes.Repeat([]byte{'\n'}, above), terminal.Source(text[from:to])...)
}

// firstLine is the first line of a text, with its end.
func firstLine(text []byte) []byte {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end+1]
	}
	return text
}

// report is diagnostics as JSON.
type report struct {
	FormatVersion string             `json:"format_version"`
	Valid         bool               `json:"valid"`
	ErrorCount    int                `json:"error_count"`
	WarningCount  int                `json:"warning_count"`
	Diagnostics   []reportDiagnostic `json:"diagnostics"`
	Numbers       []reportNumber     `json:"numbers,omitempty"` // of a valid configuration
	LeftOut       int                `json:"numbers_left_out,omitempty"`
}

type reportDiagnostic struct {
	Severity string       `json:"severity"`
	Code     string       `json:"code"`
	Summary  string       `json:"summary"`
	Detail   string       `json:"detail"`
	Range    *reportRange `json:"range,omitempty"`
	Call     *reportCall  `json:"call,omitempty"`
}

type reportRange struct {
	Filename string    `json:"filename"`
	Start    reportPos `json:"start"`
	End      reportPos `json:"end"`
}

type reportPos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// newReport makes the JSON form of diagnostics.
func newReport(diags hcl.Diagnostics) report {
	r := report{FormatVersion: "1.0", Valid: !diags.HasErrors(), Diagnostics: []reportDiagnostic{}}
	for _, d := range diags {
		row := reportDiagnostic{Severity: "error", Code: compiler.CodeOf(d), Summary: d.Summary, Detail: d.Detail, Call: newReportCall(compiler.CounterExampleOf(d))}
		if d.Severity == hcl.DiagWarning {
			row.Severity = "warning"
			r.WarningCount++
		} else {
			r.ErrorCount++
		}
		if d.Subject != nil && d.Subject.Filename != "" {
			row.Range = &reportRange{d.Subject.Filename, reportPos(d.Subject.Start), reportPos(d.Subject.End)}
		}
		r.Diagnostics = append(r.Diagnostics, row)
	}
	return r
}

// rename names the files of a report in another way.
func (r report) rename(name func(string) string) {
	for _, d := range r.Diagnostics {
		if d.Range != nil {
			d.Range.Filename = name(d.Range.Filename)
		}
	}
}

// writeGitHub writes diagnostics as annotations of GitHub Actions.
func (r report) writeGitHub(w io.Writer) {
	for _, d := range r.Diagnostics {
		where := ""
		if d.Range != nil {
			where = fmt.Sprintf("file=%s,line=%d,endLine=%d,", annotation(d.Range.Filename, true), d.Range.Start.Line, d.Range.End.Line)
		}
		fmt.Fprintf(w, "::%s %stitle=%s::%s\n", d.Severity, where, annotation(d.Code+" "+d.Summary, true), annotation(d.Detail, false))
	}
}

// fromWorkspace names a file as GitHub wants it in annotations: from the root of
// the repository, wherever in it the program was started. A runner tells where
// that is in GITHUB_WORKSPACE
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables);
// elsewhere, and for files outside of it, the name stays as it is.
func (p *Program) fromWorkspace(name string) string {
	workspace := p.env("GITHUB_WORKSPACE")
	if workspace == "" || name == "" {
		return name
	}
	file, err := filepath.Abs(filepath.FromSlash(name))
	if err != nil {
		return name
	}
	inside, err := filepath.Rel(workspace, file)
	if err != nil || !filepath.IsLocal(inside) {
		return name
	}
	return filepath.ToSlash(inside)
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

// sarif is the part of SARIF 2.1.0 that code scanners read.
func (r report) sarif() interface{} {
	type object = map[string]interface{}
	var rules []object
	for _, rule := range compiler.Rules() {
		rules = append(rules, object{"id": rule.Code, "shortDescription": object{"text": rule.Summary}, "help": object{"text": rule.Reason}})
	}
	results := []object{}
	for _, d := range r.Diagnostics {
		result := object{"ruleId": d.Code, "level": d.Severity, "message": object{"text": d.Summary + ". " + d.Detail}}
		if d.Range != nil {
			result["locations"] = []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": d.Range.Filename},
				"region": object{
					"startLine": d.Range.Start.Line, "startColumn": d.Range.Start.Column,
					"endLine": d.Range.End.Line, "endColumn": d.Range.End.Column,
				},
			}}}
		}
		results = append(results, result)
	}
	return object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{"tool": object{"driver": object{"name": "ivrc", "rules": rules}}, "results": results}},
	}
}

// count writes a number of things: "1 warning", "2 warnings".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
