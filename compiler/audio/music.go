package audio

import (
	"bytes"
	"math/bits"
	"strings"
	"sync"
)

// The hold music is computed from its score (score.go), in integers only, so
// that it has the same bytes on every machine and its hash can name it.
//
// A tone is a wave read from a table at the speed of its pitch. The phase is a
// number of 32 bits that runs through once in each period and wraps around by
// itself; its highest bits are the place in the table:
//
//	A4, 440 Hz at 8000 samples a second: step = 440/8000 · 2^32 = 236223201
//
// Each voice has two tables. The body is a fundamental with a soft octave, the
// edge is the harmonics above; the edge dies away first, as the brightness of a
// struck string or bar does, and what remains is nearly a pure tone. Both are
// weighed by an envelope: it rises within some milliseconds, so that nothing
// clicks, falls by a small fraction of itself with every sample, which is
// exponential decay, and falls faster when the note is over.
//
// All tones are added into a ring: what still sounds at the end goes on at the
// beginning. So the music can be repeated without a seam.
//
// A telephone carries 300 to 3400 Hz. The highest note is G5 (784 Hz) and the
// highest harmonic the fourth, which makes 3136 Hz; the lowest notes are heard
// by their harmonics.

const (
	musicRate        = 8000 // samples per second
	eighthsPerBar    = 6
	samplesPerEighth = 2880 // 0.36 s: 83 quarters in a minute
)

const (
	one      = 1 << 30 // 1 in fixed point
	waveBits = 11
	waveSize = 1 << waveBits
)

// A wave is one period of a tone, in fixed point of 15 bits.
type wave [waveSize]int32

// harmonics are the weights of the fundamental and its multiples, in hundredths.
type harmonics [4]int64

// A voice is how the notes of one part sound.
type voice struct {
	level     int64     // amplitude of the fundamental at its loudest, of 32768
	body      harmonics // what stays while the note lasts
	edge      harmonics // what dies away first
	attack    int       // samples until the note is at its loudest
	bodyDecay int       // with each sample the body loses 1/2^bodyDecay of itself,
	edgeDecay int       // the edge 1/2^edgeDecay,
	release   int       // and both 1/2^release when the note is over
}

// Melody and second part sound like a soft electric piano, bass and plucked notes
// like a harp, and the held ones like an organ far away.
var (
	melodyVoice  = voice{level: 6500, body: harmonics{100, 18}, edge: harmonics{0, 30, 22, 9}, attack: 100, bodyDecay: 13, edgeDecay: 11, release: 10}
	secondVoice  = voice{level: 3300, body: harmonics{100, 18}, edge: harmonics{0, 25, 15, 5}, attack: 120, bodyDecay: 13, edgeDecay: 11, release: 10}
	bassVoice    = voice{level: 3800, body: harmonics{100, 45, 10}, edge: harmonics{0, 30, 35, 20}, attack: 80, bodyDecay: 12, edgeDecay: 11, release: 10}
	pluckedVoice = voice{level: 2900, body: harmonics{100, 25}, edge: harmonics{0, 30, 25, 12}, attack: 60, bodyDecay: 12, edgeDecay: 10, release: 10}
	heldVoice    = voice{level: 1400, body: harmonics{100, 30, 8}, attack: 4000, bodyDecay: 16, edgeDecay: 16, release: 11}
)

// HoldMusic returns the music that callers hear while they wait, unless a queue
// names its own: a WAV file of 8 kHz µ-law, what the telephone network itself
// carries. It lasts a little over a minute and can be repeated without a seam.
// The bytes are the caller's own, and always the same.
func HoldMusic() []byte { return bytes.Clone(holdMusic()) }

var holdMusic = sync.OnceValue(renderHoldMusic)

// renderHoldMusic plays the score into a ring and encodes it.
func renderHoldMusic() []byte {
	ring := make([]int32, len(score)*eighthsPerBar*samplesPerEighth)
	sine := sineWave()
	for _, p := range arrange() {
		body, edge := sine.mix(p.voice.body), sine.mix(p.voice.edge)
		known := map[note][]int32{} // a note sounds alike wherever it stands
		for _, n := range p.notes {
			at := n.start * samplesPerEighth
			n.start = 0
			tone := known[n]
			if tone == nil {
				tone = p.voice.play(n, body, edge)
				known[n] = tone
			}
			add(ring, at, tone)
		}
	}
	law := make([]byte, len(ring))
	for i, sample := range ring {
		law[i] = muLaw(int(sample))
	}
	w := &wav{coding: wavULaw, channels: 1, rate: musicRate, bits: 8}
	return w.file(law)
}

// sineWave turns a pointer once around in equal steps: each step multiplies it
// by the cosine and sine of 2π/2048.
func sineWave() *wave {
	const stepCos, stepSin = 1073736771, 3294193
	w := new(wave)
	x, y := int64(one), int64(0)
	for i := range w {
		w[i] = int32((y + 1<<14) >> 15)
		x, y = (x*stepCos-y*stepSin+one/2)>>30, (x*stepSin+y*stepCos+one/2)>>30
	}
	return w
}

// mix returns the weighted sum of a sine's harmonics.
func (w *wave) mix(weights harmonics) *wave {
	sum := new(wave)
	for i := range sum {
		total := int64(0)
		for k, weight := range weights {
			total += weight * int64(w[(k+1)*i%waveSize])
		}
		sum[i] = int32(total / 100)
	}
	return sum
}

// play returns the samples of a note.
func (v *voice) play(n note, body, edge *wave) []int32 {
	var phase uint32
	step := pitch(n.name)
	over := n.length * samplesPerEighth
	tone := make([]int32, 0, over+samplesPerEighth)
	loud, bright := int64(one), int64(one)
	bodyDecay, edgeDecay := v.bodyDecay, v.edgeDecay
	for i := 0; loud > one>>11; i++ {
		if i == over {
			bodyDecay, edgeDecay = v.release, v.release
		}
		place := phase >> (32 - waveBits)
		sample := (int64(body[place])*loud + int64(edge[place])*bright) >> 30 * v.level >> 15
		if i < v.attack {
			sample = sample * int64(i) / int64(v.attack)
		} else {
			loud -= loud >> bodyDecay
			bright -= bright >> edgeDecay
		}
		tone = append(tone, int32(sample))
		phase += step
	}
	return tone
}

// add adds a tone to what is in the ring already.
func add(ring []int32, at int, tone []int32) {
	for len(tone) > 0 {
		part := ring[at:]
		n := min(len(part), len(tone))
		for i, sample := range tone[:n] {
			part[i] += sample
		}
		tone, at = tone[n:], 0
	}
}

// pitch returns how far a note's phase moves with each sample. It starts from A
// of the note's octave and goes up or down in equal semitones.
func pitch(name string) uint32 {
	const a4 = 440 << 32 / musicRate
	const semitone = 1137589835 // 2^(1/12) in fixed point
	letter, octave := name[:len(name)-1], int(name[len(name)-1]-'0')
	step := int64(a4) << octave >> 4
	steps := strings.Index("C C#D D#E F F#G G#A A#B ", letter)/2 - 9
	for ; steps > 0; steps-- {
		step = step * semitone >> 30
	}
	for ; steps < 0; steps++ {
		step = step << 30 / semitone
	}
	return uint32(step)
}

// muLaw encodes a sample of 16 bits as ITU-T G.711 says: sign, three bits of
// exponent, four of mantissa, all inverted.
func muLaw(sample int) byte {
	const bias, most = 132, 32635
	sign := byte(0)
	if sample < 0 {
		sample, sign = -sample, 0x80
	}
	sample = min(sample, most) + bias
	exponent := bits.Len(uint(sample)) - 8
	return ^(sign | byte(exponent)<<4 | byte(sample>>(exponent+3)&15))
}
