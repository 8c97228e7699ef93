package simulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Beep is how long the tone before a recording lasts.
const Beep = time.Second

// MaxRecording is the longest recording, by default
// (https://www.twilio.com/docs/voice/twiml/record#attributes-max-length).
const (
	MaxRecording    = time.Hour
	maxTranscribing = 2 * time.Minute
)

// A take is a recording with its defaults filled in.
type take struct {
	longest time.Duration
	silence time.Duration // that ends it
	finish  string        // keys that end it
}

// record runs a Record (https://www.twilio.com/docs/voice/twiml/record). A
// person who hangs up ends the recording, and the action is still requested,
// with Digits=hangup, although nobody hears its answer.
func (l *leg) record(v *twiml.Record, d *fetch.Document) (*fetch.Request, error) {
	t := take{longest: MaxRecording, silence: 5 * time.Second, finish: "1234567890*#"}
	if v.Transcribe == "true" {
		t.longest = maxTranscribing
	}
	if v.MaxLength > 0 {
		t.longest = seconds(v.MaxLength)
	}
	if v.Timeout != nil {
		t.silence = seconds(*v.Timeout)
		if *v.Timeout == 0 {
			t.silence = never
		}
	}
	if v.FinishOnKey != nil {
		t.finish = *v.FinishOnKey
	}
	if v.PlayBeep != "false" {
		if err := l.hear(Segment{Event{Kind: Plays, Text: "a tone"}, Beep, 1}); err != nil {
			return nil, err
		}
	}
	spoke, length, key, err := l.tape(t)
	if err != nil && err != errGone {
		return nil, err
	}
	return l.recorded(v, d, spoke, length, key, err)
}

// tape records. It returns for how long somebody spoke, how long the recording is,
// and the key that ended it.
func (l *leg) tape(t take) (spoke, length time.Duration, key string, err error) {
	defer l.listen()()
	l.note(Event{Kind: Records, Length: t.longest})
	l.phone.meet(Moment{Kind: Records, Length: t.longest, Finish: t.finish})
	defer l.phone.past()
	start, quiet := l.x.now, l.x.now
	for {
		until := start + t.longest
		speaking := l.speaking
		if !speaking && t.silence < until-quiet {
			until = quiet + t.silence
		}
		before := l.x.now
		err = l.await(until, func() bool { return l.pressed() || l.speaking != speaking })
		if speaking {
			spoke += l.x.now - before
			quiet = l.x.now
		}
		length = l.x.now - start
		if l.pressed() {
			key, l.keys = string(l.keys[0]), l.keys[1:]
		}
		if key != "" && strings.Contains(t.finish, key) || err != nil || l.x.now >= until {
			return spoke, length, key, err
		}
		key = ""
	}
}

// recorded goes on after a recording.
func (l *leg) recorded(v *twiml.Record, d *fetch.Document, spoke, length time.Duration, key string, gone error) (*fetch.Request, error) {
	l.note(Event{Kind: Recorded, Length: spoke})
	if gone != nil {
		key = "hangup"
		l.status = "completed"
	} else if spoke == 0 && !l.otherwise(SilentRecording) {
		return nil, nil
	}
	if v.Trim != "do-not-trim" {
		length = spoke
	}
	extra := url.Values{
		"RecordingUrl":      {"https://api.twilio.com/2010-04-01/Accounts/" + l.x.AccountSID + "/Recordings/" + l.x.sid("RE", l.sid, l.x.now.String())},
		"RecordingDuration": {strconv.Itoa(int(length / time.Second))},
	}
	if key != "" {
		extra.Set("Digits", key)
	}
	next, err := d.Follow(v.Action, v.Method, extra)
	if gone != nil && err == nil {
		l.inform(next)
		err = gone
	}
	return next, err
}
