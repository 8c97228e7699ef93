package report

// The errors of commands, for programs.

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
)

// An InvalidError is the error of a command whose configuration has mistakes.
// People have seen them already.
type InvalidError struct{ Diagnostics hcl.Diagnostics }

func (e *InvalidError) Error() string {
	wrong, _ := Validation{Diagnostics: e.Diagnostics}.counts()
	return "the configuration has " + Count(wrong, "error")
}

// failedJSON is an error as JSON.
type failedJSON struct {
	FormatVersion string           `json:"format_version"`
	Error         string           `json:"error"`
	Diagnostics   []diagnosticJSON `json:"diagnostics,omitempty"` // of a configuration with mistakes
	Problems      []deploy.Problem `json:"problems,omitempty"`    // why a plan is refused, for each resource
	Done          []deploy.Address `json:"done,omitempty"`        // of an apply that stopped
	NotDone       []deploy.Address `json:"not_done,omitempty"`
}

// Failure writes an error as JSON.
func (o Output) Failure(err error) error {
	f := failedJSON{FormatVersion: "1.0", Error: terminal.Lines(err.Error())}
	var invalid *InvalidError
	var refusal *deploy.RefusedError
	var partial *deploy.PartialApply
	if errors.As(err, &invalid) {
		f.Diagnostics = Validation{Diagnostics: invalid.Diagnostics}.document().Diagnostics
	}
	if errors.As(err, &refusal) {
		f.Error, f.Problems = terminal.Lines(strings.TrimSuffix(refusal.Reason, ":")), refusal.Problems
	}
	if errors.As(err, &partial) {
		f.Done, f.NotDone = partial.Done, partial.NotDone
	}
	return o.JSON(f)
}
