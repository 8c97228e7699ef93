package compiler

// Independent oracles of two findings, which read what was emitted: the documents of
// the numbers, and the descriptions that other tests hold to them.
//
//	unused   without the block the numbers' documents are the same
//	alike    two keys of a menu are described with one label

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// numbered compiles a draft, and tells where its numbers begin: the name of a
// directory is a digest of all that calls can come to there.
func numbered(d *draft) (map[string]string, Result, hcl.Diagnostics) {
	result, diags := Compile(d.input(d.files()))
	begin := map[string]string{}
	if result.Bundle != nil {
		for _, n := range result.Bundle.Manifest.Numbers {
			begin[n.Name] = n.Answer
		}
	}
	return begin, result, diags
}

// onlineDraft draws a configuration whose numbers are all online.
func onlineDraft(t *rapid.T) *draft {
	d := drafts().Draw(t, "configuration").clone()
	for _, b := range d.kinds(bundle.KindNumber) {
		b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == "status" || a.name == "offline" })
	}
	return d
}

var (
	unusedBlock = regexp.MustCompile(`(?:leads to|rings) ([a-z_]+\.[\w-]+)`)
	blockName   = regexp.MustCompile(`[a-z_]+\.[\w-]+`)
)

// calledUnused lists the blocks that are called unused, and whether that is all of
// them.
func calledUnused(diags hcl.Diagnostics) (list []string, all bool) {
	all = true
	for _, d := range diags {
		if CodeOf(d) != "IVR601" {
			continue
		}
		all = all && !regexp.MustCompile(`and \d+ more`).MatchString(d.Detail)
		list = append(list, unusedBlock.FindStringSubmatch(d.Detail)[1])
		_, rest, _ := strings.Cut(d.Detail, "only it leads to: ")
		rest, _, _ = strings.Cut(rest, ". Name it")
		list = append(list, blockName.FindAllString(rest, -1)...)
	}
	return list, all
}

// inVain lists the ring groups from which destinations are to be removed with what is
// called unused, because nobody goes there.
func inVain(diags hcl.Diagnostics) (groups []string) {
	for _, d := range diags {
		if _, rest, found := strings.Cut(d.Detail, "also from "); found && CodeOf(d) == "IVR601" {
			rest, _, _ = strings.Cut(rest, ", where it has no effect")
			groups = append(groups, blockName.FindAllString(rest, -1)...)
		}
	}
	return groups
}

// without removes blocks from a draft, the local values that name them, the numbers
// that take callers from them, and keys of every menu that lead there, which no menu
// has that a call reaches. A text such as "flow:menu.main/digits-1" names nothing.
func (d *draft) without(addresses []string) {
	for list := addresses; len(list) > 0; list = list[1:] {
		names := regexp.MustCompile(`(^|[^\w.:-])` + regexp.QuoteMeta(list[0]) + `($|[^\w-])`)
		for _, p := range d.kinds("project") {
			p.blocks = slices.DeleteFunc(p.blocks, func(o *draftBlock) bool {
				return slices.ContainsFunc(o.attributes, func(a draftAttribute) bool { return names.MatchString(a.expression) })
			})
		}
		d.blocks = slices.DeleteFunc(d.blocks, func(b *draftBlock) bool {
			if len(b.labels) == 1 && b.kind+"."+b.labels[0] == list[0] {
				return true
			}
			takes := func(a draftAttribute) bool { return a.name == "take" && names.MatchString(a.expression) }
			if b.kind == bundle.KindNumber && slices.ContainsFunc(b.attributes, takes) {
				return true
			}
			if b.kind != "locals" || !slices.ContainsFunc(b.attributes, func(a draftAttribute) bool { return names.MatchString(a.expression) }) {
				return false
			}
			list = append(list, "local."+b.attributes[0].name)
			return true
		})
	}
}

// Law: no call comes to what is called unused. TestLawAllThatIsUnusedIsCalledSo tells
// that nothing is missed.
func TestLawNoCallComesToWhatIsUnused(t *testing.T) {
	unused := 0
	rapid.Check(t, func(t *rapid.T) {
		d := onlineDraft(t)
		before, _, diags := numbered(d)
		if diags.HasErrors() {
			return // a number that was offline leads to what nobody may be led to
		}
		list, all := calledUnused(diags)
		rest := d.clone()
		for _, b := range rest.kinds(bundle.KindRingGroup) {
			if slices.Contains(inVain(diags), bundle.KindRingGroup+"."+b.labels[0]) {
				b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return strings.HasPrefix(a.name, "on_") })
			}
		}
		rest.without(list)
		after, _, diags := numbered(rest)
		maps.DeleteFunc(before, func(name, _ string) bool { // it took callers from an unused queue
			return !slices.ContainsFunc(rest.blocks, func(b *draftBlock) bool { return b.kind == bundle.KindNumber && b.labels[0] == name })
		})
		if !all {
			return
		}
		if diags.HasErrors() || !maps.Equal(before, after) {
			t.Fatalf("without what is called unused, %v, calls are others:\n%s\n%s\n%s", list, cmp.Diff(before, after), listed(diags), d)
		}
		unused += len(list)
	})
	if unused < 10 {
		t.Errorf("%d blocks were unused", unused)
	}
}

// describedMenus are the menus that calls can come to, by address, as they are
// described.
func describedMenus(s *site) map[string]bundle.Block {
	seeds := map[string]bool{}
	for _, n := range s.Manifest.Numbers {
		seeds[directory(n.Answer)] = true
	}
	reached, menus := s.reached(seeds), map[string]bundle.Block{}
	for _, c := range s.Components {
		for _, b := range c.Blocks {
			if reached[c.Directory] && strings.HasPrefix(b.Address, "menu.") {
				menus[b.Address] = b
			}
		}
	}
	return menus
}

// Law: labels are called alike exactly where two keys of a menu are announced alike.
func TestLawAlikeIsAnnouncedAlike(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		d := onlineDraft(t)
		if slices.ContainsFunc(d.blocks, func(b *draftBlock) bool { return b.kind == "entry" }) {
			return // its options are not described like those of menus
		}
		menu := rapid.SampledFrom(d.kinds(bundle.KindMenu)).Draw(t, "menu")
		d.find(bundle.KindNumber, "n0").set("to", "menu."+menu.labels[0])
		d.each(func(_ string, b *draftBlock) {
			if b.kind == "option" && b.has("label") {
				b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == "announced" })
				b.set("label", quoted(rapid.SampledFrom([]string{"sales", "Sales", "sales", "help"}).Draw(t, "label")))
			}
		})
		silent := map[string]bool{} // menus that do not say their labels
		d.each(func(address string, b *draftBlock) {
			if b.kind == bundle.KindMenu && b.has("audio_prompt") {
				silent[address] = true
			}
		})
		_, result, diags := numbered(d)
		if diags.HasErrors() {
			return
		}
		want := 0
		for address, b := range describedMenus(decoded(t, result.Bundle, d)) {
			seen := map[string]bool{}
			for _, e := range b.Exits {
				label := strings.ToLower(e.Label)
				if label == "" || len(e.On) > 1 { // an extension is not announced
					continue
				}
				if seen[label] && !silent[address] {
					want++
				}
				seen[label] = true
			}
		}
		got := 0
		for _, diag := range diags {
			if CodeOf(diag) == "IVR602" {
				got++
			}
		}
		if got != want {
			t.Fatalf("%d labels are called alike, want %d:\n%s\n%s", got, want, listed(diags), d)
		}
		found += want
	})
	if found == 0 {
		t.Error("no labels were alike")
	}
}
