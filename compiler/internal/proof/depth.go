package proof

import (
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// Menu depth: how many keys a caller must press, at least, to reach each node.
// What is reached by itself, as a queue is from a busy ring group, costs no key:
//
//	number.main → menu.main ──1──▶ menu.wards ──2──▶ ring_group.surgery ──busy──▶ menu.night
//	              0 keys           1 key             2 keys                        2 keys
//
// Each number is a start of its own, because its limit holds for its callers.

// menuDepths checks how many menus a caller must go through.
func (p *proof) menuDepths() (ok bool) {
	ok = true
	limit := model.LimitDepth.Max[p.graph.Model.Project.Profile]
	deepest := make([]int, len(p.graph.Nodes)) // of menus that are too deep, the most keys under any number
	started := make([]bool, len(p.graph.Nodes))
	l := newDepthSearch(p.graph)
	for _, s := range p.graph.Starts {
		if s.Index == End || started[s.Index] {
			continue
		}
		started[s.Index] = true
		seen := map[string]bool{} // by address, where a menu can be there in several languages
		for _, n := range l.from(s.Index) {
			if p.graph.Model.Spoken != nil {
				address := p.graph.Nodes[n].Address()
				if seen[address] {
					continue // a menu is as deep as in the language in which callers first come to it
				}
				seen[address] = true
			}
			if m, isMenu := p.graph.Nodes[n].(*model.MenuNode); isMenu && m.Kind == bundle.KindMenu && l.keys[n]+1 > limit {
				deepest[n] = max(deepest[n], l.keys[n])
			}
		}
	}
	for i, n := range p.graph.Nodes {
		if keys := deepest[i]; keys > 0 {
			ok = false
			p.diags.Within = n.Address()
			p.diags.Report(model.LimitDepth.Code, n.Position(), "This menu is at depth %d: callers reach it after %d keys. The menu depth is at most %d. %s Move it up, or merge it with the menu above.", keys+1, keys, limit, model.LimitDepth.Reason)
		}
	}
	p.diags.Within = ""
	return ok
}

// depthSearch is a search for the fewest keys, which can be made from many starts.
type depthSearch struct {
	graph *CallGraph
	keys  []int // the fewest keys to each node in the search at hand
	comes []Hop // the last way of a call that presses so few
	seen  []int // the last search that came to the node
	round int
}

func newDepthSearch(g *CallGraph) *depthSearch {
	n := len(g.Nodes)
	return &depthSearch{graph: g, keys: make([]int, n), comes: make([]Hop, n), seen: make([]int, n)}
}

// from returns the nodes that calls can reach from the given ones, by the fewest
// keys to them: breadth first, what is reached without a key at once.
func (l *depthSearch) from(starts ...int) []int {
	l.round++
	var all, row []int
	for _, n := range starts {
		if n != End && l.seen[n] != l.round {
			l.seen[n], l.keys[n], l.comes[n] = l.round, 0, Hop{End, 0}
			row = append(row, n)
		}
	}
	for presses := 0; len(row) > 0; presses++ {
		var next []int
		for i := 0; i < len(row); i++ {
			n := row[i]
			if l.keys[n] < presses {
				continue // reached with fewer keys since
			}
			all = append(all, n)
			for k := range l.graph.Ways[n] {
				w := &l.graph.Ways[n][k]
				l.graph.Steps++
				if w.Index == End {
					continue
				}
				switch known := l.seen[w.Index] == l.round; {
				case known && l.keys[w.Index] <= presses:
				case byItself(w):
					l.seen[w.Index], l.keys[w.Index], l.comes[w.Index] = l.round, presses, Hop{n, k}
					row = append(row, w.Index)
				case !known:
					l.seen[w.Index], l.keys[w.Index], l.comes[w.Index] = l.round, presses+1, Hop{n, k}
					next = append(next, w.Index)
				}
			}
		}
		row = next
	}
	return all
}
