package schedule

import (
	"slices"
	"strings"
	"time"
)

// IsTable reports whether a text can be the list of a time decision: it has answers,
// a zone and a layer. Whether [Answer] finds one in it, Answer says.
func IsTable(text string) bool {
	names, rest, ok := strings.Cut(text, "-")
	if !ok || strings.IndexByte(rest, '-') < 0 {
		return false
	}
	for rest, more := names, true; more; {
		var name string
		if name, rest, more = strings.Cut(rest, "."); !IsName(name) {
			return false
		}
	}
	for i := range len(rest) {
		c := rest[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// Answers returns the answers of a list.
func Answers(list string) []string {
	names, _, _ := strings.Cut(list, "-")
	return strings.Split(names, ".")
}

// usualYear is a year in which to look for a week without special days, and for days
// of every year. Within so many years behind it, each of those falls on every day of
// the week.
const (
	usualYear = 2026
	manyYears = 12
)

// Instants returns, for each answer of a list that is given at some time, a time at
// which it is given. What is given at no time is left out: another layer is open
// whenever this one is, or no day has the name.
func Instants(list string) map[string]time.Time {
	found := make(map[string]time.Time)
	answers := Answers(list)
	_, rest, _ := strings.Cut(list, "-")
	zone, layers, _ := strings.Cut(rest, "-")
	offsets, _, _ := strings.Cut(zone, "_")
	for _, day := range daysOf(layers) {
		for _, minute := range edges(layers, day) {
			for offset := range strings.SplitSeq(offsets, ".") {
				at := day.Add(time.Duration(minute-offsetMinutes(offset)) * time.Minute)
				answer, ok := Answer(list, at)
				if _, known := found[answer]; ok && !known {
					found[answer] = at
				}
			}
			if len(found) == len(answers) {
				return found
			}
		}
	}
	return found
}

// offsetMinutes reads an offset of a list.
func offsetMinutes(text string) int {
	digits, minus := strings.CutPrefix(text, "m")
	minutes := 0
	for _, c := range digits {
		minutes = minutes*10 + int(c-'0')
	}
	if minus {
		return -minutes
	}
	return minutes
}

// daysOf returns the days that a table can tell apart: those of a week without special
// days, if there is one, and the special days, each with its neighbours.
func daysOf(layers string) []time.Time {
	var days []time.Time
	special := func(day time.Time) bool {
		for layer := range strings.SplitSeq(layers, "-") {
			if strings.HasPrefix(itemOf(layer, day), "y") {
				return true
			}
		}
		return false
	}
	start := time.Date(usualYear, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday
	for i := 0; i < 366 && len(days) < 8; i++ {
		days = append(days, start.AddDate(0, 0, i))
		if special(days[len(days)-1]) {
			days = nil
		}
	}
	if len(days) < 8 {
		days = nil
		for i := range 366 {
			days = append(days, start.AddDate(0, 0, i))
		}
	}
	for layer := range strings.SplitSeq(layers, "-") {
		for item := range strings.SplitSeq(layer, ".") {
			days = append(days, specialDays(item)...)
		}
	}
	return days
}

// specialDays returns the days of an item of dates, each with its neighbours.
func specialDays(item string) []time.Time {
	head, parts, _ := strings.Cut(item, "_")
	year, dated := strings.CutPrefix(head, "y")
	if !dated {
		return nil
	}
	years := make([]int, manyYears)
	for i := range years {
		years[i] = usualYear + i
	}
	if isDigits(year) {
		years = []int{2000 + offsetMinutes(year)}
	}
	var days []time.Time
	for part := range strings.SplitSeq(parts, "_") {
		if len(part) != 4 || !isDigits(part) {
			continue
		}
		for _, year := range years {
			for next := range 3 {
				days = append(days, time.Date(year, time.Month(offsetMinutes(part[:2])), offsetMinutes(part[2:])-1+next, 0, 0, 0, 0, time.UTC))
			}
		}
	}
	return days
}

// edges returns the minutes of a day at which an answer can change.
func edges(layers string, day time.Time) []int {
	minutes := []int{0}
	for layer := range strings.SplitSeq(layers, "-") {
		for _, of := range []struct {
			day    time.Time
			passed int
		}{{day, 0}, {day.AddDate(0, 0, -1), dayMinutes}} {
			for part := range strings.SplitSeq(itemOf(layer, of.day), "_") {
				if len(part) == 8 && isDigits(part) {
					minutes = append(minutes, clock(part[:4])-of.passed, clock(part[4:])-of.passed)
				}
			}
		}
	}
	minutes = slices.DeleteFunc(minutes, func(minute int) bool { return minute < 0 || minute >= dayMinutes })
	slices.Sort(minutes)
	return slices.Compact(minutes)
}
