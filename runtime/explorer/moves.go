package explorer

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// What can happen at a state. Verbs are obeyed as in a call, up to the first one
// with several outcomes; it has a move for each. People take their time as scripts
// assume: they hear a question to its end, answer a telephone after five seconds,
// and talk for half a minute.

const (
	answersAfter = 5 * time.Second
	refusesAfter = time.Second
	talksFor     = 30 * time.Second
	speaksFor    = 10 * time.Second
)

// visit finds the moves of a state.
func (w *walk) visit(s *state) {
	if s.visited {
		return
	}
	s.visited = true
	for s.at = s.verb; s.at < len(s.page.Verbs); s.at++ {
		s.page.ran[s.at] = true
		if w.verb(s, s.page.Verbs[s.at]) {
			return
		}
	}
	w.runsOut(s)
}

// kind is the kind of a state's document.
func (s *state) kind() simulator.DocumentKind {
	if s.within == nil {
		return simulator.CallDocument
	}
	return s.within.kind
}

// here returns the position of the call after the verb at hand.
func (s *state) here() position {
	at := s.position
	at.verb = s.at + 1
	return at
}

// verb obeys one verb. It reports whether the state ends there.
func (w *walk) verb(s *state, v twiml.Verb) bool {
	name := twiml.Name(v)
	switch s.kind().Treats(name) {
	case simulator.PassedOver:
		if !simulator.Simulated(name) {
			w.skip(name + " reaches out of the call, and is not walked")
			return false
		}
		w.note(Violation{Law: Clean, Document: s.page.Path, Text: fmt.Sprintf("%s is not allowed in %s, and Twilio passes it over", name, s.kind())}, s, -1)
		return false
	case simulator.Refused:
		w.fail(s, move{by: nobody}, &fetch.CallError{Code: 12200, Text: fmt.Sprintf("%s is not allowed in %s", name, s.kind()), Document: s.page.Path})
		return true
	case simulator.Unclear: // and may be passed over
		w.turn(s, move{by: twilio, text: "Twilio passes " + name + " over", unplayed: true}, s.here())
	}
	switch v := v.(type) {
	case *twiml.Say:
		s.hear(simulator.Spoken(v))
	case *twiml.Play:
		seg, f := w.play(v, s.page.Document, 13420)
		if f != nil {
			w.fail(s, move{by: nobody}, f)
			w.turn(s, move{by: twilio, text: "Twilio passes over what cannot be played", unplayed: true}, s.here())
			return true
		}
		s.hear(seg)
	case *twiml.Pause:
		s.pass(simulator.Paused(v))
	case *twiml.Gather:
		return w.question(s, v)
	case *twiml.Dial:
		w.ring(s, v)
		return true
	case *twiml.Enqueue:
		w.enqueue(s, v)
		return true
	case *twiml.Record:
		w.record(s, v)
		return true
	case *twiml.Redirect:
		if !w.hours(s, v) {
			w.link(s, move{by: nobody}, v.URL, v.Method, nil, s.position)
		}
		return true
	default:
		w.last(s, v)
		return true
	}
	return false
}

// last obeys a verb that ends the document.
func (w *walk) last(s *state, v twiml.Verb) {
	switch v := v.(type) {
	case *twiml.Leave:
		w.leave(s)
	case *twiml.Reject:
		how := simulator.Rejected
		if s.answered {
			how = simulator.ByDocument
		}
		w.over(s, move{by: nobody, events: []simulator.Event{{Leg: simulator.Caller, Kind: simulator.Rejects, Text: v.Reason}}}, how, s.heard)
	case *twiml.Hangup:
		if s.whispered() {
			w.declined(s)
			return
		}
		w.over(s, move{by: nobody}, simulator.ByDocument, s.heard)
	}
}

// whispered reports whether a state is on a callee's telephone.
func (s *state) whispered() bool { return s.within != nil && s.within.kind == simulator.Whisper }

// runsOut continues when a document has no more verbs.
func (w *walk) runsOut(s *state) {
	switch {
	case s.within == nil:
		w.over(s, move{by: nobody}, simulator.ByDocument, s.heard)
	case s.within.kind == simulator.WaitDocument:
		m := move{by: nobody, text: "the wait document begins again"}
		w.move(s, m, s.within.wait, position{within: s.within, answered: true, heard: s.heard})
	default:
		w.accepted(s)
	}
}

// hear lets the caller, or the callee, hear a segment.
func (s *state) hear(seg simulator.Segment) {
	if seg.Times == 0 {
		return
	}
	s.answer()
	s.pass(seg)
	s.heard = s.heard || !s.whispered()
}

func (s *state) pass(seg simulator.Segment) {
	e := seg.Event
	e.Length, e.Verb, e.Leg = seg.Length(), "", s.leg()
	if seg.Times > 1 {
		e.Repeat = seg.Times
	}
	s.say(e)
	s.took += seg.Length()
}

// say adds an event that happens before anything is decided.
func (s *state) say(e simulator.Event) {
	e.At = s.took
	s.said = append(s.said, e)
}

// leg is whose telephone a state is on.
func (s *state) leg() string {
	if s.whispered() {
		return address(s.within.page.Verbs[s.within.verb].(*twiml.Dial).Nouns[s.within.noun])
	}
	return simulator.Caller
}

// answer makes Twilio answer the call.
func (s *state) answer() {
	if !s.answered {
		s.answered = true
		s.say(simulator.Event{Leg: simulator.Caller, Kind: simulator.Answers})
	}
}

// link adds a move that follows a link of the state's document. The position
// says what is known of the call, but for the document that the link leads to.
func (w *walk) link(s *state, m move, link, method string, extra url.Values, at position) {
	w.linkFrom(s, s.page.Document, m, link, method, extra, at)
}

func (w *walk) linkFrom(s *state, d *fetch.Document, m move, link, method string, extra url.Values, at position) {
	r, err := d.Follow(link, method, extra)
	if err != nil {
		w.fail(s, m, faulty(err, &fetch.Request{URL: d.URL}))
		return
	}
	at.verb = 0
	w.move(s, m, r, at)
}

// question is a Gather: a move for each key, and one for silence. Of an answer
// with several keys, only the first is varied.
func (w *walk) question(s *state, v *twiml.Gather) bool {
	s.answer()
	prompt, f := w.prompt(s, v)
	if f != nil {
		w.fail(s, move{by: nobody}, f) // or Twilio asks without it
		defer func(failed int) {
			for i := range s.moves[failed:] {
				s.moves[failed+i].unplayed = true
			}
		}(len(s.moves))
	}
	if strings.Contains(v.Input, "speech") {
		w.skip("speech as an answer is not walked")
	}
	finish, timeout := "#", 5*time.Second
	if v.FinishOnKey != nil {
		finish = *v.FinishOnKey
	}
	if n, err := strconv.Atoi(v.Timeout); err == nil {
		timeout = seconds(n)
	}
	if v.Input == "" || strings.Contains(v.Input, "dtmf") {
		w.keys(s, v, prompt, timeout, finish)
	}
	m := move{by: silence, text: "nothing is pressed", action: script.Action{Do: script.Silent}, took: prompt + timeout,
		events: []simulator.Event{{At: s.took + prompt + timeout, Leg: s.leg(), Kind: simulator.Silent, Text: script.Clock(timeout)}}}
	if s.whispered() {
		m.by, m.action = others, script.Action{}
	}
	at := s.here()
	at.heard = at.heard && s.whispered()
	if v.ActionOnEmptyResult == "true" {
		w.link(s, m, v.Action, v.Method, nil, at)
		m.unplayed = true
		w.link(s, m, v.Action, v.Method, url.Values{"Digits": {""}}, at)
		return true
	}
	w.turn(s, m, at)
	if handsOver(v.Action) { // where a lost key leads no call that others do not
		return true
	}
	lost := move{by: twilio, text: "the key is lost on the way", took: prompt, unplayed: true,
		events: []simulator.Event{{At: s.took + prompt, Leg: s.leg(), Kind: simulator.Reports, Text: "no Digits"}}}
	w.link(s, lost, v.Action, v.Method, nil, at)
	return true
}

// keys adds the moves of pressing keys: each key alone, and each number of several
// digits that the question's address knows.
func (w *walk) keys(s *state, v *twiml.Gather, prompt, timeout time.Duration, finish string) {
	at := s.here()
	at.heard = at.heard && s.whispered()
	first := len(s.moves)
	for _, keys := range append(strings.Split("1234567890*#", ""), w.numbersAt(s, v)...) {
		if strings.ContainsAny(keys, finish) || v.NumDigits != 0 && len(keys) > v.NumDigits {
			continue
		}
		w.starred = w.starred || keys == "*" && v.Method == "GET"
		m := move{by: caller, text: "the caller presses " + keys, key: keys, action: script.Action{Do: script.Press, Keys: keys}, took: prompt}
		for i := range keys {
			m.took = prompt + time.Duration(i)*script.KeyInterval
			m.events = append(m.events, simulator.Event{At: s.took + m.took, Leg: s.leg(), Kind: simulator.Presses, Text: keys[i : i+1]})
		}
		if len(keys) != v.NumDigits { // more could follow
			m.took += timeout
		}
		if s.whispered() {
			m.by, m.action, m.unplayed = others, script.Action{}, true
			m.text = "the callee presses " + keys
		}
		w.link(s, m, v.Action, v.Method, url.Values{"Digits": {keys}}, at)
	}
	w.markWrong(s, v, s.moves[first:])
}

// numbersAt lists the numbers of several digits that a question's address knows. Of a
// question without such an address, only the first key is varied.
func (w *walk) numbersAt(s *state, v *twiml.Gather) []string {
	if v.NumDigits == 1 {
		return nil
	}
	var list []string
	if r, err := s.page.Follow(v.Action, v.Method, nil); err == nil {
		if r.URL.Query().Has(bundle.ApplicationMark) {
			return []string{strings.Repeat("1", max(2, v.NumDigits))}
		}
		if d, ok := bundle.DecisionAt(r.URL.Path); ok && d.Name == "digits" {
			for _, word := range d.Known() {
				if len(word) > 1 && bundle.IsKey(word) {
					list = append(list, word)
				}
			}
			return list
		}
	}
	w.skip("of answers with several keys, only the first key is varied")
	return nil
}

// markWrong marks the keys that a question does not know: those that the bundle
// describes no exit for or, without a bundle, those with the most common answer.
func (w *walk) markWrong(s *state, v *twiml.Gather, keys []move) {
	var known []string
	described := false
	if r, err := s.page.Follow(v.Action, v.Method, nil); err == nil {
		if r.URL.Query().Has(bundle.ApplicationMark) {
			return // it alone knows which are right
		}
		known, described = w.keysAt(r.Place())
	}
	answers, most := map[*state]int{}, 1
	for _, m := range keys {
		answers[m.to]++
		most = max(most, answers[m.to])
	}
	for i := range keys {
		if described {
			keys[i].wrong = !slices.Contains(known, keys[i].key)
		} else {
			keys[i].wrong = most > 1 && answers[keys[i].to] == most
		}
	}
}

// prompt adds what a Gather says, and tells how long it takes, without what cannot
// be played.
func (w *walk) prompt(s *state, v *twiml.Gather) (_ time.Duration, fault *fetch.CallError) {
	s.say(simulator.Event{Leg: s.leg(), Kind: simulator.Asks, Text: simulator.KeysWanted(v.NumDigits, "")})
	before := s.took
	for _, v := range v.Prompt {
		switch v := v.(type) {
		case *twiml.Say:
			s.hear(simulator.Spoken(v))
		case *twiml.Pause:
			s.pass(simulator.Paused(v))
		case *twiml.Play:
			seg, f := w.play(v, s.page.Document, 13325)
			if f != nil {
				fault = f
				continue
			}
			s.hear(seg)
		}
	}
	took := s.took - before
	s.took = before // the moves take it
	return took, fault
}

// record is a Record into which somebody speaks, or nobody, and what follows then
// under either assumption.
func (w *walk) record(s *state, v *twiml.Record) {
	s.answer()
	at := s.here()
	at.heard = false
	hush, longest := 5*time.Second, simulator.MaxRecording
	if v.MaxLength > 0 {
		longest = seconds(v.MaxLength)
	}
	if v.Timeout != nil {
		hush = seconds(*v.Timeout)
		if hush == 0 {
			hush = longest
		}
	}
	events := func(spoke, took time.Duration) []simulator.Event {
		return []simulator.Event{
			{At: s.took, Leg: simulator.Caller, Kind: simulator.Plays, Text: "a tone"}, {At: s.took + simulator.Beep, Leg: simulator.Caller, Kind: simulator.Records},
			{At: s.took + took, Leg: simulator.Caller, Kind: simulator.Recorded, Length: spoke},
		}
	}
	talked := min(speaksFor, longest)
	spoke := move{by: caller, text: "the caller speaks", action: script.Action{Do: script.Speak, For: speaksFor}, took: simulator.Beep + min(talked+hush, longest)}
	spoke.events = events(talked, spoke.took)
	w.link(s, spoke, v.Action, v.Method, url.Values{"RecordingDuration": {strconv.Itoa(int(talked / time.Second))}}, at)
	mute := move{by: silence, text: "nothing is recorded", took: simulator.Beep + min(hush, longest), mute: true}
	mute.events = events(0, mute.took)
	w.turn(s, mute, at)
	mute.unplayed = true
	w.link(s, mute, v.Action, v.Method, url.Values{"RecordingDuration": {"0"}}, at)
	w.inform(s, v.Action, v.Method, url.Values{"Digits": {"hangup"}, "RecordingDuration": {"10"}})
}

// inform makes a request whose answer nobody hears, because the caller has hung
// up. It has to be answered nevertheless, or Twilio reports an error.
func (w *walk) inform(s *state, action, method string, extra url.Values) {
	r, err := s.page.Follow(action, method, extra)
	if err != nil {
		return // found with the other moves
	}
	if _, f := w.read(r); f != nil {
		w.note(Violation{Law: Answered, Document: pathOf(f.Address), Text: f.Error() + ", after the caller has hung up"}, s, -1)
	}
}

// skip notes what is not walked.
func (w *walk) skip(text string) {
	if !slices.Contains(w.report.NotWalked, text) {
		w.report.NotWalked = append(w.report.NotWalked, text)
	}
}

// seconds is a duration as attributes have it.
func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
