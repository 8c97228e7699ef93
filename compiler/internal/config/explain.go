package config

// Explaining. HCL says what went wrong with an expression in terms of objects
// and attributes; here that is said in the terms of the language:
//
//	to = ring_group.salse     There is no ring group named "salse" … Did you mean "sales"?
//
// One cause gives one diagnostic: what follows from a mistake that has been
// reported already, such as a block without a name, is not reported again.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// isReferenceRoot reports whether a name begins references to blocks and to
// what is built in.
func isReferenceRoot(name string) bool {
	return slices.Contains(blockKinds(), name) || name == KindStock || slices.Contains(ends, name)
}

// explain reports the names in an expression that do not exist, and tells
// whether that is why it could not be evaluated.
func (e *Evaluator) explain(expr hcl.Expression, context *hcl.EvalContext) bool {
	explained := false
	for _, traversal := range expr.Variables() {
		explained = e.explainName(traversal, context) || explained
	}
	return explained
}

func (e *Evaluator) explainName(traversal hcl.Traversal, context *hcl.EvalContext) bool {
	root, at := traversal.RootName(), traversal.SourceRange()
	name, named := nameIn(traversal)
	switch {
	case e.isInner(root, context):
		return false
	case isReferenceRoot(root) && e.values == nil:
		e.Diags.Report("IVR201", at, "Blocks have no names yet where variables get their values and dynamic blocks are made, so %s cannot be used here. Name it in the content of the block instead.", root)
		return true
	case slices.Contains(ends, root):
		return false
	case slices.Contains(e.Words, root) && len(traversal) == 1:
		e.Diags.Report("IVR202", at, "There is nothing named %q here, but a step: write %s().", root, root)
		return true
	case root != "var" && root != "local" && !isReferenceRoot(root):
		e.Diags.Report("IVR202", at, "There is nothing named %q here.%s A reference is written kind.name, such as menu.main; a string stands in quotes.", root, e.nearRoot(root, context))
		return true
	case !named:
		return false
	case !slices.Contains(e.Names[root], name):
		if !e.Lost(root) {
			e.Diags.Report("IVR202", at, "There is no %s named %q%s.%s", Spoken(root), name, e.consequence(root), e.Diags.DidYouMean(name, e.Names[root]))
		}
		return true
	case root == "local" && e.deferred(name):
		e.Diags.Report("IVR201", at, "The value of local.%s refers to blocks, which are not known yet where dynamic blocks are made. Feed the dynamic block with data, and name blocks in its content.", name)
		return true
	case isReferenceRoot(root) && len(traversal) > 2:
		e.Diags.Report("IVR201", at, "%s.%s stands for the whole block; what is in it cannot be read from here. To use a value in two places, give it a name in a locals block.", root, name)
		return true
	}
	return false
}

// nearRoot suggests what a name that begins nothing may have meant: a block of
// that name, or something with a name like it.
func (e *Evaluator) nearRoot(name string, context *hcl.EvalContext) string {
	for _, kind := range blockKinds() {
		if slices.Contains(e.Names[kind], name) {
			return " Did you mean " + kind + "." + name + "?"
		}
	}
	if known := hint(name); known != "" {
		return known
	}
	roots := append(slices.Concat(blockKinds(), ends), KindStock, "var", "local")
	for ; context != nil && context != e.Context; context = context.Parent() {
		roots = append(roots, slices.Sorted(maps.Keys(context.Variables))...)
	}
	return e.Diags.DidYouMean(name, roots)
}

// Lost reports whether a block of a kind may be missing because of a mistake that
// has been reported.
func (e *Evaluator) Lost(kind string) bool { return e.damaged[kind] || e.damaged[""] }

// deferred reports whether a local value waits until blocks are known.
func (e *Evaluator) deferred(name string) bool {
	done, ok := e.Context.Variables["local"]
	return ok && e.values == nil && !done.Type().HasAttribute(name)
}

// consequence is what a missing block of a kind would mean.
func (e *Evaluator) consequence(root string) string {
	switch root {
	case "var", "local":
		return ""
	case bundle.KindMessage, KindStock:
		return ", so callers would hear nothing"
	case bundle.KindSchedule:
		return ", so nobody could tell when something is open"
	}
	return ", so a call could not be led there"
}

// isInner reports whether a name belongs to a context inside the shared one: the
// key of a prompt, the element of a dynamic block.
func (e *Evaluator) isInner(name string, context *hcl.EvalContext) bool {
	for ; context != nil && context != e.Context; context = context.Parent() {
		if _, ok := context.Variables[name]; ok && name != "local" {
			return true
		}
	}
	return false
}

// Spoken is the name of a root as a message calls it.
func Spoken(root string) string {
	switch root {
	case "var":
		return "variable"
	case "local":
		return "local value"
	case KindStock:
		return "stock message"
	}
	return strings.ReplaceAll(root, "_", " ")
}

// adopt adds diagnostics that HCL reported about expressions.
func (e *Evaluator) adopt(code string, diags hcl.Diagnostics) {
	for _, d := range diags {
		if d.Summary == "Call to unknown function" && diagnostic.CodeOf(d) == "" {
			e.nameFunction(d)
		}
	}
	e.Diags.Adopt(code, diags)
}

// nameFunction suggests the nearest function; HCL takes any that is near, and not
// always the same one.
func (e *Evaluator) nameFunction(d *hcl.Diagnostic) {
	_, rest, _ := strings.Cut(d.Detail, `"`)
	name, _, _ := strings.Cut(rest, `"`)
	names := append(slices.Sorted(maps.Keys(library)), "file", "fileexists", "ical", bundle.Reject)
	names = append(names, e.Words...)
	near := hint(name)
	if near == "" {
		near = e.Diags.DidYouMean(name, names)
	}
	d.Detail = fmt.Sprintf("There is no function named %q.%s", name, near)
}
