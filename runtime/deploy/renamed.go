package deploy

// Names are for those who write configurations: callers do not hear them. So
// before two call flows are compared, it is found out which block has only
// another name. Both flows are walked at once from the numbers on, and blocks
// that callers come to in the same way are a pair:
//
//	number.main   ─answer→  menu.main   ─1→  voicemail.a
//	number.front  ─answer→  menu.front  ─1→  voicemail.b
//
// A pair of two names is one block if the first name is gone and the second is
// new. If both names are in use, as after two blocks have changed names, the
// contents decide: the pair is one block if callers can tell no difference here,
// nor on any way on from here. That is found by elimination, as the equality of
// two automata is: a pair that differs is dropped, and with it those that lead to
// it, until nothing changes.

import (
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A place is a block in one of the directories that hold it.
type place struct{ directory, address string }

// A renaming says which blocks of the live flow are which of the new one.
type renaming struct {
	then, now flow
	gone      map[string]string // new names, by names that are gone
	fresh     map[string]string // names that are gone, by new names
	swapped   map[[2]string]bool
	kept      map[string]bool // names under which callers meet a block before and after
	met       map[[2]place]bool
	compared  []([2]*bundle.Block) // the blocks that may be swapped
}

// renamingOf pairs the blocks of two flows, starting at the directories that
// answer the same number. All says which names each flow has.
func renamingOf(then, now flow, starts [][2]string, thenAll, nowAll map[string]bool) *renaming {
	r := &renaming{then: then, now: now, gone: map[string]string{}, fresh: map[string]string{},
		swapped: map[[2]string]bool{}, kept: map[string]bool{}, met: map[[2]place]bool{}}
	var pending [][2]place
	for _, s := range starts {
		pending = append(pending, [2]place{numberIn(then, s[0]), numberIn(now, s[1])})
	}
	for len(pending) > 0 {
		pair := pending[0]
		pending = pending[1:]
		if r.met[pair] || pair[0] == pair[1] {
			r.kept[pair[0].address] = r.kept[pair[0].address] || pair[0] == pair[1]
			continue
		}
		r.met[pair] = true
		a, b := r.then.block(pair[0]), r.now.block(pair[1])
		if a == nil || b == nil || a.Kind() != b.Kind() || !r.pair(a, b, thenAll, nowAll) {
			continue
		}
		for _, x := range a.Exits {
			if y, ok := b.Exit(x.On); ok && !bundle.Ends(x.To) && !bundle.Ends(y.To) {
				pending = append(pending, [2]place{pair[0].follow(x), pair[1].follow(y)})
			}
		}
	}
	r.eliminate()
	return r
}

// numberIn is the number of a directory.
func numberIn(in flow, directory string) place {
	for _, b := range in[directory].Blocks {
		if b.Kind() == bundle.KindNumber {
			return place{directory, b.Address}
		}
	}
	return place{directory, ""}
}

// follow is the place that an exit of a block at this place leads to.
func (p place) follow(e bundle.Exit) place {
	if e.Component != "" {
		return place{e.Component, e.To}
	}
	return place{p.directory, e.To}
}

// block is the block at a place, nil if the flow has none there.
func (f flow) block(p place) *bundle.Block {
	c := f[p.directory]
	return c.Block(p.address)
}

// pair notes that callers meet b where they met a, and tells whether to go on
// from there.
func (r *renaming) pair(a, b *bundle.Block, thenAll, nowAll map[string]bool) bool {
	switch {
	case a.Address == b.Address:
		r.kept[a.Address] = true
	case !nowAll[a.Address] && !thenAll[b.Address]:
		if r.gone[a.Address] == "" && r.fresh[b.Address] == "" {
			r.gone[a.Address], r.fresh[b.Address] = b.Address, a.Address
		}
		return r.gone[a.Address] == b.Address
	case !alike(*a, *b, func(string, string) bool { return true }):
		return false
	default:
		r.swapped[[2]string{a.Address, b.Address}] = true
		r.compared = append(r.compared, [2]*bundle.Block{a, b})
	}
	return true
}

// eliminate drops the pairs of which callers can tell the blocks apart. It gives up
// on all of them when that takes long.
func (r *renaming) eliminate() {
	const most = 20
	for round := 0; ; round++ {
		before := len(r.swapped)
		for _, pair := range r.compared {
			if !alike(*pair[0], *pair[1], r.same) {
				delete(r.swapped, [2]string{pair[0].Address, pair[1].Address})
			}
		}
		if len(r.swapped) == before {
			return
		}
		if round == most {
			clear(r.swapped)
		}
	}
}

// alike reports whether two blocks differ in names only. Same says which names mean
// the same block. Numbers are paired by their phone numbers, which need no look.
func alike(a, b bundle.Block, same func(old, new string) bool) bool {
	for _, block := range []*bundle.Block{&a, &b} {
		block.Settings = slices.DeleteFunc(slices.Clone(block.Settings), func(s bundle.Setting) bool { return s.Name == "phone_number" })
	}
	c := comparison{listed: map[string]bool{}, same: same}
	c.compare(a, b)
	return len(c.changes) == 0
}

// same reports whether two names, a live one and a new one, mean the same block.
func (r *renaming) same(old, new string) bool {
	return old == new || r.gone[old] == new || r.swapped[[2]string{old, new}]
}

// elsewhere reports whether a name that both flows have means another block now,
// and the block that it meant is still met under another name.
func (r *renaming) elsewhere(address string) bool {
	return !r.kept[address] && r.left(address) && r.came(address)
}

// left reports whether the block that had a name has another one now.
func (r *renaming) left(address string) bool {
	return r.gone[address] != "" || r.anySwapped(0, address)
}

// came reports whether the block that has a name now had another one.
func (r *renaming) came(address string) bool {
	return r.fresh[address] != "" || r.anySwapped(1, address)
}

func (r *renaming) anySwapped(side int, address string) bool {
	return slices.ContainsFunc(r.compared, func(pair [2]*bundle.Block) bool {
		return pair[side].Address == address && r.swapped[[2]string{pair[0].Address, pair[1].Address}]
	})
}

// unnoticed are the numbers, by where they led and will lead, that move for the
// sake of a name alone: a block on their callers' way has another one, and nothing
// that is listed is on that way.
func (r *renaming) unnoticed(starts [][2]string, changes []CallerChange) map[[2]string]bool {
	if len(r.gone)+len(r.swapped) == 0 {
		return nil
	}
	changed := map[string]bool{}
	for _, c := range changes {
		changed[c.Block] = true
	}
	found := map[[2]string]bool{}
	for _, s := range starts {
		noticed, renamed := false, false
		for i, in := range []flow{r.then, r.now} {
			for _, c := range reachable([]string{s[i]}, in, in) {
				for _, b := range c.Blocks {
					noticed = noticed || changed[b.Address]
					renamed = renamed || i == 1 && r.came(b.Address)
				}
			}
		}
		if renamed && !noticed {
			found[s] = true
		}
	}
	return found
}
