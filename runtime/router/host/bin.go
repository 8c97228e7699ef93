package host

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A TwiML Bin is a template at Twilio. It can insert parameters of the request and
// ask whether one with a certain name is there, but not what its value is. The Bin
// cannot insert the value into a path, because then callers could reach anything,
// and # would end the address. So it requests itself once more, with the value in
// the *name* of a parameter, and looks for the names that it knows:
//
//	…/EH…?ask=digits&at=menu.main-x/digits-1&Digits=2
//	→  <Redirect>…/EH…?asked=1&at=menu.main-x/digits-1&digits-Digits-2-=1&digits-whole=1</Redirect>
//	→  <Redirect>https://calls.example/menu.main-x/digits-1.2.xml</Redirect>
//
// The kind of the decision is part of the names, so a DialCallStatus in a decision
// about Digits means nothing.
//
// Names consist of letters, digits and hyphens, which both Mustache and Handlebars
// accept: Twilio's documentation names one in one place and the other in another.
// Values with other characters have no name:
//
//   - # begins the fragment of the address, so it is lost with everything behind it;
//     the missing parameter "whole" gives it away;
//   - * is the value for which no other name is there. It is therefore also the
//     answer to every unknown value of Digits; Twilio sends none;
//   - a list in the address is one text, in which no value can be looked for. So the
//     compiler writes none, and a menu has a document for each of the twelve keys;
//   - a value that begins with a plus sign cannot be recognised, so there are no
//     decisions about From; the compiler refuses them.
//
// Inside a section, Handlebars does not see the parameters of the request. So
// sections hold only text, and only sections for missing parameters hold others.

// binFacts returns the two parts of the template that depend on the kinds of
// decisions.
func binFacts(kinds []bundle.DecisionKind) map[string]string {
	return map[string]string{"bin names": binNames(kinds), "bin answers": binAnswers(kinds)}
}

// binNames are the parameters with which a Bin asks itself. What # may cut off
// stands at the end.
func binNames(kinds []bundle.DecisionKind) string {
	names := []string{bundle.AtParameter + "=" + tag(bundle.AtParameter), tag(bundle.AskParameter) + "-kind=1"}
	var last []string
	for _, kind := range kinds {
		_, rest, ok := binValues(kind)
		if !ok {
			continue
		}
		name := tag(bundle.AskParameter) + "-" + kind.Parameter + "-" + tag(kind.Parameter) + "-"
		if u := kind.Unless; u != nil {
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
func binAnswers(kinds []bundle.DecisionKind) string {
	var text strings.Builder
	for _, kind := range kinds {
		named, rest, ok := binValues(kind)
		if !ok {
			continue
		}
		of := kind.Name + "-"
		name := func(value string) string { return of + kind.Parameter + "-" + value + "-" }
		known := []string{name("")} // the names of which none is there for an unknown value
		for _, v := range named {
			answer := present(name(v.spelling), v.word)
			if u := kind.Unless; u != nil && u.Is == v.word {
				exception := name(v.spelling) + u.Parameter + "-" + u.Equals + "-"
				answer = present(exception, u.Then) + absent(answer, exception)
			}
			text.WriteString(answer)
			known = append(known, name(v.spelling))
		}
		text.WriteString(present(name(""), kind.Missing))
		unknown := present(of+"kind", kind.Unlisted)
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

// A binValue is a value that can be the name of a parameter, and what it means.
type binValue struct{ spelling, word string }

// binValues splits the values of a kind into those that can be the name of a
// parameter and the others: # and at most one more. If there is no way to tell
// them, ok is false. A Bin cannot compare a value with a list, so the words are
// those that an address knows without one.
func binValues(kind bundle.DecisionKind) (named []binValue, rest map[string]string, ok bool) {
	rest = map[string]string{}
	for _, word := range kind.Words {
		for _, spelling := range kind.Spellings(word) {
			if strings.Trim(spelling, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
				named = append(named, binValue{spelling, word})
				continue
			}
			rest[spelling] = word
		}
	}
	if kind.Last {
		return nil, nil, false
	}
	_, cut := rest["#"]
	return named, rest, len(rest) == 0 || len(rest) == 1 || len(rest) == 2 && cut
}
