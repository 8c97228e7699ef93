package model

// What a call does at a node: the ways on, how long it dwells there before it
// takes each, and what happens meanwhile. The times are those of the simulator:
// speech as long as a voice needs for it, audio its duration, requests none. For a
// menu with a welcome of 3 s, a prompt of 4 s, a timeout of 5 s and two attempts,
// where "no input" takes 2 s and "invalid" 3 s:
//
//	         shown                   silent                     at the latest
//	key 1    3+4 = 7 s               –                          3 + 2·(4+5) + 3 = 24 s
//	failure  3 + 2·(4+5) + 2 = 23 s  the same, and 2 s "no …"   24 s, and 3 s "invalid"
//
// Shown is what the caller of a counter-example does: they hear a question to its
// end and answer, or let it pass; callees are busy after a second, or let it ring.
// At the latest is the worst that everybody can do: keys are pressed, and
// telephones answered, refused or declined, in the last moment; the wrong keys
// are pressed where "invalid" takes longer than "no input". A hold in a queue
// counts with its full length, of which the documents play up to a second less.

import (
	"time"

	"github.com/ivrc/ivrc/compiler/script"
)

// A Way leads on from a node.
type Way struct {
	On  string // the key, or the outcome
	Key bool   // the caller presses it
	Link
	Spoken bool         // the caller says something into a recording
	Skips  bool         // the beginning of the node: a welcome, or a ring that the caller has just heard
	Said   *MessageNode // what the caller hears on the way
	Wrong  *MessageNode // instead of it, after a wrong key
	Bye    *MessageNode // after it, where the configuration arranges nothing else

	Talked bool // people have talked to the caller before
}

// keyWay is the way on at a key.
func keyWay(k Key, to Link) Way { return Way{On: string(k), Key: true, Link: to} }

// outcomeWay is the way on at an outcome of a node. Without a link the caller
// hears goodbye, and the call ends.
func outcomeWay(p *Project, n Node, on string, to *Link, said *MessageNode) Way {
	w := Way{On: on, Said: said}
	if to == nil {
		w.Link, w.Bye = Link{To: HangupNode{}, At: n.Position()}, p.Goodbye
		return w
	}
	w.Link = *to
	if q, ok := w.To.(*QueueNode); ok && q.Agents != nil && n == Node(q.Agents) {
		w.Skips = true
	}
	return w
}

// An Entrance says how a call comes to a node.
type Entrance struct {
	Skips bool // the beginning of the node; see [Way]
	Taken bool // the node is a queue, and a number takes its callers
}

// A Dwell is how long a call is at a node.
type Dwell struct {
	Person time.Duration // at the latest, until somebody talks to the caller; Never if nobody can
	Ends   *Timing       // where the call ends here by itself
	Ways   []Timing      // by way
	Steps  int           // how much work it was to find out

	Talk time.Duration // how long people can then talk at most; 0 for as long as they like
}

// CallLimit is when Twilio ends a call, unless the account has longer calls
// (https://www.twilio.com/docs/voice/twiml/dial#timelimit).
const CallLimit = 4 * time.Hour

// Never is the time of what does not happen.
const Never = time.Duration(-1)

// A Timing is the time until a call leaves a node on one way.
type Timing struct {
	Shown time.Duration // until the outcome, in a counter-example
	After time.Duration // from then on, until the call goes on, and what is said on the way

	Silent time.Duration // at the latest, for a caller who does nothing; all of it; Never if that caller is not led there
	Worst  time.Duration // at the latest

	Rings int  // how often each user is rung meanwhile, in a counter-example
	Busy  bool // and is busy; otherwise it rings in vain
	Talks bool // or the first user answers, and talks to the caller
	Asked int  // how often the caller of a counter-example is asked for a key meanwhile, and presses none
}

// always is a timing that is the same for everybody.
func always(d time.Duration) Timing { return Timing{Shown: d, Silent: d, Worst: d} }

// Hearing is the timing with what a caller hears on the way.
func (t Timing) Hearing(said, wrong, bye *MessageNode) Timing {
	if t.Worst == Never {
		return t
	}
	heard := said.Length() + bye.Length()
	t.After += heard
	if t.Silent != Never {
		t.Silent += heard
	}
	t.Worst += max(said.Length(), wrong.Length()) + bye.Length()
	return t
}

// A NodeEvent is what happens at a node in a counter-example.
type NodeEvent struct {
	Text    string         // "presses 2 at", before the time
	Press   script.Script  // what the caller does
	Digits  string         // one of which the call's identity ends with; "" for any
	Waiting script.Waiting // who must stand in a queue already; no queue for nobody

	Table, Answer string              // of hours: their table, and the answer that it has to give
	Answered      []ApplicationAnswer // what applications answer, one after the other
}

// A leaf is a node at which a call ends, as far as it is like all others: no way
// leads on, nothing happens in a counter-example, nobody is rung.
type leaf struct{}

// Ways is empty: no way leads on.
func (leaf) Ways(*Project) []Way { return nil }

// Event is nothing: a counter-example ends before.
func (leaf) Event(Way, Timing) NodeEvent { return NodeEvent{} }

// Rings is nil: nobody is rung.
func (leaf) Rings() *RingGroupNode { return nil }

// Attended is false: nobody takes the call.
func (leaf) Attended() bool { return false }

// Heard is empty.
func (leaf) Heard() []*MessageNode { return nil }
