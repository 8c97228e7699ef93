package compiler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// voiceSite is a configuration with one message in a menu.
const voiceSite = `
project "office" {}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
menu "main" {
  welcome = message.welcome
  option "1" {
    label = "our hours"
    to    = message.welcome
  }
}
message "welcome" {
  text     = "Hello."
  language = %q
  voice    = %q
}
`

// Whatever voice and language a message has, the compiler speaks up exactly if Twilio
// would refuse one of the documents, and the fallback can be heard in any case.
func TestVoicesLaw(t *testing.T) {
	var languages []string
	for _, name := range twiml.Voices() {
		languages = append(languages, twiml.VoiceLanguages(name)...)
	}
	slices.Sort(languages)
	languages = slices.Compact(languages)
	rapid.Check(t, func(t *rapid.T) {
		voice := rapid.SampledFrom(twiml.Voices()).Draw(t, "voice")
		language := rapid.SampledFrom(languages).Draw(t, "language")
		if spoken := twiml.VoiceLanguages(voice); len(spoken) > 0 && rapid.Bool().Draw(t, "own language") {
			language = spoken[0]
		}
		if rapid.IntRange(0, 3).Draw(t, "misspelt") == 0 {
			voice += rapid.SampledFrom([]string{"a", "-Neural2", "Z"}).Draw(t, "ending")
		}
		if speaks, known := spokenByName(voice, language); known && twiml.IsVoice(voice) && speaks != twiml.Speaks(voice, language) {
			t.Fatalf("%s speaks %s: want %t by its name", voice, language, speaks)
		}
		files := fstest.MapFS{"main.ivr.hcl": {Data: []byte(fmt.Sprintf(voiceSite, language, voice))}}
		result, diags := Compile(Input{Files: files, Version: "test"})
		codes := listed(diags)
		want := ""
		switch {
		case !strings.HasPrefix(voice, "Polly.") && !strings.HasPrefix(voice, "Google.") && !strings.HasPrefix(voice, "ElevenLabs.") && !twiml.IsVoice(voice):
			want = "IVR413"
		case !twiml.IsVoice(voice):
			want = "IVR621"
		case !twiml.Speaks(voice, language):
			want = "IVR440"
		}
		for _, code := range []string{"IVR413", "IVR440", "IVR621"} {
			if strings.Contains(codes, code) != (code == want) {
				t.Fatalf("%s in %s: %v, want %q", voice, language, codes, want)
			}
		}
		if diags.HasErrors() {
			return
		}
		refused := false
		for path, f := range result.Bundle.Data {
			if !strings.HasSuffix(path, ".xml") {
				continue
			}
			_, faults := twiml.Decode(f)
			refused = refused || len(faults) > 0
			if strings.Contains(path, "fallback") && (len(faults) > 0 || strings.Contains(string(f), "voice=")) {
				t.Fatalf("the fallback: %s %v", f, faults)
			}
		}
		if refused != (want == "IVR621") {
			t.Fatalf("%s in %s: refused: %v, reported: %v", voice, language, refused, codes)
		}
	})
}

// spokenByName tells from the name of a voice of Google whether it speaks a language.
// Of languages with several tags it is not known, unless the tag is that of the name.
func spokenByName(voice, language string) (speaks, known bool) {
	rest, google := strings.CutPrefix(voice, "Google.")
	parts := strings.Split(rest, "-")
	if !google || len(parts) < 2 {
		return false, false
	}
	if strings.EqualFold(parts[0]+"-"+parts[1], language) {
		return true, true
	}
	one, _, _ := strings.Cut(language, "-")
	several := []string{"ar", "arb", "cmn", "zh", "yue", "nb", "no", "fil", "tl", "he", "iw", "en"}
	return false, !slices.Contains(several, one) || !slices.Contains(several, parts[0])
}

// The default voice of each language is one of Twilio's, and speaks it.
func TestDefaultVoices(t *testing.T) {
	for _, tag := range model.LanguageTags() {
		texts, _ := model.LanguageOf(tag)
		if !twiml.IsVoice(texts.Voice) || len(twiml.VoiceLanguages(texts.Voice)) == 0 || !twiml.Speaks(texts.Voice, tag) {
			t.Errorf("%s: %s speaks %v", tag, texts.Voice, twiml.VoiceLanguages(texts.Voice))
		}
	}
}
