package main

import "strings"

// values are the texts that fill the holes of a node's documents: its own and
// those of the nodes that it leads to. Nodes of the same shape have the same
// values in the same places. Menus that a menu leads to give their labels only,
// all others what they lead to in turn.
func (all evaluated) values(n *node, t *table) []string {
	return all.appendValues(append(make([]string, 0, 64), t.Addresses[n.address()]), n, t.Directories, 3)
}

func (all evaluated) appendValues(values []string, n *node, directories map[string]string, depth int) []string {
	values = append(values, directories[n.address()], n.address())
	values = append(values, n.texts...)
	switch n.kind {
	case "user":
		values = append(values, `"`+n.name+`"`)
	case "queue":
		values = append(values, "synthetic/"+n.name)
	case "ring_group":
		values = append(values, strings.TrimPrefix(n.leadsTo[0], "user.")+", "+strings.TrimPrefix(n.leadsTo[1], "user."))
	}
	if n.kind == "menu" && depth < 3 || depth == 0 {
		return values
	}
	for _, to := range n.leadsTo {
		if next := all[to]; next != nil {
			values = all.appendValues(values, next, directories, depth-1)
		}
	}
	return values
}
