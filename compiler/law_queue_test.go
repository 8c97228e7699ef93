package compiler

// Laws of the time that a caller waits for the agents of a queue. The rings and
// holds are walked from document to document, and what time passes is read from
// the documents: the timeout of a Dial, the length of a wait.
//
//	enter-1 ─busy─▶ second round ─busy─▶ hold of 60 s ─leave─▶ ring ─ … ─▶ on_timeout
//	        1 to 20 s            1 to 20 s

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A chain is the rings and holds of one queue.
type chain struct {
	*site
	t     *rapid.T
	queue *bundle.Block
	index *bundle.Index
	known map[string]span
	ends  map[string]bool // the documents behind the chain, by content
	asks  bool            // somebody is asked to accept the call
	first string          // the decision after the first hold
}

// A span is the shortest and the longest time that something takes.
type span struct{ low, high time.Duration }

// rest is the time from a document to the end of the chain.
func (c *chain) rest(path string) span {
	if s, done := c.known[path]; done {
		return s
	}
	c.known[path] = span{high: 100_000 * time.Hour} // a circle would never end
	c.known[path] = c.obey(path, c.documents[path].Verbs[0])
	return c.known[path]
}

// obey is the time from a verb of a document on.
func (c *chain) obey(path string, verb twiml.Verb) span {
	switch v := verb.(type) {
	case *twiml.Dial:
		if c.own(path, v.Action) {
			return c.ring(path, v)
		}
	case *twiml.Enqueue:
		if c.own(path, v.Action) {
			return c.hold(path, v)
		}
	case *twiml.Gather:
		if c.own(path, v.Action) {
			return c.question(path, v)
		}
	}
	c.ends[string(c.Data[path])] = true
	return span{}
}

// question is the time from a question for a key on, which the caller does not press.
func (c *chain) question(path string, v *twiml.Gather) span {
	decision, _ := c.target(path, v.Action)
	decision, _, _ = strings.Cut(decision, "~")
	if !c.leadsTo(path, c.documents[path].Verbs[1], decision+"._.xml") {
		c.t.Fatalf("%s: silence does not lead where another key does", path)
	}
	rest, asked := c.rest(decision+"._.xml"), c.questions(path)
	return span{rest.low + asked, rest.high + asked}
}

// own reports whether a link is that of a decision of the queue: where nothing is said at
// the end of the chain, others are rung at once.
func (c *chain) own(from, link string) bool {
	decision, _ := c.target(from, link)
	at, ok := c.index.Locate(decision)
	return ok && at.Block.Address == c.queue.Address && at.Block.Language == c.queue.Language
}

// ring is the time from a round of a ring on. Who is busy may have declined in the
// last moment, and who is asked to confirm may decline after that.
func (c *chain) ring(path string, v *twiml.Dial) span {
	decision, _ := c.target(path, v.Action)
	s := span{low: 100_000 * time.Hour}
	longest := rings(v) + c.asked(path, v)
	for outcome, shortest := range map[string]time.Duration{"busy": time.Second, "_": time.Second} { // who fails does so at once
		rest := c.rest(decision + "." + outcome + ".xml")
		s = span{min(s.low, rest.low+shortest), max(s.high, rest.high+longest)}
	}
	return s
}

// rings is how long a Dial lets phones ring: Twilio adds five seconds to its timeout.
func rings(v *twiml.Dial) time.Duration { return time.Duration(v.Timeout)*time.Second + 5*time.Second }

// asked is how long it takes to ask whoever answers a Dial to accept the call: both
// questions are heard, and the second is declined in the last moment.
func (c *chain) asked(from string, v *twiml.Dial) time.Duration {
	longest := time.Duration(0)
	for _, n := range v.Nouns {
		link := ""
		switch n := n.(type) {
		case *twiml.Number:
			link = n.URL
		case *twiml.Client:
			link = n.URL
		case *twiml.Sip:
			link = n.URL
		}
		if path, ok := c.target(from, link); ok && link != "" {
			c.asks = true
			longest = max(longest, c.questions(path))
		}
	}
	return longest
}

// questions is the time that the questions of a document take, or a whisper without.
func (c *chain) questions(path string) time.Duration {
	total := time.Duration(0)
	for _, v := range c.documents[path].Verbs {
		if gather, ok := v.(*twiml.Gather); ok {
			seconds, err := strconv.Atoi(gather.Timeout)
			if err != nil {
				c.t.Fatal(err)
			}
			total += time.Duration(seconds) * time.Second
			for _, said := range gather.Prompt {
				total += c.length(path, said)
			}
		}
		total += c.length(path, v)
	}
	return total
}

// length is how long it takes to hear a verb of a document.
func (c *chain) length(from string, v twiml.Verb) time.Duration {
	heard := &wait{queue: &bundle.Block{}}
	switch v := v.(type) {
	case *twiml.Say:
		return twiml.SpeakingTime(v.Language, v.Text)
	case *twiml.Play:
		c.play(c.t, heard, from, v)
		if heard.total == 0 {
			return model.UnknownDuration
		}
	}
	return heard.total
}

// hold is the time from the beginning of a hold on. A caller who finds the queue
// full and has waited before hears the same for as long, and comes to the same.
func (c *chain) hold(path string, v *twiml.Enqueue) span {
	wait, _ := c.target(path, *v.WaitURL)
	action, _ := c.target(path, v.Action)
	inside := c.wait(c.t, wait, c.queue)
	if c.first == "" {
		c.first = action
	}
	if action != c.first {
		outside := c.waitOutside(c.t, action+".full.xml", inside.hold, c.queue)
		if outside.total != inside.total || outside.next != action+".leave.xml" {
			c.t.Fatalf("%s: a caller who finds the queue full waits for %v and comes to %s, one who does not for %v", path, outside.total, outside.next, inside.total)
		}
	} else if full := c.documents[action+".full.xml"].Verbs; len(full) == 0 || c.leadsTo(action, full[len(full)-1], action+".leave.xml") {
		c.t.Fatalf("%s: a caller who has not waited yet goes on waiting", action)
	}
	rest := c.rest(action + ".leave.xml")
	return span{rest.low + inside.hold, rest.high + inside.hold}
}

// leadsTo reports whether a verb goes on at a document.
func (c *chain) leadsTo(from string, v twiml.Verb, document string) bool {
	redirect, ok := v.(*twiml.Redirect)
	if !ok {
		return false
	}
	to, _ := c.target(from, redirect.URL)
	return to == document
}

// eachChain calls check with each queue of a random configuration and each verb
// with which its callers begin to wait.
func eachChain(t *testing.T, check func(c *chain, entry string, verb twiml.Verb)) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		index := bundle.NewIndex(s.Bundle)
		for _, path := range paths(s.documents) {
			for i, v := range s.documents[path].Verbs {
				enqueue, ok := v.(*twiml.Enqueue)
				if !ok || i == 0 && !isFirst(path[len(directory(path))+1:]) {
					continue // a hold between two rings
				}
				wait, _ := s.target(path, *enqueue.WaitURL)
				check(&chain{site: s, t: t, index: index, queue: s.queue(enqueue.Name, wait)}, path, v)
			}
			if q := s.firstRing(path); q != nil {
				check(&chain{site: s, t: t, index: index, queue: q}, path, s.documents[path].Verbs[0])
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
func (c *chain) walk(entry string, verb twiml.Verb) span {
	c.known, c.ends, c.first = map[string]span{}, map[string]bool{}, ""
	return c.obey(entry, verb)
}

// duration reads a setting of the queue.
func (c *chain) duration(name string) time.Duration {
	d, err := time.ParseDuration(setting(c.queue, name))
	if err != nil {
		c.t.Fatalf("%s: %v", c.queue.Address, err)
	}
	return d
}

// Law: however every ring goes, a caller whom nobody answers reaches on_timeout by
// max_wait. Where everybody takes as long as they can, that is max_wait, within a
// second for each ring and each question, and the time that it takes to accept a call. It is the same
// on_timeout on every way.
func TestLawWaitEndsAtMaxWait(t *testing.T) {
	eachChain(t, func(c *chain, entry string, verb twiml.Verb) {
		wait := c.duration("max_wait")
		s := c.walk(entry, verb)
		rings := time.Duration(0)
		if setting(c.queue, "agents") != "" {
			rings = wait/(c.duration("retry_every")+c.duration("ring_time")) + 1
		}
		slack, question := time.Second, time.Duration(0)
		if setting(c.queue, "question_time") != "" {
			slack, question = 2*time.Second, time.Second // it counts in whole seconds
		}
		if c.asks {
			slack = 10 * time.Second
		}
		if s.high > wait || s.high < wait-rings*slack-question || s.low > s.high {
			c.t.Fatalf("from %s the wait of at most %v takes %v to %v", entry, wait, s.low, s.high)
		}
		if len(c.ends) != 1 {
			c.t.Fatalf("from %s the wait ends in %d ways", entry, len(c.ends))
		}
	})
}
