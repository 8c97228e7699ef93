package bundle

// The names of documents and decisions. The compiler writes them, and whoever
// follows a call reads them; this file is the only one that knows how they are
// spelled.
//
//	menu.main-6f1…/digits-2-menu_main.star.xml
//	└─ directory ┘ └ name ┘└ suffix ─┘└answer┘
//	menu.main-6f1…/digits-2-menu_main~1.2.star
//	└─ directory ┘ └ name ┘└ suffix ─┘└─ list ┘
//
// The name says what the document is for within its block. The suffix tells the
// blocks of one directory apart; a block that is alone has none. The answer is
// that of a decision; other documents have none. The address of a decision has the
// list of the words that it knows in place of an answer.

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names of documents of which a block has one.
const (
	AnswerName    = "answer"        // of a number: what answers it
	FromName      = "from"          // of a number: the decision whether callers withhold theirs
	SplitName     = "share-1"       // of a split: the decision in which share a call is
	CallersName   = "from-1"        // of callers: the decision who is calling
	TakeName      = "dial-1"        // of an agents' line: the decision after the agent talked to a caller, or nobody waited
	RingName      = "ring-1"        // of a ring group or a user: rings the first round
	EnterName     = "enter-1"       // of a queue: where callers enter it
	VoicemailName = "voicemail-1"   // of a voicemail: greets and records
	HoursName     = "hours-1"       // of hours: leads to the decision on the time
	TimeName      = "time"          // of hours: that decision
	MessageName   = "message-1"     // of a message
	ThenName      = "message-2"     // of a message that leads on: what follows it
	FallbackName  = "fallback"      // of a fallback
	FailureName   = "failure"       // of a fallback: the decision which application has failed
	HandOverName  = "application-1" // of an application: hands the call over
	ConfirmName   = "confirm"       // of the question to users who are rung
	WhisperName   = "whisper"       // of what they hear who are not asked
)

// What the variable part of a name follows.
const (
	forMenu   = "menu"
	forEntry  = "entry"
	forDigits = "digits"
	forResult = "result"
	forDial   = "dial"
	forRecord = "record"
	forHold   = "queue"
	forWait   = "wait"
	forFull   = "full"
)

// MenuName names the document that begins an attempt at a menu, 1 being the first.
func MenuName(attempt int) string { return numbered(forMenu, attempt) }

// EntryName names the document that begins an attempt at an entry, 1 being the first.
func EntryName(attempt int) string { return numbered(forEntry, attempt) }

// DigitsName names the decision about the key that is pressed at an attempt.
func DigitsName(attempt int) string { return numbered(forDigits, attempt) }

// AskName names the decision about the key of a caller who waits in a queue. Began is how
// long the caller has waited at most when the hold began at whose end they are asked.
func AskName(began time.Duration) string { return numbered(forDigits, seconds(began)) }

// ResultName names the decision about what an application answers: of an application
// 1, of an entry the attempt whose digits it was handed.
func ResultName(attempt int) string { return numbered(forResult, attempt) }

// Result returns the number of the attempt whose digits an application was handed, 0
// if the name is not that of a decision about its answer.
func (n DocumentName) Result() int {
	if n.For != forResult || n.After != "" || len(n.Numbers) != 1 {
		return 0
	}
	return n.Numbers[0]
}

// RecordName names the decision after a recording at an attempt to leave a message, 1
// being the first.
func RecordName(attempt int) string { return numbered(forRecord, attempt) }

// DialName names the decision after a round of a ring group or a user, 1 being
// the first. Busy says whether everybody was busy in all rounds before.
func DialName(round int, busy bool) string { return roundName(forDial, round, busy) }

// QueueDialName names the decision after a round in which the agents of a queue
// were rung. At is how long the caller has waited at most when the first round
// begins.
func QueueDialName(at time.Duration, round int) string {
	return numbered(forDial, seconds(at), round)
}

// HoldName names the decision at the end of a hold in a queue. Began is how long
// the caller has waited at most when the hold begins.
func HoldName(began time.Duration) string { return numbered(forHold, seconds(began)) }

// FullName names a document that is heard instead of a hold, by a caller who comes
// back and finds the queue full. The first part is an answer of the decision, so
// parts are counted from 2.
func FullName(began time.Duration, part int) string { return numbered(forFull, seconds(began), part) }

// WaitName names a document that is heard during a wait, 1 being its first part.
func WaitName(length time.Duration, part int) string {
	if part == 1 {
		return numbered(forWait, seconds(length))
	}
	return numbered(forWait, seconds(length), part)
}

// The outcome of the rounds before, as the name of a round has it.
const (
	afterBusy        = "busy"
	afterUnavailable = "unavailable"
)

func roundName(prefix string, round int, busy bool) string {
	name := numbered(prefix, round)
	switch {
	case round == 1:
		return name
	case busy:
		return name + "-" + afterBusy
	}
	return name + "-" + afterUnavailable
}

func numbered(stem string, numbers ...int) string {
	for _, n := range numbers {
		stem += "-" + strconv.Itoa(n)
	}
	return stem
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// A DocumentName is the name of a document or a decision, taken apart.
type DocumentName struct {
	For     string // what it is for: the name up to its first number, "digits"
	Numbers []int  // an attempt, a round or a part; before it, in a queue, seconds of waiting
	After   string // how the rounds before have ended: "busy" or "unavailable"
}

// ParseName takes the name of a document or a decision apart.
func ParseName(name string) DocumentName {
	parts := strings.Split(name, "-")
	n := DocumentName{For: parts[0]}
	for i, part := range parts[1:] {
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 {
			n.After = strings.Join(parts[1+i:], "-")
			break
		}
		n.Numbers = append(n.Numbers, number)
	}
	return n
}

// Attempt returns the number of a menu's attempt, 0 if the name is not that of
// a decision about a key.
func (n DocumentName) Attempt() int {
	if n.For != forDigits || n.After != "" || len(n.Numbers) != 1 {
		return 0
	}
	return n.Numbers[0]
}

// Recording returns the number of the attempt to leave a message, 0 if the name is not
// that of a decision after a recording.
func (n DocumentName) Recording() int {
	if n.For != forRecord || n.After != "" || len(n.Numbers) != 1 {
		return 0
	}
	return n.Numbers[0]
}

// Round returns the number of a round, 0 if the name is not that of a decision
// after a round, and whether everybody was busy in all rounds before.
func (n DocumentName) Round() (round int, busy bool) {
	if n.For != forDial || len(n.Numbers) == 0 || n.After != "" && n.After != afterBusy && n.After != afterUnavailable {
		return 0, false
	}
	return n.Numbers[len(n.Numbers)-1], n.After != afterUnavailable
}

// Key reports whether the name is that of a decision about a key.
func (n DocumentName) Key() bool { return n.For == forDigits }

// Hold reports whether the name is that of the decision after a wait in a queue.
func (n DocumentName) Hold() bool { return n.For == forHold }

// Wait reports whether the name is that of a document that is heard during a wait.
func (n DocumentName) Wait() bool { return n.For == forWait }

// DocumentPath returns the path below public/ of a document in a directory.
// Without a directory it is the name of the file.
func DocumentPath(directory, name, suffix string) string {
	return path.Join(directory, name+suffix+".xml")
}

// DecisionPath returns the path of a decision in a directory, from public/ on: its
// address without the list. Without a directory it is a part of the last segment.
func DecisionPath(directory, name, suffix string) string {
	return path.Join(directory, name+suffix)
}

// DecisionName adds the words that a decision knows to its name: with "2" and "1",
// "digits-1" becomes "digits-1~1.2". Words that are those of the kind are left out,
// as they are understood.
func DecisionName(name string, words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	if kind := kindOf(name); slices.Equal(words, kind.Words) {
		return name
	}
	return Decision{Path: name, List: strings.Join(words, ".")}.Address()
}

// AnswerPath returns the path of the document that is an answer to a decision, whose
// path has no list.
func AnswerPath(decision, answer string) string { return decision + "." + answer + ".xml" }

// Document returns the path of the document that is an answer to the decision.
func (d Decision) Document(answer string) string { return AnswerPath(d.Path, answer) }

// AppendDocument appends the result of [Decision.Document] to dst without an
// allocation.
func (d Decision) AppendDocument(dst []byte, answer string) []byte {
	dst = append(dst, d.Path...)
	dst = append(dst, '.')
	dst = append(dst, answer...)
	return append(dst, ".xml"...)
}

// CutAnswer takes the path of a document such as "menu.main-x/digits-1.2.xml"
// apart into the path of the decision, which is its address without the list, and
// the answer that it is for. The decision's kind is nil if the document is no
// answer.
func CutAnswer(p string) (decision, answer string, kind *DecisionKind) {
	stem, ok := strings.CutSuffix(p, ".xml")
	dot := strings.LastIndexByte(stem, '.')
	if !ok || dot <= strings.LastIndexByte(stem, '/') {
		return "", "", nil
	}
	return stem[:dot], stem[dot+1:], kindOf(stem[:dot])
}

// AddSuffix puts the suffix of a block into the name of a file, or the last
// segment of a decision's address, that has none: "digits-1.2.xml" becomes
// "digits-1-menu_main.2.xml", and "digits-1~1.2" "digits-1-menu_main~1.2".
func AddSuffix(file, suffix string) string {
	end := strings.IndexAny(file, "~.")
	if end < 0 {
		end = len(file)
	}
	return file[:end] + suffix + file[end:]
}

// PathName returns an address as part of a path, where the keys * and # would
// mean something else: menu.main.* is the menu inside option * of menu.main.
func PathName(address string) string {
	return keyNames.Replace(address)
}

var keyNames = strings.NewReplacer("*", KeyAnswer("*"), "#", KeyAnswer("#"))

// KeyAnswer returns the answer for a key: "star" for "*".
func KeyAnswer(key string) string {
	switch key {
	case "*":
		return "star"
	case "#":
		return "pound"
	}
	return key
}

// AnswerKey returns the key that an answer is for: "*" for "star".
func AnswerKey(answer string) string {
	switch answer {
	case "star":
		return "*"
	case "pound":
		return "#"
	}
	return answer
}

// Suffixes returns the suffixes of blocks that share a directory, in the order of
// their addresses, which are sorted. Recorded says whether the directory is the
// copy for calls that are recorded. A block that is alone has no suffix.
func Suffixes(addresses []string, recorded bool) []string {
	suffixes := make([]string, len(addresses))
	if len(addresses) < 2 {
		return suffixes
	}
	used := map[string]bool{} // in lower case, because many disks do not tell a from A
	for i, address := range addresses {
		suffix := "-" + strings.ReplaceAll(PathName(address), ".", "_")
		if recorded {
			suffix += "_record"
		}
		for used[strings.ToLower(suffix)] {
			suffix += "_"
		}
		used[strings.ToLower(suffix)] = true
		suffixes[i] = suffix
	}
	return suffixes
}

// An Index finds the blocks that the documents of a bundle belong to.
type Index struct {
	bundle   *Bundle
	suffixes map[string][]string // by directory, in the order of its blocks
}

// NewIndex indexes a bundle, which must not change afterwards.
func NewIndex(b *Bundle) *Index {
	x := &Index{bundle: b, suffixes: make(map[string][]string, len(b.Components))}
	for i := range b.Components {
		c := &b.Components[i]
		addresses := make([]string, len(c.Blocks))
		for k := range c.Blocks {
			addresses[k] = c.Blocks[k].Address
		}
		x.suffixes[c.Directory] = Suffixes(addresses, false)
		if len(addresses) > 1 && !x.fits(c) {
			x.suffixes[c.Directory] = Suffixes(addresses, true)
		}
	}
	return x
}

// fits reports whether every document of a component belongs to one of its blocks.
func (x *Index) fits(c *Component) bool {
	for _, f := range x.bundle.Manifest.in(c.Directory) {
		if _, ok := x.Locate(f.Path); !ok {
			return false
		}
	}
	return true
}

// A DocumentLocation says which block a document or a decision belongs to.
type DocumentLocation struct {
	Component *Component
	Block     *Block
	Suffix    string // of the names of the block's documents
	Name      string // "digits-2"
	Answer    string // "star"; "" if the document is no answer
}

// Locate finds the block that a document below public/, or the address of a
// decision, belongs to.
func (x *Index) Locate(p string) (DocumentLocation, bool) {
	directory, file := path.Split(p)
	c := x.bundle.Component(strings.TrimSuffix(directory, "/"))
	if c == nil {
		return DocumentLocation{}, false
	}
	file, _, _ = strings.Cut(file, string(listMark))
	stem, answer, _ := strings.Cut(strings.TrimSuffix(file, ".xml"), ".")
	at := DocumentLocation{Component: c, Answer: answer}
	for i, suffix := range x.suffixes[c.Directory] {
		if name, ok := strings.CutSuffix(stem, suffix); ok && (at.Block == nil || len(suffix) > len(at.Suffix)) {
			at.Block, at.Suffix, at.Name = &c.Blocks[i], suffix, name
		}
	}
	return at, at.Block != nil
}

// Document returns the path of a document of the location's block.
func (l DocumentLocation) Document(name string) string {
	return DocumentPath(l.Component.Directory, name, l.Suffix)
}

// Decision returns the path of a decision of the location's block.
func (l DocumentLocation) Decision(name string) string {
	return DecisionPath(l.Component.Directory, name, l.Suffix)
}
