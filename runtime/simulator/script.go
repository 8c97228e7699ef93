package simulator

import (
	"strings"
	"time"
)

// A Script is what a caller does, step by step. Behind the last step the caller
// stays on the line in silence.
type Script []Step

// A Step is one thing that a caller does.
type Step struct {
	Do   Deed
	Keys string        // Press, Interrupt, PressNow
	For  time.Duration // Interrupt, Wait, Until, Speak, Talk
	Text string        // Hear
}

// A Deed is what a step does.
type Deed string

// The deeds of a script, each as [ParseScript] reads it.
const (
	Press     Deed = "press"     // 12#: hears the next question, then presses the keys
	Interrupt Deed = "interrupt" // 1@2s: presses them 2 s after the question began
	PressNow  Deed = "now"       // now 1: presses them at once, question or not
	LetPass   Deed = "silent"    // silent: lets the next question pass
	Wait      Deed = "wait"      // wait 10s: lets time pass
	Until     Deed = "at"        // at 1m30s: waits until the call is that old
	Hear      Deed = "hear"      // hear "sales": waits until something with these words begins
	Speak     Deed = "speak"     // speak 20s: talks into the next recording
	Talk      Deed = "talk"      // talk 30s: talks to whoever is connected next
	HangUp    Deed = "hangup"    // hangup
)

// Person makes somebody who follows the script.
func (s Script) Person() Person {
	return func(p *Phone) {
		r := reader{Phone: p}
		for _, step := range s {
			r.do(step)
		}
	}
}

// A reader is somebody following a script. What a Hear has found is still there
// for the step behind it: hear "sales", 1 answers the question that says so.
type reader struct {
	*Phone
	found Moment
}

// next waits for a moment of one kind. A recording or a conversation that goes
// on already is such a moment; a question is answered once.
func (r *reader) next(k Kind) Moment {
	m := r.found
	if k != Asks && r.on {
		m = r.moment
	}
	for r.found = (Moment{}); m.Kind != k; {
		m = r.Next()
	}
	return m
}

func (r *reader) do(s Step) {
	switch s.Do {
	case Press:
		r.Phone.Hear(r.next(Asks))
		r.Phone.Press(s.Keys)
	case Interrupt:
		m := r.next(Asks)
		r.Phone.Wait(m.At + s.For - r.Now())
		r.Phone.Press(s.Keys)
	case PressNow:
		r.Phone.Press(s.Keys)
	case LetPass:
		r.next(Asks)
	case Wait:
		r.Phone.Wait(s.For)
	case Until:
		r.Phone.Wait(s.For - r.Now())
	case Hear:
		for m := r.Next(); ; m = r.Next() {
			if strings.Contains(strings.ToLower(m.Text), strings.ToLower(s.Text)) {
				r.found = m
				return
			}
		}
	case Speak:
		r.next(Records)
		r.Phone.Speak(s.For)
	case Talk:
		r.next(Connects)
		r.Phone.Wait(s.For)
	case HangUp:
		r.Phone.HangUp()
	}
}

// A Callee is what somebody does whose telephone rings.
type Callee struct {
	Do    Response
	After time.Duration // how long it rings until then
	Keys  string        // pressed when a whisper asks, after hearing it
	Talk  time.Duration // how long they talk once connected, then hang up
}

// A Response is how a ringing telephone is responded to.
type Response string

// The responses, each as [ParseCallee] reads it.
const (
	PicksUp  Response = "answer"    // answers
	Refuses  Response = "decline"   // answers, and hangs up when asked to accept, or else when connected
	Engaged  Response = "busy"      // is engaged, or presses the red button
	Absent   Response = "no-answer" // lets it ring
	NotThere Response = "fail"      // cannot be reached by the network
)

// Person makes somebody who responds to the first ring with the first of the
// turns, and so on; the last one is repeated.
func (c Callee) Person(then ...Callee) Person {
	turns := append([]Callee{c}, then...)
	return func(p *Phone) { turns[min(p.Ring(), len(turns))-1].respond(p) }
}

func (c Callee) respond(p *Phone) {
	if c.Do == Absent {
		return
	}
	p.Wait(c.After)
	switch c.Do {
	case Engaged:
		p.Busy()
		return
	case NotThere:
		p.Fail()
		return
	}
	p.Answer()
	for {
		m := p.Next()
		switch {
		case m.Kind == Connects && c.Do == PicksUp:
			p.Wait(c.Talk)
			p.HangUp()
		case m.Kind == Connects, m.Kind == Asks && c.Do == Refuses:
			p.HangUp()
		case m.Kind == Asks && c.Keys != "":
			p.Hear(m)
			p.Press(c.Keys)
		}
	}
}
