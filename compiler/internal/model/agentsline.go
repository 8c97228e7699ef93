package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// An AgentsLine connects who calls it to the caller who waits longest.
type AgentsLine struct {
	leaf
	Queue  *QueueNode
	Record bool
	Idle   *MessageNode // nobody came
	At     hcl.Range
}

// Address is the address of the block.
func (a *AgentsLine) Address() string { return "agents." + a.Queue.Name }

// Position is where the block begins in the source.
func (a *AgentsLine) Position() hcl.Range { return a.At }

// AgentPatience is how many seconds an agents' line waits for a caller, Twilio's
// maximum.
const AgentPatience = 600

// Dwell is how long an agent waits for a caller.
func (a *AgentsLine) Dwell(*Project, Entrance) Dwell {
	ends := always(AgentPatience*time.Second).Hearing(a.Idle, nil, nil)
	return Dwell{Person: AgentPatience * time.Second, Ends: &ends}
}
