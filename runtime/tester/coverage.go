package tester

// Coverage: which exits of the call flow the tests take.
//
// The exits are those that a bundle describes, and those outcomes that it does
// not list because the call leads nowhere else then: a ring that somebody
// answers, a caller who is taken from a queue, the key that repeats a menu.

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// The exits that a bundle does not list.
const (
	Answered = "answered" // of a ring group, a user, a queue or an agents' line: people have talked
	Idle     = "idle"     // of an agents' line: no caller came
	Offline  = "offline"  // of a number that is switched off
)

// A Coverage says how many tests take each exit of each block.
type Coverage struct {
	Blocks []BlockCoverage `json:"blocks"` // numbers first, then by address
}

// A BlockCoverage is the part of one block.
type BlockCoverage struct {
	Address string         `json:"address"`
	Exits   []ExitCoverage `json:"exits"`
}

// An ExitCoverage is the part of one exit.
type ExitCoverage struct {
	On    string `json:"on"`
	Label string `json:"label,omitempty"`
	To    string `json:"to"`
	Tests int    `json:"tests"` // that walked it
}

// Cover counts which exits of a bundle some results have walked.
func Cover(b *bundle.Bundle, results []TestResult) Coverage {
	f := newFlow(b)
	counts := map[step]int{}
	for _, r := range results {
		walked := map[step]bool{}
		for _, c := range r.Calls {
			for _, s := range f.walk(c.Transcript, r.base) {
				walked[s] = true
			}
		}
		for s := range walked {
			counts[s]++
		}
	}
	var c Coverage
	for _, block := range declared(b) {
		row := BlockCoverage{Address: block.Address}
		for _, e := range exits(block) {
			row.Exits = append(row.Exits, ExitCoverage{e.On, e.Label, e.To, counts[step{block.Address, e.On}]})
		}
		c.Blocks = append(c.Blocks, row)
	}
	return c
}

// Merge adds what tests walked in another state of the same configuration. Blocks
// and exits that are only there come at the end.
func (c Coverage) Merge(other Coverage) Coverage {
	for _, b := range other.Blocks {
		i := slices.IndexFunc(c.Blocks, func(a BlockCoverage) bool { return a.Address == b.Address })
		if i < 0 {
			c.Blocks = append(c.Blocks, b)
			continue
		}
		for _, e := range b.Exits {
			// An exit that leads elsewhere in the other state is another exit.
			k := slices.IndexFunc(c.Blocks[i].Exits, func(a ExitCoverage) bool { return a.On == e.On && a.To == e.To })
			if k < 0 {
				c.Blocks[i].Exits = append(c.Blocks[i].Exits, e)
				continue
			}
			c.Blocks[i].Exits[k].Tests += e.Tests
		}
	}
	return c
}

// A step is an exit of a block.
type step struct{ block, on string }

// walk lists the exits that a call took.
func (f *flow) walk(t simulator.Transcript, base string) []step {
	var taken []step
	tr := tracker{flow: f, base: base}
	for _, e := range t.Events {
		for _, v := range tr.event(e) {
			if v.on != "" {
				taken = append(taken, step{v.block, v.on})
			}
		}
		if e.Kind == simulator.Connects && e.Leg == simulator.Caller {
			taken = append(taken, step{tr.block, Answered})
		}
	}
	if bundle.KindOf(tr.block) == bundle.KindMessage && t.Ending.How == simulator.ByDocument {
		taken = append(taken, step{tr.block, "end"})
	}
	return taken
}

// A tracker follows one call from block to block.
type tracker struct {
	*flow
	base   string // what the paths of documents begin with
	number string // the number that was called
	asked  bool   // a document was requested, and nothing of it was heard yet
	block  string // where the call is
}

// event takes the next event, and says where it shows that the call is, if it does.
func (t *tracker) event(e simulator.Event) []visit {
	switch {
	case e.Leg != simulator.Caller:
		return nil
	case e.Kind == simulator.Calls:
		t.number = e.Text
		return nil
	case e.Kind == simulator.HandsOver:
		return t.handed(bundle.KindApplication + "." + e.Text)
	case e.Kind == simulator.Requests:
		t.asked = true
		return nil
	case !t.asked || e.Document == "":
		return nil
	}
	t.asked = false
	path := strings.TrimPrefix(e.Document, t.base)
	visits := t.visits(path)
	if len(visits) == 0 {
		visits = t.fallback(t.number, path)
	}
	for _, v := range visits {
		t.block = v.to
	}
	return visits
}

// handed says that the call is at an application, and by which exit it came there if
// that is from an entry. The other ways there are seen by their documents.
func (t *tracker) handed(application string) []visit {
	v := visit{t.block, "", application}
	if b := t.flow.block(t.block); b != nil && b.Kind() == bundle.KindEntry {
		v.on = "digits"
	}
	t.block, t.asked = application, false
	return []visit{v}
}

// Exits counts the exits, and those of them that were walked.
func (c Coverage) Exits() (walked, all int) {
	for _, b := range c.Blocks {
		for _, e := range b.Exits {
			all++
			if e.Tests > 0 {
				walked++
			}
		}
	}
	return walked, all
}

// Percent is the share of exits that were walked; of a flow without any, 100.
func (c Coverage) Percent() float64 {
	walked, all := c.Exits()
	if all == 0 {
		return 100
	}
	return 100 * float64(walked) / float64(all)
}

// Walked reports whether an exit of a block was walked.
func (c Coverage) Walked(block, on string) bool {
	for _, b := range c.Blocks {
		for _, e := range b.Exits {
			if b.Address == block && e.On == on && e.Tests > 0 {
				return true
			}
		}
	}
	return false
}

// declared lists the declared blocks of a bundle, numbers first.
func declared(b *bundle.Bundle) []bundle.Block {
	// In whatever language it speaks, a block has the same exits.
	all := slices.CompactFunc(b.Blocks(), func(a, b bundle.Block) bool { return a.Address == b.Address })
	slices.SortStableFunc(all, func(a, b bundle.Block) int {
		switch x, y := a.Kind() == bundle.KindNumber, b.Kind() == bundle.KindNumber; {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return all
}

// exits lists the exits of a block, with those that a bundle does not describe.
func exits(b bundle.Block) []bundle.Exit {
	all := slices.Clone(b.Exits)
	switch b.Kind() {
	case bundle.KindRingGroup, bundle.KindUser, bundle.KindQueue:
		all = slices.Insert(all, 0, bundle.Exit{On: Answered})
	case bundle.KindNumber:
		if b.Setting("take") != "" {
			all = append(all, bundle.Exit{On: Answered}, bundle.Exit{On: Idle, To: bundle.Hangup})
		}
		if b.Setting("status") == "offline" {
			all = append(all, bundle.Exit{On: Offline, To: bundle.Hangup})
		}
	case bundle.KindMenu:
		if repeat, ok := b.RepeatExit(); ok {
			all = append(all, repeat)
		}
	}
	return all
}
