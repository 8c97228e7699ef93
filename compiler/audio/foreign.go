package audio

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// conversion makes the file that telephones play best: what the telephone
// network itself carries, so that nothing has to be converted during a call.
const conversion = "Convert it with: ffmpeg -i FILE -ac 1 -ar 8000 -c:a pcm_mulaw NEW.wav"

// A signature is how files of one format begin.
type signature struct {
	offset int
	magic  string
	name   string // with its article
	sound  bool   // a converter can make a playable file of it
}

// signatures lists the formats that people mistake for WAV and MP3. The first
// match counts, so a narrower signature stands before a wider one.
var signatures = []signature{
	{28, "OpusHead", "an Ogg Opus file", true},
	{28, "\x01vorbis", "an Ogg Vorbis file", true},
	{0, "OggS", "an Ogg file", true},
	{4, "ftypM4A", "an M4A (AAC) file", true},
	{4, "ftypM4B", "an M4B (AAC) audio book", true},
	{4, "ftyp3g", "a 3GP file", true},
	{4, "ftypqt", "a QuickTime movie", true},
	{4, "ftyp", "an MP4 file", true},
	{0, "\xff\xf1", "a raw AAC file", true},
	{0, "\xff\xf9", "a raw AAC file", true},
	{0, "ADIF", "a raw AAC file", true},
	{0, "fLaC", "a FLAC file", true},
	{8, "AIFF", "an AIFF file", true},
	{8, "AIFC", "an AIFF-C file", true},
	{0, "\x1a\x45\xdf\xa3", "a WebM or Matroska file", true},
	{0, "#!AMR", "an AMR file", true},
	{0, "caff", "a Core Audio file", true},
	{0, ".snd", "a Sun/NeXT .au file", true},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file", true},
	{0, "wvpk", "a WavPack file", true},
	{0, "MAC ", "a Monkey's Audio file", true},
	{0, "RF64", "a 64-bit WAV file", true},
	{0, "BW64", "a 64-bit WAV file", true},
	{0, "riff\x2e\x91\xcf\x11", "a Wave64 file", true},
	{0, "RIFX", "a big-endian WAV file", true},
	{8, "WAVE", "a WAV file with an MP3 tag before it", true},
	{8, "AVI ", "an AVI movie", true},
	{0, "FLV\x01", "a Flash movie", true},
	{0, "MThd", "a MIDI file, which holds notes and no sound", false},
	{0, "PK\x03\x04", "a ZIP archive", false},
	{0, "\x1f\x8b", "a gzip archive", false},
	{0, "7z\xbc\xaf", "a 7z archive", false},
	{0, "Rar!", "a RAR archive", false},
	{0, "%PDF", "a PDF document", false},
	{0, "\x89PNG", "a PNG picture", false},
	{0, "\xff\xd8\xff", "a JPEG picture", false},
	{0, "GIF8", "a GIF picture", false},
	{0, "\x7fELF", "a program", false},
}

// foreign says what a file is that is neither WAV nor MP3, or nil if it cannot
// tell. Players write ID3 tags before other formats too, so the signature is
// looked for behind them.
func foreign(data []byte) error {
	body := data[leadingTags(data):]
	if len(data) == 0 {
		return errors.New("the file is empty")
	}
	for _, s := range signatures {
		if len(body) < s.offset || !bytes.HasPrefix(body[s.offset:], []byte(s.magic)) {
			continue
		}
		if s.sound {
			return fmt.Errorf("the file is %s; WAV and MP3 are accepted. %s", s.name, conversion)
		}
		return fmt.Errorf("the file is %s, not sound", s.name)
	}
	if len(body) == 0 {
		return nil
	}
	return foreignText(body[:min(len(body), 1024)])
}

// foreignText says what kind of text a file is, from its beginning, or nil if
// it is not text. Web pages and pointers are what a download or a checkout
// leaves behind when it did not fetch the sound itself.
func foreignText(head []byte) error {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	switch {
	case bytes.HasPrefix(text, []byte("<!doctype html")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<head")):
		return errors.New("the file is a web page, not sound: a download has probably saved a log-in or error page under this name. Download the sound again")
	case bytes.HasPrefix(text, []byte("version https://git-lfs")):
		return errors.New("the file is a Git LFS pointer, not the sound itself. Fetch the sound with: git lfs pull")
	case bytes.HasPrefix(text, []byte("<")):
		return errors.New("the file is XML, not sound")
	case isText(head):
		return errors.New("the file is text, not sound. To have a text spoken, use a message with text")
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
