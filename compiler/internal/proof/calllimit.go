package proof

// Twilio ends every call after four hours, in the middle of a word. So no call may
// last longer, whatever the callees do, and whatever the caller does who goes
// forward: who goes back and forth between menus can be in the call for ever, and
// knows why. How long a call can last is what worstcase.go computes.
//
//	number.main ──▶ menu.main ──1──▶ queue.sales ──timeout──▶ voicemail.sales
//	                     0:00:30     3:50:00                   0:10:00
//
// Of many numbers, few come near to the limit. No call lasts longer than all blocks
// together that it can come to, so only numbers where that is too long are looked at
// closely.

import (
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// A begins is where calls begin that are looked at together: at a number, or where they
// go on when a document cannot be had.
type begins struct {
	number   *model.InboundNumber
	fallback bool
}

// callLimit reports calls that can last longer than Twilio's limit, once for each
// block in which it would end them.
func (p *proof) callLimit() {
	g := p.graph
	most := g.mostAhead()
	starts := map[begins]string{}
	for _, s := range g.Starts {
		if s.Index != End && most[s.Index] > model.CallLimit {
			starts[begins{s.Number, s.Fallback}] += fmt.Sprint(s.Index, " ")
		}
	}
	if len(starts) == 0 {
		return
	}
	f := newWorstCases(g)
	known, reported := map[string]bool{}, map[int]bool{}
	for i := range 2 * len(g.Model.Numbers) {
		n, fallback := g.Model.Numbers[i/2], i%2 == 1
		from, far := starts[begins{n, fallback}]
		if !far || known[from] {
			continue
		}
		known[from] = true
		worst := f.number(n, fallback)
		if fallback {
			worst.whole.After += n.Fallback.Length()
		}
		if worst.whole.After <= model.CallLimit {
			continue
		}
		if at := f.atLimit(f.hops(toWhole)); !reported[at] {
			reported[at] = true
			p.tooLong(n, g.Nodes[at], worst.whole)
		}
	}
}

// tooLong reports that a call is ended at a node.
func (p *proof) tooLong(n *model.InboundNumber, at model.Node, latest Latest) {
	what := "the wait there"
	if g := at.Rings(); g != nil && g.TimeLimit > 0 {
		what = "the wait there, the time_limit of " + g.Address()
	}
	p.diags.Report("IVR503", at.Position(), "A call to number.%s can last for %s: %s. Twilio ends every call after %s, so the caller would be cut off in %s. Shorten %s, or what comes before it.",
		n.Name, script.Clock(latest.After), strings.Join(latest.Way, ", "), script.Duration(model.CallLimit), at.Address(), what)
}

// atLimit is the node at which a call is when it has lasted for as long as it may.
func (f *worstCases) atLimit(hops []Hop) int {
	at, skips := time.Duration(0), false
	for _, h := range hops {
		if h.Way == End {
			return h.Node
		}
		w := &f.graph.Ways[h.Node][h.Way]
		at += f.graph.dwell(entrance{h.Node, skips}).Ways[h.Way].Worst
		if at > model.CallLimit {
			return h.Node
		}
		skips = w.Skips
	}
	return hops[len(hops)-1].Node
}

// mostAhead is more than any call can last from each node on: the longest dwells at
// all nodes of its component, and what is ahead of them.
func (g *CallGraph) mostAhead() []time.Duration {
	of, count := g.components(everyWay)
	here, ahead := make([]time.Duration, count), make([]time.Duration, count)
	members := make([][]int, count)
	for n, c := range of {
		here[c] += g.longestAt(n)
		members[c] = append(members[c], n)
	}
	for c, nodes := range members { // what is ahead has a smaller number
		for _, n := range nodes {
			for i := range g.Ways[n] {
				g.Steps++
				if to := g.Ways[n][i].Index; to != End && of[to] != c {
					ahead[c] = max(ahead[c], here[of[to]]+ahead[of[to]])
				}
			}
		}
	}
	most := make([]time.Duration, len(g.Nodes))
	for n, c := range of {
		most[n] = here[c] + ahead[c]
	}
	return most
}

// longestAt is how long a call can be at a node.
func (g *CallGraph) longestAt(n int) time.Duration {
	longest := time.Duration(0)
	for _, skips := range []bool{false, true} {
		d := g.dwell(entrance{n, skips})
		longest = max(longest, d.Person+d.Talk)
		if d.Ends != nil {
			longest = max(longest, d.Ends.Worst)
		}
		for _, w := range d.Ways {
			longest = max(longest, w.Worst)
		}
		if _, ok := g.Nodes[n].(*model.QueueNode); !ok {
			break // who skips the beginning is there for a shorter time
		}
	}
	return longest
}
