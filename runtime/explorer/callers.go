package explorer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Who calls. Most bundles ask for it in the first request alone, if at all: whether
// the number is withheld. One that asks later is walked for one caller of each kind;
// callers are of one kind if every decision about them has the same document for
// both. A call knows who its caller is from the first such decision on, because
// nobody is two callers.

// callers lists for whom a request of a state has to be made: a From for each, or ""
// for the caller of the walk.
func (w *walk) callers(s *state, r *fetch.Request) []string {
	p, ok := w.below(r.Place())
	if w.bundle == nil || len(w.bundle.callers) == 0 || !ok || !asksFrom(p) {
		return []string{""}
	}
	switch {
	case s.caller != "":
		return []string{s.caller}
	case s.page != nil:
		return w.bundle.callers
	case s.shown == simulator.Withheld:
		return []string{s.shown}
	}
	return slices.DeleteFunc(slices.Clone(w.bundle.callers), func(from string) bool { return from == simulator.Withheld })
}

// asksFrom reports whether a path is that of a decision about the caller.
func asksFrom(p string) bool {
	d, ok := bundle.DecisionAt(p)
	return ok && d.Parameter == "From"
}

// kindsOfCallers lists a caller of each kind; none if only first requests ask, and
// only whether the number is withheld.
func (l *library) kindsOfCallers() []string {
	var asked []bundle.Decision
	later := false
	for _, d := range l.decisions() {
		if d.Parameter == "From" {
			asked = append(asked, d)
			later = later || len(d.Known()) > 1 || !slices.ContainsFunc(l.Manifest.Numbers, func(n bundle.NumberRow) bool { return n.Answer == d.Address() })
		}
	}
	if !later {
		return nil
	}
	list := []string{surveyed, simulator.Withheld}
	for digit := range 10 { // of whom one is in no list, unless every number is in one
		list = append(list, fmt.Sprint("+", digit))
	}
	for _, d := range asked {
		for _, word := range d.Known() {
			if word != bundle.WithheldAnswer {
				list = append(list, "+"+word)
			}
		}
	}
	known := map[string]bool{}
	return slices.DeleteFunc(list, func(from string) bool {
		var met strings.Builder
		for _, d := range asked {
			answer := d.Answer(func(string) string { return url.QueryEscape(from) }, time.Time{})
			if f := l.files[d.Document(answer)]; f != nil {
				met.WriteString(f.SHA256)
			}
		}
		before := known[met.String()]
		known[met.String()] = true
		return before
	})
}
