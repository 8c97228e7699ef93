package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A flow is the graph as the script of the page reads it. It differs from the other
// drawings in two things that a page can show better: an end of the call is a mark on
// the way that leads to it, and numbers that treat callers alike are one block with a
// list. Otherwise two hundred offices with the same menu would be two hundred cards
// with two hundred lines.
type flow struct {
	Words  vocabulary  `json:"words"` // the page's own, by their English
	Blocks []flowBlock `json:"blocks"`
	Main   int         `json:"main"` // index of the block to begin with
}

type flowBlock struct {
	Kind     string        `json:"kind"`    // the class of its look
	Word     string        `json:"word"`    // "ring group", "number main"
	Title    string        `json:"title"`   // "ring group sales", "+14155550100 main"
	Name     string        `json:"name"`    // "sales", "+14155550100"
	Detail   string        `json:"detail"`  // "sequential, 20 s, 2 cycles"
	Quote    string        `json:"quote"`   // what it says, with quotation marks
	Numbers  []string      `json:"numbers"` // "+14155550100 main"
	Settings []flowSetting `json:"settings"`
	Messages []flowMessage `json:"messages"`
	Exits    []flowExit    `json:"exits"`

	Source   string   `json:"source,omitempty"`   // "main.ivr.hcl:12"
	Sources  []string `json:"sources,omitempty"`  // of each of the numbers
	Untested string   `json:"untested,omitempty"` // "not tested: answered"
}

type flowSetting struct {
	Word  string `json:"word"`  // "at most"
	Value string `json:"value"` // "10 min"
}

type flowMessage struct {
	Role string `json:"role"` // as the bundle has it: "no_input"
	Word string `json:"word"` // for it: "no input"
	Text string `json:"text,omitempty"`
	File string `json:"file,omitempty"` // path or URL of a recording
}

type flowExit struct {
	On    string `json:"on"`    // "1", "busy"
	Key   bool   `json:"key"`   // On is a key
	Label string `json:"label"` // of a menu's option
	Text  string `json:"text"`  // "1 Sales", "number withheld"
	To    int    `json:"to"`    // index of a block, -1 for the end of the call

	Rejected bool `json:"rejected,omitempty"` // the end: the call is not answered

	Tested tested `json:"tested,omitempty"`
}

// rejects reports whether the end of a call is one that does not answer it.
func rejects(kind string) bool { return bundle.Ends(kind) && kind != bundle.Hangup }

// alike is how many numbers must treat callers alike to be shown as a list.
const alike = 4

// newFlow turns a graph into the flow that the page shows.
func newFlow(g *graph) flow {
	groups := groups(g)
	shownBy := slices.Repeat([]int{-1}, len(g.nodes))
	for at, group := range groups {
		for _, i := range group {
			shownBy[i] = at
		}
	}
	f := flow{Words: g.words, Blocks: make([]flowBlock, len(groups))}
	if f.Words == nil {
		f.Words = vocabulary{}
	}
	for at, group := range groups {
		f.Blocks[at] = newFlowBlock(g, group, shownBy)
	}
	if len(g.nodes) > 0 {
		f.Main = shownBy[mainNumber(g)]
	}
	return f
}

// mainNumber returns the node that readers want to see first: the number named main,
// or else the first number that leads somewhere.
func mainNumber(g *graph) int {
	numbers := g.nodes[:g.numbers]
	if i := slices.IndexFunc(numbers, func(n node) bool { return n.name == "main" }); i >= 0 {
		return i
	}
	leads := func(n node) bool {
		return slices.ContainsFunc(n.ways, func(w way) bool { return w.on == "answer" })
	}
	return max(0, slices.IndexFunc(numbers, leads))
}

// groups lists the nodes of each block of the page.
func groups(g *graph) [][]int {
	lists := map[string][]int{}
	for i := range g.numbers {
		lists[treatment(g, i)] = append(lists[treatment(g, i)], i)
	}
	var all [][]int
	for i := range g.nodes {
		group := []int{i}
		if i < g.numbers {
			if list := lists[treatment(g, i)]; len(list) >= alike {
				group = list
			}
		}
		if group[0] == i && !bundle.Ends(g.nodes[i].kind) {
			all = append(all, group)
		}
	}
	return all
}

// treatment returns a text of everything that matters to the callers of a number.
func treatment(g *graph, i int) string {
	n := &g.nodes[i]
	all := fmt.Sprintf("%q %q %q", n.settings, n.messages, n.untested)
	for _, w := range n.ways {
		all += fmt.Sprintf(" %q %q %q", w.on, g.nodes[w.to].title, w.tested)
	}
	return all
}

func newFlowBlock(g *graph, group, shownBy []int) flowBlock {
	n := &g.nodes[group[0]]
	block := flowBlock{
		Kind: lookOf(n.kind).class, Word: n.word, Title: n.title, Name: cmp.Or(n.phone, n.name, n.title),
		Detail: n.detail, Quote: n.quote, Numbers: []string{},
		Settings: make([]flowSetting, len(n.settings)),
		Messages: make([]flowMessage, len(n.messages)),
		Exits:    make([]flowExit, len(n.ways)),
		Source:   n.source, Untested: n.untested,
	}
	for i, s := range n.settings {
		block.Settings[i] = flowSetting{g.words.setting(s.Name), g.words.value(s)}
	}
	for i, m := range n.messages {
		block.Messages[i] = flowMessage{m.Role, g.words.role(m.Role), m.Text, cmp.Or(m.Audio, m.URL)}
	}
	for i, w := range n.ways {
		block.Exits[i] = flowExit{On: w.on, Key: bundle.IsKey(w.on), Label: w.label, Text: w.text(n), To: shownBy[w.to], Rejected: rejects(g.nodes[w.to].kind), Tested: w.tested}
	}
	if group[0] >= g.numbers {
		return block
	}
	for _, i := range group {
		block.Numbers = append(block.Numbers, g.nodes[i].title)
		if source := g.nodes[i].source; source != "" {
			block.Sources = append(block.Sources, source)
		}
	}
	block.Word = strings.TrimSpace(n.word + " " + n.name)
	if len(group) > 1 {
		block.Title = g.words.counted(strconv.Itoa(len(group)), "number")
		block.Name, block.Word = block.Title, block.Numbers[0]+" …"
	}
	return block
}
