package model

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A NoticeNode says something, and leads on.
type NoticeNode struct {
	leaf
	Name    string
	At      hcl.Range
	Message *MessageNode
	To      *Link
}

// Address is the address of the block.
func (n *NoticeNode) Address() string { return bundle.KindNotice + "." + n.Name }

// Position is where the block begins in the source.
func (n *NoticeNode) Position() hcl.Range { return n.At }

// Ways is the one way on, on which the message is heard.
func (n *NoticeNode) Ways(p *Project) []Way {
	return []Way{outcomeWay(p, n, "heard", n.To, n.Message)}
}

// Dwell is nothing: the message is heard on the way.
func (n *NoticeNode) Dwell(*Project, Entrance) Dwell {
	return Dwell{Person: Never, Ways: []Timing{{}}}
}

// Event says that the caller has come there.
func (n *NoticeNode) Event(Way, Timing) Event {
	return Event{Text: "comes to " + n.Address() + " at"}
}

// Heard is the message.
func (n *NoticeNode) Heard() []*MessageNode { return []*MessageNode{n.Message} }
