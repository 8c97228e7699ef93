package config

// Environments: the places that a configuration is deployed to. One of them is chosen
// by its name, before anything has a value, and gives values to variables:
//
//	environment "staging" { variables = { main_number = "+14155550101" } }
//
//	ivrc plan -env staging      var.main_number is "+14155550101"
//
// What an environment says is constant, so that all of them are known, whichever is
// chosen.

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// MostEnvironments bounds how often validate compiles a configuration.
const MostEnvironments = 32

// An Environment is what an environment block says. A text that it does not say is "".
type Environment struct {
	Name       string
	AccountSID string
	BaseURL    string
	Store      string
	Block      EnvironmentBlock

	values map[string]*givenValue // of variables, by name
}

// A Choice is which environment a configuration is read for.
type Choice struct {
	Name   string // "" for none
	From   string // what says so: "-env" or "IVRC_ENV"
	Needed bool   // one has to be chosen if there is any
}

// EnvironmentNames lists the names of the environment blocks in files, sorted.
func EnvironmentNames(files []*loadedFile) []string {
	var names []string
	for _, f := range files {
		if f.File == nil || f.Body == nil {
			continue
		}
		for _, b := range f.Body.Blocks {
			if b.Type == "environment" && len(b.Labels) == 1 {
				names = append(names, b.Labels[0])
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// environments evaluates what is said of environments.
func (e *Evaluator) environments(blocks []EnvironmentBlock, declared []VariableBlock) {
	first := map[string]hcl.Range{}
	for _, b := range blocks {
		if at, ok := first[b.Name]; ok {
			e.Diags.Report("IVR109", b.Range, "There is an environment named %q already, at %s. Rename or remove one of the two.", b.Name, diagnostic.Place(at))
			continue
		}
		first[b.Name] = b.Range
		if !ValidName(b.Name) {
			e.Diags.Report("IVR110", b.Range, "The name of the environment %q cannot be given with -env. Use letters, digits, - and _, at most 64, and begin with a letter.", b.Name)
		}
		if len(e.Environments) == MostEnvironments {
			e.Diags.Report("IVR317", b.Range, "There are more than %d environments, and validate checks the configuration in each. Split the configuration.", MostEnvironments)
			break
		}
		environment := &Environment{Name: b.Name, Block: b}
		environment.AccountSID = e.constantText(b.AccountSID)
		environment.BaseURL = e.constantText(b.BaseURL)
		environment.Store = e.constantText(b.Store)
		environment.values = e.environmentValues(b, declared)
		e.Environments = append(e.Environments, environment)
	}
	slices.SortFunc(e.Environments, func(a, b *Environment) int { return strings.Compare(a.Name, b.Name) })
}

// constantText is the text of an attribute of an environment, "" if there is none.
func (e *Evaluator) constantText(a *hcl.Attribute) string {
	value, ok := e.constant(a, isChosen)
	if !ok || value.IsNull() {
		return ""
	}
	text, ok := AsText(value)
	if !ok || value.Type() != cty.String {
		e.Diags.Report("IVR203", a.Expr.Range(), "This is a string, not %s.", Describe(value))
		return ""
	}
	return text
}

// environmentValues are the values that an environment gives to variables. Those of
// sensitive ones are concealed, whether it is chosen or not.
func (e *Evaluator) environmentValues(b EnvironmentBlock, declared []VariableBlock) map[string]*givenValue {
	value, ok := e.constant(b.Variables, isChosen)
	if !ok || value.IsNull() {
		return nil
	}
	at := b.Variables.Expr.Range()
	if !value.Type().IsObjectType() && !value.Type().IsMapType() {
		e.Diags.Report("IVR203", at, "This is a map from the names of variables, such as { main_number = \"+14155550100\" }, not %s.", Describe(value))
		return nil
	}
	var names []string
	for _, v := range declared {
		names = append(names, v.Name)
	}
	values := map[string]*givenValue{}
	for name, v := range value.AsValueMap() {
		values[name] = &givenValue{value: v, from: "the environment \"" + b.Name + "\"", at: at}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(declared, func(v VariableBlock) bool { return v.Name == name })
		switch {
		case i < 0:
			e.Diags.Report("IVR208", at, "No variable block declares %q, so this value is never used.%s", name, e.Diags.DidYouMean(name, names))
			delete(values, name)
		case e.sensitive(declared[i]):
			e.conceal(values[name].value, true)
		}
	}
	return values
}

// choose chooses an environment. It reports one that does not exist, and none where
// one is needed.
func (e *Evaluator) choose(c Choice) bool {
	var names []string
	for _, environment := range e.Environments {
		names = append(names, environment.Name)
		if environment.Name == c.Name {
			e.Chosen = environment
		}
	}
	switch {
	case e.Chosen != nil, e.Lost("environment"):
	case c.Name != "" && len(names) == 0:
		e.Diags.Report("IVR720", hcl.Range{}, "%s names the environment %q, and the configuration has no environment block. Add one, or leave %s out.", c.From, c.Name, c.From)
		return false
	case c.Name != "":
		e.Diags.Report("IVR720", hcl.Range{}, "%s names the environment %q, and the configuration has %s.%s", c.From, c.Name, quoted(names), e.Diags.DidYouMean(c.Name, names))
		return false
	case c.Needed && len(names) > 0:
		e.Diags.Report("IVR721", hcl.Range{}, "The configuration has %s, and nothing says which one is meant. Give -env %s, or set the environment variable IVRC_ENV.", quoted(names), names[0])
		return false
	}
	return true
}

// quoted lists environments: `the environments "production" and "staging"`.
func quoted(names []string) string {
	text := make([]string, len(names))
	for i, name := range names {
		text[i] = "\"" + name + "\""
	}
	if len(text) == 1 {
		return "the environment " + text[0]
	}
	return "the environments " + enumerate(text)
}

// valueless reports a variable without a value.
func (e *Evaluator) valueless(v VariableBlock) {
	var giving []string
	for _, environment := range e.Environments {
		if _, gives := environment.values[v.Name]; gives {
			giving = append(giving, environment.Name)
		}
	}
	switch {
	case e.Chosen != nil && len(giving) > 0:
		e.Diags.Report("IVR204", v.Range, "The variable %q has no value in the environment %q, and one in %s. Give it one: variables = { %s = … }, or give the variable a default.", v.Name, e.Chosen.Name, quoted(giving), v.Name)
	case len(giving) > 0:
		e.Wanting = true
		e.Diags.Report("IVR204", v.Range, "The variable %q has a value only in %s. Choose one with -env %s or the environment variable IVRC_ENV, or give the variable a default.", v.Name, quoted(giving), giving[0])
	default:
		e.Diags.Report("IVR204", v.Range, "The variable %q has no value. Give one with -var %s=…, in %s or in the environment variable IVRC_VAR_%s, or give the variable a default.", v.Name, v.Name, source.VariablesFile, v.Name)
	}
}
