package compiler

import (
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
)

// An Input is all that the outcome of a compilation depends on.
type Input struct {
	Files     fs.FS       // the directory of the configuration
	Variables Assignments // values from outside of it
	BaseURL   string      // where the bundle is served, if not as the hosting block says
	Answers   bool        // who serves the bundle answers decisions, whatever the hosting block says
	Version   string      // of the compiler, for the manifest
	CallTests bool        // read the call tests, too
}

// A Result is what a compilation made.
type Result struct {
	Bundle     *bundle.Bundle    // nil if there was an error
	Deployment Deployment        // where the bundle goes
	Positions  Positions         // where the blocks are in the source
	Sources    map[string][]byte // the text of every file that was read, by name, to show diagnostics
	CallTests  []calltest.Test   // in the order of the files, if they were asked for

	graph *callGraph
}

// Compile turns the configuration in a directory into a bundle. It reports
// every mistake that it can find, sorted by position; if one of them is an
// error there is no bundle. The same input gives the same bytes, and nothing
// outside of it has any influence.
func Compile(in Input) (Result, hcl.Diagnostics) {
	result, _, diags := compileFlow(in, false)
	if diags.HasErrors() {
		result.Bundle, result.CallTests = nil, nil
	}
	return result, diags
}

// compile is Compile with the flow, for tests.
func compile(in Input) (Result, *flow, hcl.Diagnostics) {
	result, f, diags := compileFlow(in, true)
	if diags.HasErrors() {
		result.Bundle, result.CallTests = nil, nil
	}
	return result, f, diags
}

// compileFlow is Compile with the flow. Its documents are there only if it is
// kept. There is a bundle, too, of a configuration that was refused after it was
// resolved, so that tests can show on the documents why it was.
func compileFlow(in Input, keep bool) (Result, *flow, hcl.Diagnostics) {
	r := &reporter{}
	var ignores []*ignore
	e := newEvaluator(r, in.Files, stockNames())
	sources := loadFiles(r, in.Files)
	result := Result{Sources: e.read}
	for _, s := range sources {
		e.read[s.name] = s.text
		ignores = append(ignores, s.ignores...)
	}
	if r.found.HasErrors() || len(sources) == 0 {
		return result, nil, r.sorted()
	}
	r.index(ignores)
	e.first = sources[0].name
	c := e.load(sources, in.Variables)
	result.Positions = c.positions()
	m := resolve(e, c, serving{in.BaseURL, in.Answers})
	result.Deployment = m.deployment()
	if r.found.HasErrors() {
		r.applyIgnores(ignores, false)
		return result, nil, r.sorted()
	}
	result.graph = prove(r, m)
	lint(r, result.graph)
	f := lower(r, m)
	if f.made > maxDocuments {
		r.applyIgnores(ignores, false)
		return result, nil, r.sorted()
	}
	b := emit(r, m, f, result.Positions, in.Version, keep)
	r.applyIgnores(ignores, true)
	result.Bundle = b
	if in.CallTests && !r.found.HasErrors() {
		result.CallTests = readCallTests(e, in.Files, m)
	}
	return result, f, r.sorted()
}

// Rules is the table of everything that the compiler can report, by code.
func Rules() []Rule { return slices.Clone(rules) }
