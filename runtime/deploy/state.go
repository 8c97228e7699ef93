package deploy

// What is and what should be, in the same terms: a state is a map of comparable
// resources. A change is one resource before and after.

import (
	"cmp"
	"maps"
	"slices"
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

// A State is a set of resources. Values are comparable.
type State map[Address]Resource

// A Resource is one thing in the world. The set is closed: Object, Queue and
// PhoneNumber.
type Resource interface{ resource() }

// An Object is a file in the store. Files never change under their key.
type Object struct {
	SHA256 string `json:"sha256,omitempty"` // of what should be there; unknown of what is
	Size   int64  `json:"size"`             // bytes
}

// A Queue is a queue of the account.
type Queue struct {
	SID     string `json:"sid,omitempty"`
	MaxSize int    `json:"max_size"`
}

// A PhoneNumber is a number of the account and its voice settings.
type PhoneNumber struct {
	SID                  string `json:"sid"`
	VoiceURL             string `json:"voice_url"`
	VoiceMethod          string `json:"voice_method"`
	FallbackURL          string `json:"voice_fallback_url"`
	FallbackMethod       string `json:"voice_fallback_method"`
	StatusCallback       string `json:"status_callback"`
	StatusCallbackMethod string `json:"status_callback_method"`
	ApplicationSID       string `json:"voice_application_sid,omitempty"` // while set, Twilio ignores VoiceURL
	TrunkSID             string `json:"trunk_sid,omitempty"`             // while set, Twilio ignores VoiceURL
	ReceiveMode          string `json:"voice_receive_mode,omitempty"`    // "voice", or "fax", which answers no calls
}

func (Object) resource()      {}
func (Queue) resource()       {}
func (PhoneNumber) resource() {}

// A Change is one resource before and after. Before is nil for what is made,
// After for what is removed.
type Change struct {
	Address Address
	Before  Resource
	After   Resource
}

// Diff lists what has to change to get from one state to another, in the order
// in which it is safe: first make what numbers will point at, then point the
// numbers, and only then unmake.
func Diff(have, want State) []Change {
	var changes []Change
	for address, after := range want {
		if before := have[address]; before != after {
			changes = append(changes, Change{address, before, after})
		}
	}
	for address, before := range have {
		if want[address] == nil {
			changes = append(changes, Change{address, before, nil})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(a.rank()-b.rank(), cmp.Compare(a.Address.Name, b.Address.Name))
	})
	return changes
}

// rank is when a change is safe, by what it is.
func (c Change) rank() int {
	switch {
	case c.After == nil:
		return 3
	case c.Address.Kind == KindObject:
		return 0
	case c.Address.Kind == KindQueue:
		return 1
	}
	return 2
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
