package bundle

import (
	"fmt"
	"time"
)

// CalendarWarning is how long before the end of a calendar somebody should be told.
const CalendarWarning = 90 * 24 * time.Hour

// calendarDays is how many days of one year make a calendar: a day that was closed once
// is none, and no year has to follow it.
const calendarDays = 3

// A Calendar is a list of days of years, such as the public holidays, after which hours
// of a block run as in any week. Days of every year are no part of one.
type Calendar struct {
	Block string // "hours.door"
	On    string // the branch of the block, "open" if it has one schedule
	Last  int    // the last year of which it lists days
}

// Calendars returns the calendars of a bundle's hours, in the order of the blocks. In
// whatever language a block is reached, it is listed once.
func (b *Bundle) Calendars() []Calendar {
	var list []Calendar
	seen := map[string]bool{}
	for _, block := range b.Blocks() {
		if block.Kind() != KindHours || seen[block.Address] {
			continue
		}
		seen[block.Address] = true
		list = append(list, block.calendars()...)
	}
	return list
}

// calendars returns those of one block of hours.
func (b *Block) calendars() []Calendar {
	var all []Calendar                 // with those that are none
	listed := map[string]map[int]int{} // by branch, the days of each year
	for _, h := range b.Hours {
		date, err := time.Parse(time.DateOnly, h.Day)
		if err != nil {
			continue // a weekday, or a day of every year
		}
		if listed[h.On] == nil {
			listed[h.On] = map[int]int{}
			all = append(all, Calendar{Block: b.Address, On: h.On})
		}
		listed[h.On][date.Year()]++
	}
	var list []Calendar
	for _, c := range all {
		most := 0
		for year, days := range listed[c.On] {
			c.Last, most = max(c.Last, year), max(most, days)
		}
		if most >= calendarDays {
			list = append(list, c)
		}
	}
	return list
}

// End is when the last listed year ends, in UTC.
func (c Calendar) End() time.Time { return time.Date(c.Last+1, 1, 1, 0, 0, 0, 0, time.UTC) }

// Warning says that a calendar ends within [CalendarWarning], or has ended. It is ""
// before.
func (c Calendar) Warning(now time.Time) string {
	what := c.Block
	if c.On != "open" {
		what += ", in the branch " + c.On + ","
	}
	left := c.End().Sub(now)
	switch {
	case left > CalendarWarning:
		return ""
	case left <= 0:
		return fmt.Sprintf("%s lists no special day after %d, so callers of a holiday are led as on any other day. List those of %d.", what, c.Last, now.UTC().Year())
	}
	return fmt.Sprintf("%s lists no special day after %d, which ends in %s. List those of %d, or callers of a holiday are led as on any other day.", what, c.Last, days(left), c.Last+1)
}

// days is a duration in days, rounded up.
func days(d time.Duration) string {
	if n := int((d + 24*time.Hour - 1) / (24 * time.Hour)); n != 1 {
		return fmt.Sprint(n, " days")
	}
	return "one day"
}
