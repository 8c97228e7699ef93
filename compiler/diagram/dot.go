package diagram

import (
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// DOT draws the call flow for Graphviz, from left to right:
//
//	ivrc graph -format=dot | dot -Tsvg -o flow.svg
func DOT(b *bundle.Bundle) string { return drawDOT(b, newGraph(b)) }

func drawDOT(b *bundle.Bundle, g *graph) string {
	ids := identifiers(g)
	var out strings.Builder
	fmt.Fprintf(&out, "digraph %s {\n", dotString(terminal.OneLine(b.Manifest.Project)))
	out.WriteString("    rankdir=LR; ranksep=0.7; nodesep=0.25;\n")
	out.WriteString("    node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, style=\"filled,rounded\", margin=\"0.12,0.06\", height=0.4];\n")
	out.WriteString("    edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, color=\"#8894a5\", arrowsize=0.7];\n")
	for i := range g.nodes {
		n := &g.nodes[i]
		l := lookOf(n.kind)
		colour := l.colour
		if n.untested != "" {
			colour = missedColour
		}
		fmt.Fprintf(&out, "    %s [label=%s, shape=%s, color=\"%s\", fillcolor=\"%s2a\"];\n",
			ids[i], dotLabel(n), l.shape, colour, l.colour)
	}
	for i := range g.nodes {
		for _, l := range g.lines(i, true) {
			fmt.Fprintf(&out, "    %s -> %s", ids[i], ids[l.to])
			if attributes := dotAttributes(l); attributes != "" {
				fmt.Fprintf(&out, " [%s]", attributes)
			}
			out.WriteString(";\n")
		}
	}
	out.WriteString("}\n")
	return out.String()
}

func dotAttributes(l line) string {
	var all []string
	if l.text != "" {
		all = append(all, "label="+dotString(terminal.Shorten(l.text, drawnWidth)))
	}
	switch l.tested {
	case walked:
		all = append(all, `color="`+walkedColour+`", penwidth=1.6`)
	case missed:
		all = append(all, `color="`+missedColour+`", fontcolor="`+missedColour+`", style=dashed`)
	}
	return strings.Join(all, ", ")
}

func dotLabel(n *node) string {
	var lines []string
	for _, text := range []string{n.title, n.detail, n.quote, n.untested} {
		if text != "" {
			lines = append(lines, dotEscape(terminal.Shorten(text, drawnWidth)))
		}
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}

func dotString(s string) string { return `"` + dotEscape(s) + `"` }

// dotEscape escapes a text for a quoted string that Graphviz shows. A backslash would
// begin an escape sequence (\N is the name of the node), and an ampersand an entity.
func dotEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(s)
}
