package calltest

// Call tests: *.ivrtest.hcl beside the configuration. They see everything that
// the configuration declares, its variables, local values and blocks, and are
// read when it has been compiled, so that no test can change a bundle:
//
//	call "every office has a desk" {
//	  for_each = local.offices        one test for each element, each.key and each.value
//	  to       = number[each.key]
//	  callees  = { "${each.key}-desk" = answers("3s") }
//	  steps    = [presses("1"), talks_to(user["${each.key}-desk"])]
//	}
//
// What comes out is plain data, in which every name is resolved; see the package
// calltest. Steps and what people do are values of functions; see word.go.

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
	"github.com/ivrc/ivrc/compiler/internal/source"
	"github.com/ivrc/ivrc/compiler/script"
)

// CallTestSuffix ends the names of files that hold call tests.
const CallTestSuffix = ".ivrtest.hcl"

// callFile is what a file of call tests may contain.
type callFile struct {
	Locals []config.LocalsBlock `hcl:"locals,block"`
	Calls  []callConfig         `hcl:"call,block"`
}

type callConfig struct {
	Name         string            `hcl:"name,label"`
	Range        hcl.Range         `hcl:",def_range"`
	ForEach      *hcl.Attribute    `hcl:"for_each,optional"`
	To           *hcl.Attribute    `hcl:"to,optional"`
	From         *hcl.Attribute    `hcl:"from,optional"`
	Withheld     *hcl.Attribute    `hcl:"withheld,optional"`
	Sixteenth    *hcl.Attribute    `hcl:"sixteenth,optional"`
	Fails        *hcl.Attribute    `hcl:"fails,optional"`
	At           *hcl.Attribute    `hcl:"at,optional"`
	Callees      *hcl.Attribute    `hcl:"callees,optional"`
	Waiting      *hcl.Attribute    `hcl:"waiting,optional"`
	Applications *hcl.Attribute    `hcl:"applications,optional"`
	Variables    *hcl.Attribute    `hcl:"variables,optional"`
	Steps        *hcl.Attribute    `hcl:"steps,optional"`
	Never        *hcl.Attribute    `hcl:"never,optional"`
	LastsAtLeast *hcl.Attribute    `hcl:"lasts_at_least,optional"`
	LastsAtMost  *hcl.Attribute    `hcl:"lasts_at_most,optional"`
	Meanwhile    []meanwhileConfig `hcl:"meanwhile,block"`
}

// meanwhileConfig is a call at the same time.
type meanwhileConfig struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	To       *hcl.Attribute `hcl:"to,optional"`
	From     *hcl.Attribute `hcl:"from,optional"`
	Withheld *hcl.Attribute `hcl:"withheld,optional"`
	After    *hcl.Attribute `hcl:"after,optional"`
	Steps    *hcl.Attribute `hcl:"steps,optional"`
	Never    *hcl.Attribute `hcl:"never,optional"`
}

// The callers of a test show these numbers unless it says otherwise, the first
// that of the test itself.
var callers = []string{"+14155550199", "+14155550198", "+14155550197", "+14155550196"}

// Read reads and evaluates the call tests beside a configuration. Those that set
// variables are only named, and their states are returned: the configuration has to
// be compiled in each, and then wanted are the names of the tests to read.
func Read(e *config.Evaluator, files fs.FS, m *model.Model, wanted map[string]bool) ([]calltest.Test, []VariableState) {
	sources := callSources(e, files)
	if sources == nil {
		return nil, nil
	}
	maps.Copy(e.Context.Functions, wordFunctions())
	e.Words = wordNames(wordAct, wordExpect, wordBound, wordResponse)
	locals := map[string]*hcl.Attribute{}
	var blocks []callConfig
	for _, s := range sources {
		e.Budget.Bound(s.Body)
		var f callFile
		e.ReportDecoding(s.Body, gohcl.DecodeBody(s.Body, nil, &f))
		for _, b := range s.Body.Blocks {
			if b.Body.Attributes["for_each"] != nil {
				e.Diags.Makers = append(e.Diags.Makers, b.Range())
			}
		}
		for _, b := range f.Locals {
			collectTestLocals(e, locals, b.Values)
		}
		blocks = append(blocks, f.Calls...)
	}
	e.Names["local"] = append(e.Names["local"], slices.Collect(maps.Keys(locals))...)
	slices.Sort(e.Names["local"])
	e.EvaluateLocals(locals, true)
	if len(blocks) == 0 && !e.Diags.Found.HasErrors() {
		noCallTest(e)
	}
	r := newCallReader(e, m)
	r.wanted = wanted
	var tests []calltest.Test
	for _, b := range blocks {
		tests = append(tests, r.call(b)...)
	}
	return tests, r.states
}

// callSources reads and parses the files of call tests, in the order of their
// names. It is nil if there is none that can be read.
func callSources(e *config.Evaluator, files fs.FS) []*source.File {
	names, _ := fs.Glob(files, "*"+CallTestSuffix) // its only error is the pattern's
	names = slices.DeleteFunc(names, source.Hidden)
	slices.Sort(names)
	if len(names) == 0 {
		noCallTest(e)
		return nil
	}
	texts, _ := source.ReadTexts(e.Diags, files, names)
	var sources []*source.File
	for _, s := range texts {
		e.Texts[s.Name] = s.Text
		if !source.Scan(e.Diags, s.Name, s.Text) {
			continue
		}
		file, diags := hclsyntax.ParseConfig(s.Text, s.Name, hcl.InitialPos)
		e.Diags.Adopt("IVR101", s.Clarify(diags))
		if diags.HasErrors() {
			continue
		}
		s.Body = file.Body.(*hclsyntax.Body)
		sources = append(sources, s)
	}
	return sources
}

func noCallTest(e *config.Evaluator) {
	e.Diags.Report("IVR701", hcl.Range{}, "No file here whose name ends in %s holds a call block. Write what a caller does and has to meet: call \"the office is open\" { … }.", CallTestSuffix)
}

// collectTestLocals is collectLocals for files of tests, whose local values
// may not have the names of those of the configuration.
func collectTestLocals(e *config.Evaluator, locals map[string]*hcl.Attribute, values hcl.Attributes) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(e.Names["local"], name) {
			e.Diags.Report("IVR109", values[name].NameRange, "The configuration defines a local value %q, which call tests can use as it is. Choose another name.", name)
			delete(values, name)
		}
	}
	e.CollectLocals(locals, values)
}

// A callReader turns the blocks of call tests into data.
type callReader struct {
	diags    *diagnostic.Collector
	eval     *config.Evaluator
	model    *model.Model
	context  *hcl.EvalContext
	seen     map[string]hcl.Range // names of tests
	phones   map[string]string    // addresses of users, by name
	queues   map[string]*model.QueueNode
	numbers  map[string]*model.InboundNumber
	mailbox  map[string]*model.VoicemailNode
	messages map[string]*model.MessageNode
	zones    []string // of all hours

	wanted map[string]bool // names of the tests to read, nil for all that set no variables
	states []VariableState // of the others
}

func newCallReader(e *config.Evaluator, m *model.Model) *callReader {
	r := &callReader{
		diags: e.Diags, eval: e, model: m, context: e.Context, seen: map[string]hcl.Range{},
		phones: map[string]string{}, queues: map[string]*model.QueueNode{}, numbers: map[string]*model.InboundNumber{},
		mailbox: map[string]*model.VoicemailNode{}, messages: map[string]*model.MessageNode{},
	}
	for _, u := range m.Users {
		r.phones[u.Name] = u.Dialled()
	}
	for _, n := range m.Numbers {
		r.numbers[n.Name] = n
	}
	for _, n := range m.Nodes {
		switch n := n.(type) {
		case *model.QueueNode:
			r.queues[n.Name] = n
		case *model.VoicemailNode:
			r.mailbox[n.Name] = n
		case *model.MessageNode:
			r.messages[n.Name] = n
		case *model.HoursNode:
			if zone := n.Layers[0].Zone; !slices.Contains(r.zones, zone) {
				r.zones = append(r.zones, zone)
			}
		}
	}
	return r
}

// call reads one block, which makes a test, or one for each element.
func (r *callReader) call(b callConfig) []calltest.Test {
	if first, ok := r.seen[b.Name]; ok {
		r.diags.Report("IVR109", b.Range, "There is a call named %q already, at %s. Say in its name what this one shows.", b.Name, diagnostic.Place(first))
		return nil
	}
	r.seen[b.Name] = b.Range
	resolve.CheckCharacters(r.diags, b.Name, b.Range)
	if b.ForEach == nil {
		return r.test(b, b.Name)
	}
	list, ok := r.eval.ValueIn(b.ForEach.Expr, r.context)
	if !ok {
		return nil
	}
	if list.IsNull() { // the same as not given
		return r.test(b, b.Name)
	}
	list, _ = list.UnmarkDeep()
	at := b.ForEach.Expr.Range()
	if !list.CanIterateElements() || list.LengthInt() == 0 {
		r.diags.Report("IVR708", at, "One test is made for each element of a list or a map, and this is %s.", emptyOr(list))
		return nil
	}
	_ = r.eval.Budget.Loop(list, 100)
	if r.eval.Overspent(at) {
		return nil
	}
	var tests []calltest.Test
	for it := list.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if list.Type().IsSetType() {
			key = value
		}
		name, _ := config.AsText(key)
		if text, ok := config.AsText(value); ok && key.Type() == cty.Number {
			name = text // says more than a number
		}
		r.context = r.eval.Context.NewChild()
		r.context.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}
		test := b.Name + " [" + name + "]"
		r.diags.Within = fmt.Sprintf("call %q", test)
		tests = append(tests, r.test(b, test)...)
		if r.diags.Found.HasErrors() { // the others would make the same mistake
			break
		}
	}
	r.context, r.diags.Within = r.eval.Context, ""
	return tests
}

// emptyOr describes a value over which nothing can be repeated.
func emptyOr(value cty.Value) string {
	if value.CanIterateElements() {
		return "empty, so nothing would be tested"
	}
	return config.Describe(value)
}

// test reads a block in the present context: one test, or none if another state
// is read.
func (r *callReader) test(b callConfig, name string) []calltest.Test {
	t := calltest.Test{Name: name}
	if r.wanted != nil && !r.wanted[name] {
		return nil
	}
	if r.state(b, &t) {
		return []calltest.Test{t}
	}
	r.read(b, &t)
	return []calltest.Test{t}
}

// read reads what a test says of its calls.
func (r *callReader) read(b callConfig, t *calltest.Test) {
	t.Caller = r.caller(b.Range, b.To, b.From, b.Withheld, callers[0])
	t.Caller.Sixteenth = r.sixteenth(b.Sixteenth)
	t.Caller.Fails = r.flag(b.Fails)
	t.Start = r.start(b, t.Caller)
	t.Callees, t.Waiting = r.people(b.Callees), r.waiting(b.Waiting)
	t.Applications = r.applications(b.Applications)
	t.Caller.Steps, t.Caller.Never = r.steps(b.Steps), r.never(b.Never)
	t.Caller.Shortest, t.Caller.Longest = r.limit(b.LastsAtLeast), r.limit(b.LastsAtMost)
	if least, most := t.Caller.Shortest.Time, t.Caller.Longest.Time; most > 0 && least > most {
		r.diags.Report("IVR709", b.LastsAtLeast.Expr.Range(), "No call lasts at least %s and at most %s.", script.Duration(least), script.Duration(most))
	}
	asserted := asserts(t.Caller)
	for i, m := range b.Meanwhile {
		c := r.caller(m.Range, m.To, m.From, m.Withheld, callers[min(1+i, len(callers)-1)])
		c.Name, c.At = m.Name, r.length(m.After)
		resolve.CheckCharacters(r.diags, m.Name, m.Range)
		c.Steps, c.Never = r.steps(m.Steps), r.never(m.Never)
		asserted = asserted || asserts(c)
		t.Others = append(t.Others, c)
	}
	if !asserted && !r.diags.Found.HasErrors() {
		r.diags.Report("IVR702", b.Range, "Nothing has to happen in this call, so the test could not fail. Say what the caller has to meet: steps = [hears(\"…\"), reaches(…)], or never, or lasts_at_most.")
	}
}

// asserts reports whether something has to happen in a call, or must not.
func asserts(c calltest.Caller) bool {
	return len(c.Never) > 0 || c.Shortest.Time > 0 || c.Longest.Time > 0 || slices.ContainsFunc(c.Steps, func(s calltest.Step) bool { return s.Expects != "" })
}

// caller reads who calls which number.
func (r *callReader) caller(block hcl.Range, to, from, withheld *hcl.Attribute, otherwise string) calltest.Caller {
	c := calltest.Caller{Place: calltest.Place{File: block.Filename, Line: block.Start.Line}, From: otherwise}
	if number := r.called(block, to); number != nil {
		c.Number, c.To = number.Name, number.Phone
	}
	if value, ok := r.value(from); ok {
		at := from.Expr.Range()
		if text, ok := config.AsText(value); !ok {
			r.diags.Report("IVR203", at, "A telephone number in quotes is expected here, not %s.", config.Describe(value))
		} else if resolve.CheckPhone(r.diags, text, at) {
			c.From = text
		}
	}
	if c.Withheld = r.flag(withheld); c.Withheld && from != nil {
		r.diags.Report("IVR707", from.Range, "A caller either shows a number or withholds it. Remove from, or withheld.")
	}
	return c
}

// flag reads true or false, which is false where the test does not say.
func (r *callReader) flag(a *hcl.Attribute) bool {
	value, ok := r.value(a)
	if ok && value.Type() != cty.Bool {
		r.diags.Report("IVR203", a.Expr.Range(), "This is either true or false, without quotes, not %s.", config.Describe(value))
		return false
	}
	return ok && value.True()
}

// called reads which number is called, nil if that is not said.
func (r *callReader) called(block hcl.Range, to *hcl.Attribute) *model.InboundNumber {
	if to == nil {
		r.eval.Require(block, nil, "to", "It says which number is called: to = number.main.")
		return nil
	}
	value, ok := r.eval.ValueIn(to.Expr, r.context)
	if !ok {
		return nil
	}
	ref, isReference := config.AsReference(value)
	if n := r.numbers[ref.Name]; isReference && ref.Kind == bundle.KindNumber && n != nil {
		return n
	}
	r.diags.Report("IVR203", to.Expr.Range(), "A number is expected here, such as number.main, not %s.", config.Describe(value))
	return nil
}

// value evaluates an attribute in the present context. It is false where the
// attribute is absent or null, and where evaluating it failed.
func (r *callReader) value(a *hcl.Attribute) (cty.Value, bool) {
	if a == nil {
		return cty.NilVal, false
	}
	value, ok := r.eval.ValueIn(a.Expr, r.context)
	if !ok || value.IsNull() {
		return cty.NilVal, false
	}
	value, _ = value.UnmarkDeep()
	return value, true
}

// length reads a duration, 0 where there is none.
func (r *callReader) length(a *hcl.Attribute) time.Duration {
	value, ok := r.value(a)
	if !ok {
		return 0
	}
	return r.durationOf(value, a.Expr.Range())
}

// limit reads a bound of the length of a call.
func (r *callReader) limit(a *hcl.Attribute) calltest.Bound {
	if a == nil {
		return calltest.Bound{}
	}
	return calltest.Bound{Time: r.length(a), Place: calltest.Place{File: a.Range.Filename, Line: a.Range.Start.Line}}
}

// durationOf is the duration that a value says.
func (r *callReader) durationOf(value cty.Value, at hcl.Range) time.Duration {
	text, ok := config.AsText(value)
	if !ok {
		r.diags.Report("IVR203", at, "A duration in quotes is expected here, such as \"20s\", not %s.", config.Describe(value))
		return 0
	}
	d, _ := resolve.ParseDuration(r.diags, text, at)
	return d
}
