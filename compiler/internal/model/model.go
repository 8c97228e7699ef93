package model

// The model: what a configuration means. Names are bound, values are of their
// Go types, and every way on from a block is a link that knows where in the
// source it was written.

import "github.com/hashicorp/hcl/v2"

// A Model is a whole configuration.
type Model struct {
	Project   *Project
	Hosting   hosting
	Users     []*PhoneUser // sorted by name, like all lists of the model
	Numbers   []*InboundNumber
	Schedules []*OpenSchedule
	TimeZones string // the edition of the IANA database of which schedules have their zones
	Nodes     []Node // everything that a call can be led to, sorted by address

	// Spoken is the project in the language of the calls that come to a node, where
	// that is not the project's own. A block that calls in two languages reach has a
	// node for each.
	Spoken map[Node]*Project
}

// Speaking is the project as calls at a node are spoken to.
func (m *Model) Speaking(n Node) *Project {
	if p := m.Spoken[n]; p != nil {
		return p
	}
	return m.Project
}

// A Node is something that a call can be led to. The set is closed:
// [MenuNode], [HoursNode], [RingGroupNode], [QueueNode], [VoicemailNode],
// [MessageNode], [HangupNode], [ApplicationNode] and [AgentsLine].
type Node interface {
	Address() string     // as in a reference: "menu.main"
	Position() hcl.Range // where it begins in the source

	Ways(*Project) []Way            // every way on, in the order of keys or outcomes
	Dwell(*Project, Entrance) Dwell // how long calls are there; the ways as in Ways, without what is said on them
	Event(Way, Timing) NodeEvent    // what happens there in a counter-example, before a way is taken
	Rings() *RingGroupNode          // whom it rings, nil for nobody
	Attended() bool                 // people take the call there, or listen to what the caller says
	Heard() []*MessageNode          // what callers can be told there, beside prompts; some may be nil
}

// A Link is one way on from a node.
type Link struct {
	To       Node
	At       hcl.Range
	Language string // of calls from here on, as a BCP 47 tag; "" for the one that they have
}
