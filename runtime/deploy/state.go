package deploy

// What is and what should be, in the same terms: a state is a map of comparable
// resources. A change is one resource before and after.

import (
	"cmp"
	"maps"
	"slices"

	"github.com/ivrc/ivrc/runtime/twilio"
)

// The kinds of resource.
const (
	KindObject = "object"
	KindQueue  = "queue"
	KindNumber = "number"
)

// An Address names one resource.
type Address struct {
	Kind string `json:"kind"`
	Name string `json:"name"` // of an object its key, of a queue its friendly name, of a number its E.164
}

// String writes an address as plans show it: "number +14155550100".
func (a Address) String() string { return a.Kind + " " + a.Name }

// A State is a set of resources by address. A resource is an [Object], a
// [twilio.CallQueue] or a [twilio.PhoneNumber], all of which are comparable.
type State map[Address]any

// An Object is a file in the store. Files never change under their key.
type Object struct {
	SHA256 string `json:"sha256,omitempty"` // of what should be there; unknown of what is
	Size   int64  `json:"size"`             // bytes
}

// A Change is one resource before and after. Before is nil for what is made,
// After for what is removed.
type Change struct {
	Address Address
	Before  any
	After   any
}

// diff lists what has to change to get from one state to another, in the order
// in which it is safe: first make what numbers will point at, then point the
// numbers, and only then unmake.
func diff(live, desired State) []Change {
	var changes []Change
	for address, after := range desired {
		if before := live[address]; before != after {
			changes = append(changes, Change{address, before, after})
		}
	}
	for address, before := range live {
		if desired[address] == nil {
			changes = append(changes, Change{address, before, nil})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(a.Address.rank(a.After == nil)-b.Address.rank(b.After == nil), cmp.Compare(a.Address.Name, b.Address.Name))
	})
	return changes
}

// rank is when a change is safe. Changes of one rank are safe at the same time.
func (a Address) rank(removed bool) int {
	switch {
	case removed:
		return 3
	case a.Kind == KindObject:
		return 0
	case a.Kind == KindQueue:
		return 1
	}
	return 2
}

// add puts what an account holds into a state.
func (s State) add(v *twilio.Inventory) {
	for phone, n := range v.Numbers {
		s[Address{KindNumber, phone}] = n
	}
	for name, q := range v.Queues {
		s[Address{KindQueue, name}] = q
	}
}

// number returns a phone number of the account.
func (s State) number(phone string) (twilio.PhoneNumber, bool) {
	n, ok := s[Address{KindNumber, phone}].(twilio.PhoneNumber)
	return n, ok
}

// Names lists the names of the resources of a kind, sorted.
func (s State) Names(kind string) []string {
	var names []string
	for address := range maps.Keys(s) {
		if address.Kind == kind {
			names = append(names, address.Name)
		}
	}
	slices.Sort(names)
	return names
}
