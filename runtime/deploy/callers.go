package deploy

// What callers will notice. The descriptions of two call flows, the live one and
// the new one, are compared block by block, from what the numbers lead to.
// Components that both flows share are skipped: equal directories mean equal
// behaviour from there on. For instance, with menu.main-a and menu.main-b:
//
//	menu.main   key 2 "Support" led to ring_group.a; will lead to ring_group.b
//	menu.main   new key 4 "Billing", to menu.billing
//
// A change is about one block, in the words of the language, and is listed once,
// however many numbers lead there. Names of blocks and users, and the order of
// users who ring together, are no change; see renamed.go.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A CallerChange is one thing that callers will notice.
type CallerChange struct {
	Block string `json:"block"`         // "menu.main"
	What  string `json:"what"`          // "block", "option", "exit", "message" or "setting"
	Name  string `json:"name"`          // of the key, outcome, message or setting
	Old   string `json:"old,omitempty"` // "" if it is new
	New   string `json:"new,omitempty"` // "" if it is removed
	Text  string `json:"text"`          // the sentence that people read
}

// A flow is the descriptions of components, by directory.
type flow map[string]bundle.Component

// callerDiff compares the live flow with the new one, starting at pairs of
// directories that answer the same number. It returns which of these pairs move
// though their callers notice nothing.
func callerDiff(live, next flow, starts [][2]string) (changes []CallerChange, unnoticed map[[2]string]bool) {
	var before, after []string
	for _, pair := range starts {
		if pair[0] != pair[1] {
			before, after = append(before, pair[0]), append(after, pair[1])
		}
	}
	then, now := reachable(before, live, next), reachable(after, next, live)
	old, oldAll := blocks(then, now)
	new, newAll := blocks(now, then)
	names := renamingOf(then, now, starts, oldAll, newAll)
	c := comparison{listed: map[string]bool{}, same: names.same}
	for _, address := range union(old, new) {
		a, existed := old[address]
		b, exists := new[address]
		c.block = address
		switch {
		case existed && exists && !names.elsewhere(address):
			c.compare(a, b)
		case exists && names.fresh[address] != "":
			c.compare(old[names.fresh[address]], b)
		case exists && !oldAll[address] && !names.came(address):
			c.add("block", address, "", address, "is new")
		case existed && !newAll[address] && !names.left(address):
			c.add("block", address, address, "", "is removed")
		}
	}
	return c.changes, names.unnoticed(starts, c.changes)
}

// reachable finds the components that callers can come to from some directories.
// What a flow does not describe it shares with the other one.
func reachable(from []string, own, other flow) flow {
	return bundle.Reachable(from, func(directory string) (bundle.Component, bool) {
		c, ok := own[directory]
		if !ok {
			c, ok = other[directory]
		}
		return c, ok
	})
}

// blocks lists the blocks of the components that are in one flow alone, and the
// names of all blocks of that flow.
func blocks(in, other flow) (alone map[string]bundle.Block, all map[string]bool) {
	alone, all = map[string]bundle.Block{}, map[string]bool{}
	for _, directory := range slices.Sorted(maps.Keys(in)) {
		_, shared := other[directory]
		for _, b := range in[directory].Blocks {
			name := blockName(b)
			all[name] = true
			if _, known := alone[name]; !known && !shared {
				alone[name] = b
			}
		}
	}
	return alone, all
}

// blockName is the address of a block, with the language of its calls if that is not
// the project's: "menu.main (es-MX)".
func blockName(b bundle.Block) string {
	if language := b.Language; language != "" {
		return b.Address + " (" + language + ")"
	}
	return b.Address
}

// A comparison collects changes.
type comparison struct {
	block   string // that is compared
	same    func(old, new string) bool
	listed  map[string]bool
	changes []CallerChange
}

// add adds a change of the block, once.
func (c *comparison) add(what, name, old, new, format string, args ...any) {
	change := CallerChange{Block: c.block, What: what, Name: name, Old: old, New: new, Text: fmt.Sprintf(format, args...)}
	if key := change.Block + "\x00" + change.Text; !c.listed[key] {
		c.listed[key] = true
		c.changes = append(c.changes, change)
	}
}

// compare compares a block with what it will be.
func (c *comparison) compare(a, b bundle.Block) {
	switch old, new := ring(a), ring(b); {
	case a.Addresses == b.Addresses && !slices.ContainsFunc(ringSettings, func(name string) bool {
		return name != "users" && a.Setting(name) != b.Setting(name)
	}):
	case old != new:
		c.add("setting", "ring", old, new, "rang %s; will ring %s", old, new)
	default:
		c.add("setting", "addresses", "", "", "rings the same users at other addresses")
	}
	c.settings(a, b)
	c.hours(a, b)
	c.messages(a, b)
	c.exits(a, b)
	if a.Hidden != b.Hidden && a.Hidden != "" && b.Hidden != "" {
		c.add("setting", "sensitive", "", "", "says something else, which is a sensitive value")
	}
}

// ringSettings are told together, as one sentence.
var ringSettings = []string{"users", "strategy", "interval", "cycles"}

// ring says who is rung and how: "alice, then bob, 20s each, 2 times".
func ring(b bundle.Block) string {
	users := b.Setting("users")
	if users == "" {
		return ""
	}
	switch b.Setting("strategy") {
	case "sequential":
		users = strings.ReplaceAll(users, ", ", ", then ") + ", " + b.Setting("interval") + " each"
	case "simultaneous":
		users = strings.Join(slices.Sorted(slices.Values(b.Users())), ", ") + " together, " + b.Setting("interval")
	default:
		users += ", " + b.Setting("interval")
	}
	if n := b.Setting("cycles"); n != "" && n != "1" {
		users += ", " + n + " times"
	}
	return users
}

// maxCallers is the setting of a queue that is told from the account's queues;
// see queueSizes.
const maxCallers = "max_callers"

// settings compares what is set.
func (c *comparison) settings(a, b bundle.Block) {
	names := map[string]bool{}
	for _, s := range slices.Concat(a.Settings, b.Settings) {
		names[s.Name] = s.Name != maxCallers && !slices.Contains(ringSettings, s.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, new := a.Setting(name), b.Setting(name)
		switch {
		case old == new || !names[name]:
		case name == "take" && c.same(old, new):
		case name == "agents" && old != "" && new != "": // told as whom it rings, and how
		case a.Kind() == bundle.KindCallers && old == "":
			c.add("setting", name, old, new, "%s will be callers from %s", name, new)
		case a.Kind() == bundle.KindCallers && new != "":
			c.add("setting", name, old, new, "%s were callers from %s; will be callers from %s", name, old, new)
		case a.Kind() == bundle.KindCallers: // told as an exit that is removed
		case name == "record" && new != "":
			c.add("setting", name, old, new, "conversations will be recorded")
		case name == "record":
			c.add("setting", name, old, new, "conversations will no longer be recorded")
		case old == "":
			c.add("setting", name, old, new, "%s will be %s", name, new)
		case new == "":
			c.add("setting", name, old, new, "%s was %s; is removed", name, old)
		default:
			c.add("setting", name, old, new, "%s was %s; will be %s", name, old, new)
		}
	}
}

// messages compares what is said.
func (c *comparison) messages(a, b bundle.Block) {
	roles := map[string]bool{}
	a, b = wordsAs(a, b), wordsAs(b, a)
	for _, m := range slices.Concat(a.Messages, b.Messages) {
		roles[m.Role] = true
	}
	for _, role := range slices.Sorted(maps.Keys(roles)) {
		old, new := spoken(a, role), spoken(b, role)
		switch {
		case old == new:
		case old == "":
			c.add("message", role, old, new, "new %s: %s", attempted(role), Shorten(new))
		case new == "":
			c.add("message", role, old, new, "%s is removed: %s", attempted(role), Shorten(old))
		default:
			c.add("message", role, old, new, "%s changes: %s → %s", attempted(role), Shorten(old), Shorten(new))
		}
	}
}

// spoken is a message of a block as a change quotes it.
func spoken(b bundle.Block, role string) string {
	var parts []string
	for _, m := range b.Messages {
		switch {
		case m.Role != role:
		case m.Text != "":
			parts = append(parts, `"`+m.Text+`"`)
		default:
			parts = append(parts, cmp.Or(m.Audio, m.URL))
		}
	}
	return strings.Join(parts, " ")
}

// Shorten cuts out the middle of a long text.
func Shorten(text string) string {
	const head, tail = 48, 30
	runes := []rune(text)
	if len(runes) <= head+tail+3 {
		return text
	}
	return string(runes[:head]) + " … " + string(runes[len(runes)-tail:])
}

// exits compares where callers can go.
func (c *comparison) exits(a, b bundle.Block) {
	ons := map[string]bool{}
	a, b = outcomesAs(a, b), outcomesAs(b, a)
	for _, e := range slices.Concat(a.Exits, b.Exits) {
		ons[e.On] = true
	}
	for _, on := range slices.Sorted(maps.Keys(ons)) {
		x, existed := a.Exit(on)
		y, exists := b.Exit(on)
		what := "exit"
		if bundle.IsKey(on) {
			what = "option"
		}
		switch {
		case !existed:
			c.add(what, on, x.To, y.To, "new %s, to %s", exitName(y), y.To)
		case !exists:
			c.add(what, on, x.To, y.To, "%s is removed; it led to %s", exitName(x), x.To)
		case !c.same(x.To, y.To):
			c.add(what, on, x.To, y.To, "%s led to %s; will lead to %s", exitName(y), x.To, y.To)
		case x.Language != y.Language:
			const own = "the project's language"
			old, new := cmp.Or(x.Language, own), cmp.Or(y.Language, own)
			c.add(what, on, old, new, "%s led on in %s; will lead on in %s", exitName(y), old, new)
		case x.Label != y.Label:
			c.add(what, on, x.Label, y.Label, "key %s was called %q; will be called %q", on, x.Label, y.Label)
		}
	}
}

// exitName is how a change calls an exit: `key 2 "Support"`, or the outcome.
func exitName(e bundle.Exit) string {
	switch {
	case !bundle.IsKey(e.On):
		return e.On
	case e.Label == "":
		return "key " + e.On
	}
	return fmt.Sprintf("key %s %q", e.On, e.Label)
}

// union lists the keys of two maps, each once, in a fixed order.
func union[K cmp.Ordered, V any](a, b map[K]V) []K {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
