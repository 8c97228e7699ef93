package audio

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// The hash of the hold music names it in every bundle. It changes only if the
// music is meant to change, and is the same on every machine.
func TestHoldMusicIsPinned(t *testing.T) {
	const file = "testdata/hold_music.sha256"
	got := fmt.Sprintf("%x\n", sha256.Sum256(HoldMusic()))
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("the hold music has changed: SHA-256 %swant %sIf it was meant to, run the test with -update", got, want)
	}
}

func TestHoldMusicIsAClip(t *testing.T) {
	clip := mustRead(t, HoldMusic())
	want := Clip{Type: "audio/wav", Extension: "wav", Duration: 69120 * time.Millisecond, SampleRate: 8000, Channels: 1}
	if diff := cmp.Diff(want, clip, facts); diff != "" {
		t.Errorf("clip (-want +got):\n%s", diff)
	}
	if _, ok := clip.track.(*wav); !ok || clip.track.(*wav).coding != wavULaw {
		t.Error("the hold music is not µ-law")
	}
}

func TestHoldMusicBelongsToTheCaller(t *testing.T) {
	clear(HoldMusic())
	mustRead(t, HoldMusic())
}

// heard are the samples of the hold music as a telephone decodes them.
func heard(t *testing.T) []int {
	law := mustRead(t, HoldMusic()).track.(*wav).samples
	samples := make([]int, len(law))
	for i, code := range law {
		samples[i] = linear(code)
	}
	return samples
}

// linear decodes µ-law.
func linear(code byte) int {
	code = ^code
	sample := (int(code&15)<<3+132)<<(code>>4&7) - 132
	if code&0x80 != 0 {
		return -sample
	}
	return sample
}

// level is the loudness of samples in dBFS.
func level(samples []int) float64 {
	sum := 0.0
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return 10 * math.Log10(sum/float64(len(samples))/(32768*32768))
}

// The music is neither loud nor faint, never clips, and is nowhere so quiet that
// a caller could believe to be cut off.
func TestHoldMusicLevel(t *testing.T) {
	samples := heard(t)
	if l := level(samples); l < -19 || l > -17 {
		t.Errorf("%.1f dBFS, want about -18", l)
	}
	for i, s := range samples {
		if s > 24000 || s < -24000 {
			t.Fatalf("sample %d is %d: too near to clipping", i, s)
		}
	}
	const window = musicRate / 4
	for at := 0; at+window <= len(samples); at += window {
		if l := level(samples[at : at+window]); l < -27 {
			t.Errorf("%.1f dBFS at %.2f s", l, float64(at)/musicRate)
		}
	}
}

// Where the end meets the beginning, nothing happens that does not happen within
// the first bar: no step larger than its largest.
func TestHoldMusicHasNoSeam(t *testing.T) {
	samples := heard(t)
	largest := 0
	for i := 1; i < eighthsPerBar*samplesPerEighth; i++ {
		largest = max(largest, samples[i]-samples[i-1], samples[i-1]-samples[i])
	}
	if step := samples[0] - samples[len(samples)-1]; step > largest || -step > largest {
		t.Errorf("a step of %d at the seam, at most %d in the first bar", step, largest)
	}
	// A note that ends with the music must ring on at its beginning.
	before, after := level(samples[len(samples)-200:]), level(samples[:200])
	if after < before-6 {
		t.Errorf("the level falls from %.1f to %.1f dBFS at the seam", before, after)
	}
}

// Energy outside the telephone band is lost, and turns into noise in a bad
// converter. The score may not ask for it.
func TestScoreFitsTheTelephone(t *testing.T) {
	for _, p := range arrange() {
		for _, n := range p.notes {
			if top := int64(pitch(n.name)) * 4 * musicRate >> 32; top > 3400 {
				t.Errorf("%s at eighth %d has a harmonic of %d Hz", n.name, n.start, top)
			}
		}
	}
}

func TestScoreBarsAreFull(t *testing.T) {
	for i, b := range score {
		for _, line := range []string{b.melody, b.second} {
			length := 0
			words := strings.Fields(line)
			for j := 1; j < len(words); j += 2 {
				length += int(words[j][0] - '0')
			}
			if length != eighthsPerBar && line != "" || len(words)%2 != 0 {
				t.Errorf("bar %d: %q has %d eighths", i+1, line, length)
			}
		}
		v, ok := voicings[b.chord]
		if !ok || len(strings.Fields(v.plucked)) != eighthsPerBar-1 {
			t.Errorf("bar %d: chord %q has no voicing of %d plucked notes", i+1, b.chord, eighthsPerBar-1)
		}
	}
}

func TestPitch(t *testing.T) {
	for name, hertz := range map[string]float64{"A4": 440, "B2": 123.471, "C4": 261.626, "C#5": 554.365, "G5": 783.991, "A3": 220} {
		if got := float64(pitch(name)) * musicRate / (1 << 32); math.Abs(got-hertz) > 0.01 {
			t.Errorf("%s is %.3f Hz, want %.3f", name, got, hertz)
		}
	}
}

func TestSineWave(t *testing.T) {
	for i, got := range sineWave() {
		if want := 32768 * math.Sin(2*math.Pi*float64(i)/waveSize); math.Abs(float64(got)-want) > 1.01 {
			t.Errorf("sine at %d of %d is %d, want %.1f", i, waveSize, got, want)
		}
	}
}

// The values of ITU-T G.711, table 2: silence, the smallest steps, the ends of
// the first segment, and the loudest.
func TestMuLaw(t *testing.T) {
	for sample, want := range map[int]byte{0: 0xff, -1: 0x7f, 8: 0xfe, 120: 0xf0, 124: 0xef, -124: 0x6f, 1000: 0xce, 32635: 0x80, 40000: 0x80, -40000: 0x00} {
		if got := muLaw(sample); got != want {
			t.Errorf("%d is encoded as %#02x, want %#02x", sample, got, want)
		}
	}
	for code := range 256 {
		if got := muLaw(linear(byte(code))); int(got) != code && code != 0x7f {
			t.Errorf("code %#02x decodes to %d, which encodes to %#02x", code, linear(byte(code)), got)
		}
	}
}

func BenchmarkHoldMusic(b *testing.B) {
	for b.Loop() {
		renderHoldMusic()
	}
}
