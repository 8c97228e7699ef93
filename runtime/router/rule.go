package router

import (
	"io/fs"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// The rule: a URL whose last segment is a decision is answered by the document
// beside it that is named for the value of the decision's parameter. The segment
// lists the values that have a document of their own.
//
//	/menu.main-x/digits-1~1.2?CallSid=CA1&Digits=2  →  menu.main-x/digits-1.2.xml
//	/menu.main-x/digits-1~1.2?CallSid=CA1&Digits=7  →  menu.main-x/digits-1.other.xml
//	/menu.main-x/digits-1~1.2?CallSid=CA1           →  menu.main-x/digits-1._.xml
//	/hours.door-x/time~open.closed-m360-…           →  hours.door-x/time.open.xml
//	/menu.main-x/menu-1.xml?CallSid=CA1             →  menu.main-x/menu-1.xml
//
// The value is compared as it was sent, undecoded; it is never put into a path
// itself. A parameter that is there more than once is as good as missing.
// Everything else of the query is Twilio's and the caller's, and means nothing here.

// Route returns the path below public/ of the document that answers a request
// for a URL's path, which begins with a slash, and its raw query. Whether the
// bundle holds such a document is for the caller to see. A path that is not
// clean ("//", "..", a slash at the end) is no document's and gives "".
func Route(path, rawQuery string) string { return RouteAt(path, rawQuery, time.Now()) }

// RouteAt is [Route] at a time, which decides where hours lead.
func RouteAt(path, rawQuery string, at time.Time) string {
	document, _ := appendRoute(nil, path, rawQuery, at)
	return string(document)
}

// appendRoute is Route without an allocation. It also returns the kind of the
// decision that the path names, if it names one.
func appendRoute(dst []byte, path, rawQuery string, at time.Time) ([]byte, *bundle.DecisionKind) {
	name, ok := strings.CutPrefix(path, "/")
	if !ok || name == "." || !fs.ValidPath(name) {
		return dst, nil
	}
	d, ok := bundle.DecisionAt(name)
	if !ok {
		return append(dst, name...), nil
	}
	answer := d.Answer(func(parameter string) string { return only(rawQuery, parameter) }, at)
	return d.AppendDocument(dst, answer), d.DecisionKind
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
