package config

// What stands in the wrong place. HCL says that an attribute is not expected in
// a block; where it belongs is known from the grammar:
//
//	ring_group "sales" {
//	  max_callers = 10    An argument named "max_callers" is not expected here. It belongs to queue.

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// ReportDecoding adopts what HCL reported about the attributes and blocks of a body.
func (e *Evaluator) ReportDecoding(body *hclsyntax.Body, diags hcl.Diagnostics) {
	var kept hcl.Diagnostics
	for _, d := range diags {
		if d.Expression != nil && (e.Overspent(diagnostic.SubjectOf(d)) || e.explain(d.Expression, d.EvalContext)) {
			e.damaged[""] = true
			continue
		}
		e.place(d)
		if diagnostic.CodeOfSummary(d.Summary, "") == "IVR107" {
			e.flaw(body, diagnostic.SubjectOf(d).Start)
		}
		kept = append(kept, d)
	}
	e.adopt("IVR201", kept)
}

// flaw notes that the block around a position holds something unknown, which may
// be what the block lacks.
func (e *Evaluator) flaw(body *hclsyntax.Body, at hcl.Pos) {
	behind, _ := slices.BinarySearchFunc(body.Blocks, at.Byte, func(b *hclsyntax.Block, at int) int {
		return cmp.Compare(b.TypeRange.Start.Byte, at)
	})
	if behind == 0 {
		return
	}
	block := body.Blocks[behind-1]
	if inside := block.Body.Range(); inside.Filename == "" || at.Byte < inside.Start.Byte || at.Byte >= inside.End.Byte {
		return
	}
	e.Flawed[block.DefRange()] = true
	e.flaw(block.Body, at)
}

// place adds to a diagnostic where its subject belongs, and notes which blocks
// are not known because of it.
func (e *Evaluator) place(d *hcl.Diagnostic) {
	name := strings.Trim(string(diagnostic.SubjectOf(d).SliceBytes(e.Texts[diagnostic.SubjectOf(d).Filename])), `"`)
	switch suggested := strings.Contains(d.Detail, "Did you mean"); {
	case d.Summary == "Unsupported argument":
		if places := grammar().attributes[name]; len(places) > 0 && !suggested {
			d.Detail += " It belongs to " + enumerate(places) + "."
		}
	case d.Summary == "Unsupported block type":
		places, known := grammar().blocks[name]
		switch {
		case suggested:
		case slices.Contains(places, ""):
			d.Detail += " It stands in a file by itself, not inside another block."
		case known:
			d.Detail += " It belongs to " + enumerate(places) + "."
		default:
			d.Detail += e.Diags.DidYouMean(name, slices.Sorted(maps.Keys(grammar().blocks)))
		}
		for kind := range grammar().blocks {
			if kind == name || strings.Contains(d.Detail, fmt.Sprintf("Did you mean %q?", kind)) {
				e.damaged[kind] = true
			}
		}
	default:
		if _, kind, ok := strings.Cut(d.Summary, " for "); ok {
			e.damaged[kind] = true // a block without a name
		} else if strings.Contains(d.Summary, "dynamic") {
			e.damaged[""] = true
		}
	}
}

// A placement says in which blocks each attribute and each block may stand, ""
// for a file.
type placement struct {
	attributes, blocks map[string][]string
}

// grammar is the placement that the structs of config.go describe.
var grammar = sync.OnceValue(func() placement {
	p := placement{map[string][]string{}, map[string][]string{}}
	p.add("", reflect.TypeFor[Config]())
	p.add("", reflect.TypeFor[Declarations]())
	for _, table := range []map[string][]string{p.attributes, p.blocks} {
		for name := range maps.Keys(table) {
			slices.Sort(table[name])
			table[name] = slices.Compact(table[name])
		}
	}
	return p
})

// add adds what a struct of config.go says about the inside of a block.
func (p *placement) add(parent string, t reflect.Type) {
	for i := range t.NumField() {
		name, kind, _ := strings.Cut(t.Field(i).Tag.Get("hcl"), ",")
		inner := t.Field(i).Type
		if inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		switch {
		case kind == "block":
			known := slices.Contains(p.blocks[name], parent)
			p.blocks[name] = append(p.blocks[name], parent)
			if !known {
				p.add(name, inner)
			}
		case kind == "optional" || kind == "" && name != "":
			p.attributes[name] = append(p.attributes[name], parent)
		case kind == "remain" && inner.Kind() == reflect.Struct && inner != reflect.TypeFor[hcl.Body]():
			p.add(parent, inner)
		}
	}
}

// enumerate writes words in a row: "menu, number and queue".
func enumerate(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
