package simulator

import (
	"errors"
	"time"
)

// A leg is one telephone line into the exchange: the caller's, or that of
// a callee. It obeys documents on a task of its own, and waits in one place only,
// await, which sees everything that can interrupt it.
type leg struct {
	x       *exchange
	call    *call // whose transcript tells of it
	name    string
	address string
	from    string // caller ID, as documents are told
	to      string
	sid     string
	parent  string // the CallSid of the call that rang this one
	task    *task
	phone   *Phone
	status  string        // CallStatus
	limit   time.Duration // when Twilio ends the call
	where   where

	interrupt error  // why whatever goes on must stop
	picked    string // a callee's decision: "answered", "busy", "failed"
	listening bool   // keys are collected
	starEnds  bool   // and the star key ends whatever goes on
	keys      []byte
	secret    bool // the keys that are pressed are nobody's business
	speaking  bool
	ended     bool

	application string // to which the call is handed, "" if it is not
}

// where is the place in a document that a leg has reached.
type where struct{ document, verb string }

// What stops a document, besides a fault.
var (
	errGone     = errors.New("the person hung up")
	errDropped  = errors.New("the other side ended the call")
	errHangup   = errors.New("the document ended the call")
	errRejected = errors.New("the document rejected the call")
	errLeave    = errors.New("the document took the caller out of the queue")
	errTaken    = errors.New("the caller was taken from the queue")
	errStar     = errors.New("the star key ended what went on")
	errLimit    = errors.New("the call reached its time limit")
	errStopped  = errors.New("the run was stopped")
)

// await lets time pass until the given moment, or until ready, which may be
// nil, is true. Its error says what interrupted the leg.
func (l *leg) await(until time.Duration, ready func() bool) error {
	for {
		switch {
		case l.interrupt != nil:
			return l.interrupt
		case ready != nil && ready():
			return nil
		case l.starEnds && l.starred():
			return errStar
		case l.x.now >= l.limit:
			return errLimit
		case l.x.now >= until:
			return nil
		}
		if !l.x.park(l.task, min(until, l.limit)) {
			return errStopped
		}
	}
}

// pass lets time go by.
func (l *leg) pass(d time.Duration) error { return l.await(l.x.now+d, nil) }

// stop interrupts the leg, unless its person has gone.
func (l *leg) stop(why error) {
	if l.interrupt != errGone && !l.ended {
		l.interrupt = why
		l.x.wake(l.task)
	}
}

// close ends the leg and dismisses its person.
func (l *leg) close() {
	if l.ended {
		return
	}
	l.ended = true
	if l.phone.task != nil {
		l.x.kill(l.phone.task)
	}
}

// hangUp is called when the person hangs up.
func (l *leg) hangUp() {
	l.note(Event{Kind: HangsUp})
	l.interrupt = errGone
	l.x.wake(l.task)
}

// key is called when the person presses a key.
func (l *leg) key(k byte) {
	e := Event{Kind: Presses, Text: string(k)}
	if l.secret || l.x.Secret && !l.listening { // which may be meant for a question that nobody else may hear
		e.Text = concealed
	}
	if l.listening {
		l.keys = append(l.keys, k)
		l.x.wake(l.task)
	} else {
		e.Note = "nothing listens"
	}
	l.note(e)
	l.acts()
}

// listen collects keys from now on, until the function it returns is called,
// which forgets them.
func (l *leg) listen() (done func()) {
	l.listening = true
	return func() { l.listening, l.keys = false, nil }
}

func (l *leg) pressed() bool { return len(l.keys) > 0 }

// speaks is called when the person begins or stops talking.
func (l *leg) speaks(yes bool, d time.Duration) {
	if yes {
		l.note(Event{Kind: Speaks, Length: d})
		l.acts()
	}
	l.speaking = yes
	l.x.wake(l.task)
}

// pick is called when the callee decides what to do about the ringing telephone.
func (l *leg) pick(decision string) {
	if l.picked == "" {
		l.picked = decision
		l.x.wake(l.task)
	}
}

// note writes an event of this leg.
func (l *leg) note(e Event) {
	e.Leg, e.Document, e.Verb = l.name, l.where.document, l.where.verb
	l.call.note(e)
}
