package diagram

import (
	"cmp"
	"maps"
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
	nodes   []node
	numbers int // nodes[:numbers] are the numbers
	reached int // nodes[:reached] can be reached from a number
}

// A node is a block, or the end of a call.
type node struct {
	id       string // the address; of an end, the address of the block before it and " hangup"
	kind     string // the first part of the address: "ring_group", or "hangup"
	title    string // "ring group sales", "+14155550100 main", "hang up"
	detail   string // the settings that matter most: "sequential, 20 s, 2 cycles"
	quote    string // what a message or a voicemail says
	settings []bundle.Setting
	messages []bundle.Message
	ways     []way
}

// A way is one exit of a block.
type way struct {
	on    string // as the bundle has it: "1", "busy"
	label string // of a menu's option
	to    int    // the node
}

// newGraph collects the graph of a bundle.
func newGraph(b *bundle.Bundle) *graph {
	c := collector{blocks: blocks(b), at: map[string]int{}}
	phones := map[string]string{}
	for _, n := range b.Manifest.Numbers {
		address := "number." + n.Name
		phones[address] = n.PhoneNumber
		c.add(address, address)
	}
	c.numbers = len(c.nodes)
	c.follow(0)
	c.reached = len(c.nodes)
	for _, address := range slices.Sorted(maps.Keys(c.blocks)) {
		from := len(c.nodes)
		c.add(address, address)
		c.follow(from)
	}
	for i := range c.nodes {
		c.nodes[i].describe(phones)
	}
	return &c.graph
}

// blocks lists the blocks of all components by address. Where two components
// describe one address, the component whose directory sorts first counts.
func blocks(b *bundle.Bundle) map[string]bundle.Block {
	components := slices.Clone(b.Components)
	slices.SortStableFunc(components, func(x, y bundle.Component) int {
		return strings.Compare(x.Directory, y.Directory)
	})
	byAddress := map[string]bundle.Block{}
	for _, c := range components {
		for _, block := range c.Blocks {
			if _, ok := byAddress[block.Address]; !ok {
				byAddress[block.Address] = block
			}
		}
	}
	return byAddress
}

type collector struct {
	graph
	blocks map[string]bundle.Block
	at     map[string]int // index of a node by its id
}

// follow adds everything that the nodes from the given one on lead to.
func (c *collector) follow(from int) {
	for i := from; i < len(c.nodes); i++ {
		for _, exit := range c.blocks[c.nodes[i].id].Exits {
			id := exit.To
			if exit.To == hangup {
				id = c.nodes[i].id + " " + hangup
			}
			to := c.add(id, exit.To)
			c.nodes[i].ways = append(c.nodes[i].ways, way{clean(exit.On), clean(exit.Label), to})
		}
	}
}

// add returns the node with an id, and makes it if it is new.
func (c *collector) add(id, address string) int {
	if i, ok := c.at[id]; ok {
		return i
	}
	kind, _, _ := strings.Cut(address, ".")
	block := c.blocks[id]
	c.at[id] = len(c.nodes)
	c.nodes = append(c.nodes, node{id: id, kind: kind, settings: block.Settings, messages: block.Messages})
	return c.at[id]
}

// describe writes what a node is called and says. Only here do texts from
// outside enter the graph, besides a way's outcome and label.
func (n *node) describe(phones map[string]string) {
	_, name, _ := strings.Cut(n.id, ".")
	word := kindWord(n.kind)
	if phone, ok := phones[n.id]; ok {
		word = phone
	}
	if n.kind == hangup {
		name = ""
	}
	n.title = clean(word + " " + name)
	if n.title == "" {
		n.title = "(no address)"
	}
	n.settings = slices.Clone(n.settings)
	for i, s := range n.settings {
		n.settings[i] = bundle.Setting{Name: clean(s.Name), Value: clean(s.Value)}
	}
	n.messages = slices.Clone(n.messages)
	for i, m := range n.messages {
		n.messages[i] = bundle.Message{Role: clean(m.Role), Text: clean(m.Text), Audio: clean(m.Audio), URL: clean(m.URL)}
	}
	n.detail = detail(n.settings)
	if (n.kind == "message" || n.kind == "voicemail") && len(n.messages) > 0 {
		n.quote = n.messages[0].Text
	}
	if n.quote != "" {
		n.quote = "“" + n.quote + "”"
	}
}

// text names the way as the drawings label it: "1 Sales", "busy". The answer
// of a number needs no words.
func (w way) text(from *node) string {
	if w.on == "answer" && from.kind == "number" {
		return w.label
	}
	return strings.TrimSpace(outcomeWord(w.on) + " " + w.label)
}

// A line is what the two-dimensional drawings show between two nodes: all the
// ways from one to the other.
type line struct {
	to   int
	text string // "1 Sales, 3 Orders"
}

// lines joins the ways of a node that lead to the same node.
func (g *graph) lines(from int) []line {
	n := &g.nodes[from]
	var all []line
	for _, w := range n.ways {
		i := slices.IndexFunc(all, func(l line) bool { return l.to == w.to })
		if i < 0 {
			all = append(all, line{w.to, w.text(n)})
			continue
		}
		all[i].text = cmp.Or(all[i].text, "answer") + ", " + cmp.Or(w.text(n), "answer")
	}
	return all
}
