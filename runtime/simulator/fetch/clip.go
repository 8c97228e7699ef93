package fetch

import (
	"context"
	"fmt"
	"mime"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/audio"
)

// MeasuredAudio says how long an audio file plays, or why it cannot be played.
type MeasuredAudio struct {
	Text   string // its address: the path on the base URL's host, else the whole URL
	Length time.Duration
	Note   string     // why the length is not known
	Fault  *CallError // why it cannot be played
}

// unknownLength is assumed of audio that cannot be measured.
const unknownLength = 30 * time.Second

// Clip fetches an audio file and measures it. Twilio sends no parameters with
// such requests, and caches the answers
// (https://www.twilio.com/docs/voice/twiml/play). The code is the error that
// Twilio reports for a content type that it cannot play.
func (s *Session) Clip(ctx context.Context, r *Request, code int, redirected Redirected) MeasuredAudio {
	address := r.Address("").String()
	clip, known := s.clips[address]
	if !known {
		clip = s.measure(ctx, r, code, redirected)
		clip.Text = address
		if r.URL.Host == s.base.Host {
			clip.Text = r.Address("").RequestURI()
		}
		if clip.Fault != nil {
			clip.Fault.Address = r.Place()
		}
		s.clips[address] = clip
	}
	return clip
}

func (s *Session) measure(ctx context.Context, r *Request, code int, redirected Redirected) MeasuredAudio {
	a, err := s.Get(ctx, r, nil, redirected)
	switch err := err.(type) {
	case *ForbiddenHost:
		return MeasuredAudio{Length: unknownLength, Note: "not fetched; taken to last 30 s"}
	case *CallError:
		return MeasuredAudio{Fault: err}
	}
	if err := a.usable(); err != nil {
		return MeasuredAudio{Fault: err.(*CallError)}
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if !isAudio(kind) {
		return MeasuredAudio{Fault: &CallError{Code: code, Text: fmt.Sprintf("%s answers with the content type %q, which Twilio does not play", r.URL.Path, kind)}}
	}
	return a.gauge()
}

// gauge measures an audio file that is known to be one.
func (a *Answer) gauge() MeasuredAudio {
	sound, err := audio.Read(a.Body)
	if err != nil {
		return MeasuredAudio{Length: unknownLength, Note: "cannot be measured, taken to last 30 s: " + err.Error()}
	}
	return MeasuredAudio{Length: sound.Duration}
}

// audioTypes is what Play accepts
// (https://www.twilio.com/docs/voice/twiml/play#supported-audio-file-types).
var audioTypes = []string{
	"audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff",
	"audio/x-aifc", "audio/x-aiff", "audio/x-gsm", "audio/gsm", "audio/ulaw",
}

func isAudio(kind string) bool { return slices.Contains(audioTypes, kind) }
