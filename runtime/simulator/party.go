package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A party is a callee: a leg with a task of its own.
//
//	ringing ─▶ answered ─▶ (whisper) ─▶ accepted ─▶ bridged ─▶ ended
//	   └───────────┴────────────┴───────────┴──────────────────▲
type party struct {
	*leg
	target     DialTarget
	group      *group
	outcome    string // DialCallStatus, once it has ended
	answeredAt time.Duration
	answered   bool
	accepted   bool
	bridged    bool
	cancelled  bool
	refused    bool   // by the network, before it rings
	endedAt    uint64 // in which order
}

// A group is all the callees of one Dial.
type group struct {
	caller  *leg
	parties []*party
	over    int  // how many have ended
	race    bool // somebody is whispered to while others ring
}

// ring begins to ring a target.
func (g *group) ring(t DialTarget, v *twiml.Dial, d *fetch.Document, until time.Duration) {
	l := g.caller
	x := l.x
	from, refused := v.CallerID, false
	if from == "" {
		from = l.from
		if withheld(from) && strings.HasPrefix(t.Address, "+") {
			refused = l.otherwise(WithheldCaller)
		}
	}
	x.rung[t.Address]++
	nth := x.rung[t.Address]
	p := &party{target: t, group: g, leg: &leg{
		x: x, call: l.call, name: t.Address, address: t.Address, from: from, to: t.Address,
		sid: x.sid("CA", l.sid, t.Address, fmt.Sprint(nth)), parent: l.sid,
		status: "ringing", limit: l.limit, where: l.where,
	}}
	p.phone = &Phone{leg: p.leg}
	p.refused = refused
	g.parties = append(g.parties, p)
	p.task = x.start(x.now, func(*task) {
		p.outcome = p.run(d, nth, until)
		p.finish()
	})
}

// withheldNumbers are the keypad spellings that carriers sent for callers who
// withhold their number: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
var withheldNumbers = []string{"266696687", "7378742833", "2562533", "8656696", "86282452253", "464"}

// withheldWords are what the user of an address is called who is hidden.
var withheldWords = []string{"anonymous", "restricted", "unavailable", "unknown", "withheld"}

// withheld reports whether a caller ID is that of a caller who withholds their
// number: the words of a carrier, which are no number and no address, or an address
// that hides its user (https://www.twilio.com/docs/voice/twiml).
func withheld(from string) bool {
	if !strings.ContainsAny(from, ":@0123456789") || slices.Contains(withheldNumbers, strings.TrimPrefix(from, "+")) {
		return true
	}
	user := strings.ToLower(from)
	for _, scheme := range []string{"sip:", "sips:", "client:"} {
		user = strings.TrimPrefix(user, scheme)
	}
	letters := strings.IndexFunc(user, func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.Contains(withheldWords, user) || letters > 0 && slices.Contains(withheldWords, user[:letters])
}

// dialable reports whether a text is a phone number, in E.164 or as it is
// dialled in the United States
// (https://www.twilio.com/docs/voice/twiml/number, error 13223).
func dialable(number string) bool {
	digits := 0
	for i, c := range number {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0, strings.ContainsRune(" -().", c):
		default:
			return false
		}
	}
	return digits >= 2 && digits <= 15
}

// finish ends the party's leg and wakes the caller's.
func (p *party) finish() {
	p.close()
	g := p.group
	g.over++
	p.endedAt = uint64(g.over)
	p.x.wake(g.caller.task)
}

// run rings the party and connects it. It returns the DialCallStatus.
func (p *party) run(d *fetch.Document, nth int, until time.Duration) string {
	if p.interrupt != nil {
		return "canceled"
	}
	if p.target.number && !dialable(p.address) {
		p.call.warn(p.leg, 13223, p.address+" is not a phone number")
		p.refused = true
	}
	if p.refused {
		return p.ends(Fails, "failed")
	}
	if p.x.engaged[p.address] > 0 {
		return p.ends(Busy, "busy")
	}
	p.x.engaged[p.address]++
	defer func() { p.x.engaged[p.address]-- }()
	p.note(Event{Kind: Rings, Length: until - p.x.now})
	p.phone.meet(Moment{Kind: Rings, Text: p.from, Length: until - p.x.now})
	p.pickUp(p.x.People[p.address], nth)
	err := p.await(until, func() bool { return p.picked != "" })
	switch {
	case err == errGone:
		return p.ends(Busy, "busy")
	case err != nil:
		return "canceled"
	case p.picked == "busy":
		return p.ends(Busy, "busy")
	case p.picked == "failed":
		return p.ends(Fails, "failed")
	case p.picked == "":
		return p.ends(NoAnswer, "no-answer")
	}
	p.answered, p.answeredAt, p.status = true, p.x.now, "in-progress"
	p.note(Event{Kind: Answers})
	if p.target.digits != "" {
		p.note(Event{Kind: Plays, Text: "the keys " + p.target.digits, Length: toneTime(p.target.digits)})
		p.pass(toneTime(p.target.digits)) // what interrupts it is seen again below
	}
	return p.meetCaller(d)
}

func (p *party) ends(k Kind, status string) string {
	p.note(Event{Kind: k})
	return status
}

// meetCaller plays the whisper and lets the party talk to the caller.
func (p *party) meetCaller(d *fetch.Document) string {
	if p.target.URL != "" {
		p.group.whispers(p)
	}
	if p.target.URL != "" && !p.hearsWhisper(d) {
		if p.cancelled || p.call.line.interrupt != nil {
			return "canceled"
		}
		p.note(Event{Kind: Declines})
		return "completed" // with DialBridged=false, since 2020-12-09: voice/twiml/changelog
	}
	p.accepted = true
	p.x.wake(p.group.caller.task)
	if p.await(never, func() bool { return p.bridged }) == nil {
		p.phone.meet(Moment{Kind: Connects, Text: p.from})
		p.await(never, nil) // until somebody hangs up
	}
	return "completed"
}

// hearsWhisper plays the whisper and reports whether the party is to be
// connected: the document must run out of verbs.
func (p *party) hearsWhisper(d *fetch.Document) bool {
	here := p.where
	defer func() { p.where = here }()
	r, err := d.Follow(p.target.URL, p.target.Method, nil)
	if err == nil {
		err = p.perform(r, Whisper, nil)
	}
	switch err := err.(type) {
	case nil:
		p.note(Event{Kind: Accepts})
		return true
	case *fetch.CallError:
		p.fault(err)
		return p.otherwise(WhisperFault)
	case *loop, *fetch.ForbiddenHost: // what becomes of the whole call is not known
		p.call.line.stop(err)
	}
	return false
}

// accepted is the party to be connected, if there is one by now.
func (g *group) accepted() *party {
	for _, p := range g.parties {
		if p.accepted && !p.ended {
			return p
		}
	}
	return nil
}

// whispers is called when a party answers that has a whisper. The others ring on,
// unless the scenario makes the other assumption.
func (g *group) whispers(p *party) {
	if g.ringing() > 1 && !g.race {
		g.race = true
		if p.otherwise(WhisperRace) {
			g.cancel(p)
		}
	}
}

// ringing counts the parties that have not ended.
func (g *group) ringing() int { return len(g.parties) - g.over }

// cancel ends all parties but one, which may be nil.
func (g *group) cancel(but *party) {
	for _, p := range g.parties {
		if p == but || p.ended || p.cancelled {
			continue
		}
		p.cancelled = true
		if !p.bridged {
			p.note(Event{Kind: Cancels})
		}
		p.stop(errDropped)
	}
}

// failure is the result when nobody could be connected.
func (g *group) failure() result {
	var first, last *party
	for _, p := range g.parties {
		if p.cancelled {
			continue
		}
		if first == nil || p.endedAt < first.endedAt {
			first = p
		}
		if last == nil || p.endedAt > last.endedAt {
			last = p
		}
	}
	if first.outcome != last.outcome && g.caller.otherwise(ParallelStatus) {
		last = first
	}
	res := result{status: last.outcome, sid: last.sid}
	if last.answered {
		res.talked = last.x.now - last.answeredAt
	}
	return res
}
