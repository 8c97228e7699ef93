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
//	  menu-1.xml        Gather → flow:menu.main/digits-1; nothing pressed: Redirect → menu-2
//	  digits-1? 1       Say greeting, Record        (the entry of voicemail.sales)
//	  digits-1? 2 3 …   Say invalid, Gather → flow:menu.main/digits-2

import (
	"fmt"
	"slices"
	"time"

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
	waits    map[*section]*waiting
	pieces   map[piece]*model.AudioFile
	needs    map[hcl.Range]bool // where the missing base URL has been reported

	fallbacks map[string]*section // by what they say
}

// Lower makes the flow of everything that a number can reach.
func Lower(r *diagnostic.Collector, m *model.Model) *DocumentFlow {
	l := &lowering{
		diags: r, model: m,
		flow:     &DocumentFlow{clips: map[string][]byte{}, fallbacks: map[*model.InboundNumber]*section{}},
		sections: map[string]*section{},
		waits:    map[*section]*waiting{},
		pieces:   map[piece]*model.AudioFile{},
		needs:    map[hcl.Range]bool{},

		fallbacks: map[string]*section{},
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
	s := &section{id: id, address: address, at: at, made: &l.flow.Made, block: bundle.Block{Address: address}}
	l.sections[id] = s
	l.flow.sections = append(l.flow.sections, s)
	return s, true
}

// section returns the section of a node, recorded or not, and queues it to be
// filled in when it is new. It is nil for hangup.
func (l *lowering) section(n model.Node, record bool) *section {
	if n == (model.HangupNode{}) {
		return nil
	}
	id := n.Address()
	if record {
		id += "+record"
	}
	s, fresh := l.open(id, n.Address(), n.Position())
	if fresh {
		l.pending = append(l.pending, func() { l.fill(s, n, record) })
	}
	return s
}

// fill lowers one node into its section.
func (l *lowering) fill(s *section, n model.Node, record bool) {
	switch n := n.(type) {
	case *model.MenuNode:
		l.menu(s, n, record)
	case *model.RingGroupNode:
		l.ringGroup(s, n, record)
	case *model.QueueNode:
		l.queue(s, n, record)
	case *model.VoicemailNode:
		l.voicemail(s, n)
	case *model.MessageNode:
		s.add("message-1", &step{l.messageEntry(n), n.At})
		l.describeMessage(s, n)
	}
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
		return &step{append(verbs, l.entry(to, from, e.To, record)...), e.At}
	}
	return &step{append(verbs, &twiml.Hangup{}), e.At}
}

// finish says messages and goes on at an exit, or says goodbye and ends the
// call where there is none.
func (l *lowering) finish(s *section, from model.Node, e *model.Link, record bool, at hcl.Range, after ...*model.MessageNode) *step {
	if e == nil {
		e = &model.Link{To: model.HangupNode{}, At: at}
		after = append(after, l.model.Project.Goodbye)
	}
	return l.enter(s, from, *e, record, after...)
}

// entry is what a call begins with at a node.
func (l *lowering) entry(s *section, from, n model.Node, record bool) []twiml.Verb {
	switch n := n.(type) {
	case *model.MenuNode:
		return l.attempt(s, n, 1, true)
	case *model.RingGroupNode:
		return l.dial(s, n, 0, dialName("dial", 0, true), record)
	case *model.QueueNode:
		return l.queueEntry(s, from, n, record)
	case *model.VoicemailNode:
		return l.voicemailEntry(s, n)
	case *model.MessageNode:
		return l.messageEntry(n)
	}
	return []twiml.Verb{&twiml.Hangup{}}
}

// number lowers a number: what answers it, and what it falls back to.
func (l *lowering) number(n *model.InboundNumber) {
	s, _ := l.open(bundle.KindNumber+"."+n.Name, bundle.KindNumber+"."+n.Name, n.At)
	l.describeNumber(s, n)
	l.flow.fallbacks[n] = l.fallback(n)
	switch {
	case n.Offline != nil:
		s.add("answer", &step{append(l.say(n.Offline), &twiml.Hangup{}), n.At})
	case n.To == nil:
	case n.Anonymous != nil:
		if l.model.Hosting.DecisionsURL != "" { // numbers are pointed at documents
			s.add("answer", &step{[]twiml.Verb{&twiml.Redirect{Method: get, URL: s.link("from")}}, n.At})
		}
		s.decide("from", l.answer(s, n), map[string]*step{"anonymous": l.enter(s, nil, *n.Anonymous, n.Record)})
	default:
		s.add("answer", l.answer(s, n))
	}
}

// answer is what callers of a number meet, or the agents of an agents' line.
func (l *lowering) answer(s *section, n *model.InboundNumber) *step {
	line, ok := n.To.To.(*model.AgentsLine)
	if !ok {
		return l.enter(s, nil, *n.To, n.Record)
	}
	dial := &twiml.Dial{
		Action: s.link("dial-1"), Method: get, Timeout: model.AgentPatience,
		Nouns: []twiml.Noun{&twiml.Queue{Name: line.Queue.FriendlyName}},
	}
	if line.Record {
		dial.Record = recorded
	}
	talked := &step{[]twiml.Verb{&twiml.Hangup{}}, n.At}
	nobody := &step{append(l.say(line.Idle), &twiml.Hangup{}), n.At}
	s.decide("dial-1", nobody, map[string]*step{"completed": talked, "answered": talked})
	return &step{[]twiml.Verb{dial}, n.At}
}

const recorded = "record-from-answer-dual" // both parties, each on a channel

// fallback lowers what callers of a number hear when something fails: one
// section for each different message.
func (l *lowering) fallback(n *model.InboundNumber) *section {
	st := &step{append(l.say(n.Fallback), &twiml.Hangup{}), n.At}
	if s := l.fallbacks[st.String()]; s != nil {
		return s
	}
	s, _ := l.open(fmt.Sprintf("fallback.%d", len(l.fallbacks)+1), "fallback", n.At)
	l.fallbacks[st.String()] = s
	s.add("fallback", st)
	s.block.Messages = []bundle.Message{describeSpeech("fallback", n.Fallback)}
	return s
}

// messageEntry plays a message and ends the call.
func (l *lowering) messageEntry(m *model.MessageNode) []twiml.Verb {
	return append(l.say(m), &twiml.Hangup{})
}

// voicemail lowers a voicemail.
func (l *lowering) voicemail(s *section, v *model.VoicemailNode) {
	s.add("voicemail-1", &step{l.voicemailEntry(s, v), v.At})
	s.add("recorded", &step{append(l.say(v.Recorded), &twiml.Hangup{}), v.At})
	l.describeVoicemail(s, v)
}

// voicemailEntry greets and records. Twilio's documents leave open whether the
// action is requested when nothing was recorded; the redirect behind Record
// leads to the same document.
func (l *lowering) voicemailEntry(s *section, v *model.VoicemailNode) []twiml.Verb {
	done := s.link("recorded.xml")
	record := &twiml.Record{Action: done, Method: get, MaxLength: int(v.MaxLength / time.Second)}
	if v.Callback != "" {
		record.RecordingCallback, record.RecordingCallbackMethod = v.Callback, "POST"
	}
	if v.Transcribe {
		record.Transcribe, record.TranscribeCallback = "true", v.Callback
	}
	return append(l.say(v.Greeting), record, &twiml.Redirect{Method: get, URL: done})
}

// say is a message as verbs.
func (l *lowering) say(m *model.MessageNode) []twiml.Verb {
	switch {
	case m == nil:
		return nil
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
