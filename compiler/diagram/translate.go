package diagram

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// The page and the sheets have fixed words in every language that the compiler has
// texts for. The English text is the key of a translation:
//
//	"hang up"                 "auflegen"
//	"If nobody answers: %s"   "Wenn sich niemand meldet: %s"
//
// A text with two meanings has a note after a bar, "recorded|calls", which English
// does not show. Each language is a file in the folder words, so that people who speak
// it can read it from top to bottom without knowing Go. A file with a region, such as
// es-MX.json, has only what differs from the language, es.json.
//
// The other drawings are for the people who write the configuration, and are in
// English like its blocks.

//go:embed words/*.json
var translations embed.FS

// A vocabulary holds translations by their English texts. A text without a translation
// stays English, and so do all texts if the vocabulary is nil.
type vocabulary map[string]string

// wordsOf returns the words of the language with the given BCP 47 tag, and the tag of
// the language that they are in, which is "en" if there are none for that language.
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

// counted returns a number with a noun: "1 caller", "5 callers".
func (w vocabulary) counted(number, noun string) string {
	if number == "1" {
		return w.of("1 " + noun)
	}
	return w.with("%s "+noun+"s", number)
}
