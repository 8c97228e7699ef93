package audio

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// facts are what a clip says of itself.
var facts = cmpopts.IgnoreUnexported(Clip{})

func TestReadWAV(t *testing.T) {
	second := chunk("data", sound(8000))
	law := chunk("fmt ", format(wavULaw, 1, 8000, 8))
	stream := func(riffSize, dataSize int) string {
		return "RIFF" + le(riffSize) + "WAVE" + law + "data" + le(dataSize) + sound(8000)
	}
	tests := []struct {
		name     string
		file     string
		rate     int
		channels int
		duration time.Duration
		promised time.Duration
	}{
		{"µ-law", riff(law, second), 8000, 1, time.Second, 0},
		{"A-law with extension field and count", riff(chunk("fmt ", format(wavALaw, 1, 8000, 8)+le(uint16(0))), chunk("fact", le(8000)), second), 8000, 1, time.Second, 0},
		{"PCM of 8 bits", riff(chunk("fmt ", format(wavPCM, 2, 8000, 8)), second), 8000, 2, time.Second / 2, 0},
		{"PCM of 16 bits", riff(chunk("fmt ", format(wavPCM, 2, 44100, 16)), chunk("data", sound(176400))), 44100, 2, time.Second, 0},
		{"PCM of 24 bits", riff(chunk("fmt ", format(wavPCM, 1, 8000, 24)), chunk("data", sound(24000))), 8000, 1, time.Second, 0},
		{"PCM of 32 bits", riff(chunk("fmt ", format(wavPCM, 2, 8000, 32)), chunk("data", sound(64000))), 8000, 2, time.Second, 0},
		{"extensible", riff(chunk("fmt ", extensible(wavPCM, 1, 48000, 24, 20)), chunk("data", sound(144000))), 48000, 1, time.Second, 0},
		{"extensible µ-law", riff(chunk("fmt ", extensible(wavULaw, 1, 8000, 8, 8)), second), 8000, 1, time.Second, 0},
		{"one sample", riff(law, chunk("data", "\xff")), 8000, 1, 125 * time.Microsecond, 0},
		{"a duration that is no whole number of nanoseconds", riff(chunk("fmt ", format(wavPCM, 1, 44100, 8)), chunk("data", sound(1))), 44100, 1, 22676, 0},
		{"odd chunk with padding", riff(law, chunk("LIST", "odd"), second), 8000, 1, time.Second, 0},
		{"odd chunk without padding", riff(law, "LIST"+le(3)+"odd", second), 8000, 1, time.Second, 0},
		{"text behind the sound", riff(law, second, chunk("LIST", "INFO")), 8000, 1, time.Second, 0},
		{"an archive behind the file", riff(law, second) + "PK\x03\x04" + sound(999), 8000, 1, time.Second, 0},
		{"stream without sizes", stream(0, 0), 8000, 1, time.Second, 0},
		{"stream with largest sizes", stream(-1, -1), 8000, 1, time.Second, 0},
		{"stream as sox writes it", stream(0x7ffff024, 0x7ffff000), 8000, 1, time.Second, 0},
		{"truncated", riff(law, second)[:58-14+4000], 8000, 1, time.Second / 2, time.Second},
		{"half a frame at the end", riff(chunk("fmt ", format(wavPCM, 2, 8000, 16)), chunk("data", sound(32003))), 8000, 2, time.Second, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Read([]byte(test.file))
			if err != nil {
				t.Fatal(err)
			}
			want := Clip{Type: "audio/wav", Extension: "wav", Duration: test.duration, SampleRate: test.rate, Channels: test.channels, Promised: test.promised}
			if diff := cmp.Diff(want, got, facts); diff != "" {
				t.Errorf("clip (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadMP3(t *testing.T) {
	const frame, phoneFrame = 26122449, 72 * time.Millisecond // of cd, and of phone
	sounds := cd.frames(0, 10)
	unsynchronised := "ID3\x03\x00\x80" + "\x00\x00\x00\x05" + "\xff\x00\xfb\x90\x64"
	footed := "ID3\x04\x00\x10" + "\x00\x00\x00\x03" + "abc" + "3DI\x04\x00\x10\x00\x00\x00\x03"
	tests := []struct {
		name     string
		file     string
		duration time.Duration
		promised time.Duration
	}{
		{"bare", sounds, 261224490, 0},
		{"one frame", cd.frame(0), frame, 0},
		{"ID3v2 tag", id3("TIT2 title") + sounds, 261224490, 0},
		{"ID3v2 tag with a footer", footed + sounds, 261224490, 0},
		{"unsynchronised ID3v2 tag", unsynchronised + sounds, 261224490, 0},
		{"broken ID3v2 tag, passed over as garbage", "ID3\x03\x00\x00\x80\x00\x00\x05title" + "ID3\xff\x00\x00\x00\x00\x00\x00" + sounds, 261224490, 0},
		{"several ID3v2 tags", id3("one") + id3(strings.Repeat("\x00", 300)) + sounds, 261224490, 0},
		{"a picture that looks like frames", id3(cd.frames(0, 20)) + sounds, 261224490, 0},
		{"ID3v1 tag", sounds + id3v1(), 261224490, 0},
		{"APE tag in front", ape(sound(500)) + sounds, 261224490, 0},
		{"all tags behind", sounds + ape(cd.frames(0, 3)) + lyrics() + id3v1(), 261224490, 0},
		{"APE tag without header", sounds + ape("TITLE")[32:], 261224490, 0},
		{"joined files with tags", sounds + id3v1() + id3("two") + sounds, 522448980, 0},
		{"Xing header", cd.info("Xing", 10) + sounds, 261224490, 0},
		{"Xing header that counts itself", cd.info("Xing", 11) + sounds, 261224490, 0},
		{"Info header without a count", strings.Replace(cd.info("Info", 0), "Info\x00\x00\x00\x01", "Info\x00\x00\x00\x00", 1) + sounds, 261224490, 0},
		{"VBRI header", cd.vbri(10) + sounds, 261224490, 0},
		{"joined files with encoders' headers", cd.info("Info", 10) + sounds + cd.info("Info", 10) + sounds, 522448980, 0},
		{"truncated", cd.info("Info", 21) + sounds, 261224490, 522448980},
		{"joined files, one truncated", cd.info("Info", 21) + sounds + cd.info("Info", 11) + sounds, 522448980, 783673469},
		{"truncated within a frame", sounds + cd.frame(10)[:400], 261224490, 0},
		{"garbage in front", sound(1000) + sounds, 261224490, 0},
		{"garbage between frames", sounds + sound(1000) + sounds, 522448980, 0},
		{"zeros behind", sounds + strings.Repeat("\x00", 5000), 261224490, 0},
		{"low rate", phone.frames(0, 10), 10 * phoneFrame, 0},
		{"variable bit rate", varied.frames(0, 100), 2400 * time.Millisecond, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Read([]byte(test.file))
			if err != nil {
				t.Fatal(err)
			}
			want := Clip{Type: "audio/mpeg", Extension: "mp3", Duration: test.duration, Promised: test.promised, SampleRate: 44100, Channels: 2}
			switch test.name {
			case "low rate":
				want.SampleRate, want.Channels = 8000, 1
			case "variable bit rate":
				want.SampleRate = 24000
			}
			if diff := cmp.Diff(want, got, facts); diff != "" {
				t.Errorf("clip (-want +got):\n%s", diff)
			}
		})
	}
}

// Every combination that a header can express has the length and the duration
// that the standard's tables give it: bytes = samples/8 × bit rate / sample rate.
func TestHeaderArithmetic(t *testing.T) {
	tests := []struct {
		header                        mp3Header
		size, samples, rate, channels int
	}{
		{0xfffb9064, 417, 1152, 44100, 2}, // MPEG 1, 128 kbit/s
		{0xfffb9264, 418, 1152, 44100, 2}, // the same, padded
		{0xfffb14c4, 96, 1152, 48000, 1},  // 32 kbit/s
		{0xfffae800, 1440, 1152, 32000, 2},
		{0xfff380c0, 208, 576, 22050, 1}, // MPEG 2, 64 kbit/s
		{0xfff31400, 24, 576, 24000, 2},  // 8 kbit/s
		{0xfff3e800, 720, 576, 16000, 2},
		{0xffe310c0, 52, 576, 11025, 1}, // MPEG 2.5
		{0xffe344c4, 192, 576, 12000, 1},
		{0xffe328c4, 144, 576, 8000, 1},
	}
	for _, test := range tests {
		h := test.header
		got := []int{h.size(), h.samples(), h.rate(), h.channels()}
		want := []int{test.size, test.samples, test.rate, test.channels}
		if diff := cmp.Diff(want, got); diff != "" || !h.valid() {
			t.Errorf("%08x: valid %v, size, samples, rate, channels (-want +got):\n%s", uint32(h), h.valid(), diff)
		}
	}
}
