package schedule

import (
	"strconv"
	"strings"
	"time"
)

const (
	dayMinutes = 24 * 60
	epoch      = 1577836800 // 2020-01-01T00:00:00Z, in seconds; changes of offset count from it
)

// Answer returns the answer of the list of a time decision at an instant. It is not ok
// if the list has not the form that [Table.String] writes. Nothing is allocated: a
// server asks at every call.
func Answer(list string, at time.Time) (answer string, ok bool) {
	names, rest, ok := strings.Cut(list, "-")
	zone, layers, more := strings.Cut(rest, "-")
	offset, known := offsetAt(zone, at)
	if !ok || !more || !known {
		return "", false
	}
	local := at.UTC().Add(time.Duration(offset) * time.Minute)
	minute := local.Hour()*60 + local.Minute()
	letter := ""
	place := 0
	for rest, more := layers, true; more; place++ {
		var layer string
		layer, rest, more = strings.Cut(rest, "-")
		yesterday, today := itemOf(layer, local.AddDate(0, 0, -1)), itemOf(layer, local)
		if isOpen(yesterday, minute+dayMinutes) || isOpen(today, minute) {
			return nameAt(names, place)
		}
		if letter == "" {
			letter = letterOf(today)
		}
	}
	if letter != "" {
		return nameAt(names, int(letter[0]-'a'))
	}
	return nameAt(names, strings.Count(names, "."))
}

// nameAt returns an answer by its place.
func nameAt(names string, place int) (string, bool) {
	for rest, more := names, true; more; place-- {
		var name string
		name, rest, more = strings.Cut(rest, ".")
		if place == 0 {
			return name, IsName(name)
		}
	}
	return "", false
}

// IsName tells whether a text can be an answer: at most 32 small letters, digits and
// underscores.
func IsName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return text != "" && len(text) <= 32
}

// offsetAt returns the minutes to add to UTC at an instant.
func offsetAt(zone string, at time.Time) (minutes int, ok bool) {
	offsets, changes, any := strings.Cut(zone, "_")
	place := 0
	instant := int64(epoch)
	for rest := changes; any; {
		var change string
		change, rest, any = strings.Cut(rest, ".")
		if len(change) < 2 || len(change) > 8 || !isDigits(change[:1]) || strings.ToLower(change) != change {
			return 0, false
		}
		passed, err := strconv.ParseUint(change[1:], 36, 40)
		if err != nil {
			return 0, false
		}
		if instant += int64(passed) * 60; instant > at.Unix() {
			break
		}
		place = int(change[0] - '0')
	}
	for rest, more := offsets, true; more; place-- {
		var offset string
		offset, rest, more = strings.Cut(rest, ".")
		if place == 0 {
			digits, minus := strings.CutPrefix(offset, "m")
			minutes, err := strconv.Atoi(digits)
			if minus {
				minutes = -minutes
			}
			return minutes, err == nil && isDigits(digits) && len(digits) <= 3
		}
	}
	return 0, false
}

// itemOf returns the item of a layer that holds on a date, "" if none does.
func itemOf(layer string, date time.Time) string {
	for rest, more := layer, true; more; {
		var item string
		item, rest, more = strings.Cut(rest, ".")
		if holdsOn(item, date) {
			return item
		}
	}
	return ""
}

// holdsOn tells whether an item is that of a date or of its weekday. The items of dates
// stand before those of the week.
func holdsOn(item string, date time.Time) bool {
	head, parts, _ := strings.Cut(item, "_")
	year, dated := strings.CutPrefix(head, "y")
	if !dated {
		return strings.IndexByte(head, byte('1'+(date.Weekday()+6)%7)) >= 0
	}
	if year != "" && !is(year, date.Year()%100) {
		return false
	}
	for more := true; more; {
		var part string
		part, parts, more = strings.Cut(parts, "_")
		if len(part) == 4 && is(part[:2], int(date.Month())) && is(part[2:], date.Day()) {
			return true
		}
	}
	return false
}

// is tells whether two digits are a number.
func is(digits string, number int) bool {
	return len(digits) == 2 && digits[0] == byte('0'+number/10) && digits[1] == byte('0'+number%10)
}

// isOpen tells whether a minute of the day lies in a span of an item.
func isOpen(item string, minute int) bool {
	for more := true; more; {
		var part string
		part, item, more = strings.Cut(item, "_")
		if len(part) == 8 && isDigits(part) && clock(part[:4]) <= minute && minute < clock(part[4:]) {
			return true
		}
	}
	return false
}

// clock returns the minutes since midnight of four digits.
func clock(digits string) int {
	number := func(d string) int { return int(d[0]-'0')*10 + int(d[1]-'0') }
	return number(digits[:2])*60 + number(digits[2:])
}

// letterOf returns the letter at the end of an item of dates, "" if it has none.
func letterOf(item string) string {
	part := item[strings.LastIndexByte(item, '_')+1:]
	if len(part) != 1 || part[0] < 'a' || part[0] > 'z' || !strings.HasPrefix(item, "y") || part == item {
		return ""
	}
	return part
}

func isDigits(text string) bool {
	return strings.Trim(text, "0123456789") == "" && text != ""
}
