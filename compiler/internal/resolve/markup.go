package resolve

// Texts that were written for something else. Whatever a text holds is spoken as it
// stands, so speech markup and placeholders that nothing fills in reach the caller:
// "<speak>Hello {{trigger.call.From}}" is read with its brackets and dots, or in part.

import (
	"regexp"

	"github.com/hashicorp/hcl/v2"
)

// foreign finds what no caller is meant to hear, and says what it is.
var foreign = []struct {
	form *regexp.Regexp
	is   string
}{
	{regexp.MustCompile(`</?(?i:speak|break|prosody|emphasis|say-as|sub|phoneme|lang|voice|audio|mark|amazon:[a-z-]+|google:[a-z-]+|Say|Play|Pause|b|i|em|strong|br|p|s|span|div)(?:\s[^<>]*)?/?>`), "markup"},
	{regexp.MustCompile(`&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,6});`), "an escaped character"},
	{regexp.MustCompile(`\{\{[^{}]*\}\}`), "a placeholder"},
	{regexp.MustCompile(`[$#%]\{[^{}]*\}`), "a placeholder"},
	{regexp.MustCompile(`<%[^<>]*%>`), "a placeholder"},
	{regexp.MustCompile(`\{[A-Za-z0-9_.]+\}`), "a placeholder"},
	{regexp.MustCompile(`%(?:\([A-Za-z_]+\)|[0-9]+\$)?[sdvif@]\b`), "a placeholder"},
}

// checkForeign warns of markup and placeholders in a text.
func (r *resolver) checkForeign(text string, at hcl.Range) {
	for _, f := range foreign {
		where := f.form.FindStringIndex(text)
		if where == nil || f.is == "a placeholder" && where[0] > 0 && text[where[0]] == '%' && text[where[0]-1] >= '0' && text[where[0]-1] <= '9' {
			continue
		}
		r.diags.Report("IVR623", at, "Callers would hear %q as it stands: it looks like %s, and texts are spoken as they are written. Write what is to be heard.", text[where[0]:where[1]], f.is)
		return
	}
}
