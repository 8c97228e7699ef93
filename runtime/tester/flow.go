package tester

// How a call goes through the blocks, by the names of the documents that it fetches.
//
// A decision's document says where the call was and how it went on:
//
//	menu.main-6f…/digits-2.1.xml          in menu.main, key 1: its exit "1"
//	menu.main-6f…/digits-3._.xml          the third and last attempt: "failure", or "silence"
//	ring_group.sales-q…/dial-4-busy.busy  the last round, everybody was busy: "busy"
//	queue.sales-l…/queue-60.leave.xml     rings the agents again: still in queue.sales
//
// That people have talked is no exit of this kind: the call is over then, and if
// it is the caller who hangs up, no document is asked for. See coverage.go.
//
// Which attempt and round are the last is seen from the files that there are,
// and whether a caller stays in a queue from where the document leads.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A flow knows what the documents of a bundle mean.
type flow struct {
	*bundle.Index
	data map[string][]byte

	components []bundle.Component
	numbers    []bundle.NumberRow

	last map[*bundle.Block]int // the number of a block's last attempt or round
}

func newFlow(b *bundle.Bundle) *flow {
	f := &flow{bundle.NewIndex(b), b.Data, b.Components, b.Manifest.Numbers, map[*bundle.Block]int{}}
	for i := range b.Manifest.Files {
		if at, ok := f.Locate(b.Manifest.Files[i].Path); ok {
			f.last[at.Block] = max(f.last[at.Block], turn(at))
		}
	}
	return f
}

// concealed is a step as the test says it. Where callers enter digits that nobody else
// may see, those that it presses are not repeated, wherever it would have pressed them.
func (f *flow) concealed(s calltest.Step) string {
	if len(s.Action.Keys) < 2 || !f.secret() {
		return s.Written
	}
	return strings.ReplaceAll(s.Written, s.Action.Keys, strings.Repeat("•", len(s.Action.Keys)))
}

// secret reports whether there is an entry with secret digits.
func (f *flow) secret() bool {
	for i := range f.components {
		for k := range f.components[i].Blocks {
			if b := &f.components[i].Blocks[k]; b.Kind() == bundle.KindEntry && b.Setting("secret") != "" {
				return true
			}
		}
	}
	return false
}

// turn is the number of an attempt at a menu or a voicemail, or of a round of a ring
// group.
func turn(at bundle.DocumentLocation) int {
	name := bundle.ParseName(at.Name)
	switch at.Block.Kind() {
	case bundle.KindMenu, bundle.KindEntry:
		return name.Attempt()
	case bundle.KindVoicemail:
		return name.Recording()
	case bundle.KindRingGroup, bundle.KindUser:
		round, _ := name.Round()
		return round
	}
	return 0
}

// A visit says what it means that a call fetches a document.
type visit struct {
	block string // where the document belongs
	on    string // the exit by which the call leaves the block, "" if it stays
	to    string // where it is then
}

// visits says what the document at a path below public/ means, one visit after the
// other; nothing if it belongs to no block of the configuration.
func (f *flow) visits(name string) []visit {
	at, ok := f.Locate(name)
	if ok && at.Block.Kind() == bundle.KindFallback && at.Name == bundle.FailureName {
		return f.failed(at)
	}
	if !ok || !at.Block.Declared() { // the question to a callee belongs to no block of the configuration
		return nil
	}
	application := f.returned(at)
	if application == nil {
		return []visit{leave(at.Block, f.exit(at))}
	}
	entry := at.Block
	at.Block = application
	v := leave(application, f.exit(at))
	if v.to != entry.Address || bundle.ParseName(at.Name).Result() < entry.Count("attempts") {
		return []visit{v}
	}
	return []visit{v, leave(entry, outcome(entry, "invalid"))} // the digits of the last attempt were wrong
}

// leave is what it means that a call leaves a block by an exit, or by none.
func leave(b *bundle.Block, on string) visit {
	for _, e := range exits(*b) {
		if e.On == on {
			return visit{b.Address, on, e.To}
		}
	}
	return visit{b.Address, "", b.Address}
}

// returned is the application from which a call returns to an entry, nil if the
// document is no answer to that, or a key that was pressed instead of digits.
func (f *flow) returned(at bundle.DocumentLocation) *bundle.Block {
	if at.Block.Kind() != bundle.KindEntry || bundle.ParseName(at.Name).Result() == 0 {
		return nil
	}
	if _, key := at.Block.Exit(bundle.AnswerKey(at.Answer)); key {
		return nil
	}
	e, _ := at.Block.Exit("digits")
	return f.block(e.To)
}

// block is the block with an address, nil if there is none.
func (f *flow) block(address string) *bundle.Block {
	for i := range f.components {
		if b := f.components[i].Block(address); b != nil {
			return b
		}
	}
	return nil
}

// failed says that an application has failed, and where the call goes on.
func (f *flow) failed(at bundle.DocumentLocation) []visit {
	application := f.block(bundle.KindApplication + "." + at.Answer)
	if i := strings.LastIndex(at.Answer, bundle.LanguageMark); application == nil && i > 0 {
		application = f.block(bundle.KindApplication + "." + at.Answer[:i])
	}
	if application == nil { // nothing says which, or it is none
		if e, leads := at.Block.Exit(bundle.KindApplication); leads && at.Answer == bundle.Otherwise {
			return []visit{{at.Block.Address, e.On, e.To}}
		}
		return nil
	}
	e, _ := application.Exit("failure")
	return []visit{{application.Address, "failure", e.To}}
}

// fallback is the way on of a call to a number whose document could not be had.
func (f *flow) fallback(number, path string) []visit {
	at, ok := f.Locate(path)
	i := slices.IndexFunc(f.numbers, func(n bundle.NumberRow) bool { return n.PhoneNumber == number })
	if !ok || i < 0 || at.Block.Kind() != bundle.KindFallback {
		return nil
	}
	address := bundle.KindNumber + "." + f.numbers[i].Name
	if e, ok := f.block(address).Exit("fallback"); ok {
		return []visit{{address, "fallback", e.To}}
	}
	return nil
}

// exit is the exit that a document takes, "" if none.
func (f *flow) exit(at bundle.DocumentLocation) string {
	switch at.Block.Kind() {
	case bundle.KindNumber:
		return numberExit(at)
	case bundle.KindMenu, bundle.KindEntry:
		return f.menuExit(at)
	case bundle.KindRingGroup, bundle.KindUser:
		round, busy := bundle.ParseName(at.Name).Round()
		switch {
		case talked(at):
			return "completed"
		case round == 0, round < f.last[at.Block]:
			return ""
		case busy && at.Answer == bundle.BusyAnswer:
			return "busy"
		}
		return "unavailable"
	case bundle.KindQueue:
		return f.queueExit(at)
	case bundle.KindVoicemail:
		return f.voicemailExit(at)
	case bundle.KindSplit:
		return splitExit(at)
	case bundle.KindCallers:
		return callersExit(at)
	case bundle.KindHours:
		if at.Name == bundle.TimeName {
			return at.Answer
		}
	case bundle.KindApplication:
		if bundle.ParseName(at.Name).Result() == 0 {
			return ""
		}
		if at.Answer == bundle.Otherwise {
			return "failure"
		}
		return at.Answer
	case bundle.KindMessage:
		if at.Name == bundle.ThenName {
			return "end"
		}
	}
	return ""
}

// talked reports whether a document follows a conversation.
func talked(at bundle.DocumentLocation) bool {
	return bundle.Talked(at.Answer)
}

// voicemailExit tells apart who has left a message and who has not, where that makes a
// difference.
func (f *flow) voicemailExit(at bundle.DocumentLocation) string {
	switch attempt := turn(at); {
	case attempt == 0, at.Answer == bundle.EmptyAnswer && attempt < f.last[at.Block]:
		return ""
	case at.Answer == bundle.EmptyAnswer:
		if _, apart := at.Block.Exit("empty"); apart {
			return "empty"
		}
	}
	return "recorded"
}

func numberExit(at bundle.DocumentLocation) string {
	switch {
	case at.Name == bundle.TakeName && !talked(at):
		return Idle
	case at.Name == bundle.AnswerName && at.Block.Setting("status") == "offline":
		return Offline
	case at.Name == bundle.FromName && at.Answer == bundle.WithheldAnswer:
		return "anonymous"
	case at.Name == bundle.AnswerName || at.Name == bundle.FromName:
		return "answer"
	}
	return ""
}

// splitExit is the share that a digit belongs to. Shares have the digits in order, and
// the answer to any other is the largest.
func splitExit(at bundle.DocumentLocation) string {
	digit := strings.Index(bundle.Sixteenths, at.Answer)
	largest, most := "", 0
	for _, s := range at.Block.Settings {
		count, _, _ := strings.Cut(s.Value, " ")
		parts, _ := strconv.Atoi(count)
		if digit >= 0 && digit < parts {
			return s.Name
		}
		digit -= parts
		if parts > most {
			largest, most = s.Name, parts
		}
	}
	return largest
}

// callersExit is the branch whose list holds what the answer stands for.
func callersExit(at bundle.DocumentLocation) string {
	if at.Name != bundle.CallersName {
		return ""
	}
	for _, s := range at.Block.Settings {
		if slices.Contains(strings.Split(s.Value, ", "), "+"+at.Answer) {
			return s.Name
		}
	}
	if _, ok := at.Block.Exit(at.Answer); ok {
		return at.Answer // withheld
	}
	return "otherwise"
}

func (f *flow) menuExit(at bundle.DocumentLocation) string {
	name := bundle.ParseName(at.Name)
	attempt := max(turn(at), name.Result())
	if name.For == bundle.KindEntry && len(name.Numbers) == 1 && f.open(at.Block) && name.Numbers[0] > at.Block.Count("attempts") {
		return outcome(at.Block, "silence")
	}
	if attempt == 0 {
		return ""
	}
	key := bundle.AnswerKey(at.Answer)
	if slices.ContainsFunc(exits(*at.Block), func(e bundle.Exit) bool { return e.On == key }) {
		return key
	}
	switch {
	case attempt < f.last[at.Block]:
		return ""
	case at.Answer == bundle.Otherwise:
		return outcome(at.Block, "silence")
	}
	return outcome(at.Block, "invalid")
}

// outcome is the exit of a menu that callers take who give no valid key at the last
// attempt: after silence and after a wrong key the same, or each its own.
func outcome(b *bundle.Block, own string) string {
	if _, both := b.Exit("failure"); both {
		return "failure"
	}
	return own
}

// open reports whether the digits of an entry go to an application.
func (f *flow) open(b *bundle.Block) bool {
	_, ok := b.Exit("digits")
	return ok
}

func (f *flow) queueExit(at bundle.DocumentLocation) string {
	name := bundle.ParseName(at.Name)
	round, _ := name.Round()
	switch {
	case talked(at):
		return "completed"
	case round == 0 && !name.Hold() && !name.Key():
		return ""
	case name.Key() && leads(at):
		return bundle.AnswerKey(at.Answer)
	case f.stays(at):
		return ""
	case at.Answer == bundle.FullAnswer:
		return "full"
	}
	return "timeout"
}

// leads reports whether an answer to a waiting caller's key is one of the queue's.
func leads(at bundle.DocumentLocation) bool {
	_, known := at.Block.Exit(bundle.AnswerKey(at.Answer))
	return known
}

// stays reports whether an answer leads back to the block that it belongs to.
func (f *flow) stays(at bundle.DocumentLocation) bool {
	response, _ := twiml.Decode(f.data[bundle.AnswerPath(at.Decision(at.Name), at.Answer)])
	for _, v := range response.Verbs {
		link := ""
		switch v := v.(type) {
		case *twiml.Dial:
			link = v.Action
		case *twiml.Enqueue:
			link = v.Action
		case *twiml.Gather: // asks a caller who waits for a key
			link = v.Action
		case *twiml.Redirect: // of a caller who waits outside of the full queue
			link = v.URL
		}
		if link != "" {
			to, ok := f.Locate(at.Component.Directory + "/" + link)
			return ok && to.Block == at.Block
		}
	}
	return false
}
