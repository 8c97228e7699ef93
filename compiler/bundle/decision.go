package bundle

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/schedule"
)

// A decision's address names its kind, its step, and the list of the words that it
// knows:
//
//	menu.main-x/digits-1~1.2.star?Digits=2  →  menu.main-x/digits-1.2.xml
//	menu.main-x/digits-1~1.2.star?Digits=7  →  menu.main-x/digits-1.other.xml
//	menu.main-x/digits-1~1.2.star           →  menu.main-x/digits-1._.xml
//	hours.door-x/time~open.closed-…         →  hours.door-x/time.open.xml
//
// A kind says how a value becomes a word, and which words an address knows that has
// no list. So whoever answers an address needs the address and the table of kinds,
// and no bundle; and nothing from a request becomes part of a path but a word that
// stands in the address, or in the table.

// Otherwise is the answer to a decision if its parameter is missing, empty or
// repeated, unless its kind has another answer to that.
const Otherwise = "_"

// Answers that callers' ways depend on, besides keys.
const (
	OtherAnswer    = "other"    // of digits: what was pressed is not in the list
	AnsweredAnswer = "answered" // of dial: somebody answered and was connected
	BusyAnswer     = "busy"     // of dial: everybody who was rung is busy
	TalkedAnswer   = "talked"   // of queue: somebody took the call
	LeaveAnswer    = "leave"    // of queue: the wait document has ended
	FullAnswer     = "full"     // of queue: no more callers can wait
	WithheldAnswer = "withheld" // of from: the number is withheld
	EmptyAnswer    = "empty"    // of record: nobody spoke

	// DocumentAnswer is, of failure, that what failed is a document or audio of a
	// bundle. It is in the list where every other failure leads to the same place as
	// that of an application. No block has a name that begins like it.
	DocumentAnswer = "_document"
)

// A DecisionKind is one kind of question in a call.
type DecisionKind struct {
	Name      string   // how the last segment of an address begins, up to the first "-" or "~"
	Parameter string   // the request parameter that decides, case-sensitive
	Values    []Value  // the values that mean a word
	Signs     []string // besides, one of these and a telephone number mean the longest word that the number begins with
	Last      bool     // a value of letters and digits means its last character, if that is a hexadecimal digit
	Own       *Own     // besides, the values that hold their own word; may be nil
	Words     []string // the words that an address without a list knows
	Listed    bool     // addresses may have a list of their own
	Missing   string   // the answer if the parameter is missing, empty or repeated
	Unlisted  string   // the answer to every other value that is no word of the list
	Unless    *Unless  // may be nil

	// Clock says that the answer depends on nothing but the time, and that the list
	// is a table of hours, see [schedule.Table]. There is no parameter.
	Clock bool
}

// A Value is a word and the values that mean it.
type Value struct {
	Word      string   // "star", "busy"
	Spellings []string // raw, undecoded query values: "*", "%2A", "%2a"
	// Pattern, if not nil, matches all other values that mean it, also decoded.
	// Every host's engine reads it alike: it has no flags and backslashes, a slash in
	// brackets only, and braces only around two numbers.
	Pattern *regexp.Regexp
	Example string // a value that Pattern matches, where there is no spelling
}

// Unless is an exception: where the answer would be Is, and the parameter Parameter
// has the value Equals, it is Then.
type Unless struct {
	Is, Parameter, Equals, Then string
}

// kinds is the table behind every decision. The router, the generated
// configurations of hosts, the compiler, the walk and the documentation read it.
//
// The values are Twilio's: https://www.twilio.com/docs/voice/twiml/gather, /dial,
// /enqueue and /record. Record trims silence unless it is told otherwise, so a
// recording in which nobody spoke has no length. Of a withheld number, see
// withheldPattern.
var kinds = []DecisionKind{
	{Name: "digits", Parameter: "Digits", Own: own("", "0-9", ""), Listed: true,
		Values:  []Value{spelled("star", "*", "%2A", "%2a"), spelled("pound", "%23")},
		Words:   []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "pound", "star"},
		Missing: Otherwise, Unlisted: OtherAnswer},
	{Name: "dial", Parameter: "DialCallStatus",
		Values: []Value{spelled(AnsweredAnswer, "completed", "answered"), spelled(BusyAnswer, "busy")},
		Words:  []string{AnsweredAnswer, BusyAnswer}, Missing: Otherwise, Unlisted: Otherwise,
		Unless: &Unless{Is: AnsweredAnswer, Parameter: "DialBridged", Equals: "false", Then: Otherwise}},
	{Name: "queue", Parameter: "QueueResult",
		Values: []Value{spelled(TalkedAnswer, "bridged", "redirected-from-bridged", "hangup"), // after hangup nobody is there to hear anything
			spelled(LeaveAnswer, "leave"), spelled(FullAnswer, "queue-full")},
		Words: []string{FullAnswer, LeaveAnswer, TalkedAnswer}, Missing: Otherwise, Unlisted: Otherwise},
	{Name: "record", Parameter: "RecordingDuration",
		Values: []Value{spelled(EmptyAnswer, "0")},
		Words:  []string{EmptyAnswer}, Missing: EmptyAnswer, Unlisted: Otherwise},
	{Name: "from", Parameter: "From", Signs: []string{"%2B", "%2b", "+"}, Listed: true,
		Values: []Value{{Word: WithheldAnswer, Spellings: withheld(
			"266696687",   // ANONYMOUS
			"7378742833",  // RESTRICTED
			"2562533",     // BLOCKED
			"8656696",     // UNKNOWN
			"86282452253", // UNAVAILABLE
			"464",
		), Pattern: withheldPattern}},
		Words: []string{WithheldAnswer}, Missing: WithheldAnswer, Unlisted: Otherwise},
	{Name: "time", Listed: true, Clock: true},
	{Name: "share", Parameter: "CallSid", Last: true, Listed: true,
		Words: strings.Split(Sixteenths, ""), Missing: Otherwise, Unlisted: Otherwise},
	{Name: "result", Parameter: "Result", Own: own("", "a-z0-9_", ""), Listed: true,
		Values:  []Value{spelled("star", "*", "%2A", "%2a"), spelled("pound", "%23")},
		Words:   []string{"done"},
		Missing: Otherwise, Unlisted: Otherwise},
	{Name: "failure", Parameter: "ErrorUrl", Own: own(".*"+ApplicationMark+"(?:=|%(?:25)*3[Dd])", "a-z0-9_", "(?:[^a-z0-9_].*)?"), Listed: true,
		Values:  []Value{{Word: DocumentAnswer, Pattern: ownPattern, Example: "https%3A%2F%2Fcalls.example%2Fmenu.main-" + strings.Repeat("a", 26) + "%2Fmenu-1.xml"}},
		Words:   []string{"application"},
		Missing: Otherwise, Unlisted: Otherwise},
}

// DecisionKinds returns all kinds of decisions, always in the same order.
func DecisionKinds() []DecisionKind { return slices.Clone(kinds) }

// spelled is a word and the values that mean it.
func spelled(word string, values ...string) Value { return Value{Word: word, Spellings: values} }

// A Decision is the address of a decision, taken apart.
type Decision struct {
	*DecisionKind
	Path string // without the list: "menu.main-x/digits-1". Its documents begin with it
	List string // the words that it knows, joined by dots; "" for those of its kind
}

// listMark stands before the list of a decision's address.
const listMark = '~'

// LongestList is how many bytes the list of an address has at most that a compiler
// writes.
const LongestList = 1000

// LongestWord is how many characters a word of a list has at most.
const LongestWord = 32

// DecisionAt takes a URL path such as "menu.main-x/digits-1~1.2" apart. It returns
// false if the path is no decision's: it is that of a document, or of nothing.
func DecisionAt(path string) (Decision, bool) {
	name := path[strings.LastIndexByte(path, '/')+1:]
	mark := strings.IndexByte(name, listMark)
	if mark < 0 {
		kind := kindNamed(name)
		return Decision{DecisionKind: kind, Path: path}, kind != nil && !kind.Clock
	}
	kind, list := kindNamed(name[:mark]), name[mark+1:]
	if kind == nil || !kind.lists(list) {
		return Decision{}, false
	}
	return Decision{kind, path[:len(path)-len(list)-1], list}, true
}

// lists reports whether a text can be the list of a decision of the kind.
func (k *DecisionKind) lists(text string) bool {
	if k.Clock {
		return schedule.IsTable(text)
	}
	return k.Listed && isList(text)
}

// IsTimed reports whether the answer at a URL path depends on the time, so that
// nobody may keep it.
func IsTimed(path string) bool {
	d, ok := DecisionAt(path)
	return ok && d.Clock
}

// kindOf is the kind of the decision with a path, which has no list; nil if the path
// is no decision's.
func kindOf(path string) *DecisionKind {
	return kindNamed(path[strings.LastIndexByte(path, '/')+1:])
}

// kindNamed is the kind of the decision with a name, the last segment of its path.
func kindNamed(name string) *DecisionKind {
	if strings.IndexByte(name, '.') >= 0 {
		return nil
	}
	for i := range kinds {
		if rest, ok := strings.CutPrefix(name, kinds[i].Name); ok && (rest == "" || rest[0] == '-') {
			return &kinds[i]
		}
	}
	return nil
}

// isList reports whether a text is a list of words.
func isList(text string) bool {
	length := 0 // of the word
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '.' && length > 0:
			length = 0
		case c != '.' && length < LongestWord && isWordByte(c):
			length++
		default:
			return false
		}
	}
	return length > 0
}

// isWordByte reports whether a word may hold a character.
func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// Address returns the address of the decision.
func (d Decision) Address() string {
	if d.List == "" {
		return d.Path
	}
	return d.Path + string(listMark) + d.List
}

// Answer returns the answer to a request at a time. Only is asked for parameters: it
// returns the undecoded value of one that the query holds exactly once, and ""
// otherwise.
func (d Decision) Answer(only func(parameter string) string, at time.Time) string {
	if d.Clock {
		answer, _ := schedule.Answer(d.List, at)
		return answer
	}
	value := only(d.Parameter)
	if value == "" {
		return d.Missing
	}
	word := d.word(value)
	if word == "" || !d.Knows(word) {
		return d.longest(value)
	}
	if u := d.Unless; u != nil && word == u.Is && only(u.Parameter) == u.Equals {
		return u.Then
	}
	return word
}

// word is what a value means, "" if nothing.
func (k *DecisionKind) word(value string) string {
	if k.Own != nil {
		if word := k.Own.word(value); word != "" {
			return word
		}
	}
	if k.Last {
		return lastDigit(value)
	}
	for i := range k.Values {
		v := &k.Values[i]
		if slices.Contains(v.Spellings, value) || v.Pattern != nil && v.Pattern.MatchString(value) {
			return v.Word
		}
	}
	return ""
}

// longest is the longest word of the list that the telephone number of a value
// begins with; without one, the answer to any other value.
func (d Decision) longest(value string) string {
	for number := d.number(value); number != ""; number = number[:len(number)-1] {
		if d.Knows(number) {
			return number
		}
	}
	return d.Unlisted
}

// LongestNumber is how many digits a telephone number has at most (E.164).
const LongestNumber = 15

// number is the digits of the telephone number that a value is, "" if it is none.
func (k *DecisionKind) number(value string) string {
	for _, sign := range k.Signs {
		digits, ok := strings.CutPrefix(value, sign)
		if ok && isDigits(digits) && len(digits) <= LongestNumber && k.word(value) == "" { // carriers write words as numbers
			return digits
		}
	}
	return ""
}

// isDigits reports whether a text is a word of digits.
func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != "" && len(text) <= LongestWord
}

// Instants returns, for each answer of a decision on the time that is given at some
// time, such a time.
func (d Decision) Instants() map[string]time.Time { return schedule.Instants(d.List) }

// Spellings returns the values that mean a word, as they stand in a query.
func (k *DecisionKind) Spellings(word string) []string {
	for _, v := range k.Values {
		if v.Word == word && v.Spellings == nil {
			return []string{v.Example}
		}
		if v.Word == word {
			return v.Spellings
		}
	}
	if k.Own != nil {
		return k.Own.spellings(word)
	}
	if k.Last && k.word(word) == word {
		return []string{"CA0123456789abcdef0123456789abcde" + word}
	}
	var spellings []string
	for _, sign := range k.Signs {
		if k.number(sign+word) != "" {
			spellings = append(spellings, sign+word)
		}
	}
	return spellings
}

// Knows reports whether a word is in the decision's list.
func (d Decision) Knows(word string) bool {
	switch {
	case d.Clock:
		return slices.Contains(d.Known(), word)
	case d.List == "":
		return slices.Contains(d.Words, word)
	}
	for rest, more := d.List, true; more; {
		var known string
		if known, rest, more = strings.Cut(rest, "."); known == word {
			return true
		}
	}
	return false
}

// Known returns the words that the decision knows.
func (d Decision) Known() []string {
	switch {
	case d.Clock:
		return schedule.Answers(d.List)
	case d.List == "":
		return slices.Clone(d.Words)
	}
	return strings.Split(d.List, ".")
}

// Answers returns the answers to the decision, each of which is part of the name
// of a document: the words that it knows, and then those to all other values.
func (d Decision) Answers() []string {
	answers := d.Known()
	if d.Clock {
		return answers
	}
	for _, answer := range []string{d.Unlisted, d.Missing} {
		if !slices.Contains(answers, answer) {
			answers = append(answers, answer)
		}
	}
	return answers
}

// Talked reports whether an answer means that the caller has talked to somebody
// who was rung or who took the call from a queue, so that the call is over.
func Talked(answer string) bool { return answer == AnsweredAnswer || answer == TalkedAnswer }

// The parameters of [Decision.Link]. Twilio's own begin with a capital letter.
const (
	AskParameter = "ask" // the kind of decision
	AtParameter  = "at"  // its address below public/
)

// Link returns the address of the decision, which is below public/, if a router at
// another address answers decisions: it replies with a TwiML Redirect to the
// document.
func (d Decision) Link(decisionsURL string) string {
	at := strings.ReplaceAll(url.QueryEscape(d.Address()), "%2F", "/")
	return decisionsURL + "?" + AskParameter + "=" + d.Name + "&" + AtParameter + "=" + at
}
