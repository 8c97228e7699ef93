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

	"github.com/ivrc/ivrc/compiler/script"
)

// A proof is the checking of one model.
type proof struct {
	diags *reporter
	graph *callGraph
}

// prove checks the laws on the model, and returns its call graph.
func prove(r *reporter, m *model) *callGraph {
	p := &proof{r, newCallGraph(m)}
	p.circles()
	p.levels()
	p.silentEnds()
	p.queues()
	return p.graph
}

// circles reports circles of ways that are taken by themselves: one for each
// component, because all others in it may be gone when that one is mended.
func (p *proof) circles() {
	of, count := p.graph.components(byItself)
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
		if size[c] > 1 || slices.ContainsFunc(p.graph.ways[n], itself) {
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
		for k := range p.graph.ways[n] {
			w := &p.graph.ways[n][k]
			p.graph.steps++
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
	from, hops := pathTo(p.graph.comes, first)
	call := p.graph.tell(p.graph.starts[from])
	call.walk(hops)
	call.circle(circle)
	last := circle[len(circle)-1]
	call.ends(Endless, "is at %s again at %s", p.graph.nodes[first].address(), script.Clock(call.at))
	call.report(p.diags, "IVR501", p.graph.ways[last.node][last.way].at, ", and so on without an end. Lead one of them elsewhere, such as to a voicemail.")
}

// silentEnds reports ways on which a call ends, and nothing is said between what
// the caller did last and the end.
func (p *proof) silentEnds() {
	const advice = ". Lead to a message that says why the call ends, or goodbye, such as stock.goodbye."
	for _, s := range p.graph.starts {
		if s.index == end {
			call := p.graph.tell(s)
			call.ends(CutOff, "is cut off without a word at %s", script.Clock(call.at))
			call.report(p.diags, "IVR502", s.at, advice)
		}
	}
	for n, ways := range p.graph.ways {
		for k, w := range ways {
			p.graph.steps++
			if w.index != end || w.said != nil {
				continue
			}
			from, hops := pathTo(p.graph.comes, n)
			call := p.graph.tell(p.graph.starts[from])
			call.walk(append(hops, hop{n, k}))
			call.ends(CutOff, "is cut off without a word at %s", script.Clock(call.at))
			call.report(p.diags, "IVR502", w.at, advice)
		}
	}
}

// queues reports queues that nobody serves.
func (p *proof) queues() {
	for i, n := range p.graph.nodes {
		q, ok := n.(*queue)
		if !ok || q.agents != nil || p.graph.taken[q] {
			continue
		}
		from, hops := pathTo(p.graph.comes, i)
		call := p.graph.tell(p.graph.starts[from])
		call.walk(hops)
		call.ends(Unserved, "waits in %s from %s for %s, where nobody can take the call", q.address(), script.Clock(call.at), script.Duration(q.maxWait))
		call.report(p.diags, "IVR417", q.at, ". Add agents, or a number with take = %s, which agents call.", q.address())
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
