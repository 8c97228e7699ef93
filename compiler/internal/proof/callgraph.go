package proof

// The call graph: everything that a call can be led to, numbered in the order in
// which calls reach it, and every way on from it. The way that ends a call leads
// to no node. Each node knows the way by which the shortest call comes to it, so
// that a call to it can be told:
//
//	0 menu.main ──1──▶ 1 ring_group.sales ──busy──▶ 2 queue.sales ──timeout──▶ 3 voicemail.sales
//
// A key is pressed by the caller; every other way is taken by itself: busy,
// unavailable, full, timeout, failure.

import (
	"slices"

	"github.com/ivrc/ivrc/compiler/internal/component"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A CallGraph is what calls can meet.
type CallGraph struct {
	Model  *model.Model
	Starts []start
	Nodes  []model.Node
	index  map[model.Node]int
	Ways   [][]way // by node
	comes  []Hop   // by node: how the shortest call gets there
	known  map[entrance]*dwell
	taken  map[*model.QueueNode]bool // a number takes its callers
	Taped  map[*model.QueueNode]bool // and records what is said
	Steps  int                       // ways that were looked at, the measure of work
	told   int                       // hops of calls that were told
}

// A start is where calls of a number begin.
type start struct {
	Number    *model.InboundNumber
	Anonymous bool // those of callers who withhold their number
	model.Link
	Index int // of the node, end for hangup
}

// End is the index of what ends a call.
const End = -1

// A way leads on from a node.
type way struct {
	on  string // the key, or the outcome
	key bool   // the caller presses it
	model.Link
	Index int                // of the node, or end
	skips bool               // the beginning of the node: a welcome, or a ring that the caller has just heard
	Said  *model.MessageNode // what the caller hears on the way
	Wrong *model.MessageNode // and in its place after a wrong key
	bye   *model.MessageNode // behind it, where nothing else is arranged
}

// A Hop is a way that a call takes: from a start, or from a node.
type Hop struct {
	Node int // end: from the start
	Way  int // of the node, or the index of the start
}

// newCallGraph finds everything that calls can reach, breadth first.
func newCallGraph(m *model.Model) *CallGraph {
	g := &CallGraph{Model: m, index: map[model.Node]int{}, known: map[entrance]*dwell{}, taken: map[*model.QueueNode]bool{}, Taped: map[*model.QueueNode]bool{}}
	for _, n := range m.Numbers {
		if n.Offline != nil || n.To == nil {
			continue
		}
		if line, ok := model.Takes(n); ok {
			g.taken[line.Queue] = true
			g.Taped[line.Queue] = g.Taped[line.Queue] || line.Record
		}
		g.start(start{Number: n, Link: *n.To})
		if n.Anonymous != nil {
			g.start(start{Number: n, Anonymous: true, Link: *n.Anonymous})
		}
	}
	for i := 0; i < len(g.Nodes); i++ {
		ways := waysOf(m, g.Nodes[i])
		for k := range ways {
			ways[k].Index = g.reach(ways[k].To, Hop{i, k})
			g.Steps++
		}
		g.Ways = append(g.Ways, ways)
	}
	return g
}

// Work is how many ways were looked at, and hops of calls told.
func (g *CallGraph) Work() int { return g.Steps + min(g.told, MaxTold) }

func (g *CallGraph) start(s start) {
	s.Index = g.reach(s.To, Hop{End, len(g.Starts)})
	g.Starts = append(g.Starts, s)
}

// reach is the index of a node, which is new if no call has come to it before.
func (g *CallGraph) reach(n model.Node, by Hop) int {
	if _, ends := n.(model.HangupNode); ends {
		return End
	}
	i, known := g.index[n]
	if !known {
		i = len(g.Nodes)
		g.index[n] = i
		g.Nodes = append(g.Nodes, n)
		g.comes = append(g.comes, by)
	}
	return i
}

// waysOf lists every way on from a node, in the order of keys or outcomes.
func waysOf(m *model.Model, n model.Node) []way {
	var list []way
	key := func(k model.Key, e model.Link) {
		if e.To != nil {
			list = append(list, way{on: string(k), key: true, Link: e})
		}
	}
	outcome := func(on string, e *model.Link, said, wrong *model.MessageNode) {
		w := way{on: on, Said: said, Wrong: wrong}
		if e != nil {
			w.Link = *e
		} else {
			w.Link, w.bye = model.Link{To: model.HangupNode{}, At: n.Position()}, m.Project.Goodbye
		}
		if q, ok := w.To.(*model.QueueNode); ok && q.Agents != nil && n == model.Node(q.Agents) {
			w.skips = true
		}
		list = append(list, w)
	}
	switch n := n.(type) {
	case *model.MenuNode:
		for _, o := range n.Options {
			key(o.Key, o.Link)
		}
		if n.BackTo != nil {
			key(n.Back, model.Link{To: n.BackTo, At: n.At})
			list[len(list)-1].skips = true
		}
		if n.Repeat != "" {
			key(n.Repeat, model.Link{To: n, At: n.At})
			list[len(list)-1].skips = true
		}
		outcome("failure", n.OnFailure, n.NoInput, n.Invalid)
	case *model.RingGroupNode:
		outcome("busy", n.OnBusy, n.Busy, nil)
		outcome("unavailable", n.OnUnavailable, n.Unavailable, nil)
	case *model.QueueNode:
		if n.Admits() {
			outcome("full", n.OnFull, n.Full, nil)
		}
		outcome("timeout", n.OnTimeout, n.Timeout, nil)
	}
	return list
}

// byItself is true of ways that are taken without a key.
func byItself(w *way) bool { return !w.key }

// everyWay is true of all ways.
func everyWay(*way) bool { return true }

// components numbers the strongly connected components of the graph that has
// only the given ways: two nodes are in one if calls can go from each to the
// other. In the order of the numbers everything is known of what is ahead.
func (g *CallGraph) components(follow func(*way) bool) (of []int, count int) {
	return component.StronglyConnected(len(g.Nodes), func(n, k int) (int, bool) {
		if k == len(g.Ways[n]) {
			return End, false
		}
		g.Steps++
		if w := &g.Ways[n][k]; follow(w) {
			return w.Index, true
		}
		return End, true
	})
}

// Leads finds the nodes from which calls can come to one that has a property:
// facts of what is ahead are settled component by component, the last first.
func (g *CallGraph) Leads(has func(model.Node) bool) []bool {
	of, count := g.components(everyWay)
	members := make([][]int, count)
	for n, c := range of {
		members[c] = append(members[c], n)
	}
	settled := make([]bool, count)
	for c, list := range members {
		for _, n := range list {
			settled[c] = settled[c] || has(g.Nodes[n])
			for _, w := range g.Ways[n] {
				g.Steps++
				settled[c] = settled[c] || w.Index != End && settled[of[w.Index]]
			}
		}
	}
	leads := make([]bool, len(g.Nodes))
	for n, c := range of {
		leads[n] = settled[c]
	}
	return leads
}

// pathTo is the shortest call to a node: the start and the hops behind it.
func pathTo(comes []Hop, n int) (from int, hops []Hop) {
	by := comes[n]
	for ; by.Node != End; by = comes[by.Node] {
		hops = append(hops, by)
	}
	slices.Reverse(hops)
	return by.Way, hops
}
