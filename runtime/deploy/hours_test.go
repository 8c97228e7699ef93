package deploy

import (
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A change of hours is told as a receptionist says it, and days that change alike
// together.
func TestHoursInWords(t *testing.T) {
	day := func(on, day, open string) bundle.Hours { return bundle.Hours{On: on, Day: day, Open: open} }
	a := bundle.Block{Address: "hours.door", Hours: []bundle.Hours{
		day("open", "monday", "08:00-12:00, 13:00-17:30"), day("open", "tuesday", "08:00-12:00"), day("open", "wednesday", "08:00-12:00"),
		day("open", "saturday", "09:00-14:30"), day("open", "sunday", ""), day("open", "2026-12-24", ""), day("night", "sunday", "22:00-06:00"),
	}}
	b := bundle.Block{Address: "hours.door", Hours: []bundle.Hours{
		day("open", "monday", "08:00-12:00, 13:00-17:30"), day("open", "tuesday", "08:00-11:00"), day("open", "wednesday", "08:00-11:00"),
		day("open", "saturday", "09:00-16:00"), day("open", "sunday", "10:00-11:00"), day("open", "12-25", ""), day("night", "sunday", ""),
	}}
	c := comparison{listed: map[string]bool{}, block: "hours.door", same: func(old, new string) bool { return old == new }}
	c.compare(a, b)
	want := []string{
		"Tuesdays, Wednesdays: open 08:00-11:00, no longer 08:00-12:00",
		"Saturdays: open 09:00-16:00, no longer 09:00-14:30",
		"Sundays: open 10:00-11:00, no longer closed",
		"every 12-25: closed, unlike other days",
		"Sundays: no night, no longer night 22:00-06:00",
		"2026-12-24: no longer closed, but like other days",
	}
	if len(c.changes) != len(want) {
		t.Fatalf("there are %d changes: %v", len(c.changes), c.changes)
	}
	for i, change := range c.changes {
		if change.Text != want[i] {
			t.Errorf("%q, want %q", change.Text, want[i])
		}
	}
}
