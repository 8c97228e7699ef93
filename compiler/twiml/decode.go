package twiml

// The decoder turns a tree of elements into a Response. It first reads the whole
// tree, because a document that is not well-formed has no other faults. Then it looks
// up each element by its name among those that the parent accepts, and fills the
// struct of the element's plan from its attributes and children. For
//
//	<Gather numDigits="0"><Say>Hello</Say><Dial/></Gather>
//
// the result is a Gather with one Say, and two warnings: numDigits is out of range
// (13314) and treated as absent, and a Dial may not stand in a Gather (13320) and is
// skipped.

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Fault is something in a document that Twilio would refuse or warn about.
type Fault struct {
	Code    int    // Twilio's error code, https://www.twilio.com/docs/api/errors
	Fatal   bool   // Twilio ends the call, or requests the fallback; otherwise it warns and goes on
	Line    int    // from 1
	Message string // what is wrong, in a sentence
}

// Decode reads a document as Twilio does. If a fault is fatal, Twilio cannot use the
// document, and the Response is empty. Decode handles other faults as Twilio does: it
// ignores an unknown attribute, treats an attribute with a wrong value as absent, and
// skips an unknown verb. The faults are in the order of the document.
//
// The Response holds what this package describes. White space around a text,
// comments, speech markup inside a Say and the content of a [Foreign] are lost.
//
// Twilio does not document what it does with a document that is not encoded in UTF-8,
// and with a Dial that has a number beside its nouns. Decode refuses the former and
// warns about the latter.
func Decode(doc []byte) (Response, []Fault) {
	root, fault := parse(doc)
	if fault == nil && root.name != "Response" {
		fault = fatal(codeRoot, root.line, "the root element is <%s>; it must be <Response>", root.name)
	}
	if fault != nil {
		return Response{}, []Fault{*fault}
	}
	var r Response
	d := decoder{language: grammar()}
	d.fill(d.others["Response"], reflect.ValueOf(&r).Elem(), root, "")
	slices.SortStableFunc(d.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	if slices.ContainsFunc(d.faults, func(f Fault) bool { return f.Fatal }) {
		return Response{}, d.faults
	}
	return r, d.faults
}

// A decoder turns elements into structs and collects faults.
type decoder struct {
	*language
	faults []Fault
}

// report records a fault of the element e.
func (d *decoder) report(code int, e *element, format string, args ...any) {
	d.faults = append(d.faults, Fault{code, isSevere(code), e.line, fmt.Sprintf(format, args...)})
}

// fill reads the element e, which is a child of the element within, into the struct
// v, which p describes.
func (d *decoder) fill(p *plan, v reflect.Value, e *element, within string) {
	for _, given := range e.attributes {
		d.attribute(p, v, e, given, within)
	}
	text := strings.Trim(d.content(p, v, e), blank)
	if p.text != nil {
		v.Field(p.text.index).SetString(text)
	} else if text != "" {
		d.report(codeSchema, e, "<%s> holds text, which Twilio ignores", e.name)
	}
	d.check(v, e, within)
}

// attribute reads one attribute into its field.
func (d *decoder) attribute(p *plan, v reflect.Value, e *element, given pair, within string) {
	a := p.attribute(given.name)
	if a == nil {
		d.unknownAttribute(p, e, given)
		return
	}
	if a.optional && a.kind == reflect.String && given.value == "" {
		a.set(v, "")
		return
	}
	words, code := a.rule.broken(given.value)
	if words == "" {
		a.set(v, given.value)
		return
	}
	if within == "Gather" && a.rule.inGather != 0 {
		code = a.rule.inGather
	}
	d.report(code, e, "%s of <%s> is %q, %s; Twilio treats it as absent", a.name, e.name, given.value, words)
}

// unknownAttribute reports an attribute that the element does not have, unless it is
// an attribute of XML or the version of Twilio's interface.
func (d *decoder) unknownAttribute(p *plan, e *element, given pair) {
	prefix, _, _ := strings.Cut(given.name, ":")
	switch {
	case prefix == "xmlns" || prefix == "xml" || prefix == "xsi":
	case e.name == "Response" && given.name == "version":
		if !slices.Contains(markupVersions, given.value) {
			d.report(codeVersion, e, "version of <Response> is %q; leave it out", given.value)
		}
	default:
		hint := ""
		for _, a := range p.attributes {
			if strings.EqualFold(a.name, given.name) {
				hint = "; write " + a.name
			}
		}
		d.report(codeSchema, e, "<%s> has no attribute %s, so Twilio ignores it%s", e.name, given.name, hint)
	}
}

// set stores a value that is known to be valid.
func (a *attribute) set(v reflect.Value, value string) {
	f := a.field(v)
	if a.optional {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	if a.kind == reflect.Int {
		n, _ := number(value)
		f.SetInt(int64(n))
		return
	}
	f.SetString(value)
}

// content reads the children of e and returns its text.
func (d *decoder) content(p *plan, v reflect.Value, e *element) string {
	var text strings.Builder
	for _, c := range e.content {
		text.WriteString(c.text)
		switch {
		case c.child == nil || slices.Contains(passedOver[e.name], c.child.name):
		case e.name == "Say" && isSpeech(c.child.name):
			d.speech(c.child, &text)
		case p.text != nil && p.text.element == c.child.name:
			d.speech(c.child, &text)
		case p.children == nil:
			d.report(codeSchema, c.child, "<%s> stands inside <%s>, where Twilio ignores it", c.child.name, e.name)
		default:
			d.child(p.children, v.Field(p.children.index), e, c.child)
		}
	}
	return text.String()
}

// isSpeech reports whether an element with this name may stand inside a Say.
func isSpeech(name string) bool {
	return slices.Contains(speechMarkup, name) ||
		slices.ContainsFunc(vendorMarkup, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// speech appends the text of speech markup, with spaces where the voice pauses.
func (d *decoder) speech(e *element, text *strings.Builder) {
	if e.name == "break" || e.name == "p" || e.name == "s" {
		text.WriteByte(' ')
		defer text.WriteByte(' ')
	}
	for _, c := range e.content {
		text.WriteString(c.text)
		switch {
		case c.child == nil:
		case isSpeech(c.child.name):
			d.speech(c.child, text)
		default:
			d.report(codeSchema, c.child, "<%s> stands inside <%s>, where Twilio ignores it", c.child.name, e.name)
		}
	}
}

// child reads one verb, noun or parameter and appends it to the slice list,
// which is the field c of the parent.
func (d *decoder) child(c *childField, list reflect.Value, parent, e *element) {
	known, foreign := d.verbs, foreignVerbs
	switch c.kind {
	case "nouns":
		known, foreign = d.nouns, foreignNouns
	case "parameters":
		known, foreign = d.others, nil
	}
	p := known[e.name]
	switch {
	case len(c.allow) > 0 && !slices.Contains(c.allow, e.name):
		d.misplaced(c, parent, e)
	case p != nil:
		n := reflect.New(p.goType)
		d.fill(p, n.Elem(), e, parent.name)
		if c.kind == "parameters" {
			n = n.Elem()
		}
		list.Set(reflect.Append(list, n))
	case slices.Contains(foreign, e.name):
		f := &Foreign{Name: e.name}
		if c.kind == "verbs" {
			f.Action, f.Method = strings.TrimSpace(e.value("action")), strings.TrimSpace(e.value("method"))
		}
		list.Set(reflect.Append(list, reflect.ValueOf(f)))
	default:
		d.misplaced(c, parent, e)
	}
}

// value is the value of an attribute, "" if the element has none of that name.
func (e *element) value(name string) string {
	for _, a := range e.attributes {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// misplaced reports an element that the parent does not accept: with the code of the
// parent if Twilio knows the element, otherwise as unknown.
func (d *decoder) misplaced(c *childField, parent, e *element) {
	if slices.Contains(d.names, e.name) {
		code := c.code
		if code == 0 {
			code = codeSchema
		}
		d.report(code, e, "<%s> stands inside <%s>, where Twilio skips it", e.name, parent.name)
		return
	}
	hint := ""
	if i := slices.IndexFunc(d.names, func(n string) bool { return strings.EqualFold(n, e.name) }); i >= 0 {
		hint = "; write " + d.names[i]
	}
	d.report(codeSchema, e, "Twilio knows no <%s> and skips it%s", e.name, hint)
}
