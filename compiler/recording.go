package compiler

// Recordings that callers have not been told of. Whether a call is recorded is up
// to its number, so the calls of numbers that record are followed by themselves,
// and those of the others. A call is followed until it is told: by the welcome of
// a menu, or by a message on the way.

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/script"
)

// recordingWords are parts of words with which a message announces a recording.
var recordingWords = []string{
	"record", "grava", "graba", "enregistr", "aufgezeichnet", "aufzeichn", "aufgenommen", "registra", "opgenomen", "opname", "録音",
}

// announces reports whether a message may say that calls are recorded. What
// audio says is not known.
func announces(m *message) bool {
	if m == nil {
		return false
	}
	text := strings.ToLower(m.text)
	for _, word := range recordingWords {
		if strings.Contains(text, word) {
			return true
		}
	}
	return m.text == ""
}

// recordings finds recorded conversations that a caller can come to without
// having been told, and tells the shortest call to each.
func (l *linter) recordings() {
	reported := map[node]bool{}
	for _, record := range []bool{false, true} {
		comes := map[int]hop{}
		var list []int
		reach := func(n int, by hop) {
			if _, known := comes[n]; n != end && !known {
				comes[n] = by
				list = append(list, n)
			}
		}
		for i, s := range l.graph.starts {
			if s.number.record == record {
				reach(s.index, hop{end, i})
			}
		}
		for i := 0; i < len(list); i++ {
			n := list[i]
			if told(l.graph.nodes[n]) {
				continue
			}
			if by := l.recorder(l.graph.nodes[n], record); by != nil && !reported[by] {
				reported[by] = true
				l.untold(comes, n, by)
			}
			for k := range l.graph.ways[n] {
				w := &l.graph.ways[n][k]
				l.graph.steps++
				if !announces(w.said) || w.wrong != nil && !announces(w.wrong) {
					reach(w.index, hop{n, k})
				}
			}
		}
	}
}

// untold reports a node at which callers are recorded who were not told.
func (l *linter) untold(comes map[int]hop, n int, by node) {
	var hops []hop
	at := comes[n]
	for ; at.node != end; at = comes[at.node] {
		hops = append(hops, at)
	}
	slices.Reverse(hops)
	call := l.graph.tell(l.graph.starts[at.way])
	call.walk(hops)
	if g := rings(l.graph.nodes[n]); g != nil {
		call.turn(g.users[0], script.Accept, 1)
	}
	call.ends(Recorded, "is connected by %s at %s and recorded, without having been told", by.address(), script.Clock(call.at))
	call.report(l.diags, findRecording.Code, by.position(), ". Say on the way that calls are recorded, for instance in the welcome of the menu (stock.recording).")
}

// recorder is the block at which a caller who comes to a node is recorded: the
// ring group that is rung there, or the queue that agents take the caller from.
// What is announced in a queue is heard before anybody takes a call from it. It
// is nil if nobody records.
func (l *linter) recorder(n node, record bool) node {
	g := rings(n)
	if g != nil && (record && g.record == nil || g.record != nil && *g.record) {
		return g
	}
	if q, ok := n.(*queue); ok && l.graph.taped[q] && !announces(q.announce) {
		return q
	}
	return nil
}

// told reports whether a caller at a node is told of a recording before anything
// else happens there.
func told(n node) bool {
	menu, ok := n.(*menu)
	return ok && (announces(menu.welcome) || menu.audioPrompt != nil)
}
