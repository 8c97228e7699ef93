package audio

import (
	"bytes"
	"testing"
	"time"
)

// FuzzRead holds whatever is accepted to the laws of a clip.
func FuzzRead(f *testing.F) {
	for _, test := range cuttable {
		f.Add([]byte(test.file))
	}
	for _, test := range hostile {
		if len(test.file) < 1<<14 {
			f.Add([]byte(test.file))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		clip, err := Read(data)
		if err != nil {
			if len(err.Error()) < 10 || clip.track != nil {
				t.Fatalf("error %q with clip %v", err, clip)
			}
			return
		}
		// No format plays a second from fewer bytes than MP3 at 8 kbit/s.
		if most := time.Duration(len(data)) * time.Second / 990; clip.Duration <= 0 || clip.Duration > min(most, MaxDuration) {
			t.Fatalf("%d bytes last %v, at most %v", len(data), clip.Duration, most)
		}
		if clip.Promised < 0 || clip.Promised > 0 && clip.Promised <= clip.Duration {
			t.Fatalf("lasts %v, promised %v", clip.Duration, clip.Promised)
		}
		whole := mustCut(t, clip, 0, clip.Duration)
		again := mustRead(t, whole)
		if again.Duration != clip.Duration || again.Promised != 0 || again.SampleRate != clip.SampleRate || again.Channels != clip.Channels {
			t.Fatalf("cut as a whole, %v becomes %v", clip, again)
		}
		if !bytes.Equal(mustCut(t, again, 0, again.Duration), whole) {
			t.Fatal("cut as a whole again, the file changes")
		}
		half := frameTime(clip, clip.frameAt(clip.Duration/2))
		if half == 0 || half == clip.Duration {
			return
		}
		left, right := mustRead(t, mustCut(t, clip, 0, half)), mustRead(t, mustCut(t, clip, half, clip.Duration))
		if d := left.Duration + right.Duration - clip.Duration; d < -1 || d > 1 {
			t.Fatalf("halves last %v and %v, the whole %v", left.Duration, right.Duration, clip.Duration)
		}
	})
}
