package compiler

// Drafting hours: schedules, and where callers are led by them.

import (
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// hours makes a block that leads callers by the time. Each of its branches is taken at
// some time: its schedules are open at different hours.
func (g *drafting) hours(b *draftBlock) {
	address := b.kind + "." + b.labels[0]
	to := func(name string) string {
		ref := rapid.SampledFrom(g.further(b)).Draw(g.T, name)
		g.passed[address] = append(g.passed[address], ref)
		return g.reference(ref)
	}
	zone := g.pick("zone", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca")
	spans := rapid.Permutation([]string{"07:00-12:00", "12:30-18:15", "22:00-04:00"}).Draw(g.T, "spans")
	if g.chance("several schedules", 4) {
		for i := range g.between("schedules", 1, 3) {
			when := b.add("when", fmt.Sprintf("shift_%d", i))
			when.set("schedule", g.reference(g.schedule(fmt.Sprint(b.labels[0], "-", i), zone, spans[i])))
			when.set("to", to("the shift leads to"))
		}
	} else {
		b.set("schedule", g.reference(g.schedule(b.labels[0], zone, spans[:g.between("spans", 1, 3)]...)))
		b.set("open", to("open leads to"))
	}
	b.set("closed", to("closed leads to"))
	if g.chance("a feast", 4) {
		b.add("on", "Feast Day").set("to", to("the feast leads to"))
	}
}

// schedule makes a schedule with some hours, and returns how it is referred to.
func (g *drafting) schedule(name, zone string, spans ...string) string {
	s := g.d.add("schedule", name)
	s.set("time_zone", g.textExpression(zone))
	list := ""
	for _, span := range spans {
		list += quoted(span) + ", "
	}
	s.set("week", fmt.Sprintf("{ %s = [%s] }", g.pick("days", `"mon-fri"`, `"mon-sun"`, `"sat, sun"`, `"sun-tue"`), list))
	feast := s.add("date", "12-25")
	feast.set("name", quoted("feast day"))
	if g.chance("a special day", 4) {
		day := s.add("date", g.pick("date", "2026-12-24", "2027-03-28", "01-01"))
		if g.chance("special hours", 5) {
			day.set("hours", quoted(spans[0]))
		}
	}
	return "schedule." + name
}

// instants are times at which random calls begin.
var instants = []time.Time{
	time.Date(2026, 3, 4, 15, 30, 0, 0, time.UTC), time.Date(2026, 12, 25, 2, 0, 0, 0, time.UTC), time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC),
	time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC), time.Date(2026, 7, 5, 23, 59, 30, 0, time.UTC), time.Date(2031, 1, 1, 8, 0, 0, 0, time.UTC),
}
