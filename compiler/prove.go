package compiler

// What the compiler proves. Most of it holds by construction: lowering gives
// every outcome of every question an answer, counts attempts in URLs, and says
// the message of an outcome before it leads on. What a configuration can still
// get wrong is found on the call graph, whose edges are the exits:
//
//	menu.main ──1──▶ ring_group.sales ──busy──▶ queue.sales ──timeout──▶ voicemail.sales
//
// An exit that a caller's key takes waits for the caller. All others are taken
// by themselves: busy, unavailable, full, timeout, failure. A circle of those
// would lead a caller who does nothing round and round; a graph without one
// ends every silent call, because each node takes a bounded time.

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// prove checks the laws on the model.
func (r *reporter) prove(m *model) {
	p := &proof{reporter: r, model: m, reached: map[node]bool{}, served: map[*queue]bool{}, taped: map[*queue]bool{}}
	p.walk()
	p.circles()
	p.levels()
	p.silentEnds()
	p.queues()
	p.unreachable()
	for _, n := range m.nodes {
		if menu, ok := n.(*menu); ok {
			p.labels(menu)
			p.late(menu)
		}
	}
	p.recordings()
}

type proof struct {
	*reporter
	model   *model
	reached map[node]bool
	order   []node          // in which they were reached
	served  map[*queue]bool // by an agents' line
	taped   map[*queue]bool // by an agents' line that records
}

// starts lists where the calls of a number begin.
func (n *number) starts() []exit {
	var list []exit
	if n.offline == nil && n.to != nil {
		list = append(list, *n.to)
		if n.anonymous != nil {
			list = append(list, *n.anonymous)
		}
	}
	return list
}

// walk finds every node that a call can reach.
func (p *proof) walk() {
	for _, n := range p.model.numbers {
		for _, e := range n.starts() {
			p.reach(e.to)
		}
		if line, ok := takes(n); ok && n.offline == nil {
			p.served[line.queue] = true
			p.taped[line.queue] = p.taped[line.queue] || line.record
		}
	}
	for i := 0; i < len(p.order); i++ {
		for _, e := range exits(p.order[i]) {
			p.reach(e.to)
		}
	}
}

func takes(n *number) (*agentsLine, bool) {
	if n.to == nil {
		return nil, false
	}
	line, ok := n.to.to.(*agentsLine)
	return line, ok
}

func (p *proof) reach(n node) {
	if _, ends := n.(hangup); !ends && !p.reached[n] {
		p.reached[n] = true
		p.order = append(p.order, n)
	}
}

// byItself reports whether an exit is taken without a key of the caller's.
func (e namedExit) byItself() bool { return len(e.on) > 1 }

// circles reports circles of exits that are taken by themselves, depth first.
func (p *proof) circles() {
	const (
		unseen = iota
		open
		done
	)
	state := map[node]int{}
	type frame struct {
		n     node
		exits []namedExit
	}
	for _, start := range p.order {
		if state[start] != unseen {
			continue
		}
		state[start] = open
		stack := []frame{{start, exits(start)}}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if len(f.exits) == 0 {
				state[f.n] = done
				stack = stack[:len(stack)-1]
				continue
			}
			e := f.exits[0]
			f.exits = f.exits[1:]
			if _, ends := e.to.(hangup); ends || !e.byItself() {
				continue
			}
			switch state[e.to] {
			case unseen:
				state[e.to] = open
				stack = append(stack, frame{e.to, exits(e.to)})
			case open:
				path := make([]node, len(stack))
				for i, f := range stack {
					path[i] = f.n
				}
				p.circle(path, e)
			}
		}
	}
}

// circle reports one circle, which e closes. A long one is shortened.
func (p *proof) circle(path []node, e namedExit) {
	names := []string{e.to.address()}
	for _, n := range path[slices.Index(path, e.to)+1:] {
		if len(names) == 10 {
			names = append(names, "others")
			break
		}
		names = append(names, n.address())
	}
	way := strings.Join(append(names, e.to.address()), " to ")
	p.report("IVR501", e.at, "A caller who presses nothing is led from %s, and so on without an end. Lead one of them elsewhere, such as to a voicemail.", way)
}

// silentEnds reports calls that end before anything was said.
func (p *proof) silentEnds() {
	for _, n := range p.model.numbers {
		for _, e := range n.starts() {
			if _, ends := e.to.(hangup); ends {
				p.report("IVR502", e.at, "Callers are cut off without a word here. Lead them to a message that says why the call ends, such as stock.goodbye.")
			}
		}
	}
	for _, n := range p.order {
		menu, ok := n.(*menu)
		if !ok {
			continue
		}
		for _, o := range menu.options {
			if _, ends := o.to.(hangup); ends {
				p.report("IVR502", o.at, "A caller who presses %s is cut off without a word. Lead to a message that says goodbye, such as stock.goodbye.", o.key)
			}
		}
	}
}

// queues reports queues that nobody serves, and agents' lines.
func (p *proof) queues() {
	for _, n := range p.order {
		if q, ok := n.(*queue); ok && q.agents == nil && !p.served[q] {
			p.report("IVR417", q.at, "Callers would wait here for %s, and nobody could take their call. Add agents, or a number with take = %s, which agents call.", durationText(q.maxWait), q.address())
		}
	}
	for _, n := range p.model.numbers {
		if line, ok := takes(n); ok {
			p.report("IVR606", n.to.at, "Whoever calls this number is connected to the callers of %s. Use a number that is published nowhere, and say so: # ivrc:ignore IVR606 unlisted.", line.queue.address())
		}
	}
}

// unreachable warns of blocks that no call can reach.
func (p *proof) unreachable() {
	rung := map[*user]bool{}
	for _, n := range p.order {
		switch n := n.(type) {
		case *ringGroup:
			for _, u := range n.users {
				rung[u] = true
			}
		case *queue:
			if n.agents != nil {
				p.reached[n.agents] = true
				for _, u := range n.agents.users {
					rung[u] = true
				}
			}
		}
	}
	for _, n := range p.model.nodes {
		message, isMessage := n.(*message)
		_, isLine := n.(*agentsLine)
		if p.reached[n] || isLine || isMessage && (message.used || message.at == hcl.Range{}) {
			continue
		}
		p.report("IVR601", n.position(), "Nothing leads to %s, so no caller will ever meet it. Name it where callers should go, or remove it.", n.address())
	}
	for _, u := range p.model.users {
		if !rung[u] && !u.outbound {
			p.report("IVR601", u.at, "No ring group that a call can reach rings %s. Add the user to a ring group, or remove the block.", kindUser+"."+u.name)
		}
	}
}

// labels warns of options that sound alike.
func (p *proof) labels(m *menu) {
	first := map[string]key{}
	for _, o := range m.options {
		label := strings.ToLower(o.label)
		if other, taken := first[label]; taken && label != "" {
			p.report("IVR602", o.position, "The keys %s and %s of this menu have the same label, so callers cannot know which of them they need.", other, o.key)
			continue
		}
		first[label] = o.key
	}
}

// firstOption is how long a caller may wait for the first option of a menu.
const firstOption = 20 * time.Second

// late warns of menus whose welcome keeps callers waiting.
func (p *proof) late(m *menu) {
	if m.welcome == nil {
		return
	}
	wait := announcementTime(m.welcome)
	if wait > firstOption {
		p.report("IVR604", m.at, "Callers hear the welcome for about %s before the first option, and many hang up before. Shorten it to 20 seconds; what is left out can be an option of its own.", durationText(wait.Round(time.Second)))
	}
}

// recordingWords are parts of words with which a message announces a recording.
var recordingWords = []string{
	"record", "grava", "graba", "enregistr", "aufgezeichnet", "aufzeichn", "aufgenommen", "registra", "opgenomen", "opname", "録音",
}

// announces reports whether a message may say that calls are recorded. What
// audio says is not known.
func announces(m *message) bool {
	if m == nil {
		return false
	}
	text := strings.ToLower(m.text)
	for _, word := range recordingWords {
		if strings.Contains(text, word) {
			return true
		}
	}
	return m.text == ""
}

// recordings warns of recorded conversations that a caller can reach without
// having been told.
func (p *proof) recordings() {
	type place struct {
		n      node
		record bool
	}
	seen := map[place]bool{}
	reported := map[node]bool{}
	var list []place
	add := func(n node, record bool) {
		if at := (place{n, record}); !seen[at] {
			seen[at] = true
			list = append(list, at)
		}
	}
	for _, n := range p.model.numbers {
		for _, e := range n.starts() {
			add(e.to, n.record)
		}
	}
	for i := 0; i < len(list); i++ {
		at := list[i]
		if told(at.n) {
			continue
		}
		if by := p.recorder(at.n, at.record); by != nil && !reported[by] {
			reported[by] = true
			p.report("IVR603", by.position(), "A caller can be connected here and recorded without having been told. Say on the way that calls are recorded, for instance in the welcome of the menu (stock.recording).")
		}
		for _, e := range exits(at.n) {
			if !announces(e.said) {
				add(e.to, at.record)
			}
		}
	}
}

// recorder is the block at which a caller who comes to a node is recorded: the
// ring group that is rung there, or the queue that agents take the caller from.
// What is announced in a queue is heard before anybody takes a call from it. It
// is nil if nobody records.
func (p *proof) recorder(n node, record bool) node {
	g := rings(n)
	if g != nil && (record && g.record == nil || g.record != nil && *g.record) {
		return g
	}
	if q, ok := n.(*queue); ok && p.taped[q] && !announces(q.announce) {
		return q
	}
	return nil
}

// told reports whether a caller at a node is told of a recording before anything
// else happens there.
func told(n node) bool {
	menu, ok := n.(*menu)
	return ok && (announces(menu.welcome) || menu.audioPrompt != nil)
}

// rings is the ring group that a node rings, nil if it rings nobody.
func rings(n node) *ringGroup {
	switch n := n.(type) {
	case *ringGroup:
		return n
	case *queue:
		return n.agents
	}
	return nil
}
