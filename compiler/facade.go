package compiler

// What the compiler shows of its stages. Whoever imports this package needs no
// stage, and could not import one.

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	calltests "github.com/ivrc/ivrc/compiler/internal/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
	"github.com/ivrc/ivrc/compiler/internal/source"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
)

// What goes in and comes out, beside [Input] and [Result].
type (
	// Assignments are the values given to variables from outside the
	// configuration's directory.
	Assignments = config.Assignments
	// An Assignment is one -var or one -var-file.
	Assignment = config.Assignment
	// A Choice is which environment a configuration is compiled for.
	Choice = config.Choice
	// An Environment is what an environment block says.
	Environment = config.Environment
	// Positions says in which file and on which line each block begins.
	Positions = config.Positions
	// A Deployment is where a configuration says that its bundle goes.
	Deployment = model.Deployment
	// A DeployedUser is a user who places calls with ivrc dial.
	DeployedUser = model.DeployedUser
)

// What the compiler proves of a number.
type (
	// A WorstCase is how long callers of a number can be kept, at the latest.
	WorstCase = proof.WorstCase
	// A Latest is when something happens at the latest, and the way there.
	Latest = proof.Latest
)

// MostPaths is where the counting of paths stops: there are as many, or more.
const MostPaths = proof.MostPaths

// A CounterExample is a call in which what is wrong with a configuration shows.
type CounterExample = diagnostic.CounterExample

// CounterExampleOf returns the call that a diagnostic tells, nil if it tells none.
func CounterExampleOf(d *hcl.Diagnostic) *CounterExample { return diagnostic.CounterExampleOf(d) }

// CodeOf returns the code of a diagnostic that [Compile] or [Format] reported,
// "" for any other.
func CodeOf(d *hcl.Diagnostic) string { return diagnostic.CodeOf(d) }

// BlocksOf returns which blocks a diagnostic is about, where its place is not enough
// to tell, because a dynamic block makes many: "user.ann".
func BlocksOf(d *hcl.Diagnostic) []string { return diagnostic.BlocksOf(d) }

// Located returns a diagnostic in which files are named as name has them:
// editors, pipelines and readers follow a path from where the program was started.
func Located(d *hcl.Diagnostic, name func(string) string) *hcl.Diagnostic {
	return diagnostic.Located(d, name)
}

// A Progress says how far a compilation has come, to whoever waits for it in
// another goroutine and may have to give up.
type Progress = source.Progress

// A Stage is where a compilation is.
type Stage = source.Stage

// Stopped returns the diagnostic of a compilation that was given up at a stage
// because of what it had taken, such as "8s of CPU time".
func Stopped(at Stage, taken string) *hcl.Diagnostic {
	r := &diagnostic.Collector{}
	if at.Evaluated {
		r.Report("IVR324", at.At, "After %s, the proof and the documents of this configuration were not complete. Have fewer menus, attempts and queues, or split the configuration.", taken)
	} else {
		r.Report("IVR324", at.At, "After %s, this was still being read or evaluated. Keep large data in a file, read it with csvdecode or jsondecode, and keep only what a call can need.", taken)
	}
	return r.Found[0]
}

// Shown is the source of a file as it may be shown: without the defaults of sensitive
// variables, and without the values in a file of values.
func Shown(name string, text []byte) []byte { return config.Shown(name, text) }

// ParseTime reads a time with an offset from UTC, or without one that in a time zone;
// then it is local.
func ParseTime(text, zone string) (at time.Time, local bool, err error) {
	return resolve.ParseTime(text, zone)
}

// TimeZone returns a time zone by its name, the same on every machine.
func TimeZone(name string) (*time.Location, error) { return timezone.Load(name) }

// The tables of the reference.
type (
	// A Rule is one kind of mistake that the compiler can find.
	Rule = diagnostic.Rule
	// A LintRule is a rule about what callers would find hard.
	LintRule = diagnostic.LintRule
	// A Limit is one row of the table of limits.
	Limit = model.Limit
	// A CallWord is a function of the language of call tests.
	CallWord = calltests.Word
)

// Rules returns the table of everything that the compiler can report, by code.
func Rules() []Rule { return diagnostic.Rules() }

// LintRules returns the table of what callers would find hard, by code.
func LintRules() []LintRule { return diagnostic.LintRules() }

// Limits returns the table of limits on what a configuration says.
func Limits() []Limit { return model.Limits() }

// CallWords returns the vocabulary of call tests, in the order of the reference.
func CallWords() []CallWord { return calltests.Words() }
