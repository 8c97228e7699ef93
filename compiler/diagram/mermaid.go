package diagram

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// drawnWidth is how many columns of a text Mermaid and Graphviz show.
const drawnWidth = 44

// Mermaid draws the call flow as a Mermaid flowchart from left to right, which code
// hosts show in a README. Its colours are tints, so the text keeps the colour of the
// page and can be read on a light and on a dark background.
//
// GitHub refuses charts of more than 50,000 characters or 500 lines; [HTML] has
// no such limits.
func Mermaid(b *bundle.Bundle) string { return drawMermaid(newGraph(b)) }

func drawMermaid(g *graph) string {
	ids := identifiers(g)
	var out strings.Builder
	out.WriteString("flowchart LR\n")
	for i := range g.nodes {
		n := &g.nodes[i]
		l := lookOf(n.kind)
		fmt.Fprintf(&out, "    %s%s\"%s\"%s:::%s\n", ids[i], l.open, mermaidLabel(n), l.close, l.class)
	}
	drawn := map[tested][]string{} // numbers of lines
	count := 0
	for i := range g.nodes {
		for _, l := range g.lines(i, true) {
			arrow := "-->"
			if l.tested == missed {
				arrow = "-.->"
			}
			drawn[l.tested] = append(drawn[l.tested], strconv.Itoa(count))
			count++
			if l.text != "" {
				arrow += `|"` + mermaidText(terminal.Shorten(l.text, drawnWidth)) + `"|`
			}
			fmt.Fprintf(&out, "    %s %s %s\n", ids[i], arrow, ids[l.to])
		}
	}
	for _, style := range []struct {
		of     tested
		colour string
	}{{walked, walkedColour}, {missed, missedColour}} {
		if lines := drawn[style.of]; len(lines) > 0 {
			fmt.Fprintf(&out, "    linkStyle %s stroke:%s\n", strings.Join(lines, ","), style.colour)
		}
	}
	for i := range g.nodes {
		if g.nodes[i].untested != "" {
			fmt.Fprintf(&out, "    style %s stroke:%s,stroke-dasharray:4\n", ids[i], missedColour)
		}
	}
	for _, l := range looksIn(g) {
		fmt.Fprintf(&out, "    classDef %s fill:%s2a,stroke:%s\n", l.class, l.colour, l.colour)
	}
	return out.String()
}

func mermaidLabel(n *node) string {
	var lines []string
	for _, text := range []string{n.title, n.detail, n.quote, n.untested} {
		if text != "" {
			lines = append(lines, mermaidText(terminal.Shorten(text, drawnWidth)))
		}
	}
	return strings.Join(lines, "<br/>")
}

// mermaidText escapes a text for a quoted label. Mermaid reads a label as Markdown and
// as HTML, and looks for directives in the whole chart. So this function writes
// punctuation as numbered entities, #60; for "<", except where it can have no meaning.
func mermaidText(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r > 0x7f || isAlphanumeric(r) || isPlain(s, i) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// isPlain reports whether the punctuation mark at s[i] can neither begin a list nor be
// part of an address, so that a label may hold it as it is.
func isPlain(s string, i int) bool {
	before := i > 0 && isAlphanumeric(rune(s[i-1]))
	after := i+1 < len(s) && isAlphanumeric(rune(s[i+1]))
	switch s[i] {
	case ' ', ',', '?', '!':
		return true
	case '.':
		return before && s[i-1] > '9' && !after
	case '+', '-':
		return after
	}
	return false
}
