package command

// What becomes of a command that could not do its work. People read why on
// standard error; programs that asked for JSON find one document on standard
// output, whatever went wrong, and nothing else:
//
//	$ ivrc plan -json office
//	{
//	  "format_version": "1.0",
//	  "error": "the configuration has 1 error",
//	  "diagnostics": [ … ]
//	}

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
)

// errFindings is the error of a command that did its work and found something,
// which it has written already.
var errFindings = errors.New("findings")

// errReported is the error of a command that has said already what is wrong, in
// the format that was asked for.
var errReported = errors.New("reported")

// An invalidError is the error of a command whose configuration has mistakes.
// People have seen them already.
type invalidError struct{ diagnostics hcl.Diagnostics }

func (e *invalidError) Error() string {
	return "the configuration has " + count(newReport(e.diagnostics).ErrorCount, "error")
}

// failure is an error as JSON.
type failure struct {
	FormatVersion string             `json:"format_version"`
	Error         string             `json:"error"`
	Diagnostics   []reportDiagnostic `json:"diagnostics,omitempty"` // of a configuration with mistakes
	Problems      []deploy.Problem   `json:"problems,omitempty"`    // why a plan is refused, for each resource
	Done          []deploy.Address   `json:"done,omitempty"`        // of an apply that stopped
	NotDone       []deploy.Address   `json:"not_done,omitempty"`
}

// newFailure makes the JSON form of an error.
func newFailure(err error) failure {
	f := failure{FormatVersion: "1.0", Error: terminal.Lines(err.Error())}
	var invalid *invalidError
	var refusal *deploy.Refusal
	var partial *deploy.PartialApply
	if errors.As(err, &invalid) {
		f.Diagnostics = newReport(invalid.diagnostics).Diagnostics
	}
	if errors.As(err, &refusal) {
		f.Error, f.Problems = terminal.Lines(strings.TrimSuffix(refusal.Reason, ":")), refusal.Problems
	}
	if errors.As(err, &partial) {
		f.Done, f.NotDone = partial.Done, partial.NotDone
	}
	return f
}

// fail says why a command could not do its work.
func (p *Program) fail(err error) {
	if errors.Is(err, errFindings) || errors.Is(err, errReported) {
		return
	}
	var invalid *invalidError
	if !errors.As(err, &invalid) {
		fmt.Fprintf(p.Stderr, "%s %s\n", p.paint(red, "Error:"), terminal.Lines(err.Error()))
	}
	if wantsJSON(p.Args) {
		_ = writeJSON(p.Stdout, newFailure(err)) // whoever cannot read it has the exit code
	}
}

// wantsJSON reports whether a command line asks for JSON. It reads the words
// themselves, because a command line that is wrong has no options yet.
func wantsJSON(args []string) bool {
	flag, format := false, ""
	args = longFlags(args)
	for i, arg := range args {
		name, value, given := strings.Cut(arg, "=")
		switch {
		case arg == "--":
			return flag || format == "json"
		case name == "--json":
			on, err := strconv.ParseBool(value)
			flag = !given || err != nil || on
		case name == "--format" && given:
			format = value
		case name == "--format" && i+1 < len(args):
			format = args[i+1]
		}
	}
	return flag || format == "json"
}
