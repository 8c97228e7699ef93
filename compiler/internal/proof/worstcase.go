package proof

// Worst cases: for each number, how long its callers can be kept, and how
// many keys they need. "At the latest" is defined in package model, dwell.go; conversations take
// no time, because people end them when they like.
//
// A caller who may go back can stay in menus for ever. So the worst cases are those
// of a caller who goes forward. A way is a way back if the call can come here
// again from where it leads (both are in one strongly connected component), and
//
//	a key, or a message that the caller leaves, leads to a node that takes no more of
//	them from the number than this one, or
//	an outcome leads to a node that takes fewer.
//
// In menu.main ──1──▶ menu.wards ──9──▶ menu.main, the 9 is a way back, and so is
// menu.wards ──failure──▶ menu.main. Ways forward make no cycle: between
// components there is none; inside one a key leads one step deeper, and an outcome
// stays at its depth, where outcomes alone make no cycle (proof.go). So what is
// ahead of a call is known from the last node to the first, in one pass:
//
//	latest(n) = max over the ways forward w of n: dwell(n, w) + latest(w)

import (
	"cmp"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A WorstCase is what can happen to the callers of a number.
type WorstCase struct {
	Number string // its name

	Person       Latest // until a caller talks to somebody, at the latest
	End          Latest // until the call of a caller ends whom nobody talks to
	SilentPerson Latest // the same, for callers who do nothing
	SilentEnd    Latest

	whole Latest // until the call is over, with all conversations that have a limit

	Paths        uint64 // that calls can take, at most MostPaths
	Destinations []Destination
}

// MostPaths is where the counting of paths stops: there are as many, or more.
const MostPaths = 1_000_000_000_000_000_000

// A Latest is when something happens at the latest, and the way there.
type Latest struct {
	Possible bool
	After    time.Duration
	Way      []string // "menu.main 2", "ring_group.sales (es-MX) busy"
}

// A Destination is where callers can come, and the fewest keys to it.
type Destination struct {
	Address  string
	Language string // of the calls that come there, "" for the project's
	Keys     []string
	Wait     *Wait // of a queue

	Pending time.Duration // of a menu with extensions: until a key counts as the answer

	// Missed are the keys that lead to people, of a menu without on_failure: callers
	// who press no valid key hear goodbye instead.
	Missed []string

	// Withheld are the users whose telephones would show the withheld number of a
	// caller, which some carriers refuse.
	Withheld []string
}

// A Wait says when a wait ends that nobody cuts short.
type Wait struct{ Earliest, Latest time.Duration }

// WorstCases computes the worst cases of all numbers that are online, by name,
// until so many ways have been looked at. It returns how many were left out.
func (g *CallGraph) WorstCases(most int) (list []WorstCase, leftOut int) {
	f := newWorstCases(g)
	before := g.Steps
	for _, n := range g.Model.Numbers {
		switch {
		case n.Offline != nil:
		case g.Steps-before < most:
			list = append(list, f.number(n, false))
		default:
			leftOut++
		}
	}
	return list, leftOut
}

// worstCases computes the worst cases of numbers.
type worstCases struct {
	graph   *CallGraph
	depths  *depthSearch
	of      []int // component of each node
	order   []int // of the ways that are taken by themselves: what is ahead has a smaller one
	ahead   []map[bool]*outlook
	forward []int            // nodes of the number at hand, the last first
	from    [prospects]start // of the number at hand: where the call begins that each prospect is of
}

// An outlook is what is ahead of a call at a node.
type outlook struct {
	person, end, silentPerson, silentEnd prospect
	whole                                prospect // until the call is over, with all conversations that have a limit
	paths                                uint64
}

// A prospect is when something happens at the latest, and the way to it.
type prospect struct {
	after time.Duration // never if it cannot happen
	way   int           // of the node, end if it happens there
}

func newWorstCases(g *CallGraph) *worstCases {
	f := &worstCases{graph: g, depths: newDepthSearch(g), ahead: make([]map[bool]*outlook, len(g.Nodes))}
	f.of, _ = g.components(everyWay)
	f.order, _ = g.components(byItself)
	return f
}

// isForward reports whether a way from a node is not a way back.
func (f *worstCases) isForward(n int, w *way) bool {
	switch {
	case w.Index == End || f.of[n] != f.of[w.Index]:
		return true
	case !byItself(w):
		return f.depths.keys[w.Index] > f.depths.keys[n]
	}
	return f.depths.keys[w.Index] >= f.depths.keys[n]
}

// number computes the worst case of one number: of its calls, or from where they go on
// when a document cannot be had.
func (f *worstCases) number(n *model.InboundNumber, fallback bool) WorstCase {
	var starts []start
	var first []int
	for _, s := range f.graph.Starts {
		if s.Number == n && s.Fallback == fallback {
			starts = append(starts, s)
			first = append(first, s.Index)
		}
	}
	reached := f.depths.from(first...)
	f.forward = slices.Clone(reached)
	slices.SortFunc(f.forward, func(a, b int) int {
		return cmp.Or(cmp.Compare(f.of[a], f.of[b]), cmp.Compare(f.depths.keys[b], f.depths.keys[a]), cmp.Compare(f.order[a], f.order[b]))
	})
	for _, i := range f.forward {
		f.ahead[i] = map[bool]*outlook{false: f.look(i, false), true: f.look(i, true)}
	}
	worst := WorstCase{Number: n.Name}
	best := newOutlook()
	for _, s := range starts {
		o := f.at(s.Index, false)
		best.paths = add(best.paths, o.paths)
		for i, p := range best.prospects() {
			if there := *o.prospects()[i]; there.after > p.after {
				*p, f.from[i] = there, s
			}
		}
	}
	for i, to := range []*Latest{&worst.Person, &worst.End, &worst.SilentPerson, &worst.SilentEnd, &worst.whole} {
		*to = f.latest(best.prospects()[i].after, i)
	}
	worst.Paths = best.paths
	hidden := f.graph.hidden(starts)
	for _, i := range reached {
		d := f.destination(i)
		if g := f.graph.Nodes[i].Rings(); g != nil && hidden[i] {
			d.Withheld = g.ShowWithheld()
		}
		worst.Destinations = append(worst.Destinations, d)
	}
	return worst
}

func newOutlook() *outlook {
	none := prospect{model.Never, End}
	return &outlook{none, none, none, none, none, 0}
}

// The prospects of an outlook.
const (
	toPerson = iota
	toEnd
	silentToPerson
	silentToEnd
	toWhole
	prospects
)

// prospects lists them.
func (o *outlook) prospects() [prospects]*prospect {
	return [prospects]*prospect{&o.person, &o.end, &o.silentPerson, &o.silentEnd, &o.whole}
}

// at is the outlook at a node that has been settled, or at the end.
func (f *worstCases) at(n int, skips bool) *outlook {
	if n != End {
		return f.ahead[n][skips]
	}
	o := newOutlook()
	o.end, o.silentEnd, o.whole, o.paths = prospect{0, End}, prospect{0, End}, prospect{0, End}, 1
	return o
}

// look settles what is ahead at a node, where that is known of all ways forward.
func (f *worstCases) look(n int, skips bool) *outlook {
	v := f.graph.dwell(entrance{n, skips})
	o := newOutlook()
	if v.Person != model.Never {
		o.person, o.silentPerson, o.paths = prospect{v.Person, End}, prospect{v.Person, End}, 1
		o.whole = prospect{v.Person + v.Talk, End}
	}
	if v.Ends != nil {
		o.end, o.silentEnd = prospect{v.Ends.Worst, End}, prospect{v.Ends.Silent, End}
		o.whole.later(v.Ends.Worst, prospect{0, End}, End)
		o.paths = add(o.paths, 1)
	}
	for k := range f.graph.Ways[n] {
		w, s := &f.graph.Ways[n][k], v.Ways[k]
		f.graph.Steps++
		if s.Worst == model.Never || !f.isForward(n, w) {
			continue
		}
		to := f.at(w.Index, w.Skips)
		o.whole.later(s.Worst, to.whole, k)
		if w.Talked {
			continue // the caller has talked to somebody before
		}
		o.paths = add(o.paths, to.paths)
		o.person.later(s.Worst, to.person, k)
		o.end.later(s.Worst, to.end, k)
		if byItself(w) {
			o.silentPerson.later(s.Silent, to.silentPerson, k)
			o.silentEnd.later(s.Silent, to.silentEnd, k)
		}
	}
	return o
}

// later takes over what is ahead on a way, where that is later.
func (p *prospect) later(dwell time.Duration, there prospect, way int) {
	if dwell != model.Never && there.after != model.Never && dwell+there.after > p.after {
		*p = prospect{dwell + there.after, way}
	}
}

// add adds numbers of paths.
func add(a, b uint64) uint64 { return min(a+b, MostPaths) }

// latest is one of the prospects and the way to it.
func (f *worstCases) latest(after time.Duration, which int) Latest {
	l := Latest{Possible: after != model.Never, After: max(after, 0)}
	if !l.Possible {
		return l
	}
	for _, h := range f.hops(which) {
		step := f.graph.Nodes[h.Node].Address()
		if language := f.language(h.Node); language != "" {
			step += " (" + language + ")"
		}
		if h.Way != End {
			step += " " + f.graph.Ways[h.Node][h.Way].On
		}
		l.Way = append(l.Way, step)
	}
	return l
}

// hops is the way to one of the prospects. The way of the last hop is End if
// it happens at a node.
func (f *worstCases) hops(which int) []Hop {
	var hops []Hop
	for n, skips := f.from[which].Index, false; n != End; {
		k := f.ahead[n][skips].prospects()[which].way
		hops = append(hops, Hop{n, k})
		if k == End {
			break
		}
		w := &f.graph.Ways[n][k]
		n, skips = w.Index, w.Skips
	}
	return hops
}

// language is that of the calls at a node, "" for the project's.
func (f *worstCases) language(n int) string {
	if speaks := f.graph.Model.Speaking(f.graph.Nodes[n]); speaks != f.graph.Model.Project {
		return speaks.Language
	}
	return ""
}

// destination is a node and the keys to it.
func (f *worstCases) destination(n int) Destination {
	d := Destination{Address: f.graph.Nodes[n].Address(), Language: f.language(n)}
	if q, ok := f.graph.Nodes[n].(*model.QueueNode); ok {
		d.Wait = &Wait{}
		d.Wait.Earliest, d.Wait.Latest = q.Waits(f.graph.Model.Project)
	}
	if m, ok := f.graph.Nodes[n].(*model.MenuNode); ok && len(m.Extensions) > 0 {
		d.Pending = m.Pending("1")
	}
	if m, ok := f.graph.Nodes[n].(*model.MenuNode); ok && m.GivesUp() {
		d.Missed = f.missed(n)
	}
	_, hops := pathTo(f.depths.comes, n)
	for _, h := range hops {
		if w := &f.graph.Ways[h.Node][h.Way]; w.Key {
			d.Keys = append(d.Keys, w.On)
		}
	}
	return d
}

// missed lists the keys of a menu that lead forward to people.
func (f *worstCases) missed(menu int) (keys []string) {
	for k := range f.graph.Ways[menu] {
		w := &f.graph.Ways[menu][k]
		if w.Key && w.Index != End && f.isForward(menu, w) && f.at(w.Index, w.Skips).person.after != model.Never {
			keys = append(keys, w.On)
		}
	}
	return keys
}
