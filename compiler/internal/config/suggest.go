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
			e.noteUnknown(body, diagnostic.SubjectOf(d).Start)
			continue
		}
		e.suggest(d)
		if d.Expression != nil || diagnostic.CodeOfSummary(d.Summary, "") == "IVR107" {
			e.noteUnknown(body, diagnostic.SubjectOf(d).Start)
		}
		kept = append(kept, d)
	}
	e.adopt("IVR201", kept)
}

// noteUnknown notes that the block around a position holds something unknown, which may
// be what the block lacks.
func (e *Evaluator) noteUnknown(body *hclsyntax.Body, at hcl.Pos) {
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
	e.HoldsUnknown[block.DefRange()] = true
	e.noteUnknown(block.Body, at)
}

// suggest adds to a diagnostic where its subject belongs, and notes which blocks
// are not known because of it.
func (e *Evaluator) suggest(d *hcl.Diagnostic) {
	name := strings.Trim(string(diagnostic.SubjectOf(d).SliceBytes(e.Texts[diagnostic.SubjectOf(d).Filename])), `"`)
	switch suggested := strings.Contains(d.Detail, "Did you mean"); {
	case d.Summary == "Unsupported argument":
		if places := grammar().attributes[name]; len(places) > 0 && !suggested {
			d.Detail += " It belongs to " + enumerate(places) + "."
		} else if slices.Contains(grammar().blocks[name], "") && !suggested {
			d.Detail += " It is a block: " + name + " { … }, without an equals sign."
		} else if !suggested {
			d.Detail += hint(name)
		}
	case d.Summary == "Unsupported block type":
		places, known := grammar().blocks[name]
		switch {
		case suggested:
		case hint(name) != "" && !known:
			d.Detail += hint(name)
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

// suggestions say in which blocks each attribute and each block may stand, "" for a
// file.
type suggestions struct {
	attributes, blocks map[string][]string
}

// grammar is what the schema says of that.
var grammar = sync.OnceValue(func() suggestions {
	g := suggestions{map[string][]string{}, map[string][]string{}}
	g.add("", fileSchema())
	g.add("", schemaOf[Declarations]())
	for _, table := range []map[string][]string{g.attributes, g.blocks} {
		for name := range table {
			slices.Sort(table[name])
			table[name] = slices.Compact(table[name])
		}
	}
	return g
})

// add adds what a schema says about the inside of a block.
func (g *suggestions) add(parent string, s *blockSchema) {
	for name := range s.attributes {
		g.attributes[name] = append(g.attributes[name], parent)
	}
	for name, inner := range s.blocks {
		known := slices.Contains(g.blocks[name], parent)
		g.blocks[name] = append(g.blocks[name], parent)
		if !known {
			g.add(name, inner.blockSchema)
		}
	}
	if s.rest != nil {
		g.add(parent, s.rest.blockSchema)
	}
}

// enumerate writes words in a row: "menu, number and queue".
func enumerate(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
