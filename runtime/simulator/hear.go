package simulator

import (
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A Segment is something to be heard: words, audio or silence.
type Segment struct {
	Event Event
	Once  time.Duration // how long it takes to hear it once
	Times int
}

// forEver is how often Twilio plays what is repeated for ever
// (https://www.twilio.com/docs/voice/twiml/say#loop).
const forEver = 1000

// hear plays a segment to the leg until it ends or something interrupts it.
func (l *leg) hear(s Segment) error {
	if s.Times == 0 {
		return nil
	}
	l.begin(s)
	l.phone.meet(Moment{Kind: s.Event.Kind, Text: s.Event.Text, Length: s.Once})
	defer l.phone.past()
	err := l.pass(s.Length())
	if err == nil && s.Event.Kind != Pauses {
		l.heard() // also by a caller who has pressed a key meanwhile
	}
	return err
}

// Length returns how long it takes to hear all of it.
func (s Segment) Length() time.Duration { return s.Once * time.Duration(s.Times) }

// begin writes the beginning of a segment to the transcript.
func (l *leg) begin(s Segment) {
	e := s.Event
	e.Length = s.Length()
	if s.Times > 1 {
		e.Repeat = s.Times
	}
	l.note(e)
	if e.Kind != Pauses {
		l.heard()
	}
}

func repeats(loop *int) int {
	switch {
	case loop == nil:
		return 1
	case *loop == 0:
		return forEver
	}
	return *loop
}

// Spoken returns what a Say says, in en-US unless it names another language.
func Spoken(v *twiml.Say) Segment {
	language := v.Language
	if language == "" {
		language = "en-US"
	}
	return Segment{Event{Kind: Says, Text: v.Text, Language: v.Language, Voice: v.Voice}, twiml.SpeakingTime(language, v.Text), repeats(v.Loop)}
}

// Paused returns the silence of a Pause.
func Paused(v *twiml.Pause) Segment {
	return Segment{Event{Kind: Pauses}, seconds(max(v.Length, 1)), 1}
}

// played is the segment of a Play. code is the error that Twilio reports for a
// content type that it cannot play. Audio that cannot be fetched is either fatal
// or no segment at all.
func (l *leg) played(v *twiml.Play, d *fetch.Document, code int) (Segment, error) {
	if v.Digits != "" {
		return Played(v, fetch.MeasuredAudio{}), nil
	}
	r, err := d.Follow(v.URL, "GET", nil)
	if err != nil {
		return Segment{}, err
	}
	c := l.call.session.Clip(l.x.ctx, r, code, l.redirected)
	if c.Fault != nil {
		if !l.otherwise(PlayFailure) {
			return Segment{}, c.Fault
		}
		l.call.warn(l, c.Fault.Code, c.Fault.Text)
		return Segment{}, nil
	}
	return Played(v, c), nil
}

// Played returns what a Play plays: keys, or audio that was measured.
func Played(v *twiml.Play, c fetch.MeasuredAudio) Segment {
	if v.Digits != "" {
		return Segment{Event{Kind: Plays, Text: "the keys " + v.Digits}, toneTime(v.Digits), repeats(v.Loop)}
	}
	return Segment{Event{Kind: Plays, Text: c.Text, Note: c.Note}, c.Length, repeats(v.Loop)}
}

// toneTime is how long it takes to send keypad tones: w waits half a second, W
// a whole one (https://www.twilio.com/docs/voice/twiml/play#attributes-digits).
func toneTime(digits string) time.Duration {
	var t time.Duration
	for _, k := range digits {
		switch k {
		case 'w':
			t += 500 * time.Millisecond
		case 'W':
			t += time.Second
		default:
			t += 200 * time.Millisecond
		}
	}
	return t
}
