// Package audio reads the two kinds of audio file that a bundle may hold, WAV
// and MP3: it tells what a file is and how long it plays, and cuts pieces from it.
// It also holds the default hold music.
//
//	clip, err := audio.Read(data)          // by content, never by name
//	piece, err := clip.Cut(0, 30*time.Second)
//
// A file is measured, not decoded. The duration of an announcement decides when
// the next one is due in a queue, and callers hear silence if Twilio cannot play
// a file. So Read refuses every file that might not play, and its error gives the
// command that converts it.
//
// The package uses no floating point, so every machine measures and cuts alike.
// Time and memory are linear in the size of the input, whatever it is.
package audio

import (
	"errors"
	"fmt"
	"time"
)

// MaxSize is the size in bytes of the largest file that [Read] accepts. Forty
// minutes of the best MP3 (320 kbit/s) or of mono in CD quality fit easily. Twilio
// documents no limit of its own. Check the size before you read a file into memory.
const MaxSize = 256 << 20

// MaxDuration is the duration of the longest clip that [Read] accepts. A longer
// file can drop the call: https://www.twilio.com/docs/voice/twiml/play.
const MaxDuration = 40 * time.Minute

// A Clip is an audio file that Twilio can play. It keeps the bytes that it was
// read from; do not change them.
type Clip struct {
	Type       string        // content type to serve it with: "audio/wav" or "audio/mpeg"
	Extension  string        // of the file's name, without a dot: "wav" or "mp3"
	Duration   time.Duration // how long it plays, rounded to a nanosecond
	SampleRate int           // in Hz
	Channels   int           // 1 or 2

	// Promised is the duration that the file's own header gives, to within a
	// frame, if the file ends before that: part of the file has been lost, and
	// callers would hear only the beginning. Otherwise it is 0.
	Promised time.Duration

	track track
}

// A track is the audio of a clip in its format: a sequence of frames, which are
// the smallest pieces that can be cut apart.
type track interface {
	frameSamples() int           // samples of each channel in one frame
	piece(first, end int) []byte // frames first to end (exclusive) as a complete file
}

// Read recognises an audio file by its content, not by its name, and measures it.
// The error says what is wrong with the file, what kind of file it is if Read can
// tell, and how to make one that plays.
//
// A WAV file may hold PCM of 8, 16, 24 or 32 bits, µ-law or A-law. Its header may
// lack the sizes, as in a file that was written to a pipe, and the file may be
// truncated. An MP3 file may be any MPEG 1, 2 or 2.5 layer III stream of constant
// or variable bit rate, with the tags that players put around it.
func Read(data []byte) (Clip, error) {
	if len(data) > MaxSize {
		return Clip{}, fmt.Errorf("the file has %d MB; at most %d MB are accepted. %s", len(data)>>20, MaxSize>>20, conversion)
	}
	read := readMP3
	if isWAV(data) {
		read = readWAV
	} else if err := foreign(data); err != nil {
		return Clip{}, err
	}
	clip, err := read(data)
	if err != nil {
		return Clip{}, err
	}
	if clip.Duration > MaxDuration {
		return Clip{}, fmt.Errorf("the audio lasts %v; Twilio may drop a call when a file lasts more than %v. Use a shorter file",
			clip.Duration.Round(time.Millisecond), MaxDuration)
	}
	return clip, nil
}

// Cut returns the piece between two times as a complete file of the same type.
// Both times are rounded to the nearest frame: a sample in WAV, 24 to 72 ms in
// MP3. So consecutive pieces do not overlap and add up to the whole. A piece that
// would end after the clip ends with the clip; a piece that rounds to nothing is
// an error. The bytes depend on the audio alone: tags and cover pictures are left
// out. The first frame of an MP3 piece is silent if it needs data that was cut off
// (see mp3_cut.go).
func (c Clip) Cut(from, to time.Duration) ([]byte, error) {
	to = min(to, c.Duration)
	switch {
	case from < 0 || from >= c.Duration:
		return nil, fmt.Errorf("a piece cannot start at %v: the clip lasts from 0 to %v", from, c.Duration)
	case from >= to:
		return nil, fmt.Errorf("a piece from %v to %v has no length", from, to)
	}
	first, end := c.frameAt(from), c.frameAt(to)
	if first >= end {
		return nil, errors.New("the piece is shorter than the smallest part into which the file can be cut")
	}
	return c.track.piece(first, end), nil
}

// frameAt returns the number of the frame that starts nearest to a time between
// 0 and the clip's duration.
func (c Clip) frameAt(t time.Duration) int {
	frame := int64(c.track.frameSamples()) * int64(time.Second)
	return int((int64(t)*int64(c.SampleRate) + frame/2) / frame) // below 40 min × 192 kHz < 2^59
}

// playingTime is how long a number of samples plays at a rate in Hz. It is
// exact to half a nanosecond, and so small that frameAt finds its way back.
func playingTime(samples int64, rate int) time.Duration {
	r := int64(rate)
	return time.Duration(samples/r)*time.Second +
		time.Duration((samples%r*int64(time.Second)+r/2)/r)
}
