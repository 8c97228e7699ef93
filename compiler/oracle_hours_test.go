package compiler

import (
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
	"github.com/ivrc/ivrc/compiler/schedule"
)

// What hours promise. The table of a document is read at many times, and must give
// what the description says in words.

// asksTime is the line of a document that asks for the time, with its table, if that
// is the one of the description.
func (d *blockSpec) asksTime(does []string) []string {
	asked := goesLine(d.at("time") + "~")
	i := slices.IndexFunc(does, func(line string) bool { return strings.HasPrefix(line, strings.TrimSuffix(asked, ".xml")) })
	if i < 0 {
		return []string{asked + " …"}
	}
	table := does[i][len(asked):]
	zone, err := timezone.Load(d.setting("time_zone")) // which takes milliseconds
	if err != nil {
		return []string{asked + " no time zone"}
	}
	for day := range 120 {
		at := time.Date(2026, 12, 20, 0, 30*(day%48), 0, 0, time.UTC).Add(time.Duration(day) * 37 * time.Hour)
		answer, ok := schedule.Answer(table, at)
		if want := d.branchAt(at.In(zone)); !ok || answer != want {
			return []string{asked + " a table that gives " + answer + " and not " + want + " at " + at.String()}
		}
	}
	return does[i : i+1]
}

// branchAt is the branch that the description has at a time of its time zone.
func (d *blockSpec) branchAt(local time.Time) string {
	named := ""
	for _, e := range d.Exits {
		today, yesterday := d.dayOf(e.On, local), d.dayOf(e.On, local.AddDate(0, 0, -1))
		clock := local.Format("15:04")
		for span := range strings.SplitSeq(today.Open, ", ") {
			from, to, _ := strings.Cut(span, "-")
			if span != "" && from <= clock && (clock < to || to <= from) {
				return e.On
			}
		}
		for span := range strings.SplitSeq(yesterday.Open, ", ") {
			from, to, _ := strings.Cut(span, "-")
			if span != "" && to <= from && clock < to {
				return e.On
			}
		}
		if d.exit(today.Name) != nil && named == "" {
			named = today.Name
		}
	}
	if named != "" {
		return named
	}
	return "closed"
}

// dayOf is what the description says of a branch on a day.
func (d *blockSpec) dayOf(on string, date time.Time) bundle.Hours {
	found := bundle.Hours{}
	for _, name := range []string{strings.ToLower(date.Weekday().String()), date.Format("01-02"), date.Format("2006-01-02")} {
		for _, h := range d.Hours {
			if h.On == on && h.Day == name {
				found = h
			}
		}
	}
	return found
}

// promiseHours is what hours do: ask for the time, and lead on by the answer.
func (d *blockSpec) promiseHours(stem, answer string, does []string) []string {
	if stem == "hours" {
		return d.asksTime(does)
	}
	return d.enter(d.exit(answer), does)
}
