package model

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// RejectNode is the end of a call that is not answered.
type RejectNode struct {
	leaf
	Busy bool // the caller hears the busy tone
}

// Address is "reject" or "reject.busy".
func (n RejectNode) Address() string {
	if n.Busy {
		return bundle.RejectBusy
	}
	return bundle.Reject
}

// Position is empty: reject is built in.
func (RejectNode) Position() hcl.Range { return hcl.Range{} }

// Dwell is nothing.
func (RejectNode) Dwell(*Project, Entrance) Dwell { return Dwell{Person: Never} }

// Ends reports whether a node is the end of the call, and no block.
func Ends(n Node) bool {
	_, rejects := n.(RejectNode)
	return rejects || n == Node(HangupNode{})
}
