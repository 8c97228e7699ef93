package diagram

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// The graph that every drawing shows. Its nodes are blocks; its ways are the
// exits of blocks. Numbers come first, in the order of the manifest, then what
// they lead to, breadth first and in the order of keys and outcomes, then what
// no number leads to. For
//
//	number.main ─▶ menu.main ─1─▶ queue.sales ─timeout─▶ hangup
//	                         └─2─▶ menu.hours
//
// the order is number.main, menu.main, queue.sales, menu.hours, and the
// hang-up that belongs to queue.sales. Hanging up is no block: every block that
// does it gets an end of its own, because lines from everywhere to one common
// end would hide what the drawing is for.
type graph struct {
	words   vocabulary
	nodes   []node
	numbers int // nodes[:numbers] are the numbers
	reached int // nodes[:reached] can be reached from a number
}

// A node is a block, or the end of a call.
type node struct {
	id       string // the address; of an end, that of the block before it, a zero byte, and "hangup"
	kind     string // the first part of the address: "ring_group", or "hangup"
	word     string // for the kind: "ring group"
	phone    string // of a number: "+14155550100"
	name     string // of the block: "sales"
	title    string // all of it: "ring group sales", "+14155550100 main", "hang up"
	detail   string // the settings that matter most: "sequential, 20 s, 2 cycles"
	quote    string // what a message or a voicemail says
	settings []bundle.Setting
	messages []bundle.Message
	ways     []way
	source   string // where it begins: "main.ivr.hcl:12", "" if nobody knows
	untested string // outcomes that are no ways and that no test has met: "not tested: answered"
}

// A way is one exit of a block.
type way struct {
	on    string // as the bundle has it: "1", "failure"
	word  string // for it: "1", "no valid key"
	label string // of a menu's option
	to    int    // the node

	tested tested
}

// text names the way as the drawings label it: "1 Sales", "busy". The answer
// of a number needs no words.
func (w way) text(from *node) string {
	if w.on == "answer" && from.kind == bundle.KindNumber {
		return w.label
	}
	return strings.TrimSpace(w.word + " " + w.label)
}

// A line is what a drawing shows between two nodes: ways from one to the other.
type line struct {
	to   int
	keys bool   // pressing a key is one of the ways
	text string // "1 Sales, 3 Orders"

	tested tested // all of the ways
}

// lines joins the ways of a node that lead to the same node, and that tests have
// all walked or all not; those by a key only if keys says so.
func (g *graph) lines(from int, keys bool) []line {
	n := &g.nodes[from]
	var all []line
	for _, w := range n.ways {
		i := slices.IndexFunc(all, func(l line) bool {
			return l.to == w.to && l.tested == w.tested && (keys || !l.keys && !bundle.IsKey(w.on))
		})
		if i < 0 {
			all = append(all, line{w.to, bundle.IsKey(w.on), w.text(n), w.tested})
			continue
		}
		all[i].keys = all[i].keys || bundle.IsKey(w.on)
		answer := g.words.outcome("answer")
		all[i].text = cmp.Or(all[i].text, answer) + ", " + cmp.Or(w.text(n), answer)
	}
	return all
}
