package model

import (
	"fmt"
	"strings"
)

// hoursPhones is how far the numbers that keep hours are from the others.
const hoursPhones = 60_000

// Hours is a file that is added to a configuration: a number with hours for each group,
// all with one schedule, which is as long as real ones get.
func (s Shape) Hours() string {
	var b strings.Builder
	b.WriteString("schedule \"office\" {\n  time_zone = \"America/Chicago\"\n  week = {\n")
	for i, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		fmt.Fprintf(&b, "    %q = [\"0%d:%02d-12:00\", \"13:00-1%d:%02d\"]\n", day, 7+i%3, 5*i, 6+i%3, 7*i)
	}
	b.WriteString("  }\n")
	for year := 2026; year < 2029; year++ {
		for i := range 20 {
			fmt.Fprintf(&b, "  date \"%d-%02d-%02d\" {}\n", year, 1+i*7%12, 1+i*5%28)
		}
	}
	b.WriteString("}\n")
	for g := range s.Groups() {
		fmt.Fprintf(&b, "\nnumber \"h%d\" {\n  phone_number = %q\n  to           = hours.d%d\n}\n", g, Phone(g+hoursPhones), g)
		fmt.Fprintf(&b, "\nhours \"d%d\" {\n  schedule = schedule.office\n  open     = menu.m%d\n  closed   = message.t%d\n}\n", g, First(g), g)
	}
	return b.String()
}
