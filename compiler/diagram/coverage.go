package diagram

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// A Coverage is what call tests have walked, to be seen in a drawing: a way that
// was walked is green, one that was not is red and broken, so that it can be
// told without colours. An outcome that leads nowhere, such as a ring that is
// answered, is no way; where no test has met it, its block says so.
type Coverage struct {
	// Walked reports whether tests have taken an exit of a block.
	Walked func(block, on string) bool
	// Missed lists outcomes of a block that no test has met, "answered".
	Missed func(block string) []string
}

// Mermaid is [Mermaid] with what was walked.
func (c Coverage) Mermaid(b *bundle.Bundle) string { return drawMermaid(c.mark(newGraph(b))) }

// DOT is [DOT] with what was walked.
func (c Coverage) DOT(b *bundle.Bundle) string { return drawDOT(b, c.mark(newGraph(b))) }

// The colours of ways.
const (
	walkedColour = "#22a06b"
	missedColour = "#d1383d"
)

// A tested says whether tests have taken a way.
type tested string

const (
	unknown tested = ""         // nobody has asked, or it is no way of a caller
	walked  tested = "tested"   // at least one has
	missed  tested = "untested" // none has
)

// mark marks the ways of a graph.
func (c Coverage) mark(g *graph) *graph {
	for i := range g.nodes {
		n := &g.nodes[i]
		drawn := map[string]bool{}
		for k := range n.ways {
			w := &n.ways[k]
			drawn[w.on] = true
			switch {
			case w.on == "agents" || w.on == "take": // who serves callers, and not where they go
			case c.Walked(n.id, w.on):
				w.tested = walked
			default:
				w.tested = missed
			}
		}
		var not []string
		for _, on := range c.Missed(n.id) {
			if !drawn[on] {
				not = append(not, g.words.outcome(terminal.OneLine(on)))
			}
		}
		if len(not) > 0 {
			n.untested = g.words.with("not tested: %s", strings.Join(not, ", "))
		}
	}
	return g
}
