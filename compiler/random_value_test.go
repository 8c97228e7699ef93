package compiler

// Random values: texts that a document must escape, expressions that evaluate
// to a given value, and sound files.

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// words are what random texts are made of. Some are hostile to XML, to HCL
// templates, to links and to the width of a line.
var words = []string{
	"sales", "billing", "a doctor", "press", "please", "Zillum", "1", "24", "50%", "A&B", "<b>", "</Say>",
	"]]>", "&amp;", `"quoted"`, "don't", "é", "São", "日本", "🙂", "e\u0301", "${key}", "%{if}", "$${", `\n`,
	"–", "?x=1&y=2", "../..", "#", "*", "<!--", "<?xml?>", "\u00a0", "two\nlines", "a\tb", "flow:menu.main/digits-1",
}

// text is a text that can be spoken.
func (g *drafting) text(label string) string {
	list := rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(g.T, label)
	text := strings.Join(list, " ")
	if !twiml.Audible(text) {
		return "hello"
	}
	return text
}

// index draws a number below n.
func (g *drafting) index(label string, n int) int { return rapid.IntRange(0, n-1).Draw(g.T, label) }

// between draws a number from low to high.
func (g *drafting) between(label string, low, high int) int {
	return rapid.IntRange(low, high).Draw(g.T, label)
}

// chance is true in about so many of eight cases.
func (g *drafting) chance(label string, eighths int) bool { return g.index(label, 8) >= 8-eighths }

// pick draws one of a list.
func (g *drafting) pick(label string, list ...string) string {
	return rapid.SampledFrom(list).Draw(g.T, label)
}

// textExpression is an expression for a text, written in one of several ways.
func (g *drafting) textExpression(text string) string {
	switch g.index("text as", 10) {
	case 5:
		return g.variable("string", quoted(text), text)
	case 6:
		return g.local(quoted(text))
	case 7:
		return fmt.Sprintf(`"${%s}"`, g.local(quoted(text)))
	case 8:
		return fmt.Sprintf(`true ? %s : "not this"`, quoted(text))
	case 9:
		first, rest, found := strings.Cut(text, " ")
		if !found {
			return quoted(text)
		}
		return fmt.Sprintf(`join(" ", [for part in [%s, %s] : part])`, quoted(first), quoted(rest))
	}
	return quoted(text)
}

// tongues are the languages that calls can have beside the project's.
var tongues = []string{"es-MX", "nl-NL"}

// speaks perhaps gives calls a language from a block on.
func (g *drafting) speaks(b *draftBlock) {
	if g.chance("language of the call", 1) {
		b.set("language", quoted(g.pick("call language", append(tongues, g.language)...)))
	}
}

// spoken sets a text, perhaps one for each language.
func (g *drafting) spoken(b *draftBlock, attribute, text string) {
	if !g.chance("in every language", 1) {
		b.set(attribute, g.textExpression(text))
		return
	}
	list := []string{fmt.Sprintf("%q = %s", g.language, g.textExpression(text))}
	for _, tongue := range tongues {
		list = append(list, fmt.Sprintf("%q = %s", tongue, g.textExpression(g.text("translated"))))
	}
	b.set(attribute, "{ "+strings.Join(list, ", ")+" }")
}

// reference is an expression for a reference, written in one of several ways.
func (g *drafting) reference(ref string) string {
	switch g.index("reference as", 10) {
	case 5:
		return g.local(ref)
	case 6:
		return fmt.Sprintf("false ? hangup : %s", ref)
	case 7:
		return fmt.Sprintf("[stock.busy, %s][1]", ref)
	case 8:
		return fmt.Sprintf("[for each in [%s] : each][0]", ref)
	case 9:
		return fmt.Sprintf("{ first = %s }.first", g.local(ref))
	}
	return ref
}

// seconds is an expression for a length of time.
func (g *drafting) seconds(n int) string {
	switch g.index("seconds as", 8) {
	case 6:
		return g.variable("number", fmt.Sprint(n), fmt.Sprint(n)) + ` == 0 ? "1s" : ` + quoted(fmt.Sprintf("%ds", n))
	case 7:
		return fmt.Sprintf(`"${%d}s"`, n)
	}
	return quoted(script.Duration(time.Duration(n) * time.Second))
}

// flag is an expression for true or false.
func (g *drafting) flag(value bool) string {
	switch g.index("flag as", 8) {
	case 6:
		return g.variable("bool", fmt.Sprint(value), fmt.Sprint(value))
	case 7:
		return fmt.Sprintf("!%t", !value)
	}
	return fmt.Sprint(value)
}

// local declares a local value and names it.
func (g *drafting) local(expression string) string {
	name := fmt.Sprintf("value_%d", g.locals)
	g.locals++
	g.d.add("locals").set(name, expression)
	return "local." + name
}

// variable declares a variable whose value comes from one of the places from
// which values come, and names it.
func (g *drafting) variable(kind, expression, text string) string {
	name := fmt.Sprintf("input_%d", g.locals)
	g.locals++
	b := g.d.add("variable", name)
	b.set("type", kind)
	switch g.index("value from", 4) {
	case 0:
		b.set("default", expression)
	case 1:
		g.d.values += fmt.Sprintf("%s = %s\n", name, expression)
	case 2:
		g.d.given.CommandLine = append(g.d.given.CommandLine, config.Assignment{Name: name, Text: text})
	case 3:
		b.set("default", "null")
		g.d.given.CommandLine = append(g.d.given.CommandLine, config.Assignment{File: "more.ivrvars", Content: fmt.Appendf(nil, "%s = %s\n", name, expression)})
	}
	return "var." + name
}

// sound makes a sound file beside the configuration, and returns its name and
// how long it plays.
func (g *drafting) sound() (string, time.Duration) {
	n := len(g.d.audio)
	if g.chance("MP3", 2) {
		frames := g.between("frames", 3, 400)
		name := fmt.Sprintf("sound %d.mp3", n)
		g.d.audio[name] = mp3Sound(frames)
		return name, time.Duration(frames) * mp3Frame
	}
	samples := g.between("samples", 800, 12*wavRate)
	name := fmt.Sprintf("audio/sound-%d.wav", n)
	g.d.audio[name] = wavSound(n, samples)
	return name, time.Duration(samples) * time.Second / wavRate
}

// wavRate is the sample rate of random WAV files, the lowest that is accepted.
const wavRate = 4000

// wavSound is a WAV file of so many samples of one byte. No two stretches of it
// are alike, so that a piece says where it was cut out.
func wavSound(seed, samples int) []byte {
	le := binary.LittleEndian
	data := append([]byte("RIFF"), le.AppendUint32(nil, uint32(36+samples+samples%2))...)
	data = append(data, "WAVEfmt "...)
	data = le.AppendUint32(data, 16)
	data = le.AppendUint16(data, 1) // PCM
	data = le.AppendUint16(data, 1) // of one channel
	data = le.AppendUint32(data, wavRate)
	data = le.AppendUint32(data, wavRate)
	data = le.AppendUint16(data, 1)
	data = le.AppendUint16(data, 8)
	data = append(data, "data"...)
	data = le.AppendUint32(data, uint32(samples))
	state := uint32(seed)*2654435761 + 1
	for range samples + samples%2 {
		state = state*1664525 + 1013904223
		data = append(data, byte(state>>24))
	}
	return data
}

// wavSamples is the sound of a WAV file.
func wavSamples(data []byte) []byte {
	header := bytes.Index(data, []byte("data")) + 8
	n := int(binary.LittleEndian.Uint32(data[header-4:]))
	return data[header : header+n]
}

// mp3Frame is how long one frame of mp3Sound plays.
const mp3Frame = 1152 * time.Second / 32000

// mp3Sound is an MP3 file of silent frames: MPEG 1, layer III, 32 kbit/s at
// 32 kHz, one channel, which makes frames of 144 bytes.
func mp3Sound(frames int) []byte {
	var data []byte
	for range frames {
		frame := make([]byte, 144)
		copy(frame, "\xff\xfb\x18\xc0")
		data = append(data, frame...)
	}
	return data
}
