package model

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A SplitNode shares calls out, by the last digit of their identity. A call goes the
// same way wherever it is asked for its digit.
type SplitNode struct {
	passing
	Name   string
	At     hcl.Range
	Shares []*SplitShare
}

// A SplitShare is where some of the calls are led.
type SplitShare struct {
	Label  string
	Parts  int    // of sixteen
	Digits string // "0123": as many as there are parts
	Link
}

// Address is the address of the block.
func (s *SplitNode) Address() string { return bundle.KindSplit + "." + s.Name }

// Position is where the block begins in the source.
func (s *SplitNode) Position() hcl.Range { return s.At }

// Ways are the shares as they are written.
func (s *SplitNode) Ways(*Project) []Way {
	var list []Way
	for _, share := range s.Shares {
		if share.To != nil {
			list = append(list, Way{On: share.Label, Link: share.Link})
		}
	}
	return list
}

// Dwell is no time.
func (s *SplitNode) Dwell(p *Project, _ Entrance) Dwell { return passedOn(len(s.Ways(p))) }

// Event says in which share the call is.
func (s *SplitNode) Event(w Way, _ Timing) NodeEvent {
	e := NodeEvent{Text: "is in the share " + w.On + " of " + s.Address() + " at"}
	for _, share := range s.Shares {
		if share.Label == w.On {
			e.Digits = share.Digits
		}
	}
	return e
}

// Takes is the share of the calls in a sixteenth, from 1 to 16.
func (s *SplitNode) Takes(sixteenth int) string {
	digit := bundle.Sixteenths[sixteenth-1 : sixteenth]
	for _, share := range s.Shares {
		if strings.Contains(share.Digits, digit) {
			return share.Label
		}
	}
	return ""
}

// Largest is the share with most parts, the first of several.
func (s *SplitNode) Largest() *SplitShare {
	var largest *SplitShare
	for _, share := range s.Shares {
		if largest == nil || share.Parts > largest.Parts {
			largest = share
		}
	}
	return largest
}
