package router

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A TwiML Bin is a template at Twilio that can insert parameters of the request
// and ask whether there is one of some name, but not what its value is. Put into
// a path, a value would get anywhere, and # would end the address. So the Bin
// asks itself once more, with the value in the *name* of a parameter, and looks
// which of the names it knows are there:
//
//	…/EH…?ask=digits&at=menu.main-x/digits-1&Digits=2
//	→  <Redirect>…/EH…?asked=1&at=menu.main-x/digits-1&digits-Digits-2-=1&digits-whole=1</Redirect>
//	→  <Redirect>https://calls.example/menu.main-x/digits-1.2.xml</Redirect>
//
// The kind of the decision is part of the names, so that a DialCallStatus beside
// a decision about Digits means nothing.
//
// Names are of letters, digits and hyphens, which is what Mustache and Handlebars
// both take: Twilio's documentation names the one in one place and the other in
// another. So a value with other characters has no name:
//
//   - of # nothing is left, nor of what stands behind it, since it begins the
//     fragment of the address; that the parameter "whole" is missing tells it;
//   - * is the value for which no other name is there, which makes it the answer
//     to all unknown values of Digits, too. Twilio sends none;
//   - what begins with a plus sign cannot be told, so there are no decisions
//     about From; the compiler refuses them.
//
// In a section of Handlebars the parameters of the request are out of sight, so
// sections hold nothing but text, and only those for what is missing hold others.

var twimlBin = Host{
	Name: "twiml-bin", Title: "a TwiML Bin", Elsewhere: true,
	Deviations: []Deviation{
		{Case: CaseUnknown, Answer: "of `Digits`, the answer to `*`", Why: "see [how it works](#how-it-works). Twilio sends one of the twelve keys"},
		{Case: CaseTraversal, Answer: "of `Digits`, the answer to `*`", Why: "the value is unknown. It reaches no path"},
		{Case: CaseRepeated, Answer: "the answer to one of the values", Why: "which one Twilio takes is not documented. It does not repeat one"},
		{Case: CaseEncoded, Answer: "the answer to the value", Why: "templates see values decoded. Twilio does not encode these"},
		{Case: CaseEncodedName, Answer: "the answer to the value", Why: "templates see the names of parameters decoded. Twilio does not encode them"},
		{Case: CaseLong, Answer: "of `Digits`, the answer to `*`", Why: "the value is unknown"},
		{Case: CasePost, Answer: "the document", Why: "Bins answer every method alike"},
	},
	files: []hostFile{{"twiml-bin.xml", binText, binParts}},
}

// What stands in double braces is the language of the Bin.
const binText = `
<?xml version="1.0" encoding="UTF-8"?>
<!--
  Made by "ivrc router twiml-bin". Do not change it; make it again.

  How a decision of a call is answered. Paste it into the TwiML Bin at
  «decisions URL»
  The documents are at «base URL»

  The Bin asks itself with the value in the name of a parameter, and then looks
  which of the names that it knows are there.
-->
<Response>
  {{^asked}}<Redirect method="GET">«decisions URL»?asked=1&amp;«names»</Redirect>{{/asked}}
  <Redirect method="GET">«base URL»/{{«at»}}.«answers».xml</Redirect>
</Response>
`

func binParts(d *hostData) holes {
	return holes{"names": binNames(d), "at": bundle.AtParameter, "answers": binAnswers(d)}
}

// binNames are the parameters with which a Bin asks itself. What # may cut off
// stands at the end.
func binNames(d *hostData) string {
	names := []string{bundle.AtParameter + "=" + tag(bundle.AtParameter), tag(bundle.AskParameter) + "-kind=1"}
	var last []string
	for _, decision := range d.decoded {
		_, rest, ok := binValues(decision)
		if !ok {
			continue
		}
		name := tag(bundle.AskParameter) + "-" + decision.Parameter + "-" + tag(decision.Parameter) + "-"
		if u := decision.Unless; u != nil {
			names = append(names, name+u.Parameter+"-"+tag(u.Parameter)+"-=1")
		}
		if len(rest) > 0 {
			last = append(last, name+"=1")
			continue
		}
		names = append(names, name+"=1")
	}
	names = append(append(names, last...), tag(bundle.AskParameter)+"-whole=1")
	return strings.Join(names, "&amp;")
}

// binAnswers chooses the name of the answer.
func binAnswers(d *hostData) string {
	var text strings.Builder
	for _, decision := range d.decoded {
		named, rest, ok := binValues(decision)
		if !ok {
			continue
		}
		of := decision.Prefix + "-"
		name := func(value string) string { return of + decision.Parameter + "-" + value + "-" }
		known := []string{name("")} // the names of which none is there for an unknown value
		for _, v := range named {
			answer := present(name(v.Spellings[0]), v.Name)
			if u := decision.Unless; u != nil && u.Is == v.Name {
				exception := name(v.Spellings[0]) + u.Parameter + "-" + u.Equals + "-"
				answer = present(exception, u.Then) + absent(answer, exception)
			}
			text.WriteString(answer)
			known = append(known, name(v.Spellings[0]))
		}
		text.WriteString(present(name(""), bundle.Otherwise))
		unknown := present(of+"kind", bundle.Otherwise)
		if cut, ok := rest["#"]; ok {
			text.WriteString(absent(present(of+"kind", cut), of+"whole"))
			delete(rest, "#")
		}
		for _, answer := range rest { // at most one
			unknown = present(of+"whole", answer)
		}
		text.WriteString(absent(unknown, known...))
	}
	return text.String()
}

// tag inserts a parameter.
func tag(name string) string { return "{{" + name + "}}" }

// present is a text that is there if a parameter is.
func present(name, text string) string { return tag("#"+name) + text + tag("/"+name) }

// absent is a text that is there if none of some parameters is.
func absent(text string, names ...string) string {
	for _, name := range names {
		text = tag("^"+name) + text + tag("/"+name)
	}
	return text
}

// binValues splits the values of a decision into those that can be the name of a
// parameter and the others: # and at most one more. If there is no way to tell
// them, ok is false.
func binValues(d bundle.Decision) (named []bundle.Value, rest map[string]string, ok bool) {
	rest = map[string]string{}
	for _, v := range d.Values {
		switch {
		case len(v.Spellings) != 1:
			return nil, nil, false
		case strings.Trim(v.Spellings[0], "abcdefghijklmnopqrstuvwxyz0123456789-") == "":
			named = append(named, v)
		default:
			rest[v.Spellings[0]] = v.Name
		}
	}
	_, cut := rest["#"]
	return named, rest, len(rest) == 0 || len(rest) == 1 || len(rest) == 2 && cut
}
