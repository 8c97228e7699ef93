package lint

// Blocks that no call can reach. What calls reach is seen in one state of the
// variables; a block that is named where they come by is meant for another one:
//
//	to = var.closed ? message.closed : menu.main      both are used
//
// What only an unused block leads to is unused because of it, so the first of them
// is reported, and the others with it:
//
//	menu.old ──▶ ring_group.old ──▶ user.ann          one report, at menu.old

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
)

// declared is the address of the block in which a node stands: a back key can lead
// into a menu whose beginning no call comes to.
func declared(n model.Node) string {
	if m, ok := n.(*model.MenuNode); ok {
		outermost, _, _ := strings.Cut(m.Name, ".")
		return m.Kind + "." + outermost
	}
	return n.Address()
}

// unreached finds the blocks that no call reaches, by address, with their places.
func unreached(g *proof.CallGraph) map[string]hcl.Range {
	reached := map[string]bool{}
	for _, n := range g.Nodes {
		reached[n.Address()] = true
		reached[declared(n)] = true
		if hours, ok := n.(*model.HoursNode); ok {
			for _, s := range hours.Layers {
				reached[bundle.KindSchedule+"."+s.Name] = true
			}
		}
		if group := n.Rings(); group != nil {
			reached[group.Address()] = true
			for _, u := range group.Users {
				reached[bundle.KindUser+"."+u.Name] = true
			}
		}
	}
	found := map[string]hcl.Range{}
	for _, n := range g.Model.Nodes {
		message, isMessage := n.(*model.MessageNode)
		_, isLine := n.(*model.AgentsLine)
		if !reached[n.Address()] && !isLine && !(isMessage && (message.Used || message.At == hcl.Range{})) {
			found[n.Address()] = n.Position()
		}
	}
	for _, s := range g.Model.Schedules {
		if address := bundle.KindSchedule + "." + s.Name; !reached[address] {
			found[address] = s.At
		}
	}
	for _, u := range g.Model.Users {
		address := bundle.KindUser + "." + u.Name
		if delete(found, address); !reached[address] && !u.Outbound {
			found[address] = u.At
		}
	}
	return found
}

// A naming is what each block names, by address: in the text, and in the model.
type naming struct {
	text  map[string][]string
	model map[string]model.Node
	graph *proof.CallGraph
	whole bool // all that a ring group names, even if it is rung only as agents
}

// A mention is a block that is named somewhere, or a local value.
type mention struct {
	address string
	agents  bool // only to be rung for those who wait in a queue
}

// leads are the blocks to which a block leads in some state of the variables. A number
// leads nobody to the queue that it takes callers from, and agents lead nobody on.
func (n naming) leads(from mention) (to []mention) {
	kind := bundle.KindOf(from.address)
	passes := from.agents && slices.Contains([]string{"agents", "local", "users"}, kind)
	group := from.agents && kind == bundle.KindRingGroup
	for _, name := range n.text[from.address] {
		switch is := bundle.KindOf(name); {
		case is == "take", group && is != "users":
		default:
			to = append(to, mention{name, !n.whole && (passes || is == "agents")})
		}
	}
	node := n.model[from.address]
	if node == nil {
		return to
	}
	if !group {
		for _, w := range node.Ways(n.graph.Model.Speaking(node)) {
			if w.To != nil {
				to = append(to, mention{w.To.Address(), false})
			}
		}
	}
	if hours, ok := node.(*model.HoursNode); ok {
		for _, s := range hours.Layers {
			to = append(to, mention{bundle.KindSchedule + "." + s.Name, false})
		}
	}
	if g := node.Rings(); g != nil {
		if g != node {
			to = append(to, mention{g.Address(), !n.whole})
		}
		for _, u := range g.Users {
			to = append(to, mention{bundle.KindUser + "." + u.Name, false})
		}
	}
	return to
}

// mark marks a block and everything that it leads to, and visits each before those
// that come after it.
func (n naming) mark(from mention, seen map[mention]bool, left func(string)) {
	if seen[from] {
		return
	}
	seen[from] = true
	for _, to := range n.leads(from) {
		n.mark(to, seen, left)
	}
	left(from.address)
}

// named finds what the blocks that calls reach lead to in some state of the
// variables.
func (n naming) named() map[mention]bool {
	seen := map[mention]bool{}
	starts := slices.Collect(maps.Keys(n.text))
	starts = slices.DeleteFunc(starts, func(a string) bool { return a != "" && bundle.KindOf(a) != bundle.KindNumber })
	for _, node := range n.graph.Nodes {
		if _, line := node.(*model.AgentsLine); !line {
			starts = append(starts, node.Address(), declared(node))
		}
	}
	for _, a := range starts {
		n.mark(mention{a, false}, seen, func(string) {})
	}
	return seen
}

// newNaming is what the blocks name, of which names is what stands in the text.
func newNaming(g *proof.CallGraph, names map[string][]string) naming {
	n := naming{names, map[string]model.Node{}, g, false}
	for _, node := range g.Model.Nodes {
		n.model[node.Address()] = node
	}
	return n
}

// unreachable warns of blocks that no call reaches in any state of the variables,
// and returns those that are reached in another one. Names is what each block
// names in the text; it is asked for only if it matters.
func (l *linter) unreachable(names func() map[string][]string) (elsewhere []string) {
	found := unreached(l.graph)
	if len(found) == 0 || len(l.graph.Model.Numbers) == 0 { // without a number, that is what is reported
		return nil
	}
	n := newNaming(l.graph, names())
	used := n.named()
	n.unheard(used, found)
	var unused []string
	addresses := slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		x, y := found[a], found[b]
		return cmp.Or(strings.Compare(x.Filename, y.Filename), cmp.Compare(x.Start.Byte, y.Start.Byte), strings.Compare(a, b))
	})
	for _, a := range addresses {
		if used[mention{a, false}] || used[mention{a, true}] {
			elsewhere = append(elsewhere, a)
		} else {
			unused = append(unused, a)
		}
	}
	for first, others := range n.causes(unused) {
		l.reportUnused(first, others, found[first], l.idleLine(first)+n.inVain(used, append([]string{first}, others...)))
	}
	return elsewhere
}

// inVain says which ring groups name one of some unused blocks: groups that are rung
// only for callers of a queue, who go on waiting when nobody answers.
func (n naming) inVain(used map[mention]bool, unused []string) string {
	var groups []string
	for m := range used {
		if !m.agents || bundle.KindOf(m.address) != bundle.KindRingGroup || used[mention{m.address, false}] {
			continue
		}
		if named := n.settings(m.address); slices.ContainsFunc(unused, func(a string) bool { return named[a] }) {
			groups = append(groups, m.address)
		}
	}
	if len(groups) == 0 {
		return ""
	}
	slices.Sort(groups)
	return ", also from " + firstOf(groups) + ", where it has no effect"
}

// settings are the blocks that a ring group names as destinations, by itself or by way
// of local values.
func (n naming) settings(group string) map[string]bool {
	seen := map[string]bool{}
	for list := []string{group}; len(list) > 0; list = list[1:] {
		for _, name := range n.text[list[0]] {
			if is := bundle.KindOf(name); !seen[name] && is != "users" {
				seen[name] = true
				if is == "local" {
					list = append(list, name)
				}
			}
		}
	}
	if node := n.model[group]; node != nil {
		for _, w := range node.Ways(n.graph.Model.Speaking(node)) {
			if w.To != nil {
				seen[w.To.Address()] = true
			}
		}
	}
	return seen
}

// unheard adds the messages that only unused blocks say. Where a name is computed, any
// message may be meant. What a ring group never says is reported at the group.
func (n naming) unheard(used map[mention]bool, found map[string]hcl.Range) {
	said := map[string]bool{}
	for m := range used {
		if slices.Contains(n.text[m.address], bundle.KindMessage+".*") {
			return
		}
		said[m.address] = true
		if m.agents && bundle.KindOf(m.address) == bundle.KindRingGroup {
			maps.Copy(said, n.settings(m.address))
		}
	}
	for _, node := range n.graph.Model.Nodes {
		message, ok := node.(*model.MessageNode)
		if ok && message.Used && message.At != (hcl.Range{}) && !said[node.Address()] {
			found[node.Address()] = message.At
		}
	}
}

// causes groups unused blocks by those to which nothing leads: each with what is
// unused because of it. Of a cycle it is the first.
func (n naming) causes(unused []string) map[string][]string {
	n.whole = true
	is := map[string]bool{}
	for _, a := range unused {
		is[a] = true
	}
	left := make([]string, 0, len(unused)) // a block after everything that it leads to
	seen := map[mention]bool{}
	for _, a := range unused {
		n.mark(mention{a, false}, seen, func(a string) { left = append(left, a) })
	}
	groups := map[string][]string{}
	seen = map[mention]bool{}
	for _, first := range slices.Backward(left) {
		if seen[mention{first, false}] || !is[first] {
			continue
		}
		groups[first] = nil
		n.mark(mention{first, false}, seen, func(a string) {
			if a != first && is[a] {
				groups[first] = append(groups[first], a)
			}
		})
		slices.Sort(groups[first])
	}
	return groups
}

// reportUnused warns of an unused block, and of what only it leads to; with is what has
// to be removed with it.
func (l *linter) reportUnused(first string, others []string, at hcl.Range, with string) {
	rest := ""
	if len(others) > 0 {
		rest = ", nor what only it leads to: " + firstOf(others)
	}
	if bundle.KindOf(first) == bundle.KindUser {
		l.diags.Report("IVR601", at, "No ring group that a call can reach rings %s. Add the user to a ring group, or remove the block%s.", first, with)
		return
	}
	l.diags.Report("IVR601", at, "Nothing leads to %s, so no caller will ever meet it%s. Name it where callers should go, or remove it%s.", first, rest, with)
}

// idleLine says which number takes callers from an unused queue, if one does.
func (l *linter) idleLine(queue string) string {
	for _, n := range l.graph.Model.Numbers {
		if line, ok := model.Takes(n); ok && line.Queue.Address() == queue {
			return " with " + bundle.KindNumber + "." + n.Name + ", which has nobody to take"
		}
	}
	return ""
}

// maxOthers bounds how many blocks a warning names.
const maxOthers = 5

// firstOf lists the first of some blocks.
func firstOf(list []string) string {
	text := strings.Join(list[:min(len(list), maxOthers)], ", ")
	if n := len(list); n > maxOthers {
		text += fmt.Sprintf(" and %d more", n-maxOthers)
	}
	return text
}
