package model

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// HangupNode is the end of a call.
type HangupNode struct{ leaf }

// Address is "hangup".
func (HangupNode) Address() string { return bundle.Hangup }

// Position is empty: hangup is built in.
func (HangupNode) Position() hcl.Range { return hcl.Range{} }

// Dwell is nothing.
func (HangupNode) Dwell(*Project, Entrance) Dwell {
	return Dwell{Person: Never}
}
