package lower

import (
	"strconv"
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
	record    bool
}

func (l voicemailLowering) entry(model.Node) []twiml.Verb { return l.attempt(1) }

// attempt greets and records. Twilio's documents leave open whether the action is
// requested when nobody spoke, with a RecordingDuration of 0, or the next verb
// runs (https://www.twilio.com/docs/voice/twiml/record); the redirect behind
// Record leads to the same answer.
func (l voicemailLowering) attempt(k int) []twiml.Verb {
	v, name := l.voicemail, bundle.RecordName(k)
	record := &twiml.Record{Action: l.s.link(name), Method: get, MaxLength: int(v.MaxLength / time.Second)}
	if v.Silence != model.SilenceEnds {
		seconds := int(v.Silence / time.Second)
		record.Timeout = &seconds
	}
	if v.Finish != model.AnyKey {
		record.FinishOnKey = &v.Finish
	}
	if v.Callback != "" {
		record.RecordingCallback, record.RecordingCallbackMethod = v.Callback, "POST"
	}
	if v.Transcribe {
		record.Transcribe, record.TranscribeCallback = "true", v.Callback
	}
	return append(l.say(v.Greeting), record, &twiml.Redirect{Method: get, URL: l.s.answer(name, bundle.EmptyAnswer)})
}

func (l voicemailLowering) fill() {
	s, v := l.s, l.voicemail
	s.add(bundle.VoicemailName, &step{l.entry(nil), v.At})
	recorded, empty := l.after(v.Then, v.Recorded), l.after(v.OnEmpty, v.NothingRecorded)
	for k := 1; k <= v.Attempts; k++ {
		silent := empty
		if k < v.Attempts {
			silent = &step{append(l.say(v.Again), l.attempt(k+1)...), v.At}
		}
		s.decide(bundle.RecordName(k), recorded, map[string]*step{bundle.EmptyAnswer: silent})
	}
	l.describe()
}

// after is what follows a recording. A call that ends with it hears goodbye only if
// nothing else is said.
func (l voicemailLowering) after(to *model.Link, said *model.MessageNode) *step {
	if to == nil && said != nil {
		to = &model.Link{To: model.HangupNode{}, At: l.voicemail.At}
	}
	return l.finish(l.s, l.voicemail, to, l.record, l.voicemail.At, said)
}

// describe says what a message may be like, and what follows it. What is as Twilio has it
// is not mentioned.
func (l voicemailLowering) describe() {
	s, v := l.s, l.voicemail
	s.set("max_length", script.Duration(v.MaxLength))
	if v.Silence != model.SilenceEnds {
		s.set("silence", script.Duration(v.Silence))
	}
	switch v.Finish {
	case model.AnyKey:
	case "":
		s.set("finish", "none")
	default:
		s.set("finish", v.Finish)
	}
	if v.Attempts > 1 {
		s.set("attempts", strconv.Itoa(v.Attempts))
	}
	s.set("transcribe", yes(v.Transcribe))
	s.set("callback", v.Callback)
	s.says("greeting", v.Greeting)
	s.says("recorded", v.Recorded)
	if v.Attempts > 1 {
		s.says("again", v.Again)
	}
	s.says("nothing_recorded", v.NothingRecorded)
	l.exit("recorded", v.Then, v.Recorded)
	if v.LeadsOn() {
		l.exit("empty", v.OnEmpty, v.NothingRecorded)
	} else if v.NothingRecorded == nil && v.Recorded != nil {
		s.says("goodbye", s.speaks.Goodbye)
	}
}

// exit describes what follows a recording.
func (l voicemailLowering) exit(on string, to *model.Link, said *model.MessageNode) {
	if to == nil && said != nil {
		l.s.ends(on)
		return
	}
	l.goes(l.s, on, "", to, l.record)
}
