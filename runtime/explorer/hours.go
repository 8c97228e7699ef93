package explorer

// Hours in a walk. The address of a decision on the time says when it gives each
// answer, so the walk takes every branch, each at one of these times.

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// hours is a Redirect to a decision on the time: a move for each of its answers, at a
// time at which it is given. It reports whether the Redirect is one. A server at another
// place has a clock of its own; the answers that it does not give now are asked for as
// the documents that they are.
func (w *walk) hours(s *state, v *twiml.Redirect) bool {
	r, err := s.page.Follow(v.URL, v.Method, nil)
	if err != nil {
		return false
	}
	p, ok := w.timed(r.Place())
	d, isDecision := bundle.DecisionAt(p)
	if !ok || !isDecision || !d.Clock {
		return false
	}
	instants := d.Instants()
	if len(instants) == 0 {
		return false
	}
	if w.Handler == nil {
		w.otherClock(s, v, d)
		return true
	}
	for _, answer := range slices.Sorted(maps.Keys(instants)) {
		at := instants[answer]
		text := "it is " + at.Format(time.RFC3339) + ", and " + answer + " is the answer"
		if w.bundle != nil {
			f := w.bundle.files[d.Document(answer)]
			if f == nil {
				w.note(Violation{Law: Whole, Document: s.page.Path, Text: fmt.Sprintf("the bundle has no document %s", d.Document(answer))}, s, -1)
			} else if text := w.differs(p, "", f, at); text != "" && !strings.Contains(r.Place(), "?") {
				w.note(Violation{Law: Whole, Document: "/" + p, Text: text}, nil, -1)
			}
		}
		w.link(s, move{by: twilio, text: text, at: at}, v.URL, v.Method, nil, s.position)
	}
	return true
}

// otherClock is hours for a server with a clock of its own.
func (w *walk) otherClock(s *state, v *twiml.Redirect, d bundle.Decision) {
	now := d.Answer(nil, time.Now())
	w.link(s, move{by: twilio, text: "it is the time of the server", unplayed: true}, v.URL, v.Method, nil, s.position)
	for _, answer := range slices.Sorted(maps.Keys(d.Instants())) {
		if answer == now {
			continue
		}
		document := *w.base
		document.Path = path.Join(document.Path, d.Document(answer))
		w.link(s, move{by: twilio, text: "at another time " + answer + " is the answer", unplayed: true}, document.String(), "GET", nil, s.position)
	}
}

// timed is the path of a decision below the base that an address asks for: beside the
// documents, or at another address.
func (w *walk) timed(address string) (string, bool) {
	if u, err := w.base.Parse(address); err == nil && u.Query().Get(bundle.AskParameter) != "" {
		return u.Query().Get(bundle.AtParameter), true
	}
	if p, ok := w.below(address); ok {
		return p, true
	}
	return "", false
}
