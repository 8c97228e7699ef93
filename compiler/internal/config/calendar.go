package config

// Holidays from an iCalendar file (RFC 5545): the events that last all day, as a list
// that the attribute holidays of a schedule takes.
//
//	BEGIN:VEVENT
//	SUMMARY:Thanksgiving Day
//	DTSTART;VALUE=DATE:20261126        { date = "2026-11-26", name = "Thanksgiving Day" }
//	END:VEVENT
//
// Whatever else an event can say about when it is, is refused, so that no holiday is
// taken for another day: hours of a day, and recurrences other than every year.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/ivrc/ivrc/compiler/internal/source"
)

// The bounds of what is read. The library takes long for a long line.
const (
	maxCalendarLine = 4096
	maxEventDays    = 366
)

// icalFunction reads an iCalendar file.
func icalFunction(f source.Directory) function.Function {
	day := cty.Object(map[string]cty.Type{"date": cty.String, "name": cty.String})
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.List(day)),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			data, err := f.Read(args[0].AsString(), source.MaxFileBytes)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "the file cannot be read: %s", err)
			}
			days, err := calendarDays(data)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "%s", err)
			}
			if len(days) == 0 {
				return cty.ListValEmpty(day), nil
			}
			return cty.ListVal(days), nil
		},
	})
}

// calendarDays returns the days of the events in a file.
func calendarDays(data []byte) ([]cty.Value, error) {
	if err := checkLines(data); err != nil {
		return nil, err
	}
	var days []cty.Value
	decoder := ical.NewDecoder(bytes.NewReader(data))
	for {
		calendar, err := decoder.Decode()
		switch {
		case errors.Is(err, io.EOF):
			return days, nil
		case err != nil:
			return nil, fmt.Errorf("this is no iCalendar file: %s", strings.TrimPrefix(err.Error(), "ical: "))
		}
		for _, e := range calendar.Events() {
			found, err := eventDays(e)
			if err != nil {
				return nil, err
			}
			if days = append(days, found...); len(days) > source.MaxValueElements {
				return nil, fmt.Errorf("the events have more than %d days", source.MaxValueElements)
			}
		}
	}
}

// checkLines refuses a line, with those that continue it, that is far longer than any
// that calendars have.
func checkLines(data []byte) error {
	length := 0
	for line := range bytes.Lines(data) {
		if len(line) == 0 || line[0] != ' ' && line[0] != '\t' {
			length = 0
		}
		if length += len(line); length > maxCalendarLine {
			return fmt.Errorf("a line of the calendar is longer than %d bytes; leave descriptions and pictures out of it", maxCalendarLine)
		}
	}
	return nil
}

// eventDays returns the days of an event.
func eventDays(e ical.Event) ([]cty.Value, error) {
	name, _ := e.Props.Text(ical.PropSummary)
	if status, err := e.Status(); err == nil && status == ical.EventCancelled {
		return nil, nil
	}
	start := e.Props.Get(ical.PropDateTimeStart)
	if start == nil || start.ValueType() != ical.ValueDate && len(start.Value) != len("20060102") {
		return nil, fmt.Errorf("the event %q does not last all day; give the hours of that day in a date block, and take the event out of the file", name)
	}
	first, err := time.Parse("20060102", start.Value)
	if err != nil {
		return nil, fmt.Errorf("the event %q begins on %q, which is no date", name, start.Value)
	}
	last := first
	if end := e.Props.Get(ical.PropDateTimeEnd); end != nil {
		if last, err = time.Parse("20060102", end.Value); err != nil {
			return nil, fmt.Errorf("the event %q ends on %q, which is no date", name, end.Value)
		}
		last = last.AddDate(0, 0, -1) // the end is the day after
	}
	layout, err := recurs(e, name)
	if err != nil {
		return nil, err
	}
	var days []cty.Value
	for day := first; len(days) == 0 || !day.After(last); day = day.AddDate(0, 0, 1) {
		if len(days) == maxEventDays {
			return nil, fmt.Errorf("the event %q lasts longer than a year", name)
		}
		days = append(days, cty.ObjectVal(map[string]cty.Value{"date": cty.StringVal(day.Format(layout)), "name": cty.StringVal(name)}))
	}
	return days, nil
}

// recurs returns how the days of an event are written: with the year, or without it if
// the event comes every year.
func recurs(e ical.Event, name string) (layout string, err error) {
	for _, other := range []string{ical.PropRecurrenceDates, ical.PropExceptionDates, ical.PropDuration} {
		if e.Props.Get(other) != nil {
			return "", fmt.Errorf("the event %q has the property %s, which is not understood; give each of its days an event of its own", name, other)
		}
	}
	rule := e.Props.Get(ical.PropRecurrenceRule)
	if rule == nil {
		return "2006-01-02", nil
	}
	for part := range strings.SplitSeq(strings.ToUpper(rule.Value), ";") {
		key, value, _ := strings.Cut(part, "=")
		if key != "FREQ" && key != "WKST" && key != "BYMONTH" && key != "BYMONTHDAY" && part != "INTERVAL=1" || key == "FREQ" && value != "YEARLY" {
			return "", fmt.Errorf("the event %q recurs with %s; only events of one date, and of the same date every year, are understood. Give each of its days an event of its own", name, rule.Value)
		}
	}
	return "01-02", nil
}
