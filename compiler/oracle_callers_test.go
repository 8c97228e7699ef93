package compiler

import (
	"slices"
	"strings"
)

// What a block that asks who is calling promises.

// listed is the list of the callers that a block tells apart.
func (d *blockSpec) listed() string {
	words := []string{"withheld"}
	for _, s := range d.Settings {
		words = append(words, strings.Split(strings.ReplaceAll(s.Value, "+", ""), ", ")...)
	}
	if slices.Sort(words); len(words) == 1 {
		return ""
	}
	return "~" + strings.Join(words, ".")
}

// promiseCallers is where a caller is led.
func (d *blockSpec) promiseCallers(answer string, does []string) []string {
	on := "otherwise"
	if answer == "withheld" && d.exit(answer) != nil {
		on = answer
	}
	for _, s := range d.Settings {
		if slices.Contains(strings.Split(s.Value, ", "), "+"+answer) {
			on = s.Name
		}
	}
	return d.enter(d.exit(on), does)
}

// endLine is how a call ends at a destination that is no block.
func endLine(to string) string {
	return map[string]string{"hangup": hangsUpLine, "reject": "Reject", "reject.busy": "Reject with Reason busy"}[to]
}

// firstDocument is what a call begins with at each kind of block.
var firstDocument = map[string]string{
	"menu": "menu-1", "entry": "entry-1", "ring_group": "ring-1", "user": "ring-1", "queue": "enter-1", "voicemail": "voicemail-1", "message": "message-1",
	"callers": "from-1", "hours": "hours-1",
}

// firstAnswer is what follows in its name, where a call begins with a decision.
var firstAnswer = map[string]string{"callers": "._"}
