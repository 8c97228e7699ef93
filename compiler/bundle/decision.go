package bundle

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Otherwise is the answer to a decision if its parameter is missing, empty, repeated
// or not in the closed list. Only a caller's number that is not sent is withheld.
const Otherwise = "_"

// Answers that callers' ways depend on, besides keys; see also [Decision.Talked].
const (
	BusyAnswer      = "busy"       // of dial: everybody who was rung is busy
	LeaveAnswer     = "leave"      // of queue: the wait document has ended
	FullAnswer      = "queue-full" // of queue: no more callers can wait
	AnonymousAnswer = "anonymous"  // of from: the number is withheld
	EmptyAnswer     = "empty"      // of record: nobody spoke
)

// A Decision is one kind of question in a call, with its closed list of answers.
type Decision struct {
	Prefix    string // the last segment of the URL up to the first "-", or all of it
	Parameter string // the request parameter that decides, case-sensitive
	Values    []Value
	// If Parameter has the value Unless.Is and the parameter Unless.Parameter has
	// the value Unless.Equals, the answer is Unless.Then.
	Unless *Unless
	talked []string // the answers after which the caller has talked to somebody
}

// A Value is one listed answer.
type Value struct {
	Name      string   // as the name of the document has it: "2", "star", "no-answer"
	Spellings []string // the raw, undecoded query values that mean it: "*", "%2A", "%2a"
	// Pattern, if not nil, matches all other values that mean it, also decoded, and
	// "", as which a parameter counts that is missing, empty or repeated. Every
	// host's engine reads it alike: it has no flags, braces and backslashes.
	Pattern *regexp.Regexp
}

// Unless is an exception to a Decision, for certain values of two parameters.
type Unless struct {
	Is, Parameter, Equals, Then string
}

// decisions is the table behind every decision. The router, the generated
// configurations of hosts, the compiler and the documentation read it.
//
// The values are Twilio's: https://www.twilio.com/docs/voice/twiml/gather, /dial,
// /enqueue and /record. Record trims silence unless it is told otherwise, so a
// recording in which nobody spoke has no length. Of a withheld number, see
// withheldPattern.
var decisions = []Decision{
	{Prefix: "digits", Parameter: "Digits", Values: append(verbatim("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Value{Name: "star", Spellings: []string{"*", "%2A", "%2a"}},
		Value{Name: "pound", Spellings: []string{"%23"}})},
	{Prefix: "dial", Parameter: "DialCallStatus",
		Values: verbatim("completed", "answered", BusyAnswer, "no-answer", "failed", "canceled"),
		Unless: &Unless{Is: "completed", Parameter: "DialBridged", Equals: "false", Then: "declined"},
		talked: []string{"completed", "answered"}},
	{Prefix: "queue", Parameter: "QueueResult",
		Values: verbatim("bridged", "bridging-in-process", "error", "hangup", LeaveAnswer, "redirected",
			"redirected-from-bridged", FullAnswer, "system-error"),
		talked: []string{"bridged", "redirected-from-bridged", "hangup"}}, // after hangup nobody is there to hear anything
	{Prefix: "record", Parameter: "RecordingDuration", Values: []Value{{Name: EmptyAnswer, Spellings: []string{"0"}}}},
	{Prefix: "from", Parameter: "From", Values: []Value{{AnonymousAnswer, withheld(
		"266696687",   // ANONYMOUS
		"7378742833",  // RESTRICTED
		"2562533",     // BLOCKED
		"8656696",     // UNKNOWN
		"86282452253", // UNAVAILABLE
		"464",
	), withheldPattern}}},
}

// withheldPattern matches a From that is the text of a carrier, and no number or
// address: Twilio sends "anonymous", or what the carrier wrote
// (https://www.twilio.com/docs/voice/twiml, and its changelog of 2023-05-17).
//
//   - A text has no digit, no colon and no @: "Private Number", "No Caller ID", or
//     nothing at all. Escapes of other characters are part of it.
//   - An address hides its owner if its user begins with one of the words:
//     "anonymous@anonymous.invalid", "sip:anonymous@…", "client:Anonymous". The
//     words "private" and "blocked" can be the names of people's desks.
var withheldPattern = regexp.MustCompile(`^(?:[^%0-9:@]*(?:%(?:[0-25-9A-Fa-f][0-9A-Fa-f]|3[B-Fb-f]|4[1-9A-Fa-f])[^%0-9:@]*)*` +
	`|(?:(?:` + anyCase("sip") + `[Ss]?|` + anyCase("client") + `)(?::|%3[Aa]))?(?:` +
	anyCase("anonymous") + `|` + anyCase("restricted") + `|` + anyCase("unavailable") + `|` + anyCase("unknown") + `|` + anyCase("withheld") +
	`)(?:[^A-Za-z][^&]*)?)$`)

// anyCase is an expression for a word in upper or lower case.
func anyCase(word string) string {
	var expression strings.Builder
	for _, c := range word {
		expression.WriteString("[" + strings.ToUpper(string(c)) + string(c) + "]")
	}
	return expression.String()
}

// Decisions returns all kinds of decisions, always in the same order.
func Decisions() []Decision { return slices.Clone(decisions) }

// verbatim lists values whose name is their only spelling.
func verbatim(names ...string) []Value {
	values := make([]Value, len(names))
	for i, name := range names {
		values[i] = Value{Name: name, Spellings: []string{name}}
	}
	return values
}

// withheld lists the spellings of a withheld number: the words, then each
// keypad spelling bare, with a plus sign, and with the plus sign encoded.
func withheld(keypad ...string) []string {
	var spellings []string
	for _, word := range []string{"anonymous", "restricted", "blocked", "unknown", "unavailable", "private"} {
		spellings = append(spellings, word, strings.ToUpper(word), strings.ToUpper(word[:1])+word[1:])
	}
	for _, digits := range keypad {
		spellings = append(spellings, digits, "+"+digits, "%2B"+digits, "%2b"+digits)
	}
	return spellings
}

// Answer returns the answer that the raw, undecoded value of the parameter means.
// It is "" if the parameter is missing, empty or repeated.
func (d *Decision) Answer(value string) string {
	for i := range d.Values {
		v := &d.Values[i]
		if value != "" && slices.Contains(v.Spellings, value) || v.Pattern != nil && v.Pattern.MatchString(value) {
			return v.Name
		}
	}
	return Otherwise
}

// DecisionAt returns the kind of the decision at a URL path, such as
// "menu.main-x/digits-1", or nil if the path is that of a document. All callers
// share the result; do not change it.
func DecisionAt(path string) *Decision {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if strings.IndexByte(name, '.') >= 0 {
		return nil
	}
	for i := range decisions {
		d := &decisions[i]
		if rest, ok := strings.CutPrefix(name, d.Prefix); ok && (rest == "" || rest[0] == '-') {
			return d
		}
	}
	return nil
}

// The parameters of [Decision.Link]. Twilio's own begin with a capital letter.
const (
	AskParameter = "ask" // the kind of decision, by its prefix
	AtParameter  = "at"  // its path below public/
)

// Link returns the address of the decision at a path below public/ if a router at
// another address answers decisions: it replies with a TwiML Redirect to the
// document.
func (d *Decision) Link(decisionsURL, path string) string {
	at := strings.ReplaceAll(url.QueryEscape(path), "%2F", "/")
	return decisionsURL + "?" + AskParameter + "=" + d.Prefix + "&" + AtParameter + "=" + at
}

// Talked reports whether an answer means that the caller has talked to somebody
// who was rung or who took the call from a queue, so that the call is over.
func (d *Decision) Talked(answer string) bool { return slices.Contains(d.talked, answer) }

// Answers lists the answers to the decision, as the names of documents have them:
// the listed values, then the exception, then [Otherwise].
func (d *Decision) Answers() []string {
	var names []string
	for _, v := range d.Values {
		names = append(names, v.Name)
	}
	if d.Unless != nil {
		names = append(names, d.Unless.Then)
	}
	return append(names, Otherwise)
}
