package compiler

// Input variables: their declarations in variable blocks, and the values given
// to them, as in Terraform. Later sources win over earlier ones:
//
//	defaults < environment < ivrc.ivrvars < *.auto.ivrvars < command line

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Assignments are the values given to variables from outside the
// configuration's directory.
type Assignments struct {
	Environment map[string]string // IVRC_VAR_name, by name
	CommandLine []Assignment      // -var and -var-file, in order
}

// An Assignment is one -var or one -var-file.
type Assignment struct {
	Name, Text string // of -var NAME=TEXT
	File       string // of -var-file, as it was given
	Content    []byte // of that file
}

// variables evaluates the declarations and returns the object var.
func (e *evaluator) variables(declared []variableConfig, given Assignments) cty.Value {
	byName := map[string]variableConfig{}
	for _, v := range declared {
		if first, ok := byName[v.Name]; ok {
			e.report("IVR109", v.Range, "The variable %q is declared already, at %s. Remove one of the two.", v.Name, place(first.Range))
			continue
		}
		byName[v.Name] = v
	}
	e.context.Variables["var"] = cty.EmptyObjectVal
	values := e.given(byName, given)
	result := make(map[string]cty.Value, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		result[name] = e.variable(byName[name], values[name])
	}
	for _, name := range slices.Sorted(maps.Keys(result)) {
		e.validate(byName[name], result[name])
	}
	return cty.ObjectVal(result)
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
func (e *evaluator) given(declared map[string]variableConfig, given Assignments) map[string]*givenValue {
	values := map[string]*givenValue{}
	for name, text := range given.Environment {
		values[name] = &givenValue{text: text, raw: true, from: "the environment variable IVRC_VAR_" + name}
	}
	auto, _ := fs.Glob(e.files.files, "*"+autoVariablesSuffix)
	slices.Sort(auto)
	for _, name := range append([]string{variablesFile}, auto...) {
		if _, err := fs.Stat(e.files.files, name); err != nil {
			continue
		}
		if text, ok := e.readFile(e.files.files, name, maxFileBytes); ok {
			e.valuesFile(values, declared, name, text)
		}
	}
	for _, a := range given.CommandLine {
		if a.File != "" {
			e.valuesFile(values, declared, a.File, a.Content)
			continue
		}
		if _, ok := declared[a.Name]; !ok {
			e.report("IVR208", hcl.Range{}, "A value was given with -var for the variable %q, which no variable block declares.%s", a.Name, didYouMean(a.Name, slices.Sorted(maps.Keys(declared))))
			continue
		}
		values[a.Name] = &givenValue{text: a.Text, raw: true, from: "-var " + a.Name}
	}
	return values
}

// valuesFile reads a file of values.
func (e *evaluator) valuesFile(values map[string]*givenValue, declared map[string]variableConfig, name string, text []byte) {
	if !e.scan(name, text) {
		return
	}
	e.read[name] = text
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	e.adopt("IVR101", diags)
	if diags.HasErrors() {
		return
	}
	attributes, diags := file.Body.JustAttributes()
	e.adopt("IVR101", diags)
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[key]
		if _, ok := declared[key]; !ok {
			e.report("IVR208", attribute.NameRange, "No variable block declares %q, so this value is never used.%s", key, didYouMean(key, slices.Sorted(maps.Keys(declared))))
			continue
		}
		if value, ok := e.valueIn(attribute.Expr, nil); ok {
			values[key] = &givenValue{value: value, from: name, at: attribute.Expr.Range()}
		}
	}
}

// variable returns the value of one variable, converted to its type.
func (e *evaluator) variable(v variableConfig, given *givenValue) cty.Value {
	wanted := cty.DynamicPseudoType
	var defaults *typeexpr.Defaults
	if v.Type != nil {
		var diags hcl.Diagnostics
		wanted, defaults, diags = typeexpr.TypeConstraintWithDefaults(v.Type.Expr)
		e.adopt("IVR205", diags)
	}
	if given == nil {
		if v.Default == nil {
			e.report("IVR204", v.Range, "The variable %q has no value. Give one with -var %s=…, in %s or in the environment variable IVRC_VAR_%s, or give the variable a default.", v.Name, v.Name, variablesFile, v.Name)
			return cty.DynamicVal
		}
		value, ok := e.valueIn(v.Default.Expr, nil)
		if !ok {
			return cty.DynamicVal
		}
		return e.converted(value, wanted, defaults, v, v.Default.Expr.Range(), "The default")
	}
	if given.raw {
		given.value, given.at = e.parseGiven(v, given, wanted), v.Range
	}
	return e.converted(given.value, wanted, defaults, v, given.at, "The value from "+given.from)
}

// parseGiven parses a value from the command line or the environment: the text
// itself for strings, an expression for anything else.
func (e *evaluator) parseGiven(v variableConfig, given *givenValue, wanted cty.Type) cty.Value {
	if wanted.IsPrimitiveType() || wanted == cty.DynamicPseudoType {
		return cty.StringVal(given.text)
	}
	if !e.scan(given.from, []byte(given.text)) {
		return cty.DynamicVal
	}
	expr, diags := hclsyntax.ParseExpression([]byte(given.text), given.from, hcl.InitialPos)
	if diags.HasErrors() {
		e.report("IVR205", v.Range, "%s is not an expression for a %s: %s", "The value from "+given.from, wanted.FriendlyName(), diags[0].Detail)
		return cty.DynamicVal
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		e.report("IVR205", v.Range, "%s cannot be evaluated: %s", "The value from "+given.from, diags[0].Detail)
		return cty.DynamicVal
	}
	return value
}

// converted converts a value to a variable's type.
func (e *evaluator) converted(value cty.Value, wanted cty.Type, defaults *typeexpr.Defaults, v variableConfig, at hcl.Range, what string) cty.Value {
	if defaults != nil && !value.IsNull() {
		value = defaults.Apply(value)
	}
	result, err := convert.Convert(value, wanted)
	if err != nil {
		e.report("IVR205", at, "%s of the variable %q does not fit its type: %s.", what, v.Name, err)
		return cty.UnknownVal(wanted)
	}
	return result
}

// validate evaluates a variable's validation blocks.
func (e *evaluator) validate(v variableConfig, value cty.Value) {
	if !value.IsWhollyKnown() {
		return
	}
	context := e.context.NewChild()
	context.Variables = map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{v.Name: value})}
	for _, rule := range v.Validations {
		condition, ok := e.valueIn(rule.Condition.Expr, context)
		if !ok {
			continue
		}
		if condition.Type() != cty.Bool || condition.IsNull() {
			e.report("IVR205", rule.Condition.Expr.Range(), "A condition must be true or false.")
			continue
		}
		if condition.False() {
			message := "no error message"
			if text, ok := e.valueIn(rule.ErrorMessage.Expr, context); ok {
				message, _ = asText(text)
			}
			e.report("IVR205", v.Range, "The value of the variable %q is refused: %s", v.Name, message)
		}
	}
}

// place writes a position for people: "main.ivr.hcl:12".
func place(at hcl.Range) string {
	return fmt.Sprintf("%s:%d", at.Filename, at.Start.Line)
}
