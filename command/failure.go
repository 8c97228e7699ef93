package command

// How commands fail. People read the reason on standard error; programs that asked
// for JSON get one document on standard output, whatever went wrong:
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

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// errFindings is the error of a command that succeeded, found something, and has
// written it.
var errFindings = errors.New("findings")

// errBraked is the error of a command that found changes which apply refuses.
var errBraked = errors.New("a mass change")

// errReported is the error of a command that has already written what is wrong, in
// the format that was asked for.
var errReported = errors.New("reported")

// isReport reports whether an error only says how a command ended that has written
// everything.
func isReport(err error) bool {
	return errors.Is(err, errFindings) || errors.Is(err, errBraked) || errors.Is(err, errReported)
}

// fail says why a command could not do its work.
func (p *Program) fail(err error) {
	if isReport(err) {
		return
	}
	var invalid *report.InvalidError
	if !errors.As(err, &invalid) {
		fmt.Fprintf(p.Stderr, "%s %s\n", p.output().Paint(report.Red, "Error:"), terminal.Lines(err.Error()))
	}
	if wantsJSON(p.Args) {
		_ = p.output().Failure(err) // whoever cannot read it has the exit code
	}
}

// wantsJSON reports whether a command line asks for JSON. It looks at the arguments
// themselves, because a command line with a mistake has not been parsed.
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
