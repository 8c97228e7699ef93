package bundle

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A calendar is a list of days of years. Days that were closed once, and days of every
// year, are none.
func TestCalendars(t *testing.T) {
	hours := func(on string, days ...string) []Hours {
		var list []Hours
		for _, day := range days {
			list = append(list, Hours{On: on, Day: day})
		}
		return list
	}
	b := &Bundle{Components: []Component{{Blocks: []Block{
		{Address: "menu.main"},
		{Address: "hours.door", Hours: append(hours("open", "monday", "12-25", "2026-01-01", "2026-05-25", "2026-07-04", "2027-01-01"), hours("closed")...)},
		{Address: "hours.once", Hours: hours("open", "2026-08-01", "2026-08-02", "2027-08-01")},
		{Address: "hours.yearly", Hours: hours("open", "12-24", "12-25", "12-26", "01-01")},
		{Address: "hours.staff", Hours: append(hours("day", "2025-01-01", "2025-05-25", "2025-07-04"), hours("night", "2027-01-01")...)},
		{Address: "hours.door", Hours: hours("open", "2026-01-01", "2026-05-25", "2026-07-04", "2027-01-01")}, // in another language
	}}}}
	want := []Calendar{{"hours.door", "open", 2027}, {"hours.staff", "day", 2025}}
	if diff := cmp.Diff(want, b.Calendars()); diff != "" {
		t.Error(diff)
	}
}

func TestCalendarWarning(t *testing.T) {
	door, staff := Calendar{"hours.door", "open", 2026}, Calendar{"hours.staff", "day", 2026}
	for at, want := range map[string]string{
		"2026-10-02T23:59:59Z": "",
		"2026-10-03T00:00:00Z": "hours.door lists no special day after 2026, which ends in 90 days. List those of 2027, or callers of a holiday are led as on any other day.",
		"2026-12-31T12:00:00Z": "hours.door lists no special day after 2026, which ends in one day. List those of 2027, or callers of a holiday are led as on any other day.",
		"2027-01-01T00:00:00Z": "hours.door lists no special day after 2026, so callers of a holiday are led as on any other day. List those of 2027.",
		"2028-03-01T00:00:00Z": "hours.door lists no special day after 2026, so callers of a holiday are led as on any other day. List those of 2028.",
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := door.Warning(now); got != want {
			t.Errorf("at %s: %q, want %q", at, got, want)
		}
		if want != "" && staff.Warning(now) != "hours.staff, in the branch day,"+want[len("hours.door"):] {
			t.Errorf("at %s: %q", at, staff.Warning(now))
		}
	}
}
