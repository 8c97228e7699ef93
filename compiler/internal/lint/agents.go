package lint

// Ring groups to which no caller is led: they are rung only for those who wait in a
// queue, and who go on waiting when nobody answers. What should happen then is written
// at the queue, and at the ring group it has no effect.

import (
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// agents warns of what never happens after ringing a group in vain, in any state of
// the variables.
func (l *linter) agents(names func() map[string][]string) {
	reached := map[model.Node]bool{}
	for _, n := range l.graph.Nodes {
		reached[n] = true
	}
	var named map[mention]bool
	for _, n := range l.graph.Nodes {
		g := n.Rings()
		if g == nil || reached[g] || len(g.InVain) == 0 {
			continue
		}
		reached[g] = true
		if named == nil {
			named = newNaming(l.graph, names()).named()
		}
		if named[mention{g.Address(), false}] {
			continue
		}
		l.diags.Within = g.Address()
		for _, at := range g.InVain {
			l.diags.Report("IVR625", at, "This never happens: %s is rung only for callers of %s, who go on waiting when nobody answers. Lead callers to %s, or remove this; %s itself says where callers go who have waited in vain.", g.Address(), n.Address(), g.Address(), n.Address())
		}
	}
}
