package compiler

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
)

// A reference is the value of an expression like menu.main. Two references to
// the same block are equal.
type reference struct {
	kind, name string
}

// address is how the reference is written: "menu.main".
func (r reference) address() string {
	if r.name == "" {
		return r.kind
	}
	return r.kind + "." + r.name
}

// The kinds of reference, which are the names under which expressions find them.
const (
	kindUser      = "user"
	kindMessage   = "message"
	kindRingGroup = "ring_group"
	kindQueue     = "queue"
	kindVoicemail = "voicemail"
	kindMenu      = "menu"
	kindNumber    = "number"
	kindStock     = "stock"
	kindHangup    = "hangup"
)

// blockKinds are the kinds that a configuration declares and may refer to.
var blockKinds = []string{kindUser, kindMessage, kindRingGroup, kindQueue, kindVoicemail, kindMenu, kindNumber}

// An evaluator holds the shared context.
type evaluator struct {
	diags   *reporter
	files   fileReader
	stock   []string          // the names of the built-in messages
	first   string            // the name of the first file, for what no line is to blame for
	read    map[string][]byte // the text of every file that was read, by name
	context *hcl.EvalContext
	budget  *budget
	names   map[string][]string     // kind, "var" or "local" → declared names, sorted
	damaged map[string]bool         // kinds of which a block could not be read, "" for any kind
	flawed  map[hcl.Range]bool      // headers of blocks that hold something unknown
	values  map[reference]cty.Value // the value of each reference
	words   []string                // of call tests, while they are read
}

func newEvaluator(r *reporter, files fs.FS, stock []string) *evaluator {
	b := newBudget()
	reader := fileReader{files}
	return &evaluator{
		diags:   r,
		files:   reader,
		stock:   stock,
		read:    map[string][]byte{},
		budget:  b,
		names:   map[string][]string{},
		damaged: map[string]bool{},
		flawed:  map[hcl.Range]bool{},
		context: &hcl.EvalContext{
			Variables: map[string]cty.Value{},
			Functions: functions(reader, b),
		},
	}
}

// load evaluates the declarations of the sources and decodes the rest.
func (e *evaluator) load(sources []*loadedFile, given Assignments) *config {
	var declared []variableConfig
	locals := map[string]*hcl.Attribute{}
	bodies := make([]hcl.Body, len(sources))
	for i, s := range sources {
		if s.decoded != nil {
			continue
		}
		e.budget.bound(s.body)
		bodies[i] = s.body
		if !slices.ContainsFunc(s.body.Blocks, declares) {
			continue
		}
		var d declarations
		e.decoded(s.body, gohcl.DecodeBody(s.body, nil, &d))
		declared = append(declared, d.Variables...)
		for _, block := range d.Locals {
			e.collectLocals(locals, block.Values)
		}
		bodies[i] = d.Rest
	}
	e.context.Variables["var"] = e.variables(declared, given)
	e.names["local"] = slices.Sorted(maps.Keys(locals))
	e.evaluateLocals(locals, false)
	c := &config{}
	for i, s := range sources {
		if s.decoded != nil {
			c.add(*s.decoded)
		} else if body, ok := e.expand(s, bodies[i]); ok {
			part, diags := decodeConfig(s.body, body)
			e.decoded(s.body, diags)
			c.add(part)
		}
		s.body, s.decoded = nil, nil // the attributes hold what is needed of the syntax tree
	}
	e.declareBlocks(c)
	e.evaluateLocals(locals, true)
	return c
}

// expand replaces the dynamic blocks of a file by what they generate.
func (e *evaluator) expand(s *loadedFile, body hcl.Body) (hcl.Body, bool) {
	if !hasDynamic(s.body) {
		return body, true
	}
	if !e.checkDynamic(s.body) {
		e.damaged[""] = true
		return nil, false
	}
	return dynblock.Expand(body, e.context), true
}

// add appends the blocks of a part to the configuration.
func (c *config) add(part config) {
	c.Projects = append(c.Projects, part.Projects...)
	c.Hosting = append(c.Hosting, part.Hosting...)
	c.Twilio = append(c.Twilio, part.Twilio...)
	c.Users = append(c.Users, part.Users...)
	c.Messages = append(c.Messages, part.Messages...)
	c.RingGroups = append(c.RingGroups, part.RingGroups...)
	c.Queues = append(c.Queues, part.Queues...)
	c.Voicemails = append(c.Voicemails, part.Voicemails...)
	c.Menus = append(c.Menus, part.Menus...)
	c.Numbers = append(c.Numbers, part.Numbers...)
}

// hasDynamic reports whether a body contains a dynamic block at any depth.
func hasDynamic(body *hclsyntax.Body) bool {
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool {
		return b.Type == "dynamic" || hasDynamic(b.Body)
	})
}

// checkDynamic reports dynamic blocks whose iterator would hide the blocks of
// the same name: in dynamic "menu" without an iterator, menu.main would look
// for an attribute of the iterator.
func (e *evaluator) checkDynamic(body *hclsyntax.Body) bool {
	ok := true
	for _, block := range body.Blocks {
		ok = e.checkDynamic(block.Body) && ok
		if block.Type != "dynamic" || len(block.Labels) != 1 || block.Body.Attributes["iterator"] != nil {
			continue
		}
		if slices.Contains(blockKinds, block.Labels[0]) {
			e.diags.report("IVR210", block.DefRange(), "Inside this block, %s means the current element, so that no %s block could be named there. Add an iterator, such as iterator = each, and write each.value.", block.Labels[0], block.Labels[0])
			ok = false
		}
	}
	return ok
}

// declareBlocks makes the names of all blocks known, and reports names that are
// not valid or not unique.
func (e *evaluator) declareBlocks(c *config) {
	e.values = map[reference]cty.Value{}
	seen, repeated := map[reference]hcl.Range{}, false
	declare := func(kind, name string, at hcl.Range) {
		ref := reference{kind, name}
		if first, ok := seen[ref]; ok {
			e.diags.report("IVR109", at, "There is a %s named %q already, at %s. Callers could reach only one of them; rename or remove the other.", spoken(kind), name, place(first))
			repeated = true
			return
		}
		seen[ref] = at
		if !validName(name) {
			e.diags.report("IVR110", at, "The name %q cannot be used in the address of a document. Use letters, digits, - and _, at most 64, and begin with a letter.", name)
		}
		e.names[kind] = append(e.names[kind], name)
		e.values[ref] = cty.CapsuleVal(referenceType, &ref)
	}
	c.eachBlock(declare)
	if repeated {
		c.keepFirst()
	}
	for _, name := range e.stock {
		ref := reference{kindStock, name}
		e.names[kindStock] = append(e.names[kindStock], name)
		e.values[ref] = cty.CapsuleVal(referenceType, &ref)
	}
	for _, kind := range append(slices.Clone(blockKinds), kindStock) {
		slices.Sort(e.names[kind])
		attributes := make(map[string]cty.Value, len(e.names[kind]))
		for _, name := range e.names[kind] {
			attributes[name] = e.values[reference{kind, name}]
		}
		e.context.Variables[kind] = cty.ObjectVal(attributes)
	}
	e.context.Variables[kindHangup] = cty.CapsuleVal(referenceType, &reference{kind: kindHangup})
}

// eachBlock calls visit for every named block that can be referred to.
func (c *config) eachBlock(visit func(kind, name string, at hcl.Range)) {
	for _, b := range c.Users {
		visit(kindUser, b.Name, b.Range)
	}
	for _, b := range c.Messages {
		visit(kindMessage, b.Name, b.Range)
	}
	for _, b := range c.RingGroups {
		visit(kindRingGroup, b.Name, b.Range)
	}
	for _, b := range c.Queues {
		visit(kindQueue, b.Name, b.Range)
	}
	for _, b := range c.Voicemails {
		visit(kindVoicemail, b.Name, b.Range)
	}
	for _, b := range c.Menus {
		visit(kindMenu, b.Name, b.Range)
	}
	for _, b := range c.Numbers {
		visit(kindNumber, b.Name, b.Range)
	}
}

// keepFirst drops the blocks whose names are taken.
func (c *config) keepFirst() {
	c.Users = firsts(c.Users, func(b userConfig) string { return b.Name })
	c.Messages = firsts(c.Messages, func(b messageConfig) string { return b.Name })
	c.RingGroups = firsts(c.RingGroups, func(b ringGroupConfig) string { return b.Name })
	c.Queues = firsts(c.Queues, func(b queueConfig) string { return b.Name })
	c.Voicemails = firsts(c.Voicemails, func(b voicemailConfig) string { return b.Name })
	c.Menus = firsts(c.Menus, func(b menuConfig) string { return b.Name })
	c.Numbers = firsts(c.Numbers, func(b numberConfig) string { return b.Name })
}

// firsts is the first block of each name.
func firsts[B any](blocks []B, name func(B) string) []B {
	seen := map[string]bool{}
	return slices.DeleteFunc(blocks, func(b B) bool {
		known := seen[name(b)]
		seen[name(b)] = true
		return known
	})
}

// validName reports whether a block's name can be part of a URL path.
func validName(name string) bool {
	for i, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_')) {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// value evaluates an expression. Where that fails it reports why and returns an
// unknown value and false.
func (e *evaluator) value(expr hcl.Expression) (cty.Value, bool) {
	return e.valueIn(expr, e.context)
}

func (e *evaluator) valueIn(expr hcl.Expression, context *hcl.EvalContext) (cty.Value, bool) {
	value, diags := expr.Value(context)
	if e.overspent(expr.Range()) {
		return cty.DynamicVal, false
	}
	if diags.HasErrors() {
		if !e.explain(expr, context) {
			e.adopt("IVR201", diags)
		}
		return cty.DynamicVal, false
	}
	s, err := e.budget.measure(value)
	if err != nil && e.overspent(expr.Range()) {
		return cty.DynamicVal, false
	}
	if s.elements > maxValueElements {
		e.diags.report("IVR317", expr.Range(), "This value holds more than %d elements. Keep only what a call can need.", maxValueElements)
		return cty.DynamicVal, false
	}
	return value, value.IsWhollyKnown()
}

// overspent reports that an expression costs too much. Once the whole budget is
// spent, that is reported once.
func (e *evaluator) overspent(at hcl.Range) bool {
	b := e.budget
	switch failed := b.failed; {
	case failed != nil:
		b.failed = nil
		e.diags.report("IVR317", at, "This is not evaluated: %s.", failed)
	case b.spent == nil:
		return false
	case !b.reported:
		b.reported = true
		e.diags.report("IVR317", at, "Evaluation stops here: %s. Keep large data in a file, read it with csvdecode or jsondecode, and keep only what a call can need.", b.spent)
	}
	return true
}
