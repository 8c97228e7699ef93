package compiler

// Menu levels: how many keys a caller must press, at least, to reach each node.
// What is reached by itself, as a queue is from a busy ring group, costs no key:
//
//	number.main → menu.main ──1──▶ menu.wards ──2──▶ ring_group.surgery ──busy──▶ menu.night
//	              0 keys           1 key             2 keys                        2 keys
//
// Each number is a start of its own, because its limit holds for its callers.

// levels checks how many menus a caller must go through.
func (p *proof) levels() {
	limit := limitLevels.Max[p.graph.model.project.profile]
	deepest := make([]int, len(p.graph.nodes)) // of menus that are too deep, the most keys under any number
	started := make([]bool, len(p.graph.nodes))
	l := newLevels(p.graph)
	for _, s := range p.graph.starts {
		if s.index == end || started[s.index] {
			continue
		}
		started[s.index] = true
		for _, n := range l.from(s.index) {
			if _, isMenu := p.graph.nodes[n].(*menu); isMenu && l.keys[n]+1 > limit {
				deepest[n] = max(deepest[n], l.keys[n])
			}
		}
	}
	for i, n := range p.graph.nodes {
		if keys := deepest[i]; keys > 0 {
			p.diags.report(limitLevels.Code, n.position(), "This menu is on level %d; callers reach it after %d keys. At most %d levels are allowed. %s Put it further up, or join it with the menu above.", keys+1, keys, limit, limitLevels.Reason)
		}
	}
}

// levels is a search for the fewest keys, which can be made from many starts.
type levels struct {
	graph *callGraph
	keys  []int // the fewest keys to each node in the search at hand
	comes []hop // the last way of a call that presses so few
	seen  []int // the last search that came to the node
	round int
}

func newLevels(g *callGraph) *levels {
	n := len(g.nodes)
	return &levels{graph: g, keys: make([]int, n), comes: make([]hop, n), seen: make([]int, n)}
}

// from returns the nodes that calls can reach from the given ones, by the fewest
// keys to them: breadth first, what is reached without a key at once.
func (l *levels) from(starts ...int) []int {
	l.round++
	var all, level []int
	for _, n := range starts {
		if n != end && l.seen[n] != l.round {
			l.seen[n], l.keys[n], l.comes[n] = l.round, 0, hop{end, 0}
			level = append(level, n)
		}
	}
	for presses := 0; len(level) > 0; presses++ {
		var next []int
		for i := 0; i < len(level); i++ {
			n := level[i]
			if l.keys[n] < presses {
				continue // reached with fewer keys since
			}
			all = append(all, n)
			for k := range l.graph.ways[n] {
				w := &l.graph.ways[n][k]
				l.graph.steps++
				if w.index == end {
					continue
				}
				switch known := l.seen[w.index] == l.round; {
				case known && l.keys[w.index] <= presses:
				case byItself(w):
					l.seen[w.index], l.keys[w.index], l.comes[w.index] = l.round, presses, hop{n, k}
					level = append(level, w.index)
				case !known:
					l.seen[w.index], l.keys[w.index], l.comes[w.index] = l.round, presses+1, hop{n, k}
					next = append(next, w.index)
				}
			}
		}
		level = next
	}
	return all
}
