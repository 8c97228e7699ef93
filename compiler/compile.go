package compiler

import (
	"io/fs"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	calltests "github.com/ivrc/ivrc/compiler/internal/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/lint"
	"github.com/ivrc/ivrc/compiler/internal/lower"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

// An Input is all that the outcome of a compilation depends on.
type Input struct {
	Files      fs.FS       // the directory of the configuration
	Variables  Assignments // values from outside of it
	BaseURL    string      // where the bundle is served, if not as the hosting block says
	Answers    bool        // who serves the bundle answers decisions, whatever the hosting block says
	Version    string      // of the compiler, for the manifest
	CallTests  bool        // read the call tests, too
	Everywhere bool        // also report what is wrong in any environment, if none is chosen
	Progress   *Progress   // is kept up to date; may be nil

	wanted map[string]bool // the names of the call tests to read; nil for all
}

// A Result is what a compilation made.
type Result struct {
	Bundle     *bundle.Bundle    // nil if there was an error
	Deployment Deployment        // where the bundle goes
	Positions  Positions         // where the blocks are in the source
	Sources    map[string][]byte // the text of every file that was read, by name, to show diagnostics
	Secrets    []string          // texts in which sensitive values are; longest first. See terminal.Hide
	CallTests  []calltest.Test   // in the order of the files, if they were asked for
	States     []Result          // as call tests set the variables; the State of a test counts them from 1

	// Elsewhere lists the blocks that no call reaches as the variables are, and that
	// are named where calls come by when they are otherwise, by address.
	Elsewhere []string

	Environments []*Environment // that the configuration has, sorted by name
	Everywhere   []string       // those in which it was compiled because none was chosen

	ignores []*diagnostic.IgnoreComment
	graph   *proof.CallGraph
	wanting bool // a variable has a value only where an environment is chosen
}

// Compile turns the configuration in a directory into a bundle. It reports
// every mistake that it can find, sorted by position; if one of them is an
// error there is no bundle. The same input gives the same bytes, and nothing
// outside of it has any influence.
func Compile(in Input) (Result, hcl.Diagnostics) {
	result, _, diags := compileFlow(in, false)
	if in.Everywhere && in.Variables.Choice.Name == "" && len(result.Environments) > 0 {
		result, diags = compileEverywhere(in, result, diags)
	}
	if diags.HasErrors() {
		result.Bundle, result.CallTests = nil, nil
	}
	return result, diags
}

// compile is Compile with the flow, for tests.
func compile(in Input) (Result, *lower.DocumentFlow, hcl.Diagnostics) {
	result, f, diags := compileFlow(in, true)
	if diags.HasErrors() {
		result.Bundle, result.CallTests = nil, nil
	}
	return result, f, diags
}

// compileFlow is Compile with the flow. Its documents are there only if it is
// kept. There is a bundle, too, of a configuration that was refused after it was
// resolved, so that tests can show on the documents why it was.
func compileFlow(in Input, keep bool) (made Result, _ *lower.DocumentFlow, _ hcl.Diagnostics) {
	r := &diagnostic.Collector{}
	var ignores []*diagnostic.IgnoreComment
	in.Progress.Begin()
	e := config.NewEvaluator(r, in.Files, model.StockNames())
	e.Budget.Progress = in.Progress
	sources := config.ReadFiles(r, in.Files, in.Progress)
	result := Result{}
	defer func() { made.Sources, made.Secrets = e.Shown(), r.Secrets }()
	for _, s := range sources {
		e.Texts[s.Name] = s.Text
		ignores = append(ignores, s.Ignores...)
	}
	if r.Found.HasErrors() || len(sources) == 0 {
		return result, nil, r.Sorted()
	}
	r.Index(ignores)
	r.Source = e.TextAt
	e.FirstFile = sources[0].Name
	c := e.Load(sources, in.Variables)
	result.Environments, result.wanting, result.ignores = e.Environments, e.Wanting, ignores
	if c == nil {
		return result, nil, r.Sorted()
	}
	result.Positions = c.Positions()
	m := resolve.Resolve(e, c, resolve.Serving{BaseURL: in.BaseURL, Answers: in.Answers})
	result.Deployment = m.Deployment()
	in.Progress.Evaluated(e.FirstFile)
	if r.Found.HasErrors() {
		r.ApplyIgnores(ignores, nil)
		return result, nil, r.Sorted()
	}
	result.graph = proof.Prove(r, m)
	naming := sync.OnceValue(func() *config.Naming { return config.FindNames(sources) })
	result.Elsewhere = lint.Check(r, result.graph, func() map[string][]string { return naming().Names })
	f := lower.Lower(r, m)
	if f.Made > lower.MaxDocuments {
		r.ApplyIgnores(ignores, nil)
		return result, nil, r.Sorted()
	}
	b := lower.Emit(r, m, f, result.Positions, in.Version, keep)
	for _, n := range m.Nodes {
		result.Positions.Inner(n.Address(), n.Position())
	}
	r.ApplyIgnores(ignores, func(file string, line int, code string) bool {
		return code != sharedStore && naming().Settled(file, line, code)
	})
	result.Bundle = b
	if in.CallTests && !r.Found.HasErrors() {
		var states []calltests.VariableState
		result.CallTests, states = calltests.Read(e, in.Files, m, in.wanted)
		result.compileStates(r, in, states)
	}
	return result, f, r.Sorted()
}

// maxWorstCases bounds the work: so many ways are looked at, and the numbers
// after that have no worst case.
const maxWorstCases = 500_000

// WorstCases computes the worst cases of all numbers, by name. There are none
// where the configuration was refused, and none of numbers that are offline. Of
// very many numbers with many blocks behind each there are those of the first
// ones, and the second result says how many were left out.
func (r *Result) WorstCases() (list []WorstCase, leftOut int) {
	if r.graph == nil || r.Bundle == nil {
		return nil, 0
	}
	return r.graph.WorstCases(maxWorstCases)
}
