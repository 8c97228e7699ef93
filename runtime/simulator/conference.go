package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Conferences (https://www.twilio.com/docs/voice/twiml/conference).
//
// A conference opens when it has two participants and one of them may start it;
// until then everybody hears hold music, or a wait document once and then silence.
// The star key and the time limit of a Dial hold from the beginning. It closes for all when a participant
// leaves who ends it by leaving, or when the last one leaves. Each participant's
// Dial then ends with the status "answered".
type conference struct {
	name    string
	present []*participant
	open    bool
	closed  bool
}

// A participant is a leg in a conference.
type participant struct {
	*leg
	starts, ends bool
}

// maxParticipants is the size of a conference
// (https://www.twilio.com/docs/voice/twiml/conference#attributes-maxParticipants).
const maxParticipants = 250

// confer runs a Dial of a conference.
func (l *leg) confer(v *twiml.Dial, n *twiml.Conference, d *fetch.Document) (result, error) {
	name := strings.TrimSpace(n.Name)
	c := l.x.conferences[name]
	if c == nil || c.closed {
		c = &conference{name: name}
		l.x.conferences[name] = c
	}
	size := maxParticipants
	if n.MaxParticipants > 0 {
		size = n.MaxParticipants
	}
	l.note(Event{Kind: Dials, Text: "the conference " + name})
	l.phone.meet(Moment{Kind: Dials, Text: "the conference " + name})
	defer l.phone.past()
	if len(c.present) >= size {
		if l.otherwise(ConferenceFull) {
			return result{status: "busy"}, nil
		}
		return result{status: "failed"}, nil
	}
	if v.HangupOnStar == "true" {
		defer l.listen()()
	}
	p := &participant{leg: l, starts: n.StartOnEnter != "false", ends: n.EndOnExit == "true"}
	c.enter(p)
	defer c.leave(p)
	since := l.x.now
	if err := p.wait(c, n, d, since+timeLimit(v)); err != nil || !c.open {
		return result{status: "answered"}, err
	}
	if err := l.converse(v, since, "the conference "+name, func() bool { return c.closed }); err != nil {
		return result{}, err
	}
	return result{status: "answered", bridged: true}, nil
}

// enter lets a participant in, and opens the conference if that was all it waited for.
func (c *conference) enter(p *participant) {
	c.present = append(c.present, p)
	people, starts := 0, false
	for _, other := range c.present {
		if other.interrupt == nil { // and has not just hung up
			people++
			starts = starts || other.starts
		}
	}
	if c.open || people < 2 || !starts {
		return
	}
	c.open = true
	for _, other := range c.present {
		if other != p {
			other.stop(errTaken)
		}
	}
}

func (c *conference) leave(p *participant) {
	c.present = slices.DeleteFunc(c.present, func(other *participant) bool { return other == p })
	c.closed = c.closed || c.open && p.ends || len(c.present) == 0
	if c.closed {
		for _, other := range c.present {
			other.x.wake(other.task)
		}
	}
}

// wait plays hold music until the conference opens, or the participant's own Dial
// ends: at a moment, or with the star key.
func (p *participant) wait(c *conference, n *twiml.Conference, d *fetch.Document, until time.Duration) error {
	if c.open {
		return nil
	}
	here, limit := p.where, p.limit
	p.limit, p.starEnds = min(limit, until), true
	defer func() { p.where, p.limit, p.starEnds = here, limit, false }()
	err := p.music(n.WaitURL, n.WaitMethod, d, conferenceMusic, nil)
	if err == nil {
		err = p.hear(Segment{Event{Kind: Pauses, Note: "the wait document is over"}, CallLimit, 1})
	}
	switch {
	case err == errTaken:
		p.interrupt = nil
		return nil
	case err == errStar || err == errLimit && p.x.now < limit:
		return nil
	}
	return err
}
