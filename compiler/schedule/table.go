package schedule

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A Span is a time of a day, from From until before To, in minutes since the midnight
// with which the day begins. One that runs into the next day ends after 1,440; none
// ends after 2,880.
type Span struct{ From, To int }

// A Date is a day. Year 0 is every year.
type Date struct{ Year, Month, Day int }

// A Special is a day that is not like its weekday: open at its spans, which may be
// none.
type Special struct {
	Date  Date
	Name  string // what the team calls it: "christmas"; may be empty
	Spans []Span
}

// OpenHours says when something is open.
type OpenHours struct {
	Week     [7][]Span // Monday first
	Specials []Special // no two of one date
}

// A Layer of a table is a schedule, and the answers of its special days while nothing
// is open.
type Layer struct {
	OpenHours
	Closed map[string]string // from the name of a special day to an answer
}

// A Table is what a time decision knows.
type Table struct {
	Answers []string // one for each layer, then those of special days, then that of all other times
	Zone    Zone
	Layers  []Layer
}

// A Zone is a time zone's offset from UTC over some years.
type Zone struct {
	Offset  int // before the first change, in minutes
	Changes []OffsetChange
}

// An OffsetChange is an instant from which on a zone has another offset.
type OffsetChange struct {
	At     time.Time // a whole minute
	Offset int       // in minutes
}

// Cut returns the zone that holds for some years, from the start of the first, 2021 or
// later, to the end of the last. It looks at every day, and halves those on which the
// offset changes.
func Cut(location *time.Location, first, last int) Zone {
	offset := func(minute int64) int {
		_, seconds := time.Unix(minute*60, 0).In(location).Zone()
		return seconds / 60
	}
	minute := time.Date(first, 1, 0, 0, 0, 0, 0, time.UTC).Unix() / 60
	end := time.Date(last+1, 1, 2, 0, 0, 0, 0, time.UTC).Unix() / 60
	zone := Zone{Offset: offset(minute)}
	for now := zone.Offset; minute < end; minute += dayMinutes {
		if next := offset(minute + dayMinutes); next != now {
			passed := sort.Search(dayMinutes, func(i int) bool { return offset(minute+int64(i)) == next })
			zone.Changes = append(zone.Changes, OffsetChange{time.Unix((minute+int64(passed))*60, 0).UTC(), next})
			now = next
		}
	}
	return zone
}

// String returns the table as the list of an address.
func (t *Table) String() string {
	parts := []string{strings.Join(t.Answers, "."), t.Zone.text()}
	for _, layer := range t.Layers {
		parts = append(parts, layer.text(t.Answers))
	}
	return strings.Join(parts, "-")
}

func (z Zone) text() string {
	offsets := []int{z.Offset}
	at := time.Unix(epoch, 0)
	var changes []string
	for _, change := range z.Changes {
		place := 0
		for place < len(offsets) && offsets[place] != change.Offset {
			place++
		}
		if place == len(offsets) {
			offsets = append(offsets, change.Offset)
		}
		changes = append(changes, strconv.Itoa(place)+strconv.FormatInt(int64(change.At.Sub(at)/time.Minute), 36))
		at = change.At
	}
	var texts []string
	for _, offset := range offsets {
		texts = append(texts, strings.Replace(strconv.Itoa(offset), "-", "m", 1))
	}
	text := strings.Join(texts, ".")
	if len(changes) > 0 {
		text += "_" + strings.Join(changes, ".")
	}
	return text
}

// text writes the items of dates, then those of the week; what is alike is one item.
func (l Layer) text(answers []string) string {
	var items []item
	for _, special := range l.Specials {
		head := "y"
		if special.Date.Year != 0 {
			head = fmt.Sprintf("y%02d", special.Date.Year%100)
		}
		tail := spansText(special.Spans)
		for place, answer := range answers {
			if answer == l.Closed[special.Name] {
				tail += "_" + string(rune('a'+place))
			}
		}
		items = add(items, head, fmt.Sprintf("_%02d%02d", special.Date.Month, special.Date.Day), tail)
	}
	dates := len(items)
	for day, spans := range l.Week {
		if len(spans) > 0 {
			items = append(items[:dates], add(items[dates:], "", strconv.Itoa(day+1), spansText(spans))...)
		}
	}
	if len(items) == 0 {
		return "x"
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.head + item.days + item.tail
	}
	return strings.Join(texts, ".")
}

// An item is a line of a layer: "y26", "_1224_1231", "_08001200".
type item struct{ head, days, tail string }

// add adds a day to the item of its head and tail.
func add(items []item, head, day, tail string) []item {
	for i := range items {
		if items[i].head == head && items[i].tail == tail {
			items[i].days += day
			return items
		}
	}
	return append(items, item{head, day, tail})
}

func spansText(spans []Span) string {
	var text strings.Builder
	for _, span := range spans {
		fmt.Fprintf(&text, "_%02d%02d%02d%02d", span.From/60, span.From%60, span.To/60, span.To%60)
	}
	return text.String()
}
