package calltest

// The variables of call tests. A test that sets some is about another state of the
// configuration, which has to be compiled before the test can be read: names and
// numbers may be others there.
//
//	call "on holidays callers hear that we are closed" {
//	  variables = { closed = true }
//	  …
//	}
//
// The first reading finds the states. For each, the configuration is compiled
// again, and its own tests are read, by their names.

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
)

// A VariableState is one state of the variables that tests set.
type VariableState struct {
	Values config.FixedValues
	Names  map[string]bool // of its tests
	key    string
}

// maxStates bounds how often a configuration is compiled for its tests.
const maxStates = 64

// state puts a test off that sets variables: it is read when its state is compiled.
// It reports whether it did.
func (r *callReader) state(b callConfig, t *calltest.Test) bool {
	if r.wanted != nil {
		return false
	}
	value, ok := r.value(b.Variables)
	if !ok {
		return b.Variables != nil && r.diags.Found.HasErrors()
	}
	at := b.Variables.Expr.Range()
	if !value.Type().IsObjectType() && !value.Type().IsMapType() {
		r.diags.Report("IVR203", at, "This is a map from the names of variables, such as { %s = … }, not %s.", exampleName(r.eval.Names["var"]), describeWord(value))
		return true
	}
	key, err := ctyjson.Marshal(value, value.Type())
	if err != nil || !isData(value) {
		r.diags.Report("IVR203", at, "The value of a variable is plain data, and this holds something else.")
		return true
	}
	s := VariableState{config.FixedValues{Values: map[string]cty.Value{}, At: at}, map[string]bool{}, string(key)}
	for it := value.ElementIterator(); it.Next(); {
		name, v := it.Element()
		if !slices.Contains(r.eval.Names["var"], name.AsString()) {
			r.diags.Report("IVR208", at, "No variable block declares %q, so this value is never used.%s", name.AsString(), r.diags.DidYouMean(name.AsString(), r.eval.Names["var"]))
			return true
		}
		s.Values.Values[name.AsString()] = v
	}
	t.State = 1 + slices.IndexFunc(r.states, func(o VariableState) bool { return o.key == s.key })
	if t.State == 0 {
		r.states = append(r.states, s)
		t.State = len(r.states)
	}
	if len(r.states) == maxStates+1 {
		r.diags.Report("IVR317", at, "The tests set variables to more than %d states, and the configuration is compiled for each. Split the tests.", maxStates)
	}
	r.states[t.State-1].Names[t.Name] = true
	return true
}

// isData reports whether a value holds neither references nor words.
func isData(value cty.Value) bool {
	data := true
	_ = cty.Walk(value, func(_ cty.Path, v cty.Value) (bool, error) {
		data = data && !v.Type().IsCapsuleType()
		return data, nil
	})
	return data
}

// Place is where the first of the state's tests sets its variables.
func (s VariableState) Place() hcl.Range { return s.Values.At }
