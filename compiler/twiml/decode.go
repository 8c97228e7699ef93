package twiml

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Fault is something that Twilio would refuse or warn about in a document.
type Fault struct {
	Code    int    // Twilio's error code, https://www.twilio.com/docs/api/errors
	Fatal   bool   // Twilio fails the call (or requests the fallback); otherwise it warns and goes on
	Line    int    // from 1
	Message string // what is wrong, in a sentence
}

// Decode reads a document as Twilio does. Where a fault is fatal the document
// is not usable; other faults have been passed over as Twilio passes over them:
// an unknown attribute is ignored, an unknown verb skipped.
func Decode(doc []byte) (Response, []Fault) {
	root, fault := parse(doc)
	if fault != nil {
		return Response{}, []Fault{*fault}
	}
	if root.name != "Response" {
		return Response{}, []Fault{*fatal(codeRoot, root.line, "the root element is <%s>; it must be <Response>", root.name)}
	}
	var r Response
	d := decoder{language: grammar()}
	d.fill(d.other["Response"], reflect.ValueOf(&r).Elem(), root)
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
	d.faults = append(d.faults, Fault{Code: code, Fatal: ends(code), Line: e.line, Message: fmt.Sprintf(format, args...)})
}

// fill reads the element e, which p describes, into the struct v.
func (d *decoder) fill(p *plan, v reflect.Value, e *element) {
	for _, a := range e.attributes {
		d.attribute(p, v, e, a)
	}
	text := d.content(p, v, e)
	if p.text != nil {
		v.Field(p.text.index).SetString(strings.Trim(text, blank))
	} else if strings.Trim(text, blank) != "" {
		d.report(codeSchema, e, "<%s> holds text, which Twilio ignores", e.name)
	}
	d.check(v, e)
}

// attribute reads one attribute into its field.
func (d *decoder) attribute(p *plan, v reflect.Value, e *element, given pair) {
	i := slices.IndexFunc(p.attributes, func(a attribute) bool { return a.name == given.name })
	if i < 0 {
		if !foreignAttribute(given.name) {
			d.report(codeSchema, e, "<%s> has no attribute %s%s", e.name, given.name, d.didYouMean(given.name, p))
		}
		return
	}
	a := &p.attributes[i]
	problem, code := a.rule.broken(given.value)
	if problem != "" && !(given.value == "" && a.optional) {
		d.report(code, e, "%s of <%s> is %q, %s; Twilio takes it as absent", a.name, e.name, given.value, problem)
		return
	}
	a.set(v, given.value)
}

// set stores a value that has been checked.
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
		switch {
		case c.child == nil:
			text.WriteString(c.text)
		case d.inside(e, c.child, p, &text):
		case p.children == nil:
			d.report(codeSchema, c.child, "<%s> stands inside <%s>, where Twilio ignores it", c.child.name, e.name)
		default:
			d.child(p.children, v.Field(p.children.index), e, c.child)
		}
	}
	return text.String()
}

// inside reads the elements that are no verbs, nouns or parameters: those of
// speech, whose text is the text of the Say around them, the element that holds
// a Client's identity, and those that Twilio knows and this package passes over.
func (d *decoder) inside(parent, child *element, p *plan, text *strings.Builder) bool {
	switch {
	case parent.name == "Say" && slices.Contains(speechMarkup, child.name):
		spoken(child, text)
	case p.text != nil && p.text.element == child.name:
		spoken(child, text)
	case slices.Contains(ignoredInside[parent.name], child.name):
	default:
		return false
	}
	return true
}

// spoken appends the text inside of e. Where speech pauses, words are apart.
func spoken(e *element, text *strings.Builder) {
	apart := e.name == "break" || e.name == "p" || e.name == "s"
	if apart {
		text.WriteByte(' ')
	}
	for _, c := range e.content {
		text.WriteString(c.text)
		if c.child != nil {
			spoken(c.child, text)
		}
	}
	if apart {
		text.WriteByte(' ')
	}
}

// child reads one verb, noun or parameter and appends it to the slice list.
func (d *decoder) child(c *childField, list reflect.Value, parent, e *element) {
	if c.kind == "parameters" {
		if e.name != "Parameter" {
			d.report(codeSchema, e, "<%s> stands inside <%s>, where Twilio ignores it", e.name, parent.name)
			return
		}
		v := reflect.New(list.Type().Elem()).Elem()
		d.fill(d.other[e.name], v, e)
		list.Set(reflect.Append(list, v))
		return
	}
	known, foreign := d.verbs, foreignVerbs
	if c.kind == "nouns" {
		known, foreign = d.nouns, foreignNouns
	}
	p := known[e.name]
	switch {
	case len(c.allow) > 0 && !slices.Contains(c.allow, e.name) && d.isKnown(e.name):
		d.report(c.code, e, "<%s> stands inside <%s>, which takes only %s", e.name, parent.name, strings.Join(c.allow, ", "))
	case p != nil:
		v := reflect.New(p.goType)
		d.fill(p, v.Elem(), e)
		list.Set(reflect.Append(list, v))
	case slices.Contains(foreign, e.name):
		list.Set(reflect.Append(list, reflect.ValueOf(&Foreign{Name: e.name})))
	case c.code != 0 && d.isKnown(e.name):
		d.report(c.code, e, "<%s> stands inside <%s>, which does not take it", e.name, parent.name)
	default:
		d.report(codeSchema, e, "there is no <%s> in <%s>%s; Twilio skips it", e.name, parent.name, d.didYouMean(e.name, nil))
	}
}

// isKnown tells whether Twilio knows a verb or noun of the name.
func (d *decoder) isKnown(name string) bool {
	return d.verbs[name] != nil || d.nouns[name] != nil ||
		slices.Contains(foreignVerbs, name) || slices.Contains(foreignNouns, name)
}

// didYouMean suggests the right case for a name: of an attribute of p or, where
// p is nil, of a verb or noun.
func (d *decoder) didYouMean(name string, p *plan) string {
	var names []string
	if p != nil {
		for _, a := range p.attributes {
			names = append(names, a.name)
		}
	} else {
		for n := range d.verbs {
			names = append(names, n)
		}
		for n := range d.nouns {
			names = append(names, n)
		}
	}
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return "; write " + n
		}
	}
	return ""
}
