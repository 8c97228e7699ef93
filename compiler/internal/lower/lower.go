package lower

// Lowering: from the model to the flow. Every block has an entry: the verbs
// that a call begins with there. An answer that leads to a block is that
// block's entry itself, not a redirect to it, so that a caller never waits for
// a request that the compiler could have made. An entry never contains another
// block's entry, so blocks that lead to each other need no special care.
//
// menu "main" with option "1" to voicemail.sales, for example, becomes
//
//	menu.main
//	  menu-1.xml        Gather → flow:menu.main/digits-1~1; nothing pressed: Redirect → menu-2
//	  digits-1? 1       Say greeting, Record        (the entry of voicemail.sales)
//	  digits-1? other   Say invalid, Gather → flow:menu.main/digits-2~1

import (
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

const (
	MaxDocuments = 600_000  // of a bundle
	maxDocument  = 64 << 10 // bytes of a TwiML document, Twilio's error 11750
)

const get = "GET" // the method of every address; see docs/bundle.md

// A lowering makes the flow of a model.
type lowering struct {
	diags    *diagnostic.Collector
	model    *model.Model
	flow     *DocumentFlow
	sections map[string]*section
	pending  []func() // sections that are not filled in yet
	blocks   map[*section]blockLowering
	pieces   map[piece]*model.AudioFile
	needs    map[hcl.Range]bool // where the missing base URL has been reported

	fallbacks map[string]*section // by what they say
	waysIn    func() []wayIn      // to the applications
}

// Lower makes the flow of everything that a number can reach.
func Lower(r *diagnostic.Collector, m *model.Model) *DocumentFlow {
	l := &lowering{
		diags: r, model: m,
		flow:     &DocumentFlow{clips: map[string][]byte{}, fallbacks: map[*model.InboundNumber]*section{}},
		sections: map[string]*section{},
		blocks:   map[*section]blockLowering{},
		pieces:   map[piece]*model.AudioFile{},
		needs:    map[hcl.Range]bool{},

		fallbacks: map[string]*section{},
		waysIn:    sync.OnceValue(func() []wayIn { return waysIn(m) }),
	}
	for _, n := range m.Numbers {
		l.number(n)
		for len(l.pending) > 0 {
			fill := l.pending[0]
			l.pending = l.pending[1:]
			fill()
			if l.flow.Made > MaxDocuments {
				l.tooMany()
				return l.flow
			}
		}
	}
	for _, s := range l.flow.sections {
		if q, ok := l.blocks[s].(*queueLowering); ok {
			q.addEntry()
		}
	}
	return l.flow
}

// tooMany reports a configuration of more documents than are made, at the block
// that has most of them.
func (l *lowering) tooMany() {
	largest := slices.MaxFunc(l.flow.sections, func(a, b *section) int { return a.size() - b.size() })
	l.diags.Report("IVR323", largest.at, "This configuration makes more than %d documents, most of them for %s. Have fewer attempts, ring fewer users one after the other, or let more time pass until the agents of a queue are rung again.", MaxDocuments, largest.address)
}

// open returns the section with the given identity, and whether it is new.
func (l *lowering) open(id, address string, at hcl.Range) (*section, bool) {
	if s := l.sections[id]; s != nil {
		return s, false
	}
	s := &section{id: id, address: address, at: at, speaks: l.model.Project, made: &l.flow.Made, block: bundle.Block{Address: address}}
	l.sections[id] = s
	l.flow.sections = append(l.flow.sections, s)
	return s, true
}

// section returns the section of a node, recorded or not, and queues it to be
// filled in when it is new. It is nil for hangup
// and reject.
func (l *lowering) section(n model.Node, record bool) *section {
	if model.Ends(n) {
		return nil
	}
	id, speaks := n.Address(), l.model.Speaking(n)
	if speaks != l.model.Project {
		id += "+" + speaks.Language
	}
	if record {
		id += "+record"
	}
	s, fresh := l.open(id, n.Address(), n.Position())
	if fresh {
		s.record, s.speaks = record, speaks
		if speaks != l.model.Project {
			s.block.Language = speaks.Language
		}
		if b := l.block(s, n, record); b != nil {
			l.blocks[s] = b
			l.pending = append(l.pending, b.fill)
		}
	}
	return s
}

// A blockLowering lowers one block into its section.
type blockLowering interface {
	entry(from model.Node) []twiml.Verb // what a call begins with there, coming from another node
	fill()                              // adds the documents and decisions, and the description
}

// block returns the lowering of a node into a section, recorded or not. It is nil
// for what has no documents of its own.
func (l *lowering) block(s *section, n model.Node, record bool) blockLowering {
	switch n := n.(type) {
	case *model.MenuNode:
		return menuLowering{l, s, n, record}
	case *model.RingGroupNode:
		return ringLowering{l, s, n, record}
	case *model.QueueNode:
		return newQueueLowering(l, s, n, record)
	case *model.VoicemailNode:
		return voicemailLowering{l, s, n, record}
	case *model.MessageNode:
		return messageLowering{l, s, n, record}
	case *model.SplitNode:
		return splitLowering{l, s, n, record}
	case *model.CallersNode:
		return callersLowering{l, s, n, record}
	case *model.HoursNode:
		return hoursLowering{l, s, n, record}
	case *model.ApplicationNode:
		return applicationLowering{l, s, n, record}
	}
	return nil
}

// enter returns the verbs with which a call goes on at an exit of a section,
// after saying the given messages.
func (l *lowering) enter(s *section, from model.Node, e model.Link, record bool, after ...*model.MessageNode) *step {
	var verbs []twiml.Verb
	for _, m := range after {
		verbs = append(verbs, l.say(m)...)
	}
	if to := l.section(e.To, record); to != nil {
		s.lead(to)
		return &step{append(verbs, l.blocks[to].entry(from)...), e.At}
	}
	if reject, ok := e.To.(model.RejectNode); ok {
		return &step{append(verbs, rejects(reject)), e.At}
	}
	return &step{append(verbs, &twiml.Hangup{}), e.At}
}

// rejects does not answer the call.
func rejects(n model.RejectNode) *twiml.Reject {
	if n.Busy {
		return &twiml.Reject{Reason: "busy"}
	}
	return &twiml.Reject{}
}

// finish says messages and goes on at an exit, or says goodbye and ends the
// call where there is none.
func (l *lowering) finish(s *section, from model.Node, e *model.Link, record bool, at hcl.Range, after ...*model.MessageNode) *step {
	if e == nil {
		e = &model.Link{To: model.HangupNode{}, At: at}
		after = append(after, s.speaks.Goodbye)
	}
	return l.enter(s, from, *e, record, after...)
}

// say is a message as verbs.
func (l *lowering) say(m *model.MessageNode) []twiml.Verb {
	switch {
	case m == nil:
		return nil
	case len(m.Parts) > 0:
		var verbs []twiml.Verb
		for _, part := range m.Parts {
			verbs = append(verbs, l.say(part)...)
		}
		return verbs
	case m.Audio != nil:
		l.needBaseURL(m.At, "Twilio fetches an audio file by its absolute address")
		l.flow.clips[m.Audio.Path] = m.Audio.Data
		return []twiml.Verb{&twiml.Play{URL: "audio:" + m.Audio.Path}}
	case m.URL != "":
		return []twiml.Verb{&twiml.Play{URL: m.URL}}
	}
	return []twiml.Verb{&twiml.Say{Voice: m.Voice, Language: m.Language, Text: m.Text}}
}

// needBaseURL reports, once for each place, that a document must name its own
// address, and none is configured.
func (l *lowering) needBaseURL(at hcl.Range, why string) {
	if l.model.Hosting.BaseURL == "" && !l.needs[at] {
		l.needs[at] = true
		l.diags.Report("IVR420", at, "%s, and the configuration does not say where it is served. Add a hosting block: base_url = \"https://calls.example.com\".", why)
	}
}
