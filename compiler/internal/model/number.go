package model

import "github.com/hashicorp/hcl/v2"

// An InboundNumber is a number that callers dial.
type InboundNumber struct {
	Name      string
	Phone     string // E.164
	Language  string // of its calls, as a BCP 47 tag; "" for the project's
	At        hcl.Range
	To        *Link
	Offline   *MessageNode // nil while the number is online
	Anonymous *Link
	Record    bool
	Fallback  *MessageNode // what callers hear when a document cannot be had; nil for nothing
	FallsBack *Link        // where they go then; nil for the end
	Adopt     bool         // take it from a TwiML app or a trunk
}

// Takes is the agents' line that a number is, if it is one.
func Takes(n *InboundNumber) (*AgentsLine, bool) {
	if n.To == nil {
		return nil, false
	}
	line, ok := n.To.To.(*AgentsLine)
	return line, ok
}
