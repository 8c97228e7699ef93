package lint

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// unreachable warns of blocks that no call can reach.
func (l *linter) unreachable() {
	reached := map[model.Node]bool{}
	rung := map[*model.PhoneUser]bool{}
	for _, n := range l.graph.Nodes {
		reached[n] = true
		if g := n.Rings(); g != nil {
			reached[g] = true
			for _, u := range g.Users {
				rung[u] = true
			}
		}
	}
	for _, n := range l.graph.Model.Nodes {
		message, isMessage := n.(*model.MessageNode)
		_, isLine := n.(*model.AgentsLine)
		if reached[n] || isLine || isMessage && (message.Used || message.At == hcl.Range{}) {
			continue
		}
		l.diags.Report("IVR601", n.Position(), "Nothing leads to %s, so no caller will ever meet it. Name it where callers should go, or remove it.", n.Address())
	}
	for _, u := range l.graph.Model.Users {
		if !rung[u] && !u.Outbound {
			l.diags.Report("IVR601", u.At, "No ring group that a call can reach rings %s. Add the user to a ring group, or remove the block.", bundle.KindUser+"."+u.Name)
		}
	}
}

// openLines warns of agents' lines, which anybody could call.
func (l *linter) openLines() {
	for _, s := range l.graph.Starts {
		if line, ok := s.To.(*model.AgentsLine); ok && !s.Anonymous {
			l.diags.Report("IVR606", s.At, "Whoever calls this number is connected to the callers of %s. Use a number that is published nowhere, and say so on the line above: # ivrc:ignore IVR606 unlisted.", line.Queue.Address())
		}
	}
}
