package lint

// Calendars that lack a day. Holidays on another date each year are listed for some
// years, and somebody who adds a year forgets one of them:
//
//	thanksgiving   2026-11-26   2027-11-25   –
//	labor day      2026-09-07   2027-09-06   2028-09-04
//
// A day that was closed once is not missed: only what has come two years running is.

import (
	"maps"
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// calendars finds holidays that the last listed year lacks.
func (l *linter) calendars() {
	seen := map[*model.OpenSchedule]bool{}
	for _, n := range l.graph.Nodes {
		h, ok := n.(*model.HoursNode)
		if !ok {
			continue
		}
		for _, s := range h.Layers {
			if !seen[s] {
				seen[s] = true
				l.calendar(s)
			}
		}
	}
}

// calendar looks at one schedule.
func (l *linter) calendar(s *model.OpenSchedule) {
	years := map[string]map[int]bool{} // by name; year 0 is every year
	last := 0
	for _, special := range s.Specials {
		l.graph.Steps++
		if special.Name == "" {
			continue
		}
		if years[special.Name] == nil {
			years[special.Name] = map[int]bool{}
		}
		years[special.Name][special.Date.Year] = true
		last = max(last, special.Date.Year)
	}
	others := 0 // that go on, which makes the last year one of the calendar
	for _, listed := range years {
		if listed[last] && listed[last-1] && listed[last-2] {
			others++
		}
	}
	if others == 0 {
		return
	}
	l.diags.Within = bundle.KindSchedule + "." + s.Name
	for _, name := range slices.Sorted(maps.Keys(years)) {
		if listed := years[name]; listed[last-1] && listed[last-2] && !listed[last] && !listed[0] {
			l.diags.Report(diagnostic.FindHoliday.Code, s.At, "The day %q is listed for %d and %d, and not for %d, for which others are. Add it to that year.", name, last-2, last-1, last)
		}
	}
}
