package compiler

// Drafting queues.

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

// queue makes a queue. A queue whose callers wait long is rung rarely, because
// every ring is a set of documents.
func (g *drafting) queue(b *draftBlock) {
	wait := g.between("max_wait", 5, 120)
	if g.chance("long wait", 1) {
		wait = g.between("minutes", 3, 12)*60 + g.index("seconds more", 60)
	}
	if g.chance("agents", 6) {
		agents := append([]string{}, g.users...)
		for _, ref := range g.refs {
			if strings.HasPrefix(ref, bundle.KindRingGroup+".") {
				agents = append(agents, ref, ref)
			}
		}
		g.served[b.labels[0]] = true
		chosen := rapid.SampledFrom(agents).Draw(g.T, "agents")
		b.set("agents", g.reference(chosen))
		wait += longestRetry + max(g.rung[chosen], 20+longestConfirm) // who waits is rung once at least
	}
	b.set("max_wait", g.seconds(wait))
	g.d.waits["queue."+b.labels[0]] = wait
	if g.chance("retry_every", 5) {
		b.set("retry_every", g.seconds(g.between("time between rings", max(10, wait/20), longestRetry)))
	}
	if g.chance("max_callers", 4) {
		b.set("max_callers", fmt.Sprint(g.between("callers", 1, g.within(model.LimitCallers, 1000))))
	}
	every, length := g.announcement(b)
	g.music(b, every-length)
	if wait >= shortestAsked && !b.has("retry_every") && g.chance("keys while waiting", 3) {
		for _, key := range []string{"3", "1"}[:g.between("keys of a queue", 1, 2)] {
			o := b.add("option", key)
			g.spoken(o, "label", g.text("label"))
			o.set("to", g.reference(g.somewhere("key of a queue leads to")))
			g.speaks(o)
		}
		g.menus++ // a key leads on from it, as from a menu
	}
	for _, name := range []string{"full", "timed_out"} {
		g.said(b, name, 3)
		on := map[string]string{"full": "on_full", "timed_out": "on_timeout"}[name]
		if to := g.leads(b, on); to != "hangup" && !b.has(name) && g.chance("nothing said", 1) {
			b.set(name, `""`)
		}
	}
}

// shortestAsked is the shortest wait, in seconds, in which callers are asked for a key.
const shortestAsked = 80

// shortestHold is the shortest time between two rings.
const shortestHold = 10 * time.Second

// announcement perhaps gives a queue an announcement that fits, and returns how
// often it is said and how long it takes. Without one there is as much time as
// the shortest hold.
func (g *drafting) announcement(b *draftBlock) (every, length time.Duration) {
	if !g.chance("announcement", 5) {
		return shortestHold, 0
	}
	every = 30 * time.Second
	a := &draftBlock{kind: "announcement"}
	if g.chance("every", 5) {
		every = time.Duration(g.between("announced every", 5, g.within(model.LimitEvery, 120))) * time.Second
		a.set("every", g.seconds(int(every/time.Second)))
	}
	text := g.text("announcement")
	expression := g.textExpression(text)
	length = model.AnnouncementTime(&model.MessageNode{Text: resolve.SpokenText(text), Language: g.language})
	if len(g.messages) > 0 && g.chance("a message is announced", 4) {
		m := rapid.SampledFrom(g.messages).Draw(g.T, "announced message")
		expression, length = g.reference(m.ref), m.length
	}
	if length == 0 || length+time.Second > every {
		return shortestHold, 0
	}
	a.set("message", expression)
	b.blocks = append(b.blocks, a)
	return every, length
}

// music perhaps gives a queue music that fits into a stretch.
func (g *drafting) music(b *draftBlock, stretch time.Duration) {
	list := []string{`"default"`}
	for _, m := range g.messages {
		if !m.text && m.length > 0 && (!m.url || m.length <= stretch) {
			list = append(list, m.ref, m.ref)
		}
	}
	if g.chance("music", 6) {
		b.set("music", rapid.SampledFrom(list).Draw(g.T, "music"))
	}
}
