package tester

// Reading a call's way through the blocks off the documents that it fetches.
//
// A decision's document says where the call was and how it went on:
//
//	menu.main-6f…/digits-2.1.xml          in menu.main, key 1: its exit "1"
//	menu.main-6f…/digits-3._.xml          the third and last attempt: "failure"
//	ring_group.sales-q…/dial-4-busy.busy  the last round, everybody was busy: "busy"
//	queue.sales-l…/queue-60.leave.xml     rings the agents again: still in queue.sales
//
// That people have talked is no exit of this kind: the call is over then, and if
// it is the caller who hangs up, no document is asked for. See coverage.go.
//
// Which attempt and round are the last is seen from the files that there are,
// and whether a caller stays in a queue from where the document leads.

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A flow knows what the documents of a bundle mean.
type flow struct {
	components map[string]*component
	data       map[string][]byte
}

// A component is a directory of documents, and what tells its blocks apart.
type component struct {
	blocks   map[string]bundle.Block
	suffixes []suffix       // longest first; empty if there is one block
	last     map[string]int // block → number of its last attempt or round
}

type suffix struct{ text, address string }

func newFlow(b *bundle.Bundle) *flow {
	f := &flow{components: map[string]*component{}, data: b.Data}
	for i := range b.Components {
		f.components[b.Components[i].Directory] = newComponent(&b.Components[i], b.Data)
	}
	for name := range b.Data {
		directory, file := path.Split(name)
		if c := f.components[strings.TrimSuffix(directory, "/")]; c != nil {
			address, step, _ := c.split(file)
			c.last[address] = max(c.last[address], c.turn(address, step))
		}
	}
	return f
}

func newComponent(described *bundle.Component, data map[string][]byte) *component {
	c := &component{blocks: map[string]bundle.Block{}, last: map[string]int{}}
	var addresses []string
	for _, b := range described.Blocks {
		c.blocks[b.Address] = b
		addresses = append(addresses, b.Address)
	}
	if len(addresses) > 1 {
		slices.Sort(addresses)
		c.suffixes = suffixes(addresses, "")
		if !c.fits(described.Directory, data) {
			c.suffixes = suffixes(addresses, "_record")
		}
	}
	return c
}

// suffixes are how the documents of several blocks in one directory are told
// apart, the longest first.
func suffixes(addresses []string, copied string) []suffix {
	used := map[string]bool{}
	var all []suffix
	for _, address := range addresses {
		text := "-" + strings.NewReplacer("*", "star", "#", "pound", ".", "_").Replace(address) + copied
		for used[strings.ToLower(text)] {
			text += "_"
		}
		used[strings.ToLower(text)] = true
		all = append(all, suffix{text, address})
	}
	slices.SortStableFunc(all, func(a, b suffix) int { return len(b.text) - len(a.text) })
	return all
}

// fits reports whether every document of the directory is one of the blocks'.
func (c *component) fits(directory string, data map[string][]byte) bool {
	for name := range data {
		if file, ok := strings.CutPrefix(name, directory+"/"); ok {
			if address, _, _ := c.split(file); address == "" {
				return false
			}
		}
	}
	return true
}

// split takes the name of a document apart: the block that it belongs to, the
// document or decision without the block, and the answer. The block is "" if it
// is none of the component's.
func (c *component) split(file string) (address, step, answer string) {
	step, answer, _ = strings.Cut(strings.TrimSuffix(file, ".xml"), ".")
	if len(c.suffixes) == 0 {
		for address := range c.blocks { // the only one
			return address, step, answer
		}
	}
	for _, s := range c.suffixes {
		if rest, ok := strings.CutSuffix(step, s.text); ok {
			return s.address, rest, answer
		}
	}
	return "", step, answer
}

var (
	attemptForm   = regexp.MustCompile(`^digits-(\d+)$`)
	roundForm     = regexp.MustCompile(`^dial-(\d+)(-busy|-unavailable)?$`)
	queueDialForm = regexp.MustCompile(`^dial-\d+-`)
)

// turn is the number of an attempt at a menu or of a round of a ring.
func (c *component) turn(address, step string) int {
	form := attemptForm
	if kind := kindOf(address); kind == "ring_group" || kind == "user" {
		form = roundForm
	}
	if match := form.FindStringSubmatch(step); match != nil {
		n, _ := strconv.Atoi(match[1]) // of digits only; too many are no name of ours
		return n
	}
	return 0
}

// kindOf is the kind of the block with an address.
func kindOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// A visit is what it means that a call has fetched a document.
type visit struct {
	block string // where the document belongs
	on    string // the exit by which the call leaves the block, "" if it stays
	to    string // where it is then
}

// visit says what the document at a path below public/ means.
func (f *flow) visit(name string) (visit, bool) {
	directory, file := path.Split(name)
	c := f.components[strings.TrimSuffix(directory, "/")]
	if c == nil {
		return visit{}, false
	}
	address, step, answer := c.split(file)
	if !strings.Contains(address, ".") { // a block that nobody has declared: a question to who is rung
		return visit{}, false
	}
	v := visit{address, f.exit(c, address, step, answer, name), address}
	for _, e := range exits(c.blocks[address]) {
		if e.On == v.on {
			v.to = e.To
			return v, true
		}
	}
	v.on = ""
	return v, true
}

// exit is the exit that a document takes, "" if none.
func (f *flow) exit(c *component, address, step, answer, name string) string {
	talked := answer == "completed" || answer == "answered"
	switch kindOf(address) {
	case "number":
		return numberExit(c.blocks[address], step, answer, talked)
	case "menu":
		return c.menuExit(address, step, answer)
	case "ring_group", "user":
		match := roundForm.FindStringSubmatch(step)
		switch {
		case match == nil, talked, c.turn(address, step) < c.last[address]:
			return ""
		case answer == "busy" && match[2] != "-unavailable":
			return "busy"
		}
		return "unavailable"
	case "queue":
		return f.queueExit(c, address, step, answer, name, talked)
	case "voicemail":
		if step == "recorded" {
			return "recorded"
		}
	}
	return ""
}

func numberExit(b bundle.Block, step, answer string, talked bool) string {
	switch {
	case step == "dial-1" && !talked:
		return Idle
	case step == "answer" && setting(b, "status") == "offline":
		return Offline
	case step == "from" && answer == "anonymous":
		return answer
	case step == "answer" || step == "from":
		return "answer"
	}
	return ""
}

func (c *component) menuExit(address, step, answer string) string {
	attempt := c.turn(address, step)
	if attempt == 0 {
		return ""
	}
	key := answer
	switch answer {
	case "star":
		key = "*"
	case "pound":
		key = "#"
	}
	if slices.ContainsFunc(exits(c.blocks[address]), func(e bundle.Exit) bool { return e.On == key }) {
		return key
	}
	if attempt == c.last[address] {
		return "failure"
	}
	return ""
}

func (f *flow) queueExit(c *component, address, step, answer, name string, talked bool) string {
	ring := queueDialForm.MatchString(step)
	switch {
	case !ring && !strings.HasPrefix(step, "queue-"), talked, answer == "bridged", answer == "redirected-from-bridged", answer == "hangup":
		return ""
	case answer == "queue-full":
		return "full"
	case f.stays(c, address, name):
		return ""
	}
	return "timeout"
}

// stays reports whether a document leads back to the block that it belongs to.
func (f *flow) stays(c *component, address, name string) bool {
	response, _ := twiml.Decode(f.data[name])
	for _, v := range response.Verbs {
		link := ""
		switch v := v.(type) {
		case *twiml.Dial:
			link = v.Action
		case *twiml.Enqueue:
			link = v.Action
		}
		if link != "" {
			to, _, _ := c.split(link)
			return !strings.Contains(link, "/") && to == address
		}
	}
	return false
}

// setting is a setting of a block, "" if it has none of the name.
func setting(b bundle.Block, name string) string {
	for _, s := range b.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}
