package resolve

// Resolving schedules: when somebody is there. A schedule is no node; hours ask for
// it. Its names of days are those that the answers of a decision can have:
//
//	date "2026-11-26" { name = "Thanksgiving Day" }   thanksgiving_day

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
	"github.com/ivrc/ivrc/compiler/schedule"
)

// schedules are resolved before those who ask for them.
var schedules = kind{
	func(r *resolver) {
		for _, b := range r.config.Schedules {
			r.schedules[b.Name] = &model.OpenSchedule{Name: b.Name, At: b.Range}
		}
	},
	func(r *resolver) {
		for _, b := range r.config.Schedules {
			r.schedule(r.schedules[b.Name], b)
		}
	},
}

// schedule resolves a schedule.
func (r *resolver) schedule(s *model.OpenSchedule, b config.ScheduleBlock) {
	found := len(r.diags.Found)
	defer func() { s.Amiss = len(r.diags.Found) > found }()
	if r.eval.Require(b.Range, b.TimeZone, "time_zone", "Hours are those of a place: time_zone = \"America/Chicago\".") {
		r.timeZone(s, b.TimeZone)
	}
	for _, e := range r.entries(b.Week) {
		r.weekdays(s, e)
	}
	days := calendar{resolver: r, schedule: s, given: map[schedule.Date]hcl.Range{}}
	for _, d := range b.Dates {
		days.date(d)
	}
	days.holidays(b.Holidays)
}

// timeZone finds the zone of a schedule.
func (r *resolver) timeZone(s *model.OpenSchedule, a *hcl.Attribute) {
	name, at, ok := r.text(a)
	if !ok {
		return
	}
	zone, err := timezone.Load(name)
	if err != nil {
		r.diags.Report("IVR463", at, "There is no time zone %q. Zones have the names of the IANA database, such as \"Europe/Berlin\".%s", name, r.meantZone(name))
		return
	}
	s.Zone, s.Time = name, zone
}

// meantZone suggests a time zone, also for the name of a city alone.
func (r *resolver) meantZone(name string) string {
	names := timezone.Names()
	city := strings.ReplaceAll(strings.ToLower(name), " ", "_")
	for _, known := range names {
		if lower := strings.ToLower(known); lower == city || strings.HasSuffix(lower, "/"+city) && city != "" {
			return fmt.Sprintf(" Did you mean %q?", known)
		}
	}
	return r.diags.DidYouMean(name, names)
}

// An entry is one element of an object, with its place.
type entry struct {
	key       string
	value     cty.Value
	keyAt, at hcl.Range
}

// entries are the elements of an attribute that expects an object, in the order in
// which they are written. A key that is written twice is there twice.
func (r *resolver) entries(a *hcl.Attribute) []entry {
	if a == nil {
		return nil
	}
	if pairs, diags := hcl.ExprMap(a.Expr); !diags.HasErrors() {
		var list []entry
		for _, p := range pairs {
			key, known := r.eval.Value(p.Key)
			value, ok := r.eval.Value(p.Value)
			if text, isText := config.AsText(key); known && ok && isText {
				list = append(list, entry{text, value, p.Key.Range(), p.Value.Range()})
			}
		}
		return list
	}
	value, ok := r.given(a)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if !value.Type().IsObjectType() && !value.Type().IsMapType() {
		r.diags.Report("IVR203", at, "A map from days to hours is expected here, such as { \"mon-fri\" = \"09:00-17:00\" }, not %s.", config.Describe(value))
		return nil
	}
	var list []entry
	for it := value.ElementIterator(); it.Next(); {
		key, element := it.Element()
		list = append(list, entry{key.AsString(), element, at, at})
	}
	return list
}

// dayNames are the names of the days of the week.
var dayNames = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// weekdays sets the hours of some days of the week.
func (r *resolver) weekdays(s *model.OpenSchedule, e entry) {
	days, ok := r.daysOf(e)
	spans, readable := r.spans(e.value, e.at)
	if !ok || !readable {
		return
	}
	for _, day := range days {
		if s.Week[day] != nil {
			r.diags.Report("IVR464", e.keyAt, "This week has hours of %s already. Write all hours of a day in one list: [\"08:00-12:00\", \"13:00-17:30\"].", title(dayNames[day]))
			return
		}
		s.Week[day] = spans
	}
}

// daysOf reads days of the week: "sat", "mon-fri", "mon, wed, fri".
func (r *resolver) daysOf(e entry) (days []int, ok bool) {
	for part := range strings.SplitSeq(e.key, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := dayNamed(first), dayNamed(last)
		if !isRange {
			last, to = first, from
		}
		for _, of := range []struct {
			day  int
			name string
		}{{from, first}, {to, last}} {
			if of.day < 0 {
				short := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
				r.diags.Report("IVR464", e.keyAt, "%q is no day of the week. Days are \"mon\" to \"sun\", and \"mon-fri\" is a range.%s", strings.TrimSpace(of.name), r.diags.DidYouMean(strings.ToLower(strings.TrimSpace(of.name)), append(short, dayNames...)))
				return nil, false
			}
		}
		for day := from; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	return days, true
}

// dayNamed is the number of a day of the week, 0 for Monday; -1 if there is none of
// that name.
func dayNamed(name string) int {
	name = strings.ToLower(strings.TrimSpace(name))
	return slices.IndexFunc(dayNames, func(day string) bool { return name == day || name == day[:3] })
}

// A calendar collects the days of a schedule that are not like their weekdays.
type calendar struct {
	*resolver
	schedule *model.OpenSchedule
	given    map[schedule.Date]hcl.Range // by date block
}

// date adds the day of a date block.
func (c *calendar) date(b config.DateBlock) {
	date, ok := c.dateOf(b.Date, b.Range)
	if !ok {
		return
	}
	special := schedule.Special{Date: date}
	if value, ok := c.resolver.given(b.Hours); ok {
		if special.Spans, ok = c.spans(value, b.Hours.Expr.Range()); !ok {
			return
		}
	}
	if name, at, ok := c.text(b.Name); ok {
		special.Name = c.dayName(name, at)
	}
	for other, at := range c.given {
		if other.Month == date.Month && other.Day == date.Day && (other.Year == 0 || date.Year == 0 || other.Year == date.Year) {
			c.diags.Report("IVR466", b.Range, "This schedule has that day already, at %s. A day has one of the two hours; remove the other.", diagnostic.Place(at))
			return
		}
	}
	c.given[date] = b.Range
	c.schedule.Specials = append(c.schedule.Specials, special)
}

// holidays adds days from a list, such as that of an iCalendar file. A date block for
// the same day counts more, and so does the first of two.
func (c *calendar) holidays(a *hcl.Attribute) {
	value, ok := c.resolver.given(a)
	if !ok {
		return
	}
	at := a.Expr.Range()
	isList := value.Type().IsTupleType() || value.Type().IsListType() || value.Type().IsSetType()
	if !isList {
		c.diags.Report("IVR203", at, "A list of days is expected here, such as ical(\"holidays.ics\") or [{ date = \"2026-12-24\", name = \"christmas\" }], not %s.", config.Describe(value))
		return
	}
	taken := map[schedule.Date]bool{}
	for date := range c.given {
		taken[date] = true
	}
	for _, element := range value.AsValueSlice() {
		text, name, ok := holiday(element)
		if !ok {
			c.diags.Report("IVR203", at, "A day of this list is an object with a date and perhaps a name: { date = \"2026-12-24\", name = \"christmas\" }.")
			return
		}
		date, ok := c.dateOf(text, at)
		if !ok {
			return
		}
		yearly := schedule.Date{Month: date.Month, Day: date.Day}
		if taken[date] || taken[yearly] {
			continue
		}
		taken[date] = true
		c.schedule.Specials = append(c.schedule.Specials, schedule.Special{Date: date, Name: c.dayName(name, at)})
	}
}

// holiday reads an element of a list of days.
func holiday(element cty.Value) (date, name string, ok bool) {
	if element.IsNull() || !element.Type().IsObjectType() && !element.Type().IsMapType() {
		return "", "", false
	}
	values := element.AsValueMap()
	if date, ok = config.AsText(values["date"]); values["date"] == cty.NilVal || !ok {
		return "", "", false
	}
	if given := values["name"]; given != cty.NilVal && !given.IsNull() {
		if name, ok = config.AsText(given); !ok {
			return "", "", false
		}
	}
	return date, name, true
}

// dayName is the name of a day as hours have it.
func (c *calendar) dayName(name string, at hcl.Range) string {
	spelled := answerName(name)
	if spelled == "" && name != "" {
		c.diags.Report("IVR460", at, "The name %q holds no letter of the English alphabet and no digit, so no branch could have it.", name)
	}
	return spelled
}

// answerName spells a name as the answers of decisions are: "Christmas Day" becomes
// christmas_day.
func answerName(name string) string {
	var spelled strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_':
			spelled.WriteRune(c)
		case strings.ContainsRune(" -", c) && spelled.Len() > 0 && !strings.HasSuffix(spelled.String(), "_"):
			spelled.WriteByte('_')
		}
	}
	text := spelled.String()
	return strings.TrimRight(text[:min(len(text), longestAnswer)], "_")
}

const longestAnswer = 32

// title begins a word with a capital letter.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
