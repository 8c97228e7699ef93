package twiml

// The voices of Twilio and the languages that they speak. voices.txt lists the names,
// one a line, as Twilio's own library has them. The name of a Google voice begins with
// its language; those of Amazon are in the table below. For example,
// Google.pt-BR-Wavenet-A and Polly.Camila-Neural both speak pt-BR, and in a document
// whose language is en-US both are faults.

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// voiceList is the type SayVoice of VoiceResponse.d.ts in twilio 6.3.1, Twilio's
// library for Node.js, and the voices of Google and Amazon that come after it are
// unknown until the list is written again:
//
//go:generate go test . -run TestVoiceList -sdk node_modules/twilio/lib/twiml/VoiceResponse.d.ts
//go:embed voices.txt
var voiceList string

// pollyLanguages lists the voices of Amazon Polly by the languages that they speak:
// https://docs.aws.amazon.com/polly/latest/dg/available-voices.html. A voice of two
// languages stands in both rows.
var pollyLanguages = []struct{ language, names string }{
	{"ar-AE", "Hala Zayd"},
	{"arb", "Zeina Hala Zayd"},
	{"ca-ES", "Arlet"},
	{"cmn-CN", "Zhiyu"},
	{"cy-GB", "Gwyneth"},
	{"da-DK", "Mads Naja Sofie"},
	{"de-AT", "Hannah"},
	{"de-DE", "Daniel Hans Marlene Vicki"},
	{"en-AU", "Nicole Olivia Russell"},
	{"en-GB", "Amy Arthur Brian Emma"},
	{"en-GB-WLS", "Geraint"},
	{"en-IE", "Niamh"},
	{"en-IN", "Aditi Kajal Raveena"},
	{"en-NZ", "Aria"},
	{"en-US", "Danielle Gregory Ivy Joanna Joey Justin Kendra Kevin Kimberly Matthew Ruth Salli Stephen"},
	{"en-ZA", "Ayanda"},
	{"es-ES", "Conchita Enrique Lucia Sergio"},
	{"es-MX", "Andres Mia"},
	{"es-US", "Lupe Miguel Pedro Penelope"},
	{"fi-FI", "Suvi"},
	{"fr-BE", "Isabelle"},
	{"fr-CA", "Chantal Gabrielle Liam"},
	{"fr-FR", "Celine Lea Mathieu Remi"},
	{"hi-IN", "Aditi Kajal"},
	{"is-IS", "Dora Karl"},
	{"it-IT", "Adriano Bianca Carla Giorgio"},
	{"ja-JP", "Kazuha Mizuki Takumi Tomoko"},
	{"ko-KR", "Seoyeon"},
	{"nb-NO", "Ida Liv"},
	{"nl-BE", "Lisa"},
	{"nl-NL", "Laura Lotte Ruben"},
	{"pl-PL", "Ewa Jacek Jan Maja Ola"},
	{"pt-BR", "Camila Ricardo Thiago Vitoria"},
	{"pt-PT", "Cristiano Ines"},
	{"ro-RO", "Carmen"},
	{"ru-RU", "Maxim Tatyana"},
	{"sv-SE", "Astrid Elin"},
	{"tr-TR", "Burcu Filiz"},
	{"yue-CN", "Hiujin"},
}

// sameLanguage lists languages that have several tags: Amazon's, Google's and those
// that Twilio has had for long.
var sameLanguage = [][]string{
	{"ar-xa", "arb", "ar"},
	{"cmn-cn", "zh-cn", "zh"},
	{"cmn-tw", "zh-tw"},
	{"yue-hk", "yue-cn", "zh-hk"},
	{"en-gb", "en-uk"},
	{"nb-no", "no-no"},
	{"fil-ph", "tl-ph"},
	{"he-il", "iw-il"},
}

// plainVoice takes the accents from the name of a voice. Twilio's pages write
// Polly.Vitória, and its library Polly.Vitoria; both are accepted.
var plainVoice = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ê", "e", "ã", "a")

// voiceTable is the list of voices, in the ways in which it is asked for.
type voiceTable struct {
	names []string            // in the order of the list
	known map[string]bool     // by name without accents
	polly map[string][]string // the languages of each voice of Amazon
	of    map[string][]string // the voices of each language, by its key; see [VoicesOf]
}

// voices returns the table, which it builds when it is first called.
var voices = sync.OnceValue(func() *voiceTable {
	t := &voiceTable{strings.Fields(voiceList), map[string]bool{}, map[string][]string{}, map[string][]string{}}
	for _, name := range t.names {
		t.known[plainVoice.Replace(name)] = true
	}
	for _, row := range pollyLanguages {
		for _, name := range strings.Fields(row.names) {
			t.polly[name] = append(t.polly[name], row.language)
		}
	}
	for _, standard := range []bool{true, false} {
		for _, name := range t.names {
			if standard == (strings.HasPrefix(name, "Polly.") && !strings.Contains(name, "-")) {
				for _, language := range t.languages(name) {
					key := languageKey(language)
					t.of[key] = append(t.of[key], name)
				}
			}
		}
	}
	return t
})

// Voices lists the names of Twilio's voices, sorted.
func Voices() []string { return slices.Clone(voices().names) }

// IsVoice reports whether Twilio has a voice with this name. Accents do not count.
func IsVoice(name string) bool { return voices().known[plainVoice.Replace(name)] }

// VoiceLanguages lists the languages that a voice speaks, as BCP 47 tags. It is empty
// for a voice that speaks several and for one whose languages are not published.
func VoiceLanguages(name string) []string { return voices().languages(name) }

func (t *voiceTable) languages(name string) []string {
	maker, rest, _ := strings.Cut(plainVoice.Replace(name), ".")
	parts := strings.Split(rest, "-")
	switch {
	case maker == "Polly":
		return t.polly[parts[0]]
	case maker == "Google" && len(parts) > 2:
		return []string{parts[0] + "-" + strings.ToUpper(parts[1])}
	}
	return nil
}

// Speaks reports whether a voice can speak a language. It is false only if both are
// known and Twilio's lists do not have the voice under the language: such a pair
// "may result in error and <Say> instruction failure",
// https://www.twilio.com/docs/voice/twiml/say#language.
func Speaks(voice, language string) bool {
	spoken := VoiceLanguages(voice)
	return len(spoken) == 0 || language == "" ||
		slices.ContainsFunc(spoken, func(s string) bool { return languageKey(s) == languageKey(language) })
}

// VoicesOf lists the voices of a language, the standard voices of Amazon first: every
// account has them, and they cost least.
func VoicesOf(language string) []string { return slices.Clone(voices().of[languageKey(language)]) }

// languageKey is the same for all tags of a language.
func languageKey(tag string) string {
	tag = strings.ToLower(tag)
	for _, row := range sameLanguage {
		if slices.Contains(row, tag) {
			return row[0]
		}
	}
	return tag
}
