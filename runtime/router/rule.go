package router

import (
	"io/fs"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// The rule: a URL whose last segment names a decision is answered by the
// document beside it that is named for the value of the decision's parameter.
//
//	/menu.main-x/digits-1?CallSid=CA1&Digits=2  →  menu.main-x/digits-1.2.xml
//	/menu.main-x/digits-1?CallSid=CA1           →  menu.main-x/digits-1._.xml
//	/menu.main-x/menu-1.xml?CallSid=CA1         →  menu.main-x/menu-1.xml
//
// The value is compared as it was sent, undecoded, with the closed list of
// spellings; it is never put into a path itself. Where the parameter is missing,
// empty, not in the list, or there more than once, the answer is "_"; a caller
// whose number is missing withholds it. Everything else of the query is Twilio's and
// the caller's, and means nothing here.

// Route returns the path below public/ of the document that answers a request
// for a URL's path, which begins with a slash, and its raw query. Whether the
// bundle holds such a document is for the caller to see. A path that is not
// clean ("//", "..", a slash at the end) is no document's and gives "".
func Route(path, rawQuery string) string {
	document, _ := appendRoute(nil, path, rawQuery)
	return string(document)
}

// appendRoute is Route without an allocation. It also returns the decision that
// the path names, if it names one.
func appendRoute(dst []byte, path, rawQuery string) ([]byte, *bundle.Decision) {
	name, ok := strings.CutPrefix(path, "/")
	if !ok || name == "." || !fs.ValidPath(name) {
		return dst, nil
	}
	d := bundle.DecisionAt(name)
	if d == nil {
		return append(dst, name...), nil
	}
	return bundle.AppendAnswerPath(dst, name, answer(d, rawQuery)), d
}

// answer returns the name part of the document that answers a decision.
func answer(d *bundle.Decision, rawQuery string) string {
	name := d.Answer(only(rawQuery, d.Parameter))
	if u := d.Unless; u != nil && name == u.Is && only(rawQuery, u.Parameter) == u.Equals {
		return u.Then
	}
	return name
}

// only returns the undecoded value of a parameter that occurs exactly once, and
// "" otherwise: of two values nobody can say which one Twilio meant.
func only(rawQuery, parameter string) string {
	value, seen := "", false
	for rest := rawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		v, ok := strings.CutPrefix(pair, parameter)
		if !ok || v != "" && v[0] != '=' {
			continue
		}
		if seen {
			return ""
		}
		value, seen = strings.TrimPrefix(v, "="), true
	}
	return value
}
