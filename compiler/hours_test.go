package compiler

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
)

// A realSchedule is one that people have. Its expectations are written by hand: local
// times, each with the answer from then on.
type realSchedule struct {
	name, zone string
	text       string // the schedule "x", without its zone
	on         string // names of branches on days
	want       string // "2026-07-06 07:59 closed, 08:00 open": a time without a date is on the date before it
}

var realSchedules = []realSchedule{
	{"office hours", "America/Chicago", `week = { "mon-fri" = "08:00-17:00" }`, "",
		"2026-07-06 07:59 closed, 08:00 open, 16:59 open, 17:00 closed, 2026-07-11 10:00 closed, 2026-07-12 10:00 closed"},
	{"a practice with a lunch break and a free Wednesday afternoon", "Europe/Berlin",
		`week = { "mon, tue, thu" = ["08:00-12:00", "14:00-18:00"], "wed, fri" = "08:00-12:00" }`, "",
		"2026-07-06 12:00 closed, 13:59 closed, 14:00 open, 18:00 closed, 2026-07-08 11:59 open, 15:00 closed, 2026-07-09 15:00 open"},
	{"a helpline by night", "America/New_York", `week = { "mon-sun" = "20:00-06:00" }`, "",
		"2026-07-06 05:59 open, 06:00 closed, 19:59 closed, 20:00 open, 23:59 open, 2026-07-07 00:00 open"},
	{"a night shift on weekdays alone", "America/New_York", `week = { "mon-fri" = "22:00-06:00" }`, "",
		"2026-07-06 05:00 closed, 22:00 open, 2026-07-11 05:59 open, 06:00 closed, 22:00 closed, 2026-07-12 03:00 closed"},
	{"always, but for two days", "Asia/Kolkata", `week = { "mon-sun" = "00:00-24:00" }
		date "01-26" { name = "republic day" }
		date "08-15" {}`, "republic day",
		"2026-01-25 23:59 open, 2026-01-26 00:00 republic_day, 23:59 republic_day, 2026-01-27 00:00 open, 2026-08-15 12:00 closed, 2026-08-16 00:00 open"},
	{"the first Monday of each month", "Europe/London", `
		date "2026-09-07" { hours = "10:00-16:00" }
		date "2026-10-05" { hours = "10:00-16:00" }
		date "2026-11-02" { hours = "10:00-16:00" }`, "",
		"2026-09-07 09:59 closed, 10:00 open, 2026-09-14 10:00 closed, 2026-10-05 15:59 open, 16:00 closed, 2026-11-02 12:00 open, 2026-11-09 12:00 closed"},
	{"half a day before holidays", "Europe/Vienna", `week = { "mon-fri" = "09:00-18:00" }
		date "12-24" { hours = "09:00-12:00" }
		date "12-31" { hours = "09:00-12:00" }
		date "12-25" {}
		date "12-26" {}`, "",
		"2026-12-23 17:59 open, 2026-12-24 11:59 open, 12:00 closed, 2026-12-25 10:00 closed, 2027-12-24 11:00 open, 14:00 closed, 2027-12-31 11:59 open, 12:00 closed"},
	{"a holiday that falls into the night shift", "America/Chicago", `week = { "mon-sun" = "22:00-06:00" }
		date "12-25" { name = "christmas" }`, "christmas",
		"2026-12-24 23:00 open, 2026-12-25 00:00 open, 05:59 open, 06:00 christmas, 23:00 christmas, 2026-12-26 00:00 closed, 22:00 open"},
	{"longer on Thursdays", "Europe/Paris", `week = { "mon-wed, fri" = "10:00-19:00", "thu" = "10:00-21:00", "sat" = "10:00-18:00" }`, "",
		"2026-07-09 20:59 open, 21:00 closed, 2026-07-10 19:00 closed, 2026-07-11 17:59 open, 18:00 closed"},
	{"on Sundays after church", "America/St_Johns", `week = { "sun" = "12:30-17:30", "mon-sat" = "09:30-21:30" }`, "",
		"2026-07-12 12:29 closed, 12:30 open, 17:29 open, 17:30 closed, 2026-07-13 09:30 open"},
	{"summer and winter hours by dates", "Australia/Sydney", `week = { "mon-fri" = "09:00-17:00" }
		date "2026-12-28" { hours = "07:00-12:00" }
		date "2026-12-29" { hours = "07:00-12:00" }
		date "2026-12-30" { hours = "07:00-12:00" }`, "",
		"2026-12-24 07:00 closed, 2026-12-28 07:00 open, 12:00 closed, 2026-12-30 11:59 open, 2026-12-31 07:00 closed, 09:00 open"},
	{"Sunday to Thursday", "Asia/Riyadh", `week = { "sun-thu" = "08:00-16:00" }`, "",
		"2026-07-09 15:59 open, 2026-07-10 10:00 closed, 2026-07-11 10:00 closed, 2026-07-12 08:00 open"},
	{"Friday to Monday, over the end of the week", "Europe/Madrid", `week = { "fri-mon" = "18:00-02:00" }`, "",
		"2026-07-09 19:00 closed, 2026-07-10 18:00 open, 2026-07-11 01:59 open, 02:00 closed, 2026-07-13 23:00 open, 2026-07-14 01:00 open, 19:00 closed"},
	{"a shop that closes for stocktaking", "America/Denver", `week = { "mon-sat" = "09:00-20:00" }
		date "2027-01-02" { name = "stocktaking" }`, "stocktaking",
		"2027-01-02 12:00 stocktaking, 2027-01-04 12:00 open, 2028-01-03 12:00 open"},
	{"a Saturday that is open once", "Europe/Warsaw", `week = { "mon-fri" = "08:00-16:00" }
		date "2026-12-12" { hours = "09:00-13:00" }`, "",
		"2026-12-05 10:00 closed, 2026-12-12 09:00 open, 12:59 open, 13:00 closed, 2026-12-19 10:00 closed"},
	{"three times a day", "Asia/Tokyo", `week = { "mon-fri" = ["08:30-11:30", "13:00-16:00", "18:00-20:00"] }`, "",
		"2026-07-06 11:29 open, 11:30 closed, 13:00 open, 16:00 closed, 18:00 open, 19:59 open, 20:00 closed"},
	{"open through the night in which the clocks change", "Europe/Berlin", `week = { "sat" = "20:00-04:00" }`, "",
		"2027-03-27 20:00 open, 2027-03-28 01:59 open, 03:00 open, 03:59 open, 04:00 closed, 2027-10-31 03:59 open, 04:00 closed"},
	{"a day that is closed within a week that never is", "Pacific/Auckland", `week = { "mon-sat" = "00:00-24:00" }`, "",
		"2026-07-11 23:59 open, 2026-07-12 00:00 closed, 23:59 closed, 2026-07-13 00:00 open"},
	{"29 February, in the year that has it", "America/Sao_Paulo", `week = { "mon-fri" = "09:00-18:00" }
		date "2028-02-29" { name = "inventory" }`, "inventory",
		"2028-02-28 12:00 open, 2028-02-29 12:00 inventory, 2028-03-01 12:00 open"},
	{"holidays from a list, and a date that counts more", "America/Toronto", `week = { "mon-fri" = "09:00-17:00" }
		holidays = [{ date = "2026-07-01", name = "Canada Day" }, { date = "2026-09-07", name = "Labour Day" }, { date = "12-24" }]
		date "12-24" { hours = "09:00-13:00" }`, "canada day",
		"2026-07-01 12:00 canada_day, 2026-09-07 12:00 closed, 2026-12-24 12:59 open, 13:00 closed, 2027-07-01 12:00 open"},
	{"New Year's night, which is open", "Europe/Lisbon", `week = { "mon-fri" = "09:00-17:00" }
		date "12-31" { hours = ["09:00-13:00", "22:00-03:00"] }
		date "01-01" { name = "new year" }`, "new year",
		"2026-12-31 13:00 closed, 22:00 open, 2027-01-01 02:59 open, 03:00 new_year, 2027-01-02 00:00 closed"},
}

// Real schedules answer as people expect who have them.
func TestRealSchedules(t *testing.T) {
	if len(realSchedules) < 20 {
		t.Errorf("%d schedules, want 20 or more", len(realSchedules))
	}
	for _, s := range realSchedules {
		t.Run(s.name, func(t *testing.T) {
			decision := s.compile(t)
			zone, err := timezone.Load(s.zone)
			if err != nil {
				t.Fatal(err)
			}
			date := ""
			for want := range strings.SplitSeq(s.want, ", ") {
				words := strings.Fields(want)
				if len(words) == 3 {
					date, words = words[0], words[1:]
				}
				at, err := time.ParseInLocation("2006-01-02 15:04", date+" "+words[0], zone)
				if err != nil {
					t.Fatal(err)
				}
				if got := decision.Answer(nil, at); got != words[1] {
					t.Errorf("on %s: %s, want %s\n%s", at.Format("Mon 2006-01-02 15:04"), got, words[1], decision.Address())
				}
			}
		})
	}
}

// compile returns the decision on the time of a configuration with the schedule.
func (s realSchedule) compile(t *testing.T) bundle.Decision {
	t.Helper()
	on := ""
	if s.on != "" {
		on = fmt.Sprintf("on %q { to = message.day }", s.on)
	}
	text := fmt.Sprintf(`
project "real" { language = "en-US" }
number "main" {
  phone_number = "+14155550100"
  to           = hours.door
}
schedule "x" {
  time_zone = %q
  %s
}
hours "door" {
  schedule = schedule.x
  open     = message.open
  closed   = message.closed
  %s
}
message "open" { text = "We are here." }
message "closed" { text = "We are closed." }
message "day" { text = "We are closed today." }
`, s.zone, s.text, on)
	result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
	if result.Bundle == nil {
		t.Fatal(diags)
	}
	decision, ok := bundle.NewIndex(result.Bundle).Hours("hours.door")
	if !ok {
		t.Fatal("the bundle has no decision on the time")
	}
	return decision
}
