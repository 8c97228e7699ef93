package deploy

// What callers will notice. The descriptions of two call flows, the live one and
// the new one, are compared block by block, from what the numbers lead to.
// Components that both flows share are passed over: equal directories mean equal
// behaviour from there on. For instance, with menu.main-a and menu.main-b:
//
//	menu.main   key 2 "Support" led to ring_group.a; will lead to ring_group.b
//	menu.main   new key 4 "Billing", to menu.billing
//
// A change is about one block, in the words of the language, and stands once,
// however many numbers lead there.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A CallerChange is one thing that callers will notice.
type CallerChange struct {
	Block string `json:"block"`         // "menu.main"
	What  string `json:"what"`          // "block", "option", "exit", "message" or "setting"
	Name  string `json:"name"`          // of the key, outcome, message or setting
	Old   string `json:"old,omitempty"` // "" where it is new
	New   string `json:"new,omitempty"` // "" where it goes
	Text  string `json:"text"`          // the sentence that people read
}

// A flow is the descriptions of components, by directory.
type flow map[string]bundle.Component

// callerDiff compares the live flow with the new one, starting at pairs of
// directories that answer the same number.
func callerDiff(live, next flow, starts [][2]string) []CallerChange {
	var before, after []string
	for _, pair := range starts {
		if pair[0] != pair[1] {
			before, after = append(before, pair[0]), append(after, pair[1])
		}
	}
	c := comparison{reported: map[string]bool{}}
	old, oldAll := reachable(before, after, live, next)
	new, newAll := reachable(after, before, next, live)
	for _, address := range union(old, new) {
		a, wasThere := old[address]
		b, isThere := new[address]
		switch {
		case wasThere && isThere:
			c.block(a, b)
		case isThere && !oldAll[address]:
			c.report(CallerChange{Block: address, What: "block", Name: address, New: address, Text: "is new"})
		case wasThere && !newAll[address]:
			c.report(CallerChange{Block: address, What: "block", Name: address, Old: address, Text: "goes"})
		}
	}
	return c.changes
}

// reachable finds the blocks that can be reached from some directories: those
// of components that the other side does not reach, and the addresses of all.
func reachable(from, other []string, here, others flow) (own map[string]bundle.Block, all map[string]bool) {
	there := walk(other, others, here)
	own, all = map[string]bundle.Block{}, map[string]bool{}
	reached := walk(from, here, others)
	for _, directory := range union(reached, nil) {
		for _, b := range reached[directory].Blocks {
			all[b.Address] = true
			if _, shared := there[directory]; shared {
				continue
			}
			if _, first := own[b.Address]; !first {
				own[b.Address] = b
			}
		}
	}
	return own, all
}

// walk finds the components that can be reached. What a flow does not describe
// it shares with the other one.
func walk(from []string, here, other flow) flow {
	reached := flow{}
	pending := slices.Clone(from)
	for len(pending) > 0 {
		directory := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if _, done := reached[directory]; done || directory == "" {
			continue
		}
		component, ok := here[directory]
		if !ok {
			component = other[directory]
		}
		reached[directory] = component
		for _, b := range component.Blocks {
			for _, e := range b.Exits {
				pending = append(pending, e.Component)
			}
		}
	}
	return reached
}

type comparison struct {
	reported map[string]bool
	changes  []CallerChange
}

// report adds a change, once.
func (c *comparison) report(n CallerChange) {
	key := n.Block + "\x00" + n.Text
	if !c.reported[key] {
		c.reported[key] = true
		c.changes = append(c.changes, n)
	}
}

// block compares one block with what it will be.
func (c *comparison) block(a, b bundle.Block) {
	if ring(a) != ring(b) {
		c.report(CallerChange{Block: b.Address, What: "setting", Name: "ring", Old: ring(a), New: ring(b),
			Text: fmt.Sprintf("rang %s; will ring %s", ring(a), ring(b))})
	}
	if ring(a) == ring(b) && a.Addresses != b.Addresses {
		c.report(CallerChange{Block: b.Address, What: "setting", Name: "addresses", Text: "rings the same people at other addresses"})
	}
	c.settings(a, b)
	c.messages(a, b)
	c.exits(a, b)
}

// ringSettings are told together, as one sentence.
var ringSettings = []string{"users", "strategy", "interval", "cycles"}

// ring says who is rung and how: "alice, then bob, 20s each, 2 times".
func ring(b bundle.Block) string {
	users := setting(b, "users")
	if users == "" {
		return ""
	}
	switch setting(b, "strategy") {
	case "sequential":
		users = strings.ReplaceAll(users, ", ", ", then ") + ", " + setting(b, "interval") + " each"
	case "simultaneous":
		users += " together, " + setting(b, "interval")
	default:
		users += ", " + setting(b, "interval")
	}
	if n := setting(b, "cycles"); n != "" && n != "1" {
		users += ", " + n + " times"
	}
	return users
}

func setting(b bundle.Block, name string) string {
	for _, s := range b.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// maxCallers is the setting of a queue that is told from the account's queues;
// see queueSizes.
const maxCallers = "max_callers"

// settings compares what is set.
func (c *comparison) settings(a, b bundle.Block) {
	old, new := map[string]string{}, map[string]string{}
	for _, s := range a.Settings {
		old[s.Name] = s.Value
	}
	for _, s := range b.Settings {
		new[s.Name] = s.Value
	}
	for _, name := range union(old, new) {
		if old[name] == new[name] || slices.Contains(ringSettings, name) || name == maxCallers {
			continue
		}
		n := CallerChange{Block: b.Address, What: "setting", Name: name, Old: old[name], New: new[name]}
		switch {
		case name == "record" && n.New != "":
			n.Text = "conversations will be recorded"
		case name == "record":
			n.Text = "conversations will not be recorded any longer"
		case n.Old == "":
			n.Text = fmt.Sprintf("%s will be %s", name, n.New)
		case n.New == "":
			n.Text = fmt.Sprintf("%s was %s; there will be none", name, n.Old)
		default:
			n.Text = fmt.Sprintf("%s was %s; will be %s", name, n.Old, n.New)
		}
		c.report(n)
	}
}

// messages compares what is said.
func (c *comparison) messages(a, b bundle.Block) {
	old, new := map[string]string{}, map[string]string{}
	for _, m := range a.Messages {
		old[m.Role] = said(m)
	}
	for _, m := range b.Messages {
		new[m.Role] = said(m)
	}
	for _, role := range union(old, new) {
		if old[role] == new[role] {
			continue
		}
		n := CallerChange{Block: b.Address, What: "message", Name: role, Old: old[role], New: new[role]}
		switch {
		case n.Old == "":
			n.Text = fmt.Sprintf("new %s: %s", role, Shorten(n.New))
		case n.New == "":
			n.Text = fmt.Sprintf("no %s any longer: %s", role, Shorten(n.Old))
		default:
			n.Text = fmt.Sprintf("%s changes: %s → %s", role, Shorten(n.Old), Shorten(n.New))
		}
		c.report(n)
	}
}

// said is a message as a change quotes it.
func said(m bundle.Message) string {
	if m.Text != "" {
		return `"` + m.Text + `"`
	}
	return cmp.Or(m.Audio, m.URL)
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
	old, new := map[string]bundle.Exit{}, map[string]bundle.Exit{}
	for _, e := range a.Exits {
		old[e.On] = e
	}
	for _, e := range b.Exits {
		new[e.On] = e
	}
	for _, on := range union(old, new) {
		x, wasThere := old[on]
		y, isThere := new[on]
		n := CallerChange{Block: b.Address, What: "exit", Name: on, Old: x.To, New: y.To}
		if len(on) == 1 {
			n.What = "option"
		}
		switch {
		case !wasThere:
			n.Text = fmt.Sprintf("new %s, to %s", exitName(y), y.To)
		case !isThere:
			n.Text = fmt.Sprintf("%s goes; it led to %s", exitName(x), x.To)
		case x.To != y.To:
			n.Text = fmt.Sprintf("%s led to %s; will lead to %s", exitName(y), x.To, y.To)
		case x.Label != y.Label:
			n.Old, n.New = x.Label, y.Label
			n.Text = fmt.Sprintf("key %s was called %q; will be called %q", on, x.Label, y.Label)
		default:
			continue
		}
		c.report(n)
	}
}

// exitName is how a change calls an exit: `key 2 "Support"`, or the outcome.
func exitName(e bundle.Exit) string {
	if len(e.On) > 1 {
		return e.On
	}
	if e.Label == "" {
		return "key " + e.On
	}
	return fmt.Sprintf("key %s %q", e.On, e.Label)
}

// union lists the keys of two maps, sorted, each once.
func union[V any](a, b map[string]V) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
