package deploy

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// When hours change, receptionists want to know from when to when somebody answers:
//
//	hours.door   Saturdays: open 09:00-16:00, no longer 09:00-14:30
//	hours.door   2026-12-24: closed, unlike other days

// hours compares when branches of hours are open. Days that change alike are told
// together.
func (c *comparison) hours(a, b bundle.Block) {
	type change struct{ on, old, new, text string }
	var order []change
	days := map[change][]string{}
	seen := map[[2]string]bool{}
	for _, h := range slices.Concat(b.Hours, a.Hours) {
		key := [2]string{h.On, h.Day}
		if seen[key] {
			continue
		}
		seen[key] = true
		before, existed := hoursOn(a, h.On, h.Day)
		after, exists := hoursOn(b, h.On, h.Day)
		if existed == exists && before == after {
			continue
		}
		k := change{h.On, before, after, ""}
		switch old, new := opening(h.On, before), opening(h.On, after); {
		case !existed:
			k.text = new + ", unlike other days"
		case !exists:
			k.text = "no longer " + old + ", but like other days"
		case before != "" && after != "":
			k.text = new + ", no longer " + before
		default:
			k.text = new + ", no longer " + old
		}
		if days[k] == nil {
			order = append(order, k)
		}
		days[k] = append(days[k], dayWords(h.Day))
	}
	for _, k := range order {
		when := strings.Join(days[k], ", ")
		c.add("setting", "hours", k.old, k.new, "%s: %s", when, k.text)
	}
}

// hoursOn is when a branch is open on a day, and whether the day is mentioned.
func hoursOn(b bundle.Block, on, day string) (string, bool) {
	i := slices.IndexFunc(b.Hours, func(h bundle.Hours) bool { return h.On == on && h.Day == day })
	if i < 0 {
		return "", false
	}
	return b.Hours[i].Open, true
}

// opening says what a branch is on a day: "open 09:00-14:30", "closed"; of one of
// several branches, "night 22:00-06:00", "no night".
func opening(on, hours string) string {
	const open = "open"
	switch {
	case hours != "":
		return on + " " + strings.ReplaceAll(hours, ", ", " and ")
	case on == open:
		return "closed"
	}
	return "no " + on
}

// dayWords is how people say a day: "Saturdays", "2026-12-24", "every 12-25".
func dayWords(day string) string {
	switch {
	case strings.HasSuffix(day, "day"):
		return strings.ToUpper(day[:1]) + day[1:] + "s"
	case strings.Count(day, "-") == 1:
		return "every " + day
	}
	return day
}
