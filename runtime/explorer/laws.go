package explorer

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// The laws that depend on several states.

// A strategy is how a worst-case caller behaves.
type strategy int

const (
	silent strategy = iota // does nothing
	wrong                  // presses keys that the question does not know, and is silent where it knows all
)

// A way is what is known of the calls from a state on, with a strategy.
type way struct {
	longest time.Duration
	busy    bool // the search is inside of it
}

// A count is how many ways lead from a state to an end.
type count struct {
	calls *big.Int
	busy  bool
}

// takes reports whether a caller with the strategy can make a move.
func (by strategy) takes(s *state, m *move) bool {
	if m.by == caller {
		return by == wrong && m.wrong
	}
	if by == silent || m.by != silence {
		return true
	}
	return !slices.ContainsFunc(s.moves, func(other move) bool { return other.wrong })
}

// checkVerbs reports verbs to which no call comes, whatever happens.
func (w *walk) checkVerbs() {
	for _, id := range slices.Sorted(maps.Keys(w.same)) {
		p := w.same[id]
		if slices.ContainsFunc(w.report.Violations, func(f Violation) bool { return f.Law == Answered && f.Document == p.Path }) {
			continue // the call has failed there
		}
		for i, ran := range p.ran {
			if !ran {
				w.note(Violation{Law: Clean, Document: p.Path,
					Text: fmt.Sprintf("verb %d, %s, never runs: nothing leads to it", i+1, twiml.Name(p.Verbs[i]))}, p.first, -1)
			}
		}
	}
}

// sum holds the calls of each number to the laws of time, and counts them.
func (w *walk) sum() {
	w.report.States = len(w.states)
	for _, s := range w.states {
		w.report.Moves += len(s.moves)
	}
	var last *NumberReport
	for _, begin := range w.starts {
		if last == nil || last.Number != begin.number {
			w.report.Numbers = append(w.report.Numbers, NumberReport{Number: begin.number, Calls: new(big.Int)})
			last = &w.report.Numbers[len(w.report.Numbers)-1]
			last.States = w.reachable(begin.number)
		}
		last.Calls.Add(last.Calls, begin.first.count())
		last.Silent = max(last.Silent, w.longest(begin.first, silent))
		last.Wrong = max(last.Wrong, w.longest(begin.first, wrong))
		w.checkLength(begin, last.Silent, "does nothing")
		w.checkLength(begin, last.Wrong, "presses wrong keys")
	}
	w.checkCycles()
	if w.bundle != nil {
		w.report.Unreached = w.unreached()
	}
	slices.Sort(w.report.NotWalked)
}

// checkCycles looks for cycles from every state, because a caller may press keys
// first and do nothing from then on.
func (w *walk) checkCycles() {
	for _, s := range w.order {
		for _, by := range []strategy{silent, wrong} {
			if s.seen[by] != nil {
				continue
			}
			w.trail = w.trail[:0]
			for at := s; at.from != nil; at = at.from {
				w.trail = append(w.trail, step{at.from, at.by})
			}
			slices.Reverse(w.trail)
			w.longest(s, by)
		}
	}
	w.trail = nil
}

func (w *walk) checkLength(begin start, longest time.Duration, who string) {
	if longest > w.Longest {
		w.note(Violation{Law: Bounded, Text: fmt.Sprintf("a call to %s of somebody who %s can last %s, longer than %s", begin.number, who, script.Clock(longest), script.Clock(w.Longest))}, nil, -1)
	}
}

// reachable counts the states of the calls to a number.
func (w *walk) reachable(number string) int {
	met := map[*state]bool{}
	var open []*state
	for _, begin := range w.starts {
		if begin.number == number {
			open = append(open, begin.first)
		}
	}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		if met[s] {
			continue
		}
		met[s] = true
		for i := range s.moves {
			if to := s.moves[i].to; to != nil {
				open = append(open, to)
			}
		}
	}
	return len(met)
}

// longest returns how long a call can take from a state on. Where the search comes
// back to a state that it has not left, the call can go round for ever.
func (w *walk) longest(s *state, by strategy) time.Duration {
	if s.seen == nil {
		s.seen = map[strategy]*way{}
	}
	if known := s.seen[by]; known != nil {
		if known.busy {
			w.cycle(s, by)
		}
		return known.longest
	}
	here := &way{busy: true}
	s.seen[by] = here
	for i := range s.moves {
		m := &s.moves[i]
		if !by.takes(s, m) {
			continue
		}
		took := s.took + m.took
		if m.to != nil {
			w.trail = append(w.trail, step{s, i})
			took += w.longest(m.to, by)
			w.trail = w.trail[:len(w.trail)-1]
		}
		here.longest = max(here.longest, took)
	}
	here.busy = false
	return here.longest
}

// A step is a state and the move by which it is left.
type step struct {
	*state
	move int
}

// cycle reports moves that lead back to where they began.
func (w *walk) cycle(s *state, by strategy) {
	begins := slices.IndexFunc(w.trail, func(t step) bool { return t.state == s })
	round := w.trail[begins:]
	var took time.Duration
	for _, t := range round {
		took += t.took + t.moves[t.move].took
	}
	f := Violation{Law: Bounded, Document: s.document(), Text: fmt.Sprintf("a caller who does nothing goes round in circles, every %s, and never comes to an end", script.Clock(took))}
	if by == wrong {
		f.Text = fmt.Sprintf("a caller who presses wrong keys goes round in circles, every %s, and never comes to an end", script.Clock(took))
	}
	if took == 0 {
		f.Law, f.Text = Unhurried, "documents lead to each other in a circle without any time passing, and Twilio requests them without end"
	}
	if !w.unknown(f) {
		return
	}
	var states []*state
	var moves []*move
	for _, t := range w.trail {
		states, moves = append(states, t.state), append(moves, &t.moves[t.move])
	}
	f.follow(append(states, s), append(moves, nil))
	w.report.Violations = append(w.report.Violations, f)
}

// count returns how many ways lead from a state to the end of the call. A way that
// comes back to one of its states is not counted.
func (s *state) count() *big.Int {
	if s.calls != nil {
		if s.calls.busy {
			return new(big.Int)
		}
		return s.calls.calls
	}
	s.calls = &count{calls: new(big.Int), busy: true}
	for i := range s.moves {
		if to := s.moves[i].to; to != nil {
			s.calls.calls.Add(s.calls.calls, to.count())
		} else {
			s.calls.calls.Add(s.calls.calls, big.NewInt(1))
		}
	}
	s.calls.busy = false
	return s.calls.calls
}
