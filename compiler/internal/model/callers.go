package model

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A CallersNode leads calls on by who is calling: by the longest listed beginning of
// the caller's number. Nothing is said there, and nothing answers the call.
type CallersNode struct {
	passing
	Name      string
	At        hcl.Range
	From      []*CallerBranch
	Withheld  *Link // nil as everybody else
	Otherwise *Link
}

// A CallerBranch is where some callers are led.
type CallerBranch struct {
	Label      string
	Beginnings []string // of their numbers: the digits behind the plus sign, sorted
	Link
}

// Address is the address of the block.
func (c *CallersNode) Address() string { return bundle.KindCallers + "." + c.Name }

// Position is where the block begins in the source.
func (c *CallersNode) Position() hcl.Range { return c.At }

// Ways are the branches as they are written, then the others.
func (c *CallersNode) Ways(*Project) []Way {
	var list []Way
	for _, b := range c.From {
		if b.To != nil {
			list = append(list, Way{On: b.Label, Link: b.Link})
		}
	}
	if c.Withheld != nil {
		list = append(list, Way{On: bundle.WithheldAnswer, Link: *c.Withheld})
	}
	if c.Otherwise != nil {
		list = append(list, Way{On: otherwise, Link: *c.Otherwise})
	}
	return list
}

// otherwise is the outcome of a question that no branch is for.
const otherwise = "otherwise"

// Dwell is no time.
func (c *CallersNode) Dwell(p *Project, _ Entrance) Dwell { return passedOn(len(c.Ways(p))) }

// Event says who is calling.
func (c *CallersNode) Event(w Way, _ Timing) NodeEvent {
	switch w.On {
	case bundle.WithheldAnswer:
		return NodeEvent{Text: "withholds their number in " + c.Address() + " at"}
	case otherwise:
		return NodeEvent{Text: "is in no list of " + c.Address() + " at"}
	}
	return NodeEvent{Text: "is among " + w.On + " in " + c.Address() + " at"}
}

// Beginnings lists what the numbers of listed callers begin with.
func (c *CallersNode) Beginnings() []string {
	var list []string
	for _, b := range c.From {
		list = append(list, b.Beginnings...)
	}
	return list
}

// Takes is the outcome for a caller: a number in E.164, or "" for one who withholds it.
func (c *CallersNode) Takes(number string) string {
	on, longest := otherwise, ""
	if number == "" && c.Withheld != nil {
		return bundle.WithheldAnswer
	}
	for _, b := range c.From {
		for _, beginning := range b.Beginnings {
			if strings.HasPrefix(number, "+"+beginning) && len(beginning) > len(longest) {
				on, longest = b.Label, beginning
			}
		}
	}
	return on
}

// SomeCaller is a caller whom few lists hold.
const SomeCaller = "+14155550199"

// Callers lists callers whom some nodes tell apart, numbers in E.164: one for each
// that is listed, "" for one who withholds it, and some others.
func Callers(nodes []*CallersNode) []string {
	list := []string{SomeCaller, "+442079460199", ""}
	for _, n := range nodes {
		for _, beginning := range n.Beginnings() {
			for _, rest := range []string{"", "5550199", "4155550199", "0000000000", "9999999999"} {
				if number := beginning + rest; len(number) <= bundle.LongestNumber {
					list = append(list, "+"+number)
				}
			}
		}
	}
	return list
}

// AnyCaller finds a caller whom each of some nodes leads on at an outcome: a number in
// E.164, or "" for one who withholds it, as the caller must or must not where withheld
// is given. It returns false if there is none.
func AnyCaller(nodes []*CallersNode, ons []string, withheld *bool) (number string, ok bool) {
	list := Callers(nodes)
	i := slices.IndexFunc(list, func(number string) bool {
		for i, n := range nodes {
			if n.Takes(number) != ons[i] {
				return false
			}
		}
		return withheld == nil || *withheld == (number == "")
	})
	if i < 0 {
		return "", false
	}
	return list[i], true
}
