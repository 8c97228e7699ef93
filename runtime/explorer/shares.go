package explorer

import (
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// shares adds a move for each answer to a decision that shares calls out, by an
// identity of a call that is given it. It reports whether the request asks for one.
// A call that comes to two of them is followed on all their ways, although some of
// these go together in no call.
func (w *walk) shares(s *state, m move, r *fetch.Request, at position) bool {
	p, ok := w.below(r.Place())
	d, asks := bundle.DecisionAt(p)
	if w.bundle == nil || !ok || !asks || !d.Last {
		return false
	}
	before := w.caller.CallSID
	sid := simulator.SID(0, "CA", s.number)
	var met []*bundle.FileRow
	for _, digit := range bundle.Sixteenths {
		w.caller.CallSID = sid[:len(sid)-1] + string(digit)
		f := w.bundle.files[d.Document(d.Answer(func(string) string { return w.caller.CallSID }, r.At))]
		if slices.ContainsFunc(met, func(known *bundle.FileRow) bool {
			return known == f || known != nil && f != nil && known.SHA256 == f.SHA256
		}) {
			continue
		}
		met = append(met, f) // nil for the address of nothing
		shared := m
		shared.unplayed = true // in which share a call is, is not up to people
		w.moveOn(s, shared, r, at)
	}
	w.caller.CallSID = before
	return true
}
