package model

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/schedule"
)

// An OpenSchedule is when somebody is there.
type OpenSchedule struct {
	Name  string
	At    hcl.Range
	Zone  string         // its name: "America/Chicago"
	Time  *time.Location // nil if the zone is not known
	Amiss bool           // something is wrong with it, which has been reported
	schedule.OpenHours
}

// An HoursNode leads callers by the time.
type HoursNode struct {
	passing
	Name     string
	At       hcl.Range
	Branches []HoursBranch // those of schedules first, then those of days, then the one for all other times
	Layers   []*OpenSchedule
	Table    string // what the host reads; see [schedule.Table]
}

// A HoursBranch is where callers are led at some times.
type HoursBranch struct {
	On string // "open", "closed", or the name of a branch
	Link
}

// The branches of hours with a single schedule, and the one for all times at which
// nothing is open.
const (
	OpenBranch   = "open"
	ClosedBranch = "closed"
)

// Address is the address of the block.
func (h *HoursNode) Address() string { return bundle.KindHours + "." + h.Name }

// Position is where the block begins in the source.
func (h *HoursNode) Position() hcl.Range { return h.At }

// Ways are the branches, each of which is taken by itself.
func (h *HoursNode) Ways(*Project) []Way {
	var ways []Way
	for _, b := range h.Branches {
		ways = append(ways, Way{On: b.On, Link: b.Link})
	}
	return ways
}

// Dwell is no time.
func (h *HoursNode) Dwell(*Project, Entrance) Dwell { return passedOn(len(h.Branches)) }

// Event says what the caller finds.
func (h *HoursNode) Event(w Way, _ Timing) NodeEvent {
	return NodeEvent{Text: "finds " + h.Address() + " " + w.On + " at", Table: h.Table, Answer: w.On}
}
