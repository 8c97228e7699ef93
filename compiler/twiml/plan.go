package twiml

// A plan holds the tags of one struct, read once: what the encoder writes and the
// decoder accepts for one element. For
//
//	type Pause struct {
//		Length int `twiml:"length" range:"1..86400" code:"13910"`
//	}
//
// it holds the name Pause and one attribute in field 0: length, a number from 1 to
// 86400, otherwise fault 13910. The fields of an embedded struct count as fields of
// the struct that embeds it.

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A plan describes one element.
type plan struct {
	name       string
	goType     reflect.Type
	attributes []attribute // in the order of the struct
	text       *textField  // character data, if the element has any
	children   *childField // child elements, if the element has any
}

// An attribute is one field that is written as an attribute.
type attribute struct {
	name     string
	index    []int // of the field, through embedded structs
	kind     reflect.Kind
	optional bool // the field is a pointer, and only nil means that the attribute is absent
	url      bool
	rule     rule
}

// A textField is the field that holds an element's character data.
type textField struct {
	index   int
	url     bool
	element string // the child element that may hold the text
}

// A childField is the field that holds an element's child elements.
type childField struct {
	index int
	kind  string   // "verbs", "nouns" or "parameters"
	allow []string // nil allows all of the kind
	code  int      // of an element that is not allowed
}

// A language holds the plans of all elements, by type for the encoder and by name for
// the decoder.
type language struct {
	byType map[reflect.Type]*plan
	verbs  map[string]*plan
	nouns  map[string]*plan
	others map[string]*plan // Response, Parameter
	names  []string         // of every element that Twilio knows
}

// grammar returns the language, which it builds when it is first called.
var grammar = sync.OnceValue(func() *language {
	l := &language{
		byType: map[reflect.Type]*plan{},
		verbs:  map[string]*plan{},
		nouns:  map[string]*plan{},
		others: map[string]*plan{},
		names:  slices.Concat(foreignVerbs, foreignNouns),
	}
	for _, v := range []Verb{&Say{}, &Play{}, &Pause{}, &Gather{}, &Dial{}, &Enqueue{}, &Record{},
		&Redirect{}, &Hangup{}, &Leave{}, &Reject{}} {
		l.add(l.verbs, reflect.TypeOf(v).Elem())
	}
	for _, n := range []Noun{&Number{}, &Client{}, &Sip{}, &Queue{}, &Conference{}} {
		l.add(l.nouns, reflect.TypeOf(n).Elem())
	}
	l.add(l.others, reflect.TypeFor[Response]())
	l.add(l.others, reflect.TypeFor[Parameter]())
	return l
})

// add makes the plan of the element of type t and files it under its name.
func (l *language) add(names map[string]*plan, t reflect.Type) {
	p := &plan{name: t.Name(), goType: t}
	p.read(t, nil)
	l.byType[t] = p
	l.names = append(l.names, p.name)
	names[p.name] = p
}

// read appends the fields of t, a struct at the index path outer.
func (p *plan) read(t reflect.Type, outer []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(outer[:len(outer):len(outer)], i)
		if f.Anonymous {
			p.read(f.Type, index)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("twiml"), ",")
		kind, _, _ := strings.Cut(options, ",")
		url := options == "url" || strings.HasSuffix(options, ",url")
		switch {
		case name != "":
			p.attributes = append(p.attributes, newAttribute(name, index, f, url))
		case kind == "text":
			p.text = &textField{index: i, url: url, element: f.Tag.Get("element")}
		default:
			p.children = &childField{index: i, kind: kind, allow: strings.Fields(f.Tag.Get("allow")), code: code(f.Tag.Get("code"))}
		}
	}
}

func newAttribute(name string, index []int, f reflect.StructField, url bool) attribute {
	a := attribute{name: name, index: index, kind: f.Type.Kind(), url: url, rule: newRule(f.Tag)}
	if a.kind == reflect.Pointer {
		a.kind, a.optional = f.Type.Elem().Kind(), true
	}
	return a
}

// attribute returns the attribute with a name, nil if the element has none.
func (p *plan) attribute(name string) *attribute {
	for i := range p.attributes {
		if p.attributes[i].name == name {
			return &p.attributes[i]
		}
	}
	return nil
}

// field returns the attribute's field of the struct v.
func (a *attribute) field(v reflect.Value) reflect.Value {
	if len(a.index) == 1 {
		return v.Field(a.index[0])
	}
	return v.FieldByIndex(a.index)
}
