package model

// A passing is a node that leads a call on without a word, as far as it is like all
// others: it takes no time, and nobody is rung.
type passing struct{}

// Rings is nil: nobody is rung.
func (passing) Rings() *RingGroupNode { return nil }

// Attended is false: nobody takes the call.
func (passing) Attended() bool { return false }

// Heard is empty.
func (passing) Heard() []*MessageNode { return nil }

// PassesOn marks a node that does not answer the call.
func (passing) PassesOn() {}

// passedOn is a dwell of no time with some ways on.
func passedOn(ways int) Dwell {
	d := Dwell{Person: Never}
	for range ways {
		d.Ways = append(d.Ways, always(0))
	}
	return d
}

// PassesOn reports whether a node leads calls on without answering them.
func PassesOn(n Node) bool {
	_, ok := n.(interface{ PassesOn() })
	return ok
}
