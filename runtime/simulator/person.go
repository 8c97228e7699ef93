package simulator

import (
	"time"

	"github.com/ivrc/ivrc/compiler/script"
)

// A Person decides what somebody on the telephone does. It is called when the
// call is placed or the telephone rings. Time is virtual: the methods of Phone let
// it pass, and nothing else takes any, not even asking a real person at a terminal.
//
// After a person hangs up, or when the call is over, the next method of Phone does
// not return. A Person that returns stays on the line in silence; a callee that
// returns without answering lets the telephone ring.
//
// This caller waits for the first question, listens to it and presses 1:
//
//	func(p *simulator.Phone) {
//		for m := p.Next(); m.Kind != simulator.Asks; m = p.Next() {
//		}
//		p.Hear(m)
//		p.Press("1")
//	}
type Person func(*Phone)

// A Moment is something new that a person on the telephone notices.
type Moment struct {
	Kind   Kind          // Rings, Says, Plays, Pauses, Asks, Records, Dials or Connects
	Text   string        // what is said, or who is called or connected
	At     time.Duration // when it began, as Phone.Now has it
	Length time.Duration // how long it takes to hear it through once, as far as is known
	Keys   int           // Asks: how many keys are wanted at most; 0 is any number
	Finish string        // Asks, Records: the keys that end the input
}

// A Phone is the telephone of one person during one call. Only the Person that it
// was given to may call its methods.
type Phone struct {
	leg    *leg
	task   *task // nil while nobody holds the telephone
	ring   int
	moment Moment
	fresh  bool // the moment was not reported yet
	on     bool // it still goes on
	waits  bool // for its end, too
}

// over unwinds a Person whose call has ended.
type over struct{}

// pickUp begins the person's part.
func (l *leg) pickUp(person Person, ring int) {
	if person == nil {
		return
	}
	p := l.phone
	p.ring = ring
	p.task = l.x.start(l.x.now, func(t *task) {
		defer func() {
			if r := recover(); r != nil && r != (over{}) {
				panic(r)
			}
		}()
		if !t.dead {
			person(p)
		}
	})
}

// meet tells the person what begins now.
func (p *Phone) meet(m Moment) {
	m.At = p.leg.x.now - p.leg.call.At
	p.moment, p.fresh, p.on = m, true, true
	if p.task != nil {
		p.leg.x.wake(p.task)
	}
}

// past tells the person that the moment is over. If it was not noticed, it
// never will be.
func (p *Phone) past() {
	p.fresh, p.on = false, false
	if p.waits && p.task != nil {
		p.leg.x.wake(p.task)
	}
}

func (p *Phone) park(until time.Duration) {
	if p.task.dead || !p.leg.x.park(p.task, until) {
		panic(over{})
	}
}

// live unwinds the person if the call is over.
func (p *Phone) live() {
	if p.task.dead || p.leg.ended {
		panic(over{})
	}
}

// Address returns the person's address: the caller's number, or what was dialled.
func (p *Phone) Address() string { return p.leg.address }

// Ring returns how often this address has rung in this run, from 1. It is 0 for
// callers.
func (p *Phone) Ring() int { return p.ring }

// Now returns the time since the call was placed.
func (p *Phone) Now() time.Duration { return p.leg.x.now - p.leg.call.At }

// Next waits for something new. What began while the person was busy is reported
// only if it still goes on.
func (p *Phone) Next() Moment {
	p.live()
	for !p.fresh {
		p.park(never)
	}
	p.fresh = false
	return p.moment
}

// Wait lets time pass, whatever happens.
func (p *Phone) Wait(d time.Duration) {
	p.live()
	for until := p.leg.x.now + max(d, 0); p.leg.x.now < until; {
		p.park(until)
	}
}

// Hear waits until a moment has been heard through once.
func (p *Phone) Hear(m Moment) { p.Wait(m.At + m.Length - p.Now()) }

// letPass waits until a moment is over, or some time.
func (p *Phone) letPass(m Moment, until time.Duration) {
	p.live()
	p.waits = true
	for p.leg.x.now < until && p.on && p.moment.Kind == m.Kind && p.moment.At == m.At {
		p.park(until)
	}
	p.waits = false
}

// Press presses keys one after the other: 0-9, * and #. Other characters are
// ignored. A question that a key answers is not reported any more.
func (p *Phone) Press(keys string) { p.dial(keys, script.KeyInterval) }

// dial presses keys with some time between them.
func (p *Phone) dial(keys string, between time.Duration) {
	p.live()
	first := true
	for i := range len(keys) {
		if !script.IsKey(keys[i]) {
			continue
		}
		if !first {
			p.Wait(between)
		}
		first = false
		if p.on && p.moment.Kind == Asks {
			p.fresh, p.on = false, false
		}
		p.leg.key(keys[i])
	}
}

// Speak talks for a while, which matters to a recording, but no longer than the
// recording that goes on.
func (p *Phone) Speak(d time.Duration) {
	p.live()
	p.leg.speaks(true, d)
	if p.on && p.moment.Kind == Records {
		p.letPass(p.moment, p.leg.x.now+max(d, 0))
	} else {
		p.Wait(d)
	}
	p.leg.speaks(false, 0)
}

// Answer picks up a telephone that rings.
func (p *Phone) Answer() {
	p.live()
	p.leg.pick("answered")
}

// Busy refuses a telephone that rings: the line is engaged, or the person
// presses the red button.
func (p *Phone) Busy() {
	p.live()
	p.leg.pick("busy")
}

// Fail ends the ringing as the network does when it cannot reach the address.
func (p *Phone) Fail() {
	p.live()
	p.leg.pick("failed")
}

// HangUp ends the person's call and does not return.
func (p *Phone) HangUp() {
	p.live()
	p.leg.hangUp()
	panic(over{})
}
