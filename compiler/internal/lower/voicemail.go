package lower

import (
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A voicemailLowering lowers one voicemail.
type voicemailLowering struct {
	*lowering
	s         *section
	voicemail *model.VoicemailNode
}

// entry greets and records. Twilio's documents leave open whether the action is
// requested when nobody spoke, with a RecordingDuration of 0, or the next verb
// runs (https://www.twilio.com/docs/voice/twiml/record); the redirect behind
// Record leads to the same answer.
func (l voicemailLowering) entry(model.Node) []twiml.Verb {
	v, done := l.voicemail, l.s.link(bundle.RecordedName)
	record := &twiml.Record{Action: done, Method: get, MaxLength: int(v.MaxLength / time.Second)}
	if v.Callback != "" {
		record.RecordingCallback, record.RecordingCallbackMethod = v.Callback, "POST"
	}
	if v.Transcribe {
		record.Transcribe, record.TranscribeCallback = "true", v.Callback
	}
	return append(l.say(v.Greeting), record, &twiml.Redirect{Method: get, URL: l.s.answer(bundle.RecordedName, bundle.EmptyAnswer)})
}

func (l voicemailLowering) fill() {
	s, v := l.s, l.voicemail
	s.add(bundle.VoicemailName, &step{l.entry(nil), v.At})
	recorded := &step{append(l.say(v.Recorded), &twiml.Hangup{}), v.At}
	nothing := &step{append(l.say(v.NothingRecorded), &twiml.Hangup{}), v.At}
	s.decide(bundle.RecordedName, recorded, map[string]*step{bundle.EmptyAnswer: nothing})
	s.set("max_length", script.Duration(v.MaxLength))
	s.set("transcribe", yes(v.Transcribe))
	s.set("callback", v.Callback)
	s.says("greeting", v.Greeting)
	s.says("recorded", v.Recorded)
	s.says("nothing_recorded", v.NothingRecorded)
	s.ends("recorded")
}
