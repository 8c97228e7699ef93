package command

// What hours prints, for programs and for calendars: the week, and from when to when
// each answer is given.

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// An opening is a block of hours, and what callers of it meet.
type opening struct {
	block    bundle.Block
	decision bundle.Decision
	zone     *time.Location
}

// openings are the blocks of hours of a bundle. In whatever language a call is, the
// hours are the same, so each is there once.
func openings(b *bundle.Bundle) ([]opening, error) {
	index := bundle.NewIndex(b)
	var list []opening
	for _, block := range b.Blocks() {
		decision, ok := index.Hours(block.Address)
		if !ok || len(list) > 0 && list[len(list)-1].block.Address == block.Address {
			continue
		}
		zone, err := compiler.TimeZone(block.Setting("time_zone"))
		if err != nil {
			return nil, err
		}
		list = append(list, opening{block, decision, zone})
	}
	return list, nil
}

// answer is what callers meet at a time.
func (o opening) answer(at time.Time) string { return o.decision.Answer(nil, at) }

// until is when callers first meet something else, to the minute; zero if they do not
// before a time.
func (o opening) until(at, end time.Time) time.Time {
	now := o.answer(at)
	for at = at.Truncate(time.Minute); at.Before(end); {
		if at = at.Add(time.Minute); o.answer(at) != now {
			return at
		}
	}
	return time.Time{}
}

// soon is how far ahead the next change is looked for.
const soon = 14 * 24 * time.Hour

// hoursReport is what hours -json writes.
type hoursReport struct {
	FormatVersion string         `json:"format_version"`
	At            string         `json:"at"` // RFC 3339, in UTC
	Hours         []hoursOfBlock `json:"hours"`
	Warnings      []string       `json:"warnings"`
}

type hoursOfBlock struct {
	Block    string     `json:"block"`
	TimeZone string     `json:"time_zone"`
	Answer   string     `json:"answer"`
	To       string     `json:"to"`
	Until    string     `json:"until,omitempty"` // RFC 3339, in the time zone
	Days     []hoursDay `json:"days"`
}

type hoursDay struct {
	On   string   `json:"on"`
	Day  string   `json:"day"`
	Open []string `json:"open"`
	Name string   `json:"name,omitempty"`
}

// reportHours is the report on a bundle at a time.
func reportHours(b *bundle.Bundle, list []opening, at time.Time) hoursReport {
	report := hoursReport{FormatVersion: "1.0", At: at.UTC().Format(time.RFC3339), Hours: []hoursOfBlock{}, Warnings: []string{}}
	for _, o := range list {
		h := hoursOfBlock{Block: o.block.Address, TimeZone: o.block.Setting("time_zone"), Answer: o.answer(at), Days: []hoursDay{}}
		if exit, ok := o.block.Exit(h.Answer); ok {
			h.To = exit.To
		}
		if until := o.until(at, at.Add(soon)); !until.IsZero() {
			h.Until = until.In(o.zone).Format(time.RFC3339)
		}
		for _, day := range o.block.Hours {
			open := []string{}
			if day.Open != "" {
				open = strings.Split(day.Open, ", ")
			}
			h.Days = append(h.Days, hoursDay{day.On, day.Day, open, day.Name})
		}
		report.Hours = append(report.Hours, h)
	}
	for _, c := range b.Calendars() {
		if text := c.Warning(at); text != "" {
			report.Warnings = append(report.Warnings, text)
		}
	}
	return report
}

// calendarOf is an iCalendar file (RFC 5545) of a year from a time on: an event for each
// time at which something is open or a day has a name. The times are in UTC, so that no
// reader needs the rules of a time zone.
func calendarOf(project string, list []opening, at time.Time) ([]byte, error) {
	calendar := ical.NewCalendar()
	calendar.Props.SetText(ical.PropVersion, "2.0")
	calendar.Props.SetText(ical.PropProductID, "-//ivrc//hours//EN")
	at = at.UTC().Truncate(time.Minute)
	end := at.AddDate(1, 0, 0)
	for _, o := range list {
		for from := at; from.Before(end); {
			until := o.until(from, end)
			if until.IsZero() || until.After(end) {
				until = end
			}
			if answer := o.answer(from); answer != "closed" {
				calendar.Children = append(calendar.Children, eventOf(project, o, answer, from, until, at).Component)
			}
			from = until
		}
	}
	if len(calendar.Children) == 0 {
		return nil, fmt.Errorf("nothing is open within a year from %s, and a calendar has at least one event", at.Format(time.RFC3339))
	}
	var text bytes.Buffer
	err := ical.NewEncoder(&text).Encode(calendar)
	return text.Bytes(), err
}

// eventOf is one event of a calendar.
func eventOf(project string, o opening, answer string, from, until, stamp time.Time) *ical.Event {
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, fmt.Sprintf("%s-%s@%s.ivrc", o.block.Address, from.Format("20060102T150405Z"), project))
	e.Props.SetDateTime(ical.PropDateTimeStamp, stamp)
	e.Props.SetDateTime(ical.PropDateTimeStart, from)
	e.Props.SetDateTime(ical.PropDateTimeEnd, until)
	e.Props.SetText(ical.PropSummary, o.block.Address+": "+answer)
	if exit, ok := o.block.Exit(answer); ok {
		e.Props.SetText(ical.PropDescription, "Callers come to "+exit.To+".")
	}
	return e
}
