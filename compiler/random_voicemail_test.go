package compiler

import (
	"fmt"

	"pgregory.net/rapid"
)

// voicemail makes a voicemail.
func (g *drafting) voicemail(b *draftBlock) {
	g.said(b, "greeting", 5)
	if g.chance("max_length", 3) {
		b.set("max_length", g.seconds(g.between("longest recording", 2, 300)))
	}
	g.said(b, "recorded", 2)
	g.said(b, "nothing_recorded", 2)
	for _, name := range []string{"recorded", "nothing_recorded"} {
		if !b.has(name) && g.chance("nothing said", 1) {
			b.set(name, quoted(""))
		}
	}
	if g.chance("leads on", 3) {
		b.set("then", g.reference(rapid.SampledFrom(g.further(b)).Draw(g.T, "callers are led on to")))
	}
	if g.chance("empty leads on", 3) {
		b.set("on_empty", g.reference(rapid.SampledFrom(g.further(b)).Draw(g.T, "silent callers are led on to")))
	}
	if g.chance("attempts", 2) {
		b.set("attempts", fmt.Sprint(g.between("attempts at a message", 1, 3)))
	}
	if g.chance("silence", 2) {
		b.set("silence", g.seconds(g.between("silence that ends a message", 2, 9)))
	}
	if g.chance("finish", 2) {
		b.set("finish", quoted(g.pick("finish", "#", "*", "1", "")))
	}
	if g.chance("transcribe", 1) {
		b.set("transcribe", g.flag(true))
	}
	if g.chance("callback", 1) {
		b.set("callback", quoted("https://hooks.quillmark.example/recorded?project=a&x=%20"))
	}
}
