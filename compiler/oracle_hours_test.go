package compiler

import (
	"fmt"
	"iter"
	"maps"
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
	for at := range d.telling(zone) {
		answer, ok := schedule.Answer(table, at)
		if want := d.branchAt(at.In(zone)); !ok || answer != want {
			return []string{asked + " a table that gives " + answer + " and not " + want + " at " + at.String()}
		}
	}
	return does[i : i+1]
}

// telling are times that tell the hours from others: every edge of the hours of a day,
// and the minute before it, on some days after each change of offset that a table
// knows, in a whole week, and on each special day and its neighbours.
func (d *blockSpec) telling(zone *time.Location) iter.Seq[time.Time] {
	first, last := time.Date(timezone.Year, 1, 2, 0, 0, 0, 0, zone), time.Date(timezone.Year+10, 12, 31, 0, 0, 0, 0, zone)
	edges := []int{0}
	days := map[time.Time]bool{}
	add := func(at time.Time, after ...int) {
		for _, i := range after {
			days[time.Date(at.Year(), at.Month(), at.Day()+i, 0, 0, 0, 0, time.UTC)] = true
		}
	}
	add(first, 0, 1, 2, 3, 4, 5, 6)
	for day := first; day.Before(last); day = day.AddDate(0, 0, 1) {
		if _, end := day.ZoneBounds(); !end.IsZero() && end.Before(day.AddDate(0, 0, 1)) {
			add(end, 0, 1, 6) // a Sunday, as a rule, a Monday and a Saturday
		}
	}
	for _, h := range d.Hours {
		for span := range strings.SplitSeq(h.Open, ", ") {
			var hour, minute, toHour, toMinute int
			if _, err := fmt.Sscanf(span, "%d:%d-%d:%d", &hour, &minute, &toHour, &toMinute); err == nil {
				edges = append(edges, hour*60+minute, toHour*60+toMinute)
			}
		}
		for _, year := range []int{timezone.Year + 1, timezone.Year + 2, timezone.Year + 10} {
			date, err := time.Parse(time.DateOnly, h.Day)
			if err != nil {
				date, err = time.Parse(time.DateOnly, fmt.Sprint(year, "-", h.Day))
			}
			for i := -1; i <= 1 && err == nil; i++ {
				days[date.AddDate(0, 0, i)] = true
			}
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	return func(yield func(time.Time) bool) {
		for _, day := range slices.SortedFunc(maps.Keys(days), time.Time.Compare) {
			for _, minute := range edges {
				at := time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, zone)
				if !at.After(last) && (!yield(at.Add(-time.Minute)) || !yield(at)) {
					return
				}
			}
		}
	}
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
	if d.days == nil {
		d.days = map[[2]string]bundle.Hours{}
		for _, h := range d.Hours {
			d.days[[2]string{h.On, h.Day}] = h
		}
	}
	dated := date.Format("2006-01-02")
	for _, day := range []string{dated, dated[len("2006-"):], strings.ToLower(date.Weekday().String())} {
		if found, ok := d.days[[2]string{on, day}]; ok {
			return found
		}
	}
	return bundle.Hours{}
}

// promiseHours is what hours do: ask for the time, and lead on by the answer.
func (d *blockSpec) promiseHours(stem, answer string, does []string) []string {
	if stem == "hours" {
		return d.asksTime(does)
	}
	return d.enter(d.exit(answer), does)
}
