package compiler

// Breaking laws: a good configuration in which callers are treated badly in one
// of the ways that the language allows. The block that was broken is made one
// that calls can reach.

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// hangups are the ways to write a destination that is the end.
var hangups = []string{"hangup", "true ? hangup : stock.goodbye", "[stock.goodbye, hangup][1]", "{ end = hangup }.end", "local.broken"}

// breakLaws breaks a law in a draft, perhaps, and returns its copy.
func breakLaws(t *rapid.T, d *draft) *draft {
	d = d.clone()
	d.add("locals").set("broken", "hangup")
	for range rapid.IntRange(0, 2).Draw(t, "laws broken") {
		switch rapid.IntRange(0, 4).Draw(t, "law") {
		case 0:
			cutOffOption(t, d)
		case 1:
			cutOffNumber(t, d)
		default:
			circle(t, d)
		}
	}
	return d
}

// cutOffOption lets a key end the call.
func cutOffOption(t *rapid.T, d *draft) {
	menu := rapid.SampledFrom(d.kinds(bundle.KindMenu)).Draw(t, "menu")
	var options []*draftBlock
	menu.each("", func(_ string, b *draftBlock) {
		if (b.kind == "option" || b.kind == "content") && b.has("to") {
			options = append(options, b)
		}
	})
	if len(options) == 0 {
		return
	}
	rapid.SampledFrom(options).Draw(t, "option").set("to", rapid.SampledFrom(hangups).Draw(t, "hangup"))
	d.find(bundle.KindNumber, "n0").set("to", "menu."+menu.labels[0])
	d.each(func(_ string, b *draftBlock) { // the option may have been the way to a menu
		b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == "back" })
	})
}

// cutOffNumber lets a number be answered by hanging up.
func cutOffNumber(t *rapid.T, d *draft) {
	var numbers []*draftBlock
	for _, b := range d.kinds(bundle.KindNumber) {
		if b.has("to") && !b.has("status") {
			numbers = append(numbers, b)
		}
	}
	name := rapid.SampledFrom([]string{"to", "anonymous"}).Draw(t, "callers")
	rapid.SampledFrom(numbers).Draw(t, "number").set(name, rapid.SampledFrom(hangups).Draw(t, "hangup"))
}

// circle leads callers who do nothing round and round.
func circle(t *rapid.T, d *draft) {
	outcomes := map[string][]string{
		bundle.KindMenu: {"on_failure", "on_silence", "on_invalid"}, bundle.KindRingGroup: {"on_busy", "on_unavailable"}, bundle.KindQueue: {"on_full", "on_timeout"},
	}
	round := rapid.Permutation(d.kinds(bundle.KindMenu, bundle.KindRingGroup, bundle.KindQueue)).Draw(t, "blocks")
	round = round[:rapid.IntRange(1, min(4, len(round))).Draw(t, "length of the circle")]
	for i, b := range round {
		next := round[(i+1)%len(round)]
		b.set(rapid.SampledFrom(outcomes[b.kind]).Draw(t, "outcome"), next.kind+"."+next.labels[0])
	}
	if rapid.Bool().Draw(t, "at once") {
		d.find(bundle.KindNumber, "n0").set("to", round[0].kind+"."+round[0].labels[0])
	}
}

// kinds lists the blocks of the given kinds.
func (d *draft) kinds(kinds ...string) []*draftBlock {
	return slices.DeleteFunc(slices.Clone(d.blocks), func(b *draftBlock) bool {
		return !slices.Contains(kinds, b.kind) || strings.Contains(b.labels[0], "agents_")
	})
}
