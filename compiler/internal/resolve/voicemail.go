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
	v.MaxLength = 2 * time.Minute
	v.Greeting = r.messageOr(b.Greeting, r.stock["greeting"])
	v.Recorded, v.NothingRecorded = r.stock["recorded"], r.stock["nothing_recorded"]
	r.duration(b.MaxLength, &v.MaxLength, &model.LimitVoicemail)
	v.Transcribe, _ = r.boolean(b.Transcribe)
	if text, at, ok := r.text(b.Callback); ok && checkURL(r.diags, text, at) {
		v.Callback = text
	}
	r.idleInVoicemail(v, b)
	if v.Transcribe && !strings.HasPrefix(r.model.Project.Language, "en") {
		r.diags.Report("IVR610", b.Transcribe.Expr.Range(), "Twilio transcribes American English only; what callers say in another language comes out wrong. Leave transcribe away, or take the recording from callback.")
	}
}
