package simulator

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// What can happen at a state. The verbs up to the first that asks something are
// obeyed as in a call; that one has a move for each outcome. What people take
// for it is what ParseScript and ParseCallee assume: a question is heard to its
// end, a telephone is answered after five seconds, a conversation lasts half a
// minute.

const (
	answersAfter = 5 * time.Second
	refusesAfter = time.Second
	talksFor     = 30 * time.Second
	speaksFor    = 10 * time.Second
	speaks       = "speak 10s" // the same, as ParseScript reads it
)

// visit finds the moves of a state.
func (w *walk) visit(s *state) {
	if s.visited {
		return
	}
	s.visited = true
	for s.at = s.verb; s.at < len(s.page.verbs); s.at++ {
		s.page.ran[s.at] = true
		if w.verb(s, s.page.verbs[s.at]) {
			return
		}
	}
	w.runsOut(s)
}

// scene is the occasion on which a state's document is obeyed.
func (s *state) scene() scene {
	if s.within == nil {
		return ordinary
	}
	return s.within.scene
}

// here is the spot that a call is at, a verb later.
func (s *state) here() spot {
	at := s.spot
	at.verb = s.at + 1
	return at
}

// verb obeys one verb. It reports whether the state ends there.
func (w *walk) verb(s *state, v twiml.Verb) bool {
	name := verbName(v)
	switch s.scene().verdict[name] {
	case passedOver:
		text := name + " is not allowed in " + s.scene().name + ", and Twilio passes it over"
		if !known(name) {
			text = name + " reaches out of the call, and is not walked"
			w.skip(text)
			return false
		}
		w.note(Finding{Law: Clean, Document: s.page.path, Text: text}, s, -1)
		return false
	case refused:
		w.fail(s, move{by: nobody}, &fault{code: 12200, text: name + " is not allowed in " + s.scene().name, document: s.page.path}, s.spot)
		return true
	case open: // the other reading
		w.turn(s, move{by: twilio, text: "Twilio passes " + name + " over", unplayed: true}, s.here())
	}
	switch v := v.(type) {
	case *twiml.Say:
		s.hear(spoken(v))
	case *twiml.Play:
		seg, f := w.clip(v, s.page.document, 13420)
		if f != nil {
			w.fail(s, move{by: nobody}, f, s.spot)
			return true
		}
		s.hear(seg)
	case *twiml.Pause:
		s.pass(paused(v))
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
		w.link(s, move{by: nobody}, v.URL, v.Method, nil, s.spot)
		return true
	default:
		w.last(s, v)
		return true
	}
	return false
}

// last obeys a verb behind which nothing runs.
func (w *walk) last(s *state, v twiml.Verb) {
	switch v := v.(type) {
	case *twiml.Leave:
		w.leave(s)
	case *twiml.Reject:
		how := Rejected
		if s.answered {
			how = ByDocument
		}
		w.over(s, move{by: nobody, events: []Event{{Leg: Caller, Kind: Rejects, Text: v.Reason}}}, how, s.heard)
	case *twiml.Hangup:
		if s.whispered() {
			w.declined(s)
			return
		}
		w.over(s, move{by: nobody}, ByDocument, s.heard)
	}
}

// whispered reports whether a state is on the telephone of who was rung.
func (s *state) whispered() bool { return s.within != nil && s.within.what == whisper.name }

// runsOut is the end of a document.
func (w *walk) runsOut(s *state) {
	switch {
	case s.within == nil:
		w.over(s, move{by: nobody}, ByDocument, s.heard)
	case s.within.what == waiting.name:
		m := move{by: nobody, text: "the wait document begins again"}
		w.move(s, m, s.within.wait, spot{within: s.within, answered: true, heard: s.heard})
	default:
		w.accepted(s)
	}
}

// hear and pass take the time of what is heard, or of silence.
func (s *state) hear(seg segment) {
	if seg.times == 0 {
		return
	}
	s.answer()
	s.pass(seg)
	s.heard = s.heard || !s.whispered()
}

func (s *state) pass(seg segment) {
	e := seg.event
	e.Length, e.Verb, e.Leg = seg.length(), "", s.leg()
	if seg.times > 1 {
		e.Repeat = seg.times
	}
	s.say(e)
	s.took += seg.length()
}

// say adds an event that happens before anything is decided.
func (s *state) say(e Event) {
	e.At = s.took
	s.said = append(s.said, e)
}

// leg is whose telephone a state is on.
func (s *state) leg() string {
	if s.whispered() {
		return address(s.within.page.verbs[s.within.verb].(*twiml.Dial).Nouns[s.within.noun])
	}
	return Caller
}

// answer makes Twilio answer the call.
func (s *state) answer() {
	if !s.answered {
		s.answered = true
		s.say(Event{Leg: Caller, Kind: Answers})
	}
}

// link adds a move that follows a link of the state's document. The spot says
// what is known of the call; its document is the one that the link leads to.
func (w *walk) link(s *state, m move, link, method string, extra url.Values, at spot) {
	w.linkFrom(s, s.page.document, m, link, method, extra, at)
}

func (w *walk) linkFrom(s *state, d *document, m move, link, method string, extra url.Values, at spot) {
	r, err := d.follow(link, method, extra)
	if err != nil {
		w.fail(s, m, w.faulty(err, &request{url: d.url}), at)
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
		w.fail(s, move{by: nobody}, f, s.spot)
		return true
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
	if v.NumDigits != 1 {
		w.skip("of answers with several keys, only the first key is varied")
	}
	if v.Input == "" || strings.Contains(v.Input, "dtmf") {
		w.keys(s, v, prompt, finish)
	}
	m := move{by: silence, text: "nothing is pressed", step: "silent", took: prompt + timeout,
		events: []Event{{At: s.took + prompt + timeout, Leg: s.leg(), Kind: Silent, Text: script.Clock(timeout)}}}
	if s.whispered() {
		m.by, m.step = others, ""
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
	lost := move{by: twilio, text: "the key is lost on the way", took: prompt, unplayed: true,
		events: []Event{{At: s.took + prompt, Leg: s.leg(), Kind: Reports, Text: "no Digits"}}}
	w.link(s, lost, v.Action, v.Method, nil, at)
	return true
}

// keys adds the moves of pressing keys.
func (w *walk) keys(s *state, v *twiml.Gather, prompt time.Duration, finish string) {
	at := s.here()
	at.heard = at.heard && s.whispered()
	first := len(s.moves)
	for _, key := range strings.Split("1234567890*#", "") {
		if strings.Contains(finish, key) {
			continue
		}
		press := key
		if v.NumDigits != 1 && finish != "" {
			press += finish[:1]
		}
		m := move{by: caller, text: "the caller presses " + key, key: key, step: press, took: prompt,
			events: []Event{{At: s.took + prompt, Leg: s.leg(), Kind: Presses, Text: key}}}
		if s.whispered() {
			m.by, m.step, m.unplayed = others, "", true
			m.text = "who is rung presses " + key
		}
		w.link(s, m, v.Action, v.Method, url.Values{"Digits": {key}}, at)
	}
	w.markWrong(s, v, s.moves[first:])
}

// markWrong marks the keys that a question does not know: those for which the
// bundle describes no way on, or else those that share the commonest answer.
func (w *walk) markWrong(s *state, v *twiml.Gather, keys []move) {
	known, described := "", false
	if r, err := s.page.follow(v.Action, v.Method, nil); err == nil && w.files != nil {
		known, described = w.files.keysAt(w.base, r.place())
	}
	answers, most := map[*state]int{}, 1
	for _, m := range keys {
		answers[m.to]++
		most = max(most, answers[m.to])
	}
	for i := range keys {
		if described {
			keys[i].wrong = !strings.Contains(known, keys[i].key)
		} else {
			keys[i].wrong = most > 1 && answers[keys[i].to] == most
		}
	}
}

// prompt adds what a Gather says, and tells how long it takes.
func (w *walk) prompt(s *state, v *twiml.Gather) (time.Duration, *fault) {
	q := question{most: v.NumDigits}
	s.say(Event{Leg: s.leg(), Kind: Asks, Text: q.String()})
	before := s.took
	for _, v := range v.Prompt {
		switch v := v.(type) {
		case *twiml.Say:
			s.hear(spoken(v))
		case *twiml.Pause:
			s.pass(paused(v))
		case *twiml.Play:
			seg, f := w.clip(v, s.page.document, 13325)
			if f != nil {
				return 0, f
			}
			s.hear(seg)
		}
	}
	took := s.took - before
	s.took = before // the moves take it
	return took, nil
}

// record is a Record: with a sound and without, and what is behind it under
// either reading.
func (w *walk) record(s *state, v *twiml.Record) {
	s.answer()
	at := s.here()
	at.heard = false
	hush, longest := 5*time.Second, maxRecording
	if v.MaxLength > 0 {
		longest = seconds(v.MaxLength)
	}
	if v.Timeout != nil {
		hush = seconds(*v.Timeout)
		if hush == 0 {
			hush = longest
		}
	}
	events := func(spoke, took time.Duration) []Event {
		return []Event{
			{At: s.took, Leg: Caller, Kind: Plays, Text: "a tone"}, {At: s.took + beep, Leg: Caller, Kind: Records},
			{At: s.took + took, Leg: Caller, Kind: Recorded, Length: spoke},
		}
	}
	talked := min(speaksFor, longest)
	spoke := move{by: caller, text: "the caller speaks", step: speaks, took: beep + min(talked+hush, longest)}
	spoke.events = events(talked, spoke.took)
	w.link(s, spoke, v.Action, v.Method, url.Values{"RecordingDuration": {wholeSeconds(talked)}}, at)
	mute := move{by: silence, text: "nothing is recorded", took: beep + min(hush, longest), mute: true}
	mute.events = events(0, mute.took)
	w.turn(s, mute, at)
	mute.unplayed = true
	w.link(s, mute, v.Action, v.Method, url.Values{"RecordingDuration": {"0"}}, at)
	w.inform(s, v.Action, v.Method, url.Values{"Digits": {"hangup"}, "RecordingDuration": {"10"}})
}

// inform makes a request whose answer nobody hears, because the caller has hung
// up. It has to be answered nevertheless, or Twilio reports an error.
func (w *walk) inform(s *state, action, method string, extra url.Values) {
	r, err := s.page.follow(action, method, extra)
	if err != nil {
		return // found with the other moves
	}
	if _, f := w.read(r); f != nil {
		w.note(Finding{Law: Answered, Document: pathOf(f.address), Text: f.Error() + ", after the caller has hung up"}, s, -1)
	}
}

// skip says what is not walked.
func (w *walk) skip(text string) {
	for _, said := range w.report.NotWalked {
		if said == text {
			return
		}
	}
	w.report.NotWalked = append(w.report.NotWalked, text)
}

// address is what a noun dials.
func address(n twiml.Noun) string {
	switch n := n.(type) {
	case *twiml.Number:
		return strings.TrimSpace(n.Number)
	case *twiml.Client:
		return "client:" + strings.TrimSpace(n.Identity)
	case *twiml.Sip:
		return strings.TrimSpace(n.URI)
	}
	return fmt.Sprint(nounName(n))
}
