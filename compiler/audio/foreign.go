package audio

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// conversion is the command that makes the best file for a telephone call: in the
// format of the telephone network itself, so that Twilio converts nothing.
const conversion = "Convert it with: ffmpeg -i FILE -ac 1 -ar 8000 -c:a pcm_mulaw NEW.wav"

// A signature is how files of one format begin.
type signature struct {
	start string // "?" stands for any byte
	name  string // with its article
	audio bool   // it may hold audio, which ffmpeg can convert
}

// signatures lists formats that people use in place of WAV and MP3. The first
// match counts, so a more specific signature stands before a more general one.
var signatures = []signature{
	{"OggS????????????????????????OpusHead", "an Ogg Opus file", true},
	{"OggS????????????????????????\x01vorbis", "an Ogg Vorbis file", true},
	{"OggS", "an Ogg file", true},
	{"\x00???ftypM4A", "an M4A (AAC) file", true},
	{"\x00???ftypM4B", "an M4B (AAC) audio book", true},
	{"\x00???ftyp3g", "a 3GP file", true},
	{"\x00???ftypqt", "a QuickTime movie", true},
	{"\x00???ftyp", "an MP4 file", true},
	{"\xff\xf1", "a raw AAC file", true},
	{"\xff\xf9", "a raw AAC file", true},
	{"ADIF", "a raw AAC file", true},
	{"fLaC", "a FLAC file", true},
	{"FORM????AIFF", "an AIFF file", true},
	{"FORM????AIFC", "an AIFF-C file", true},
	{"\x1a\x45\xdf\xa3", "a WebM or Matroska file", true},
	{"#!AMR", "an AMR file", true},
	{"caff", "a Core Audio file", true},
	{".snd", "a Sun/NeXT .au file", true},
	{"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file", true},
	{"wvpk", "a WavPack file", true},
	{"MAC ", "a Monkey's Audio file", true},
	{"RF64", "a 64-bit WAV file", true},
	{"BW64", "a 64-bit WAV file", true},
	{"riff\x2e\x91\xcf\x11", "a Wave64 file", true},
	{"RIFX", "a big-endian WAV file", true},
	{"RIFF????WAVE", "a WAV file with an MP3 tag before it", true},
	{"RIFF????AVI ", "an AVI movie", true},
	{"FLV\x01", "a Flash movie", true},
	{"MThd", "a MIDI file, which holds notes and no audio", false},
	{"PK\x03\x04", "a ZIP archive", false},
	{"\x1f\x8b", "a gzip archive", false},
	{"7z\xbc\xaf", "a 7z archive", false},
	{"Rar!", "a RAR archive", false},
	{"%PDF", "a PDF document", false},
	{"\x89PNG", "a PNG picture", false},
	{"\xff\xd8\xff", "a JPEG picture", false},
	{"GIF8", "a GIF picture", false},
	{"\x7fELF", "a program", false},
}

// foreign returns an error that says what kind of file this is, if it is neither
// WAV nor MP3, or nil if it cannot tell. Players write ID3 tags before other
// formats too, so it skips them to find the signature.
func foreign(data []byte) error {
	if len(data) == 0 {
		return errors.New("the file is empty")
	}
	body := data[leadingTags(data):]
	for _, s := range signatures {
		switch {
		case !s.matches(body):
		case s.audio:
			return fmt.Errorf("the file is %s; WAV and MP3 are accepted. %s", s.name, conversion)
		default:
			return fmt.Errorf("the file is %s, not audio", s.name)
		}
	}
	if len(body) == 0 {
		return nil
	}
	return foreignText(body[:min(len(body), 1024)])
}

// matches reports whether data begin as the signature says.
func (s signature) matches(data []byte) bool {
	if len(data) < len(s.start) {
		return false
	}
	for i := range len(s.start) {
		if c := s.start[i]; c != '?' && c != data[i] {
			return false
		}
	}
	return true
}

// foreignText returns an error that says what kind of text a file is, given its
// beginning, or nil if it is not text. A download that failed often leaves a web
// page behind, and a checkout without Git LFS leaves a pointer.
func foreignText(head []byte) error {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	switch {
	case bytes.HasPrefix(text, []byte("<!doctype html")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<head")):
		return errors.New("the file is a web page, not audio: a download has probably saved a log-in page or an error page under this name. Download the audio again")
	case bytes.HasPrefix(text, []byte("version https://git-lfs")):
		return errors.New("the file is a Git LFS pointer, not the audio itself. Fetch the audio with: git lfs pull")
	case bytes.HasPrefix(text, []byte("<")):
		return errors.New("the file is XML, not audio")
	case isText(head):
		return errors.New("the file is text, not audio. To have Twilio speak a text, use a message with text")
	}
	return nil
}

// isText reports whether a file that begins with head is UTF-8 text. The last
// character of head may be incomplete.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 && utf8.FullRune(head) {
			return false
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f {
			return false
		}
		head = head[size:]
	}
	return true
}
