package config

// Evaluation. Everything is evaluated in one shared context, which is built in
// this order: variables, then the locals that do not refer to blocks, then the
// names of all blocks (which dynamic blocks may take from locals), then the
// remaining locals. A reference such as menu.main is a value of its own type:
// it can be passed through locals, conditionals and lists until a destination
// is expected.
//
// An expression cannot do more work than the budget allows; see budget.go.

import (
	"io/fs"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// An Evaluator holds the shared context.
type Evaluator struct {
	Diags        *diagnostic.Collector
	Files        source.Directory
	stock        []string          // the names of the built-in messages
	FirstFile    string            // the name of the first file, for what no line is to blame for
	Texts        map[string][]byte // the text of every file that was read, by name
	Context      *hcl.EvalContext
	Budget       *source.Budget
	Names        map[string][]string     // kind, "var" or "local" → declared names, sorted
	damaged      map[string]bool         // kinds of which a block could not be read, "" for any kind
	HoldsUnknown map[hcl.Range]bool      // headers of blocks that hold something unknown
	values       map[Reference]cty.Value // the value of each reference
	Environments []*Environment          // that are declared, sorted by name
	Chosen       *Environment            // one of them, or nil
	Wanting      bool                    // a variable has a value only where an environment is chosen
	Words        []string                // of call tests, while they are read
}

// NewEvaluator returns an evaluator that reads files of a directory. Stock are the
// names of the built-in messages.
func NewEvaluator(r *diagnostic.Collector, files fs.FS, stock []string) *Evaluator {
	b := source.NewBudget()
	reader := source.Directory{Files: files}
	return &Evaluator{
		Diags:        r,
		Files:        reader,
		stock:        stock,
		Texts:        map[string][]byte{},
		Budget:       b,
		Names:        map[string][]string{},
		damaged:      map[string]bool{},
		HoldsUnknown: map[hcl.Range]bool{},
		Context: &hcl.EvalContext{
			Variables: map[string]cty.Value{},
			Functions: functions(reader, b),
		},
	}
}

// Load evaluates the declarations of the sources and decodes the rest. It returns nil
// if an environment has to be chosen, and was not.
func (e *Evaluator) Load(sources []*loadedFile, given Assignments) *Config {
	var declared []VariableBlock
	var environments []EnvironmentBlock
	locals := map[string]*hcl.Attribute{}
	bodies := make([]hcl.Body, len(sources))
	for i, s := range sources {
		if s.decoded != nil {
			continue
		}
		e.Budget.Bound(s.Body)
		bodies[i] = s.Body
		if !slices.ContainsFunc(s.Body.Blocks, declares) {
			continue
		}
		var d Declarations
		e.ReportDecoding(s.Body, gohcl.DecodeBody(s.Body, nil, &d))
		declared, environments = append(declared, d.Variables...), append(environments, d.Environments...)
		for _, block := range d.Locals {
			e.CollectLocals(locals, block.Values)
		}
		bodies[i] = d.Rest
	}
	if e.environments(environments, declared); !e.choose(given.Choice) {
		return nil
	}
	e.Context.Variables["var"] = e.variables(declared, given)
	e.Names["local"] = slices.Sorted(maps.Keys(locals))
	e.EvaluateLocals(locals, false)
	c := &Config{}
	for i, s := range sources {
		if s.decoded != nil {
			c.add(*s.decoded)
		} else if body, ok := e.expand(s, bodies[i]); ok {
			part, diags := DecodeBlocks(s.Body, body)
			e.ReportDecoding(s.Body, diags)
			c.add(part)
		}
		s.Body, s.decoded = nil, nil // the attributes hold what is needed of the syntax tree
	}
	e.declareBlocks(c)
	e.EvaluateLocals(locals, true)
	return c
}

// expand replaces the dynamic blocks of a file by what they generate.
func (e *Evaluator) expand(s *loadedFile, body hcl.Body) (hcl.Body, bool) {
	if !HasDynamic(s.Body) {
		return body, true
	}
	if !e.checkDynamic(s.Body) {
		e.damaged[""] = true
		return nil, false
	}
	return dynblock.Expand(body, e.Context), true
}

// HasDynamic reports whether a body contains a dynamic block at any depth.
func HasDynamic(body *hclsyntax.Body) bool {
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool {
		return b.Type == "dynamic" || HasDynamic(b.Body)
	})
}

// checkDynamic finds dynamic blocks, and reports those whose iterator would hide the
// blocks of the same name: in dynamic "menu" without an iterator, menu.main would look
// for an attribute of the iterator.
func (e *Evaluator) checkDynamic(body *hclsyntax.Body) bool {
	ok := true
	for _, block := range body.Blocks {
		ok = e.checkDynamic(block.Body) && ok
		if block.Type == "dynamic" {
			e.Diags.Makers = append(e.Diags.Makers, block.Range())
		}
		if block.Type != "dynamic" || len(block.Labels) != 1 || block.Body.Attributes["iterator"] != nil {
			continue
		}
		if slices.Contains(blockKinds(), block.Labels[0]) {
			e.Diags.Report("IVR210", block.DefRange(), "Inside this block, %s means the current element, so that no %s block could be named there. Add an iterator, such as iterator = each, and write each.value.", block.Labels[0], block.Labels[0])
			ok = false
		}
	}
	return ok
}

// declareBlocks makes the names of all blocks known, and reports names that are
// not valid or not unique.
func (e *Evaluator) declareBlocks(c *Config) {
	e.values = map[Reference]cty.Value{}
	seen, repeated := map[Reference]hcl.Range{}, false
	declare := func(kind, name string, at hcl.Range) {
		ref := Reference{kind, name}
		if first, ok := seen[ref]; ok {
			e.Diags.Report("IVR109", at, "There is a %s named %q already, at %s. Callers could reach only one of them; rename or remove the other.", Spoken(kind), name, diagnostic.Place(first))
			repeated = true
			return
		}
		seen[ref] = at
		if !ValidName(name) {
			e.Diags.Report("IVR110", at, "The name %q cannot be used in the address of a document. Use letters, digits, - and _, at most 64, and begin with a letter.", name)
		}
		e.Names[kind] = append(e.Names[kind], name)
		e.values[ref] = cty.CapsuleVal(referenceType, &ref)
	}
	c.eachBlock(declare)
	if repeated {
		c.keepFirst()
	}
	for _, name := range e.stock {
		ref := Reference{KindStock, name}
		e.Names[KindStock] = append(e.Names[KindStock], name)
		e.values[ref] = cty.CapsuleVal(referenceType, &ref)
	}
	for _, kind := range append(slices.Clone(blockKinds()), KindStock) {
		slices.Sort(e.Names[kind])
		attributes := make(map[string]cty.Value, len(e.Names[kind]))
		for _, name := range e.Names[kind] {
			attributes[name] = e.values[Reference{kind, name}]
		}
		e.Context.Variables[kind] = cty.ObjectVal(attributes)
	}
	for _, end := range ends {
		e.Context.Variables[end] = cty.CapsuleVal(referenceType, &Reference{Kind: end})
	}
}

// ValidName reports whether a block's name can be part of a URL path.
func ValidName(name string) bool {
	for i, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_')) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// Value evaluates an expression. Where that fails it reports why and returns an
// unknown value and false.
func (e *Evaluator) Value(expr hcl.Expression) (cty.Value, bool) {
	return e.ValueIn(expr, e.Context)
}

// ValueIn is Value in a context of its own, such as that of the prompt of an
// option. Outside of expressions a value has no marks; what is sensitive about it
// is not shown.
func (e *Evaluator) ValueIn(expr hcl.Expression, context *hcl.EvalContext) (cty.Value, bool) {
	value, ok := e.markedValue(expr, context)
	return e.Unmarked(value), ok
}

// markedValue is ValueIn for what other expressions name.
func (e *Evaluator) markedValue(expr hcl.Expression, context *hcl.EvalContext) (cty.Value, bool) {
	e.Budget.Progress.Reach(expr.Range())
	value, diags := expr.Value(context)
	if e.Overspent(expr.Range()) {
		return cty.DynamicVal, false
	}
	if diags.HasErrors() {
		switch {
		case e.explain(expr, context):
		case namesSensitive(expr, context):
			e.Diags.Report("IVR201", expr.Range(), "This expression cannot be evaluated with the value that it is given. What is wrong would tell a sensitive value, so it is not shown; to see it, try the expression with another value.")
		default:
			e.adopt("IVR201", diags)
		}
		return cty.DynamicVal, false
	}
	s, err := e.Budget.Measure(value)
	if err != nil && e.Overspent(expr.Range()) {
		return cty.DynamicVal, false
	}
	if s.Elements > source.MaxValueElements {
		e.Diags.Report("IVR317", expr.Range(), "This value holds more than %d elements. Keep only what a call can need.", source.MaxValueElements)
		return cty.DynamicVal, false
	}
	return value, value.IsWhollyKnown()
}

// Overspent reports that an expression costs too much. Once the whole budget is
// spent, that is reported once.
func (e *Evaluator) Overspent(at hcl.Range) bool {
	b := e.Budget
	switch failed := b.Failed; {
	case failed != nil:
		b.Failed = nil
		e.Diags.Report("IVR317", at, "This is not evaluated: %s.", failed)
	case b.Spent == nil:
		return false
	case !b.Reported:
		b.Reported = true
		e.Diags.Report("IVR317", at, "Evaluation stops here: %s. Keep large data in a file, read it with csvdecode or jsondecode, and keep only what a call can need.", b.Spent)
	}
	return true
}

// TextAt is what stands in a file at a place, "" if the file is not known.
func (e *Evaluator) TextAt(at hcl.Range) string {
	text := e.Texts[at.Filename]
	if at.End.Byte > len(text) || at.Start.Byte > at.End.Byte {
		return ""
	}
	return string(text[at.Start.Byte:at.End.Byte])
}

// IsNull reports whether an attribute is null, which is the same as not given. What
// cannot be null is not evaluated for that, nor is what is evaluated before
// blocks are known, which has a context of its own.
func (e *Evaluator) IsNull(a *hcl.Attribute) bool {
	if e.values == nil {
		return false
	}
	switch expr := a.Expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return expr.Val.IsNull()
	case *hclsyntax.TemplateExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return false
	case *hclsyntax.ScopeTraversalExpr:
		if isReferenceRoot(expr.Traversal.RootName()) {
			return false
		}
	}
	value, ok := e.Value(a.Expr)
	return ok && value.IsNull()
}
