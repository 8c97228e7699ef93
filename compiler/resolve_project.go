package compiler

// Resolving the blocks that describe the project as a whole: project and twilio.

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// project resolves the project block, of which there must be one.
func (r *resolver) project() {
	english, _ := languageOf("en-US")
	p := &project{texts: english, language: english.Language, voice: english.Voice}
	r.model.project = p
	if len(r.config.Projects) == 0 {
		at := hcl.Range{Filename: r.eval.first, Start: hcl.InitialPos, End: hcl.InitialPos}
		if !r.eval.lost("project") {
			r.diags.report("IVR113", at, "There is no project block. Its name marks the queues at Twilio as this project's own: project \"example\" {}.")
		}
		r.stockMessages(projectConfig{})
		return
	}
	for _, more := range r.config.Projects[1:] {
		r.diags.report("IVR111", more.Range, "There is a project block already, at %s. One directory is one project.", place(r.config.Projects[0].Range))
	}
	b := r.config.Projects[0]
	p.name, p.at = b.Name, b.Range
	if !validName(p.name) {
		r.diags.report("IVR110", b.Range, "The project's name %q cannot be used in the names of queues and documents. Use letters, digits, - and _, at most 64, and begin with a letter.", p.name)
	}
	if tag, at, ok := r.text(b.Language); ok {
		if t, known := languageOf(tag); known {
			p.texts, p.language, p.voice = t, t.Language, t.Voice
		} else {
			r.diags.report("IVR413", at, "There are no built-in texts for the language %q.%s The languages are %s.", tag, nearLanguage(r.diags, tag), strings.Join(languageTags(), ", "))
		}
	}
	if voice, at, ok := r.text(b.Voice); ok && checkVoice(r.diags, voice, at) {
		p.voice = voice
	}
	p.profile = profile(r.choice(b.Limits, "limits", profileNames[:]))
	p.record, _ = r.boolean(b.Record)
	p.salt, _, _ = r.text(b.Salt)
	r.stockMessages(b)
}

// stockMessages resolves the messages that are the project's defaults.
func (r *resolver) stockMessages(b projectConfig) {
	p := r.model.project
	for name, text := range p.texts.stock() {
		r.stock[name] = &message{text: text, voice: p.voice, language: p.language}
	}
	p.busy = r.messageOr(b.Busy, r.stock["busy"])
	p.unavailable = r.messageOr(b.Unavailable, r.stock["unavailable"])
	p.invalid = r.messageOr(b.Invalid, r.stock["invalid"])
	p.noInput = r.messageOr(b.NoInput, r.stock["no_input"])
	p.goodbye = r.messageOr(b.Goodbye, r.stock["goodbye"])
}

// builtin is one of the language's texts as a message.
func (r *resolver) builtin(text string) *message {
	return &message{text: text, voice: r.model.project.voice, language: r.model.project.language}
}

// twilio checks the twilio block, which deployment reads.
func (r *resolver) twilio() {
	for i, b := range r.config.Twilio {
		if i > 0 {
			r.diags.report("IVR111", b.Range, "There is a twilio block already, at %s.", place(r.config.Twilio[0].Range))
			break
		}
		if text, at, ok := r.text(b.AccountSID); ok && !isAccountSID(text) {
			r.diags.report("IVR203", at, "An account SID is AC and 32 hexadecimal digits.")
		}
		d := &r.model.hosting.deployment
		d.AccountSID, _, _ = r.text(b.AccountSID)
		d.Region, _, _ = r.text(b.Region)
		d.Edge, _, _ = r.text(b.Edge)
	}
}

// isAccountSID reports whether a text has the form of Twilio's account SIDs.
func isAccountSID(text string) bool {
	return len(text) == 34 && strings.HasPrefix(text, "AC") && strings.Trim(text[2:], "0123456789abcdef") == ""
}
