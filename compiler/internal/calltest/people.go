package calltest

// What the other people of a call test do: those who are rung, and those who
// wait in queues already.
//
//	callees = { alice = busy(), bob = [busy(), answers("3s", "2m")] }
//	waiting = { sales = 10 }

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/source"
	"github.com/ivrc/ivrc/compiler/script"
)

// people reads what callees do, by their addresses.
func (r *callReader) people(a *hcl.Attribute) map[string]script.Callee {
	people := map[string]script.Callee{}
	r.entries(a, "users", bundle.KindUser, func(name string, value cty.Value, expr hcl.Expression, at hcl.Range) {
		var does []script.Turn
		turns := []element{{value: value, at: at}}
		if e, ok := expr.(hclsyntax.Expression); ok {
			turns[0].expr = e
		}
		if t := value.Type(); !value.IsNull() && (t.IsTupleType() || t.IsListType()) {
			turns = elements(value, expr, at)
		}
		for _, turn := range turns {
			if t, ok := r.turn(turn); ok {
				does = append(does, t)
			}
		}
		if len(does) > 0 {
			people[r.phones[name]] = script.InTurn(does...)
		}
	})
	return people
}

// turn reads what a callee does at one ring.
func (r *callReader) turn(e element) (script.Turn, bool) {
	w, ok := asWord(e.value)
	if !ok || w.role != wordResponse {
		r.diags.Report("IVR703", e.at, "What a callee does is expected here, such as busy() or answers(\"3s\"), not %s. There are %s.", describeWord(e.value), strings.Join(wordNames(wordResponse), ", "))
		return script.Turn{}, false
	}
	t := w.response.Turn()
	args, ok := r.arguments(w, e)
	for i, arg := range args {
		if d := r.durationOf(arg.value, arg.at); w.Parameters[i].Name == "talk" {
			t.Talk = d
		} else {
			t.After = d
		}
	}
	return t, ok
}

// waiting reads who waits in queues already.
func (r *callReader) waiting(a *hcl.Attribute) []script.Waiting {
	var all []script.Waiting
	r.entries(a, "queues", bundle.KindQueue, func(name string, value cty.Value, _ hcl.Expression, at hcl.Range) {
		n := int64(-1)
		if value.Type() == cty.Number && !value.IsNull() && value.AsBigFloat().IsInt() {
			n, _ = value.AsBigFloat().Int64()
		}
		if n < 0 || n > 5000 {
			r.diags.Report("IVR710", at, "How many callers wait is a whole number from 0 to 5000, not %s.", shown(value))
			return
		}
		all = append(all, script.Waiting{Queue: r.queues[name].FriendlyName, Callers: int(n)})
	})
	return all
}

// applications reads what applications do: a result, "fails", or a list of them, one
// for each call that is handed over.
func (r *callReader) applications(a *hcl.Attribute) map[string]script.Application {
	all := map[string]script.Application{}
	r.entries(a, "applications", bundle.KindApplication, func(name string, value cty.Value, _ hcl.Expression, at hcl.Range) {
		list := []cty.Value{value}
		if t := value.Type(); !value.IsNull() && (t.IsTupleType() || t.IsListType()) {
			list = value.AsValueSlice()
		}
		for _, v := range list {
			text, _ := config.AsText(v)
			turns, err := script.ParseApplication(text)
			if err != nil {
				r.diags.Report("IVR704", at, "A result of the application is expected here, or \"fails\", in quotes, not %s: %v.", shown(v), err)
				return
			}
			for _, turn := range turns {
				if known := r.results(name); turn.Fails == "" && !slices.Contains(known, turn.Result) {
					r.diags.Report("IVR704", at, "The application %s has no result %q.%s", name, turn.Result, r.diags.DidYouMean(turn.Result, known))
					return
				}
			}
			all[name] = append(all[name], turns...)
		}
	})
	return all
}

// results lists the results of an application.
func (r *callReader) results(name string) []string {
	var names []string
	for _, n := range r.model.Nodes {
		if a, ok := n.(*model.ApplicationNode); ok && a.Name == name {
			for _, result := range a.Results {
				names = append(names, result.Name)
			}
		}
	}
	return names
}

// entries calls visit for every entry of an attribute that is a map from the
// names of blocks of a kind.
func (r *callReader) entries(a *hcl.Attribute, plural, kind string, visit func(name string, value cty.Value, expr hcl.Expression, at hcl.Range)) {
	value, ok := r.value(a)
	if !ok {
		return
	}
	if t := value.Type(); !t.IsObjectType() && !t.IsMapType() {
		r.diags.Report("IVR203", a.Expr.Range(), "This is a map from the names of %s, such as { %s = … }, not %s.", plural, exampleName(r.eval.Names[kind]), describeWord(value))
		return
	}
	places := map[string]*hclsyntax.ObjectConsItem{}
	if written, ok := source.Unwrapped(a.Expr).(*hclsyntax.ObjectConsExpr); ok {
		for i := range written.Items {
			if key, diags := written.Items[i].KeyExpr.Value(r.context); !diags.HasErrors() {
				name, _ := config.AsText(key)
				places[name] = &written.Items[i]
			}
		}
	}
	for it := value.ElementIterator(); it.Next(); {
		key, v := it.Element()
		name := key.AsString()
		keyAt, at := a.Expr.Range(), a.Expr.Range()
		var expr hcl.Expression
		if item := places[name]; item != nil {
			keyAt, at, expr = item.KeyExpr.Range(), item.ValueExpr.Range(), item.ValueExpr
		}
		if !slices.Contains(r.eval.Names[kind], name) {
			r.diags.Report("IVR202", keyAt, "There is no %s named %q.%s", config.Spoken(kind), name, r.diags.DidYouMean(name, r.eval.Names[kind]))
			continue
		}
		visit(name, v, expr, at)
	}
}

func exampleName(names []string) string {
	if len(names) == 0 {
		return "name"
	}
	return names[0]
}
