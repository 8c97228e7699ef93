package compiler

// Compiling everywhere: a configuration with environments is several, which the values
// of variables tell apart. Whatever is wrong in one of them is reported, once:
//
//	menus.ivr.hcl line 12    found in all                   as it is
//	menus.ivr.hcl line 30    found in "staging"             In the environment "staging": …
//
// Then it is looked at what each of them says about the world, in which they meet.

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// EnvironmentNames lists the environments of the configuration in a directory, sorted,
// as far as its files can be read.
func EnvironmentNames(files fs.FS) []string {
	return config.EnvironmentNames(config.ReadFiles(&diagnostic.Collector{}, files, nil))
}

// A compiledState is what came of a configuration in an environment, or in none.
type compiledState struct {
	environment *Environment // nil for none
	deployment  Deployment
	found       hcl.Diagnostics
}

// compileEverywhere compiles the configuration in every environment, too. Without one
// it is of use only if every variable has a value there, too. The result is of the
// first state.
func compileEverywhere(in Input, plain Result, diags hcl.Diagnostics) (Result, hcl.Diagnostics) {
	var states []compiledState
	result := plain
	if !plain.wanting {
		states = append(states, compiledState{nil, plain.Deployment, diags})
	}
	for _, e := range plain.Environments {
		in.Variables.Choice.Name = e.Name
		made, _, found := compileFlow(in, false)
		if len(states) == 0 {
			result = made
		}
		states = append(states, compiledState{e, made.Deployment, found})
		result.Everywhere = append(result.Everywhere, e.Name)
		result.Secrets = longestFirst(append(result.Secrets, made.Secrets...))
		result.Elsewhere = slices.DeleteFunc(result.Elsewhere, func(block string) bool { return !slices.Contains(made.Elsewhere, block) })
	}
	ignores := slices.DeleteFunc(plain.ignores, func(i *diagnostic.IgnoreComment) bool { return !i.Of(sharedStore) })
	r := &diagnostic.Collector{Found: merge(states), Secrets: result.Secrets}
	r.Index(ignores)
	share(r, states)
	r.ApplyIgnores(ignores, func(string, int, string) bool { return true })
	return result, r.Sorted()
}

// longestFirst sorts texts that are hidden.
func longestFirst(texts []string) []string {
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(texts)
}

// sharedStore is the code of the one warning that is about several states.
const sharedStore = "IVR693"

// merge lists what was found in any state, once. What was not found in all of them
// says in which.
func merge(states []compiledState) hcl.Diagnostics {
	var merged hcl.Diagnostics
	in := map[string][]int{} // the states in which something was found
	key := func(d *hcl.Diagnostic) string {
		return fmt.Sprint(diagnostic.CodeOf(d), diagnostic.SubjectOf(d), diagnostic.BlocksOf(d), d.Detail)
	}
	for i, s := range states {
		for _, d := range s.found {
			k := key(d)
			if len(in[k]) == 0 {
				merged = append(merged, d)
			}
			if n := len(in[k]); n == 0 || in[k][n-1] != i {
				in[k] = append(in[k], i)
			}
		}
	}
	var kept hcl.Diagnostics
	for _, d := range merged {
		found := in[key(d)]
		if len(found) < len(states) {
			limited := *d
			limited.Detail = where(states, found) + d.Detail
			d = &limited
		}
		kept = append(kept, d)
	}
	return kept
}

// where says in which states something was found.
func where(states []compiledState, found []int) string {
	var names []string
	without := ""
	for _, i := range found {
		if e := states[i].environment; e != nil {
			names = append(names, fmt.Sprintf("%q", e.Name))
		} else {
			without = "without an environment"
		}
	}
	text := ""
	switch n := len(names); n {
	case 0:
		return "Without an environment: "
	case 1:
		text = "In the environment " + names[0]
	default:
		text = "In the environments " + strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	if without != "" {
		text += ", and " + without
	}
	return text + ": "
}

// share reports what two environments have in common that each has to have alone.
func share(r *diagnostic.Collector, states []compiledState) {
	for i, later := range states {
		for _, former := range states[:i] {
			if former.environment != nil {
				shareNumbers(r, former, later)
				sharePlaces(r, former, later)
			}
		}
	}
}

// shareNumbers reports numbers of two environments.
func shareNumbers(r *diagnostic.Collector, former, later compiledState) {
	names := map[string]string{}
	for name, phone := range former.deployment.Numbers {
		names[phone] = name
	}
	var shared []string
	for _, phone := range later.deployment.Numbers {
		if names[phone] != "" && phone != "" {
			shared = append(shared, fmt.Sprintf("%s (number.%s)", phone, names[phone]))
		}
	}
	slices.Sort(shared)
	if n := len(shared); n > 0 {
		more := ""
		if n > mostShared {
			more = fmt.Sprintf(" and %d more", n-mostShared)
		}
		r.Report("IVR722", later.environment.Block.Range, "The environments %q and %q both answer %s%s. Give each its own numbers with variables: phone_number = var.main_number.",
			former.environment.Name, later.environment.Name, strings.Join(shared[:min(n, mostShared)], ", "), more)
	}
}

// mostShared is how many numbers of two environments are named.
const mostShared = 5

// sharePlaces reports addresses and stores of two environments.
func sharePlaces(r *diagnostic.Collector, former, later compiledState) {
	a, b := former.deployment, later.deployment
	names := []any{former.environment.Name, later.environment.Name}
	report := func(code, own string, at *hcl.Attribute, detail string, more ...any) {
		place := later.environment.Block.Range
		if own != "" {
			place = at.Expr.Range()
		}
		r.Report(code, place, detail, append(names, more...)...)
	}
	if address := bundle.CanonicalURL(a.BaseURL); a.BaseURL != "" && address == bundle.CanonicalURL(b.BaseURL) {
		report("IVR723", later.environment.BaseURL, later.environment.Block.BaseURL,
			"The environments %q and %q are both served at %s. Give each a base_url of its own.", address)
	}
	if a.Store == "" || b.Store == "" {
		return
	}
	one, two := storeOf(a.Store), storeOf(b.Store)
	switch {
	case one == two && a.AccountSID != "" && b.AccountSID != "" && a.AccountSID != b.AccountSID:
		report(sharedStore, later.environment.Store, later.environment.Block.Store,
			"The environments %q and %q are in two accounts and keep their releases in one store. Give each a prefix or a directory of its own.")
	case inside(one, two) || inside(two, one):
		report("IVR724", later.environment.Store, later.environment.Block.Store,
			"Of the environments %q and %q, one keeps its releases inside of what the other keeps: %s and %s. Give each a prefix or a directory beside the other's.", a.Store, b.Store)
	}
}

// storeOf is where a store is, without what tells how it is reached. Two stores are
// one if that is the same.
func storeOf(location string) string {
	location = strings.TrimPrefix(location, "dir:")
	scheme, rest, remote := strings.Cut(location, "://")
	if !remote {
		return path.Clean(location)
	}
	rest, query, _ := strings.Cut(rest, "?")
	values, _ := url.ParseQuery(query)
	return scheme + "://" + values.Get("endpoint") + "/" + strings.Trim(path.Clean(rest), "/")
}

// inside reports whether a store is inside of what another one keeps.
func inside(one, other string) bool {
	return strings.HasPrefix(one, strings.TrimSuffix(other, "/")+"/public/") || strings.HasPrefix(one, strings.TrimSuffix(other, "/")+"/private/") ||
		one == strings.TrimSuffix(other, "/")+"/public" || one == strings.TrimSuffix(other, "/")+"/private"
}
