package model

// Extensions: numbers of several digits that callers may dial while a menu talks. A
// question has one clock, which begins again with every key. So one that takes
// extensions lasts for the time between two digits, and is put again, without a
// word, until the menu's own timeout has passed:
//
//	timeout 5 s, extension_timeout 3 s    asked for 3 s, and for 3 s more
//
// A key is an answer when that time has passed, or # is pressed, and as many digits
// as the longest extension has are one at once. So "1" and "101" are told apart,
// whatever else begins with 1, by everybody who dials digits no further apart than
// extension_timeout.

import (
	"slices"
	"strings"
	"time"
)

// An Extension is a number that callers of a menu can dial.
type Extension struct {
	Digits string
	Label  string // who or what answers it, as people call it; may be ""
	Link
}

// Digits is how many keys callers of a menu press at most.
func (m *MenuNode) Digits() int {
	most := max(1, m.Longest)
	for _, e := range m.Extensions {
		most = max(most, len(e.Digits))
	}
	return most
}

// Patience is for how long each question of an attempt waits for a key, and how
// many questions there are.
func (m *MenuNode) Patience() (each time.Duration, times int) {
	if len(m.Extensions) == 0 {
		return m.Timeout, 1
	}
	return m.ExtensionTimeout, max(1, int((m.Timeout+m.ExtensionTimeout-1)/m.ExtensionTimeout))
}

// silence is how long callers can be silent at an attempt.
func (m *MenuNode) silence() time.Duration {
	each, times := m.Patience()
	return each * time.Duration(times)
}

// Pending is how long callers wait after a key, or after the last digit of an
// extension, until it is taken for their answer.
func (m *MenuNode) Pending(on string) time.Duration { return m.pending(m.pressed(on)) }

// pending is Pending of keys.
func (m *MenuNode) pending(keys string) time.Duration {
	if len(keys) < m.Digits() {
		return m.ExtensionTimeout
	}
	return 0
}

// OnDigits is the way on from an entry whose digits an application gets.
const OnDigits = "digits"

// pressed is what a caller presses to take a way on.
func (m *MenuNode) pressed(on string) string {
	if on != OnDigits {
		return on
	}
	digit := "1"
	for _, d := range strings.Split("123456789", "") {
		if d != string(m.Finish) && !slices.Contains(m.Keys(), Key(d)) {
			digit = d
			break
		}
	}
	return strings.Repeat(digit, m.Longest)
}
