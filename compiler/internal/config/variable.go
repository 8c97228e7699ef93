package config

// Input variables: their declarations in variable blocks, and the values given
// to them, as in Terraform. Later sources win over earlier ones:
//
//	defaults < IVRC_VAR_x < ivrc.ivrvars < *.auto.ivrvars < environment block < command line < call test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// Assignments are the values given to variables from outside the
// configuration's directory.
type Assignments struct {
	Environment map[string]string // IVRC_VAR_name, by name
	CommandLine []Assignment      // -var and -var-file, in order
	Fixed       FixedValues       // of a call test, which win over all others
	Choice      Choice            // of an environment
}

// FixedValues are the values of variables that a call test sets.
type FixedValues struct {
	Values map[string]cty.Value // of declared variables, by name
	At     hcl.Range
}

// An Assignment is one -var or one -var-file.
type Assignment struct {
	Name, Text string // of -var NAME=TEXT
	File       string // of -var-file, as it was given
	Content    []byte // of that file
}

// variables evaluates the declarations and returns the object var.
func (e *Evaluator) variables(declared []VariableBlock, given Assignments) cty.Value {
	byName := map[string]VariableBlock{}
	for _, v := range declared {
		if first, ok := byName[v.Name]; ok {
			e.Diags.Report("IVR109", v.Range, "The variable %q is declared already, at %s. Remove one of the two.", v.Name, diagnostic.Place(first.Range))
			continue
		}
		if !hclsyntax.ValidIdentifier(v.Name) {
			e.Diags.Report("IVR110", v.Range, "No expression can name the variable %q. Use letters, digits, - and _, and begin with a letter.", v.Name)
		}
		byName[v.Name] = v
		_, _ = e.constant(v.Sensitive, givesValue)
		e.Diags.HideValues = e.Diags.HideValues || e.sensitive(v)
	}
	e.Names["var"] = slices.Sorted(maps.Keys(byName))
	e.Context.Variables["var"] = cty.EmptyObjectVal
	values := e.given(byName, given)
	result := make(map[string]cty.Value, len(byName))
	for _, name := range e.Names["var"] {
		v := values[name]
		if v == nil {
			v = e.defaultValue(byName[name])
		}
		result[name] = e.variable(byName[name], v)
		if e.sensitive(byName[name]) {
			result[name] = result[name].Mark(sensitiveMark)
			e.conceal(result[name], true)
		}
		e.validate(byName[name], result[name], v)
	}
	return cty.ObjectVal(result)
}

// Where values are constants.
const (
	givesValue = "Where a variable gets its value"
	isChosen   = "Where an environment is described"
)

// constant evaluates an attribute that gives a variable its value, or describes an
// environment. It cannot refer to anything, because nothing has a value yet.
func (e *Evaluator) constant(a *hcl.Attribute, where string) (cty.Value, bool) {
	if a == nil {
		return cty.NilVal, false
	}
	if names := a.Expr.Variables(); len(names) > 0 {
		e.Diags.Report("IVR201", names[0].SourceRange(), "%s nothing else has one yet, so %s cannot be used here. A string stands in quotes; to compute a value from variables, use a locals block.", where, names[0].RootName())
		return cty.DynamicVal, false
	}
	return e.ValueIn(a.Expr, e.Context)
}

// A givenValue is a value for a variable and the place that gives it.
type givenValue struct {
	value cty.Value
	text  string // where the value is a text that has not been parsed yet
	raw   bool
	from  string
	at    hcl.Range
}

// given collects the value of each variable from all sources.
func (e *Evaluator) given(declared map[string]VariableBlock, given Assignments) map[string]*givenValue {
	values := map[string]*givenValue{}
	for name, text := range given.Environment {
		values[name] = &givenValue{text: string(source.Plain([]byte(text))), raw: true, from: "the environment variable IVRC_VAR_" + name}
	}
	auto, _ := fs.Glob(e.Files.Files, "*"+source.AutoVariablesSuffix)
	slices.Sort(auto)
	for _, name := range append([]string{source.VariablesFile}, auto...) {
		if _, err := fs.Lstat(e.Files.Files, name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if text, ok := source.ReadFile(e.Diags, e.Files.Files, name, source.MaxFileBytes); ok {
			e.valuesFile(values, declared, name, text)
		}
	}
	if e.Chosen != nil {
		maps.Copy(values, e.Chosen.values)
	}
	for _, a := range given.CommandLine {
		if a.File != "" {
			e.valuesFile(values, declared, a.File, source.Plain(a.Content))
			continue
		}
		if _, ok := declared[a.Name]; !ok {
			e.Diags.Report("IVR208", hcl.Range{}, "A value was given with -var for the variable %q, which no variable block declares.%s", a.Name, e.Diags.DidYouMean(a.Name, e.Names["var"]))
			continue
		}
		values[a.Name] = &givenValue{text: string(source.Plain([]byte(a.Text))), raw: true, from: "-var " + a.Name}
	}
	for name, value := range given.Fixed.Values {
		values[name] = &givenValue{value: value, from: "the call test", at: given.Fixed.At}
	}
	return values
}

// valuesFile reads a file of values.
func (e *Evaluator) valuesFile(values map[string]*givenValue, declared map[string]VariableBlock, name string, text []byte) {
	e.Texts[name] = text
	if !source.Scan(e.Diags, name, text) {
		e.damaged["var"] = true
		return
	}
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	e.Diags.Adopt("IVR101", diags)
	if diags.HasErrors() {
		e.damaged["var"] = true
		return
	}
	e.Budget.Bound(file.Body.(*hclsyntax.Body))
	attributes, diags := file.Body.JustAttributes()
	e.Diags.Adopt("IVR101", diags)
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[key]
		if _, ok := declared[key]; !ok {
			e.Diags.Report("IVR208", attribute.NameRange, "No variable block declares %q, so this value is never used.%s", key, e.Diags.DidYouMean(key, e.Names["var"]))
			continue
		}
		value, _ := e.constant(attribute, givesValue)
		values[key] = &givenValue{value: value, from: name, at: attribute.Expr.Range()}
	}
}

// defaultValue is the value of a variable for which none is given, nil if there
// is none.
func (e *Evaluator) defaultValue(v VariableBlock) *givenValue {
	if v.Default == nil {
		return nil
	}
	value, _ := e.constant(v.Default, givesValue)
	return &givenValue{value: value, at: v.Default.Expr.Range()}
}

// what names a value for a message.
func (g *givenValue) what() string {
	if g.from == "" {
		return "The default"
	}
	return "The value from " + g.from
}

// variable returns the value of one variable, converted to its type.
func (e *Evaluator) variable(v VariableBlock, given *givenValue) cty.Value {
	wanted := cty.DynamicPseudoType
	var defaults *typeexpr.Defaults
	if v.Type != nil {
		var diags hcl.Diagnostics
		wanted, defaults, diags = typeexpr.TypeConstraintWithDefaults(v.Type.Expr)
		for _, d := range diags {
			word := string(diagnostic.SubjectOf(d).SliceBytes(e.Texts[diagnostic.SubjectOf(d).Filename]))
			d.Detail += e.Diags.DidYouMean(word, []string{"any", "bool", "list", "map", "number", "object", "set", "string", "tuple"})
		}
		e.Diags.Adopt("IVR205", diags)
	}
	switch {
	case given == nil:
		if !e.damaged["var"] && !e.HoldsUnknown[v.Range] {
			e.valueless(v)
		}
		return cty.DynamicVal
	case given.raw:
		given.value, given.at = e.parseGiven(v, given, wanted), v.Range
	}
	return e.converted(given, wanted, defaults, v)
}

// parseGiven parses a value from the command line or the environment: the text
// itself for strings, an expression for anything else.
func (e *Evaluator) parseGiven(v VariableBlock, given *givenValue, wanted cty.Type) cty.Value {
	if wanted.IsPrimitiveType() || wanted == cty.DynamicPseudoType {
		return cty.StringVal(given.text)
	}
	report := func(why string) cty.Value {
		if e.sensitive(v) {
			why = "what is wrong would tell a sensitive value."
		}
		e.Diags.Report("IVR205", v.Range, "The value from %s is not an expression for a %s: %s", given.from, wanted.FriendlyName(), why)
		return cty.DynamicVal
	}
	r := &diagnostic.Collector{}
	if text := []byte(given.text); len(text) > source.MaxFileBytes || !source.Scan(r, given.from, text) {
		return report("it is too long, too deep, or not text.")
	}
	expr, diags := hclsyntax.ParseExpression([]byte(given.text), given.from, hcl.InitialPos)
	if diags.HasErrors() {
		return report(diags[0].Detail)
	}
	e.Budget.Progress.Reach(v.Range)
	e.Budget.BoundExpression(expr)
	value, diags := expr.Value(nil)
	if e.Overspent(v.Range) {
		return cty.DynamicVal
	}
	if diags.HasErrors() {
		return report(diags[0].Detail)
	}
	return value
}

// converted converts a value to a variable's type.
func (e *Evaluator) converted(given *givenValue, wanted cty.Type, defaults *typeexpr.Defaults, v VariableBlock) cty.Value {
	value, at := given.value, given.at
	e.Budget.Progress.Reach(at)
	if cost, _ := setCost(arguments{value}); strings.Contains(typeexpr.TypeString(wanted), "set(") {
		e.Budget.Steps -= cost.steps
	}
	_ = e.Budget.Keep(value)
	if defaults != nil {
		_ = e.Budget.Fill(value, wanted)
	}
	if e.Overspent(at) {
		return cty.UnknownVal(wanted)
	}
	result, err := e.fit(value, wanted, defaults)
	if e.Overspent(at) {
		return cty.UnknownVal(wanted)
	}
	if err != nil {
		why := err.Error()
		if e.sensitive(v) {
			why = "what is wrong would tell a sensitive value"
		}
		e.Diags.Report("IVR205", at, "%s of the variable %q does not fit its type: %s.", given.what(), v.Name, why)
		return cty.UnknownVal(wanted)
	}
	return result
}

// fit converts a value to a type with defaults. The library panics at some values that
// do not fit.
func (e *Evaluator) fit(value cty.Value, wanted cty.Type, defaults *typeexpr.Defaults) (result cty.Value, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("no value of the type can be made of it")
		}
	}()
	if defaults != nil && !value.IsNull() {
		value = defaults.Apply(value)
	}
	return convertTo(e.Budget, value, wanted)
}

// validate evaluates a variable's validation blocks.
func (e *Evaluator) validate(v VariableBlock, value cty.Value, given *givenValue) {
	if given == nil || !value.IsWhollyKnown() {
		return
	}
	context := e.Context.NewChild()
	context.Variables = map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{v.Name: value})}
	for _, rule := range v.Validations {
		if !e.Require(v.Range, rule.Condition, "condition", "A validation says what a value must be: condition = length(var.x) > 0.") ||
			!e.Require(v.Range, rule.ErrorMessage, "error_message", "It is what somebody reads whose value is refused.") {
			continue
		}
		if !e.ownVariable(v, rule.Condition) || !e.ownVariable(v, rule.ErrorMessage) {
			continue
		}
		condition, ok := e.ValueIn(rule.Condition.Expr, context)
		if !ok {
			continue
		}
		if condition.Type() != cty.Bool || condition.IsNull() {
			e.Diags.Report("IVR205", rule.Condition.Expr.Range(), "A condition must be true or false, not %s.", Describe(condition))
			continue
		}
		if condition.False() {
			message := ""
			if text, ok := e.ValueIn(rule.ErrorMessage.Expr, context); ok {
				message, _ = AsText(text)
			}
			e.Diags.Report("IVR205", given.at, "%s of the variable %q is refused: %s", given.what(), v.Name, message)
		}
	}
}

// ownVariable reports what a validation refers to beside its own variable.
func (e *Evaluator) ownVariable(v VariableBlock, a *hcl.Attribute) bool {
	for _, traversal := range a.Expr.Variables() {
		name, _ := nameIn(traversal)
		if root := traversal.RootName(); root != "var" || name != v.Name {
			e.Diags.Report("IVR201", traversal.SourceRange(), "A validation can look at its own variable only, var.%s.", v.Name)
			return false
		}
	}
	return true
}
