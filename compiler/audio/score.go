package audio

import "strings"

// A bar has six eighths. Melody and second part name each note and its length in
// eighths, "." is a rest; the accompaniment is named by its chord.
type bar struct {
	chord  string
	melody string
	second string
}

// score is the hold music: a slow waltz of 32 bars in D major, in the form
// A A' B A". It was made for this program. The melody climbs through the tonic
// chord and takes its time to come down; the middle part descends in steps; at
// the end a second part joins in, and the last bar leads back to the first.
var score = []bar{
	// A
	{"D", "A4 3  B4 1  D5 2", ""},
	{"Bm7", "F#5 4  E5 2", ""},
	{"Gmaj7", "D5 3  C#5 1  B4 2", ""},
	{"A7", "A4 6", ""},
	{"F#m7", "A4 3  C#5 1  E5 2", ""},
	{"Bm7", "D5 4  B4 2", ""},
	{"Em7", "G4 3  A4 1  B4 2", ""},
	{"A7", "C#5 4  . 2", ""},

	// A'
	{"D", "A4 2  B4 1  A4 1  D5 2", ""},
	{"Bm7", "F#5 3  G5 1  E5 2", ""},
	{"Gmaj7", "D5 3  E5 1  B4 2", ""},
	{"A7sus", "A4 4  B4 2", ""},
	{"F#m7", "C#5 3  A4 1  E5 2", ""},
	{"Bm7", "D5 3  C#5 1  B4 2", ""},
	{"Em7 A7", "G4 2  B4 2  C#5 2", ""},
	{"D6", "D5 5  . 1", ""},

	// B
	{"Gmaj7", "G5 3  F#5 1  D5 2", ""},
	{"A", "E5 4  C#5 2", ""},
	{"F#m7", "F#5 3  E5 1  C#5 2", ""},
	{"Bm7", "D5 4  B4 2", ""},
	{"Em7", "E5 3  D5 1  B4 2", ""},
	{"Gmaj7", "B4 4  G4 2", ""},
	{"A7sus", "A4 2  B4 2  D5 2", ""},
	{"A7", "C#5 3  E5 3", ""},

	// A"
	{"D", "A4 3  B4 1  D5 2", "F#4 6"},
	{"Bm7", "F#5 2  G5 1  F#5 1  E5 2", "D5 4  C#5 2"},
	{"Gmaj7", "D5 3  C#5 1  B4 2", "B4 3  A4 1  G4 2"},
	{"A7", "A4 4  E5 2", "E4 4  C#5 2"},
	{"F#m7", "C#5 4  A4 2", "A4 4  E4 2"},
	{"Bm7", "B4 3  C#5 1  D5 2", "F#4 3  A4 1  B4 2"},
	{"Em7 A7", "E5 3  C#5 3", "G4 6"},
	{"D6", "D5 5  . 1", "F#4 5  . 1"},
}

// A voicing is how a chord is accompanied: by the bass and five plucked notes,
// one on each eighth, which ring until the end of the bar, and by two held ones.
type voicing struct {
	bass    string
	plucked string
	held    string
}

// voicings lists the chords of the score. They lie so that each moves on to the
// next by small steps, and high enough for a telephone, which carries little
// below 300 Hz.
var voicings = map[string]voicing{
	"D":      {"D3", "A3  D4  F#4 A4  F#4", "A3 F#4"},
	"D6":     {"D3", "A3  B3  F#4 B3  A3", "B3 F#4"},
	"Bm7":    {"B2", "F#3 A3  D4  F#4 D4", "A3 F#4"},
	"Gmaj7":  {"G3", "B3  D4  F#4 D4  B3", "B3 F#4"},
	"A":      {"A3", "C#4 E4  A4  E4  C#4", "C#4 E4"},
	"A7":     {"A3", "C#4 E4  G4  E4  C#4", "C#4 G4"},
	"A7sus":  {"A3", "D4  E4  G4  E4  D4", "D4 G4"},
	"F#m7":   {"F#3", "C#4 E4  A4  E4  C#4", "C#4 E4"},
	"Em7":    {"E3", "B3  D4  G4  D4  B3", "B3 G4"},
	"Em7 A7": {"E3", "B3  G4  A3  C#4 G4", "B3 G4"},
}

// A note is one sound of the score.
type note struct {
	name   string // "F#4"
	start  int    // in eighths from the beginning
	length int    // in eighths
}

// A part is what one voice plays.
type part struct {
	voice voice
	notes []note
}

// arrange returns the parts of the score.
func arrange() []part {
	melody, second := part{voice: melodyVoice}, part{voice: secondVoice}
	bass, plucked, held := part{voice: bassVoice}, part{voice: pluckedVoice}, part{voice: heldVoice}
	for i, b := range score {
		at := i * eighthsPerBar
		melody.notes = append(melody.notes, tune(b.melody, at)...)
		second.notes = append(second.notes, tune(b.second, at)...)
		v := voicings[b.chord]
		bass.notes = append(bass.notes, note{v.bass, at, eighthsPerBar})
		for j, name := range strings.Fields(v.plucked) {
			plucked.notes = append(plucked.notes, note{name, at + 1 + j, eighthsPerBar - 1 - j})
		}
		for _, name := range strings.Fields(v.held) {
			held.notes = append(held.notes, note{name, at, eighthsPerBar})
		}
	}
	return []part{melody, second, bass, plucked, held}
}

// tune reads the notes of one bar, "A4 3  B4 1  . 2", that starts at an eighth.
func tune(bar string, at int) []note {
	var notes []note
	for words := strings.Fields(bar); len(words) >= 2; words = words[2:] {
		length := int(words[1][0] - '0')
		if words[0] != "." {
			notes = append(notes, note{words[0], at, length})
		}
		at += length
	}
	return notes
}
