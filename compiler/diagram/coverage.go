package diagram

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// TestedExits says which exits call tests have taken, so that a drawing can show
// it. Lines of exits that were taken are green. Lines of others are red, and dashed
// for readers who cannot tell the colours apart. An outcome that leads nowhere has
// no line, for example a ring that somebody answers; if no test has met it, the
// block says so.
type TestedExits struct {
	// Walked reports whether tests have taken an exit of a block.
	Walked func(block, on string) bool
	// Missed lists the outcomes of a block that no test has met, such as "answered".
	Missed func(block string) []string
}

// Mermaid draws as [Mermaid] does, and marks which exits were taken.
func (t TestedExits) Mermaid(b *bundle.Bundle) string { return drawMermaid(t.mark(newGraph(b))) }

// DOT draws as [DOT] does, and marks which exits were taken.
func (t TestedExits) DOT(b *bundle.Bundle) string { return drawDOT(b, t.mark(newGraph(b))) }

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
func (t TestedExits) mark(g *graph) *graph {
	for i := range g.nodes {
		n := &g.nodes[i]
		drawn := map[string]bool{}
		for k := range n.ways {
			w := &n.ways[k]
			drawn[w.on] = true
			switch {
			case w.on == "agents" || w.on == "take": // who serves callers, and not where they go
			case t.Walked(n.id, w.on):
				w.tested = walked
			default:
				w.tested = missed
			}
		}
		var not []string
		for _, on := range t.Missed(n.id) {
			if !drawn[on] {
				not = append(not, g.words.outcome(bundle.KindOf(n.id), terminal.OneLine(on)))
			}
		}
		if len(not) > 0 {
			n.untested = g.words.with("not tested: %s", strings.Join(not, ", "))
		}
	}
	return g
}
