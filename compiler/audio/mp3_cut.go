package audio

import "encoding/binary"

// Frames of an MP3 file have their own length, but what they encode has not: a
// frame that needs few bytes leaves room, and a later one that needs many begins
// in that room, up to 511 bytes back (255 in MPEG 2). This is the bit reservoir:
//
//	frame      |hdr|side|=====41=====|42…|hdr|side|…42==|43……|hdr|side|…43=====|
//	                                 ^ frame 42 begins here, "main data begin" = 4
//
// A piece that starts with frame 42 misses the beginning of its sound, and every
// decoder makes something else of that: silence, a click, or a wrong guess that
// spoils the next frames too. So where the first frame of a piece leans on what
// was cut off, a silent frame takes its place. It is a carrier: behind its side
// information, which says "nothing to decode", stand the last bytes of the main
// data before the second frame, so that this one and all others decode as ever.
//
// The price is one frame of silence (26 ms at 44.1 kHz) at such a cut; the length
// is exact and nothing clicks. A piece of a piece is the same, byte for byte, as
// that piece cut from the whole, because a carrier holds as much as a frame can
// reach back to.

func (m *mp3) frameSamples() int { return m.kind.samples() }

func (m *mp3) piece(first, end int) []byte {
	var piece []byte
	if m.reachesBack(first) {
		piece = m.carrier(first)
		first++
	}
	for i := first; i < end; i++ {
		at := m.frames[i]
		piece = append(piece, m.data[at:at+mp3HeaderAt(m.data, at).size()]...)
	}
	return piece
}

// reachesBack reports whether the main data of a frame begin in an earlier one.
// How far they reach are the first nine bits of the side information, eight in
// MPEG 2.
func (m *mp3) reachesBack(frame int) bool {
	at := m.frames[frame]
	h := mp3HeaderAt(m.data, at)
	side, _ := h.sideInfo()
	bits := binary.BigEndian.Uint16(m.data[at+side:])
	return bits>>(8-h.mpeg1()) != 0
}

// mainData returns the bytes of a frame that hold sound, its own or of later
// frames.
func (m *mp3) mainData(frame int) []byte {
	at := m.frames[frame]
	h := mp3HeaderAt(m.data, at)
	side, size := h.sideInfo()
	return m.data[at+side+size : at+h.size()]
}

// carrier returns the silent frame that stands for a frame at the start of a
// piece. Its bit rate is the lowest that gives it room for the whole reservoir.
func (m *mp3) carrier(frame int) []byte {
	h := mp3HeaderAt(m.data, m.frames[frame])
	h = h&^(mp3BitrateMask|mp3Padding) | mp3NoChecksum
	side, size := h.sideInfo()
	reservoir := 256<<h.mpeg1() - 1
	for rate := mp3Header(1); ; rate++ {
		if h = h&^mp3BitrateMask | rate<<12; h.size() >= side+size+reservoir {
			break
		}
	}
	carrier := make([]byte, h.size())
	binary.BigEndian.PutUint32(carrier, uint32(h))
	room := carrier[side+size:]
	for i := frame; i >= 0; i-- {
		data := m.mainData(i)
		n := min(len(data), len(room))
		copy(room[len(room)-n:], data[len(data)-n:])
		room = room[:len(room)-n]
		if len(room) == 0 || !m.reachesBack(i) { // and then no later frame reaches behind i
			break
		}
	}
	return carrier
}
