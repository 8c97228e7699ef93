package diagnostic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// A Rule is one kind of mistake that the compiler can find. The table of all
// of them, [Rules], is what the documentation page is made of.
type Rule struct {
	Code    string // stable: "IVR203"
	Summary string // one line, without names that a user chose
	Warning bool   // the configuration is accepted all the same
	Reason  string // what a caller, or the team, would suffer, and what to do
}

// CodeOf returns the code of a diagnostic that this package reported, and ""
// for any other.
func CodeOf(d *hcl.Diagnostic) string {
	x, _ := d.Extra.(extra)
	return x.code
}

// An extra is what a diagnostic carries beside its words.
type extra struct {
	code   string
	call   *CounterExample // that shows what is wrong, if one does
	blocks []string        // which of the blocks that are made at its place it is about
}

// Located returns a diagnostic in which files are named as name has them: editors,
// pipelines and readers follow a path from where the program was started.
func Located(d *hcl.Diagnostic, name func(string) string) *hcl.Diagnostic {
	if d.Subject == nil || d.Subject.Filename == "" {
		return d
	}
	moved, subject := *d, *d.Subject
	subject.Filename = name(subject.Filename)
	moved.Subject = &subject
	if d.Context != nil {
		context := *d.Context
		context.Filename = subject.Filename
		moved.Context = &context
	}
	if x, _ := d.Extra.(extra); x.call != nil {
		call := *x.call
		call.Steps = slices.Clone(call.Steps)
		for i := range call.Steps {
			at := &call.Steps[i].Place
			if at.Filename != "" {
				at.Filename = name(at.Filename)
			}
		}
		moved.Extra = extra{x.code, &call, x.blocks}
	}
	return &moved
}

// A Collector collects diagnostics.
type Collector struct {
	Found      hcl.Diagnostics
	more       map[hcl.DiagnosticSeverity]int // how many were left out; see trim
	compared   int                            // names that were compared to find near ones
	ignores    map[ignoreKey]*IgnoreComment
	HideValues bool     // a variable is sensitive, so no value is shown
	Secrets    []string // texts that a sensitive value takes part in, longest first

	Makers []hcl.Range // blocks in the text that make several: see made.go
	Within string      // the block that is looked at

	Source func(hcl.Range) string // the text at a place; nil if it is not known
}

// Conceal makes a text one that is not shown from now on.
func (r *Collector) Conceal(text string) {
	at, known := slices.BinarySearchFunc(r.Secrets, text, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	if !known && text != "" {
		r.Secrets = slices.Insert(r.Secrets, at, text)
	}
}

// conceal hides sensitive values in what was found.
func (r *Collector) conceal() {
	if len(r.Secrets) == 0 {
		return
	}
	for _, d := range r.Found {
		d.Detail = terminal.Hide(d.Detail, r.Secrets)
		for i, block := range BlocksOf(d) {
			BlocksOf(d)[i] = terminal.Hide(block, r.Secrets)
		}
		if x, _ := d.Extra.(extra); x.call != nil {
			for i, step := range x.call.Steps {
				x.call.Steps[i].Text = terminal.Hide(step.Text, r.Secrets)
			}
		}
	}
}

// Of each severity this many diagnostics are reported. Nobody reads more at
// once, and a damaged file can give rise to a hundred thousand.
const MaxDiagnostics = 100

// Report adds a diagnostic. The detail says what is wrong, what it would mean,
// and what to do.
func (r *Collector) Report(code string, at hcl.Range, detail string, args ...any) {
	r.ReportCall(code, at, nil, fmt.Sprintf(detail, args...))
}

// ReportCall adds a diagnostic with the call that shows what is wrong, nil for
// none.
func (r *Collector) ReportCall(code string, at hcl.Range, call *CounterExample, detail string) {
	rule := RuleOf(code)
	severity := hcl.DiagError
	if rule.Warning {
		severity = hcl.DiagWarning
	}
	r.Found = append(r.Found, &hcl.Diagnostic{
		Severity: severity,
		Summary:  rule.Summary,
		Detail:   bounded(detail),
		Subject:  at.Ptr(),
		Extra:    extra{code, call, r.made(at)},
	})
	r.trimMany()
}

// Adopt adds diagnostics that HCL reported, giving each the code of its
// summary, or else the given one.
func (r *Collector) Adopt(code string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if CodeOf(d) == "" {
			d.Extra = extra{code: CodeOfSummary(d.Summary, code), blocks: r.madeOf(d)}
			if strings.HasPrefix(d.Summary, "Unexpected \"") {
				d.Summary = "Unexpected block" // it held the name that a user chose
			}
		}
		if r.HideValues {
			d.Expression, d.EvalContext = nil, nil
		}
		d.Detail = bounded(d.Detail)
		r.Found = append(r.Found, d)
		r.trimMany()
	}
}

// longestDetail bounds the detail of a diagnostic, in bytes: it may quote a name of
// a megabyte, a hundred times.
const longestDetail = 4000

// bounded is a detail that is not too long.
func bounded(detail string) string {
	if len(detail) <= longestDetail {
		return detail
	}
	return strings.ToValidUTF8(detail[:longestDetail], "") + "…"
}

// CodeOfSummary maps the summaries of HCL's own errors about attributes, blocks
// and labels to codes.
func CodeOfSummary(summary, otherwise string) string {
	ends := func(suffix string) bool { return strings.HasSuffix(summary, suffix) }
	switch word, _, _ := strings.Cut(summary, " "); {
	case summary == "Unsupported argument", summary == "Unsupported block type", word == "Unexpected" && ends(" block"):
		return "IVR107"
	case summary == "Missing required argument", word == "Missing" && ends(" block"):
		return "IVR108"
	case word == "Missing" && strings.Contains(summary, " for "), strings.HasPrefix(summary, "Extraneous label"),
		ends(" dynamic block label"), ends(" dynamic block labels"):
		return "IVR110"
	case summary == "Attribute redefined", word == "Duplicate" && ends(" block"), word == "Extraneous" && ends(" block"):
		return "IVR111"
	}
	return otherwise
}

// Sorted returns the diagnostics by file and position, each cause once, and
// says how many are left out where there are very many.
func (r *Collector) Sorted() hcl.Diagnostics {
	r.dropRepeated()
	r.conceal()
	r.trim()
	r.nameBlocks()
	for _, rest := range []struct {
		severity hcl.DiagnosticSeverity
		code     string
	}{{hcl.DiagError, "IVR115"}, {hcl.DiagWarning, "IVR611"}} {
		if n := r.more[rest.severity]; n > 0 {
			last := r.Found[r.lastOf(rest.severity)]
			r.Report(rest.code, SubjectOf(last), "There are %d more from here on. Fix the first ones and run the command again.", n)
		}
	}
	r.sort()
	return r.Found
}

// dropRepeated keeps one of the errors that say the same of one local value or
// variable: the mistake is there, and not where it is used.
func (r *Collector) dropRepeated() {
	if r.Source == nil {
		return
	}
	r.sort()
	seen := map[[3]string]bool{}
	r.Found = slices.DeleteFunc(r.Found, func(d *hcl.Diagnostic) bool {
		text := r.Source(SubjectOf(d))
		if d.Severity != hcl.DiagError || !strings.HasPrefix(text, "local.") && !strings.HasPrefix(text, "var.") {
			return false
		}
		said := [3]string{CodeOf(d), d.Detail, text}
		if seen[said] {
			return true
		}
		seen[said] = true
		return false
	})
}

// lastOf is the index of the last diagnostic of a severity.
func (r *Collector) lastOf(severity hcl.DiagnosticSeverity) int {
	last := 0
	for i, d := range r.Found {
		if d.Severity == severity {
			last = i
		}
	}
	return last
}

// trimMany trims when it is worth while.
func (r *Collector) trimMany() {
	if len(r.Found) > 20*MaxDiagnostics {
		r.trim()
	}
}

// trim keeps the first diagnostics of each severity and counts the others.
func (r *Collector) trim() {
	r.dropIgnored() // before they are counted
	r.sort()
	kept := map[hcl.DiagnosticSeverity]int{}
	r.Found = slices.DeleteFunc(r.Found, func(d *hcl.Diagnostic) bool {
		kept[d.Severity]++
		if kept[d.Severity] <= MaxDiagnostics {
			return false
		}
		if r.more == nil {
			r.more = map[hcl.DiagnosticSeverity]int{}
		}
		r.more[d.Severity]++
		return true
	})
}

// sort sorts the diagnostics by file and position, and drops those that are
// there twice.
func (r *Collector) sort() {
	slices.SortStableFunc(r.Found, func(a, b *hcl.Diagnostic) int {
		x, y := SubjectOf(a), SubjectOf(b)
		return cmp.Or(
			strings.Compare(x.Filename, y.Filename), cmp.Compare(x.Start.Byte, y.Start.Byte),
			strings.Compare(CodeOf(a), CodeOf(b)), strings.Compare(a.Detail, b.Detail),
		)
	})
	var first *hcl.Diagnostic
	r.Found = slices.DeleteFunc(r.Found, func(d *hcl.Diagnostic) bool {
		if first != nil && SubjectOf(d) == SubjectOf(first) && CodeOf(d) == CodeOf(first) && d.Detail == first.Detail {
			joinBlocks(first, d)
			return true
		}
		first = d
		return false
	})
}

// SubjectOf returns the range that a diagnostic is about, the zero range for none.
func SubjectOf(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

// DidYouMean returns ` Did you mean "x"?` for the candidate nearest to a name
// that was given, and "" if none is near. Very many names are not compared.
func (r *Collector) DidYouMean(given string, candidates []string) string {
	const longest, most = 64, 200_000
	if r.compared += len(candidates); len(given) > longest || r.compared > most {
		return ""
	}
	best, distance := "", 3
	for _, candidate := range candidates {
		if difference := len(candidate) - len(given); difference > 2 || difference < -2 {
			continue
		}
		d := levenshtein.Distance(strings.ToLower(given), strings.ToLower(candidate), nil)
		if d < distance && 2*d <= len(given) {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}

// Place writes a position for people: "main.ivr.hcl:12".
func Place(at hcl.Range) string {
	return fmt.Sprintf("%s:%d", at.Filename, at.Start.Line)
}
