package simulator

import (
	"cmp"
	"strings"

	"github.com/ivrc/ivrc/compiler/script"
)

// People who do what a script says.

// Follow returns a caller who follows a script.
func Follow(s script.Script) Person {
	return func(p *Phone) {
		r := reader{Phone: p}
		for _, action := range s {
			r.follow(action)
		}
	}
}

// A reader follows a script. The next action can still use what a Hear has found:
// hear "sales", 1 answers the question that says so.
type reader struct {
	*Phone
	found Moment
}

// follow does what an action says, when its moment has come.
func (r *reader) follow(a script.Action) {
	var m Moment
	if kind := awaited(a); kind != "" {
		m = r.next(kind)
	}
	if a.Do == script.Hear {
		r.hear(a.Text)
		return
	}
	r.Do(a, m)
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

// hear waits until something with some words begins.
func (r *reader) hear(words string) {
	for r.found = r.Next(); !strings.Contains(strings.ToLower(r.found.Text), strings.ToLower(words)); {
		r.found = r.Next()
	}
}

// awaited is the kind of the moment that an action needs, "" if it needs none.
func awaited(a script.Action) Kind {
	switch a.Do {
	case script.Press, script.Interrupt, script.Silent:
		return Asks
	case script.Speak, script.Mute:
		return Records
	case script.Talk:
		return Connects
	}
	return ""
}

// Do does what an action says. The moment is the question that keys answer; other
// actions ignore it. To stay silent, or mute, is to let it pass; to wait for words is to do
// nothing.
func (p *Phone) Do(a script.Action, m Moment) {
	between := cmp.Or(a.Slow, script.KeyInterval)
	switch a.Do {
	case script.Press:
		p.Hear(m)
		p.dial(a.Keys, between)
	case script.Interrupt:
		p.Wait(m.At + a.For - p.Now())
		p.dial(a.Keys, between)
	case script.PressNow:
		p.dial(a.Keys, between)
	case script.Wait, script.Talk:
		p.Wait(a.For)
	case script.Until:
		p.Wait(a.For - p.Now())
	case script.Silent, script.Mute:
		p.letPass(m, never)
	case script.Speak:
		p.Speak(a.For)
	case script.HangUp:
		p.HangUp()
	}
}

// Respond returns a person who responds to each ring as a callee does.
func Respond(c script.Callee) Person {
	return func(p *Phone) { respond(p, c.Ring(p.Ring())) }
}

func respond(p *Phone, t script.Turn) {
	if t.Do == script.NoAnswer {
		return
	}
	p.Wait(t.After)
	switch t.Do {
	case script.Busy:
		p.Busy()
		return
	case script.Fail:
		p.Fail()
		return
	}
	p.Answer()
	for {
		m := p.Next()
		switch {
		case m.Kind == Connects && t.Do != script.Decline:
			p.Wait(t.Talk)
			p.HangUp()
		case m.Kind == Connects, m.Kind == Asks && t.Do == script.Decline:
			p.HangUp()
		case m.Kind == Asks && t.Keys != "":
			p.Hear(m)
			p.Press(t.Keys)
		}
	}
}

// Fill adds callers of a number to the scenario who wait in a queue. The queue goes
// by its name at Twilio.
func (s *Scenario) Fill(w script.Waiting, to string) {
	var person Person
	if w.Until > 0 {
		person = Follow(script.Script{{Do: script.Wait, For: w.Until - w.From}, {Do: script.HangUp}})
	}
	for range w.Callers {
		s.Calls = append(s.Calls, Call{
			From: "+14155550198", To: to, At: w.From, Person: person,
			TwiML: `<Response><Enqueue waitUrl="">` + w.Queue + `</Enqueue></Response>`,
		})
	}
}
