package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// A WAV file is a RIFF file: twelve bytes with "RIFF", the size and "WAVE", then
// chunks. Each chunk has an identifier, a little-endian size, and content padded
// to an even length. Two chunks matter; the others are skipped:
//
//	52494646 24000000 57415645              "RIFF" 36 "WAVE"
//	666d7420 10000000                       "fmt " 16
//	    0100 0100 401f0000 803e0000 0200 1000   PCM, 1 channel, 8000 Hz, 16000 B/s, 2 B a frame, 16 bits
//	64617461 00000000                       "data" 0
//
// Programs that write to a pipe cannot fill in the sizes afterwards. They leave 0,
// or about the largest number that fits, and the audio goes on to the end of the
// file. Other programs forget the padding byte, or count it.

// A wav is the audio of a WAV file.
type wav struct {
	coding   uint16 // wavPCM, wavALaw or wavULaw
	channels int
	rate     int    // sample frames per second
	bits     int    // of one sample as stored: 8, 16, 24 or 32
	samples  []byte // whole sample frames
}

// Values of a format chunk's first field.
const (
	wavPCM        = 1
	wavALaw       = 6
	wavULaw       = 7
	wavExtensible = 0xfffe // the field is repeated in a longer chunk
)

// codings names other codings that a WAV file may hold, which Twilio does not play.
var codings = map[uint16]string{
	0x0002: "Microsoft ADPCM",
	0x0003: "floating-point samples",
	0x0011: "IMA ADPCM",
	0x0031: "GSM 6.10",
	0x0040: "G.721 ADPCM",
	0x0045: "G.726 ADPCM",
	0x0050: "MPEG layer I or II",
	0x0055: "MP3",
	0x00ff: "AAC",
	0x0161: "Windows Media Audio",
}

// Sample rates that a WAV file may have, in Hz. Speech below the first cannot be
// understood, and nobody records above the last.
const minRate, maxRate = 4000, 192000

func isWAV(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WAVE"
}

// readWAV measures a file for which isWAV holds.
func readWAV(data []byte) (Clip, error) {
	var format []byte
	for at := 12; len(data)-at >= 8; {
		id, size := string(data[at:at+4]), int64(binary.LittleEndian.Uint32(data[at+4:]))
		content := data[at+8:]
		if id == "data" {
			if format == nil {
				return Clip{}, errors.New("the WAV file has no format chunk before its audio. " + conversion)
			}
			return wavClip(format, content, dataSize(data, size, len(content)))
		}
		if size > int64(len(content)) {
			break
		}
		if id == "fmt " && format == nil {
			format = content[:size]
		}
		at += 8 + int(size)
		if size%2 == 1 && at < len(data) && data[at] == 0 { // an identifier never starts with a zero
			at++
		}
	}
	return Clip{}, errors.New("the WAV file holds no audio: it has no data chunk, or ends before it. " + conversion)
}

// dataSize returns the size that a data chunk claims to have, or -1 if it claims
// nothing, as in a file that was written to a pipe.
func dataSize(file []byte, claimed int64, present int) int64 {
	const placeholder = 0x7fff0000 // such a size was written before the real one was known
	riff := int64(binary.LittleEndian.Uint32(file[4:]))
	if claimed >= placeholder || claimed == 0 && riff != int64(len(file))-8 {
		return -1
	}
	return claimed
}

// wavClip describes the audio that begins with content and has the claimed size,
// or goes on to the end if that is -1.
func wavClip(format, content []byte, claimed int64) (Clip, error) {
	w, err := parseFormat(format)
	if err != nil {
		return Clip{}, err
	}
	frame := int64(w.channels * w.bits / 8)
	size := int64(len(content))
	promised := time.Duration(0)
	if claimed > size+frame {
		promised = playingTime(claimed/frame, w.rate)
	} else if claimed >= 0 {
		size = min(size, claimed)
	}
	w.samples = content[:size/frame*frame]
	if len(w.samples) == 0 {
		return Clip{}, errors.New("the WAV file holds no audio: its data chunk is empty")
	}
	return Clip{
		Type: "audio/wav", Extension: "wav",
		Duration:   playingTime(size/frame, w.rate),
		SampleRate: w.rate, Channels: w.channels,
		Promised: promised,
		track:    w,
	}, nil
}

// parseFormat reads a format chunk.
func parseFormat(format []byte) (*wav, error) {
	if len(format) < 16 {
		return nil, errors.New("the WAV file has an incomplete format chunk. " + conversion)
	}
	w := &wav{
		coding:   binary.LittleEndian.Uint16(format),
		channels: int(binary.LittleEndian.Uint16(format[2:])),
		rate:     int(min(binary.LittleEndian.Uint32(format[4:]), maxRate+1)),
		bits:     int(binary.LittleEndian.Uint16(format[14:])),
	}
	// The identifier of the coding is a GUID whose first field is the old number.
	const guid = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
	if w.coding == wavExtensible && len(format) >= 40 && bytes.Equal(format[26:40], []byte(guid)) {
		w.coding = binary.LittleEndian.Uint16(format[24:])
	}
	if err := w.playable(); err != nil {
		return nil, err
	}
	if frame := int(binary.LittleEndian.Uint16(format[12:])); frame != w.channels*w.bits/8 {
		return nil, fmt.Errorf("the WAV file contradicts itself: %d channels of %d bits do not make %d bytes. %s", w.channels, w.bits, frame, conversion)
	}
	return w, nil
}

// playable returns the reason why a format cannot be played, or nil.
func (w *wav) playable() error {
	switch {
	case w.coding == wavPCM && (w.bits == 8 || w.bits == 16 || w.bits == 24 || w.bits == 32):
	case (w.coding == wavULaw || w.coding == wavALaw) && w.bits == 8:
	case w.coding == wavPCM || w.coding == wavULaw || w.coding == wavALaw:
		return fmt.Errorf("the WAV file has samples of %d bits; 8, 16, 24 and 32 are accepted. %s", w.bits, conversion)
	case codings[w.coding] != "":
		return fmt.Errorf("the WAV file holds %s; PCM, µ-law and A-law are accepted. %s", codings[w.coding], conversion)
	default:
		return fmt.Errorf("the WAV file has the unknown coding %#04x; PCM, µ-law and A-law are accepted. %s", w.coding, conversion)
	}
	if w.channels < 1 || w.channels > 2 {
		return fmt.Errorf("the WAV file has %d channels; one or two are accepted, and a telephone has one. %s", w.channels, conversion)
	}
	if w.rate < minRate || w.rate > maxRate {
		return fmt.Errorf("the WAV file has a sample rate outside %d to %d Hz. %s", minRate, maxRate, conversion)
	}
	return nil
}

func (w *wav) frameSamples() int { return 1 }

func (w *wav) piece(first, end int) []byte {
	frame := w.channels * w.bits / 8
	return w.file(w.samples[first*frame : end*frame])
}

// file returns a WAV file with the given samples. Its header is the shortest one
// that the format allows: 44 bytes for PCM, and 58 for µ-law and A-law, which need
// an extended format chunk and the number of samples. An extensible header becomes
// a plain one; the two differ only for more than two channels and for samples with
// unused low bits, which stay as they are.
func (w *wav) file(samples []byte) []byte {
	frame := w.channels * w.bits / 8
	le := binary.LittleEndian
	var format []byte
	format = le.AppendUint16(format, w.coding)
	format = le.AppendUint16(format, uint16(w.channels))
	format = le.AppendUint32(format, uint32(w.rate))
	format = le.AppendUint32(format, uint32(w.rate*frame))
	format = le.AppendUint16(format, uint16(frame))
	format = le.AppendUint16(format, uint16(w.bits))
	var count []byte
	if w.coding != wavPCM {
		format = le.AppendUint16(format, 0) // no extension follows
		count = le.AppendUint32(count, uint32(len(samples)/frame))
	}
	body := append(make([]byte, 0, len(samples)+64), "WAVE"...)
	body = appendChunk(body, "fmt ", format)
	if count != nil {
		body = appendChunk(body, "fact", count)
	}
	body = appendChunk(body, "data", samples)
	return appendChunk(nil, "RIFF", body)
}

// appendChunk appends a RIFF chunk with its padding.
func appendChunk(dst []byte, id string, content []byte) []byte {
	dst = append(dst, id...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(content)))
	dst = append(dst, content...)
	if len(content)%2 == 1 {
		dst = append(dst, 0)
	}
	return dst
}
