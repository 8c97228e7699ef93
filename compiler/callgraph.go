package compiler

// The call graph: everything that a call can be led to, numbered in the order in
// which calls reach it, and every way on from it. The way that ends a call leads
// to no node. Each node knows the way by which the shortest call comes to it, so
// that a call to it can be told:
//
//	0 menu.main ──1──▶ 1 ring_group.sales ──busy──▶ 2 queue.sales ──timeout──▶ 3 voicemail.sales
//
// A key is pressed by the caller; every other way is taken by itself: busy,
// unavailable, full, timeout, failure.

import "slices"

// A callGraph is what calls can meet.
type callGraph struct {
	model  *model
	starts []start
	nodes  []node
	index  map[node]int
	ways   [][]way // by node
	comes  []hop   // by node: how the shortest call gets there
	known  map[entrance]*visit
	taken  map[*queue]bool // a number takes its callers
	taped  map[*queue]bool // and records what is said
	steps  int             // ways that were looked at, the measure of work
	told   int             // hops of calls that were told
}

// A start is where calls of a number begin.
type start struct {
	number    *number
	anonymous bool // those of callers who withhold their number
	exit
	index int // of the node, end for hangup
}

// end is the index of what ends a call.
const end = -1

// A way leads on from a node.
type way struct {
	on  string // the key, or the outcome
	key bool   // the caller presses it
	exit
	index int      // of the node, or end
	skips bool     // the beginning of the node: a welcome, or a ring that the caller has just heard
	said  *message // what the caller hears on the way
	wrong *message // and in its place after a wrong key
	bye   *message // behind it, where nothing else is arranged
}

// A hop is a way that a call takes: from a start, or from a node.
type hop struct {
	node int // end: from the start
	way  int // of the node, or the index of the start
}

// newCallGraph finds everything that calls can reach, breadth first.
func newCallGraph(m *model) *callGraph {
	g := &callGraph{model: m, index: map[node]int{}, known: map[entrance]*visit{}, taken: map[*queue]bool{}, taped: map[*queue]bool{}}
	for _, n := range m.numbers {
		if n.offline != nil || n.to == nil {
			continue
		}
		if line, ok := takes(n); ok {
			g.taken[line.queue] = true
			g.taped[line.queue] = g.taped[line.queue] || line.record
		}
		g.start(start{number: n, exit: *n.to})
		if n.anonymous != nil {
			g.start(start{number: n, anonymous: true, exit: *n.anonymous})
		}
	}
	for i := 0; i < len(g.nodes); i++ {
		ways := waysOf(m, g.nodes[i])
		for k := range ways {
			ways[k].index = g.reach(ways[k].to, hop{i, k})
			g.steps++
		}
		g.ways = append(g.ways, ways)
	}
	return g
}

// work is how many ways were looked at, and hops of calls told.
func (g *callGraph) work() int { return g.steps + min(g.told, maxTold) }

func (g *callGraph) start(s start) {
	s.index = g.reach(s.to, hop{end, len(g.starts)})
	g.starts = append(g.starts, s)
}

// reach is the index of a node, which is new if no call has come to it before.
func (g *callGraph) reach(n node, by hop) int {
	if _, ends := n.(hangup); ends {
		return end
	}
	i, known := g.index[n]
	if !known {
		i = len(g.nodes)
		g.index[n] = i
		g.nodes = append(g.nodes, n)
		g.comes = append(g.comes, by)
	}
	return i
}

// waysOf lists every way on from a node, in the order of keys or outcomes.
func waysOf(m *model, n node) []way {
	var list []way
	key := func(k key, e exit) {
		if e.to != nil {
			list = append(list, way{on: string(k), key: true, exit: e})
		}
	}
	outcome := func(on string, e *exit, said, wrong *message) {
		w := way{on: on, said: said, wrong: wrong}
		if e != nil {
			w.exit = *e
		} else {
			w.exit, w.bye = exit{hangup{}, n.position()}, m.project.goodbye
		}
		if q, ok := w.to.(*queue); ok && q.agents != nil && n == node(q.agents) {
			w.skips = true
		}
		list = append(list, w)
	}
	switch n := n.(type) {
	case *menu:
		for _, o := range n.options {
			key(o.key, o.exit)
		}
		if n.backTo != nil {
			key(n.back, exit{n.backTo, n.at})
			list[len(list)-1].skips = true
		}
		if n.repeat != "" {
			key(n.repeat, exit{n, n.at})
			list[len(list)-1].skips = true
		}
		outcome("failure", n.onFailure, n.noInput, n.invalid)
	case *ringGroup:
		outcome("busy", n.onBusy, n.busy, nil)
		outcome("unavailable", n.onUnavailable, n.unavailable, nil)
	case *queue:
		if n.admits() {
			outcome("full", n.onFull, n.full, nil)
		}
		outcome("timeout", n.onTimeout, n.timeout, nil)
	}
	return list
}

// admits reports whether callers ever come to stand in the queue: the first ring
// of the agents can take all of the time that there is. Callers from the agents'
// own ring group have heard it ring.
func (q *queue) admits() bool {
	if q.agents == nil || q.agents.busyTime() < q.maxWait {
		return true
	}
	for _, e := range []*exit{q.agents.onBusy, q.agents.onUnavailable} {
		if e != nil && e.to == node(q) {
			return true
		}
	}
	return false
}

// byItself is true of ways that are taken without a key.
func byItself(w *way) bool { return !w.key }

// everyWay is true of all ways.
func everyWay(*way) bool { return true }

// components numbers the strongly connected components of the graph that has
// only the given ways: two nodes are in one if calls can go from each to the
// other. In the order of the numbers everything is known of what is ahead.
func (g *callGraph) components(follow func(*way) bool) (of []int, count int) {
	return stronglyConnected(len(g.nodes), func(n, k int) (int, bool) {
		if k == len(g.ways[n]) {
			return end, false
		}
		g.steps++
		if w := &g.ways[n][k]; follow(w) {
			return w.index, true
		}
		return end, true
	})
}

// leads finds the nodes from which calls can come to one that has a property:
// facts of what is ahead are settled component by component, the last first.
func (g *callGraph) leads(has func(node) bool) []bool {
	of, count := g.components(everyWay)
	members := make([][]int, count)
	for n, c := range of {
		members[c] = append(members[c], n)
	}
	settled := make([]bool, count)
	for c, list := range members {
		for _, n := range list {
			settled[c] = settled[c] || has(g.nodes[n])
			for _, w := range g.ways[n] {
				g.steps++
				settled[c] = settled[c] || w.index != end && settled[of[w.index]]
			}
		}
	}
	leads := make([]bool, len(g.nodes))
	for n, c := range of {
		leads[n] = settled[c]
	}
	return leads
}

// pathTo is the shortest call to a node: the start and the hops behind it.
func pathTo(comes []hop, n int) (from int, hops []hop) {
	by := comes[n]
	for ; by.node != end; by = comes[by.node] {
		hops = append(hops, by)
	}
	slices.Reverse(hops)
	return by.way, hops
}
