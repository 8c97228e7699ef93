package diagram

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// weekdays are in the order of the week, as descriptions have them.
var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// Hours says when a block of hours is open, in English: the days, and from when to when.
func Hours(hours []bundle.Hours) []bundle.Setting { return vocabulary{}.hours(hours) }

// hours says when a block of hours is open, a line for each day, and one for several
// days of the week that are alike:
//
//	Monday–Friday        open 08:00-12:00, 13:00-17:30
//	Saturday–Sunday      closed
//	2026-12-24           open 08:00-12:00
//	12-25, every year    closed (christmas)
func (w vocabulary) hours(hours []bundle.Hours) []bundle.Setting {
	var lines []bundle.Setting
	var days []string // in the order of the description
	for _, h := range hours {
		if !slices.Contains(days, h.Day) {
			days = append(days, h.Day)
		}
	}
	first := ""
	for _, day := range days {
		text := w.openOn(hours, day)
		weekday := slices.Contains(weekdays, day)
		if last := len(lines) - 1; weekday && first != "" && lines[last].Value == text {
			lines[last].Name = first + "–" + w.day(day)
			continue
		}
		first = ""
		if weekday {
			first = w.day(day)
		}
		lines = append(lines, bundle.Setting{Name: w.day(day), Value: text})
	}
	return lines
}

// openOn says what is open on a day.
func (w vocabulary) openOn(hours []bundle.Hours, day string) string {
	var open []string
	name := ""
	for _, h := range hours {
		if h.Day != day {
			continue
		}
		if h.Open != "" {
			open = append(open, w.outcome(bundle.KindHours, h.On)+" "+h.Open)
		}
		if name == "" && h.Name != "" {
			name = " (" + strings.ReplaceAll(h.Name, "_", " ") + ")"
		}
	}
	if len(open) == 0 {
		open = []string{w.outcome(bundle.KindHours, "closed")}
	}
	return strings.Join(open, w.of(", ")) + name
}

// day returns the words for a day.
func (w vocabulary) day(day string) string {
	switch i := slices.Index(weekdays, day); i {
	case 0:
		return w.of("Monday")
	case 1:
		return w.of("Tuesday")
	case 2:
		return w.of("Wednesday")
	case 3:
		return w.of("Thursday")
	case 4:
		return w.of("Friday")
	case 5:
		return w.of("Saturday")
	case 6:
		return w.of("Sunday")
	}
	if len(day) == len("12-25") {
		return w.with("%s, every year", day)
	}
	return day
}

// opening returns when a block of hours is open, and where it leads callers then.
func (w *sheetWriter) opening(s stop) []string {
	lines := []string{w.words.with("%s: %s", w.words.setting("time_zone"), terminal.OneLine(s.setting("time_zone")))}
	for _, day := range w.words.hours(s.Hours) {
		lines = append(lines, w.words.with("%s: %s", terminal.OneLine(day.Name), terminal.OneLine(day.Value)))
	}
	for _, e := range s.Exits {
		lines = append(lines, w.words.with("%s: %s", terminal.OneLine(w.words.outcome(bundle.KindHours, e.On)), s.exit(e.On, "")))
	}
	return lines
}
