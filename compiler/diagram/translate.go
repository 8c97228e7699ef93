package diagram

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// The fixed words of the page and the sheets in the languages that the compiler
// has texts for. The English text is the key of a translation:
//
//	"hang up"                 "auflegen"
//	"If nobody answers: %s"   "Wenn sich niemand meldet: %s"
//
// A text that means two things has a note behind a bar, "recorded|calls", which
// English does not show. Each language is a file of the folder words, so that
// somebody who speaks it can read it from top to bottom without knowing Go. A
// file with a region, es-MX.json, has what differs from the language, es.json.
//
// The other drawings are for those who write the configuration and stay in the
// English of its blocks.

//go:embed words/*.json
var translations embed.FS

// A vocabulary is translations by their English texts. A text that is missing, and
// all of them in nil, are English.
type vocabulary map[string]string

// wordsOf returns the words of the language with the given BCP 47 tag, and the
// tag of the language that they are in: "en" if there are none for the language.
func wordsOf(tag string) (vocabulary, string) {
	language, region, _ := strings.Cut(tag, "-")
	language, region = strings.ToLower(language), strings.ToUpper(region)
	base, err := translations.ReadFile("words/" + language + ".json")
	switch {
	case language == "en" && (region == "US" || region == "GB"):
		return nil, language + "-" + region
	case err != nil:
		return nil, "en"
	}
	w := vocabulary{}
	w.read(base)
	if regional, err := translations.ReadFile("words/" + language + "-" + region + ".json"); err == nil {
		w.read(regional)
	}
	if region == "" {
		return w, language
	}
	return w, language + "-" + region
}

// read adds the translations of a file.
func (w *vocabulary) read(file []byte) {
	if err := json.Unmarshal(file, w); err != nil {
		panic("diagram: a file of translations is no JSON: " + err.Error()) // part of the program, and tested
	}
}

// of translates a text.
func (w vocabulary) of(english string) string {
	if text, ok := w[english]; ok {
		return text
	}
	if note := strings.LastIndexByte(english, '|'); note >= 0 {
		return english[:note]
	}
	return english
}

// with translates a text and fills in values, as [fmt.Sprintf] does.
func (w vocabulary) with(english string, values ...any) string {
	return fmt.Sprintf(w.of(english), values...)
}

// counted is "1 caller" or "5 callers" of the noun "caller".
func (w vocabulary) counted(number, noun string) string {
	if number == "1" {
		return w.of("1 " + noun)
	}
	return w.with("%s "+noun+"s", number)
}
