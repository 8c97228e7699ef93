package simulator

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Dialling (https://www.twilio.com/docs/voice/twiml/dial).
//
// A Dial rings everybody at once or, with sequential, one after the other.
// The first to accept is connected and the others are cancelled. When the
// conversation is over, or nobody could be connected, the action decides what
// happens; without one, the next verb runs, even after a conversation.

// A result is how a Dial ended, as its action is told.
type result struct {
	status  string // DialCallStatus
	sid     string // DialCallSid; "" after a conference
	talked  time.Duration
	bridged bool
	extra   url.Values // of a queue
}

// A DialTarget is a telephone that a Dial rings.
type DialTarget struct {
	Address     string // "+14155550101", "client:bob", "sip:carol@office.example"
	URL, Method string // the whisper
	digits      string // keys that are sent as soon as somebody answers
	number      bool   // it is dialled as a phone number
	detect      string // how a machine is to be detected
}

// TargetOf returns the telephone that a noun names, and whether it names one that
// is simulated.
func TargetOf(n twiml.Noun) (DialTarget, bool) {
	switch n := n.(type) {
	case *twiml.Number:
		return DialTarget{strings.TrimSpace(n.Number), n.URL, n.Method, n.SendDigits, true, n.Detect}, true
	case *twiml.Client:
		return DialTarget{Address: "client:" + strings.TrimSpace(n.Identity), URL: n.URL, Method: n.Method}, true
	case *twiml.Sip:
		return DialTarget{Address: strings.TrimSpace(n.URI), URL: n.URL, Method: n.Method, detect: n.Detect}, true
	}
	return DialTarget{}, false
}

// dial runs a Dial.
func (l *leg) dial(v *twiml.Dial, d *fetch.Document) (*fetch.Request, error) {
	if v.AnswerOnBridge != "true" {
		l.answer()
	}
	here := l.where
	res, err := l.connect(v, d)
	l.where = here
	if err == errGone && v.Action != "" && l.otherwise(DialGone) {
		l.status = "completed"
		if next, bad := d.Follow(v.Action, v.Method, url.Values{"DialCallStatus": {"completed"}}); bad == nil {
			l.inform(next)
		}
	}
	if err != nil || v.Action == "" {
		return nil, err
	}
	extra := url.Values{"DialCallStatus": {res.status}, "DialBridged": {strconv.FormatBool(res.bridged)}}
	if res.sid != "" {
		extra.Set("DialCallSid", res.sid)
		extra.Set("DialCallDuration", strconv.Itoa(int(res.talked/time.Second)))
	}
	if v.Record != "" && v.Record != "false" && v.Record != "do-not-record" && res.bridged {
		extra.Set("RecordingUrl", "https://api.twilio.com/2010-04-01/Accounts/"+l.x.AccountSID+"/Recordings/"+l.x.sid("RE", res.sid))
	}
	for name, values := range res.extra {
		extra[name] = values
	}
	return d.Follow(v.Action, v.Method, extra)
}

// connect rings whoever the Dial names and returns when everything is over.
func (l *leg) connect(v *twiml.Dial, d *fetch.Document) (result, error) {
	for _, n := range v.Nouns {
		switch n := n.(type) {
		case *twiml.Queue:
			return l.serve(v, n, d)
		case *twiml.Conference:
			return l.confer(v, n, d)
		}
	}
	targets := l.targets(v)
	if len(targets) == 0 {
		return result{status: "failed"}, nil
	}
	var names []string
	for _, t := range targets {
		names = append(names, t.Address)
	}
	l.note(Event{Kind: Dials, Text: strings.Join(names, ", ")})
	l.phone.meet(Moment{Kind: Dials, Text: strings.Join(names, ", ")})
	defer l.phone.past()
	if v.HangupOnStar == "true" {
		defer l.listen()()
	}
	if v.Sequential == "true" && len(targets) > 1 {
		return l.sequence(v, d, targets)
	}
	return l.simultaneously(v, d, targets, l.x.now+RingTime(v))
}

// targets lists whom a Dial rings.
func (l *leg) targets(v *twiml.Dial) []DialTarget {
	var targets []DialTarget
	for _, n := range v.Nouns {
		t, known := TargetOf(n)
		if !known {
			l.note(Event{Kind: Skips, Text: twiml.Name(n), Note: "not simulated; taken to fail"})
			continue
		}
		if t.detect != "" {
			l.note(Event{Kind: Skips, Text: "machineDetection", Note: "not simulated; whoever answers is taken for a person"})
		}
		targets = append(targets, t)
	}
	if number := strings.TrimSpace(v.Number); number != "" && len(v.Nouns) == 0 {
		targets = append(targets, DialTarget{Address: number, number: true})
	}
	return targets
}

// ringBuffer is how much longer phones ring than the timeout of a Dial says: Twilio
// always adds five seconds to that of an outgoing call
// (https://www.twilio.com/docs/voice/twiml/dial#timeout).
const ringBuffer = 5 * time.Second

// RingTime returns how long a Dial lets phones ring: its timeout, 30 s unless it
// says otherwise, and what Twilio adds. In a queue nobody is rung, and nothing is
// added.
func RingTime(v *twiml.Dial) time.Duration {
	timeout := 30 * time.Second
	if v.Timeout > 0 {
		timeout = seconds(v.Timeout)
	}
	for _, n := range v.Nouns {
		if _, ok := n.(*twiml.Queue); ok {
			return timeout
		}
	}
	return timeout + ringBuffer
}

// sequence rings one after the other until one is connected.
func (l *leg) sequence(v *twiml.Dial, d *fetch.Document, targets []DialTarget) (result, error) {
	end := l.x.now + RingTime(v)
	together := l.otherwise(SequentialTimeout)
	var first, last result
	for i, t := range targets {
		if together && l.x.now >= end {
			break
		}
		until := l.x.now + RingTime(v)
		if together {
			until = end
		}
		var err error
		last, err = l.simultaneously(v, d, []DialTarget{t}, until)
		if err != nil || last.bridged || last.status == "canceled" {
			return last, err
		}
		if i == 0 {
			first = last
		}
	}
	if first.status != last.status && l.otherwise(ParallelStatus) {
		return first, nil
	}
	return last, nil
}

// simultaneously rings targets until one accepts, all have failed, or the
// caller gives up with the star key.
func (l *leg) simultaneously(v *twiml.Dial, d *fetch.Document, targets []DialTarget, until time.Duration) (result, error) {
	g := &group{caller: l}
	for _, t := range targets {
		g.ring(t, v, d, until)
	}
	defer g.cancel(nil) // whoever is still there, the caller's partner too
	err := l.await(never, func() bool { return g.accepted() != nil || g.ringing() == 0 || l.starred() })
	if err != nil {
		return result{}, err
	}
	if p := g.accepted(); p != nil {
		g.cancel(p)
		return l.talk(v, p)
	}
	if g.ringing() > 0 { // the star key
		return result{status: "canceled", sid: g.parties[0].sid}, nil
	}
	return g.failure(), nil
}

// starred reports whether the caller has pressed the star key, which ends a Dial
// that has hangupOnStar.
func (l *leg) starred() bool { return bytes.IndexByte(l.keys, '*') >= 0 }

// talk connects the caller to somebody until one of them hangs up.
func (l *leg) talk(v *twiml.Dial, p *party) (result, error) {
	l.answer()
	p.bridged = true
	l.x.wake(p.task)
	if err := l.converse(v, l.x.now, p.address, func() bool { return p.ended }); err != nil {
		return result{}, err
	}
	return result{status: "completed", sid: p.sid, talked: l.x.now - p.answeredAt, bridged: true}, nil
}

// timeLimit is how long a Dial lets people talk.
func timeLimit(v *twiml.Dial) time.Duration {
	if v.TimeLimit > 0 {
		return seconds(v.TimeLimit)
	}
	return CallLimit
}

// converse lets the leg talk to somebody until over, or until the leg's own Dial
// ends it: with the star key, or at the time limit, which counts since a moment.
func (l *leg) converse(v *twiml.Dial, since time.Duration, with string, over func() bool) error {
	l.note(Event{Kind: Connects, Text: with})
	l.heard()
	l.phone.meet(Moment{Kind: Connects, Text: with})
	defer l.phone.past()
	start := l.x.now
	if err := l.await(since+timeLimit(v), func() bool { return over() || l.starred() }); err != nil {
		return err
	}
	l.note(Event{Kind: Parts, Text: with, Length: l.x.now - start})
	l.heard()
	return nil
}
