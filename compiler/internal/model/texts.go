package model

import (
	"maps"
	"slices"
	"strings"
)

// Texts are what callers hear in one language where the configuration says
// nothing.
type Texts struct {
	Language string `json:"language"` // BCP 47: "en-US"
	Name     string `json:"name"`     // of the language in English, for messages of the compiler
	Voice    string `json:"voice"`    // the default voice

	// Prompt is read once for each option of a menu, Repeat and Back once after
	// the options. ${key} is a digit, Star or Pound; ${menu} the option's label.
	Prompt string `json:"prompt"`
	Repeat string `json:"repeat"`
	Back   string `json:"back"`
	Star   string `json:"star"`  // how the key * is called aloud
	Pound  string `json:"pound"` // how the key # is called aloud

	Invalid string `json:"invalid"`  // after a key that is no option
	NoInput string `json:"no_input"` // after silence
	Goodbye string `json:"goodbye"`  // before the end of a call

	Busy        string `json:"busy"`        // every user of the ring group was busy
	Unavailable string `json:"unavailable"` // nobody answered
	Offline     string `json:"offline"`     // the number is switched off; the call ends

	Greeting        string `json:"greeting"`         // of a voicemail, before the tone
	Recorded        string `json:"recorded"`         // after the caller's message; the call ends
	NothingRecorded string `json:"nothing_recorded"` // after the tone, if the caller said nothing; the call ends
	MessageRecorded string `json:"message_recorded"` // after the caller's message; the call goes on
	NoMessage       string `json:"no_message"`       // after the tone, if the caller said nothing; the call goes on

	PleaseHold   string `json:"please_hold"`   // from time to time in a queue; short, as it interrupts the music
	QueueFull    string `json:"queue_full"`    // more callers are waiting than may
	QueueTimeout string `json:"queue_timeout"` // the caller has waited for the longest wait

	Confirm      string `json:"confirm"`       // to a user who answered, before the caller is connected
	ConfirmAgain string `json:"confirm_again"` // to a user who has not pressed 1 yet
	Accepted     string `json:"accepted"`      // to a user who has pressed 1
	NoCaller     string `json:"no_caller"`     // to an agent, when nobody waits in the queue; the call ends

	Recording string `json:"recording"` // before a conversation that is recorded
	Fallback  string `json:"fallback"`  // when a document cannot be had; the call ends
}

// LanguageOf returns the texts of the language with the given BCP 47 tag. As in
// BCP 47, upper and lower case are the same; en is not en-US.
func LanguageOf(tag string) (*Texts, bool) {
	for i := range languages() {
		if strings.EqualFold(languages()[i].Language, tag) {
			return &languages()[i], true
		}
	}
	return nil, false
}

// StockNames lists the names of the built-in messages, which are the same in
// every language.
func StockNames() []string {
	return slices.Sorted(maps.Keys(languages()[0].Stock()))
}

// LanguageTags lists the tags that [languageOf] knows, sorted.
func LanguageTags() []string {
	tags := make([]string, len(languages()))
	for i := range languages() {
		tags[i] = languages()[i].Language
	}
	return tags
}

// Stock returns the built-in messages that a configuration can name, as in
// stock.please_hold.
func (t *Texts) Stock() map[string]string {
	return map[string]string{
		"busy":             t.Busy,
		"goodbye":          t.Goodbye,
		"greeting":         t.Greeting,
		"invalid":          t.Invalid,
		"message_recorded": t.MessageRecorded,
		"no_input":         t.NoInput,
		"no_message":       t.NoMessage,
		"nothing_recorded": t.NothingRecorded,
		"offline":          t.Offline,
		"please_hold":      t.PleaseHold,
		"queue_full":       t.QueueFull,
		"queue_timeout":    t.QueueTimeout,
		"recorded":         t.Recorded,
		"recording":        t.Recording,
		"unavailable":      t.Unavailable,
	}
}

// Builtin returns the built-in text with a name, of which a configuration can name
// those of [Texts.Stock]; "" if there is none.
func (t *Texts) Builtin(name string) string {
	switch name {
	case "fallback":
		return t.Fallback
	case "no_caller":
		return t.NoCaller
	}
	return t.Stock()[name]
}

// SpokenKey is how a key is called aloud.
func (t *Texts) SpokenKey(k Key) string {
	switch k {
	case "*":
		return t.Star
	case "#":
		return t.Pound
	}
	return string(k)
}

// Voices lists the default voices, by the tags of their languages.
func Voices() []string {
	voices := make([]string, len(languages()))
	for i := range languages() {
		voices[i] = languages()[i].Voice
	}
	return voices
}
