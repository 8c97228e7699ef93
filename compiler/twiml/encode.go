package twiml

// The encoder writes one canonical form, so that equal documents have equal bytes:
//
//	<?xml version="1.0" encoding="UTF-8"?>
//	<Response>
//	  <Gather action="digits-1" method="GET" numDigits="1" finishOnKey="">
//	    <Say language="en-US">For sales, press 1.</Say>
//	  </Gather>
//	  <Hangup/>
//	</Response>
//
// An element with text is written on one line, because white space inside it would
// be part of the text. An element with children indents them. Any other element
// closes itself.

import (
	"reflect"
	"strconv"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// Append appends the document to dst in the canonical form: the XML declaration,
// attributes in the order of the struct, two spaces of indent, and a line feed at
// the end. It passes every address that is not empty through link, which may be nil.
//
// The caller must not use text that XML cannot hold, such as control characters and
// invalid UTF-8; see [Speakable]. Append writes it as it is, and [Decode] refuses
// the document.
func (r Response) Append(dst []byte, link func(url string) string) []byte {
	w := writer{dst: append(dst, declaration...), link: link, plans: grammar().byType}
	if len(r.Verbs) == 0 {
		return append(w.dst, "<Response/>\n"...)
	}
	w.dst = append(w.dst, "<Response>"...)
	for _, v := range r.Verbs {
		w.node(v, 1)
	}
	return append(w.dst, "\n</Response>\n"...)
}

// A writer appends elements to dst.
type writer struct {
	dst   []byte
	link  func(string) string
	plans map[reflect.Type]*plan
}

// inline is the depth of an element that is written beside text, not on a line of its
// own.
const inline = -1

// node writes a verb or noun.
func (w *writer) node(n any, depth int) {
	if f, ok := n.(*Foreign); ok {
		w.line(depth)
		w.dst = append(w.dst, '<')
		w.dst = append(w.dst, f.Name...)
		for _, a := range []pair{{"action", w.address(f.Action, true)}, {"method", f.Method}} {
			if a.value != "" {
				w.dst = append(append(append(w.dst, ' '), a.name...), `="`...)
				w.dst = append(appendEscaped(w.dst, a.value, &valueEscapes), '"')
			}
		}
		w.dst = append(w.dst, "/>"...)
		return
	}
	v := reflect.ValueOf(n).Elem()
	w.element(w.plans[v.Type()], v, depth)
}

// element writes the struct v as the element that p describes.
func (w *writer) element(p *plan, v reflect.Value, depth int) {
	w.line(depth)
	w.dst = append(w.dst, '<')
	w.dst = append(w.dst, p.name...)
	for i := range p.attributes {
		w.attribute(&p.attributes[i], v)
	}
	text := ""
	if p.text != nil {
		text = w.address(v.Field(p.text.index).String(), p.text.url)
	}
	parents := p.children != nil && v.Field(p.children.index).Len() > 0
	if text == "" && !parents {
		w.dst = append(w.dst, "/>"...)
		return
	}
	w.dst = append(w.dst, '>')
	inner := depth + 1
	if depth == inline {
		inner = inline
	}
	switch {
	case text == "":
	case parents && p.text.element != "":
		w.line(inner)
		w.wrapped(p.text.element, text)
	default:
		w.dst = appendEscaped(w.dst, text, &textEscapes)
		inner = inline
	}
	if parents {
		w.children(p.children, v, inner)
		if inner != inline {
			w.line(depth)
		}
	}
	w.close(p.name)
}

// wrapped writes a text as an element of its own.
func (w *writer) wrapped(name, text string) {
	w.dst = append(w.dst, '<')
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '>')
	w.dst = appendEscaped(w.dst, text, &textEscapes)
	w.close(name)
}

func (w *writer) close(name string) {
	w.dst = append(w.dst, "</"...)
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '>')
}

// children writes the elements in the field c of v. It takes the address of the
// field, because to put a slice into an interface would allocate.
func (w *writer) children(c *childField, v reflect.Value, depth int) {
	switch list := v.Field(c.index).Addr().Interface().(type) {
	case *[]Verb:
		for _, verb := range *list {
			w.node(verb, depth)
		}
	case *[]Noun:
		for _, noun := range *list {
			w.node(noun, depth)
		}
	case *[]Parameter:
		for i := range *list {
			w.node(&(*list)[i], depth)
		}
	}
}

// attribute writes one attribute of v, unless it is absent.
func (w *writer) attribute(a *attribute, v reflect.Value) {
	f := a.field(v)
	if f.IsZero() {
		return
	}
	if a.optional {
		f = f.Elem()
	}
	w.dst = append(w.dst, ' ')
	w.dst = append(w.dst, a.name...)
	w.dst = append(w.dst, `="`...)
	if a.kind == reflect.Int {
		w.dst = strconv.AppendInt(w.dst, f.Int(), 10)
	} else {
		w.dst = appendEscaped(w.dst, w.address(f.String(), a.url), &valueEscapes)
	}
	w.dst = append(w.dst, '"')
}

func (w *writer) address(s string, url bool) string {
	if !url || s == "" || w.link == nil {
		return s
	}
	return w.link(s)
}

// line begins a new line for an element at a depth.
func (w *writer) line(depth int) {
	if depth == inline {
		return
	}
	w.dst = append(w.dst, '\n')
	for range depth {
		w.dst = append(w.dst, "  "...)
	}
}

// The characters that are escaped. A carriage return is escaped in text, because an
// XML reader would turn it into a line feed; line breaks and tabs are escaped in the
// value of an attribute, because a reader would turn them into spaces.
var (
	textEscapes  = [...]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;"}
	valueEscapes = [...]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#13;",
		'"': "&quot;", '\'': "&apos;", '\t': "&#9;", '\n': "&#10;"}
)

// appendEscaped appends s with its special characters replaced.
func appendEscaped(dst []byte, s string, escapes *[63]string) []byte {
	done := 0
	for i := 0; i < len(s); i++ {
		if int(s[i]) >= len(escapes) || escapes[s[i]] == "" {
			continue
		}
		dst = append(dst, s[done:i]...)
		dst = append(dst, escapes[s[i]]...)
		done = i + 1
	}
	return append(dst, s[done:]...)
}
