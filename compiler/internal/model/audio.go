package model

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/ivrc/ivrc/compiler/audio"
)

// A AudioFile is an audio file, named by its content.
type AudioFile struct {
	audio.Clip
	Data []byte
	Path string // below public/: "audio/<hash>.wav"
}

// NewAudioFile recognises an audio file and names it by its content.
func NewAudioFile(data []byte) (*AudioFile, error) {
	c, err := audio.Read(data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	return &AudioFile{Clip: c, Data: data, Path: "audio/" + ShortHash(sum[:]) + "." + c.Extension}, nil
}

// ShortHash writes the first 128 bits of a hash in lower-case base 32, which is
// 26 characters.
func ShortHash(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
