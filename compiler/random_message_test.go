package compiler

// Drafting messages.

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

// message makes a message block.
func (g *drafting) message(b *draftBlock, i int) {
	m := draftMessage{ref: "message." + b.labels[0]}
	if len(g.messages) > 0 && g.chance("parts", 1) {
		g.parts(b, &m)
		g.messages = append(g.messages, m)
		return
	}
	switch g.index("message is", 4) {
	case 0, 1:
		text := g.text("message")
		if g.chance("long message", 1) {
			text = strings.Repeat(text+" ", 20)
		}
		language := g.language
		b.set("text", g.textExpression(text))
		if g.chance("another language", 2) {
			language = g.pick("message language", "de-DE", "sv-SE", "ja-JP")
			b.set("language", quoted(language))
		}
		m.text, m.length = true, model.AnnouncementTime(&model.MessageNode{Text: resolve.SpokenText(text), Language: language})
	case 2:
		name, length := g.sound()
		b.set("audio", quoted(name))
		m.length = length
	case 3:
		seconds := g.between("sound at a URL", 1, 70)
		url := fmt.Sprintf("https://media.quillmark.example/%d.wav?a=1&b=2", i)
		b.set("url", quoted(url))
		m.url = true
		g.d.sounds[url] = time.Duration(seconds) * time.Second
		if g.chance("its duration", 6) {
			b.set("duration", g.seconds(seconds))
			m.length = time.Duration(seconds) * time.Second
		}
	}
	if g.chance("leads on", 2) {
		g.onward[m.ref] = g.leads(b, "then")
	}
	g.messages = append(g.messages, m)
}

// parts makes a message of texts and of messages that were made before.
func (g *drafting) parts(b *draftBlock, m *draftMessage) {
	var list []string
	m.text, m.length = true, 0
	known := true
	for range g.between("parts", 1, 3) {
		if g.chance("a text", 4) {
			text := g.text("part")
			list = append(list, g.textExpression(text))
			m.length += model.AnnouncementTime(&model.MessageNode{Text: resolve.SpokenText(text), Language: g.language})
			continue
		}
		part := rapid.SampledFrom(g.messages).Draw(g.T, "part message")
		list = append(list, g.reference(part.ref))
		m.length += part.length
		known = known && part.length > 0
	}
	if !known {
		m.length = 0
	}
	b.set("parts", "["+strings.Join(list, ", ")+"]")
	if g.chance("leads on", 2) {
		g.onward[m.ref] = g.leads(b, "then")
	}
}
