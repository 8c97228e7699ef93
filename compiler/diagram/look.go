package diagram

import (
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A look says how Mermaid and Graphviz show a kind of node. Its colour can be seen on
// a light and on a dark background; the shape is filled with a tint of it.
type look struct {
	class       string // its name in Mermaid: the kind, if the kind is known
	word        string // the usual word for the kind, "" if the kind is not known
	open, close string // around the label in Mermaid
	shape       string // in Graphviz
	colour      string // of the outline, #rrggbb
}

// looks lists the kinds in the order in which a caller may meet them. The last
// is for kinds that this version does not know.
var looks = []look{
	{"number", "number", "([", "])", "oval", "#3b82f6"},
	{"hours", "opening hours", "{", "}", "diamond", "#b45309"},
	{"menu", "menu", "{{", "}}", "hexagon", "#8b5cf6"},
	{"entry", "entry", "{{", "}}", "hexagon", "#8b5cf6"},
	{"application", "application", "[[", "]]", "component", "#e11d48"},
	{"ring_group", "ring group", "(", ")", "box", "#22a06b"},
	{"user", "user", "(", ")", "box", "#22a06b"},
	{"queue", "queue", "[(", ")]", "cylinder", "#d9902f"},
	{"voicemail", "voicemail", ">", "]", "tab", "#0891b2"},
	{"message", "message", "[/", "/]", "note", "#8894a5"},
	{"callers", "callers", "{", "}", "diamond", "#3b82f6"},
	{"split", "split", "{", "}", "diamond", "#3b82f6"},
	{bundle.Hangup, "hang up", "((", "))", "oval", "#8894a5"},
	{bundle.Reject, "not answered", "((", "))", "oval", "#8894a5"},
	{"block", "", "[", "]", "box", "#8894a5"},
}

// lookOf returns the look of a kind, known or not.
func lookOf(kind string) look {
	for _, l := range looks {
		if l.class == kind {
			return l
		}
	}
	return looks[len(looks)-1]
}

// looksIn lists the looks of the nodes in a graph.
func looksIn(g *graph) []look {
	needed := map[string]bool{}
	for i := range g.nodes {
		needed[lookOf(g.nodes[i].kind).class] = true
	}
	var in []look
	for _, l := range looks {
		if needed[l.class] {
			in = append(in, l)
		}
	}
	return in
}

// identifiers returns names for the nodes that Mermaid and Graphviz accept: menu_main
// for "menu.main". Every name begins with the class of its node, because "end" and
// "node" are keywords of these languages. Equal names get a number.
func identifiers(g *graph) []string {
	names := make([]string, len(g.nodes))
	taken := map[string]bool{}
	for i := range g.nodes {
		n := &g.nodes[i]
		name := strings.Map(func(r rune) rune {
			if isAlphanumeric(r) {
				return r
			}
			return '_'
		}, n.id)
		if lookOf(n.kind).class != n.kind {
			name = "block_" + name
		}
		names[i] = name
		for count := 2; taken[names[i]]; count++ {
			names[i] = fmt.Sprintf("%s_%d", name, count)
		}
		taken[names[i]] = true
	}
	return names
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}
