package diagram

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// newGraph collects the graph of a bundle, in English.
func newGraph(b *bundle.Bundle) *graph { return newGraphIn(b, nil) }

// newGraphIn collects the graph of a bundle in the words of a language.
func newGraphIn(b *bundle.Bundle, w vocabulary) *graph {
	c := collector{graph: graph{words: w}, blocks: blocksOf(b), at: map[blockID]int{}}
	phones := map[string]string{}
	for _, n := range b.Manifest.Numbers {
		address := bundle.KindNumber + "." + n.Name
		phones[address] = n.PhoneNumber
		c.add(blockID{address, ""}, address)
	}
	c.numbers = len(c.nodes)
	c.follow(0)
	c.reached = len(c.nodes)
	for _, id := range slices.SortedFunc(maps.Keys(c.blocks), blockID.compare) {
		from := len(c.nodes)
		c.add(id, id.address)
		c.follow(from)
	}
	for i := range c.nodes {
		c.nodes[i].describe(phones, w)
	}
	return &c.graph
}

// A blockID identifies a block: its address and the language of the calls that come
// there, "" for the project's.
type blockID struct{ address, language string }

func (id blockID) compare(other blockID) int {
	return cmp.Or(strings.Compare(id.address, other.address), strings.Compare(id.language, other.language))
}

// blocksOf returns the declared blocks of a bundle.
func blocksOf(b *bundle.Bundle) map[blockID]bundle.Block {
	blocks := map[blockID]bundle.Block{}
	for _, block := range b.Blocks() {
		blocks[blockID{block.Address, block.Language}] = block
	}
	return blocks
}

// destination is the block that an exit leads to. Blocks that are the same in two
// languages are described once.
func destination(blocks map[blockID]bundle.Block, exit bundle.Exit) blockID {
	id := blockID{exit.To, exit.Language}
	if _, ok := blocks[id]; !ok {
		id.language = ""
	}
	return id
}

// A collector builds a graph.
type collector struct {
	graph
	blocks map[blockID]bundle.Block
	at     map[blockID]int // index of a node
}

// follow adds all nodes that the nodes from the given index on lead to.
func (c *collector) follow(from int) {
	for i := from; i < len(c.nodes); i++ {
		from := blockID{c.nodes[i].id, c.nodes[i].language}
		block := c.blocks[from]
		for _, exit := range exits(block, c.words) {
			id := destination(c.blocks, exit)
			if bundle.Ends(exit.To) {
				id = blockID{from.address + "\x00" + exit.To, from.language} // no address has a zero byte
			}
			to := c.add(id, exit.To)
			on := terminal.OneLine(exit.On)
			c.nodes[i].ways = append(c.nodes[i].ways, way{on: on, word: c.words.outcome(block.Kind(), on), label: c.words.label(block, exit), to: to})
		}
	}
}

// exits lists the ways on from a block, including those that a bundle describes as
// settings: the key that repeats a menu, the agents of a queue, and the queue that an
// agents' line takes callers from. The end of the call after a message or a voicemail
// is not a way.
func exits(block bundle.Block, w vocabulary) []bundle.Exit {
	ways := slices.Clone(block.Exits)
	switch block.Kind() {
	case bundle.KindMessage, bundle.KindVoicemail:
		ways = slices.DeleteFunc(ways, func(exit bundle.Exit) bool { return exit.To == bundle.Hangup })
	case bundle.KindMenu:
		if repeat, ok := block.RepeatExit(); ok {
			outcomes := slices.IndexFunc(ways, func(exit bundle.Exit) bool { return !bundle.IsKey(exit.On) })
			if outcomes < 0 {
				outcomes = len(ways)
			}
			repeat.Label = w.of("repeat")
			ways = slices.Insert(ways, outcomes, repeat)
		}
	case bundle.KindQueue:
		ways = appendSetting(ways, block, "agents")
	case bundle.KindNumber:
		ways = appendSetting(ways, block, "take")
	}
	return ways
}

// appendSetting appends the way to the block that a setting names, if the block
// has that setting.
func appendSetting(ways []bundle.Exit, block bundle.Block, setting string) []bundle.Exit {
	if to := block.Setting(setting); to != "" {
		ways = append(ways, bundle.Exit{On: setting, To: to, Language: block.Language})
	}
	return ways
}

// add returns the node with an id, and makes it if it is new.
func (c *collector) add(id blockID, address string) int {
	if i, ok := c.at[id]; ok {
		return i
	}
	block := c.blocks[id]
	c.at[id] = len(c.nodes)
	c.nodes = append(c.nodes, node{id: id.address, language: id.language, kind: bundle.KindOf(address), settings: block.Settings, hours: block.Hours, messages: block.Messages})
	return c.at[id]
}

// describe fills in the name and the texts of a node. Together with the outcomes and
// labels of ways, these are all texts from outside in the graph.
func (n *node) describe(phones map[string]string, w vocabulary) {
	n.word = terminal.OneLine(w.kind(n.kind))
	n.phone = terminal.OneLine(phones[n.id])
	if !bundle.Ends(n.kind) {
		n.name = terminal.OneLine(bundle.NameOf(n.id))
		if n.language != "" {
			n.name += " (" + terminal.OneLine(n.language) + ")"
		}
	}
	n.title = strings.TrimSpace(cmp.Or(n.phone, n.word) + " " + n.name)
	if n.title == "" {
		n.title = w.of("(no address)")
	}
	settings, messages := n.settings, n.messages
	n.settings, n.messages = nil, make([]bundle.Message, len(messages))
	for _, s := range settings {
		if s.Name != "phone_number" { // it is in the title
			n.settings = append(n.settings, bundle.Setting{Name: terminal.OneLine(s.Name), Value: terminal.OneLine(s.Value)})
		}
	}
	for _, day := range w.hours(n.hours) {
		n.settings = append(n.settings, bundle.Setting{Name: terminal.OneLine(day.Name), Value: terminal.OneLine(day.Value)})
	}
	for i, m := range messages {
		n.messages[i] = bundle.Message{Role: terminal.OneLine(m.Role), Text: terminal.OneLine(m.Text), Audio: terminal.OneLine(m.Audio), URL: terminal.OneLine(m.URL)}
	}
	n.detail = w.detail(n.kind, n.settings)
	if (n.kind == bundle.KindMessage || n.kind == bundle.KindVoicemail) && len(n.messages) > 0 {
		n.quote = n.messages[0].Text
	}
	if n.quote != "" {
		n.quote = w.with("“%s”", n.quote)
	}
}
