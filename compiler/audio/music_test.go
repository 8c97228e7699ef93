package audio

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
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

// The rate of the hold music and the samples of one bar.
const (
	rate = 8000
	bar  = 6 * 2880
)

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
	const window = rate / 4
	for at := 0; at+window <= len(samples); at += window {
		if l := level(samples[at : at+window]); l < -27 {
			t.Errorf("%.1f dBFS at %.2f s", l, float64(at)/rate)
		}
	}
}

// Where the end meets the beginning, nothing happens that does not happen within
// the first bar: no step larger than its largest.
func TestHoldMusicHasNoSeam(t *testing.T) {
	samples := heard(t)
	largest := 0
	for i := 1; i < bar; i++ {
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
