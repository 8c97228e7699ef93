package simulator

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// Conferences (https://www.twilio.com/docs/voice/twiml/conference).
//
// A room opens when two people are in it and one of them may start it; until
// then everybody hears hold music. It closes, for all, when somebody leaves
// whose leaving is to end it, or when the last one leaves. Each participant's
// Dial then ends with the status "answered".
type room struct {
	name    string
	present []*seat
	open    bool
	closed  bool
}

// A seat is one participant's place in a room.
type seat struct {
	*leg
	starts, ends bool
}

// maxParticipants is the size of a room
// (https://www.twilio.com/docs/voice/twiml/conference#attributes-maxParticipants).
const maxParticipants = 250

// roomMusic is what may be done while a room is not open yet.
var roomMusic = scene{name: "a conference's wait document", verdict: map[string]verdict{
	"Say": obeyed, "Play": obeyed, "Pause": obeyed, "Redirect": obeyed,
}}

// confer runs a Dial of a conference.
func (l *leg) confer(v *twiml.Dial, n *twiml.Conference, d *document) (result, error) {
	name := strings.TrimSpace(n.Name)
	r := l.x.rooms[name]
	if r == nil || r.closed {
		r = &room{name: name}
		l.x.rooms[name] = r
	}
	size := maxParticipants
	if n.MaxParticipants > 0 {
		size = n.MaxParticipants
	}
	l.note(Event{Kind: Dials, Text: "the conference " + name})
	l.phone.meet(Moment{Kind: Dials, Text: "the conference " + name})
	defer l.phone.past()
	if len(r.present) >= size {
		if l.reads(ConferenceFull) {
			return result{status: "busy"}, nil
		}
		return result{status: "failed"}, nil
	}
	if v.HangupOnStar == "true" && !l.reads(StarConference) {
		defer l.listen()()
	}
	s := &seat{leg: l, starts: n.StartOnEnter != "false", ends: n.EndOnExit == "true"}
	r.enter(s)
	defer r.leave(s)
	if err := s.wait(r, n, d); err != nil {
		return result{}, err
	}
	if err := l.converse(v, "the conference "+name, func() bool { return r.closed }); err != nil {
		return result{}, err
	}
	return result{status: "answered", bridged: true}, nil
}

// enter lets somebody in, and opens the room if that was all it waited for.
func (r *room) enter(s *seat) {
	r.present = append(r.present, s)
	people, starts := 0, false
	for _, other := range r.present {
		if other.interrupt == nil { // and has not just hung up
			people++
			starts = starts || other.starts
		}
	}
	if r.open || people < 2 || !starts {
		return
	}
	r.open = true
	for _, other := range r.present {
		if other != s {
			other.stop(errTaken)
		}
	}
}

func (r *room) leave(s *seat) {
	r.present = slices.DeleteFunc(r.present, func(other *seat) bool { return other == s })
	r.closed = r.closed || r.open && s.ends || len(r.present) == 0
	if r.closed {
		for _, other := range r.present {
			other.x.wake(other.task)
		}
	}
}

// wait plays hold music until the room opens.
func (s *seat) wait(r *room, n *twiml.Conference, d *document) error {
	here := s.where
	defer func() { s.where = here }()
	for !r.open {
		err := s.music(n.WaitURL, n.WaitMethod, d, roomMusic)
		if err == errTaken {
			s.interrupt = nil
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
