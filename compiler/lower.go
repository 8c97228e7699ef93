package compiler

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
	"github.com/ivrc/ivrc/compiler/twiml"
)

const (
	maxDocuments = 600_000  // of a bundle
	maxDocument  = 64 << 10 // bytes of a TwiML document, Twilio's error 11750
)

const get = "GET" // the method of every address; see docs/bundle.md

// A lowering makes the flow of a model.
type lowering struct {
	diags    *reporter
	model    *model
	flow     *flow
	sections map[string]*section
	pending  []func() // sections that are not filled in yet
	waits    map[*section]*waiting
	pieces   map[piece]*clip
	needs    map[hcl.Range]bool // where the missing base URL has been reported

	fallbacks map[string]*section // by what they say
}

// lower makes the flow of everything that a number can reach.
func lower(r *reporter, m *model) *flow {
	l := &lowering{
		diags: r, model: m,
		flow:     &flow{clips: map[string][]byte{}, fallbacks: map[*number]*section{}},
		sections: map[string]*section{},
		waits:    map[*section]*waiting{},
		pieces:   map[piece]*clip{},
		needs:    map[hcl.Range]bool{},

		fallbacks: map[string]*section{},
	}
	for _, n := range m.numbers {
		l.number(n)
		for len(l.pending) > 0 {
			fill := l.pending[0]
			l.pending = l.pending[1:]
			fill()
			if l.flow.made > maxDocuments {
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
	l.diags.report("IVR323", largest.at, "This configuration makes more than %d documents, most of them for %s. Have fewer attempts, ring fewer users one after the other, or let more time pass until the agents of a queue are rung again.", maxDocuments, largest.address)
}

// open returns the section with the given identity, and whether it is new.
func (l *lowering) open(id, address string, at hcl.Range) (*section, bool) {
	if s := l.sections[id]; s != nil {
		return s, false
	}
	s := &section{id: id, address: address, at: at, made: &l.flow.made, block: bundle.Block{Address: address}}
	l.sections[id] = s
	l.flow.sections = append(l.flow.sections, s)
	return s, true
}

// section returns the section of a node, recorded or not, and queues it to be
// filled in when it is new. It is nil for hangup.
func (l *lowering) section(n node, record bool) *section {
	if n == (hangup{}) {
		return nil
	}
	id := n.address()
	if record {
		id += "+record"
	}
	s, fresh := l.open(id, n.address(), n.position())
	if fresh {
		l.pending = append(l.pending, func() { l.fill(s, n, record) })
	}
	return s
}

// fill lowers one node into its section.
func (l *lowering) fill(s *section, n node, record bool) {
	switch n := n.(type) {
	case *menu:
		l.menu(s, n, record)
	case *ringGroup:
		l.ringGroup(s, n, record)
	case *queue:
		l.queue(s, n, record)
	case *voicemail:
		l.voicemail(s, n)
	case *message:
		s.add("message-1", &step{l.messageEntry(n), n.at})
		l.describeMessage(s, n)
	}
}

// enter returns the verbs with which a call goes on at an exit of a section,
// after saying the given messages.
func (l *lowering) enter(s *section, from node, e exit, record bool, after ...*message) *step {
	var verbs []twiml.Verb
	for _, m := range after {
		verbs = append(verbs, l.say(m)...)
	}
	if to := l.section(e.to, record); to != nil {
		s.lead(to)
		return &step{append(verbs, l.entry(to, from, e.to, record)...), e.at}
	}
	return &step{append(verbs, &twiml.Hangup{}), e.at}
}

// finish says messages and goes on at an exit, or says goodbye and ends the
// call where there is none.
func (l *lowering) finish(s *section, from node, e *exit, record bool, at hcl.Range, after ...*message) *step {
	if e == nil {
		e = &exit{hangup{}, at}
		after = append(after, l.model.project.goodbye)
	}
	return l.enter(s, from, *e, record, after...)
}

// entry is what a call begins with at a node.
func (l *lowering) entry(s *section, from, n node, record bool) []twiml.Verb {
	switch n := n.(type) {
	case *menu:
		return l.attempt(s, n, 1, true)
	case *ringGroup:
		return l.dial(s, n, 0, dialName("dial", 0, true), record)
	case *queue:
		return l.queueEntry(s, from, n, record)
	case *voicemail:
		return l.voicemailEntry(s, n)
	case *message:
		return l.messageEntry(n)
	}
	return []twiml.Verb{&twiml.Hangup{}}
}

// number lowers a number: what answers it, and what it falls back to.
func (l *lowering) number(n *number) {
	s, _ := l.open(kindNumber+"."+n.name, kindNumber+"."+n.name, n.at)
	l.describeNumber(s, n)
	l.flow.fallbacks[n] = l.fallback(n)
	switch {
	case n.offline != nil:
		s.add("answer", &step{append(l.say(n.offline), &twiml.Hangup{}), n.at})
	case n.to == nil:
	case n.anonymous != nil:
		if l.model.hosting.decisionsURL != "" { // numbers are pointed at documents
			s.add("answer", &step{[]twiml.Verb{&twiml.Redirect{Method: get, URL: s.link("from")}}, n.at})
		}
		s.decide("from", l.answer(s, n), map[string]*step{"anonymous": l.enter(s, nil, *n.anonymous, n.record)})
	default:
		s.add("answer", l.answer(s, n))
	}
}

// answer is what callers of a number meet, or the agents of an agents' line.
func (l *lowering) answer(s *section, n *number) *step {
	line, ok := n.to.to.(*agentsLine)
	if !ok {
		return l.enter(s, nil, *n.to, n.record)
	}
	dial := &twiml.Dial{
		Action: s.link("dial-1"), Method: get, Timeout: agentPatience,
		Nouns: []twiml.Noun{&twiml.Queue{Name: line.queue.friendly}},
	}
	if line.record {
		dial.Record = recorded
	}
	talked := &step{[]twiml.Verb{&twiml.Hangup{}}, n.at}
	nobody := &step{append(l.say(line.idle), &twiml.Hangup{}), n.at}
	s.decide("dial-1", nobody, map[string]*step{"completed": talked, "answered": talked})
	return &step{[]twiml.Verb{dial}, n.at}
}

const recorded = "record-from-answer-dual" // both parties, each on a channel

// agentPatience is how many seconds an agents' line waits for a caller, Twilio's
// maximum.
const agentPatience = 600

// fallback lowers what callers of a number hear when something fails: one
// section for each different message.
func (l *lowering) fallback(n *number) *section {
	st := &step{append(l.say(n.fallback), &twiml.Hangup{}), n.at}
	if s := l.fallbacks[st.String()]; s != nil {
		return s
	}
	s, _ := l.open(fmt.Sprintf("fallback.%d", len(l.fallbacks)+1), "fallback", n.at)
	l.fallbacks[st.String()] = s
	s.add("fallback", st)
	s.block.Messages = []bundle.Message{describeSpeech("fallback", n.fallback)}
	return s
}

// messageEntry plays a message and ends the call.
func (l *lowering) messageEntry(m *message) []twiml.Verb {
	return append(l.say(m), &twiml.Hangup{})
}

// voicemail lowers a voicemail.
func (l *lowering) voicemail(s *section, v *voicemail) {
	s.add("voicemail-1", &step{l.voicemailEntry(s, v), v.at})
	s.add("recorded", &step{append(l.say(v.recorded), &twiml.Hangup{}), v.at})
	l.describeVoicemail(s, v)
}

// voicemailEntry greets and records. Twilio's documents leave open whether the
// action is requested when nothing was recorded; the redirect behind Record
// leads to the same document.
func (l *lowering) voicemailEntry(s *section, v *voicemail) []twiml.Verb {
	done := s.link("recorded.xml")
	record := &twiml.Record{Action: done, Method: get, MaxLength: int(v.maxLength / time.Second)}
	if v.callback != "" {
		record.RecordingCallback, record.RecordingCallbackMethod = v.callback, "POST"
	}
	if v.transcribe {
		record.Transcribe, record.TranscribeCallback = "true", v.callback
	}
	return append(l.say(v.greeting), record, &twiml.Redirect{Method: get, URL: done})
}

// say is a message as verbs.
func (l *lowering) say(m *message) []twiml.Verb {
	switch {
	case m == nil:
		return nil
	case m.audio != nil:
		l.needBaseURL(m.at, "Twilio fetches an audio file by its absolute address")
		l.flow.clips[m.audio.path] = m.audio.data
		return []twiml.Verb{&twiml.Play{URL: "audio:" + m.audio.path}}
	case m.url != "":
		return []twiml.Verb{&twiml.Play{URL: m.url}}
	}
	return []twiml.Verb{&twiml.Say{Voice: m.voice, Language: m.language, Text: m.text}}
}

// needBaseURL reports, once for each place, that a document must name its own
// address, and none is configured.
func (l *lowering) needBaseURL(at hcl.Range, why string) {
	if l.model.hosting.baseURL == "" && !l.needs[at] {
		l.needs[at] = true
		l.diags.report("IVR420", at, "%s, and the configuration does not say where it is served. Add a hosting block: base_url = \"https://calls.example.com\".", why)
	}
}
