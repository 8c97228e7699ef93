package proof

// What the compiler proves. Twilio's documents have no clock and no memory, so a
// call is a walk over a finite graph, the call graph (callgraph.go), and every
// law about calls is a property of its nodes, its ways and its cycles:
//
//	menu.main ──1──▶ ring_group.sales ──busy──▶ queue.sales ──timeout──▶ voicemail.sales
//
//  1. Every outcome of every question has an answer. Resolving refuses options,
//     menus, groups and numbers without a destination; lowering gives every
//     outcome a way, the end among them. (IVR402, IVR403, IVR415, IVR418)
//  2. A caller who stays silent or presses wrong keys reaches an end. Such a
//     caller takes only the ways that are taken by themselves. Each node takes a
//     bounded time, so the call ends unless those ways form a cycle: a strongly
//     connected component of theirs. (IVR501)
//  3. No call is cut off without a word: a way to the end says something.
//     (IVR502)
//  4. Every loop waits for the caller. A loop without a key is a cycle as in 2;
//     a loop with one has a menu in it, which waits. (IVR501)
//  5. Every outcome that is not up to the caller leads somewhere audible: its way
//     says something. No text is empty, nor silent as "…" would be. (IVR422)
//  6. A call is rejected only where nothing has answered it (reject.go). (IVR471)
//  7. No call lasts longer than the four hours after which Twilio ends it, unless the
//     caller goes back again and again (calllimit.go). (IVR503)
//
// For example, let queue.sales lead to menu.main again, and menu.main, when
// nobody presses a key, to ring_group.sales. The components of the ways that are
// taken by themselves are then
//
//	{ring_group.sales, queue.sales, menu.main}   {voicemail.sales}
//
// and the first has a cycle in it. The shortest call to its first node, and
// once round, is the counter-example (example.go), whose times come from package model.
//
// Each step looks at every way a fixed number of times, except for the depth of
// menus, which is searched from each number. Everything that a configuration
// gets wrong about its callers' comfort is a warning, and is found in package lint.

import (
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// A proof is the checking of one model.
type proof struct {
	diags *diagnostic.Collector
	graph *CallGraph
}

// Prove checks the laws on the model, and returns its call graph.
func Prove(r *diagnostic.Collector, m *model.Model) *CallGraph {
	graph, before := newCallGraph(m, nil), len(r.Found)
	graph.told = graph.apart()
	prove(r, graph)
	if len(graph.told) > 0 && (len(r.Found) > before || graph.impossible > 0) {
		r.Found = r.Found[:before]
		for each := range graph.ByCaller() {
			prove(r, each)
		}
		r.Found = append(r.Found[:before], once(r.Found[before:])...)
	}
	return graph
}

// ByCaller makes the graphs of callers whose calls differ, where calls are led on by who
// is calling.
func (g *CallGraph) ByCaller() iter.Seq[*CallGraph] {
	return func(yield func(*CallGraph) bool) {
		for i := range g.told {
			if !yield(newCallGraph(g.Model, &g.told[i])) {
				return
			}
		}
	}
}

// mostCallers bounds the work of proving by caller.
const mostCallers = 100

// apart lists callers whose calls differ, where calls are led on by who is calling:
// what goes wrong must go wrong for one of them. It is empty for too many callers.
func (g *CallGraph) apart() []string {
	asked := g.asked()
	if len(asked) == 0 {
		return nil
	}
	var list []string
	seen := map[string]bool{}
	for _, caller := range model.Callers(asked) {
		id := fmt.Sprint(caller == "")
		for _, n := range asked {
			id += "\x00" + n.Takes(caller)
		}
		if !seen[id] {
			seen[id] = true
			list = append(list, caller)
		}
		if len(list) > mostCallers {
			return nil
		}
	}
	return list
}

// once keeps the first of the diagnostics that say the same of one place, each for
// another caller.
func once(found hcl.Diagnostics) hcl.Diagnostics {
	type place struct {
		code string
		at   hcl.Range
	}
	seen := map[place]bool{}
	return slices.DeleteFunc(slices.Clone(found), func(d *hcl.Diagnostic) bool {
		p := place{diagnostic.CodeOf(d), diagnostic.SubjectOf(d)}
		known := seen[p]
		seen[p] = true
		return known
	})
}

// prove checks the laws on a call graph.
func prove(r *diagnostic.Collector, graph *CallGraph) {
	p := &proof{r, graph}
	acyclic := p.cycles()
	shallow := p.menuDepths()
	p.silentEnds()
	p.rejections()
	p.fallbacks()
	p.queues()
	if acyclic && shallow { // otherwise there are calls of any length
		p.callLimit()
	}
}

// cycles reports cycles of ways that are taken by themselves: one for each
// component, because all others in it may be gone when that one is fixed. It
// returns whether there are none.
func (p *proof) cycles() (none bool) {
	none = true
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
		itself := func(w way) bool { return byItself(&w) && w.Index == n }
		if size[c] > 1 || slices.ContainsFunc(p.graph.Ways[n], itself) {
			p.cycle(n, of)
			none = false
		}
	}
	return none
}

// cycle reports the shortest cycle from a node to itself inside its component.
func (p *proof) cycle(first int, of []int) {
	comes := map[int]Hop{}
	list := []int{first}
	for i := 0; i < len(list); i++ {
		n := list[i]
		for k := range p.graph.Ways[n] {
			w := &p.graph.Ways[n][k]
			p.graph.Steps++
			if !byItself(w) || w.Index == End || of[w.Index] != of[first] {
				continue
			}
			if w.Index == first {
				hops := []Hop{{n, k}}
				for n != first {
					hops = append(hops, comes[n])
					n = comes[n].Node
				}
				slices.Reverse(hops)
				p.reportCycle(first, hops)
				return
			}
			if _, known := comes[w.Index]; !known {
				comes[w.Index] = Hop{n, k}
				list = append(list, w.Index)
			}
		}
	}
}

// reportCycle tells the call that comes to a node and goes round and round.
func (p *proof) reportCycle(first int, cycle []Hop) {
	from, hops := pathTo(p.graph.comes, first)
	call := p.graph.NewExample(p.graph.Starts[from])
	call.Walk(hops)
	call.cycle(cycle)
	last := cycle[len(cycle)-1]
	call.Ends(diagnostic.Endless, "is at %s again at %s", p.graph.Nodes[first].Address(), script.Clock(call.At))
	call.Report(p.diags, "IVR501", p.graph.Ways[last.Node][last.Way].At, ", and so on without an end. Lead one of them elsewhere, such as to a voicemail.")
}

// silentEnds reports ways on which a call ends, and nothing is said between what
// the caller did last and the end.
func (p *proof) silentEnds() {
	const advice = ". Lead to a message that says why the call ends, or goodbye, such as stock.goodbye."
	for _, s := range p.graph.Starts {
		if s.Index == End && !rejects(s.To) && !(s.Fallback && s.Number.Fallback != nil) {
			call := p.graph.NewExample(s)
			call.Ends(diagnostic.CutOff, "is cut off without a word at %s", script.Clock(call.At))
			call.Report(p.diags, "IVR502", s.At, advice)
		}
	}
	for n, ways := range p.graph.Ways {
		for k, w := range ways {
			p.graph.Steps++
			if w.Index != End || w.Said != nil || w.Bye != nil || w.Talked || rejects(w.To) {
				continue
			}
			from, hops := pathTo(p.graph.comes, n)
			call := p.graph.NewExample(p.graph.Starts[from])
			call.Walk(append(hops, Hop{n, k}))
			call.Ends(diagnostic.CutOff, "is cut off without a word at %s", script.Clock(call.At))
			call.Report(p.diags, "IVR502", w.At, advice)
		}
	}
}

// queues reports queues that nobody serves, and ways into others on which callers
// have heard the agents ring and would be led on before they are rung again.
func (p *proof) queues() {
	for i, n := range p.graph.Nodes {
		q, ok := n.(*model.QueueNode)
		if !ok || q.Agents != nil || p.graph.Taken[q.Name] {
			continue
		}
		call := p.unserved(q, i, nil)
		call.Report(p.diags, "IVR417", q.At, ". Add agents, or a number with take = %s, which agents call.", q.Address())
	}
	for n, ways := range p.graph.Ways {
		for k, w := range ways {
			p.graph.Steps++
			q, ok := w.To.(*model.QueueNode)
			if !ok || !w.Skips || p.graph.Taken[q.Name] {
				continue
			}
			s := p.graph.Model.Project.Schedule(q)
			if _, rings := s.Hold(0); !rings {
				call := p.unserved(q, n, []Hop{{n, k}})
				call.Report(p.diags, "IVR417", w.At, ": %s would be rung again after %s, and could then ring for %s. Make max_wait at least %s, or retry_every shorter, or lead callers elsewhere.", q.Agents.Address(), script.Duration(s.Pause), script.Duration(s.Ring), script.Duration(s.Pause+s.Ring))
			}
		}
	}
}

// unserved is a call that waits in a queue for nobody: the shortest to a node, and
// some hops behind it.
func (p *proof) unserved(q *model.QueueNode, node int, hops []Hop) *Example {
	from, before := pathTo(p.graph.comes, node)
	call := p.graph.NewExample(p.graph.Starts[from])
	call.Walk(append(before, hops...))
	call.Ends(diagnostic.Unserved, "waits in %s from %s for %s, where nobody can take the call", q.Address(), script.Clock(call.At), script.Duration(q.MaxWait))
	return call
}
