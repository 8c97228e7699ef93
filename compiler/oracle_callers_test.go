package compiler

import (
	"slices"
	"strconv"
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
	"callers": "from-1", "hours": "hours-1", "split": "share-1", "application": "application-1",
}

// firstAnswer is what follows in its name, where a call begins with a decision.
var firstAnswer = map[string]string{"callers": "._", "split": "._"}

// shares says of each share of a split which digits it has, in the order of the page,
// and which is the largest.
func (d *blockSpec) shares() (digits map[string]string, largest string) {
	digits = map[string]string{}
	rest := "0123456789abcdef"
	for _, s := range d.Settings {
		n := 0
		for n < 16 && !strings.HasPrefix(s.Value, strconv.Itoa(n)+" of 16") {
			n++
		}
		digits[s.Name], rest = rest[:n], rest[n:]
		if largest == "" || n > len(digits[largest]) {
			largest = s.Name
		}
	}
	return digits, largest
}

// shared is the list of the digits that a split tells apart.
func (d *blockSpec) shared() string {
	digits, largest := d.shares()
	var words []string
	for name, of := range digits {
		if name != largest {
			words = append(words, strings.Split(of, "")...)
		}
	}
	slices.Sort(words)
	return "~" + strings.Join(words, ".")
}

// promiseShare is where the calls of a share are led.
func (d *blockSpec) promiseShare(answer string, does []string) []string {
	digits, on := d.shares()
	for name, of := range digits {
		if answer != "_" && strings.Contains(of, answer) {
			on = name
		}
	}
	return d.enter(d.exit(on), does)
}

// asksCaller is the decision about who is calling, or in which share.
func (d *blockSpec) asksCaller() string {
	if d.kind() == "split" {
		return d.at("share-1") + d.shared()
	}
	return d.at("from-1") + d.listed()
}
