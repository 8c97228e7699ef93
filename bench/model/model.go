// Package model writes synthetic configurations of any size, so that programs
// can be measured on them.
//
// Menus come in groups of five, as five departments under one number would
// have them. A group is a number, its five menus, a user, a ring group, a queue
// and a message, so M menus bring M/5 of each of the others:
//
//	number.n0 → menu.m0 ─1…4→ menu.m1 … menu.m4
//	            each menu's other keys → ring groups, queues, messages and users
//	                                     of this group and the next ones
//
// A simple configuration has no users, ring groups and queues: all keys lead to menus
// and messages.
//
// Every block can be reached, nothing is reported, and the same shape gives the
// same bytes.
package model

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A Shape says how large a configuration is, and how it is laid out.
type Shape struct {
	Menus   int // a multiple of five
	Options int // of each menu: 9, or 1 (see below)
	Files   int // over which the blocks are spread evenly
	Simple  bool
}

// perGroup is how many menus a group has.
const perGroup = 5

// String names the shape: "1,000 menus in 200 files".
func (s Shape) String() string {
	files := fmt.Sprintf("%d files", s.Files)
	if s.Files == 1 {
		files = "one file"
	}
	menus := Thousands(s.Menus) + " menus"
	if s.Simple {
		menus = Thousands(s.Menus) + " menus without ring groups and queues"
	}
	if s.Options != 9 {
		menus += fmt.Sprintf(" with %d option", s.Options)
	}
	return menus + " in " + files
}

// Thousands writes a number with commas: 10,000.
func Thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Groups is how many numbers, users, ring groups, queues and messages there are.
func (s Shape) Groups() int { return s.Menus / perGroup }

// Write writes the configuration into a directory, which must be empty.
func (s Shape) Write(directory string) error {
	blocks := s.Blocks()
	for i := range s.Files {
		from, to := i*len(blocks)/s.Files, (i+1)*len(blocks)/s.Files
		text := strings.Join(blocks[from:to], "\n")
		name := filepath.Join(directory, fmt.Sprintf("part-%03d.ivr.hcl", i))
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Blocks are the blocks of the configuration as text.
//
// A menu of nine options takes about 560 bytes. A file may hold 1 MiB, so
// 10,000 menus fit into one file only with a single option each and without
// indents; the other blocks of a group are left out of it then.
func (s Shape) Blocks() []string {
	blocks := []string{
		"project \"synthetic\" {}\n",
		"hosting {\n  base_url = \"https://calls.example.com\"\n}\n",
	}
	for g := range s.Groups() {
		if s.Options == 1 {
			blocks = append(blocks, s.chain(g)...)
		} else {
			blocks = append(blocks, s.group(g)...)
		}
	}
	return blocks
}

// noPerson silences the warning that callers come to nobody.
const noPerson = "# ivrc:ignore IVR614 this is for measuring\n"

// group is one group of five menus with nine options, and what they lead to.
func (s Shape) group(g int) []string {
	silenced := ""
	if s.Simple {
		silenced = "  " + noPerson
	}
	blocks := []string{
		fmt.Sprintf("number \"n%d\" {\n  phone_number = \"%s\"\n"+silenced+"  to           = menu.m%d\n}\n", g, Phone(g), First(g)),
		fmt.Sprintf("message \"t%d\" {\n  text = \"%s\"\n}\n", g, Text(g)),
	}
	if !s.Simple {
		blocks = append(blocks, s.people(g)...)
	}
	for j := range perGroup {
		blocks = append(blocks, s.menu(g*perGroup+j))
	}
	return blocks
}

// people are the user, the ring group and the queue of a group.
func (s Shape) people(g int) []string {
	next := (g + 1) % s.Groups()
	return []string{
		fmt.Sprintf("user \"u%d\" {\n  phone = \"%s\"\n}\n", g, Phone(g+userPhones)),
		fmt.Sprintf("ring_group \"g%d\" {\n  users       = [user.u%d, user.u%d]\n  interval    = \"15s\"\n  unavailable = message.t%d\n}\n", g, g, next, g),
		fmt.Sprintf("queue \"q%d\" {\n  agents     = ring_group.g%d\n  max_wait   = \"1m\"\n  on_timeout = message.t%d\n}\n", g, g, g),
	}
}

// Targets are the addresses of what the nine options of a menu lead to.
func (s Shape) Targets(menu int) []string {
	kinds := []string{"ring_group.g", "queue.q", "message.t", "user.u"}
	if s.Simple {
		kinds = []string{"message.t"}
	}
	var to []string
	if menu%perGroup == 0 {
		for child := 1; child < perGroup; child++ {
			to = append(to, fmt.Sprintf("menu.m%d", menu+child))
		}
	}
	for group := menu / perGroup; len(to) < 9; group++ {
		for _, kind := range kinds {
			to = append(to, fmt.Sprintf("%s%d", kind, group%s.Groups()))
		}
	}
	return to[:9]
}

// First is the menu that a number leads to.
func First(number int) int { return number * perGroup }

// departments are what the options of a menu are called.
var departments = []string{"Sales", "Support", "Billing", "Delivery", "Returns", "Repairs", "Careers", "Orders", "Reception"}

// Label is what an option of a menu is called; the first key is 1.
func Label(menu, key int) string { return fmt.Sprintf("%s %d", departments[key-1], menu) }

// Text is what the message of a group says.
func Text(g int) string { return fmt.Sprintf("Our office %d opens at nine in the morning.", g) }

// menu is one menu with nine options.
func (s Shape) menu(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# ivrc:ignore IVR612 this is for measuring\nmenu \"m%d\" {\n  attempts = 1\n", i)
	for k, target := range s.Targets(i) {
		fmt.Fprintf(&b, "  option \"%d\" {\n    label = \"%s\"\n    to    = %s\n  }\n", k+1, Label(i, k+1), target)
	}
	b.WriteString("}\n")
	return b.String()
}

// chain is one group of five menus with one option, each of which leads to the
// next, as short as it can be written.
func (s Shape) chain(g int) []string {
	first := g * perGroup
	blocks := []string{fmt.Sprintf("number \"n%d\" {\nphone_number=\"%s\"\n"+noPerson+"to=menu.m%d\n}\n", g, Phone(g), first)}
	for j := range perGroup {
		to := fmt.Sprintf("menu.m%d", first+j+1)
		if j == perGroup-1 {
			to = "stock.offline"
		}
		blocks = append(blocks, fmt.Sprintf("menu \"m%d\" {\nattempts=1\noption \"1\" {\nlabel=\"A\"\nto=%s\n}\n}\n", first+j, to))
	}
	return blocks
}

// userPhones is how far the telephones of users are from the numbers: a user who
// has a number of the configuration is refused.
const userPhones = 1_000_000

// Phone is the i-th of the 80,000 numbers of North America that are kept free
// for examples.
func Phone(i int) string { return fmt.Sprintf("+1%d55501%02d", 200+i/100%800, i%100) }
