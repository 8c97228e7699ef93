package compiler

import (
	"github.com/hashicorp/hcl/v2"
)

// unreachable warns of blocks that no call can reach.
func (l *linter) unreachable() {
	reached := map[node]bool{}
	rung := map[*user]bool{}
	for _, n := range l.graph.nodes {
		reached[n] = true
		if g := rings(n); g != nil {
			reached[g] = true
			for _, u := range g.users {
				rung[u] = true
			}
		}
	}
	for _, n := range l.graph.model.nodes {
		message, isMessage := n.(*message)
		_, isLine := n.(*agentsLine)
		if reached[n] || isLine || isMessage && (message.used || message.at == hcl.Range{}) {
			continue
		}
		l.diags.report("IVR601", n.position(), "Nothing leads to %s, so no caller will ever meet it. Name it where callers should go, or remove it.", n.address())
	}
	for _, u := range l.graph.model.users {
		if !rung[u] && !u.outbound {
			l.diags.report("IVR601", u.at, "No ring group that a call can reach rings %s. Add the user to a ring group, or remove the block.", kindUser+"."+u.name)
		}
	}
}

// openLines warns of agents' lines, which anybody could call.
func (l *linter) openLines() {
	for _, s := range l.graph.starts {
		if line, ok := s.to.(*agentsLine); ok && !s.anonymous {
			l.diags.report("IVR606", s.at, "Whoever calls this number is connected to the callers of %s. Use a number that is published nowhere, and say so on the line above: # ivrc:ignore IVR606 unlisted.", line.queue.address())
		}
	}
}
