package audio

import "encoding/binary"

// The data of an MP3 frame may begin in earlier frames: a frame that needs few
// bytes leaves room, and a later one that needs many begins in that room, up to 511
// bytes back (255 in MPEG 2). This is the bit reservoir:
//
//	frame      |hdr|side|=====41=====|42…|hdr|side|…42==|43……|hdr|side|…43=====|
//	                                 ^ frame 42 begins here, "main data begin" = 4
//
// A piece that starts with frame 42 lacks the beginning of that frame's data, and
// every decoder does something else then: it plays silence, or a click, or guesses
// and spoils the next frames too. So if the first frame of a piece needs data that
// was cut off, a silent frame replaces it. We call it the carrier: its side
// information says "nothing to decode", and after that come the last bytes of main
// data before the second frame. So the second frame and all later ones decode as
// before.
//
// The price is one frame of silence (26 ms at 44.1 kHz) at such a cut; the length
// is exact and nothing clicks. A piece of a piece has the same bytes as that piece
// cut from the whole file, because a carrier holds as much data as a frame can
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

// reachesBack reports whether the main data of a frame begins in an earlier one.
// The first nine bits of the side information, eight in MPEG 2, say how far back.
func (m *mp3) reachesBack(frame int) bool {
	at := m.frames[frame]
	h := mp3HeaderAt(m.data, at)
	side, _ := h.sideInfo()
	bits := binary.BigEndian.Uint16(m.data[at+side:])
	return bits>>(8-h.mpeg1()) != 0
}

// mainData returns the bytes of a frame that hold audio, its own or that of later
// frames.
func (m *mp3) mainData(frame int) []byte {
	at := m.frames[frame]
	h := mp3HeaderAt(m.data, at)
	side, size := h.sideInfo()
	return m.data[at+side+size : at+h.size()]
}

// carrier returns the silent frame that replaces a frame at the start of a piece.
// Its bit rate is the lowest one that leaves room for the whole reservoir.
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
