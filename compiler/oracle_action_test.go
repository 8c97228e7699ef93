package compiler

import (
	"fmt"
	"net/url"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// What a document does, in plain lines, with every link as the path that it
// leads to. What a description promises is written in the same lines, so the two
// can be compared, and the first line that differs says what is wrong:
//
//	says "Press 1 for Sales."
//	asks for one key within 5s, then menu.main-x/digits-1
//	says "Sorry, we did not receive a selection."
//	goes on with menu.main-x/menu-2.xml
//
// Nothing that a document says is left out of its lines but the voice and the
// language in which it is spoken, of which descriptions say nothing.

// An actionWriter writes the documents of one folder as actions.
type actionWriter struct {
	base   string // of the bundle
	folder string // below public/
}

// lines writes verbs.
func (p actionWriter) lines(verbs []twiml.Verb) []string {
	var lines []string
	for _, v := range verbs {
		lines = append(lines, p.verb(v)...)
	}
	return lines
}

func (p actionWriter) verb(v twiml.Verb) []string {
	switch v := v.(type) {
	case *twiml.Say:
		rest := *v
		rest.Text, rest.Voice, rest.Language = "", "", ""
		return []string{saysLine(v.Text) + beside(rest)}
	case *twiml.Play:
		rest := *v
		rest.URL = ""
		return []string{playsLine(p.to(v.URL)) + beside(rest)}
	case *twiml.Gather:
		return p.gather(*v)
	case *twiml.Dial:
		return []string{p.dial(*v)}
	case *twiml.Enqueue:
		rest, wait := *v, ""
		if v.WaitURL != nil {
			wait = p.to(*v.WaitURL)
		}
		end := p.to(v.Action) + gotten(&rest.Method) + gotten(&rest.WaitURLMethod)
		rest.Name, rest.Action, rest.WaitURL = "", "", nil
		return []string{waitsLine(v.Name, wait, end) + beside(rest)}
	case *twiml.Record:
		rest := *v
		end := p.to(v.Action) + gotten(&rest.Method)
		rest.MaxLength, rest.Action = 0, ""
		return []string{recordsLine(ofSeconds(v.MaxLength), end) + beside(rest)}
	case *twiml.Redirect:
		rest := *v
		return []string{goesLine(p.to(v.URL) + gotten(&rest.Method))}
	case *twiml.Hangup:
		return []string{hangsUpLine}
	}
	return []string{twiml.Name(v) + beside(reflect.ValueOf(v).Elem().Interface())}
}

// gather is a question: the prompt, and what is asked.
func (p actionWriter) gather(v twiml.Gather) []string {
	lines := p.lines(v.Prompt)
	timeout, _ := time.ParseDuration(v.Timeout + "s")
	keys := fmt.Sprintf("%d keys", v.NumDigits)
	if v.NumDigits == 1 && v.FinishOnKey != nil && *v.FinishOnKey == "" {
		keys = oneKey
	} else if v.FinishOnKey != nil && *v.FinishOnKey != "" {
		keys += ", ended by " + *v.FinishOnKey
	}
	line := asksLine(keys, timeout, p.to(v.Action)+gotten(&v.Method))
	v.Prompt, v.Timeout, v.NumDigits, v.FinishOnKey, v.Action = nil, "", 0, nil, ""
	return append(lines, line+beside(v))
}

func (p actionWriter) dial(v twiml.Dial) string {
	var who []string
	for _, n := range v.Nouns {
		who = append(who, p.noun(n))
	}
	end := p.to(v.Action) + gotten(&v.Method)
	line := ringsLine(strings.Join(who, ", "), ofSeconds(v.Timeout), v.CallerID, v.Record == dualRecording, end)
	if v.Record == dualRecording {
		v.Record = ""
	}
	v.Nouns, v.Timeout, v.CallerID, v.Action = nil, 0, "", ""
	return line + beside(v)
}

// dualRecording is how both sides of a conversation are dualRecording.
const dualRecording = "record-from-answer-dual"

// noun is who is rung, and the document that asks them to accept the call.
func (p actionWriter) noun(n twiml.Noun) string {
	asked, method := "", "GET"
	var rest any
	switch n := n.(type) {
	case *twiml.Number:
		asked, method = n.URL, n.Method
		plain := *n
		plain.URL, plain.Method, plain.Number = "", "", ""
		rest = plain
	case *twiml.Client:
		asked, method = n.URL, n.Method
		plain := *n
		plain.URL, plain.Method, plain.Identity = "", "", ""
		rest = plain
	case *twiml.Sip:
		asked, method = n.URL, n.Method
		plain := *n
		plain.URL, plain.Method, plain.URI = "", "", ""
		rest = plain
	case *twiml.Queue:
		plain := *n
		plain.Name = ""
		return queueLine(n.Name) + beside(plain)
	default:
		return twiml.Name(n)
	}
	if asked == "" {
		return dialledBy(n) + beside(rest)
	}
	return askedLine(dialledBy(n), p.to(asked)+gotten(&method)) + beside(rest)
}

// to is where a link leads: a path below public/, or an address elsewhere.
func (p actionWriter) to(link string) string {
	if below, ok := strings.CutPrefix(link, p.base); ok {
		return below
	}
	u, err := url.Parse(link)
	if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" || u.RawQuery != "" || u.Fragment != "" {
		return link
	}
	return path.Join(p.folder, u.Path)
}

// gotten takes the method away that belongs to a link, and says if it is not
// GET, the only one that a bundle is asked with.
func gotten(method *string) string {
	was := *method
	*method = ""
	switch was {
	case "GET":
		return ""
	case "":
		return " (with POST, because no method is given)"
	}
	return " (with " + was + ")"
}

// beside is what remains of a verb when all that has been written is taken away.
func beside(rest any) string {
	v := reflect.ValueOf(rest)
	if v.IsZero() {
		return ""
	}
	var parts []string
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() {
			for f.Kind() == reflect.Pointer {
				f = f.Elem()
			}
			parts = append(parts, fmt.Sprintf("%s %v", v.Type().Field(i).Name, f.Interface()))
		}
	}
	return with(parts)
}

// with is what stands beside a line.
func with(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return " with " + strings.Join(parts, ", ")
}

// The lines, for documents and descriptions alike.

const (
	oneKey      = "one key"
	hangsUpLine = "hangs up"
	leavesLine  = "Leave"
)

func saysLine(text string) string { return fmt.Sprintf("says %q", text) }

func playsLine(sound string) string { return "plays " + sound }

func goesLine(to string) string { return "goes on with " + to }

func asksLine(keys string, timeout time.Duration, then string) string {
	return fmt.Sprintf("asks for %s within %s, then %s", keys, timeout, then)
}

func waitsLine(queue, wait, then string) string {
	return fmt.Sprintf("waits in %s, hearing %s, then %s", queue, wait, then)
}

func recordsLine(longest time.Duration, then string) string {
	return fmt.Sprintf("records at most %s, then %s", longest, then)
}

func queueLine(name string) string { return "the queue " + name }

func askedLine(address, confirm string) string { return address + " asked by " + confirm }

func ringsLine(who string, d time.Duration, callerID string, isRecorded bool, then string) string {
	line := fmt.Sprintf("rings %s for %s", who, d)
	if callerID != "" {
		line += ", showing " + callerID
	}
	if isRecorded {
		line += ", recorded"
	}
	return line + ", then " + then
}

// message is a message of a description as it is heard.
func messageLine(m *bundle.Message) string {
	switch {
	case m.Audio != "":
		return playsLine(m.Audio)
	case m.URL != "":
		return playsLine(m.URL)
	}
	return saysLine(m.Text)
}
