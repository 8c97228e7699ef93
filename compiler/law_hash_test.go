package compiler

// The law of hashes: a change renames the components from which a caller can
// reach it, and no others. What can reach what is computed here from what the
// bundle says of itself: the exits of the descriptions and the links of the
// documents.

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
)

// callers is every component from which a call can come into one of some
// components, these included.
func (s *site) callers(seeds map[string]bool) map[string]bool {
	into := map[string][]string{}
	s.eachLead(func(from, to string) { into[to] = append(into[to], from) })
	return closure(into, seeds)
}

// reached is every component into which a call can come from some components.
func (s *site) reached(seeds map[string]bool) map[string]bool {
	onto := map[string][]string{}
	s.eachLead(func(from, to string) { onto[from] = append(onto[from], to) })
	return closure(onto, seeds)
}

// eachLead calls visit for every way from one component to another.
func (s *site) eachLead(visit func(from, to string)) {
	for _, c := range s.Components {
		for _, b := range c.Blocks {
			for _, e := range b.Exits {
				if e.Component != "" && !atManifest(&b, e) {
					visit(c.Directory, e.Component)
				}
			}
		}
	}
	for from := range s.documents {
		for _, to := range s.follow(from) {
			if directory(to) != "audio" {
				visit(directory(from), directory(to))
			}
		}
	}
}

// atManifest reports whether a way on stands in the manifest, and not in a document of
// the block: where a number falls back to.
func atManifest(b *bundle.Block, e bundle.Exit) bool {
	return b.Kind() == bundle.KindNumber && e.On == "fallback"
}

// closure is what the seeds lead to in any number of steps.
func closure(steps map[string][]string, seeds map[string]bool) map[string]bool {
	found := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if !found[name] {
			found[name] = true
			for _, next := range steps[name] {
				visit(next)
			}
		}
	}
	for name := range seeds {
		visit(name)
	}
	return found
}

// directories are the components of a bundle, without audio.
func directories(b *bundle.Bundle) map[string]bool {
	set := map[string]bool{}
	for path := range b.Data {
		if dir := directory(path); dir != "audio" {
			set[dir] = true
		}
	}
	return set
}

// without lists what is in one set and not in another.
func without(a, b map[string]bool) []string {
	var list []string
	for _, name := range paths(a) {
		if !b[name] {
			list = append(list, name)
		}
	}
	return list
}

// A change is something that can be changed in a draft: first to one value,
// then to another, so that before and after surely differ.
type change struct {
	name    string
	set     func(d *draft, expression string)
	values  [2]string
	touches func(s *site, dir string) bool // the components that the change is in
}

// Law: change one thing of one block, and the directories of the components that
// can reach that block are renamed, and no others, circles included. The numbers
// whose callers can meet the change are answered elsewhere, and no others.
func TestLawHashesFollowTheCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		c := rapid.SampledFrom(changes(d)).Draw(t, "change")
		c.set(d, c.values[0])
		after := d.clone()
		c.set(after, c.values[1])
		was, is := opened(t, d), opened(t, after)
		seeds := map[string]bool{}
		for dir := range directories(was.Bundle) {
			if c.touches(was, dir) {
				seeds[dir] = true
			}
		}
		want := was.callers(seeds)
		gone := without(directories(was.Bundle), directories(is.Bundle))
		if diff := cmp.Diff(paths(want), gone); diff != "" && len(want)+len(gone) > 0 {
			t.Fatalf("%s: (-can reach it +renamed)\n%s", c.name, diff)
		}
		names := func(a, b map[string]bool) (list []string) {
			for _, dir := range without(a, b) {
				list = append(list, dir[:strings.LastIndexByte(dir, '-')])
			}
			return list
		}
		before, now := directories(was.Bundle), directories(is.Bundle)
		if diff := cmp.Diff(names(before, now), names(now, before)); diff != "" {
			t.Fatalf("%s: (-before +after)\n%s", c.name, diff)
		}
		for i, n := range was.Manifest.Numbers {
			if moved := n.Answer != is.Manifest.Numbers[i].Answer; moved != want[directory(n.Answer)] {
				t.Fatalf("%s: the number %s was at %s and is at %s", c.name, n.Name, n.Answer, is.Manifest.Numbers[i].Answer)
			}
		}
	})
}

// Law: lead an option elsewhere, and whatever can reach its menu is renamed, also
// where the menu leaves a circle of menus; what other numbers reach is not.
func TestLawHashesFollowADetour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		options := plainOptions(d)
		if len(options) == 0 {
			t.Skip("every option is made by a dynamic block")
		}
		o := rapid.SampledFrom(options).Draw(t, "option")
		after := d.clone()
		after.add(bundle.KindVoicemail, "detour")
		flat(after)[o.block].set("to", "voicemail.detour")
		if _, _, diags := compile(after.input(after.files())); diags.HasErrors() {
			t.Skip("a back key loses its meaning")
		}
		was, is := opened(t, d), opened(t, after)
		seeds, others := map[string]bool{}, map[string]bool{}
		for dir := range directories(was.Bundle) {
			seeds[dir] = holds(o.menu)(was, dir)
		}
		renamed := was.callers(only(seeds))
		for _, n := range was.Manifest.Numbers {
			others[directory(n.Answer)] = !renamed[directory(n.Answer)]
		}
		for dir := range was.reached(only(others)) {
			if !directories(is.Bundle)[dir] {
				t.Fatalf("%s does not lead to %s, and was renamed", dir, o.menu)
			}
		}
		for dir := range renamed {
			if directories(is.Bundle)[dir] {
				t.Fatalf("%s leads to %s, and was not renamed", dir, o.menu)
			}
		}
	})
}

// A draftOption is an option of the menu with an address, the n-th block.
type draftOption struct {
	menu  string
	block int
}

// plainOptions lists the options that are written out and lead to a block.
func plainOptions(d *draft) []draftOption {
	var list []draftOption
	d.each(func(address string, b *draftBlock) {
		for _, o := range b.blocks {
			if b.kind == bundle.KindMenu && o.has("to") {
				list = append(list, draftOption{address, slices.Index(flat(d), o)})
			}
		}
	})
	return list
}

// only keeps the names that are in a set.
func only(set map[string]bool) map[string]bool {
	list := map[string]bool{}
	for name, in := range set {
		if in {
			list[name] = true
		}
	}
	return list
}

// changes lists what can be changed in a draft.
func changes(d *draft) []change {
	var list []change
	d.each(func(address string, b *draftBlock) {
		at := slices.Index(flat(d), b)
		in := func(touches func(*site, string) bool, name string, values [2]string) {
			list = append(list, change{name + " of " + address, func(d *draft, expression string) { flat(d)[at].set(name, expression) }, values, touches})
		}
		texts := [2]string{`"One."`, `"Two."`}
		times := [2]string{`"11s"`, `"18s"`}
		switch block := holds(address); b.kind {
		case bundle.KindMenu:
			in(block, "welcome", texts)
			in(block, "timeout", times)
			in(block, "attempts", [2]string{"3", "4"})
		case bundle.KindRingGroup:
			in(block, "busy", texts)
			in(block, "unavailable", texts)
			in(func(s *site, dir string) bool { return block(s, dir) || rung(s, dir, address) }, "interval", times)
		case bundle.KindVoicemail:
			in(block, "greeting", texts)
			in(block, "max_length", times)
		case bundle.KindQueue:
			wait := time.Duration(d.waits[address]) * time.Second
			in(block, "max_wait", [2]string{quoted(script.Duration(wait + time.Second)), quoted(script.Duration(wait + 2*time.Second))})
		case bundle.KindMessage:
			if b.has("text") {
				in(says(`>Message one.<`), "text", [2]string{`"Message one."`, `"Message two."`})
			}
		case bundle.KindUser:
			if b.has("phone") {
				in(says(`+14155550180`), "phone", [2]string{`"+14155550180"`, `"+14155550181"`})
			}
		}
	})
	return append(list, labels(d)...)
}

// labels lists the options whose label is spoken.
func labels(d *draft) []change {
	var list []change
	d.each(func(address string, b *draftBlock) {
		if b.kind != bundle.KindMenu || b.has("audio_prompt") {
			return
		}
		for _, o := range b.blocks {
			if at := slices.Index(flat(d), o); o.kind == "option" && !o.has("announced") {
				list = append(list, change{
					"label of option " + o.labels[0] + " of " + address,
					func(d *draft, expression string) { flat(d)[at].set("label", expression) },
					[2]string{`"the first"`, `"the second"`}, holds(address),
				})
			}
		}
	})
	return list
}

// flat lists the blocks of a draft at every depth.
func flat(d *draft) []*draftBlock {
	var list []*draftBlock
	d.each(func(_ string, b *draftBlock) { list = append(list, b) })
	return list
}

// holds finds the components of the block with an address.
func holds(address string) func(*site, string) bool {
	return func(s *site, dir string) bool {
		c := s.component(dir)
		return c != nil && slices.ContainsFunc(c.Blocks, func(b bundle.Block) bool { return b.Address == address })
	}
}

// rung reports a component with a queue whose agents are a ring group.
func rung(s *site, dir, address string) bool {
	c := s.component(dir)
	return c != nil && slices.ContainsFunc(c.Blocks, func(b bundle.Block) bool { return setting(&b, "agents") == address })
}

// says finds the components with a document that holds a text.
func says(text string) func(*site, string) bool {
	return func(s *site, dir string) bool {
		for path, data := range s.Data {
			if directory(path) == dir && strings.HasSuffix(path, ".xml") && strings.Contains(string(data), text) {
				return true
			}
		}
		return false
	}
}

// branches compiles the example of two hundred offices with one thing changed.
func branches(t *testing.T, file, old, new string) *bundle.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"branches.csv", "head-office.ivr.hcl", "offices.ivr.hcl"} {
		text, err := os.ReadFile("../examples/branches/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if n := strings.Count(string(text), old); n != 1 {
				t.Fatalf("%s holds %q %d times", name, old, n)
			}
			text = []byte(strings.Replace(string(text), old, new, 1))
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	result, diags := Compile(Input{Files: files})
	if diags.HasErrors() {
		t.Fatal(listed(diags))
	}
	return result.Bundle
}

// The same on a configuration of two hundred offices: what one of them says
// concerns its own callers, and what the head office says concerns everybody.
func TestHashesOfBranches(t *testing.T) {
	before := directories(branches(t, "", "", ""))
	for _, test := range []struct {
		name, file, old, new string
		renamed              []string // prefixes of directories
	}{
		{"the city of one office", "branches.csv", ",Boston North,", ",Boston Harbour,", []string{
			"menu.boston-01-", "number.boston-01-", "ring_group.boston-01-"}},
		{"a label of the head office", "head-office.ivr.hcl", `"policies and payments"`, `"policies"`, []string{"menu.", "number."}},
		{"the greeting of the claims department", "head-office.ivr.hcl", "You have reached the claims department.", "This is the claims department.", []string{
			"menu.", "number.", "queue.claims-", "voicemail.claims-"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			after := directories(branches(t, test.file, test.old, test.new))
			for dir := range before {
				want := slices.ContainsFunc(test.renamed, func(prefix string) bool { return strings.HasPrefix(dir, prefix) })
				if renamed := !after[dir]; renamed != want {
					t.Errorf("%s: renamed is %v, want %v", dir, renamed, want)
				}
			}
		})
	}
}
