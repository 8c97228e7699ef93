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
	Nodes     []Node // everything that a call can be led to, sorted by address
}

// A Node is something that a call can be led to. The set is closed:
// [MenuNode], [HoursNode], [RingGroupNode], [QueueNode], [VoicemailNode],
// [MessageNode], [HangupNode] and [AgentsLine].
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
	To Node
	At hcl.Range
}
