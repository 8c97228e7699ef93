package resolve

// Settings that cannot do what they say. Whoever reads the file believes that
// callers get it:
//
//	retry_every = "1m"                           callers are held for a minute, and
//	announcement { every = "2m" message = … }    each hold begins with the announcement
//
// What is absent in the text is looked for, not what is null, so that a variable that
// takes something away in one state makes nothing else a mistake.

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// idle warns of an attribute, if it is given, that cannot do what it says.
func (r *resolver) idle(a *hcl.Attribute, why string, args ...any) {
	if a != nil && !r.eval.IsNull(a) {
		r.diags.Report("IVR625", a.Expr.Range(), why, args...)
	}
}

// idleInQueue looks at how often agents are rung, and callers told.
func (r *resolver) idleInQueue(q *model.QueueNode, b config.QueueBlock) {
	s := r.model.Project.Schedule(q)
	switch {
	case b.Agents == nil:
		r.idle(b.RetryEvery, "Nobody is rung for the callers of this queue, so nobody is rung again. Name agents, or remove retry_every.")
	case s.Ring > 0 && s.Pause+s.Ring > s.Longest:
		r.idle(b.RetryEvery, "Callers wait for %s at most, and ringing the agents can take %s, so the agents are not rung again after %s. Make retry_every shorter, or max_wait longer.", script.Duration(s.Longest), script.Duration(s.Ring), script.Duration(s.Pause))
	}
	if q.Announce == nil {
		return
	}
	hold, length := r.firstHold(q), model.AnnouncementTime(q.Announce)
	about := script.Duration(length.Round(time.Second))
	room := script.Duration((hold - length + time.Second - 1).Truncate(time.Second)) // every must be shorter
	switch {
	case length >= hold:
		r.idle(b.Announcement.Message, "This announcement takes about %s, and callers are held for %s, so they never hear it. Shorten it, or let them wait for longer%s.", about, script.Duration(hold), byRetry(q, "make retry_every longer"))
	case q.Every+length < hold:
	case q.Agents != nil:
		r.idle(b.Announcement.Every, "Between two rings of the agents callers are held for %s, and each hold begins with the announcement, so they hear it then and never after %s. It takes about %s itself: make every shorter than %s, or leave it out.", script.Duration(hold), script.Duration(q.Every), about, room)
	default:
		r.idle(b.Announcement.Every, "Callers wait for %s at most, so they hear the announcement once, at the beginning. It takes about %s itself: make every shorter than %s, or leave it out.", script.Duration(hold), about, room)
	}
}

// byRetry is advice for queues whose agents are rung.
func byRetry(q *model.QueueNode, advice string) string {
	if q.Agents == nil {
		return ""
	}
	return ": " + advice
}

// idleInMessage looks at what only a text has, and only a URL.
func (r *resolver) idleInMessage(m *model.MessageNode, b config.MessageBlock) {
	if b.Text == nil {
		r.idle(b.Voice, "A recording is played as it is, so this has no effect; it is for text. Remove it.")
	}
	if b.URL == nil {
		length := "the time that a text takes is computed"
		if m.Audio != nil {
			length = "the file itself says how long it lasts"
		}
		r.idle(b.Duration, "Only audio at a url needs a duration; %s. Remove it.", length)
	}
}

// transcribed is how long a recording may be that Twilio transcribes
// (https://www.twilio.com/docs/voice/twiml/record#transcribe).
const transcribed = 2 * time.Minute

// idleInVoicemail looks at the length of what callers say.
func (r *resolver) idleInVoicemail(v *model.VoicemailNode, b config.VoicemailBlock) {
	switch {
	case v.MaxLength > v.Silence:
	case b.Silence != nil:
		r.idle(b.Silence, "A message lasts for %s at most, so it never ends after %s of silence: who says nothing waits until the end. Make silence shorter, or max_length longer.", script.Duration(v.MaxLength), script.Duration(v.Silence))
	default:
		r.idle(b.MaxLength, "A message ends after %s of silence, so %s is no more than a pause: nobody can leave a message in it. Allow at least half a minute.", script.Duration(v.Silence), script.Duration(v.MaxLength))
	}
	if v.Transcribe && v.MaxLength > transcribed {
		r.idle(b.Transcribe, "Twilio transcribes messages of at most %s, and these can last for %s, so the longest would come without a text. Shorten max_length, or leave transcribe out.", script.Duration(transcribed), script.Duration(v.MaxLength))
	}
}
