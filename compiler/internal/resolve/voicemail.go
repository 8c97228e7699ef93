package resolve

import (
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// voicemails are resolved into nodes.
var voicemails = nodesOf(
	func(c *config.Config) []config.VoicemailBlock { return c.Voicemails },
	func(b config.VoicemailBlock) *model.VoicemailNode {
		return &model.VoicemailNode{Name: b.Name, At: b.Range}
	},
	(*resolver).voicemail,
)

// voicemail resolves a voicemail.
func (r *resolver) voicemail(v *model.VoicemailNode, b config.VoicemailBlock) {
	v.MaxLength, v.Silence, v.Finish, v.Attempts = 2*time.Minute, model.SilenceEnds, model.AnyKey, 1
	v.Greeting = r.messageOr(b.Greeting, r.stock["greeting"])
	v.Then, v.OnEmpty = r.destination(b.Then), r.destination(b.OnEmpty)
	r.duration(b.MaxLength, &v.MaxLength, &model.LimitVoicemail)
	r.duration(b.Silence, &v.Silence, &model.LimitSilence)
	r.integer(b.Attempts, &v.Attempts, &model.LimitSpoken)
	if text, at, ok := r.text(b.Finish); ok {
		if v.Finish = ""; text != "" {
			v.Finish = string(r.anyKey(text, at))
		}
	}
	r.afterRecording(v, b)
	v.Transcribe, _ = r.boolean(b.Transcribe)
	if text, at, ok := r.text(b.Callback); ok && checkURL(r.diags, text, at) {
		v.Callback = text
	}
	r.idleInVoicemail(v, b)
	if v.Transcribe && !strings.HasPrefix(r.model.Project.Language, "en") {
		r.diags.Report("IVR610", b.Transcribe.Expr.Range(), "Twilio transcribes American English only; what callers say in another language comes out wrong. Leave transcribe away, or take the recording from callback.")
	}
}

// afterRecording resolves what is said after a recording. The built-in texts say goodbye
// where the call ends.
func (r *resolver) afterRecording(v *model.VoicemailNode, b config.VoicemailBlock) {
	v.Recorded, v.NothingRecorded = r.stock["recorded"], r.stock["nothing_recorded"]
	if v.Then != nil {
		v.Recorded = r.stock["message_recorded"]
	}
	if v.OnEmpty != nil {
		v.NothingRecorded = r.stock["no_message"]
	}
	v.Recorded = r.messageOrNothing(b.Recorded, v.Recorded)
	v.NothingRecorded = r.messageOrNothing(b.NothingRecorded, v.NothingRecorded)
	if v.Again = v.NothingRecorded; b.NothingRecorded == nil || r.eval.IsNull(b.NothingRecorded) {
		v.Again = r.stock["no_message"]
	}
}
