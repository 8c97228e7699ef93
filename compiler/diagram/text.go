package diagram

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// The text tree walks the graph depth first, as people explain a phone menu in an
// e-mail:
//
//	+14155550100 main → menu main
//	├── 1 Sales → ring group sales (sequential, 20 s, 2 cycles)
//	│   └── busy, unavailable → voicemail sales (2 min) “Please leave a message.”
//	└── 2 Complaints → voicemail sales (see above)
//
// The tree explains a block where it first occurs, and only names it later. Below the
// deepest level it names a block and explains it in a separate tree further down, so
// that there is always room for words.

const (
	lineWidth = 100 // columns
	deepest   = 10  // levels
	briefest  = 20  // columns of a quotation that makes room for names
)

// Text draws the call flow as an indented tree with one exit on each line. A line
// takes at most 100 columns and ends with a line feed; texts that do not fit are
// shortened in the middle.
func Text(b *bundle.Bundle) string { return drawText(newGraph(b)) }

func drawText(g *graph) string {
	t := tree{graph: g}
	t.state = make([]state, len(t.nodes))
	for i := range t.numbers {
		t.root(i)
	}
	t.promised()
	if t.reached < len(t.nodes) {
		t.trees = append(t.trees, t.words.of("No number leads to:")+"\n")
	}
	for i := t.reached; i < len(t.nodes); i++ {
		t.root(i)
	}
	t.promised()
	return t.join()
}

// A tree is a drawing that is being written.
type tree struct {
	*graph
	state []state // of each node
	below []int   // nodes that are to be explained further down
	trees []string
	out   strings.Builder // the current tree
}

type state int

const (
	unseen   state = iota
	promised       // named, to be explained further down
	shown
)

// root draws a separate tree for a node that has not been explained yet. A number
// that leads to one block only shares a line with that block.
func (t *tree) root(i int) {
	if t.state[i] == shown {
		return
	}
	n := &t.nodes[i]
	if lines := t.lines(i, false); n.kind == bundle.KindNumber && len(lines) == 1 && lines[0].text == "" {
		t.state[i] = shown
		title := n.title
		if n.detail != "" {
			title += " (" + n.detail + ")"
		}
		t.visit("", "", title, lines[0].to, 0)
	} else {
		t.visit("", "", "", i, 0)
	}
	t.trees = append(t.trees, t.out.String())
	t.out.Reset()
}

// promised draws the trees of the nodes that are to be explained further down.
func (t *tree) promised() {
	for len(t.below) > 0 {
		i := t.below[0]
		t.below = t.below[1:]
		t.root(i)
	}
}

// visit writes the line of a node, which begins with the way that leads to it, and the
// lines below it, which begin with indent.
func (t *tree) visit(begin, indent, lead string, i, depth int) {
	n := &t.nodes[i]
	switch {
	case t.state[i] == shown && (len(n.ways) > 0 || n.detail != "" || n.quote != ""):
		t.line(begin, lead, n.title, "", "", " "+t.words.of("(see above)"))
		return
	case depth >= deepest && len(n.ways) > 0:
		if t.state[i] == unseen {
			t.below = append(t.below, i)
		}
		t.state[i] = promised
		t.line(begin, lead, n.title, "", "", " "+t.words.of("(see below)"))
		return
	}
	t.state[i] = shown
	t.line(begin, lead, n.title, n.detail, n.quote, "")
	lines := t.lines(i, false)
	for k, l := range lines {
		branch, below := "├── ", "│   "
		if k == len(lines)-1 {
			branch, below = "└── ", "    "
		}
		t.visit(indent+branch, indent+below, l.text, l.to, depth+1)
	}
}

// line writes one line and shortens its texts so that they fit.
func (t *tree) line(begin, lead, title, detail, quote, mark string) {
	room := lineWidth - terminal.Width(begin) - terminal.Width(mark)
	var between [3]string
	if lead != "" {
		between[0] = " → "
	}
	if detail != "" {
		between[1], between[2] = " (", ")"
	}
	if quote != "" {
		between[2] += " "
	}
	for _, s := range between {
		room -= terminal.Width(s)
	}
	others := terminal.Width(lead) + terminal.Width(title) + terminal.Width(detail)
	quote = terminal.Shorten(quote, max(briefest, room-others))
	fit(room, &lead, &title, &detail, &quote)
	t.out.WriteString(begin + lead + between[0] + title + between[1] + detail + between[2] + quote + mark + "\n")
}

// fit shortens texts that share one line until they take at most width columns
// together. It never cuts a text to make room for a longer one.
func fit(width int, texts ...*string) {
	for limit := width; limit > 0; limit-- {
		total := 0
		for _, text := range texts {
			total += min(terminal.Width(*text), limit)
		}
		if total > width {
			continue
		}
		for _, text := range texts {
			*text = terminal.Shorten(*text, limit)
		}
		return
	}
}

// join puts an empty line between trees, but not between single lines.
func (t *tree) join() string {
	var all strings.Builder
	for i, text := range t.trees {
		single := strings.Count(text, "\n") == 1
		if i > 0 && !(single && strings.Count(t.trees[i-1], "\n") == 1) {
			all.WriteByte('\n')
		}
		all.WriteString(text)
	}
	return all.String()
}
