package compiler

// Laws of the time that a caller waits for the agents of a queue. The rings and
// holds are walked from document to document, and what time passes is read from
// the documents: the timeout of a Dial, the length of a wait.
//
//	enter-1 ─busy─▶ second round ─busy─▶ hold to 60 s ─leave─▶ ring ─ … ─▶ on_timeout
//	        1 s                  1 s                  58 s

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A chain is the rings and holds of one queue.
type chain struct {
	*site
	t     *rapid.T
	queue *bundle.Block
	mixed bool // the rounds of one ring may end differently
	known map[spot]span
	ends  map[string]bool // the documents behind the chain, by content
}

// A spot is where a caller is in a chain: at a document, and how the ring that
// is under way there has gone so far ("" before it).
type spot struct{ path, ring string }

// A span is the shortest and the longest time that something takes, and how
// often the agents are rung in it at most.
type span struct {
	low, high time.Duration
	rings     int
}

// rest is the time from a place to the end of the chain.
func (c *chain) rest(at spot) span {
	if s, done := c.known[at]; done {
		return s
	}
	c.known[at] = span{high: 100_000 * time.Hour} // a circle would never end
	c.known[at] = c.obey(at, c.documents[at.path].Verbs[0])
	return c.known[at]
}

// obey is the time from a verb of the document at a place on.
func (c *chain) obey(at spot, verb twiml.Verb) span {
	switch v := verb.(type) {
	case *twiml.Dial:
		return c.ring(at, v)
	case *twiml.Enqueue:
		return c.hold(at, v)
	}
	c.ends[string(c.Data[at.path])] = true
	return span{}
}

// ring is the time from a round of a ring on.
func (c *chain) ring(at spot, v *twiml.Dial) span {
	decision, _ := c.target(at.path, v.Action)
	var ways []span
	for outcome, takes := range map[string]time.Duration{"busy": time.Second, "no-answer": time.Duration(v.Timeout) * time.Second} {
		if at.ring == "" || at.ring == outcome || c.mixed {
			rest := c.rest(spot{decision + "." + outcome + ".xml", outcome})
			ways = append(ways, span{rest.low + takes, rest.high + takes, rest.rings})
		}
	}
	s := ways[0]
	for _, way := range ways {
		s = span{min(s.low, way.low), max(s.high, way.high), max(s.rings, way.rings)}
	}
	if at.ring == "" {
		s.rings++
	}
	return s
}

// hold is the time from the beginning of a hold on.
func (c *chain) hold(at spot, v *twiml.Enqueue) span {
	wait, _ := c.target(at.path, *v.WaitURL)
	action, _ := c.target(at.path, v.Action)
	takes := c.wait(c.t, wait, c.queue).hold
	rest := c.rest(spot{path: action + ".leave.xml"})
	return span{rest.low + takes, rest.high + takes, rest.rings}
}

// eachChain calls check with each queue of a random configuration and each verb
// with which its callers begin to wait.
func eachChain(t *testing.T, check func(c *chain, entry string, verb twiml.Verb)) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		for _, path := range paths(s.documents) {
			for i, v := range s.documents[path].Verbs {
				enqueue, ok := v.(*twiml.Enqueue)
				if !ok || i == 0 && !isFirst(path[len(directory(path))+1:]) {
					continue // a hold between two rings
				}
				wait, _ := s.target(path, *enqueue.WaitURL)
				check(&chain{site: s, t: t, queue: s.queue(enqueue.Name, wait)}, path, v)
			}
			if q := s.firstRing(path); q != nil {
				check(&chain{site: s, t: t, queue: q}, path, s.documents[path].Verbs[0])
			}
		}
	})
}

// firstRing is the queue whose first document this is, if it rings the agents
// and no other queue shares the component.
func (s *site) firstRing(path string) *bundle.Block {
	if !strings.HasPrefix(path[len(directory(path))+1:], "enter-1") {
		return nil
	}
	if _, rings := s.documents[path].Verbs[0].(*twiml.Dial); !rings {
		return nil
	}
	var queues []*bundle.Block
	blocks := s.component(directory(path)).Blocks
	for i := range blocks {
		if strings.HasPrefix(blocks[i].Address, "queue.") {
			queues = append(queues, &blocks[i])
		}
	}
	if len(queues) != 1 {
		return nil
	}
	return queues[0]
}

// walk measures the chain.
func (c *chain) walk(entry string, verb twiml.Verb, mixed bool) span {
	c.mixed, c.known, c.ends = mixed, map[spot]span{}, map[string]bool{}
	return c.obey(spot{path: entry}, verb)
}

// agents is how many rounds a ring of the agents has, and how long each rings.
func (c *chain) agents() (rounds int, interval time.Duration) {
	if setting(c.queue, "agents") == "" {
		return 0, 0
	}
	rounds, err := strconv.Atoi(setting(c.queue, "cycles"))
	if err != nil {
		c.t.Fatal(err)
	}
	if setting(c.queue, "strategy") == "sequential" {
		rounds *= 1 + strings.Count(setting(c.queue, "users"), ",")
	}
	return rounds, c.duration("interval")
}

// duration reads a setting of the queue.
func (c *chain) duration(name string) time.Duration {
	d, err := time.ParseDuration(setting(c.queue, name))
	if err != nil {
		c.t.Fatalf("%s: %v", c.queue.Address, err)
	}
	return d
}

// latest is when a caller reaches on_timeout at the latest: a ring may go on for
// an announcement interval after max_wait, and the first for as long as it takes.
func (c *chain) latest() time.Duration {
	every := 30 * time.Second
	if text := setting(c.queue, "announcement"); text != "" {
		every, _ = time.ParseDuration(strings.TrimPrefix(text, "every "))
	}
	rounds, interval := c.agents()
	return max(c.duration("max_wait")+every, time.Duration(rounds)*interval)
}

// Law: whether every ring finds everybody busy or nobody there, a caller whom
// nobody answers reaches on_timeout: not before max_wait, and within one
// announcement interval after it. It is the same on_timeout on every way.
func TestLawWaitEndsAtMaxWait(t *testing.T) {
	eachChain(t, func(c *chain, entry string, verb twiml.Verb) {
		wait := c.duration("max_wait")
		s := c.walk(entry, verb, false)
		if s.low < wait || s.high > c.latest() {
			c.t.Fatalf("from %s the wait of at most %v takes %v to %v", entry, wait, s.low, s.high)
		}
		if len(c.ends) != 1 {
			c.t.Fatalf("from %s the wait ends in %d ways", entry, len(c.ends))
		}
	})
}

// Law: where some were busy and others let it ring, a ring counts with its full
// length. A caller then reaches on_timeout earlier, by the time that the busy
// rounds of each ring did not take, and never later.
func TestLawWaitOfMixedRings(t *testing.T) {
	eachChain(t, func(c *chain, entry string, verb twiml.Verb) {
		rounds, interval := c.agents()
		wait := c.duration("max_wait")
		s := c.walk(entry, verb, true)
		slack := time.Duration(s.rings*max(0, rounds-1)) * (interval - time.Second)
		if s.low < wait-slack || s.high > c.latest() {
			c.t.Fatalf("from %s the wait of at most %v takes %v to %v; the agents are rung %d times", entry, wait, s.low, s.high, s.rings)
		}
	})
}
