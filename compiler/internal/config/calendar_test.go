package config

import (
	"strings"
	"testing"
)

// event is a calendar with one event.
func event(lines ...string) []byte {
	text := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nSUMMARY:Feast\n" +
		strings.Join(lines, "\n") + "\nEND:VEVENT\nEND:VCALENDAR\n"
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

func TestCalendarDays(t *testing.T) {
	for _, test := range []struct {
		lines []string
		want  string // the dates, or a part of the error
	}{
		{[]string{"DTSTART;VALUE=DATE:20261126"}, "2026-11-26"},
		{[]string{"DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"}, "2026-12-24 2026-12-25 2026-12-26"},
		{[]string{"DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"}, "12-25"},
		{[]string{"DTSTART;VALUE=DATE:20261126", "STATUS:CANCELLED"}, ""},
		{[]string{"DTSTART:20261126T090000Z"}, "does not last all day"},
		{[]string{"DTSTART;VALUE=DATE:20261131"}, "no date"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"}, "recurs with"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;COUNT=3"}, "recurs with"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=WEEKLY"}, "recurs with"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "RDATE;VALUE=DATE:20211126"}, "RDATE"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "DTEND;VALUE=DATE:20301126"}, "longer than a year"},
		{[]string{"DTSTART;VALUE=DATE:20201126", "DESCRIPTION;X=" + strings.Repeat("a", 100_000) + ":b"}, "longer than 4096 bytes"},
	} {
		days, err := calendarDays(event(test.lines...))
		var got []string
		for _, day := range days {
			got = append(got, day.GetAttr("date").AsString())
		}
		switch {
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%q: the error is %q, want %q", test.lines, err, test.want)
		case err == nil && strings.Join(got, " ") != test.want:
			t.Errorf("%q: %q, want %q", test.lines, got, test.want)
		}
	}
	if _, err := calendarDays([]byte("hello")); err == nil {
		t.Error("a text that is no calendar is read")
	}
}
