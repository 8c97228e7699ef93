package config

// What the blocks of a configuration name, in whatever state its variables are.
// An evaluation sees one state; a name in the other branch of a conditional is
// seen only in the text:
//
//	number "main" { to = var.closed ? message.closed : local.door }
//	locals        { door = menu.main }
//
//	number.main  names  var.closed, message.closed, local.door
//	local.door   names  menu.main
//
// The texts are parsed again for that, because the syntax trees of plain files
// are gone by then, and because a configuration without a warning needs none of it.

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Naming says what each block names in its expressions.
type Naming struct {
	// Names has the names by the address of a block or a local value. At "" is what
	// belongs to no block that can be named: the project, and dynamic blocks. What
	// is named by a computed name that depends on a variable is every block of the
	// kind; without a variable, an evaluation sees which it is.
	Names  map[string][]string
	places []namedPlace

	common map[string][]string // what the keys of every menu name, by key; "" for those that a dynamic block makes
	menus  []keyedMenu
}

// A keyedMenu is a menu, and keys that it gives a meaning itself.
type keyedMenu struct {
	address string // of the block in which it stands
	own     []string
}

// A namedPlace says where a block stands.
type namedPlace struct {
	hcl.Range
	address string
}

// everyName stands for all names of a kind: "menu.*".
const everyName = ".*"

// FindNames finds what the blocks in some files name.
func FindNames(sources []*loadedFile) *Naming {
	n := &Naming{Names: map[string][]string{}, common: map[string][]string{}}
	for _, s := range sources {
		file, diags := hclsyntax.ParseConfig(s.Text, s.Name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			n.block(b)
		}
	}
	for _, m := range n.menus {
		for key, names := range n.common {
			if !slices.Contains(m.own, key) {
				n.Names[m.address] = append(n.Names[m.address], names...)
			}
		}
	}
	var locals []string
	for address := range n.Names {
		if bundle.KindOf(address) == "local" {
			locals = append(locals, address)
		}
	}
	n.Names["local"+everyName] = locals
	n.expand()
	return n
}

// block adds what one block names.
func (n *Naming) block(b *hclsyntax.Block) {
	address := ""
	if len(b.Labels) == 1 && slices.Contains(blockKinds(), b.Type) {
		address = b.Type + "." + b.Labels[0]
	}
	n.places = append(n.places, namedPlace{b.Range(), address})
	switch {
	case b.Type == bundle.KindMenu:
		n.keyed(address, b.Body)
	case b.Type == "dynamic" && slices.Contains(b.Labels, bundle.KindMenu):
		n.menus = append(n.menus, keyedMenu{})
	}
	if b.Type == "locals" {
		for name, a := range b.Body.Attributes {
			n.expression("local."+name, a)
		}
		return
	}
	if b.Type == "project" {
		n.project(b.Body)
		return
	}
	n.body(address, b.Body)
}

// project adds what the project names: what its keys lead to, each menu names that has
// them.
func (n *Naming) project(b *hclsyntax.Body) {
	plain := *b
	plain.Blocks = nil
	for _, inner := range b.Blocks {
		key := ""
		if inner.Type == "option" && len(inner.Labels) == 1 {
			key = inner.Labels[0]
		}
		part := &Naming{Names: map[string][]string{}}
		part.body("", inner.Body)
		n.common[key] = append(n.common[key], part.Names[""]...)
	}
	n.body("", &plain)
}

// keyed notes the keys that a menu gives a meaning itself.
func (n *Naming) keyed(address string, b *hclsyntax.Body) {
	m := keyedMenu{address: address}
	for _, name := range []string{"back", "repeat"} {
		if a := b.Attributes[name]; a != nil {
			if value, diags := a.Expr.Value(nil); !diags.HasErrors() {
				key, _ := AsText(value)
				m.own = append(m.own, key)
			}
		}
	}
	for _, inner := range b.Blocks {
		if inner.Type == "option" && len(inner.Labels) == 1 {
			m.own = append(m.own, inner.Labels[0])
		}
	}
	n.menus = append(n.menus, m)
}

// apart are the attributes that name, and lead no caller there: who is rung, and for
// whom.
var apart = []string{"agents", "take", "users"}

// body adds what the attributes of a body name, and those of the blocks in it.
func (n *Naming) body(address string, b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		at := address
		if slices.Contains(apart, a.Name) {
			at = a.Name + "." + bundle.NameOf(address)
			n.Names[address] = append(n.Names[address], at)
		}
		n.expression(at, a)
	}
	for _, inner := range b.Blocks {
		if inner.Type == bundle.KindMenu {
			n.keyed(address, inner.Body)
		}
		n.body(address, inner.Body)
	}
}

// expression adds what the expression of an attribute names. In a prompt, menu stands
// for a label.
func (n *Naming) expression(address string, a *hclsyntax.Attribute) {
	for _, traversal := range a.Expr.Variables() {
		root := traversal.RootName()
		label := a.Name == "prompt" && root == bundle.KindMenu && bundle.KindOf(address) != "local"
		if label || root != "var" && root != "local" && !isReferenceRoot(root) {
			continue
		}
		name := root + everyName
		if of, ok := nameIn(traversal); ok {
			name = root + "." + of
		}
		n.Names[address] = append(n.Names[address], name)
	}
}

// expand replaces computed names by those that they can be.
func (n *Naming) expand() {
	var addresses []string
	for _, p := range n.places {
		addresses = append(addresses, p.address)
	}
	for address, names := range n.Names {
		slices.Sort(names)
		names = slices.Compact(names)
		depends := n.depends(address)
		for _, name := range slices.Clone(names) {
			kind := bundle.KindOf(name)
			if !depends || !strings.HasSuffix(name, everyName) {
				continue
			}
			for _, a := range addresses {
				if a != "" && bundle.KindOf(a) == kind {
					names = append(names, a)
				}
			}
		}
		n.Names[address] = names
	}
}

// depends reports whether a variable takes part in what is written at an address,
// directly or by way of local values.
func (n *Naming) depends(address string) bool {
	seen := map[string]bool{address: true}
	list := []string{address}
	for i := 0; i < len(list); i++ {
		for _, name := range n.Names[list[i]] {
			switch kind := bundle.KindOf(name); {
			case kind == "var", name == "local"+everyName:
				return true
			case (kind == "local" || slices.Contains(apart, kind)) && !seen[name]:
				seen[name] = true
				list = append(list, name)
			}
		}
	}
	return false
}

// Settled reports whether no variable decides what leads to the block on a line,
// or what that leads to: what is found there is found in every state. A block
// that no call reaches is unused in every state anyway.
func (n *Naming) Settled(file string, line int, code string) bool {
	if code == "IVR601" {
		return true
	}
	i := slices.IndexFunc(n.places, func(p namedPlace) bool {
		return p.Filename == file && p.Start.Line <= line && line <= p.End.Line
	})
	if i < 0 || n.places[i].address == "" || n.depends("") {
		return i < 0
	}
	at := n.places[i].address
	for below := range n.closure(at, n.Names) {
		if bundle.KindOf(below) == "var" {
			return false
		}
	}
	back := map[string][]string{}
	for from, names := range n.Names {
		for _, to := range names {
			back[to] = append(back[to], from)
		}
	}
	for above := range n.closure(at, back) {
		if n.depends(above) {
			return false
		}
	}
	return true
}

// closure is what some edges lead to, with the beginning.
func (*Naming) closure(from string, edges map[string][]string) map[string]bool {
	seen := map[string]bool{from: true}
	list := []string{from}
	for i := 0; i < len(list); i++ {
		for _, to := range edges[list[i]] {
			if !seen[to] {
				seen[to] = true
				list = append(list, to)
			}
		}
	}
	return seen
}
