package resolve

// Checking voices against Twilio's list of them, and against the language that they
// are to speak. For example, voice = "Polly.Camila" is an error in a project whose
// language is en-US, because that voice speaks pt-BR, and "Polly.Joana" is a warning
// that suggests "Polly.Joanna".

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// voiceForm is what the names of Twilio's voices look like. A name that looks
// otherwise is an error; one that is only not in the list can be newer than the list,
// and is a warning.
var voiceForm = regexp.MustCompile(`^(man|woman|alice|(Polly|Google|ElevenLabs)\.[^\s<>&"']+)$`)

// checkVoice reports a voice that Twilio does not have, or that does not speak the
// language. It returns whether the voice can be used.
func checkVoice(r *diagnostic.Collector, voice, language string, at hcl.Range) bool {
	switch {
	case !voiceForm.MatchString(voice):
		r.Report("IVR413", at, "A voice is \"man\", \"woman\" or the name of an Amazon Polly, Google or ElevenLabs voice, such as \"Polly.Joanna\" or \"Google.en-US-Standard-C\".%s With another, Twilio would say nothing.", nearVoice(r, voice, language))
		return false
	case !twiml.IsVoice(voice):
		r.Report("IVR621", at, "Twilio's list of voices has no %q.%s With a voice that Twilio does not have, a menu fails, and callers hear the fallback instead.", voice, nearVoice(r, voice, language))
	case !twiml.Speaks(voice, language):
		r.Report("IVR440", at, "%s speaks %s, and the language here is %s. %s", voice, strings.Join(twiml.VoiceLanguages(voice), " and "), language, instead(voice, language))
		return false
	}
	return true
}

// instead says how a voice and a language come together.
func instead(voice, language string) string {
	other := fmt.Sprintf("set language = %q beside the voice", twiml.VoiceLanguages(voice)[0])
	of := twiml.VoicesOf(language)
	if t, known := model.LanguageOf(language); known {
		of = []string{t.Voice}
	}
	if len(of) > 0 {
		return fmt.Sprintf("Use a voice of %s, such as %q, or %s.", language, of[0], other)
	}
	return "Twilio has no voice for that language: " + other + "."
}

// nearVoice suggests a voice: one that is called so by its maker, or the nearest,
// first among those of the language.
func nearVoice(r *diagnostic.Collector, voice, language string) string {
	of := twiml.VoicesOf(language)
	for _, names := range [][]string{of, twiml.Voices()} {
		for _, name := range names {
			if _, rest, _ := strings.Cut(name, "."); strings.EqualFold(rest, voice) {
				return fmt.Sprintf(" Did you mean %q?", name)
			}
		}
	}
	if near := r.DidYouMean(voice, of); near != "" {
		return near
	}
	return r.DidYouMean(voice, twiml.Voices())
}

// askForVoice reports a message in a language that has no default voice, and no voice
// is named.
func (r *resolver) askForVoice(language string, at hcl.Range) {
	of := twiml.VoicesOf(language)
	if len(of) == 0 {
		r.diags.Report("IVR621", at, "Twilio's list of voices has none that speaks %q.%s Without one, callers may hear nothing.", language, nearLanguage(r.diags, language))
		return
	}
	r.diags.Report("IVR622", at, "No voice is named, so the account's settings decide who speaks %s, and whether anybody can. Name a voice of that language, such as voice = %q.", language, of[0])
}
