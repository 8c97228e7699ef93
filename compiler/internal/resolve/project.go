package resolve

// Resolving the blocks that describe the project as a whole: project and twilio.

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// project resolves the project block, of which there must be one.
func (r *resolver) project() {
	english, _ := model.LanguageOf("en-US")
	p := &model.Project{Texts: english, Language: english.Language, Voice: english.Voice}
	r.model.Project = p
	if len(r.config.Projects) == 0 {
		at := hcl.Range{Filename: r.eval.FirstFile, Start: hcl.InitialPos, End: hcl.InitialPos}
		if !r.eval.Lost("project") {
			r.diags.Report("IVR113", at, "There is no project block. Its name marks the queues at Twilio as this project's own: project \"example\" {}.")
		}
		r.stockMessages(config.ProjectBlock{})
		return
	}
	for _, more := range r.config.Projects[1:] {
		r.diags.Report("IVR111", more.Range, "There is a project block already, at %s. One directory is one project.", diagnostic.Place(r.config.Projects[0].Range))
	}
	b := r.config.Projects[0]
	p.Name, p.At = b.Name, b.Range
	r.ownTexts(b.Texts)
	if !config.ValidName(p.Name) {
		r.diags.Report("IVR110", b.Range, "The project's name %q cannot be used in the names of queues and documents. Use letters, digits, - and _, at most 64, and begin with a letter.", p.Name)
	}
	spoken := p.Language
	if b.Language != nil && !r.eval.IsNull(b.Language) {
		spoken = "" // not known if it is wrong
		if tag, at, ok := r.text(b.Language); ok {
			if t := r.spokenIn(tag, at); t != nil {
				p.Texts, p.Language, p.Voice, spoken = t, t.Language, t.Voice, t.Language
			}
		}
	}
	r.voices(b.Voice, spoken)
	p.Profile = model.Profile(r.choice(b.Limits, "limits", model.ProfileNames[:]))
	p.Record, _ = r.boolean(b.Record)
	p.Salt, _, _ = r.text(b.Salt)
	r.stockMessages(b)
}

// stockMessages resolves the messages that are the project's defaults.
func (r *resolver) stockMessages(b config.ProjectBlock) {
	p := r.model.Project
	for name := range p.Texts.Stock() {
		r.stock[name] = p.Said(name)
	}
	p.Busy = r.messageOr(b.Busy, r.stock["busy"])
	p.Unavailable = r.messageOr(b.Unavailable, r.stock["unavailable"])
	p.Invalid = r.words(b.Invalid, []*model.MessageNode{r.stock["invalid"]})
	p.NoInput = r.words(b.NoInput, []*model.MessageNode{r.stock["no_input"]})
	p.Goodbye = r.messageOr(b.Goodbye, r.stock["goodbye"])
}

// twilio checks the twilio block, which deployment reads.
func (r *resolver) twilio() {
	for i, b := range r.config.Twilio {
		if i > 0 {
			r.diags.Report("IVR111", b.Range, "There is a twilio block already, at %s.", diagnostic.Place(r.config.Twilio[0].Range))
			break
		}
		if text, at, ok := r.text(b.AccountSID); ok && !isAccountSID(text) {
			r.diags.Report("IVR203", at, accountSIDForm)
		}
		d := &r.model.Hosting.Deployment
		d.AccountSID, _, _ = r.text(b.AccountSID)
		d.Region, _, _ = r.text(b.Region)
		d.Edge, _, _ = r.text(b.Edge)
		r.idle(b.Region, "The region comes from the environment, so this has no effect. Set TWILIO_REGION instead.")
		r.idle(b.Edge, "The edge comes from the environment, so this has no effect. Set TWILIO_EDGE instead.")
	}
}

// accountSIDForm says what account SIDs look like.
const accountSIDForm = "An account SID is AC and 32 hexadecimal digits."

// isAccountSID reports whether a text has the form of Twilio's account SIDs.
func isAccountSID(text string) bool {
	return len(text) == 34 && strings.HasPrefix(text, "AC") && strings.Trim(text[2:], "0123456789abcdef") == ""
}
