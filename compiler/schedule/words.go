package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Day says in words when something is open on one day.
type Day struct {
	Day  string // "monday", "2026-12-24", or "12-25" for every year
	Open string // "08:00-12:00, 13:00-17:30", or "" if nothing is open
	Name string // of a special day; may be empty
}

// Weekdays are the days of the week as they are called in words.
var Weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// Days returns the hours in words: the days of the week, then the special days in the
// order of the calendar, those of every year last.
func (o OpenHours) Days() []Day {
	var days []Day
	for day, spans := range o.Week {
		days = append(days, Day{Day: Weekdays[day], Open: inWords(spans)})
	}
	specials := slices.Clone(o.Specials)
	slices.SortStableFunc(specials, func(a, b Special) int { return cmp.Compare(a.Date.place(), b.Date.place()) })
	for _, s := range specials {
		days = append(days, Day{s.Date.String(), inWords(s.Spans), s.Name})
	}
	return days
}

// place is where a date stands in the calendar, behind all years if it is a day of
// every year.
func (d Date) place() int {
	if d.Year == 0 {
		d.Year = 10_000
	}
	return d.Year*10_000 + d.Month*100 + d.Day
}

// String writes a date as the language has it: "2026-12-24", or "12-25" for every year.
func (d Date) String() string {
	if d.Year == 0 {
		return fmt.Sprintf("%02d-%02d", d.Month, d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// inWords writes the hours of a day.
func inWords(spans []Span) string {
	var texts []string
	for _, s := range spans {
		texts = append(texts, s.String())
	}
	return strings.Join(texts, ", ")
}

// String writes a span as the language has it: "22:00-06:00".
func (s Span) String() string {
	to := s.To
	if to > dayMinutes {
		to -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, to/60, to%60)
}
