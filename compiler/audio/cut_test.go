package audio

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// cuttable are files of every kind that a clip can be.
var cuttable = []struct{ name, file string }{
	{"µ-law", riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)), chunk("data", sound(8001)))},
	{"A-law, stereo", riff(chunk("fmt ", format(wavALaw, 2, 11025, 8)), chunk("data", sound(50000)))},
	{"PCM of 16 bits", riff(chunk("LIST", "odd"), chunk("fmt ", format(wavPCM, 2, 44100, 16)), chunk("data", sound(90004)))},
	{"extensible PCM of 24 bits", riff(chunk("fmt ", extensible(wavPCM, 1, 48000, 24, 20)), chunk("data", sound(99999)))},
	{"MP3", id3("TIT2") + cd.info("Info", 60) + cd.frames(0, 60) + id3v1()},
	{"MP3 with a reservoir", mpeg{version: 3, rate: 1, bitrates: []int{1, 9, 5}, reach: []int{0, 511, 90, 40}, checksum: true}.frames(0, 40)},
	{"MP3 of variable bit rate", sound(99) + varied.frames(0, 100) + sound(99) + varied.frames(0, 50)},
	{"MP3 of 8 kHz", phone.frames(0, 30)},
}

func mustRead(t rapid.TB, file []byte) Clip {
	t.Helper()
	clip, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return clip
}

func mustCut(t rapid.TB, c Clip, from, to time.Duration) []byte {
	t.Helper()
	piece, err := c.Cut(from, to)
	if err != nil {
		t.Fatalf("cut from %v to %v: %v", from, to, err)
	}
	return piece
}

// frameTime is the duration of n frames of a clip.
func frameTime(c Clip, n int) time.Duration {
	return playingTime(int64(n)*int64(c.track.frameSamples()), c.SampleRate)
}

// The pieces between any times are files of the same kind, their durations add
// up to the whole, and a piece is within one frame of what was asked for.
func TestCutsAddUp(t *testing.T) {
	for _, test := range cuttable {
		t.Run(test.name, rapid.MakeCheck(func(t *rapid.T) {
			clip := mustRead(t, []byte(test.file))
			frame := frameTime(clip, 1) + 1 // where that is a fraction of a nanosecond more
			var sum, from time.Duration
			for from < clip.Duration {
				to := from + frame + time.Duration(rapid.Int64Range(0, int64(clip.Duration)).Draw(t, "length"))
				if clip.Duration-to < frame {
					to = clip.Duration
				}
				piece := mustRead(t, mustCut(t, clip, from, to))
				if piece.SampleRate != clip.SampleRate || piece.Channels != clip.Channels || piece.Type != clip.Type {
					t.Fatalf("piece is %v, whole is %v", piece, clip)
				}
				if d := piece.Duration - (to - from); d < -frame || d > frame {
					t.Fatalf("piece from %v to %v lasts %v", from, to, piece.Duration)
				}
				sum, from = sum+piece.Duration, to
			}
			if d := sum - clip.Duration; d < -frame || d > frame {
				t.Fatalf("pieces last %v, whole lasts %v", sum, clip.Duration)
			}
		}))
	}
}

// A piece of a piece is that piece of the whole, byte for byte.
func TestCutOfCut(t *testing.T) {
	for _, test := range cuttable {
		t.Run(test.name, rapid.MakeCheck(func(t *rapid.T) {
			clip := mustRead(t, []byte(test.file))
			n := clip.frameAt(clip.Duration)
			a := rapid.IntRange(0, n-2).Draw(t, "a")
			d := rapid.IntRange(a+2, n).Draw(t, "d")
			b := rapid.IntRange(a, d-1).Draw(t, "b")
			c := rapid.IntRange(b+1, d).Draw(t, "c")
			at := func(i int) time.Duration { return frameTime(clip, i) }
			outer := mustRead(t, mustCut(t, clip, at(a), at(d)))
			got := mustCut(t, outer, at(b-a), at(c-a))
			if want := mustCut(t, clip, at(b), at(c)); !bytes.Equal(got, want) {
				t.Fatalf("frames %d to %d of %d to %d: %d bytes, cut at once %d bytes", b, c, a, d, len(got), len(want))
			}
		}))
	}
}

func TestCutWholeKeepsEverySample(t *testing.T) {
	wavFile := riff(chunk("fmt ", format(wavPCM, 1, 8000, 16)), chunk("data", sound(16000)))
	if got := mustCut(t, mustRead(t, []byte(wavFile)), 0, time.Hour); string(got) != wavFile {
		t.Errorf("a plain WAV file changes when it is cut as a whole")
	}
	law := mustCut(t, mustRead(t, []byte(cuttable[0].file)), 0, time.Hour)
	if want := riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)+le(uint16(0))), chunk("fact", le(8001)), chunk("data", sound(8001))); string(law) != want {
		t.Errorf("a µ-law file cut as a whole is not in the plain form")
	}
	mp3File := mustRead(t, []byte(id3("TIT2")+cd.info("Info", 60)+cd.frames(0, 60)+id3v1()))
	if got := mustCut(t, mp3File, 0, time.Hour); string(got) != cd.frames(0, 60) {
		t.Errorf("an MP3 file cut as a whole is not its frames")
	}
}

func TestCutRefuses(t *testing.T) {
	clip := mustRead(t, []byte(cd.frames(0, 60)))
	tests := []struct {
		name     string
		clip     Clip
		from, to time.Duration
	}{
		{"before the start", clip, -1, time.Second},
		{"after the end", clip, clip.Duration, time.Hour},
		{"backwards", clip, time.Second, time.Second / 2},
		{"no length", clip, time.Second, time.Second},
		{"less than a frame", clip, time.Second, time.Second + 1},
		{"of nothing", Clip{}, 0, time.Second},
		{"extreme", clip, -1 << 63, 1<<63 - 1},
	}
	for _, test := range tests {
		if piece, err := test.clip.Cut(test.from, test.to); err == nil {
			t.Errorf("%s: cut %d bytes from %v to %v", test.name, len(piece), test.from, test.to)
		}
	}
}

// A piece whose first frame leans on what was cut off starts with a silent frame
// that ends in the main data before the second frame.
func TestCutCarriesReservoir(t *testing.T) {
	for version := range 4 {
		for rate := range 3 {
			for _, mono := range []bool{false, true} {
				if version == 1 {
					continue
				}
				m := mpeg{version: version, rate: rate, mono: mono, checksum: true, bitrates: []int{3}, reach: []int{77, 200}}
				clip := mustRead(t, []byte(m.frames(0, 60)))
				piece := mustCut(t, clip, frameTime(clip, 50), frameTime(clip, 60))
				var history []byte
				for i := range 51 {
					history = append(history, clip.track.(*mp3).mainData(i)...)
				}
				h := mp3HeaderAt(piece, 0)
				if rest := string(piece[h.size():]); rest != m.frames(51, 60) {
					t.Errorf("MPEG %d, rate %d, mono %v: the frames behind the first are changed", version, rate, mono)
				}
				side, size := h.sideInfo()
				if info := piece[side : side+size]; !bytes.Equal(info, make([]byte, size)) || side != 4 {
					t.Errorf("MPEG %d, rate %d, mono %v: the carrier is not silent", version, rate, mono)
				}
				carried := piece[side+size : h.size()]
				if reach := 256<<h.mpeg1() - 1; len(carried) < reach || !bytes.HasSuffix(history, carried) {
					t.Errorf("MPEG %d, rate %d, mono %v: the carrier has %d bytes, of %d, or wrong ones", version, rate, mono, len(carried), reach)
				}
			}
		}
	}
}

// The sizes in the header of a WAV piece are those of the piece.
func TestWAVHeaderCounts(t *testing.T) {
	for _, test := range cuttable[:4] {
		clip := mustRead(t, []byte(test.file))
		file := mustCut(t, clip, 0, clip.Duration)
		if got := binary.LittleEndian.Uint32(file[4:]); int(got) != len(file)-8 || len(file)%2 != 0 {
			t.Errorf("%s: RIFF size %d in a file of %d bytes", test.name, got, len(file))
		}
	}
}
