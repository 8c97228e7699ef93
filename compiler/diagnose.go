package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
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
	code, _ := d.Extra.(diagnosticCode)
	return string(code)
}

// diagnosticCode is how a diagnostic carries its code.
type diagnosticCode string

// A reporter collects diagnostics.
type reporter struct {
	diags hcl.Diagnostics
}

// report adds a diagnostic. The detail says what is wrong, what it would mean,
// and what to do.
func (r *reporter) report(code string, at hcl.Range, detail string, args ...any) {
	rule := ruleOf(code)
	severity := hcl.DiagError
	if rule.Warning {
		severity = hcl.DiagWarning
	}
	r.diags = append(r.diags, &hcl.Diagnostic{
		Severity: severity,
		Summary:  rule.Summary,
		Detail:   fmt.Sprintf(detail, args...),
		Subject:  at.Ptr(),
		Extra:    diagnosticCode(code),
	})
}

// adopt adds diagnostics that HCL reported, giving each the code of its
// summary, or else the given one.
func (r *reporter) adopt(code string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if CodeOf(d) == "" {
			d.Extra = diagnosticCode(codeOfSummary(d.Summary, code))
		}
		r.diags = append(r.diags, d)
	}
}

// codeOfSummary maps the summaries of HCL's own schema errors to codes.
func codeOfSummary(summary, otherwise string) string {
	switch {
	case strings.HasPrefix(summary, "Unsupported "), strings.HasPrefix(summary, "Unexpected \""):
		return "IVR107"
	case strings.HasPrefix(summary, "Missing required"), strings.HasPrefix(summary, "Insufficient "):
		return "IVR108"
	case strings.HasPrefix(summary, "Missing ") && strings.HasSuffix(summary, " block"):
		return "IVR108"
	case strings.HasPrefix(summary, "Missing name"), strings.HasPrefix(summary, "Extraneous label"):
		return "IVR110"
	case strings.HasPrefix(summary, "Duplicate ") && strings.HasSuffix(summary, " block"):
		return "IVR111"
	}
	return otherwise
}

// sorted returns the diagnostics by file and position, each cause once.
func (r *reporter) sorted() hcl.Diagnostics {
	slices.SortStableFunc(r.diags, func(a, b *hcl.Diagnostic) int {
		x, y := subject(a), subject(b)
		if c := strings.Compare(x.Filename, y.Filename); c != 0 {
			return c
		}
		if x.Start.Byte != y.Start.Byte {
			return x.Start.Byte - y.Start.Byte
		}
		if c := strings.Compare(CodeOf(a), CodeOf(b)); c != 0 {
			return c
		}
		return strings.Compare(a.Detail, b.Detail)
	})
	return slices.CompactFunc(r.diags, func(a, b *hcl.Diagnostic) bool {
		return subject(a) == subject(b) && CodeOf(a) == CodeOf(b) && a.Detail == b.Detail
	})
}

func subject(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

// didYouMean returns ` Did you mean "x"?` for the candidate nearest to a name
// that was given, and "" if none is near.
func didYouMean(given string, candidates []string) string {
	best, distance := "", 3
	for _, candidate := range candidates {
		if d := levenshtein.Distance(given, candidate, nil); d < distance && d < len(candidate) {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}
