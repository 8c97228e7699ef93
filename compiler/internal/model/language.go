package model

// What callers hear where the configuration says nothing. Each language is a file
// of the folder languages, so that somebody who speaks it can read it from top to
// bottom as a caller hears it, without knowing Go.
//
// The register is that of a telephone announcer of the country: formal, short,
// without exclamation, and without a gender for the caller or the staff where
// the language allows that. Messages that can be followed by a queue, a
// voicemail or the end of the call (busy, unavailable, queue_full, queue_timeout)
// therefore neither ask to call again nor say goodbye.
//
// The voices are standard voices of Amazon Polly, which Twilio offers to every
// account (https://www.twilio.com/docs/voice/twiml/say/text-speech).
//
// In German a digit before a full stop is an ordinal number: a voice may read
// "die 1." as "die Erste". The key therefore never ends a German sentence.

import (
	"embed"
	"encoding/json"
	"sync"
)

//go:embed languages/*.json
var languageFiles embed.FS

// languages returns the texts of every language, sorted by tag.
var languages = sync.OnceValue(func() []Texts {
	files, err := languageFiles.ReadDir("languages")
	if err != nil {
		panic("model: the languages are not embedded: " + err.Error())
	}
	list := make([]Texts, len(files))
	for i, file := range files {
		text, err := languageFiles.ReadFile("languages/" + file.Name())
		if err == nil {
			err = json.Unmarshal(text, &list[i])
		}
		if err != nil {
			panic("model: " + file.Name() + ": " + err.Error()) // the tests read every file
		}
	}
	return list
})
