package explorer

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A position is where a call can be, and all that decides how it can go on. Two
// calls at the same position have the same future.
type position struct {
	page     *page
	verb     int          // the next one
	within   *callContext // what the call is in the middle of; nil in most calls
	answered bool         // by Twilio
	heard    bool         // something, since the last thing that happened

	caller        string // who calls, if that has made a difference
	number, shown string // of a call that has not begun
}

// A callContext is a verb that is not over while documents of its own are obeyed:
// the Enqueue of a wait document, the Dial of a whisper.
type callContext struct {
	contextKey
	wait  *fetch.Request // what an Enqueue plays again and again
	extra url.Values     // of every request
}

// A contextKey is what tells contexts apart.
type contextKey struct {
	page   *page
	verb   int
	noun   int          // of a Dial: who is whispered to
	within *callContext // of the verb itself
	kind   simulator.DocumentKind
}

// context returns the context with a key.
func (w *walk) context(key contextKey) *callContext {
	c := w.contexts[key]
	if c == nil {
		c = &callContext{contextKey: key}
		w.contexts[key] = c
	}
	return c
}

// A state is a position that calls come to.
type state struct {
	position
	from    *state // by which it was found first,
	by      int    // and by which of its moves
	visited bool

	said  []simulator.Event // what happens before anything is decided
	took  time.Duration     // and how long that takes
	at    int               // the verb that decides
	moves []move
	seen  map[strategy]*way // see the laws
	calls *count
}

// A move is one outcome of one decision.
type move struct {
	by       mover
	text     string            // what is done, for the first line of a violation
	events   []simulator.Event // how the transcript tells it
	took     time.Duration
	key      string        // that is pressed
	action   script.Action // what the caller does; the zero value is nothing
	callees  []reaction    // what the callees do
	from     string        // who calls, "" if it does not matter
	unplayed bool          // people cannot bring it about, so that Run cannot play it
	wrong    bool          // a key that the question does not know
	mute     bool          // nobody speaks into a recording
	at       time.Time     // when it is made, if the time decides
	to       *state        // nil: the call is over
	end      simulator.How
}

// A reaction is what one callee does.
type reaction struct {
	address string
	does    script.Reaction
}

// A mover is who makes a move.
type mover int

const (
	nobody  mover = iota // the document
	caller               // the caller acts
	silence              // the caller does nothing
	others               // callees and agents
	twilio               // something that people cannot cause
)

// enter returns the state of a position that a move of another state leads to.
func (w *walk) enter(from *state, by int, at position) *state {
	if s := w.states[at]; s != nil {
		return s
	}
	s := &state{position: at, from: from, by: by}
	w.states[at] = s
	if at.page != nil && at.page.first == nil {
		at.page.first = s
	}
	w.open = append(w.open, s)
	w.order = append(w.order, s)
	return s
}

// move adds a move that leads to a document, at the given position but for the
// page.
func (w *walk) move(s *state, m move, r *fetch.Request, at position) {
	if w.shares(s, m, r, at) {
		return
	}
	before := w.caller.From
	for _, caller := range w.callers(s, r) {
		called := m
		if caller != "" {
			w.caller.From = caller
			at.caller, called.from = caller, caller
		}
		w.moveOn(s, called, r, at)
	}
	w.caller.From = before
}

// moveOn is move for one caller.
func (w *walk) moveOn(s *state, m move, r *fetch.Request, at position) {
	if at.within != nil && at.within.extra != nil {
		r = r.With(at.within.extra)
	}
	if name := r.URL.Query().Get(bundle.ApplicationMark); name != "" {
		w.handOver(s, m, r, at, name)
		return
	}
	m.events = append(slices.Clip(m.events), simulator.Event{At: s.took + m.took, Leg: simulator.Caller, Kind: simulator.Requests,
		Text: r.Method + " " + r.Address("").RequestURI(), Query: w.session.Encode(r.Extra)})
	if !m.at.IsZero() {
		timed := *r
		timed.At, r = m.at, &timed
	}
	p, f := w.read(r)
	if f == nil {
		at.page = p
		w.turn(s, m, at)
		return
	}
	w.fail(s, m, f)
	if c := at.within; c != nil && (c.kind == simulator.Whisper || c.kind == simulator.QueueWhisper) {
		w.unwhispered(s, m, c)
	}
}

// turn adds a move that leads to a position.
func (w *walk) turn(s *state, m move, at position) {
	at.caller = cmp.Or(at.caller, s.caller)
	m.to = w.enter(s, len(s.moves), at)
	s.moves = append(s.moves, m)
}

// over adds a move that ends the call, and checks how it ends.
func (w *walk) over(s *state, m move, how simulator.How, heard bool) {
	m.end = how
	s.moves = append(s.moves, m)
	if how != simulator.ByDocument || heard {
		return
	}
	law, text := Spoken, "the caller is cut off without a word"
	if why := s.lastOutcome(); why != "" {
		law, text = Audible, why+", and the caller is cut off without a word"
	}
	w.note(Violation{Law: law, Document: s.document(), Text: text}, s, len(s.moves)-1)
}

// fail adds a move after which a document cannot be fetched or obeyed, so that
// the call fails.
func (w *walk) fail(s *state, m move, f *fetch.CallError) {
	m.events = append(slices.Clip(m.events), simulator.Event{At: s.took + m.took, Leg: simulator.Caller, Kind: simulator.Faults, Code: f.Code, Text: f.Text, Fatal: true})
	m.end = simulator.Failed
	s.moves = append(s.moves, m)
	if f.Code == 0 {
		w.skip(f.Text)
		return
	}
	w.note(Violation{Law: Answered, Document: cmp.Or(f.Document, pathOf(f.Address)), Text: f.Error()}, s, len(s.moves)-1)
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Path
}

// lastOutcome says what happened last, on the way to a state, that the caller must
// be told. It is "" if that was what the caller did.
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
	return s.page.Path
}
