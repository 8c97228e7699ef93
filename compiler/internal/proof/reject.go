package proof

// A call can be rejected only as long as nothing has answered it: afterwards the verb
// hangs up, and a caller who heard a menu is cut off without a word
// (https://www.twilio.com/docs/voice/twiml/reject). What leads calls on by who is
// calling does not answer; everything else does:
//
//	number.main ──▶ callers.door ──blocked──▶ reject      the call was not answered
//	menu.main ──2──▶ callers.door ──blocked──▶ reject     it was, by menu.main

//
// Nobody is two callers: who comes to callers.door again is led where they were led
// the first time. So a way that looks wrong is followed once more by each caller who
// takes it.

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// rejects reports whether a node is the end of a call that is not answered.
func rejects(n model.Node) bool {
	_, ok := n.(model.RejectNode)
	return ok
}

// rejections reports ways on which a call is rejected that is answered already.
func (p *proof) rejections() {
	g := p.graph
	reported := map[hcl.Range]bool{}
	for _, last := range g.lateRejections(nil, nil) {
		way := last[len(last)-1]
		if at := g.Ways[way.Node][way.Way].At; !reported[at] {
			reported[at] = p.lateRejection(last, at)
		}
	}
}

// lateRejection reports a way to reject that an answered call takes, unless nobody
// can make that call.
func (p *proof) lateRejection(hops []Hop, at hcl.Range) bool {
	g, last := p.graph, hops[len(hops)-1]
	if c, ok := g.Nodes[last.Node].(*model.CallersNode); ok {
		var found [][]Hop
		for _, number := range g.callers() {
			if len(found) == 0 && c.Takes(number) == g.Ways[last.Node][last.Way].On {
				found = g.lateRejections(&number, &last)
			}
		}
		if len(found) == 0 {
			return false
		}
		hops = found[0]
	}
	call := g.NewExample(g.Starts[hops[0].Way])
	call.Walk(hops[1:])
	call.Ends(diagnostic.CutOff, "is cut off without a word at %s, because the call is answered", script.Clock(call.At))
	call.Report(p.diags, "IVR471", at, ". Only a call that nothing has answered can be rejected: lead to reject from a callers block to which the number leads. Here, lead to a message that says why the call ends.")
	return true
}

// callers lists callers whom the graph tells apart; "" withholds their number.
func (g *CallGraph) callers() []string {
	if g.caller != nil {
		return []string{*g.caller}
	}
	return model.Callers(g.asked())
}

// asked lists the nodes that lead calls on by who is calling.
func (g *CallGraph) asked() []*model.CallersNode {
	var asked []*model.CallersNode
	for _, n := range g.Nodes {
		if c, ok := n.(*model.CallersNode); ok {
			asked = append(asked, c)
		}
	}
	return asked
}

// A stretch is a node and whether a call is answered when it comes there.
type stretch struct {
	node     int
	answered bool
}

// lateRejections finds the shortest answered calls to ways on which they are rejected,
// of one caller and to one way, if these are given. The first hop is the start.
func (g *CallGraph) lateRejections(caller *string, to *Hop) (found [][]Hop) {
	comes := map[stretch]Hop{}
	before := map[stretch]stretch{}
	var list []stretch
	reach := func(s, from stretch, by Hop) {
		if _, known := comes[s]; !known && s.node != End {
			comes[s], before[s] = by, from
			list = append(list, s)
		}
	}
	for i, s := range g.Starts {
		if s.Fallback {
			reach(stretch{s.Index, true}, stretch{End, false}, Hop{End, i})
		} else if caller == nil || s.Anonymous == (*caller == "" && s.Number.Anonymous != nil) {
			reach(stretch{s.Index, false}, stretch{End, false}, Hop{End, i})
		}
	}
	for i := 0; i < len(list); i++ {
		at := list[i]
		c, asks := g.Nodes[at.node].(*model.CallersNode)
		for k := range g.Ways[at.node] {
			w, hop := &g.Ways[at.node][k], Hop{at.node, k}
			g.Steps++
			if asks && caller != nil && c.Takes(*caller) != w.On {
				continue
			}
			answered := at.answered || w.Said != nil || !model.PassesOn(g.Nodes[at.node])
			if answered && rejects(w.To) && (to == nil || *to == hop) {
				found = append(found, hopsTo(comes, before, at, hop))
			}
			reach(stretch{w.Index, answered}, at, hop)
		}
	}
	return found
}

// hopsTo is the call that comes to a stretch, and one hop behind it.
func hopsTo(comes map[stretch]Hop, before map[stretch]stretch, at stretch, last Hop) []Hop {
	hops := []Hop{last}
	for at.node != End {
		hops = append(hops, comes[at])
		at = before[at]
	}
	slices.Reverse(hops)
	return hops
}

// fallbacks reports a fallback from which calls come to an application by themselves.
// If that fails, and nobody can say that it was this one, Twilio asks the fallback again:
//
//	number.main ──fallback──▶ application.door ──fails──▶ fallback ──▶ application.door
func (p *proof) fallbacks() {
	g := p.graph
	for _, s := range g.Starts {
		if !s.Fallback {
			continue
		}
		seen := map[int]bool{End: true}
		for list := []int{s.Index}; len(list) > 0; list = list[1:] {
			n := list[0]
			if seen[n] {
				continue
			}
			seen[n] = true
			if a, ok := g.Nodes[n].(*model.ApplicationNode); ok {
				p.diags.Report("IVR495", s.At, "Callers for whom a document cannot be had come to %s, which can fail as well. Where nobody can say what has failed, Twilio asks the fallback again, and they go round in a circle. Lead to people, to a voicemail, or first to a menu.", a.Address())
				break
			}
			for k := range g.Ways[n] {
				g.Steps++
				if w := &g.Ways[n][k]; byItself(w) {
					list = append(list, w.Index)
				}
			}
		}
	}
}
