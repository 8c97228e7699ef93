package lint

// Callers who withhold their number, where the configuration leads them on by that. A
// ring without caller_id shows users the number of the caller, and where that is
// withheld, the carrier of a telephone can refuse the call:
//
//	anonymous = ring_group.desk      warned of, if desk rings a phone without caller_id
//	to        = ring_group.desk      not: most carriers take the call, and every
//	                                 configuration would be warned

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
)

// withheld warns of branches for callers who withhold their number that lead to a ring
// which passes it on.
func (l *linter) withheld() {
	reported := map[hcl.Range]bool{}
	for _, s := range l.graph.Starts {
		if s.Anonymous {
			l.passedOn(s.Index, s.At, bundle.KindNumber+"."+s.Number.Name, reported)
		}
	}
	for i, n := range l.graph.Nodes {
		for _, w := range l.graph.Ways[i] {
			if _, asks := n.(*model.CallersNode); asks && w.On == bundle.WithheldAnswer {
				l.passedOn(w.Index, w.At, n.Address(), reported)
			}
		}
	}
}

// passedOn looks for the nearest such ring behind a branch, and warns of it once.
func (l *linter) passedOn(from int, at hcl.Range, branch string, reported map[hcl.Range]bool) {
	seen := map[int]bool{proof.End: true}
	for list := []int{from}; len(list) > 0 && !reported[at]; list = list[1:] {
		i := list[0]
		if seen[i] {
			continue
		}
		seen[i] = true
		n := l.graph.Nodes[i]
		if g := n.Rings(); g != nil {
			if users := g.ShowWithheld(); len(users) > 0 {
				reported[at] = true
				l.diags.Within = branch
				l.diags.Report(diagnostic.FindWithheld.Code, at, "Callers who withhold their number are led to %s from here, and what %s would see is the withheld number. Some carriers refuse such a call (Twilio's error 13214), and then the telephone does not ring.%s", g.Address(), bundle.KindUser+"."+users[0], showInstead(g))
			}
		}
		asked, _ := n.(*model.CallersNode)
		for _, w := range l.graph.Ways[i] {
			l.graph.Steps++
			if asked == nil || w.On == asked.Takes("") {
				list = append(list, w.Index)
			}
		}
	}
}

// showInstead says how users are shown a number that every carrier takes.
func showInstead(g *model.RingGroupNode) string {
	if g.Kind == bundle.KindUser {
		return " Lead these callers to a ring group of this user with caller_id, a number of your account, or to a voicemail."
	}
	return " Give it a caller_id, a number of your account, or lead these callers to another ring group or a voicemail."
}
