package compiler

// Drafting: the blocks of a random configuration. The names come first, so that
// everything can lead to everything, in circles too. What would make a
// configuration invalid is avoided where it is drawn:
//
//   - exits that are taken by themselves (busy, timeout, failure, …) lead only
//     to blocks further on in a random order, or to an end, so that no caller
//     is led in circles;
//   - a queue without agents gets a number that takes its callers;
//   - a back key is given only to menus to which one menu leads.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A drafting is the making of one draft.
type drafting struct {
	*rapid.T
	d        *draft
	wide     bool // limits = "twilio"
	language string
	locals   int
	menus    int
	refs     []string // everything that a call can be led to, in random order
	users    []string // as references
	rung     map[string]int
	messages []draftMessage
	parents  map[string][]string // of each menu: the menus whose options lead there
	served   map[string]bool     // queues that agents serve, or a number
	onward   map[string]string   // where messages lead on to
	passed   map[string][]string // where hours and callers blocks lead on to

	common map[string]string // where the keys of every menu lead

	applications []string
	most         int // of applications, doubled, and one
}

// A draftMessage is a message that can be referred to.
type draftMessage struct {
	ref    string
	text   bool
	url    bool
	length time.Duration // 0 if it is not known
}

// draft makes a configuration.
func (g *drafting) draft() *draft {
	g.d = &draft{audio: map[string][]byte{}, sounds: map[string]time.Duration{}, waits: map[string]int{}}
	g.rung, g.parents, g.served, g.onward = map[string]int{}, map[string][]string{}, map[string]bool{}, map[string]string{}
	g.passed = map[string][]string{}
	g.wide = g.chance("wide limits", 4)
	g.language = g.pick("language", "en-US", "en-US", "en-GB", "de-DE", "pt-BR", "ja-JP", "fr-CA")
	project := g.project()
	messages := g.declare("message", 0, 4)
	users := g.declare("user", 1, 5)
	groups := g.declare("ring_group", 0, 3)
	queues := g.declare("queue", 0, 2)
	voicemails := g.declare("voicemail", 0, 2)
	menus := g.declare("menu", 1, 3)
	entries := g.declare("entry", 0, 2)
	callers := g.declare("callers", 0, 1)
	hours := g.declare("hours", 0, 1)
	splits := g.declare("split", 0, 1)
	var applications []*draftBlock
	for i := range g.index("applications", g.most) / 2 {
		name := []string{"crm", "account"}[i]
		applications = append(applications, g.d.add("application", name))
		g.refs = append(g.refs, "application."+name)
		g.applications = append(g.applications, "application."+name)
	}
	g.refs = rapid.Permutation(g.refs).Draw(g.T, "order")
	g.commonKeys(project)
	for i, b := range messages {
		g.message(b, i)
	}
	for i, b := range users {
		g.user(b, i)
	}
	for _, b := range groups {
		g.ringGroup(b)
	}
	for _, b := range queues {
		g.queue(b)
	}
	for _, b := range voicemails {
		g.voicemail(b)
	}
	for _, b := range callers {
		g.callers(b)
	}
	for _, b := range hours {
		g.hours(b)
	}
	for _, b := range splits {
		g.split(b)
	}
	for _, b := range menus {
		g.menu(b, "menu."+b.labels[0], 2)
	}
	for _, b := range entries {
		g.entry(b, "entry."+b.labels[0])
	}
	for _, b := range applications {
		g.application(b)
	}
	g.backs()
	g.numbers(menus, queues)
	if g.wide || g.menus > model.LimitDepth.Max[model.Phonebridge] {
		project.set("limits", `"twilio"`)
	}
	return g.d
}

// within is the largest value that a limit allows, but no more than is needed.
func (g *drafting) within(limit model.Limit, needed int) int {
	if g.wide {
		return min(limit.Max[model.Twilio], needed)
	}
	return min(limit.Max[model.Phonebridge], needed)
}

// blockNames are names of blocks that differ little.
var blockNames = []string{"main", "sales", "a-b", "a_b", "m_1", "Main", "fallback", "confirm"}

// declare makes blocks of a kind, with names and nothing in them yet.
func (g *drafting) declare(kind string, low, high int) []*draftBlock {
	var blocks []*draftBlock
	used := map[string]bool{}
	for i := range g.between(kind+"s", low, high) {
		name := g.pick(kind, blockNames...)
		if used[name] {
			name += fmt.Sprint(i)
		}
		used[name] = true
		blocks = append(blocks, g.d.add(kind, name))
		g.refs = append(g.refs, kind+"."+name)
		if kind == bundle.KindUser {
			g.users = append(g.users, kind+"."+name)
		}
	}
	return blocks
}

// project makes the blocks that are there once.
func (g *drafting) project() *draftBlock {
	p := g.d.add("project", g.pick("project", "quillmark", "a", "x-1"))
	if g.language != "en-US" || g.chance("language given", 4) {
		p.set("language", quoted(g.language))
	}
	if g.chance("voice", 1) {
		p.set("voice", quoted(g.pick("voice", append(twiml.VoicesOf(g.language), "man")...)))
	}
	if g.chance("salt", 1) {
		p.set("salt", g.textExpression(g.text("salt")))
	}
	if g.chance("project records", 1) {
		p.set("record", g.flag(true))
	}
	for _, name := range []string{"busy", "unavailable", "invalid", "no_input", "goodbye"} {
		if g.chance(name+" of the project", 1) {
			p.set(name, g.textExpression(g.text(name)))
		}
	}
	if g.chance("hosting block", 4) {
		g.d.add("hosting").set("base_url", quoted(strings.TrimSuffix(draftURL, "/")))
	} else {
		g.d.baseURL = draftURL
	}
	return p
}

// user makes a user.
func (g *drafting) user(b *draftBlock, i int) {
	switch g.index("user is", 3) {
	case 0:
		b.set("phone", g.textExpression(fmt.Sprintf("+1415555012%d", i)))
	case 1:
		b.set("client", quoted(fmt.Sprintf("agent_%d", i)))
	case 2:
		b.set("sip", quoted(fmt.Sprintf("sip:agent-%d@quillmark.example", i)))
	}
	if g.chance("confirm", 2) {
		b.set("confirm", g.flag(true))
	}
	if g.chance("language of a user", 2) {
		b.set("language", quoted(g.pick("spoken to in", append(tongues, g.language)...)))
	}
	if g.chance("full name", 1) {
		b.set("name", g.textExpression(g.text("full name")))
	}
	if g.chance("outbound", 1) {
		b.add("outbound").set("record", g.flag(true))
	}
}

// said sets an attribute that expects a message.
func (g *drafting) said(b *draftBlock, name string, eighths int) {
	if !g.chance(name, eighths) {
		return
	}
	switch n := g.index(name+" is", 4); {
	case n == 1:
		b.set(name, g.reference("stock."+g.pick("stock", "recording", "goodbye", "please_hold")))
	case n >= 2 && len(g.messages) > 0:
		b.set(name, g.reference(rapid.SampledFrom(g.messages).Draw(g.T, "message").ref))
	default:
		b.set(name, g.textExpression(g.text(name)))
	}
}

// somewhere is a destination, preferably one that leads on.
func (g *drafting) somewhere(label string) string {
	var on []string
	for _, ref := range g.refs {
		kind, _, _ := strings.Cut(ref, ".")
		if kind != bundle.KindUser && kind != bundle.KindMessage {
			on = append(on, ref)
		}
	}
	if g.chance(label+" an end", 2) {
		return rapid.SampledFrom(g.refs).Draw(g.T, label)
	}
	return rapid.SampledFrom(on).Draw(g.T, label)
}

// leads sets an attribute that expects a destination which is taken by itself, or
// not, and returns it.
func (g *drafting) leads(b *draftBlock, name string) string {
	if !g.chance(name, 5) {
		return ""
	}
	to := rapid.SampledFrom(append(g.further(b), "hangup")).Draw(g.T, name+" leads to")
	b.set(name, g.reference(to))
	return to
}

// further lists where a block may lead calls on by itself.
func (g *drafting) further(b *draftBlock) []string {
	from := slices.Index(g.refs, b.kind+"."+b.labels[0])
	list := []string{"stock.goodbye"}
	for i, ref := range g.refs {
		kind, _, _ := strings.Cut(ref, ".")
		if i > from || kind == bundle.KindMessage && b.kind != kind && g.onward[ref] == "" || kind == bundle.KindUser {
			list = append(list, ref)
		}
	}
	return list
}

// callers makes a block that asks who is calling.
func (g *drafting) callers(b *draftBlock) {
	list := []string{"+1", "+1212", "+14155550199", "+1415555", "+33", "+3319900", "+447700900123", "+49"}
	list = rapid.Permutation(list).Draw(g.T, "beginnings")
	address := b.kind + "." + b.labels[0]
	to := func(name string) string {
		ref := rapid.SampledFrom(g.further(b)).Draw(g.T, name)
		g.passed[address] = append(g.passed[address], ref)
		return g.reference(ref)
	}
	for i := range g.between("branches", 0, 3) {
		from := b.add("from", fmt.Sprintf("some_%d", i))
		n := g.between("beginnings of a branch", 1, 2)
		from.set("prefixes", `["`+strings.Join(list[:n], `", "`)+`"]`)
		list = list[n:]
		if b.labels[0] == theDoor && g.chance("rejected", 4) {
			from.set("to", g.pick("reject", "reject", `reject("busy")`))
			continue
		}
		from.set("to", to("callers are led to"))
	}
	if g.chance("withheld", 4) {
		b.set("withheld", to("withheld callers are led to"))
	}
	b.set("otherwise", to("other callers are led to"))
}

// split makes a block that shares calls out.
func (g *drafting) split(b *draftBlock) {
	parts := g.pick("parts", "8 8", "12 4", "1 15", "5 6 5", "4 4 4 4")
	for i, n := range strings.Fields(parts) {
		to := rapid.SampledFrom(g.further(b)).Draw(g.T, "share leads to")
		g.passed["split."+b.labels[0]] = append(g.passed["split."+b.labels[0]], to)
		share := b.add("share", fmt.Sprintf("part_%d", i))
		share.set("parts", n)
		share.set("to", g.reference(to))
	}
}

// theDoor is the block that only numbers lead to, which may reject calls.
const theDoor = "the_door"

// behind lists what an option leads to, behind what passes calls on.
func (g *drafting) behind(ref string) []string {
	if on := g.onward[ref]; on != "" {
		return g.behind(on)
	}
	if g.passed[ref] == nil {
		return []string{ref}
	}
	var list []string
	for _, on := range g.passed[ref] {
		list = append(list, g.behind(on)...)
	}
	return list
}

// application makes an application.
func (g *drafting) application(b *draftBlock) {
	b.set("url", quoted(g.pick("url", "https://crm.quillmark.example/account", "https://crm.quillmark.example/?a=1&b=2")))
	results := g.results(b.labels[0])
	for _, name := range results {
		to := rapid.SampledFrom(g.further(b)).Draw(g.T, "result leads to")
		r := b.add("result", name)
		r.set("to", g.reference(to))
		g.speaks(r)
	}
	b.set("on_failure", g.reference(rapid.SampledFrom(g.further(b)).Draw(g.T, "failure leads to")))
}

// results are the results of an application, the same whenever it is asked.
func (g *drafting) results(name string) []string {
	return [][]string{{"done"}, {"known", "unknown"}, {"a_1", "open", "z"}}[len(name)%3]
}

// numbers makes the numbers: some that callers dial, and one for the agents of
// each queue that needs it.
func (g *drafting) numbers(menus, queues []*draftBlock) {
	door := ""
	if g.chance("a door", 2) {
		g.callers(g.d.add("callers", theDoor))
		door = "callers." + theDoor
	}
	for i := range g.between("numbers", 1, 4) {
		b := g.d.add("number", fmt.Sprintf("n%d", i))
		g.number(b, i)
		to := g.somewhere("number leads to")
		if g.chance("to a menu", 4) {
			to = "menu." + rapid.SampledFrom(menus).Draw(g.T, "menu").labels[0]
		}
		if door != "" && g.chance("to the door", 6) {
			to = door
		}
		b.set("to", g.reference(to))
		if g.chance("anonymous", 2) {
			b.set("anonymous", g.reference(g.somewhere("anonymous callers are led to")))
		}
	}
	for i, q := range queues {
		if name := q.labels[0]; !g.served[name] || g.chance("an agents' line", 1) {
			b := g.d.add("number", "agents_"+name)
			g.number(b, 10+i)
			b.set("take", g.reference("queue."+name))
		}
	}
}

// number gives a number what all of them have.
func (g *drafting) number(b *draftBlock, i int) {
	b.set("phone_number", g.textExpression(fmt.Sprintf("+141555501%02d", i)))
	g.speaks(b)
	if i > 0 && i < 10 && g.chance("offline", 1) {
		b.set("status", g.variable("string", `"offline"`, "offline"))
		g.said(b, "offline", 4)
	}
	if g.chance("number records", 4) {
		b.set("record", g.flag(g.chance("number records so", 4)))
	}
	g.said(b, "fallback", 2)
	if !b.has("fallback") && len(g.applications) == 0 && g.chance("falls back to a block", 3) {
		b.set("fallback", g.reference(rapid.SampledFrom(g.refs).Draw(g.T, "fallback leads to")))
	}
}
