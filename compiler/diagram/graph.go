package diagram

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Every drawing shows this graph. Its nodes are blocks; its ways are the exits of
// blocks. Numbers come first, in the order of the manifest, then the blocks that they
// lead to, breadth first and in the order of keys and outcomes, then the blocks that
// no number leads to. For
//
//	number.main ─▶ menu.main ─1─▶ queue.sales ─timeout─▶ hangup
//	                         └─2─▶ menu.hours
//
// the order is number.main, menu.main, queue.sales, menu.hours, and the end of the
// call after queue.sales. Hanging up is not a block. Every block that hangs up gets an
// end of its own, because lines from everywhere to one common end would hide the rest
// of the drawing.
type graph struct {
	words   vocabulary
	nodes   []node
	numbers int // nodes[:numbers] are the numbers
	reached int // nodes[:reached] can be reached from a number
}

// A node is a block, or the end of a call.
type node struct {
	id       string // the address; of an end, that of the block before it, a zero byte, and "hangup"
	language string // of the calls that come there, "" for the project's
	kind     string // the first part of the address: "ring_group", or "hangup"
	word     string // for the kind: "ring group"
	phone    string // of a number: "+14155550100"
	name     string // of the block: "sales"
	title    string // all of it: "ring group sales", "+14155550100 main", "hang up"
	detail   string // the settings that matter most: "sequential, 20 s, 2 cycles"
	quote    string // what a message or a voicemail says
	settings []bundle.Setting
	hours    []bundle.Hours // of a block of hours, which become settings
	messages []bundle.Message
	ways     []way
	source   string // where it begins: "main.ivr.hcl:12", "" if nobody knows
	untested string // outcomes without a way that no test has met: "not tested: answered"
}

// A way is one exit of a block.
type way struct {
	on    string // as the bundle has it: "1", "failure"
	word  string // for it: "1", "no valid key"
	label string // of a menu's option
	to    int    // the node

	tested tested
}

// text is the label of the way in a drawing: "1 Sales", "busy". The way from a number
// to the block that answers it needs no label.
func (w way) text(from *node) string {
	if w.on == "answer" && from.kind == bundle.KindNumber {
		return w.label
	}
	return strings.TrimSpace(w.word + " " + w.label)
}

// A line connects two nodes in a drawing. It stands for one or more ways.
type line struct {
	to   int
	keys bool   // pressing a key is one of the ways
	text string // "1 Sales, 3 Orders"

	tested tested // all of the ways
}

// lines joins the ways of a node that lead to the same node into lines. It joins only
// ways that tests have all taken, or all not taken, and joins ways by a key only if
// keys is set.
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
		answer := g.words.outcome(bundle.KindNumber, "answer")
		all[i].text = cmp.Or(all[i].text, answer) + ", " + cmp.Or(w.text(n), answer)
	}
	return all
}
