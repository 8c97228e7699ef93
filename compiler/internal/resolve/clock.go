package resolve

// Reading times of the day and dates.

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
	"github.com/ivrc/ivrc/compiler/schedule"
)

// spans reads the hours of a day: "09:00-17:00", or a list of such texts.
func (r *resolver) spans(value cty.Value, at hcl.Range) ([]schedule.Span, bool) {
	texts := []cty.Value{value}
	if t := value.Type(); !value.IsNull() && (t.IsTupleType() || t.IsListType() || t.IsSetType()) {
		texts = value.AsValueSlice()
	}
	var spans []schedule.Span
	for _, v := range texts {
		text, ok := config.AsText(v)
		if !ok {
			r.diags.Report("IVR203", at, "Hours are a string such as \"09:00-17:00\", or a list of them, not %s.", config.Describe(v))
			return nil, false
		}
		span, why := parseSpan(text)
		if why != "" {
			r.diags.Report("IVR460", at, "%q are no hours: %s", text, why)
			return nil, false
		}
		spans = append(spans, span)
	}
	slices.SortFunc(spans, func(a, b schedule.Span) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(spans); i++ {
		if before := spans[i-1]; spans[i].From < before.To {
			r.diags.Report("IVR461", at, "%s and %s overlap. Write what is meant as one: \"%s\".", before, spans[i], schedule.Span{From: before.From, To: max(before.To, spans[i].To)})
			return nil, false
		}
	}
	return spans, true
}

// exactSpan is how hours are written, and likeSpan how people write them elsewhere.
var (
	exactSpan = regexp.MustCompile(`^(\d\d):(\d\d)-(\d\d):(\d\d)$`)
	likeSpan  = regexp.MustCompile(`(?i)^\s*(\d{1,2})(?:[:.h]?(\d\d))?\s*([ap]\.?m\.?)?\s*(?:-|–|—|to|until|bis)\s*(\d{1,2})(?:[:.h]?(\d\d))?\s*([ap]\.?m\.?)?\s*$`)
)

// parseSpan reads a span. Why says what is wrong with it.
func parseSpan(text string) (span schedule.Span, why string) {
	m := exactSpan.FindStringSubmatch(text)
	if m == nil {
		return span, "they are written from and to on a clock of 24 hours: \"09:00-17:00\"." + meantSpan(text)
	}
	from, valid := minutes(m[1], m[2])
	to, ends := minutes(m[3], m[4])
	switch {
	case !valid || !ends || from == fullDay:
		return span, "a day has the times from 00:00 to 23:59, and ends at 24:00."
	case from == to:
		return span, "they end when they begin. The whole day is \"00:00-24:00\"."
	case to < from:
		to += fullDay
	}
	return schedule.Span{From: from, To: to}, ""
}

const fullDay = 24 * 60

// minutes is a time of the day in minutes.
func minutes(hour, minute string) (int, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return h*60 + m, m < 60 && h*60+m <= fullDay
}

// meantSpan suggests how hours are written that are written otherwise.
func meantSpan(text string) string {
	m := likeSpan.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	clock := func(hour, minute, half string) string {
		h, _ := strconv.Atoi(hour)
		switch half = strings.ToLower(half); {
		case strings.HasPrefix(half, "p") && h < 12:
			h += 12
		case strings.HasPrefix(half, "a") && h == 12:
			h = 0
		}
		return fmt.Sprintf("%02d:%s", h, cmp.Or(minute, "00"))
	}
	meant := clock(m[1], m[2], m[3]) + "-" + clock(m[4], m[5], m[6])
	if _, why := parseSpan(meant); why != "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", meant)
}

// The years that dates may have: a list has two digits for the year.
const firstDateYear, lastDateYear = 2020, 2099

// dateOf reads a date: "2026-12-24", or "12-24" for every year.
func (c *calendar) dateOf(text string, at hcl.Range) (schedule.Date, bool) {
	refuse := func(format string, args ...any) (schedule.Date, bool) {
		c.diags.Report("IVR462", at, format, args...)
		return schedule.Date{}, false
	}
	layout, yearly := "2006-01-02", false
	if len(text) == len("01-02") {
		layout, yearly = "01-02", true
		if text == "02-29" {
			return refuse("29 February is a day of leap years only. Write it with the year, or choose \"02-28\" or \"03-01\".")
		}
	}
	day, err := time.Parse(layout, text)
	if err != nil {
		return refuse("%q is no date. Write year, month and day, such as \"2026-12-24\", or month and day for every year: \"12-24\".", text)
	}
	if yearly {
		return schedule.Date{Month: int(day.Month()), Day: day.Day()}, true
	}
	if day.Year() < firstDateYear || day.Year() > lastDateYear {
		return refuse("%s is no year from %d to %d, so nobody will call on that day.", day.Format("2006"), firstDateYear, lastDateYear)
	}
	return schedule.Date{Year: day.Year(), Month: int(day.Month()), Day: day.Day()}, true
}

// ParseTime reads a time such as "2026-12-24T12:01" in a time zone, "" for UTC. A time
// with an offset from UTC, such as "2026-12-24T12:01Z", is not local.
func ParseTime(text, zone string) (at time.Time, local bool, err error) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, false, nil
		}
	}
	location := time.UTC
	if zone != "" {
		if location, err = timezone.Load(zone); err != nil {
			return at, true, err
		}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, text, location); err == nil {
			return at, true, nil
		}
	}
	return at, true, fmt.Errorf("%q is no time; write it like 2026-12-24T12:01, or with an offset from UTC: 2026-12-24T12:01-06:00", text)
}
