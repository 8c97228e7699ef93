package lint

// Recordings that callers have not been told of. Whether a call is recorded is up
// to its number, so the calls of numbers that record are followed by themselves,
// and those of the others. A call is followed until it is told by a message on the
// way, which is heard to its end. What a menu says is no notice: a key cuts it short,
// and whoever calls often presses it at once.

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/script"
)

// recordingWords are parts of words with which a message announces a recording.
var recordingWords = []string{
	"record", "grava", "graba", "enregistr", "aufgezeichnet", "aufzeichn", "aufgenommen", "registra", "opgenomen", "opname", "録音",
}

// announces reports whether a message may say that calls are recorded. What
// audio says is not known.
func announces(m *model.MessageNode) bool { return m != nil && (!m.IsText() || says(m)) }

// says reports whether the text of a message says that calls are recorded.
func says(m *model.MessageNode) bool {
	return slices.ContainsFunc(m.Each(), func(m *model.MessageNode) bool {
		return !ofVoicemail(m) && slices.ContainsFunc(recordingWords, func(word string) bool {
			return strings.Contains(strings.ToLower(m.Text), word)
		})
	})
}

// ofVoicemail reports whether a message is one of the built-in texts that speak of the
// message that a caller has left, and say nothing of the call.
func ofVoicemail(m *model.MessageNode) bool {
	return slices.Contains([]string{"recorded", "nothing_recorded", "message_recorded", "no_message"}, m.Builtin)
}

// recordings finds recorded conversations that a caller can come to without
// having been told, and tells the shortest call to each. If nobody can make that call,
// because it is led on as if two were calling, the calls of each caller are followed.
func (l *linter) recordings() {
	reported := map[model.Node]bool{}
	if !l.untoldIn(l.graph, reported) {
		for each := range l.graph.ByCaller() {
			l.untoldIn(each, reported)
		}
	}
}

// untoldIn finds them in one graph. It returns false if nobody can make one of the calls.
func (l *linter) untoldIn(g *proof.CallGraph, reported map[model.Node]bool) (possible bool) {
	possible = true
	for _, record := range []bool{false, true} {
		comes := map[int]proof.Hop{}
		var list []int
		reach := func(n int, by proof.Hop) {
			if _, known := comes[n]; n != proof.End && !known {
				comes[n] = by
				list = append(list, n)
			}
		}
		for i, s := range g.Starts {
			if s.Number.Record == record && !(s.Fallback && announces(s.Number.Fallback)) {
				reach(s.Index, proof.Hop{Node: proof.End, Way: i})
			}
		}
		for i := 0; i < len(list); i++ {
			n := list[i]
			if by := recorder(g, n, record); by != nil && !reported[by] {
				reported[by] = l.untold(g, comes, n, by)
				possible = possible && reported[by]
			}
			for k := range g.Ways[n] {
				w := &g.Ways[n][k]
				l.graph.Steps++
				if !announces(w.Said) || w.Wrong != nil && !announces(w.Wrong) {
					reach(w.Index, proof.Hop{Node: n, Way: k})
				}
			}
		}
	}
	return possible
}

// untold reports a node at which callers are recorded who were not told. It returns
// false if nobody can make the call.
func (l *linter) untold(graph *proof.CallGraph, comes map[int]proof.Hop, n int, by model.Node) bool {
	var hops []proof.Hop
	at := comes[n]
	for ; at.Node != proof.End; at = comes[at.Node] {
		hops = append(hops, at)
	}
	slices.Reverse(hops)
	call := graph.NewExample(graph.Starts[at.Way])
	call.Walk(hops)
	if g := graph.Nodes[n].Rings(); g != nil {
		call.Turn(g.Users[0], script.Accept, 1)
	}
	call.Ends(diagnostic.Recorded, "is connected by %s at %s and recorded, without having been told", by.Address(), script.Clock(call.At))
	why := ". Say so before that"
	for _, h := range hops {
		if m, ok := graph.Nodes[h.Node].(*model.MenuNode); ok && (says(m.Welcome) || says(m.AudioPrompt)) {
			why = ". What " + m.Address() + " says of it is no notice: callers who press a key at once do not hear it. Say so behind the key"
		}
	}
	return call.Report(l.diags, diagnostic.FindRecording.Code, by.Position(), why+", in a message that is heard in full and leads on (then = %s).", by.Address())
}

// recorder is the block at which a caller who comes to a node is recorded: the
// ring group that is rung there, or the queue that agents take the caller from.
// What is announced in a queue is heard before anybody takes a call from it. It
// is nil if nobody records.
func recorder(graph *proof.CallGraph, at int, record bool) model.Node {
	n := graph.Nodes[at]
	g := n.Rings()
	if g != nil && (record && g.Record == nil || g.Record != nil && *g.Record) {
		return g
	}
	if q, ok := n.(*model.QueueNode); ok && graph.Taped[q.Name] && !announces(q.Announce) {
		return q
	}
	return nil
}
