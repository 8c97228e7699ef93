package proof

// The call graph: everything that a call can be led to, numbered in the order in
// which calls reach it, and every way on from it. The way that ends a call leads
// to no node. Each node knows the way by which the shortest call comes to it, so
// that a call to it can be shown:
//
//	0 menu.main ──1──▶ 1 ring_group.sales ──busy──▶ 2 queue.sales ──timeout──▶ 3 voicemail.sales
//
// A key is pressed by the caller, and a message is spoken by them; every other way is
// taken by itself: busy, unavailable, full, timeout, failure.

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
	caller *string // whose calls they are; nil for everybody's
	index  map[model.Node]int
	Ways   [][]way // by node
	comes  []Hop   // by node: how the shortest call gets there
	known  map[entrance]*model.Dwell
	Taken  map[string]bool // the queues whose callers a number takes, by name
	Taped  map[string]bool // and records what is said
	Steps  int             // ways that were looked at, the measure of work
	shown  int             // hops of counter-examples

	told       []string // callers told apart: it is proved for each of these, too, so that a call that nobody can make says nothing
	impossible int      // calls that nobody can make
}

// A start is where calls of a number begin.
type start struct {
	Number    *model.InboundNumber
	Anonymous bool // those of callers who withhold their number
	Fallback  bool // those of which a document could not be had
	model.Link
	Index int // of the node, end for hangup
}

// End is the index of what ends a call.
const End = -1

// A way leads on from a node.
type way struct {
	model.Way
	Index int // of the node, or End
}

// A Hop is a way that a call takes: from a start, or from a node.
type Hop struct {
	Node int // end: from the start
	Way  int // of the node, or the index of the start
}

// newCallGraph finds everything that calls can reach, breadth first: those of
// everybody, or of one caller, a number in E.164, or "" for one who withholds it.
func newCallGraph(m *model.Model, caller *string) *CallGraph {
	g := &CallGraph{Model: m, caller: caller, index: map[model.Node]int{}, known: map[entrance]*model.Dwell{}, Taken: map[string]bool{}, Taped: map[string]bool{}}
	for _, n := range m.Numbers {
		if n.Offline != nil || n.To == nil {
			continue
		}
		if line, ok := model.Takes(n); ok {
			g.Taken[line.Queue.Name] = true
			g.Taped[line.Queue.Name] = g.Taped[line.Queue.Name] || line.Record
		}
		if n.Anonymous == nil || caller == nil || *caller != "" {
			g.start(start{Number: n, Link: *n.To})
		}
		if n.Anonymous != nil && (caller == nil || *caller == "") {
			g.start(start{Number: n, Anonymous: true, Link: *n.Anonymous})
		}
	}
	for _, n := range m.Numbers { // last, so that a call that needs no failure is told of the others
		if n.FallsBack != nil {
			g.start(start{Number: n, Fallback: true, Link: *n.FallsBack})
		}
	}
	for i := 0; i < len(g.Nodes); i++ {
		var ways []way
		for _, w := range g.Nodes[i].Ways(m.Speaking(g.Nodes[i])) {
			if asked, ok := g.Nodes[i].(*model.CallersNode); ok && caller != nil && asked.Takes(*caller) != w.On {
				continue
			}
			ways = append(ways, way{w, g.reach(w.To, Hop{i, len(ways)})})
			g.Steps++
		}
		g.Ways = append(g.Ways, ways)
	}
	return g
}

// Work is how many ways were looked at, and hops of counter-examples.
func (g *CallGraph) Work() int { return g.Steps + min(g.shown, MaxShown) }

func (g *CallGraph) start(s start) {
	s.Index = g.reach(s.To, Hop{End, len(g.Starts)})
	g.Starts = append(g.Starts, s)
}

// reach is the index of a node, which is new if no call has come to it before.
func (g *CallGraph) reach(n model.Node, by Hop) int {
	if model.Ends(n) {
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

// byItself is true of ways that are taken without a key, and without a word.
func byItself(w *way) bool { return !w.Key && !w.Spoken }

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

// An entrance is a node and how a call comes to it.
type entrance struct {
	node  int
	skips bool // see model.Way
}

// dwell is how long a call is at a node that comes by an entrance.
func (g *CallGraph) dwell(at entrance) *model.Dwell {
	if d := g.known[at]; d != nil {
		return d
	}
	n := g.Nodes[at.node]
	q, waits := n.(*model.QueueNode)
	d := n.Dwell(g.Model.Speaking(n), model.Entrance{Skips: at.skips, Taken: waits && g.Taken[q.Name]})
	d.Ways = d.Ways[:len(g.Ways[at.node])] // of one caller, one of those that take no time
	for i := range d.Ways {
		w := &g.Ways[at.node][i]
		d.Ways[i] = d.Ways[i].Hearing(w.Said, w.Wrong, w.Bye)
	}
	g.Steps += d.Steps
	g.known[at] = &d
	return &d
}

// hidden finds where callers who withhold their number can come from some starts.
func (g *CallGraph) hidden(starts []start) map[int]bool {
	seen := map[int]bool{}
	var list []int
	for _, s := range starts {
		if s.Anonymous == (s.Number.Anonymous != nil) {
			list = append(list, s.Index)
		}
	}
	for ; len(list) > 0; list = list[1:] {
		i := list[0]
		if i == End || seen[i] {
			continue
		}
		seen[i] = true
		asked, _ := g.Nodes[i].(*model.CallersNode)
		for _, w := range g.Ways[i] {
			g.Steps++
			if asked == nil || w.On == asked.Takes("") {
				list = append(list, w.Index)
			}
		}
	}
	return seen
}
