package audio

import (
	"bytes"
	"encoding/binary"
)

// Titles, cover pictures and lyrics are not part of MP3. Players put them into tags
// before and after the frames:
//
//	ID3v2 … ID3v2 | encoder's frame | frames … | APE | ID3v1
//
// Joined files have them in between too. An ID3v2 tag may be "unsynchronised", that
// is, rewritten so that nothing in it looks like a frame; its size counts the bytes
// as they are stored, so that makes no difference here. A tag that gives its size
// only at its end (Lyrics3, the first version of APE) counts as garbage.

// tagAt returns the size of the tag that data begins with, or 0.
func tagAt(data []byte) int {
	size := 0
	switch {
	case len(data) >= 10 && bytes.HasPrefix(data, []byte("ID3")):
		size = id3Size(data)
	case bytes.HasPrefix(data, []byte("TAG")):
		size = 128
	case len(data) >= 32 && bytes.HasPrefix(data, []byte("APETAGEX")):
		size = apeSize(data)
	}
	return min(size, len(data))
}

// id3Size returns the size of an ID3v2 tag, or 0 if it is none. The tag gives its
// size in seven bits of each byte, without the ten bytes of its header and footer.
// https://id3.org/id3v2.4.0-structure
func id3Size(data []byte) int {
	const footer = 1 << 4
	size := 0
	for _, b := range data[6:10] {
		if b >= 0x80 {
			return 0
		}
		size = size<<7 | int(b)
	}
	if data[3] == 0xff || data[4] == 0xff {
		return 0
	}
	if data[5]&footer != 0 {
		size += 10
	}
	return size + 10
}

// apeSize returns the size of an APE tag, given its header, or of a footer that
// stands alone. Both have 32 bytes, and a flag that tells them apart.
// https://wiki.hydrogenaud.io/index.php?title=APEv2_specification
func apeSize(block []byte) int {
	const isHeader = 1 << 29
	if binary.LittleEndian.Uint32(block[20:])&isHeader == 0 {
		return 32
	}
	return 32 + int(min(binary.LittleEndian.Uint32(block[12:]), MaxSize)) // items and footer
}

// leadingTags returns the size of all tags that data begins with.
func leadingTags(data []byte) int {
	at := 0
	for {
		size := tagAt(data[at:])
		if size == 0 {
			return at
		}
		at += size
	}
}

// encoderFrame reports whether a frame holds no audio but what the encoder says
// about the file, and how many frames the encoder counts, or 0. It is the first
// frame of a file; joined files have several. Encoders write "Xing" for a variable
// bit rate and "Info" for a constant one after the side information, and some
// forget that a checksum moves it. The one of Fraunhofer writes "VBRI" at a fixed
// place.
func encoderFrame(frame []byte, h mp3Header) (count int64, ok bool) {
	const hasCount = 1
	at, size := h.sideInfo()
	for _, xing := range []int{at + size, 4 + size} {
		if len(frame) < xing+12 {
			continue
		}
		if name := string(frame[xing : xing+4]); name != "Xing" && name != "Info" {
			continue
		}
		if binary.BigEndian.Uint32(frame[xing+4:])&hasCount != 0 {
			count = int64(binary.BigEndian.Uint32(frame[xing+8:]))
		}
		return count, true
	}
	if len(frame) >= 54 && string(frame[36:40]) == "VBRI" {
		return int64(binary.BigEndian.Uint32(frame[50:])), true
	}
	return 0, false
}
