package lint

// Menus beside each other. Callers learn in one menu which key leads where, and
// press it in the next:
//
//	menu.main ──1──▶ menu.main.1 ──9 "an operator"──▶ ring_group.desk
//	          ──2──▶ menu.main.2 ──8 "an operator"──▶ ring_group.desk

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A choice is what a key of a menu is for: where it leads, and what it is called.
type choice struct {
	to    model.Node
	label string
}

// A choiceKey is the key of a choice in a menu; no key if there are several, of which
// callers can take any.
type choiceKey struct {
	key  model.Key
	menu *model.MenuNode
	at   hcl.Range
}

// goingBack is the label of the key to go back, which no option has.
const goingBack = "\x00"

// choices are the choices of a menu.
func choices(m *model.MenuNode) map[choice]choiceKey {
	list := map[choice]choiceKey{}
	for _, o := range m.Options {
		c := choice{o.To, strings.ToLower(o.Label)}
		if _, twice := list[c]; twice {
			list[c] = choiceKey{}
			continue
		}
		list[c] = choiceKey{o.Key, m, placeIn(m, o)}
	}
	if m.BackTo != nil {
		list[choice{m.BackTo, goingBack}] = choiceKey{m.Back, m, m.At}
	}
	return list
}

// siblings finds choices that have different keys in menus to which the keys of one
// menu lead.
func (l *linter) siblings() {
	type choiceOf struct {
		*model.MenuNode
		choice
	}
	reported := map[choiceOf]bool{}
	for i, n := range l.graph.Nodes {
		if _, ok := n.(*model.MenuNode); !ok {
			continue
		}
		first := map[choice]choiceKey{}
		seen := map[model.Node]bool{n: true}
		for _, w := range l.graph.Ways[i] {
			l.graph.Steps++
			menu, ok := w.To.(*model.MenuNode)
			if !ok || !w.Key || w.Skips || seen[menu] {
				continue
			}
			seen[menu] = true
			for c, here := range choices(menu) {
				l.graph.Steps++
				there, known := first[c]
				switch {
				case here.key == "":
				case !known:
					first[c] = here
				case there.key != here.key && !reported[choiceOf{menu, c}]:
					reported[choiceOf{menu, c}] = true
					l.diags.Within = menu.Address()
					what := "The choice \"" + c.label + "\""
					if c.label == goingBack {
						what = "Going back"
					}
					l.diags.Report(diagnostic.FindSibling.Code, here.at, "%s has the key %s here and the key %s in %s, which stands beside it, so callers who know one menu are wrong in the other. Give it one key in both.", what, here.key, there.key, there.menu.Address())
				}
			}
		}
	}
}
