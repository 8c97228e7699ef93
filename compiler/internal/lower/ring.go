package lower

// Lowering ring groups. A group is rung in rounds: simultaneously, everybody in
// each round; in sequence, one user a round. Each round is a Dial with a
// decision of its own. Whether everybody so far was busy is part of the
// decision's name, because the last round must know which message is true:
//
//	dial-1             the first round
//	dial-2-busy        the second, after a busy first
//	dial-2-unavailable the second, after a first that did not answer
//
// Of people who ring at the same time Twilio reports one status for all, which
// is taken as it is.

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A ringLowering lowers one ring group, or one user who is rung alone.
type ringLowering struct {
	*lowering
	s      *section
	group  *model.RingGroupNode
	record bool
}

func (l ringLowering) entry(model.Node) []twiml.Verb {
	return l.dial(l.s, l.group, 1, bundle.DialName(1, true), l.record)
}

func (l ringLowering) fill() {
	s, g := l.s, l.group
	l.describe()
	if len(g.Users) == 0 {
		return // reported already
	}
	s.add(bundle.RingName, &step{l.entry(nil), g.At})
	l.rounds(s, g, g, bundle.DialName, l.record, func(busy bool) *step {
		if busy {
			return l.finish(s, g, g.OnBusy, l.record, g.At, g.Busy)
		}
		return l.finish(s, g, g.OnUnavailable, l.record, g.At, g.Unavailable)
	})
}

// A roundName names the decision after a round, 1 being the first. Busy says
// whether everybody was busy in all rounds before; where that makes no difference,
// both have one name.
type roundName func(round int, busy bool) string

// rounds lowers the decisions of all rounds in which a group is rung for callers at a
// node. Nobody gives the step when the last round has ended without an answer.
func (l *lowering) rounds(s *section, at model.Node, g *model.RingGroupNode, name roundName, record bool, nobody func(busy bool) *step) {
	ends := map[bool]*step{true: nobody(true), false: nobody(false)}
	talked := map[string]*step{}
	if g.OnCompleted != nil {
		talked[bundle.AnsweredAnswer] = l.enter(s, at, *g.OnCompleted, record)
	}
	next := func(round int, busy bool) *step {
		if round == g.Rounds() {
			return ends[busy]
		}
		return &step{l.dial(s, g, round+1, name(round+1, busy), record), g.At}
	}
	for i := 1; i <= g.Rounds(); i++ {
		unavailable := next(i, false)
		busy := unavailable
		if i == g.Rounds() || name(i+1, true) != name(i+1, false) {
			busy = next(i, true)
		}
		answers := maps.Clone(talked)
		answers[bundle.BusyAnswer] = busy
		s.decideCall(name(i, true), g.At, unavailable, answers)
		if name(i, true) != name(i, false) {
			s.decideCall(name(i, false), g.At, unavailable, maps.Clone(talked))
		}
	}
}

// dial rings one round, 1 being the first.
func (l *lowering) dial(s *section, g *model.RingGroupNode, round int, decision string, record bool) []twiml.Verb {
	d := &twiml.Dial{
		Action: s.link(decision), Method: get,
		Timeout: int(g.Timeout() / time.Second), TimeLimit: int(g.TimeLimit / time.Second), CallerID: g.CallerID,
	}
	if g.Record != nil {
		record = *g.Record
	}
	if record {
		d.Record = recorded
	}
	for _, u := range dialled(g, g.Round(round-1)) {
		d.Nouns = append(d.Nouns, l.noun(s, g, u))
	}
	return []twiml.Verb{d}
}

// dialled lists users in the order in which documents and descriptions name them.
// Nobody notices in which order people are named who ring at the same time, so it
// does not depend on how the list is written.
func dialled(g *model.RingGroupNode, users []*model.PhoneUser) []*model.PhoneUser {
	if g.Sequential {
		return users
	}
	return slices.SortedStableFunc(slices.Values(users), func(a, b *model.PhoneUser) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Address, b.Address))
	})
}

// noun is a user as Dial rings them. The address of what they hear before they are
// connected can be relative (https://www.twilio.com/docs/voice/twiml/number#attributes,
// and likewise of Client and Sip).
func (l *lowering) noun(s *section, g *model.RingGroupNode, u *model.PhoneUser) twiml.Noun {
	url, method := "", ""
	if to, name := l.before(g, u); to != nil {
		s.lead(to)
		url, method = to.document(name), get
	}
	switch u.Kind {
	case "sip":
		return &twiml.Sip{URL: url, Method: method, URI: u.Address}
	case "client":
		return &twiml.Client{URL: url, Method: method, Identity: u.Address}
	}
	return &twiml.Number{URL: url, Method: method, Number: u.Address}
}

// before is the section that a user hears who answers, before the caller is connected,
// and the name of its document: the question whether they take the call, the whisper
// alone, or nothing. It may hold Say, Play, Gather and Hangup only
// (https://www.twilio.com/docs/voice/twiml/number).
func (l *lowering) before(g *model.RingGroupNode, u *model.PhoneUser) (*section, string) {
	whisper := g.Whispers[u]
	kind, name := bundle.KindWhisper, bundle.WhisperName
	switch {
	case u.Confirm:
		kind, name = bundle.KindConfirm, bundle.ConfirmName
	case whisper == nil:
		return nil, ""
	}
	p := l.model.Project.SpeakingTo(u)
	said, id := l.say(whisper), kind
	if p != l.model.Project {
		id += "+" + p.Language
	}
	if whisper != nil {
		digest := sha256.Sum256([]byte((&step{verbs: said}).String()))
		id += "+" + bundle.ShortHash(digest[:])
	}
	s, fresh := l.open(id, kind, l.model.Project.At)
	if !fresh {
		return s, name
	}
	if s.speaks = p; p != l.model.Project {
		s.block.Language = p.Language
	}
	s.says("whisper", whisper)
	if u.Confirm {
		l.confirm(s, said)
	} else {
		s.add(name, &step{said, whisper.At})
	}
	return s, name
}

// confirm asks a user to press 1 before the caller is connected, so that no answering
// machine takes a call, after something else has been said. Accepting is a document
// that ends; declining hangs up.
func (l *lowering) confirm(s *section, whisper []twiml.Verb) {
	p := s.speaks
	say := func(text string) twiml.Verb { return &twiml.Say{Voice: p.Voice, Language: p.Language, Text: text} }
	ask := func(attempt int, prompt ...twiml.Verb) twiml.Verb {
		everyKey := ""
		return &twiml.Gather{
			Action: s.link(l.digits(bundle.DigitsName(attempt), "1")), Method: get,
			NumDigits: 1, FinishOnKey: &everyKey, Timeout: fmt.Sprint(int(model.ConfirmTimeout / time.Second)), Prompt: prompt,
		}
	}
	accepted := &step{[]twiml.Verb{say(p.Texts.Accepted)}, p.At}
	declined := &step{[]twiml.Verb{&twiml.Hangup{}}, p.At}
	again := &step{[]twiml.Verb{ask(2, say(p.Texts.ConfirmAgain)), &twiml.Hangup{}}, p.At}
	first := ask(1, append(slices.Clone(whisper), say(p.Texts.Confirm))...)
	s.add(bundle.ConfirmName, &step{append([]twiml.Verb{first}, again.verbs...), p.At})
	s.decide(l.digits(bundle.DigitsName(1), "1"), again, map[string]*step{"1": accepted})
	s.decide(l.digits(bundle.DigitsName(2), "1"), declined, map[string]*step{"1": accepted})
	s.says("confirm", &model.MessageNode{Text: p.Texts.Confirm})
	s.says("confirm_again", &model.MessageNode{Text: p.Texts.ConfirmAgain})
	s.says("accepted", &model.MessageNode{Text: p.Texts.Accepted})
}

// describe says who is rung, and what follows when nobody answers.
func (l ringLowering) describe() {
	s, g := l.s, l.group
	s.describeRing(g, l.record)
	s.says("busy", g.Busy)
	s.says("unavailable", g.Unavailable)
	l.goes(s, "busy", "", g.OnBusy, l.record)
	l.goes(s, "unavailable", "", g.OnUnavailable, l.record)
	l.completes(s, g, l.record)
}

// completes describes where callers go on after a conversation, if they do.
func (l *lowering) completes(s *section, g *model.RingGroupNode, record bool) {
	if g.OnCompleted != nil {
		l.goes(s, "completed", "", g.OnCompleted, record)
	}
}

// describeRing says who is rung, and how.
func (s *section) describeRing(g *model.RingGroupNode, record bool) {
	s.block.Addresses = addressDigest(g)
	users := ""
	for i, u := range dialled(g, g.Users) {
		if i > 0 {
			users += ", "
		}
		users += u.Name
	}
	s.set("users", users)
	strategy := "simultaneous"
	if g.Sequential {
		strategy = "sequential"
	}
	if len(g.Users) > 1 {
		s.set("strategy", strategy)
	}
	s.set("interval", script.Duration(g.Interval))
	s.set("cycles", strconv.Itoa(g.Cycles))
	if g.Record != nil {
		record = *g.Record
	}
	s.set("record", yes(record))
	s.set("caller_id", g.CallerID)
	if g.TimeLimit > 0 {
		s.set("time_limit", script.Duration(g.TimeLimit))
	}
	var said []*model.MessageNode // in each of the users' languages
	for _, u := range dialled(g, g.Users) {
		if m := g.Whispers[u]; m != nil && !slices.ContainsFunc(said, func(o *model.MessageNode) bool { return sameSpeech(o, m) }) {
			said = append(said, m)
			s.says("whisper", m)
		}
	}
}

// sameSpeech reports whether two messages are described alike.
func sameSpeech(a, b *model.MessageNode) bool { return describeSpeech("", a) == describeSpeech("", b) }

// addressDigest is a digest of the addresses of a group's users.
func addressDigest(g *model.RingGroupNode) string {
	h := sha256.New()
	for _, u := range dialled(g, g.Users) {
		fmt.Fprintf(h, "%q %q %t\n", u.Kind, u.Address, u.Confirm)
		if u.Speaks != nil {
			fmt.Fprintf(h, "%q\n", u.Speaks.Language)
		}
	}
	return bundle.ShortHash(h.Sum(nil))
}
