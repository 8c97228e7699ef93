package simulator

import (
	"fmt"
	"mime"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/audio"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A segment is something to be heard: words, a sound or silence.
type segment struct {
	event Event
	once  time.Duration // how long it takes to hear it once
	times int
}

// forEver is how often Twilio repeats what is to be repeated for ever
// (https://www.twilio.com/docs/voice/twiml/say#loop).
const forEver = 1000

// unknownLength is assumed of audio that cannot be measured.
const unknownLength = 30 * time.Second

// hear plays a segment to the leg until it ends or something interrupts it.
func (l *leg) hear(s segment) error {
	if s.times == 0 {
		return nil
	}
	l.begin(s)
	l.phone.meet(Moment{Kind: s.event.Kind, Text: s.event.Text, Length: s.once})
	defer l.phone.past()
	return l.pass(s.length())
}

func (s segment) length() time.Duration { return s.once * time.Duration(s.times) }

// begin tells of a segment's beginning.
func (l *leg) begin(s segment) {
	e := s.event
	e.Length = s.length()
	if s.times > 1 {
		e.Repeat = s.times
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

func spoken(v *twiml.Say) segment {
	language := v.Language
	if language == "" {
		language = "en-US"
	}
	return segment{Event{Kind: Says, Text: v.Text}, twiml.SpeakingTime(language, v.Text), repeats(v.Loop)}
}

func paused(v *twiml.Pause) segment {
	return segment{Event{Kind: Pauses}, seconds(max(v.Length, 1)), 1}
}

// played is the segment of a Play. code is the error that Twilio reports for a
// content type that it cannot play. A sound that cannot be had is either fatal
// or no segment at all.
func (l *leg) played(v *twiml.Play, d *document, code int) (segment, error) {
	if v.Digits != "" {
		return segment{Event{Kind: Plays, Text: "the keys " + v.Digits}, toneTime(v.Digits), repeats(v.Loop)}, nil
	}
	r, err := d.follow(v.URL, "GET", nil)
	if err != nil {
		return segment{}, err
	}
	c := l.clip(r, code)
	if c.fault != nil {
		if !l.reads(PlayFailure) {
			return segment{}, c.fault
		}
		l.call.warn(l, c.fault.code, c.fault.text)
		return segment{}, nil
	}
	return segment{Event{Kind: Plays, Text: c.text, Note: c.note}, c.length, repeats(v.Loop)}, nil
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

// A clip is what is known of a sound file.
type clip struct {
	text   string // its address
	length time.Duration
	note   string // why the length is not known
	fault  *fault
}

// clip fetches a sound file and measures it. Twilio sends no parameters with
// such requests, and caches the answers
// (https://www.twilio.com/docs/voice/twiml/play).
func (l *leg) clip(r *request, code int) clip {
	address := r.address("").String()
	c, known := l.x.clips[address]
	if !known {
		c = l.measure(r, code)
		if r.url.Host == l.x.base.Host {
			c.text = r.address("").RequestURI()
		} else {
			c.text = address
		}
		if c.fault != nil {
			c.fault.address = r.place()
		}
		l.x.clips[address] = c
	}
	return c
}

func (l *leg) measure(r *request, code int) clip {
	rep, err := l.get(r, nil)
	switch err := err.(type) {
	case *elsewhere:
		return clip{length: unknownLength, note: "not fetched; taken to last 30 s"}
	case *fault:
		return clip{fault: err}
	}
	if err := usable(rep); err != nil {
		return clip{fault: err.(*fault)}
	}
	kind, _, _ := mime.ParseMediaType(rep.header.Get("Content-Type"))
	if !isAudio(kind) {
		return clip{fault: &fault{code: code, text: fmt.Sprintf("%s answers with the content type %q, which Twilio does not play", r.url.Path, kind)}}
	}
	return gauge(rep)
}

// gauge measures a sound file that is known to be one.
func gauge(rep *reply) clip {
	sound, err := audio.Read(rep.body)
	if err != nil {
		return clip{length: unknownLength, note: "cannot be measured, taken to last 30 s: " + err.Error()}
	}
	return clip{length: sound.Duration}
}

// audioTypes is what Play accepts
// (https://www.twilio.com/docs/voice/twiml/play#supported-audio-file-types).
var audioTypes = []string{
	"audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff",
	"audio/x-aifc", "audio/x-aiff", "audio/x-gsm", "audio/gsm", "audio/ulaw",
}

func isAudio(kind string) bool { return slices.Contains(audioTypes, kind) }
