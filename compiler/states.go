package compiler

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	calltests "github.com/ivrc/ivrc/compiler/internal/calltest"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// compileStates compiles the configuration in every state that call tests set its
// variables to, and reads the tests of each. Warnings are not repeated: they hold
// for every state.
func (result *Result) compileStates(r *diagnostic.Collector, in Input, states []calltests.VariableState) {
	if r.Found.HasErrors() {
		return
	}
	for i, s := range states {
		in.Variables.Fixed, in.wanted = s.Values, s.Names
		state, _, diags := compileFlow(in, false)
		result.States = append(result.States, state)
		if diags.HasErrors() {
			reportState(r, s, diags)
			continue
		}
		read := map[string]int{}
		for k, t := range state.CallTests {
			read[t.Name] = k
		}
		for k, t := range result.CallTests {
			if t.State != i+1 {
				continue
			}
			found, ok := read[t.Name]
			if !ok {
				r.Report("IVR711", s.Place(), "With these values there is no test %q any more, because for_each depends on them. Let it depend on nothing that the test sets.", t.Name)
				continue
			}
			result.CallTests[k] = state.CallTests[found]
			result.CallTests[k].State = i + 1
		}
	}
}

// reportState reports what is wrong with a state: mistakes of the tests where they
// are made, and the first of the configuration where the state is set.
func reportState(r *diagnostic.Collector, s calltests.VariableState, diags hcl.Diagnostics) {
	refused := false
	for _, d := range diags {
		at := diagnostic.SubjectOf(d)
		switch {
		case d.Severity != hcl.DiagError:
		case strings.HasSuffix(at.Filename, calltests.CallTestSuffix):
			r.Found = append(r.Found, d)
		case !refused:
			refused = true
			r.Report("IVR711", s.Place(), "With these values the configuration is refused, at %s: %s (%s)", diagnostic.Place(at), d.Detail, diagnostic.CodeOf(d))
		}
	}
}
