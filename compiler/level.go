package compiler

// Menu levels: how many keys a caller must press, at least, to reach each menu.
// What is reached by itself, as a queue is from a busy ring group, costs no key:
//
//	number.main → menu.main ──1──▶ menu.wards ──2──▶ ring_group.surgery ──busy──▶ menu.night
//	              0 keys           1 key             2 keys                        2 keys
//
// Each number is a start of its own, because its limit holds for its callers.

// levels checks how many menus a caller must go through.
func (p *proof) levels() {
	limit := limitLevels.Max[p.model.project.profile]
	deepest := map[node]int{} // of menus that are too deep, the most keys under any number
	started := map[node]bool{}
	l := newLevels(p.order)
	for _, n := range p.model.numbers {
		for _, e := range n.starts() {
			if started[e.to] {
				continue
			}
			started[e.to] = true
			l.visit(e.to, func(n node, keys int) {
				if _, isMenu := n.(*menu); isMenu && keys+1 > limit {
					deepest[n] = max(deepest[n], keys)
				}
			})
		}
	}
	for _, n := range p.order {
		if keys := deepest[n]; keys > 0 {
			p.report(limitLevels.Code, n.position(), "This menu is on level %d; callers reach it after %d keys. At most %d levels are allowed. %s Put it further up, or join it with the menu above.", keys+1, keys, limit, limitLevels.Reason)
		}
	}
}

// levels is the call graph with its nodes numbered, for being searched from many
// starts.
type levels struct {
	nodes []node
	index map[node]int
	ways  [][]way
	keys  []int // the fewest keys to each node in the search at hand
	seen  []int // the last search that came to the node
	round int
}

// A way leads to a node, by a key or by itself.
type way struct {
	to    int
	byKey bool
}

func newLevels(order []node) *levels {
	l := &levels{nodes: order, index: map[node]int{}, ways: make([][]way, len(order)), keys: make([]int, len(order)), seen: make([]int, len(order))}
	for i, n := range order {
		l.index[n] = i
	}
	for i, n := range order {
		for _, e := range exits(n) {
			if to, ok := l.index[e.to]; ok {
				l.ways[i] = append(l.ways[i], way{to, !e.byItself()})
			}
		}
	}
	return l
}

// visit calls found with every node that a start leads to, and the fewest keys to
// it: breadth first, what is reached without a key at once.
func (l *levels) visit(start node, found func(n node, keys int)) {
	first, ok := l.index[start]
	if !ok {
		return
	}
	l.round++
	l.seen[first], l.keys[first] = l.round, 0
	level := []int{first}
	for presses := 0; len(level) > 0; presses++ {
		var next []int
		for i := 0; i < len(level); i++ {
			n := level[i]
			if l.keys[n] < presses {
				continue // reached with fewer keys since
			}
			found(l.nodes[n], presses)
			for _, w := range l.ways[n] {
				switch known := l.seen[w.to] == l.round; {
				case known && l.keys[w.to] <= presses:
				case !w.byKey:
					l.seen[w.to], l.keys[w.to] = l.round, presses
					level = append(level, w.to)
				case !known:
					l.seen[w.to], l.keys[w.to] = l.round, presses+1
					next = append(next, w.to)
				}
			}
		}
		level = next
	}
}
