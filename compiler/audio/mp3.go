package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// An MP3 file is a sequence of frames. Each has a header of four bytes that says
// how long it is, and so where the next one begins. The file has no header or table
// of its own, so its duration is known only when all frames are counted. In
//
//	ff fb 90 64 …
//
// eleven bits of ones mark a frame of MPEG 1, layer III, without a checksum;
// 128 kbit/s at 44,100 Hz, joint stereo. It has 144·128000/44100 = 417 bytes and
// 1152 samples, 26 ms.
//
// There are tags between and around the frames (see leadingTags), and garbage in
// files that were edited badly. The garbage may look like the start of a frame. So
// a frame counts only where the last one ended, or if another frame of the same
// kind follows it.

// maxGarbage is how many bytes of a file may be garbage. Every player gives up at
// some point, each at another one, so a file with more is refused.
const maxGarbage = 64 << 10

// An mp3Header is a frame's header, its first byte in the highest bits.
type mp3Header uint32

// Bits of a header.
const (
	mp3Sync        = 0xffe00000
	mp3NoChecksum  = 1 << 16
	mp3BitrateMask = 15 << 12
	mp3Padding     = 1 << 9
	mp3Stream      = 0xfffe0c00 // what all frames have in common: sync, version, layer, sample rate
)

// kilobits lists the bit rates of layer III by the header's four bits, in kbit/s:
// those of MPEG 1, and those of MPEG 2 and 2.5.
var kilobits = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// mp3Rates lists the sample rates of MPEG 1 in Hz. MPEG 2 halves them, 2.5
// quarters them.
var mp3Rates = [3]int{44100, 48000, 32000}

func (h mp3Header) version() int { return int(h >> 19 & 3) } // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
func (h mp3Header) layer() int   { return 4 - int(h>>17&3) } // 4 means none
func (h mp3Header) bitrate() int { return int(h >> 12 & 15) }

// layerIII reports whether h is the header of a frame of MPEG layer III. The frame
// may be of free format, which does not give its bit rate.
func (h mp3Header) layerIII() bool {
	return h&mp3Sync == mp3Sync && h.version() != 1 && h.layer() == 3 && h.bitrate() != 15 && h>>10&3 != 3
}

func (h mp3Header) valid() bool { return h.layerIII() && h.bitrate() != 0 }

// mpeg1 is 1 for MPEG 1 and otherwise 0.
func (h mp3Header) mpeg1() int {
	if h.version() == 3 {
		return 1
	}
	return 0
}

// rate is the sample rate in Hz.
func (h mp3Header) rate() int {
	rate := mp3Rates[h>>10&3]
	switch h.version() {
	case 2:
		rate /= 2
	case 0:
		rate /= 4
	}
	return rate
}

func (h mp3Header) channels() int {
	if h>>6&3 == 3 {
		return 1
	}
	return 2
}

// samples is the number of samples of each channel in the frame.
func (h mp3Header) samples() int { return 576 << h.mpeg1() }

// size is the number of bytes of the frame with its header.
func (h mp3Header) size() int {
	size := h.samples() / 8 * 1000 * kilobits[1-h.mpeg1()][h.bitrate()] / h.rate()
	if h&mp3Padding != 0 {
		size++
	}
	return size
}

// sideInfo is where the frame's side information begins and how long it is. It
// says how to decode the main data, which follow.
func (h mp3Header) sideInfo() (at, size int) {
	at = 4
	if h&mp3NoChecksum == 0 {
		at = 6
	}
	size = [2][2]int{{9, 17}, {17, 32}}[h.mpeg1()][h.channels()-1]
	return at, size
}

// sameStream reports whether frames of both headers can stand in one file.
func (h mp3Header) sameStream(other mp3Header) bool {
	return (h^other)&mp3Stream == 0 && h.channels() == other.channels()
}

// mp3HeaderAt returns the header at an offset, or 0, which is not valid.
func mp3HeaderAt(data []byte, at int) mp3Header {
	if len(data)-at < 4 {
		return 0
	}
	return mp3Header(binary.BigEndian.Uint32(data[at:]))
}

// An mp3 is the audio of an MP3 file.
type mp3 struct {
	data   []byte
	kind   mp3Header // of a frame: all are alike in what [mp3Header.sameStream] compares
	frames []int     // offsets of all frames that hold audio
}

// readMP3 measures a file that is MP3 if it is audio at all.
func readMP3(data []byte) (Clip, error) {
	m := &mp3{data: data}
	start := leadingTags(data)
	promised, end := m.scan(start)
	if len(m.frames) == 0 || end < len(data) {
		return Clip{}, m.fault(start)
	}
	rate, samples := m.kind.rate(), int64(m.kind.samples())
	clip := Clip{
		Type: "audio/mpeg", Extension: "mp3",
		Duration:   playingTime(int64(len(m.frames))*samples, rate),
		SampleRate: rate, Channels: m.kind.channels(),
		track: m,
	}
	if promised > int64(len(m.frames)) {
		clip.Promised = playingTime(promised*samples, rate)
	}
	return clip, nil
}

// scan collects the frames from an offset on. It returns how many frames there
// should be at least, according to the encoder, and how far it came: to the end of
// the data, unless there was too much garbage.
func (m *mp3) scan(at int) (promised int64, end int) {
	follows := false // whether a frame has just ended here
	for garbage := 0; at < len(m.data) && garbage <= maxGarbage; {
		h := mp3HeaderAt(m.data, at)
		tag := tagAt(m.data[at:])
		switch {
		case tag > 0:
			at += tag
		case !m.believed(h, at, follows):
			at++
			garbage++
			follows = false
		default:
			m.kind = h
			if count, ok := encoderFrame(m.data[at:at+h.size()], h); ok {
				promised = min(promised+max(count-1, 0), 1<<32) // some count their own frame
			} else {
				m.frames = append(m.frames, at)
			}
			at += h.size()
			follows = true
		}
	}
	return promised, at
}

// believed reports whether h, found at an offset, starts a frame of the stream.
func (m *mp3) believed(h mp3Header, at int, follows bool) bool {
	if !h.valid() || m.kind != 0 && !h.sameStream(m.kind) {
		return false
	}
	next := at + h.size()
	switch {
	case next > len(m.data):
		return false
	case follows, next == len(m.data), tagAt(m.data[next:]) > 0:
		return true
	}
	n := mp3HeaderAt(m.data, next)
	return n.valid() && n.sameStream(h)
}

// fault returns the reason why the data, whose frames should start at an offset,
// is not MP3.
func (m *mp3) fault(start int) error {
	h := mp3HeaderAt(m.data, start)
	switch {
	case len(m.frames) > 0:
		duration := playingTime(int64(len(m.frames))*int64(m.kind.samples()), m.kind.rate())
		return fmt.Errorf("the MP3 file is damaged: besides %v of audio it holds more than %d kB of garbage. "+
			"Perhaps files of different kinds were joined. %s", duration, maxGarbage>>10, conversion)
	case h.layerIII() && h.bitrate() == 0:
		return errors.New("the MP3 file is of free format, which hardly any player supports. " + conversion)
	case h&mp3Sync == mp3Sync && h.version() != 1 && h.layer() < 3:
		return fmt.Errorf("the file is MPEG layer %s, not layer III (MP3). %s", "III"[:h.layer()], conversion)
	case m.kind != 0, start > 0:
		return errors.New("the MP3 file holds no audio: nothing follows its tags")
	}
	return errors.New("the file is not audio of a known kind; WAV and MP3 are accepted. " + conversion)
}
