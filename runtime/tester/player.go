package tester

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A player is a caller who follows the steps of a call, and checks whether they
// are met.
type player struct {
	tracker
	call  calltest.Caller
	phone *simulator.Phone

	at     int                           // the index of the current step
	since  time.Duration                 // when the one before it was done
	events int                           // that were observed
	met    int                           // how many of these, when the step before was done
	moved  int                           // how many were observed when the call came to the block in which it is
	acted  int                           // how many were observed when the caller last did something
	said   string                        // what is left of the event's words, when steps have been found in them
	spent  map[calltest.Expectation]bool // what the event has met, beside words; "" is a silence
	asked  time.Duration                 // when the question began that was answered last, or -1
	timed  bool                          // the test says when the caller calls
	speaks bool                          // the step is to speak, and is done when the recording ends
	rung   map[string]time.Duration      // whose telephones have rung, and no step has said so

	trail    []arrival // where the call came, in order
	violated *Failure
}

// An arrival says at which event a call came to a block.
type arrival struct {
	event int
	block string
}

// A Failure is where a call departs from its test.
type Failure struct {
	Place    calltest.Place // of the step that was not met, or of the call
	Expected string         // the step, as the test says it
	Why      string         // what happened instead, in a sentence
	Event    int            // of the transcript, which is the first that the test does not account for
	Instead  int            // the event that happened instead, as far as that can be said; Event otherwise
}

// act is what the caller does.
func (p *player) act(phone *simulator.Phone) {
	p.phone, p.asked = phone, -1
	p.settle()
	for p.at < len(p.call.Steps) {
		if s := p.call.Steps[p.at]; comes(s) {
			at := p.at
			phone.NextOr(func() bool { return p.at != at })
		} else {
			p.do(phone, s.Action)
		}
	}
	if n := len(p.call.Steps); n > 0 && p.call.Steps[n-1].Expects != "" {
		phone.HangUp()
	}
}

// comes reports whether a step is met by what happens, and not by what the caller
// does. A caller who lets a question pass does nothing.
func comes(s calltest.Step) bool { return s.Expects != "" || s.Action.Do == script.Silent }

// do does what a step says.
func (p *player) do(phone *simulator.Phone, a script.Action) {
	var m simulator.Moment
	switch a.Do {
	case script.Press, script.Interrupt:
		m = p.await(phone, simulator.Asks)
		p.asked = m.At
	case script.Speak:
		p.await(phone, simulator.Records)
		p.speaks = true
	case script.HangUp:
		p.done() // nothing returns from hanging up
	}
	at := p.at
	phone.Do(a, m)
	if p.speaks = false; p.at == at {
		p.done()
	}
}

// await waits for a question or a recording. One that goes on already counts,
// but no question is answered twice.
func (p *player) await(phone *simulator.Phone, kind simulator.Kind) simulator.Moment {
	m, on := phone.Current()
	for !on || m.Kind != kind || kind == simulator.Asks && m.At == p.asked {
		m, on = phone.Next(), true
	}
	return m
}

// done goes on to the next step.
func (p *player) done() {
	p.at++
	p.since, p.met, p.acted, p.said = p.phone.Now(), p.events, p.events, ""
	p.settle()
}

// settle skips steps that are met by where the call is, if it has come there since
// the caller last did something.
func (p *player) settle() {
	for p.at < len(p.call.Steps) && p.violated == nil {
		s := p.call.Steps[p.at]
		there := s.Expects == calltest.Reaches && p.block == s.Block && p.moved > p.acted
		if !there && !p.together(s) || s.After > 0 {
			return
		}
		p.at++
	}
}

// together reports whether a telephone rings that began to ring at the same time as
// that of the step before: who rings at once has no order.
func (p *player) together(s calltest.Step) bool {
	at, rung := p.rung[s.Phone]
	if s.Expects != calltest.Rings || p.at == 0 || p.call.Steps[p.at-1].Expects != calltest.Rings || !rung || at != p.since {
		return false
	}
	delete(p.rung, s.Phone)
	return true
}

// observe takes the next event of the call.
func (p *player) observe(e simulator.Event) {
	p.events++
	if len(p.event(e)) > 0 {
		p.moved = p.events
		p.trail = append(p.trail, arrival{p.events - 1, p.block})
	}
	if p.violated != nil {
		return
	}
	if e.Kind == simulator.Requests && !p.timed && bundle.IsTimed(e.Document) {
		p.violated = &Failure{p.call.Place, "a time", "the call came to opening hours, and the test does not say when the caller calls; write at = \"2026-12-24T12:01\"", p.events - 1, p.events - 1}
		return
	}
	switch {
	case e.Kind == simulator.Rings:
		if p.rung == nil {
			p.rung = map[string]time.Duration{}
		}
		p.rung[e.Leg] = e.At
	case e.Kind == simulator.Recorded && e.Leg == simulator.Caller && p.speaks:
		p.speaks = false
		p.done()
	}
	for _, s := range p.call.Never {
		if p.matches(s, e, e.Text) {
			p.violated = &Failure{s.Place, "never " + s.Written, "it happened after " + script.Clock(e.At), p.events - 1, p.events - 1}
			return
		}
	}
	p.said, p.spent = e.Text, map[calltest.Expectation]bool{}
	for before := -1; before != p.at; {
		before = p.at
		p.meet(e)
		p.settle()
	}
	if p.phone != nil {
		p.phone.Wake()
	}
}

// meet checks whether an event meets the current step.
func (p *player) meet(e simulator.Event) {
	if p.at >= len(p.call.Steps) {
		return
	}
	s := p.call.Steps[p.at]
	if !comes(s) || p.spent[s.Expects] || !p.matches(s, e, p.said) {
		return
	}
	if why := untimely(s, e.At-p.since); why != "" {
		p.violated = &Failure{s.Place, s.Written, why, p.events - 1, p.events - 1}
		return
	}
	if p.said = afterWords(p.said, s); s.Expects != calltest.Hears {
		p.spent[s.Expects] = true // one silence is one, but one announcement can say several things
	}
	if s.Expects == calltest.Rings {
		delete(p.rung, s.Phone)
	}
	p.at++
	p.since, p.met = e.At, p.events
}

// untimely says why a step that was met so long after the one before was met too
// early or too late, "" if it was not.
func untimely(s calltest.Step, since time.Duration) string {
	switch {
	case since < s.After:
		return fmt.Sprintf("it happened %s after the step before, which is too early", script.Clock(since))
	case s.Within > 0 && since > s.Within:
		return fmt.Sprintf("it happened %s after the step before, which is too late", script.Clock(since))
	}
	return ""
}

// afterWords returns what is said after the words that a step expects: one
// announcement can meet several steps, in their order.
func afterWords(said string, s calltest.Step) string {
	switch {
	case s.Expects != calltest.Hears:
		return said
	case s.Whole:
		return ""
	}
	words, wanted := plain(said), plain(s.Text)
	return words[strings.Index(words, wanted)+len(wanted):]
}

// matches reports whether an event is what a step expects. Of what was said only
// the given words count.
func (p *player) matches(s calltest.Step, e simulator.Event, said string) bool {
	mine := e.Leg == simulator.Caller
	switch s.Expects {
	case calltest.Hears:
		switch {
		case !mine:
			return false
		case slices.ContainsFunc(s.Versions, func(v calltest.Version) bool { return p.matches(inVersion(s, v), e, said) }):
			return true
		case e.Kind == simulator.Plays:
			return s.Whole && said != "" && (strings.HasSuffix(e.Text, s.Text) || strings.HasSuffix(s.Text, e.Text))
		case s.Whole:
			return e.Kind == simulator.Says && plain(said) == plain(s.Text) && speaks(s, e)
		}
		return e.Kind == simulator.Says && strings.Contains(plain(said), plain(s.Text)) && speaks(s, e)
	case calltest.Reaches:
		return mine && p.block == s.Block && p.moved == p.events
	case calltest.Enters:
		return mine && e.Kind == simulator.Waits && e.Text == s.Text
	case calltest.Rings:
		return e.Kind == simulator.Rings && e.Leg == s.Phone
	case calltest.TalksTo:
		return mine && e.Kind == simulator.Connects && e.Text == s.Phone
	case calltest.Records:
		return mine && e.Kind == simulator.Records && p.block == s.Block
	case calltest.Ends:
		return mine && e.Kind == simulator.Ends
	case calltest.Rejected:
		return mine && e.Kind == simulator.Rejects
	}
	return s.Action.Do == script.Silent && mine && e.Kind == simulator.Silent
}

// inVersion is a step that expects a message in one of the languages that it has.
func inVersion(s calltest.Step, v calltest.Version) calltest.Step {
	s.Text, s.Language, s.Voice, s.Versions = v.Text, v.Language, v.Voice, nil
	return s
}

// speaks reports whether words are said in the language and voice that a step
// expects.
func speaks(s calltest.Step, e simulator.Event) bool {
	return (s.Language == "" || e.Language == s.Language) && (s.Voice == "" || e.Voice == "" || e.Voice == s.Voice)
}

// plain returns words as they are compared: without case and extra space.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// judge says where the finished call departs from its test, nil if nowhere.
func (p *player) judge(t simulator.Transcript) *Failure {
	end := max(0, len(t.Events)-1)
	length := time.Duration(0)
	if len(t.Events) > 0 {
		length = t.Events[end].At
	}
	fault := slices.IndexFunc(t.Events, func(e simulator.Event) bool { return e.Kind == simulator.Faults && e.Fatal })
	whole := Failure{Place: p.call.Place, Event: end, Instead: end}
	switch c := p.call; {
	case p.violated != nil:
		return p.violated
	case fault >= 0:
		e := t.Events[fault]
		whole.Expected, whole.Why, whole.Event, whole.Instead = "no error", fmt.Sprintf("error %d: %s", e.Code, e.Text), fault, fault
	case t.Ending.How == simulator.Endless || t.Ending.How == simulator.Elsewhere || t.Ending.How == simulator.TimeLimit:
		whole.Expected, whole.Why = "the call ends", t.Ending.Text
	case t.Ending.Application != "" && !t.Ending.Heard:
		whole.Expected, whole.Why = "the caller is told something", t.Ending.Text
	case p.at < len(c.Steps):
		return p.missing(c.Steps[p.at], t, min(p.met, end))
	case len(c.Steps) > 0 && c.Steps[len(c.Steps)-1].Expects == calltest.Ends && (t.Ending.How != simulator.ByDocument || !t.Ending.Heard):
		s := c.Steps[len(c.Steps)-1]
		return &Failure{s.Place, s.Written, badEnd(t.Ending), end, end}
	case c.Longest.Time > 0 && length > c.Longest.Time:
		whole.Place, whole.Expected, whole.Why = c.Longest.Place, "lasts at most "+script.Clock(c.Longest.Time), "it lasted "+script.Clock(length)
	case length < c.Shortest.Time:
		whole.Place, whole.Expected, whole.Why = c.Shortest.Place, "lasts at least "+script.Clock(c.Shortest.Time), "it lasted "+script.Clock(length)
	default:
		return nil
	}
	return &whole
}

// missing says why a step was not met. The test accounts for all events before the
// given one.
func (p *player) missing(s calltest.Step, t simulator.Transcript, from int) *Failure {
	f := &Failure{s.Place, p.flow.concealed(s), "it did not happen, and the call is over: " + t.Ending.Text, from, from}
	switch s.Action.Do {
	case script.Press, script.Interrupt, script.Silent:
		f.Why = "no question came, and the call is over: " + t.Ending.Text
	case script.Speak:
		f.Why = "no recording came, and the call is over: " + t.Ending.Text
	case script.Wait, script.HangUp:
		f.Why = "the call was over before: " + t.Ending.Text
	}
	switch s.Expects {
	case calltest.Reaches:
		for _, a := range p.trail {
			if a.event >= from {
				f.Why, f.Instead = "the call came to "+a.block, a.event
				break
			}
		}
	case calltest.Hears:
		f.Why = "it was not heard"
		for i, e := range t.Events[from:] {
			if e.Leg == simulator.Caller && (e.Kind == simulator.Says || e.Kind == simulator.Plays) {
				f.Why += fmt.Sprintf("; what came was %q", e.Text)
				if !speaks(s, e) {
					f.Why += ", spoken in " + cmp.Or(e.Speaker(), "the account's voice")
				}
				f.Instead = from + i
				break
			}
		}
	}
	return f
}

// badEnd says what is wrong with an end.
func badEnd(e simulator.Ending) string {
	if e.How != simulator.ByDocument {
		return e.Text
	}
	return "the caller was cut off without a word"
}
