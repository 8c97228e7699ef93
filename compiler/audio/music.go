package audio

import _ "embed" // the hold music

//go:embed hold_music.wav
var holdMusic string

// HoldMusic returns the music that callers hear while they wait, unless a queue
// names its own: a WAV file of 8 kHz µ-law, which is what the telephone network
// itself carries. It is a slow waltz of 32 bars in D major, made for this program.
// It lasts a little over a minute and can be repeated without a seam. The bytes
// are the caller's own.
func HoldMusic() []byte { return []byte(holdMusic) }
