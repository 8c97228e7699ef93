package compiler

// What the compiler proves. Twilio's documents have no clock and no memory, so a
// call is a walk over a finite graph, the call graph (callgraph.go), and every
// law about calls is a property of its nodes, its ways and its circles:
//
//	menu.main ──1──▶ ring_group.sales ──busy──▶ queue.sales ──timeout──▶ voicemail.sales
//
//  1. Every outcome of every question has an answer. Resolving refuses options,
//     menus, groups and numbers without a destination; lowering gives every
//     outcome a way, the end among them. (IVR402, IVR403, IVR415, IVR418)
//  2. A caller who stays silent or presses wrong keys reaches an end. Such a
//     caller takes only the ways that are taken by themselves. Each node takes a
//     bounded time, so the call ends unless those ways form a circle: a strongly
//     connected component of theirs. (IVR501)
//  3. No call is cut off without a word: a way to the end says something.
//     (IVR502)
//  4. Every loop waits for the caller. A loop without a key is a circle as in 2;
//     a loop with one has a menu in it, which waits. (IVR501)
//  5. Every outcome that is not up to the caller leads somewhere audible: its way
//     says something. No text is empty, nor silent as "…" would be. (IVR422)
//
// For example, let queue.sales lead to menu.main again, and menu.main, when
// nobody presses a key, to ring_group.sales. The components of the ways that are
// taken by themselves are then
//
//	{ring_group.sales, queue.sales, menu.main}   {voicemail.sales}
//
// and the first has a circle in it. The shortest call to its first node, and
// once round, is the counter-example (tell.go), whose times come from visit.go.
//
// Each step looks at every way a fixed number of times, but for the levels of
// menus, which are searched from each number. Everything that a configuration
// gets wrong about its callers' comfort is a warning, and is in finding.go.

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/script"
)

// A proof is the checking of one model.
type proof struct {
	*reporter
	*callGraph
}

// prove checks the laws on the model, and returns its call graph.
func (r *reporter) prove(m *model) *callGraph {
	p := &proof{r, newCallGraph(m)}
	p.circles()
	p.levels()
	p.silentEnds()
	p.queues()
	p.unreachable()
	p.findings()
	return p.callGraph
}

// circles reports circles of ways that are taken by themselves: one for each
// component, because all others in it may be gone when that one is mended.
func (p *proof) circles() {
	of, count := p.components(byItself)
	first := make([]int, count) // node of each component, by the order in which calls reach them
	size := make([]int, count)
	for n := len(of) - 1; n >= 0; n-- {
		first[of[n]] = n
		size[of[n]]++
	}
	for n, c := range of {
		if first[c] != n {
			continue
		}
		itself := func(w way) bool { return byItself(&w) && w.index == n }
		if size[c] > 1 || slices.ContainsFunc(p.ways[n], itself) {
			p.circle(n, of)
		}
	}
}

// circle reports the shortest circle from a node to itself inside its component.
func (p *proof) circle(first int, of []int) {
	comes := map[int]hop{}
	list := []int{first}
	for i := 0; i < len(list); i++ {
		n := list[i]
		for k := range p.ways[n] {
			w := &p.ways[n][k]
			p.steps++
			if !byItself(w) || w.index == end || of[w.index] != of[first] {
				continue
			}
			if w.index == first {
				hops := []hop{{n, k}}
				for n != first {
					hops = append(hops, comes[n])
					n = comes[n].node
				}
				slices.Reverse(hops)
				p.reportCircle(first, hops)
				return
			}
			if _, known := comes[w.index]; !known {
				comes[w.index] = hop{n, k}
				list = append(list, w.index)
			}
		}
	}
}

// reportCircle tells the call that comes to a node and goes round and round.
func (p *proof) reportCircle(first int, circle []hop) {
	from, hops := pathTo(p.comes, first)
	call := p.tell(p.starts[from])
	call.walk(hops)
	call.circle(circle)
	last := circle[len(circle)-1]
	call.ends(Endless, "is at %s again at %s", p.nodes[first].address(), script.Clock(call.at))
	p.reportCall("IVR501", p.ways[last.node][last.way].at, call, ", and so on without an end. Lead one of them elsewhere, such as to a voicemail.")
}

// silentEnds reports ways on which a call ends, and nothing is said between what
// the caller did last and the end.
func (p *proof) silentEnds() {
	const advice = ". Lead to a message that says why the call ends, or goodbye, such as stock.goodbye."
	for _, s := range p.starts {
		if s.index == end {
			call := p.tell(s)
			call.ends(CutOff, "is cut off without a word at %s", script.Clock(call.at))
			p.reportCall("IVR502", s.at, call, advice)
		}
	}
	for n, ways := range p.ways {
		for k, w := range ways {
			p.steps++
			if w.index != end || w.said != nil {
				continue
			}
			from, hops := pathTo(p.callGraph.comes, n)
			call := p.tell(p.starts[from])
			call.walk(append(hops, hop{n, k}))
			call.ends(CutOff, "is cut off without a word at %s", script.Clock(call.at))
			p.reportCall("IVR502", w.at, call, advice)
		}
	}
}

// queues reports queues that nobody serves, and agents' lines.
func (p *proof) queues() {
	for i, n := range p.nodes {
		q, ok := n.(*queue)
		if !ok || q.agents != nil || p.taken[q] {
			continue
		}
		from, hops := pathTo(p.callGraph.comes, i)
		call := p.tell(p.starts[from])
		call.walk(hops)
		call.ends(Unserved, "waits in %s from %s for %s, where nobody can take the call", q.address(), script.Clock(call.at), script.Duration(q.maxWait))
		p.reportCall("IVR417", q.at, call, ". Add agents, or a number with take = %s, which agents call.", q.address())
	}
	for _, s := range p.starts {
		if line, ok := s.to.(*agentsLine); ok && !s.anonymous {
			p.report("IVR606", s.at, "Whoever calls this number is connected to the callers of %s. Use a number that is published nowhere, and say so on the line above: # ivrc:ignore IVR606 unlisted.", line.queue.address())
		}
	}
}

// unreachable warns of blocks that no call can reach.
func (p *proof) unreachable() {
	reached := map[node]bool{}
	rung := map[*user]bool{}
	for _, n := range p.nodes {
		reached[n] = true
		if g := rings(n); g != nil {
			reached[g] = true
			for _, u := range g.users {
				rung[u] = true
			}
		}
	}
	for _, n := range p.model.nodes {
		message, isMessage := n.(*message)
		_, isLine := n.(*agentsLine)
		if reached[n] || isLine || isMessage && (message.used || message.at == hcl.Range{}) {
			continue
		}
		p.report("IVR601", n.position(), "Nothing leads to %s, so no caller will ever meet it. Name it where callers should go, or remove it.", n.address())
	}
	for _, u := range p.model.users {
		if !rung[u] && !u.outbound {
			p.report("IVR601", u.at, "No ring group that a call can reach rings %s. Add the user to a ring group, or remove the block.", kindUser+"."+u.name)
		}
	}
}

// rings is the ring group that a node rings, nil if it rings nobody.
func rings(n node) *ringGroup {
	switch n := n.(type) {
	case *ringGroup:
		return n
	case *queue:
		return n.agents
	}
	return nil
}
