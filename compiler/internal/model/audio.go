package model

import (
	"crypto/sha256"

	"github.com/ivrc/ivrc/compiler/audio"
	"github.com/ivrc/ivrc/compiler/bundle"
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
	return &AudioFile{Clip: c, Data: data, Path: "audio/" + bundle.ShortHash(sum[:]) + "." + c.Extension}, nil
}
