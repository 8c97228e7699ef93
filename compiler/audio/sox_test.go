package audio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// needSox skips a test without SoX, the sound converter, or without its support
// for a format.
func needSox(t *testing.T, format string) {
	t.Helper()
	if _, err := exec.LookPath("sox"); err != nil {
		t.Skip("sox is not installed")
	}
	if help, _ := exec.Command("sox", "--help").CombinedOutput(); !strings.Contains(string(help), " "+format+" ") {
		t.Skipf("sox is installed without support for %s", format)
	}
}

// sox runs SoX and returns what it writes.
func sox(t *testing.T, input []byte, args string) []byte {
	t.Helper()
	cmd := exec.Command("sox", strings.Fields(args)...)
	var problems bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sox %s: %v: %s", args, err, problems.Bytes())
	}
	return out
}

// decode returns the samples of a file, channels interleaved, as SoX hears them.
func decode(t *testing.T, format string, file []byte) []int16 {
	t.Helper()
	raw := sox(t, file, "-V1 -D -t "+format+" - -t raw -e signed -b 16 -L -")
	samples := make([]int16, len(raw)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return samples
}

// Every WAV file that SoX writes, to a file or to a pipe, lasts as long as it
// was made, and its pieces are its samples.
func TestSoxWAV(t *testing.T) {
	needSox(t, "wav")
	for _, coding := range []string{"mu-law -b 8", "a-law -b 8", "unsigned -b 8", "signed -b 16", "signed -b 24", "signed -b 32"} {
		for _, rate := range []int{8000, 22050, 48000} {
			for channels := 1; channels <= 2; channels++ {
				name := fmt.Sprintf("-e %s -r %d -c %d", coding, rate, channels)
				t.Run(name, func(t *testing.T) {
					file := sox(t, nil, "-V1 -D -n "+name+" -t wav - synth 1.28 sine 300-3000 gain -6")
					clip := mustRead(t, file)
					if clip.Duration != 1280*time.Millisecond || clip.Promised != 0 || clip.SampleRate != rate || clip.Channels != channels {
						t.Fatalf("read as %v", clip)
					}
					whole := decode(t, "wav", file)
					piece := decode(t, "wav", mustCut(t, clip, 250*time.Millisecond, time.Second))
					from := clip.frameAt(250*time.Millisecond) * channels
					if end := clip.frameAt(time.Second) * channels; !equal(piece, whole[from:end]) {
						t.Errorf("the piece is not samples %d to %d of the whole", from, end)
					}
				})
			}
		}
	}
}

// Every MP3 file that SoX writes lasts as long as SoX plays it, within a frame,
// and from the fourth frame on a piece plays the very samples of the whole.
func TestSoxMP3(t *testing.T) {
	needSox(t, "mp3")
	rates := []struct {
		rate      int
		qualities string // kbit/s, or with a minus sign a variable bit rate
	}{{8000, "8 32"}, {11025, "16"}, {16000, "24 -4.2"}, {22050, "32 64"}, {24000, "64"}, {32000, "48"}, {44100, "128 320 -4.2"}, {48000, "96"}}
	reservoirs := 0
	for _, r := range rates {
		for _, quality := range strings.Fields(r.qualities) {
			for channels := 1; channels <= 2; channels++ {
				t.Run(fmt.Sprintf("%d Hz, %s, %d channels", r.rate, quality, channels), func(t *testing.T) {
					file := sox(t, nil, fmt.Sprintf("-V1 -R -n -r %d -c %d -t mp3 -C %s - synth 3 pluck 220 tremolo 3 90 gain -6", r.rate, channels, quality))
					clip := mustRead(t, file)
					whole := decode(t, "mp3", file)
					frame := clip.track.frameSamples() * channels
					if n := clip.frameAt(clip.Duration) * frame; len(whole) < n-frame || len(whole) > n+frame || clip.Promised != 0 {
						t.Fatalf("read as %v, %d samples; SoX plays %d", clip, n, len(whole))
					}
					reservoirs += comparePieces(t, clip, whole)
				})
			}
		}
	}
	if reservoirs == 0 && !t.Failed() {
		t.Error("no piece began with a frame that leans on an earlier one: the test is too weak")
	}
}

// comparePieces cuts a clip and compares each piece with the whole as SoX plays
// them. It returns in how many pieces the first frame had to be replaced.
func comparePieces(t *testing.T, clip Clip, whole []int16) (replaced int) {
	t.Helper()
	m := clip.track.(*mp3)
	frame := m.frameSamples() * clip.Channels
	offset := 0
	if m.frames[0] > 0 {
		offset = frame // SoX plays the encoder's frame too
	}
	const settle = 3 // frames after which nothing of a decoder's earlier state is left
	for first := 5; first+settle+4 < len(m.frames); first += 17 {
		end := min(first+20, len(m.frames)-1)
		if m.reachesBack(first) {
			replaced++
		}
		piece := decode(t, "mp3", mustCut(t, clip, frameTime(clip, first), frameTime(clip, end)))
		if n := (end - first) * frame; len(piece) != n && len(piece) != n-frame { // SoX loses the last frame
			t.Fatalf("frames %d to %d play %d samples, want %d", first, end, len(piece), n)
		}
		from := offset + first*frame
		if !equal(piece[settle*frame:], whole[from+settle*frame:from+len(piece)]) {
			t.Fatalf("frames %d to %d do not play as in the whole", first, end)
		}
	}
	return replaced
}

func equal(a, b []int16) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
