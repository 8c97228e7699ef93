package simulator

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A spot is where a call can be, and all that decides how it can go on. Two
// calls at the same spot have the same future.
type spot struct {
	page     *page
	verb     int    // the next one
	within   *frame // what the call is in the middle of
	answered bool   // by Twilio
	heard    bool   // something, since the last thing that happened

	number, shown string // of a call that has not begun
}

// A frame is a verb that is not over while documents of its own are obeyed: the
// Enqueue of a wait document, the Dial of a whisper.
type frame struct {
	occasion
	scene scene
	wait  *request // what an Enqueue plays again and again
	extra url.Values
}

// An occasion is what tells frames apart.
type occasion struct {
	page   *page
	verb   int
	noun   int    // of a Dial: who is whispered to
	within *frame // of the verb itself
	what   string // the scene's name
}

// A state is a spot that calls come to.
type state struct {
	spot
	from     *state // by which it was found first,
	by       int    // and by which of its moves
	fallback *request
	visited  bool

	said  []Event       // what happens before anything is decided
	took  time.Duration // and how long that takes
	at    int           // the verb that decides
	moves []move
	seen  map[strategy]*way // see the laws
	calls *count
}

// A move is one outcome of one decision.
type move struct {
	by       mover
	text     string  // what is done, for the first line of a finding
	events   []Event // how the transcript tells it
	took     time.Duration
	key      string   // that is pressed
	step     string   // what the caller does, as a script has it; "" is nothing
	callees  []string // what each of those does who are rung: "address=busy"
	unplayed bool     // it cannot be had from Run by choosing what people do
	wrong    bool     // a key that the question does not know
	mute     bool     // nobody speaks into a recording
	to       *state   // nil: the call is over
	end      How
}

// A mover is who makes a move.
type mover int

const (
	nobody  mover = iota // the document
	caller               // the caller acts
	silence              // the caller does nothing
	others               // those who are rung, and agents
	twilio               // something that people cannot cause
)

// enter returns the state of a spot, which a move of another state leads to.
func (w *walk) enter(from *state, by int, at spot) *state {
	if s := w.states[at]; s != nil {
		return s
	}
	s := &state{spot: at, from: from, by: by}
	s.fallback = fallbackOf(from)
	w.states[at] = s
	if at.page != nil && at.page.first == nil {
		at.page.first = s
	}
	w.open = append(w.open, s)
	w.order = append(w.order, s)
	return s
}

func fallbackOf(s *state) *request {
	if s == nil {
		return nil
	}
	return s.fallback
}

// move adds a move that leads to a document, at the given spot but for the page.
func (w *walk) move(s *state, m move, r *request, at spot) {
	if at.within != nil && at.within.extra != nil {
		r = r.with(at.within.extra)
	}
	m.events = append(slices.Clip(m.events), Event{At: s.took + m.took, Leg: Caller, Kind: Requests,
		Text: r.method + " " + r.address("").RequestURI(), Query: w.x.encode(r.extra)})
	p, f := w.read(r)
	if f == nil {
		at.page = p
		w.turn(s, m, at)
		return
	}
	w.fail(s, m, f, at)
}

// turn adds a move that leads to a spot.
func (w *walk) turn(s *state, m move, at spot) {
	m.to = w.enter(s, len(s.moves), at)
	s.moves = append(s.moves, m)
}

// over adds a move that ends the call, and holds it to the laws of ends.
func (w *walk) over(s *state, m move, how How, heard bool) {
	m.end = how
	s.moves = append(s.moves, m)
	if how != ByDocument || heard {
		return
	}
	law, text := Spoken, "the caller is cut off without a word"
	if why := s.lastOutcome(); why != "" {
		law, text = Audible, why+", and the caller is cut off without a word"
	}
	w.note(Finding{Law: law, Document: s.document(), Text: text}, s, len(s.moves)-1)
}

// fail adds a move after which a document cannot be had or obeyed. Twilio asks
// the fallback, once.
func (w *walk) fail(s *state, m move, f *fault, at spot) {
	m.events = append(slices.Clip(m.events), Event{At: s.took + m.took, Leg: Caller, Kind: Faults, Code: f.code, Text: f.text, Fatal: true})
	m.end = Failed
	s.moves = append(s.moves, m)
	if f.code == 0 {
		w.skip(f.text)
		return
	}
	w.note(Finding{Law: Answered, Document: cmp.Or(f.document, pathOf(f.address)), Text: f.Error()}, s, len(s.moves)-1)
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Path
}

// lastOutcome says what happened last that the caller has to be told of, by the
// way that leads to a state.
func (s *state) lastOutcome() string {
	for ; s.from != nil; s = s.from {
		switch m := s.from.moves[s.by]; {
		case m.by == caller:
			return ""
		case m.by == silence || m.by == others || m.by == twilio:
			return m.text
		}
	}
	return ""
}

func (s *state) document() string {
	if s.page == nil {
		return ""
	}
	return s.page.path
}

// note adds a finding, once for each law, document and text: the first time, by
// the shortest call. The call goes to a state and ends with one of its moves, or
// with what is said there, if the move is -1.
func (w *walk) note(f Finding, s *state, last int) {
	id := fmt.Sprint(f.Law, "\x00", f.Document, "\x00", f.Text)
	if w.found[id] {
		return
	}
	w.found[id] = true
	if s != nil {
		w.tell(&f, s, last)
	}
	w.report.Findings = append(w.report.Findings, f)
}

// tell writes the shortest call to a state.
func (w *walk) tell(f *Finding, s *state, last int) {
	var way []*move
	for at, by := s, last; at != nil; at, by = at.from, at.by {
		if by >= 0 {
			way = append(way, &at.moves[by])
		} else {
			way = append(way, nil)
		}
	}
	var states []*state
	for at := s; at != nil; at = at.from {
		states = append(states, at)
	}
	slices.Reverse(way)
	slices.Reverse(states)
	w.follow(f, states, way)
}

// follow writes a call through states and the moves between them.
func (w *walk) follow(f *Finding, states []*state, way []*move) {
	first := states[0]
	f.Call = Transcript{FormatVersion: FormatVersion, CallSID: w.x.sid("CA", first.number, first.shown), From: first.shown, To: first.number}
	f.Playable, f.Callees = true, map[string]string{}
	var steps []string
	var now, before time.Duration
	muted := false
	for i, s := range states {
		for _, e := range s.said {
			f.add(e, now+e.At, s)
		}
		m := way[i]
		if m == nil {
			now += s.took
			break
		}
		for _, e := range m.events {
			f.add(e, now+e.At, s)
		}
		now += s.took + m.took
		muted = muted || m.mute
		f.Playable = f.Playable && !(muted && m.step == speaks) // a script cannot let a recording pass
		if pause := before - speaksFor; m.step == speaks && len(steps) > 0 && steps[len(steps)-1] == speaks && pause > 0 {
			steps = append(steps, "wait "+pause.String()) // or it would be spoken into the recording before
		}
		if m.step != "" {
			steps, before = append(steps, m.step), m.took
		}
		for _, c := range m.callees {
			address, does, _ := strings.Cut(c, "=")
			if before := f.Callees[address]; before != "" {
				does = before + " then " + does
			}
			f.Callees[address] = does
		}
		f.Playable = f.Playable && !m.unplayed
		f.Call.Ending = Ending{How: m.end, Heard: s.heard}
	}
	f.Press = strings.Join(steps, ", ")
	f.Call.Ending.Text = f.Text
	f.Call.Events = append(f.Call.Events, Event{At: now, Kind: Ends, Text: f.Text})
}

// add adds an event at a state to a finding's call.
func (f *Finding) add(e Event, at time.Duration, s *state) {
	e.At = at
	if e.Document == "" && s.page != nil {
		e.Document = s.page.path
	}
	f.Call.Events = append(f.Call.Events, e)
}
