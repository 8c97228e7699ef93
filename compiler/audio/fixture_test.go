package audio

import (
	"encoding/binary"
	"strings"
)

// le and be write integers as two or four bytes, depending on their type.
func le(values ...any) string { return integers(binary.LittleEndian, values) }
func be(values ...any) string { return integers(binary.BigEndian, values) }

func integers(order binary.AppendByteOrder, values []any) string {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case uint16:
			b = order.AppendUint16(b, v)
		case int:
			b = order.AppendUint32(b, uint32(v))
		}
	}
	return string(b)
}

// chunk is a RIFF chunk with its padding.
func chunk(id, content string) string {
	return id + le(len(content)) + content + strings.Repeat("\x00", len(content)%2)
}

// format is the content of a format chunk of 16 bytes.
func format(coding uint16, channels, rate, bits int) string {
	frame := channels * bits / 8
	return le(coding, uint16(channels), rate, rate*frame, uint16(frame), uint16(bits))
}

// extensible is the content of a format chunk of WAVE_FORMAT_EXTENSIBLE.
func extensible(coding uint16, channels, rate, bits, valid int) string {
	return format(wavExtensible, channels, rate, bits) +
		le(uint16(22), uint16(valid), 0, coding) + "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
}

// riff is a WAV file of chunks.
func riff(chunks ...string) string { return chunk("RIFF", "WAVE"+strings.Join(chunks, "")) }

// sound is n bytes of samples, no two neighbours alike.
func sound(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return string(b)
}

// An mpeg describes an MP3 stream. Its frames hold no music, but all that a
// reader looks at.
type mpeg struct {
	version  int  // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
	rate     int  // 0 to 2, as the header writes it
	mono     bool //
	checksum bool
	bitrates []int // of the frames in turn, as the header writes them
	reach    []int // main data begin, of the frames in turn
}

// header returns the header of frame i.
func (m mpeg) header(i int) mp3Header {
	h := mp3Sync | mp3Header(m.version<<19|1<<17|m.bitrates[i%len(m.bitrates)]<<12|m.rate<<10|i%3/2<<9)
	if !m.checksum {
		h |= mp3NoChecksum
	}
	if m.mono {
		h |= 3 << 6
	}
	return h
}

// frame returns frame i, whose main data are unlike those of others.
func (m mpeg) frame(i int) string {
	h := m.header(i)
	side, size := h.sideInfo()
	frame := []byte(be(int(h)) + strings.Repeat("\x00", h.size()-4))
	if len(m.reach) > 0 {
		reach := uint16(m.reach[i%len(m.reach)])
		binary.BigEndian.PutUint16(frame[side:], reach<<(8-h.mpeg1()))
	}
	for j := side + size; j < len(frame); j++ {
		frame[j] = byte(i*31 + j%97)
	}
	return string(frame)
}

// frames returns frames from to to (exclusive).
func (m mpeg) frames(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(m.frame(i))
	}
	return b.String()
}

// info returns an encoder's frame "Xing" or "Info" that counts n frames.
func (m mpeg) info(name string, n int) string {
	h := m.header(0)
	at, size := h.sideInfo()
	frame := []byte(be(int(h)) + strings.Repeat("\x00", h.size()-4))
	copy(frame[at+size:], name+be(1, n))
	return string(frame)
}

// vbri returns an encoder's frame "VBRI" that counts n frames.
func (m mpeg) vbri(n int) string {
	frame := []byte(be(int(m.header(0))) + strings.Repeat("\x00", m.header(0).size()-4))
	copy(frame[36:], "VBRI"+be(uint16(1), uint16(0), uint16(0), 0, n))
	return string(frame)
}

// id3 is an ID3v2 tag with the given content.
func id3(content string) string {
	n := len(content)
	return "ID3\x04\x00\x00" + string([]byte{byte(n >> 21 & 127), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)}) + content
}

// ape is an APE tag with a header and a footer around its items.
func ape(items string) string {
	block := func(flags int) string {
		return "APETAGEX" + le(2000, len(items)+32, 1, flags) + strings.Repeat("\x00", 8)
	}
	return block(1<<29) + items + block(0)
}

// id3v1 is an ID3v1 tag.
func id3v1() string { return "TAG" + strings.Repeat("x", 125) }

// lyrics is a Lyrics3 tag.
func lyrics() string { return "LYRICSBEGININD0000200000015LYRICS200" }

// Streams of every shape that tests use.
var (
	cd     = mpeg{version: 3, rate: 0, bitrates: []int{9}}                                 // 44.1 kHz, 128 kbit/s
	phone  = mpeg{version: 0, rate: 2, mono: true, bitrates: []int{2}}                     // 8 kHz, 16 kbit/s
	varied = mpeg{version: 2, rate: 1, bitrates: []int{3, 8, 1, 14}, reach: []int{0, 200}} // 24 kHz
)
