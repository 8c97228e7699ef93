package compiler

// Drafting the blocks that people and callers meet in: ring groups and menus.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// ringGroup makes a ring group.
func (g *drafting) ringGroup(b *draftBlock) {
	users := rapid.Permutation(g.users).Draw(g.T, "users")
	users = users[:g.between("users rung", 1, len(users))]
	b.set("users", g.userList(users))
	rounds := 1
	if g.chance("sequential", 4) {
		b.set("strategy", g.textExpression("sequential"))
		rounds = len(users)
	} else if g.chance("strategy given", 2) {
		b.set("strategy", `"simultaneous"`)
	}
	if g.chance("cycles", 3) {
		cycles := g.between("cycles", 1, g.within(model.LimitCycles, 4))
		b.set("cycles", fmt.Sprint(cycles))
		rounds *= cycles
	}
	interval := 20
	if g.chance("interval", 4) {
		interval = g.between("interval", 5, 40)
		b.set("interval", g.seconds(interval))
	}
	g.rung["ring_group."+b.labels[0]] = rounds * (interval + longestConfirm)
	if g.chance("record", 2) {
		b.set("record", g.flag(g.chance("record so", 4)))
	}
	if g.chance("caller_id", 1) {
		b.set("caller_id", `"+14155550190"`)
	}
	g.said(b, "busy", 3)
	g.said(b, "unavailable", 3)
	g.leads(b, "on_busy")
	g.leads(b, "on_unavailable")
	if g.chance("time_limit", 2) {
		b.set("time_limit", g.seconds(g.between("longest conversation", 10, 900)))
	}
	if g.chance("the call goes on", 2) {
		g.leads(b, "on_completed")
	}
	if g.chance("whisper", 3) {
		if g.chance("whisper by name", 2) && len(g.messages) > 0 {
			b.set("whisper", g.reference(rapid.SampledFrom(g.messages).Draw(g.T, "whisper").ref))
		} else {
			g.spoken(b, "whisper", g.text("whisper"))
		}
	}
}

// longestConfirm is more than it takes to whisper to whoever is rung, and to ask them to
// confirm, in seconds.
const longestConfirm = 80

// longestRetry is the longest time between two rings of a queue's agents, in seconds.
const longestRetry = 90

// userList is an expression for a list of users.
func (g *drafting) userList(users []string) string {
	list := "[" + strings.Join(users, ", ") + "]"
	switch g.index("users as", 6) {
	case 3:
		return g.local(list)
	case 4:
		return fmt.Sprintf("[for each in %s : each]", list)
	case 5:
		return fmt.Sprintf("concat(%s, [])", list)
	}
	return list
}

// menu makes a menu that may hold menus inside its options, so many levels deep.
func (g *drafting) menu(b *draftBlock, address string, levels int) {
	g.menus++
	keys := rapid.Permutation(g.keys()).Draw(g.T, "keys")
	options := g.between("options", 1, 4)
	spoken := g.prompt(b, address)
	g.said(b, "welcome", 3)
	if g.chance("timeout", 3) {
		b.set("timeout", g.seconds(g.between("menu timeout", 1, g.within(model.LimitTimeout, 60))))
	}
	if g.chance("attempts", 4) {
		b.set("attempts", fmt.Sprint(g.between("menu attempts", 1, g.within(model.LimitAttempts, 7))))
	}
	if g.chance("repeat", 2) {
		b.set("repeat", quoted(keys[options]))
	}
	ends := len(b.labels) > 0 && g.failure(b)
	g.words(b, ends)
	if g.chance("extensions", 2) {
		g.extensions(b)
	}
	dynamic := spoken && g.chance("dynamic options", 1)
	for _, k := range keys[:options] {
		label := g.text("label")
		inside := levels > 0 && spoken && !dynamic && g.chance("a menu inside", 1)
		if inside {
			o := b.add("option", k)
			g.spoken(o, "label", label)
			g.speaks(o)
			inner := address + "." + k
			g.parents[inner] = []string{address}
			g.menu(o.add("menu"), inner, levels-1)
			continue
		}
		g.option(b, address, k, label, spoken, dynamic)
	}
	back := slices.IndexFunc(keys[options+1:], func(key string) bool { return g.common[key] == "" })
	b.attributes = append(b.attributes, draftAttribute{"back", quoted(keys[options+1+back])})
	own := slices.Clone(keys[:options])
	if b.has("repeat") {
		own = append(own, keys[options])
	}
	g.commonKeysOf(b, address, own)
}

// commonKeys perhaps gives every menu some keys.
func (g *drafting) commonKeys(project *draftBlock) {
	g.common = map[string]string{}
	if !g.chance("keys of every menu", 2) {
		return
	}
	for _, key := range rapid.Permutation(g.keys()).Draw(g.T, "common keys")[:g.between("keys in common", 1, 2)] {
		to := g.somewhere("common key leads to")
		if !g.wide && strings.HasPrefix(to, bundle.KindMenu+".") { // some menus have recorded prompts
			to = "stock.goodbye"
		}
		o := project.add("option", key)
		g.spoken(o, "label", g.text("label"))
		o.set("to", g.reference(to))
		if g.chance("not announced", 1) {
			o.set("announced", "false")
		}
		g.speaks(o)
		g.common[key] = to
	}
}

// commonKeysOf leads from a menu by the keys of every menu, but for those that mean
// something else there, and perhaps takes one away.
func (g *drafting) commonKeysOf(b *draftBlock, address string, own []string) {
	for _, key := range slices.Sorted(maps.Keys(g.common)) {
		switch {
		case slices.Contains(own, key):
		case g.chance("taken away", 1):
			b.add("option", key).set("none", "true")
		default:
			g.into(address, g.common[key])
		}
	}
}

// words perhaps says what callers hear who are asked again: the same after each attempt,
// something else after each, or nothing, if the call does not end then.
func (g *drafting) words(b *draftBlock, ends bool) {
	nothing := `""`
	if ends {
		nothing = "null"
	}
	for _, name := range []string{"invalid", "no_input"} {
		if g.chance(name+" after each attempt", 1) {
			var list []string
			for range g.between("attempts spoken of", 1, 4) {
				list = append(list, g.pick("word", g.textExpression(g.text(name)), g.textExpression(g.text(name)), "stock."+name, nothing, "null"))
			}
			b.set(name, "["+strings.Join(append(list, g.textExpression(g.text(name))), ", ")+"]")
			continue
		}
		g.said(b, name, 1)
	}
}

// failure says where callers go on who give no valid key, perhaps apart, and returns
// whether that can be the end.
func (g *drafting) failure(b *draftBlock) (ends bool) {
	ends = g.leads(b, "on_failure") == bundle.Hangup
	if g.chance("silence apart", 2) {
		ends = g.leads(b, "on_silence") == bundle.Hangup || ends
	}
	if g.chance("wrong keys apart", 2) {
		ends = g.leads(b, "on_invalid") == bundle.Hangup || ends
	}
	return ends
}

// dialled are extensions of which some begin with others.
var dialled = []string{"10", "11", "101", "12345", "99", "900"}

// extensions lets callers of a menu dial some numbers.
func (g *drafting) extensions(b *draftBlock) {
	var list []string
	for _, digits := range rapid.Permutation(dialled).Draw(g.T, "dialled")[:g.between("extensions", 1, 3)] {
		to := rapid.SampledFrom(append([]string{"stock.goodbye"}, g.users...)).Draw(g.T, "extension leads to")
		list = append(list, fmt.Sprintf("%q = %s", digits, to))
	}
	b.set("extensions", "{ "+strings.Join(list, ", ")+" }")
	if g.chance("extension_timeout", 4) {
		b.set("extension_timeout", g.seconds(g.between("between digits", 2, 6)))
	}
}

// into notes that a key of a menu leads to a menu, perhaps by way of messages.
func (g *drafting) into(address, menu string) {
	for _, menu := range g.behind(menu) {
		if menu != address && strings.HasPrefix(menu, bundle.KindMenu+".") && !slices.Contains(g.parents[menu], address) {
			g.parents[menu] = append(g.parents[menu], address)
		}
	}
}

// entry makes a question for digits.
func (g *drafting) entry(b *draftBlock, address string) {
	g.menus++ // a key leads on from it, as from a menu
	b.set("prompt", g.textExpression(g.text("prompt")))
	if g.chance("timeout", 3) {
		b.set("timeout", g.seconds(g.between("entry timeout", 1, 9)))
	}
	if g.chance("attempts", 4) {
		b.set("attempts", fmt.Sprint(g.between("entry attempts", 1, 4)))
	}
	keys := []string{"0", "7"}
	switch g.index("finish", 3) {
	case 1:
		b.set("finish", `""`)
		keys = []string{"#", "*"}
	case 2:
		b.set("finish", `"*"`)
		keys = []string{"#", "0"}
	}
	g.words(b, g.failure(b))
	if len(g.applications) > 0 && g.chance("an application gets the digits", 4) {
		b.set("to", rapid.SampledFrom(g.applications).Draw(g.T, "application"))
		b.set("digits", fmt.Sprint(g.between("digits", 1, 6)))
		if g.chance("secret", 2) {
			b.set("secret", "true")
		}
		g.entryKeys(b, address, keys)
		return
	}
	for _, digits := range rapid.Permutation(append([]string{"1"}, dialled...)).Draw(g.T, "codes")[:g.between("codes", 1, 3)] {
		to := g.somewhere("code leads to")
		g.into(address, to)
		b.add("code", digits).set("to", g.reference(to))
	}
	g.entryKeys(b, address, keys)
}

// entryKeys adds keys that callers may press instead of digits.
func (g *drafting) entryKeys(b *draftBlock, address string, keys []string) {
	for _, key := range keys[:g.between("keys beside codes", 0, 2)] {
		to := g.somewhere("key leads to")
		g.into(address, to)
		o := b.add("option", key)
		o.set("label", g.textExpression(g.text("label")))
		o.set("to", g.reference(to))
	}
}

// option adds an option that leads to a block.
func (g *drafting) option(b *draftBlock, address, k, label string, spoken, dynamic bool) {
	to := g.somewhere("option leads to")
	if !spoken && strings.HasPrefix(to, bundle.KindMenu+".") {
		to = "stock.goodbye"
	}
	g.into(address, to)
	if !dynamic {
		o := b.add("option", k)
		g.spoken(o, "label", label)
		o.set("to", g.reference(to))
		if len(b.blocks) > 1 && g.chance("not announced", 1) {
			o.set("announced", "false")
		}
		g.speaks(o)
		return
	}
	all := b.add("dynamic", "option")
	all.set("for_each", fmt.Sprintf("[{ key = %q, label = %s }]", k, quoted(label)))
	all.set("labels", "[option.value.key]")
	content := all.add("content")
	content.set("label", "option.value.label")
	content.set("to", to)
}

// keys are the keys of a telephone under the limits.
func (g *drafting) keys() []string {
	if g.wide {
		return strings.Split("1234567890*#", "")
	}
	return strings.Split("123456789", "")
}

// prompt perhaps gives a menu a prompt, and reports whether it is spoken. A
// recorded prompt is not allowed in menus with submenus.
func (g *drafting) prompt(b *draftBlock, address string) bool {
	switch g.index("prompt", 8) {
	case 5:
		b.set("prompt", `"Press ${key} for ${menu}."`)
	case 6:
		text := quoted(g.text("prompt"))
		b.set("prompt", text[:len(text)-1]+` ${upper(menu)}: ${key} <${key}>"`)
	case 7:
		if len(g.messages) > 0 {
			b.set("audio_prompt", g.messages[0].ref)
			return false
		}
	}
	return true
}

// backs takes the back keys away again from menus that would not know where to
// lead, and from some others.
func (g *drafting) backs() {
	g.d.each(func(address string, b *draftBlock) {
		if b.kind != bundle.KindMenu {
			return
		}
		if len(g.parents[address]) != 1 || !g.chance("back", 4) {
			b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == "back" })
		}
	})
}
