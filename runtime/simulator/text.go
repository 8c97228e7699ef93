package simulator

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// Transcripts for people.
//
// A transcript has three columns: when, who, and what, in a sentence. A sentence
// that is longer than the line is wrapped in its column, and ends with the place
// that it comes from.
//
//	Call from +14155550199 to Main
//
//	 0:00.0  caller  calls Main
//	 0:00.0  caller  is answered
//	 0:00.0  caller  is asked for one key
//	 0:00.0  caller  hears "Press 1 for Sales."            menu.main:3
//	 0:01.9  caller  presses 1
//	 0:01.9  Alice   rings
//
// Ambiguities of Twilio's documentation stand at the end, once each.
//
// All text comes from outside, so every character of it that could move a cursor or
// reorder a line is written as its code.

// TextOptions says how [Transcript.Text] writes.
type TextOptions struct {
	Width  int                      // of a line, in characters; default 80
	Names  map[string]string        // of addresses and phone numbers
	Origin func(path string) string // where the document at a path comes from; "" is nowhere
	All    bool                     // requests too, and what repeats itself
	Hidden []string                 // what is not shown; see [terminal.Hide]
}

// minimum width of the column that says what happened.
const narrowest = 24

// Text writes the transcript for people, without colours.
func (t Transcript) Text(o TextOptions) string {
	o.Width = cmp.Or(o.Width, 80)
	var b strings.Builder
	fmt.Fprintf(&b, "Call from %s to %s\n\n", o.name(t.From), o.name(t.To))
	for _, line := range t.Lines(o, 0, len(t.Events)) {
		b.WriteString(line + "\n")
	}
	b.WriteString(t.openPoints(o))
	return b.String()
}

// Lines writes the events from an index up to another one as [Transcript.Text]
// does, without the heading and the open points. All parts of a transcript have
// the same columns.
func (t Transcript) Lines(o TextOptions, from, to int) []string {
	column, clock := len(Caller), len(" 0:00.0")
	for _, e := range t.Events {
		clock = max(clock, len(script.Clock(e.At)))
		column = max(column, terminal.Width(o.name(e.Leg)))
	}
	var written []string
	last := ""
	for _, l := range o.lines(t.Events, from, to) {
		if l.origin == last {
			l.origin = "" // said already
		} else if l.origin != "" {
			last = l.origin
		}
		head := fmt.Sprintf("%*s  %s  ", clock, script.Clock(l.event.At), terminal.Pad(l.who, column))
		indent := terminal.Width(head)
		for i, line := range wrap(l.what, l.origin, max(cmp.Or(o.Width, 80)-indent, narrowest)) {
			if i > 0 {
				head = strings.Repeat(" ", indent)
			}
			written = append(written, strings.TrimRight(head+line, " "))
		}
	}
	return written
}

// lines are the events that are for people, from an index up to another one. The
// first words, and those in another language or voice than the words before, say
// theirs: Spanish in an English voice looks wrong.
func (o TextOptions) lines(events []Event, from, to int) []line {
	var lines []line
	speaks := ""
	for i, e := range events[:to] {
		what := o.sentence(e)
		if e.Kind == Says && e.Speaker() != speaks {
			speaks = e.Speaker()
			what += " (" + terminal.OneLine(cmp.Or(speaks, "the account's voice")) + ")"
		}
		if i >= from && what != "" {
			lines = append(lines, line{e, o.who(e), what, o.origin(e)})
		}
	}
	if o.All {
		return lines
	}
	return fold(lines)
}

// openPoints lists what was assumed where Twilio's documentation is silent.
func (t Transcript) openPoints(o TextOptions) string {
	var b strings.Builder
	told := map[string]bool{}
	for _, e := range t.Events {
		if e.Kind != Undocumented || told[e.Text] {
			continue
		}
		if len(told) == 0 {
			b.WriteString("\nTwilio does not document:\n")
		}
		told[e.Text] = true
		for i, line := range wrap(terminal.OneLine(e.Text), "", max(o.Width-4, narrowest)) {
			b.WriteString([]string{"  - ", "    "}[min(i, 1)] + line + "\n")
		}
	}
	return b.String()
}

// Line writes one event as [Transcript.Text] does, but on one line: the time,
// who, and what happened. It is "" for events that are not for people.
func (o TextOptions) Line(e Event) string {
	what := o.sentence(e)
	if what == "" {
		return ""
	}
	return fmt.Sprintf("%7s  %s  %s", script.Clock(e.At), o.who(e), what)
}

// name is what people call an address.
func (o TextOptions) name(address string) string {
	if name, found := o.Names[address]; found {
		address = name
	}
	return terminal.OneLine(address)
}

// who stands in the second column.
func (o TextOptions) who(e Event) string {
	if e.Kind == Ends || e.Kind == Requests {
		return ""
	}
	return o.name(e.Leg)
}

// names replaces every address in a list.
func (o TextOptions) names(list string) string {
	parts := strings.Split(list, ", ")
	for i := range parts {
		parts[i] = o.name(parts[i])
	}
	return strings.Join(parts, ", ")
}

func (o TextOptions) origin(e Event) string {
	if o.Origin == nil || e.Document == "" {
		return ""
	}
	return terminal.OneLine(o.Origin(e.Document))
}

// phrases are the sentences. In them stand {text} for the event's, {names} for
// the same with people's names, {length} for how long it lasts, {query} for a
// request's parameters and {code} for a fault's.
var phrases = map[Kind]string{
	Calls: "calls {names}", Answers: "answers", Requests: "{text} {query}",
	Says: `hears "{text}"`, Plays: "hears {text}", Pauses: "hears nothing for {length}",
	Asks: "is asked for {text}", Presses: "presses {text}", Silent: "presses nothing for {text}", Speaks: "speaks for {length}",
	HandsOver: "is handed to application.{text}",
	Dials:     "is being connected to {names}", Rings: "rings", Busy: "is busy", NoAnswer: "does not answer",
	Fails: "cannot be reached", Cancels: "is rung no longer", Accepts: "accepts", Declines: "does not accept",
	Connects: "talks to {names}", Parts: "has talked to {names} for {length}",
	Waits: "enters the queue {text}", QueueFull: "finds the queue {text} full", Leaves: "leaves the queue after {length} ({text})",
	Records: "is recorded", Recorded: "has recorded {length}",
	Rejects: "is refused ({text})", HangsUp: "hangs up", Ends: "the call is over: {text}",
	Faults: "warning {code}: {text}", Skips: "skips {text}", Reports: "is reported: {text}",
}

// sentence says what happened. It is "" for events that are not for people.
func (o TextOptions) sentence(e Event) string {
	phrase := phrases[e.Kind]
	switch {
	case phrase == "" || e.Kind == Requests && !o.All:
		return ""
	case e.Kind == Answers && e.Leg == Caller:
		phrase = "is answered"
	case e.Kind == Silent && e.Text == "":
		phrase = "presses nothing else"
	case e.Kind == Faults && e.Fatal:
		phrase = "error {code}: {text}"
	}
	s := strings.NewReplacer(
		"{text}", terminal.Hide(terminal.OneLine(e.Text), o.Hidden), "{names}", o.names(e.Text), "{length}", script.Clock(e.Length),
		"{query}", strings.ReplaceAll(terminal.OneLine(e.Query), "&", " "), "{code}", strconv.Itoa(e.Code),
	).Replace(phrase)
	if e.Repeat > 1 {
		s += fmt.Sprintf(", %d times", e.Repeat)
	}
	if e.Note != "" {
		s += " (" + terminal.OneLine(e.Note) + ")"
	}
	return terminal.Hide(s, o.Hidden)
}

// wrap breaks a sentence into lines of at most width columns where it can, and
// puts what goes to the right at the end of the last one.
func wrap(text, right string, width int) []string {
	lines := terminal.Wrap(text, width)
	if right == "" {
		return lines
	}
	last := len(lines) - 1
	if terminal.Width(lines[last])+2+terminal.Width(right) > width {
		return append(lines, terminal.Pad("", width-terminal.Width(right))+right)
	}
	lines[last] = terminal.Pad(lines[last], width-terminal.Width(right)) + right
	return lines
}
