package audio

import (
	"strings"
	"testing"
)

// hostile are files that must be refused, each with what the error must say.
var hostile = []struct {
	name, file string
	want       string
}{
	{"empty", "", "the file is empty"},
	{"one byte", "\xff", "not audio of a known kind"},
	{"zeros", strings.Repeat("\x00", 100000), "not audio of a known kind"},
	{"noise", strings.Repeat(sound(9973), 20), "not audio of a known kind"},
	{"Ogg Opus", "OggS\x00\x02" + strings.Repeat("\x00", 21) + "\x13OpusHead\x01", "is an Ogg Opus file; WAV and MP3 are accepted. " + conversion},
	{"Ogg Vorbis", "OggS\x00\x02" + strings.Repeat("\x00", 21) + "\x1e\x01vorbis", "is an Ogg Vorbis file"},
	{"M4A", "\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "is an M4A (AAC) file"},
	{"MP4", "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "is an MP4 file"},
	{"raw AAC", "\xff\xf1\x50\x80\x04\x3f\xfc\xde", "is a raw AAC file"},
	{"FLAC", "fLaC\x00\x00\x00\x22", "is a FLAC file"},
	{"FLAC behind an ID3 tag", id3("TIT2") + "fLaC\x00\x00\x00\x22", "is a FLAC file"},
	{"AIFF", "FORM\x00\x00\x10\x00AIFFCOMM", "is an AIFF file"},
	{"WebM", "\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", "is a WebM or Matroska file"},
	{"WAV behind an ID3 tag", id3("TIT2") + riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)), chunk("data", sound(8000))), "is a WAV file with an MP3 tag before it"},
	{"log-in page", "\xef\xbb\xbf\r\n <!DOCTYPE html><title>Sign in</title>", "is a web page"},
	{"page with MP3 behind it", "<html><script>x</script>" + cd.frames(0, 99), "is a web page"},
	{"Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "git lfs pull"},
	{"XML", "<?xml version=\"1.0\"?><Response/>", "is XML"},
	{"text", "Thank you for calling. Grüße, 你好", "is text"},
	{"text cut within a character", strings.Repeat("é", 600)[1:], "not audio of a known kind"},
	{"PDF with MP3 in it", "%PDF-1.7\n" + cd.frames(0, 99), "is a PDF document, not audio"},
	{"picture with MP3 in it", "GIF89a" + cd.frames(0, 99), "is a GIF picture"},
	{"archive", "PK\x03\x04\x14\x00", "is a ZIP archive"},
	{"MPEG layer II", strings.Repeat("\xff\xfd\x90\x64"+strings.Repeat("\x00", 413), 9), "is MPEG layer II, not layer III"},
	{"free format", strings.Repeat("\xff\xfb\x00\x64"+strings.Repeat("\x00", 300), 9), "of free format"},
	{"tag only", id3("TIT2 nothing else"), "nothing follows its tags"},
	{"tag that ends after the file", "ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + cd.frames(0, 9), "nothing follows its tags"},
	{"a million empty tags", strings.Repeat(id3(""), 1000000), "nothing follows its tags"},
	{"encoder's frame only", cd.info("Xing", -1), "nothing follows its tags"},
	{"garbage after frames", cd.frames(0, 38) + strings.Repeat("garbage\x00", 9000), "besides 992.653061ms of audio"},
	{"garbage here and there", strings.Repeat(cd.frames(0, 3)+strings.Repeat("\xff\xe3", 500), 90), "of garbage"},
	{"joined files of two rates", cd.frames(0, 50) + phone.frames(0, 500), "files of different kinds were joined"},
	{"over 40 minutes of MP3", strings.Repeat(phone.frames(0, 3), 11112), "lasts 40m0.192s; Twilio may drop a call"},
	{"over 40 minutes of WAV", riff(chunk("fmt ", format(wavULaw, 1, 4000, 8)), chunk("data", sound(41*60*4000))), "lasts 41m0s"},
	{"WAV header only", "RIFF\x04\x00\x00\x00WAVE", "no data chunk"},
	{"WAV without sound", riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)), chunk("data", "")), "its data chunk is empty"},
	{"WAV without sound, but with a title", riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)), chunk("data", ""), chunk("LIST", "INFOINAM")), "its data chunk is empty"},
	{"WAV without format", riff(chunk("data", sound(8000))), "no format chunk before its audio"},
	{"WAV with half a format", riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)[:14]), chunk("data", sound(8))), "incomplete format chunk"},
	{"WAV whose chunk ends after the file", riff("LIST"+le(-1), chunk("data", sound(8000))), "no data chunk"},
	{"WAV of a million chunks", riff(strings.Repeat(chunk("junk", ""), 1000000)), "no data chunk"},
	{"WAV of no channels", riff(chunk("fmt ", format(wavULaw, 0, 8000, 8)), chunk("data", sound(8))), "has 0 channels"},
	{"WAV of six channels", riff(chunk("fmt ", extensible(wavPCM, 6, 48000, 16, 16)), chunk("data", sound(96))), "has 6 channels"},
	{"WAV of 0 Hz", riff(chunk("fmt ", format(wavULaw, 1, 0, 8)), chunk("data", sound(8))), "sample rate outside 4000 to 192000"},
	{"WAV of 4 GHz", riff(chunk("fmt ", format(wavULaw, 1, -1, 8)), chunk("data", sound(8))), "sample rate outside"},
	{"WAV of 12 bits", riff(chunk("fmt ", format(wavPCM, 1, 8000, 12)), chunk("data", sound(8))), "samples of 12 bits"},
	{"WAV of µ-law in 16 bits", riff(chunk("fmt ", format(wavULaw, 1, 8000, 16)), chunk("data", sound(8))), "samples of 16 bits"},
	{"WAV that contradicts itself", riff(chunk("fmt ", strings.Replace(format(wavPCM, 2, 8000, 16), "\x04\x00\x10\x00", "\x02\x00\x10\x00", 1)), chunk("data", sound(8))), "contradicts itself"},
	{"WAV of floating point", riff(chunk("fmt ", format(3, 1, 48000, 32)), chunk("data", sound(8))), "holds floating-point samples"},
	{"WAV with MP3 in it", riff(chunk("fmt ", format(0x55, 2, 44100, 0)), chunk("data", cd.frames(0, 9))), "holds MP3"},
	{"WAV of ADPCM", riff(chunk("fmt ", format(0x11, 1, 8000, 4)), chunk("data", sound(8))), "holds IMA ADPCM"},
	{"WAV of a private coding", riff(chunk("fmt ", format(0x4711, 1, 8000, 8)), chunk("data", sound(8))), "unknown coding 0x4711"},
	{"extensible WAV of a private coding", riff(chunk("fmt ", extensible(wavPCM, 1, 8000, 8, 8)[:26]+"somebody's own"), chunk("data", sound(8))), "unknown coding 0xfffe"},
	{"big-endian WAV", "RIFX\x00\x00\x10\x00WAVE", "is a big-endian WAV file"},
	{"64-bit WAV", "RF64\xff\xff\xff\xffWAVE", "is a 64-bit WAV file"},
}

func TestReadRefuses(t *testing.T) {
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			clip, err := Read([]byte(test.file))
			if err == nil {
				t.Fatalf("accepted as %s of %v", test.name, clip.Duration)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q does not say %q", err, test.want)
			}
		})
	}
}

func TestReadRefusesHugeFile(t *testing.T) {
	_, err := Read(make([]byte, MaxSize+1))
	if err == nil || !strings.Contains(err.Error(), "at most 256 MB are accepted") {
		t.Errorf("error %v", err)
	}
}

// What follows a file's own end is not played, and what is inside frames is not
// read: a file that is also something else is served as the sound it is.
func TestReadPolyglot(t *testing.T) {
	page := "<html><script>alert(1)</script></html>"
	wavPage := riff(chunk("fmt ", format(wavULaw, 1, 8000, 8)), chunk("data", sound(8000)), chunk("junk", page))
	mp3Page := cd.frames(0, 10) + page + cd.frames(0, 10)
	for _, test := range []struct{ file, kind string }{{wavPage, "audio/wav"}, {mp3Page, "audio/mpeg"}} {
		clip, err := Read([]byte(test.file))
		if err != nil || clip.Type != test.kind {
			t.Errorf("type %q, error %v; want %s", clip.Type, err, test.kind)
			continue
		}
		piece, err := clip.Cut(0, clip.Duration)
		if err != nil || strings.Contains(string(piece), page) {
			t.Errorf("%s: error %v, or the page was cut out with the sound", test.kind, err)
		}
	}
}
