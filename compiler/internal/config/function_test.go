package config_test

// Whatever is given to functions and operators, an evaluation ends with a value or
// with one sentence that has a place: no panic of a library, and no stack.

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
	"github.com/ivrc/ivrc/internal/deep"
)

// hostileValues are arguments that libraries may not expect.
var hostileValues = strings.Split(strings.TrimSpace(`
0
-1
1
2.5
-0.5
1e18
-1e300
1e-300
62
null
true
""
"a"
"a\nb\n"
"%d %*d %[9]q %!"
"(((("
"a|b"
"2026-01-01T00:00:00Z"
"YYYY 'x"
"-1h"
"999999999h"
"\u0000"
"e\u0301👩‍👩‍👧"
"{\"a\":[1,{}]}"
"- &a [*a]"
"a: *b"
"a,b\n1"
[]
[null]
[1]
["a", 1, null]
[[], {}]
[["a"], ["b"]]
{}
{ a = 1 }
{ a = null, b = [] }
toset(["a"])
tomap({ a = "b" })
tolist([])
"missing.txt"
".."
var.unknown
`), "\n")

func TestFunctionsWithHostileArguments(t *testing.T) {
	names := slices.Sorted(maps.Keys(newEvaluator().Context.Functions))
	var expressions []string
	for _, name := range names {
		expressions = append(expressions, name+"()")
		for _, a := range hostileValues {
			expressions = append(expressions, fmt.Sprintf("%s(%s)", name, a), fmt.Sprintf("%s(%s...)", name, a))
			for i, b := range hostileValues {
				if i%deep.Or(7, 1) != len(expressions)%deep.Or(7, 1) {
					continue
				}
				expressions = append(expressions, fmt.Sprintf("%s(%s, %s)", name, a, b))
			}
		}
	}
	evaluateAll(t, expressions)

	random := rand.New(rand.NewPCG(1, 2))
	expressions = nil
	for range deep.Or(5_000, 50_000, 1_000_000) {
		expressions = append(expressions, randomExpression(random, names, 3))
	}
	evaluateAll(t, expressions)
}

// randomExpression composes functions, operators and values.
func randomExpression(r *rand.Rand, names []string, depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return hostileValues[r.IntN(len(hostileValues))]
	}
	one := func() string { return randomExpression(r, names, depth-1) }
	switch r.IntN(8) {
	case 0:
		return fmt.Sprintf("(%s) %s (%s)", one(), []string{"+", "-", "*", "/", "%", "==", "<", "&&"}[r.IntN(8)], one())
	case 1:
		return fmt.Sprintf("(%s)[%s]", one(), one())
	case 2:
		return fmt.Sprintf("[for k, v in %s : %s]", one(), []string{"k", "v", one()}[r.IntN(3)])
	case 3:
		return fmt.Sprintf("{ for k, v in %s : %s => v... }", one(), []string{"k", "v"}[r.IntN(2)])
	case 4:
		return fmt.Sprintf("(%s) ? (%s) : (%s)", one(), one(), one())
	}
	arguments := make([]string, r.IntN(4))
	for i := range arguments {
		arguments[i] = one()
	}
	return fmt.Sprintf("%s(%s)", names[r.IntN(len(names))], strings.Join(arguments, ", "))
}

func newEvaluator() *config.Evaluator {
	e := config.NewEvaluator(&diagnostic.Collector{}, fstest.MapFS{}, nil)
	e.Context.Variables["var"] = cty.ObjectVal(map[string]cty.Value{"unknown": cty.DynamicVal})
	return e
}

// evaluateAll evaluates expressions, each with the whole budget, and checks what is
// said of it.
func evaluateAll(t *testing.T, expressions []string) {
	t.Helper()
	e := newEvaluator()
	for _, text := range expressions {
		*e.Diags, *e.Budget = diagnostic.Collector{}, *source.NewBudget()
		clear(e.HoldsUnknown)
		evaluate(t, e, text)
	}
	t.Logf("%d expressions", len(expressions))
}

func evaluate(t *testing.T, e *config.Evaluator, text string) {
	t.Helper()
	defer func() {
		if caught := recover(); caught != nil {
			t.Fatalf("%s panics: %v", text, caught)
		}
	}()
	expression, diags := hclsyntax.ParseExpression([]byte(text), "main.ivr.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s is no expression: %v", text, diags)
	}
	e.Value(expression)
	for _, d := range e.Diags.Found {
		if said := d.Summary + d.Detail; strings.Contains(said, "goroutine") || strings.Contains(said, "panic") || strings.Contains(said, ".go:") {
			t.Errorf("%s: %s", text, said)
		}
		if d.Subject == nil || d.Subject.Filename == "" {
			t.Errorf("%s: %s has no place", text, d.Summary)
		}
	}
}
