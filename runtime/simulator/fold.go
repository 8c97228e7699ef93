package simulator

import (
	"fmt"

	"github.com/ivrc/ivrc/compiler/script"
)

// Folding. A caller who waits for ten minutes hears the same minute ten times.
// What repeats itself is written once, and then how often:
//
//	 1:23.1  caller  enters the queue zillum/sales
//	 1:23.1  caller  hears "Please hold."
//	 …
//	 2:19.1  caller  leaves the queue after 0:56.0 (leave)
//	         …       the same 8 times more, until 9:55.1

// A line is one event as it is written.
type line struct {
	event  Event
	who    string
	what   string
	origin string
}

// longest run of lines that is looked for as a whole.
const longestRun = 40

// fold replaces what repeats itself at least twice more by one line.
func fold(lines []line) []line {
	var folded []line
	for i := 0; i < len(lines); {
		run, times := firstRun(lines[i:])
		if times < 2 {
			folded = append(folded, lines[i])
			i++
			continue
		}
		folded = append(folded, lines[i:i+run]...)
		i += run * (times + 1)
		until := lines[i-1].event.At
		folded = append(folded, line{
			event: Event{At: until},
			who:   "…",
			what:  fmt.Sprintf("the same %d times more, until %s", times, script.Clock(until)),
		})
	}
	return folded
}

// firstRun finds the shortest run at the beginning of the lines that is repeated at
// once, and says how often.
func firstRun(lines []line) (run, times int) {
	for run = 1; run <= longestRun && 3*run <= len(lines); run++ {
		times = 0
		for at := run; at+run <= len(lines) && alike(lines[:run], lines[at:at+run]); at += run {
			times++
		}
		if times >= 2 {
			return run, times
		}
	}
	return 0, 0
}

// alike reports whether two runs say the same at different times.
func alike(a, b []line) bool {
	for i := range a {
		if a[i].who != b[i].who || a[i].what != b[i].what {
			return false
		}
	}
	return true
}
