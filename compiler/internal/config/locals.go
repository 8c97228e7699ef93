package config

// Local values. Each is evaluated after those that it names, depth first:
//
//	locals {
//	  greeting = "Welcome to ${local.company}."   second
//	  company  = "Example"                        first
//	}
//
// A local value that names a block, or another that does, waits for a second
// pass: the blocks may come from a dynamic block, which the others feed.

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// CollectLocals adds the values of one locals block.
func (e *Evaluator) CollectLocals(locals map[string]*hcl.Attribute, values hcl.Attributes) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if first := locals[name]; first != nil {
			e.Diags.Report("IVR109", values[name].NameRange, "The local value %q is defined already, at %s. Remove one of the two.", name, diagnostic.Place(first.Range))
			continue
		}
		locals[name] = values[name]
	}
}

// EvaluateLocals evaluates the local values: at first only those that do not
// refer to blocks, then, with blocks, the others.
func (e *Evaluator) EvaluateLocals(locals map[string]*hcl.Attribute, blocks bool) {
	l := localEvaluation{eval: e, locals: locals, blocks: blocks, state: map[string]localState{}, values: map[string]cty.Value{}}
	if done, ok := e.Context.Variables["local"]; ok && done.LengthInt() > 0 {
		l.values = done.AsValueMap()
	}
	for _, name := range e.Names["local"] {
		l.evaluate(name, 1)
	}
	e.Context.Variables["local"] = cty.ObjectVal(l.values)
}

type localState int

const (
	localUnknown localState = iota
	localInProgress
	localDone
	localDeferred // refers to a block
)

// A localEvaluation is one pass over the local values.
type localEvaluation struct {
	eval   *Evaluator
	locals map[string]*hcl.Attribute
	blocks bool
	state  map[string]localState
	values map[string]cty.Value
	path   []string // the local values that are being evaluated
}

// evaluate evaluates one local value that others of some depth refer to.
func (l *localEvaluation) evaluate(name string, depth int) localState {
	attribute := l.locals[name]
	if _, done := l.values[name]; done || attribute == nil {
		return localDone
	}
	switch l.state[name] {
	case localInProgress:
		l.cycle(attribute)
		l.values[name] = cty.DynamicVal
		return localDone
	case localUnknown:
	default:
		return l.state[name]
	}
	if depth > maxLocalDepth {
		l.eval.Diags.Report("IVR316", attribute.NameRange, "More than %d local values refer to each other in a row here.", maxLocalDepth)
		l.values[name] = cty.DynamicVal
		return localDone
	}
	l.state[name] = localInProgress
	l.path = append(l.path, name)
	defer func() { l.path = l.path[:len(l.path)-1] }()
	named := map[string]cty.Value{}
	for _, traversal := range attribute.Expr.Variables() {
		if root := traversal.RootName(); !l.blocks && isReferenceRoot(root) {
			l.state[name] = localDeferred
			return localDeferred
		}
		other, ok := nameIn(traversal)
		if !ok || traversal.RootName() != "local" {
			continue
		}
		if l.evaluate(other, depth+1) == localDeferred {
			l.state[name] = localDeferred
			return localDeferred
		}
		if value, ok := l.values[other]; ok {
			named[other] = value
		}
	}
	if _, done := l.values[name]; !done {
		// Only what is named, because an object of all would be made for each.
		context := l.eval.Context.NewChild()
		context.Variables = map[string]cty.Value{"local": cty.ObjectVal(named)}
		l.values[name], _ = l.eval.markedValue(attribute.Expr, context)
	}
	l.state[name] = localDone
	return localDone
}

// cycle reports a local value that depends on itself.
func (l *localEvaluation) cycle(attribute *hcl.Attribute) {
	others := l.path[slices.Index(l.path, attribute.Name)+1:]
	way := ""
	if len(others) > 0 {
		way = ", by way of local." + strings.Join(others[:min(len(others), 10)], ", local.")
	}
	l.eval.Diags.Report("IVR206", attribute.NameRange, "The value of local.%s depends on itself%s. Break the cycle.", attribute.Name, way)
}

// maxLocalDepth bounds how many local values refer to each other in a row.
const maxLocalDepth = 1000

// nameIn is the name behind the root of a traversal: "main" in menu.main and in
// menu["main"].
func nameIn(traversal hcl.Traversal) (string, bool) {
	if len(traversal) < 2 {
		return "", false
	}
	switch step := traversal[1].(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString(), true
		}
	}
	return "", false
}
