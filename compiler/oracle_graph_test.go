package compiler

// Independent oracles of two findings, which read the configuration as it is written.
// All that they know is which block names which, and in which attribute:
//
//	unused      no walk from the numbers comes to the block; back keys are ways, too
//	back key    not exactly one other menu has a key that leads to its menu

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

var (
	writtenText = regexp.MustCompile(`"(?:\\.|[^"\\])*"`)
	writtenName = regexp.MustCompile(`(?:^|[^\w.-])([a-z_]+\.[A-Za-z_][\w-]*)`)
)

// A namedIn is a block that is named, and the attribute in which it is.
type namedIn struct{ address, attribute string }

// names lists what the attributes of a block name, and those of the blocks in it, but
// for menus inside options. What stands in quotes names nothing, and a local value
// stands for what it names.
func (d *draft) names(b *draftBlock) (list []namedIn) {
	for _, a := range b.attributes {
		for _, address := range d.named(a.expression) {
			list = append(list, namedIn{address, a.name})
		}
	}
	for _, inner := range b.blocks {
		if inner.kind != bundle.KindMenu {
			list = append(list, d.names(inner)...)
		}
	}
	return list
}

// named lists what an expression names.
func (d *draft) named(expression string) (list []string) {
	for _, found := range writtenName.FindAllStringSubmatch(writtenText.ReplaceAllString(expression, `""`), -1) {
		name, isLocal := strings.CutPrefix(found[1], "local.")
		if !isLocal {
			list = append(list, found[1])
			continue
		}
		for _, b := range d.blocks {
			if b.kind == "locals" && b.has(name) {
				list = append(list, d.named(b.attributes[0].expression)...)
			}
		}
	}
	return list
}

// submenus are the menus inside the options of a block, by address.
func (b *draftBlock) submenus(address string) map[string]*draftBlock {
	menus := map[string]*draftBlock{}
	b.each(address, func(at string, inner *draftBlock) {
		if inner != b && inner.kind == bundle.KindMenu {
			menus[at] = inner
		}
	})
	return menus
}

// common lists the keys of every menu which a menu has, too, and what they name: not
// those that mean something else there, or nothing. What a dynamic block makes is seen
// only if all is true.
func (d *draft) common(menu *draftBlock, all bool) (list []namedIn) {
	own := map[string]bool{}
	for _, a := range menu.attributes {
		if a.name == "back" || a.name == "repeat" {
			own[strings.Trim(a.expression, `"`)] = true
		}
	}
	for _, o := range menu.blocks {
		if o.kind == "option" {
			own[o.labels[0]] = true
		}
		for _, a := range o.attributes {
			if _, key, made := strings.Cut(a.expression, `{ key = "`); made && all {
				own[key[:1]] = true
			}
		}
	}
	for _, p := range d.kinds("project") {
		for _, o := range p.blocks {
			if !own[o.labels[0]] {
				list = append(list, d.names(o)...)
			}
		}
	}
	return list
}

// met walks from the numbers, and finds what callers meet, and whom they are rung to.
func (d *draft) met() map[string]bool {
	met, led := map[string]bool{}, map[string]bool{}
	var lead func(address string)
	blocks, parents := map[string]*draftBlock{}, d.keyed()
	visit := func(address string, b *draftBlock) {
		if b.kind == bundle.KindMenu && b.has("back") {
			for parent := range parents[address] {
				top := strings.SplitN(parent, ".", 3)
				lead(top[0] + "." + top[1])
			}
		}
		named := d.names(b)
		if b.kind == bundle.KindMenu {
			named = append(named, d.common(b, false)...)
		}
		for _, n := range named {
			group := blocks[n.address]
			switch {
			case n.attribute == "take":
			case n.attribute == "agents" && group != nil && group.kind == bundle.KindRingGroup:
				met[n.address] = true
				for _, user := range d.names(group) {
					met[user.address] = met[user.address] || user.attribute == "users"
				}
			default:
				lead(n.address)
			}
		}
	}
	lead = func(address string) {
		met[address] = true
		if b := blocks[address]; b != nil && !led[address] {
			led[address] = true
			visit(address, b)
			for at, inner := range b.submenus(address) {
				visit(at, inner)
			}
		}
	}
	for _, b := range d.blocks {
		if len(b.labels) == 1 {
			blocks[b.kind+"."+b.labels[0]] = b
		}
	}
	for address, b := range blocks {
		if b.kind == bundle.KindNumber {
			lead(address)
		}
	}
	return met
}

// leading are the attributes that say where callers are led; what others name is said.
var leading = []string{"to", "then", "on_busy", "on_unavailable", "on_completed", "on_full", "on_timeout", "on_failure", "on_silence", "on_invalid", "anonymous", "open", "closed", "withheld", "otherwise"}

// unmet lists the blocks that no walk meets, but for messages that something says which
// is met, or the project, and for users who place calls.
func (d *draft) unmet() (list []string) {
	met, said := d.met(), map[string]bool{}
	for _, b := range d.blocks {
		address := strings.Join(append([]string{b.kind}, b.labels...), ".")
		if len(b.labels) == 1 && b.kind != "project" && b.kind != bundle.KindNumber && !met[address] {
			continue
		}
		parts := append(slices.Collect(maps.Values(b.submenus(address))), b)
		for _, part := range parts {
			for _, n := range d.names(part) {
				said[n.address] = said[n.address] || b.kind != "locals" && !slices.Contains(leading, n.attribute)
			}
		}
	}
	for _, b := range d.blocks {
		address := strings.Join(append([]string{b.kind}, b.labels...), ".")
		outbound := slices.ContainsFunc(b.blocks, func(inner *draftBlock) bool { return inner.kind == "outbound" })
		switch {
		case len(b.labels) != 1, slices.Contains([]string{"project", "variable", bundle.KindNumber}, b.kind), met[address]:
		case b.kind == bundle.KindMessage && said[address], b.kind == bundle.KindUser && outbound:
		default:
			list = append(list, address)
		}
	}
	slices.Sort(list)
	return list
}

// Law: what no walk from the numbers meets is called unused, and nothing else is.
func TestLawAllThatIsUnusedIsCalledSo(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := onlineDraft(t)
		_, _, diags := numbered(d)
		if diags.HasErrors() {
			return
		}
		got, all := calledUnused(diags)
		slices.Sort(got)
		got = slices.Compact(got)
		want := d.unmet()
		missed := slices.ContainsFunc(want, func(a string) bool { return !slices.Contains(got, a) })
		wrong := slices.ContainsFunc(got, func(a string) bool { return !slices.Contains(want, a) })
		if missed && all || wrong {
			t.Fatalf("called unused are\n%v, want\n%v:\n%s\n%s", got, want, listed(diags), d)
		}
		for _, a := range want {
			kinds[bundle.KindOf(a)]++
		}
	})
	for _, kind := range []string{bundle.KindMenu, bundle.KindUser, bundle.KindRingGroup, bundle.KindQueue, bundle.KindVoicemail} {
		if kinds[kind] == 0 {
			t.Errorf("no %s was unused: %v", kind, kinds)
		}
	}
}

// keyed finds, for every menu by address, those that have a key or a code that leads
// there, perhaps by way of blocks that pass calls on by themselves.
func (d *draft) keyed() map[string]map[string]bool {
	parents := map[string]map[string]bool{}
	var lead func(from, to string, seen []string)
	lead = func(from, to string, seen []string) {
		kind := bundle.KindOf(to)
		if slices.Contains(seen, to) {
			return
		}
		if kind == bundle.KindMenu && to != from {
			if parents[to] == nil {
				parents[to] = map[string]bool{}
			}
			parents[to][from] = true
		}
		if !slices.Contains([]string{"message", "callers", "hours", "split"}, kind) {
			return
		}
		for _, n := range d.names(d.find(kind, bundle.NameOf(to))) {
			if slices.Contains(leading, n.attribute) {
				lead(from, n.address, append(seen, to))
			}
		}
	}
	d.each(func(address string, b *draftBlock) {
		if b.kind != bundle.KindMenu && b.kind != "entry" {
			return
		}
		named := d.names(b)
		if b.kind == bundle.KindMenu {
			named = append(named, d.common(b, true)...)
		}
		for _, n := range named {
			if n.attribute == "to" {
				lead(address, n.address, nil)
			}
		}
		for _, o := range b.blocks {
			if len(o.blocks) == 1 && o.blocks[0].kind == bundle.KindMenu {
				lead(address, address+"."+o.labels[0], nil)
			}
		}
	})
	return parents
}

// menuLines are the lines on which menus begin in the file of a draft, by address.
func (d *draft) menuLines() map[string]int {
	lines, line := map[string]int{}, 1
	var visit func(address string, b *draftBlock)
	visit = func(address string, b *draftBlock) {
		if b.kind == bundle.KindMenu {
			lines[address] = line
		}
		line++
		for _, a := range b.attributes {
			line += 1 + strings.Count(a.expression, "\n")
		}
		for _, inner := range b.blocks {
			at := address
			if inner.kind == "option" {
				at += "." + inner.labels[0]
			}
			visit(at, inner)
		}
		line++
	}
	for _, b := range d.blocks {
		visit(strings.Join(append([]string{b.kind}, b.labels...), "."), b)
	}
	return lines
}

// Law: a back key is refused exactly where not one other menu leads to its menu, at
// every depth, whether or not calls reach it.
func TestLawBackHasOneMeaning(t *testing.T) {
	refused, allowed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := onlineDraft(t)
		parents := d.keyed()
		var want, got []string
		d.each(func(address string, b *draftBlock) {
			if b.kind != bundle.KindMenu {
				return
			}
			if free := d.freeKey(b); free != "" && rapid.Bool().Draw(t, "back") {
				b.set("back", quoted(free))
			}
			if !b.has("back") {
				return
			}
			if allowed++; len(parents[address]) != 1 {
				refused++
				want = append(want, address)
			}
		})
		lines := d.menuLines()
		_, diags := Compile(d.input(d.files()))
		for _, diag := range diags {
			if CodeOf(diag) != "IVR423" {
				continue
			}
			at := diagnostic.SubjectOf(diag).Start.Line
			name := fmt.Sprint("line ", at)
			for address, line := range lines {
				if line == at {
					name = address
				}
			}
			got = append(got, name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("the back keys of %v are refused, want %v:\n%s\n%s", got, want, listed(diags), d)
		}
	})
	if refused == 0 || allowed == refused {
		t.Errorf("%d of %d back keys are refused", refused, allowed)
	}
}

// freeKey is a key that a menu does not use, "" if it has one that leads back already.
func (d *draft) freeKey(b *draftBlock) string {
	if b.has("back") {
		return ""
	}
	var w strings.Builder
	for _, inner := range b.blocks {
		if len(inner.labels) == 1 {
			w.WriteString(quoted(inner.labels[0]))
		}
		for _, a := range inner.attributes {
			w.WriteString(a.expression)
		}
	}
	for _, a := range b.attributes {
		w.WriteString(a.expression)
	}
	for key := range strings.SplitSeq("987654321", "") {
		if !strings.Contains(w.String(), `"`+key) {
			return key
		}
	}
	return ""
}
