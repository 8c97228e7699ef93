package twiml

import "time"

// SpeakingTime estimates how long a voice takes to speak text in the given
// language (BCP 47, such as "pt-BR").
func SpeakingTime(language, text string) time.Duration {
	panic("to be written")
}

// Speakable reports the byte offset of the first character that a document or a
// terminal cannot carry: a control character, a bidirectional override, a
// non-character, or invalid UTF-8. It is -1 if there is none.
func Speakable(text string) int {
	panic("to be written")
}
