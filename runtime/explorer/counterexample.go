package explorer

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// Counter-examples. A state keeps the move by which it was found first, and the
// walk goes from the nearest states to the farthest, so the moves back to the
// beginning of the call are the shortest call to the state:
//
//	number ─calls─▶ /answer.xml ─presses 1─▶ /sales.xml ─everybody is busy─▶ cut off
//
//	a transcript of these, -press '1' -callee 'alice=busy'

// note adds a violation, once for each law, document and text: the first time,
// with the shortest call. The call goes to a state and ends with one of its
// moves, or with what is said there, if the move is -1.
func (w *walk) note(v Violation, s *state, last int) {
	if !w.unknown(v) {
		return
	}
	if s != nil {
		states, way := w.shortest(s, last)
		v.follow(states, way)
	}
	w.report.Violations = append(w.report.Violations, v)
}

// unknown reports whether a violation was not noted before, and remembers it.
func (w *walk) unknown(v Violation) bool {
	id := fmt.Sprint(v.Law, "\x00", v.Document, "\x00", v.Text)
	known := w.found[id]
	w.found[id] = true
	return !known
}

// shortest is the shortest call to a state: the states, and the move by which
// each of them is left, which may be nil for the last.
func (w *walk) shortest(s *state, last int) (states []*state, way []*move) {
	for at, by := s, last; at != nil; at, by = at.from, at.by {
		var m *move
		if by >= 0 {
			m = &at.moves[by]
		}
		states, way = append(states, at), append(way, m)
	}
	slices.Reverse(states)
	slices.Reverse(way)
	return states, way
}

// follow writes the call through states and the moves between them.
func (v *Violation) follow(states []*state, way []*move) {
	first := states[0]
	v.Call = simulator.Transcript{FormatVersion: simulator.FormatVersion,
		CallSID: simulator.SID(0, "CA", first.number, first.shown), From: first.shown, To: first.number}
	v.Playable, v.Callees = true, map[string]script.Callee{}
	var now, before time.Duration
	muted := false
	for i, s := range states {
		v.add(s, now, s.said)
		m := way[i]
		if m == nil {
			now += s.took
			break
		}
		v.add(s, now, m.events)
		now += s.took + m.took
		muted = muted || m.mute
		v.Call.From = cmp.Or(m.from, v.Call.From)
		if !m.at.IsZero() {
			v.Playable = v.Playable && v.Start.IsZero() // one time need not suit other hours
			v.Start = m.at.Add(-now)
		}
		v.Playable = v.Playable && !m.unplayed && !(muted && m.action.Do == script.Speak) // a script cannot let a recording pass
		if m.action.Do != "" {
			v.press(m.action, before-speaksFor)
			before = m.took
		}
		for _, c := range m.callees {
			turns := append(v.Callees[c.address].Turns, c.does.Turn())
			v.Callees[c.address] = script.InTurn(turns...)
		}
		v.Call.Ending = simulator.Ending{How: m.end, Heard: s.heard}
	}
	v.Call.Ending.Text = v.Text
	v.Call.Events = append(v.Call.Events, simulator.Event{At: now, Kind: simulator.Ends, Text: v.Text})
}

// press adds what the caller does. Between two recordings the caller waits until
// the first is over, and does not speak into it again.
func (v *Violation) press(a script.Action, pause time.Duration) {
	if n := len(v.Press); a.Do == script.Speak && n > 0 && v.Press[n-1].Do == script.Speak && pause > 0 {
		v.Press = append(v.Press, script.Action{Do: script.Wait, For: pause})
	}
	v.Press = append(v.Press, a)
}

// add adds the events of a state, which the call comes to at a time.
func (v *Violation) add(s *state, at time.Duration, events []simulator.Event) {
	for _, e := range events {
		e.At += at
		if e.Document == "" && s.page != nil {
			e.Document = s.page.Path
		}
		v.Call.Events = append(v.Call.Events, e)
	}
}
