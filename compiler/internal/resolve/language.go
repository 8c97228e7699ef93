package resolve

// The language of a call. It is the project's, until a number or an option says
// another; from there on all that is built in is said in that language, and so is
// every text that has a translation. Blocks are resolved once, in the project's
// language. Then every call is followed from its number, and a block that comes up in
// another language gets a second node, with the same address:
//
//	menu.language ──1──▶ menu.main            "Press 1 for sales."
//	              ──2──▶ menu.main (es-MX)    "Para ventas, oprima 1."
//
// So all that comes later finds a graph in which each node speaks one language, and
// need not know how that came about.

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// An announcement is what a menu says about a key, and what the key is for.
type announcement struct {
	label  string
	prompt *model.MessageNode
}

// A translation makes the nodes of calls in other languages than the project's.
type translation struct {
	*resolver
	nodes   map[spokenNode]model.Node
	origin  map[model.Node]model.Node // the node in the project's language, by its copies
	visited map[model.Node]bool       // nodes in the project's language
	built   map[spokenText]*model.MessageNode
	back    map[model.Node]*model.Project // the language of the menu to which a menu leads back
	warned  map[spokenText]bool
	pending []func()
}

// A spokenNode is a node in a language.
type spokenNode struct {
	node     model.Node
	language string
}

// A spokenText is something that is said in a language: the name of a built-in text,
// or where the text stands.
type spokenText struct {
	of, language string
	at           hcl.Range
}

// speak follows the calls of all numbers, and makes the nodes that they meet. Without
// a second language there is nothing to do.
func (r *resolver) speak() {
	if !r.switches {
		return
	}
	r.model.Spoken = map[model.Node]*model.Project{}
	t := &translation{
		resolver: r, nodes: map[spokenNode]model.Node{}, origin: map[model.Node]model.Node{}, visited: map[model.Node]bool{},
		built: map[spokenText]*model.MessageNode{}, back: map[model.Node]*model.Project{}, warned: map[spokenText]bool{},
	}
	for _, n := range r.model.Numbers {
		p := r.projectIn(n.Language)
		n.Offline, n.Fallback = t.message(n.Offline, p), t.message(n.Fallback, p)
		n.To, n.Anonymous, n.FallsBack = t.link(n.To, p), t.link(n.Anonymous, p), t.link(n.FallsBack, p)
	}
	for len(t.pending) > 0 {
		next := t.pending[0]
		t.pending = t.pending[1:]
		next()
	}
	t.checkApplications()
	for _, language := range slices.Sorted(maps.Keys(r.projects)) {
		p := r.projects[language]
		p.Goodbye = t.message(r.model.Project.Goodbye, p)
	}
	slices.SortStableFunc(r.model.Nodes, func(a, b model.Node) int { return strings.Compare(a.Address(), b.Address()) })
}

// projectIn is the project in a language, which has built-in texts; in its own for "".
func (r *resolver) projectIn(language string) *model.Project {
	home := r.model.Project
	if language == "" || language == home.Language {
		return home
	}
	if p := r.projects[language]; p != nil {
		return p
	}
	p := *home
	p.Texts, p.Language, p.Voice, p.Home = r.textsIn(language), language, r.voiceOf(language), home
	r.projects[language] = &p
	return &p
}

// node is a node as calls in a language meet it.
func (t *translation) node(n model.Node, p *model.Project) model.Node {
	if n == nil || model.Ends(n) {
		return n
	}
	if first := t.origin[n]; first != nil {
		n = first
	}
	if p.Home == nil {
		if !t.visited[n] {
			t.visited[n] = true
			t.pending = append(t.pending, func() { t.retell(n, n, p) })
		}
		return n
	}
	key := spokenNode{n, p.Language}
	if known := t.nodes[key]; known != nil {
		return known
	}
	copied := reflect.New(reflect.TypeOf(n).Elem())
	copied.Elem().Set(reflect.ValueOf(n).Elem())
	c := copied.Interface().(model.Node)
	t.nodes[key], t.origin[c] = c, n
	t.model.Spoken[c] = p
	t.model.Nodes = append(t.model.Nodes, c)
	t.pending = append(t.pending, func() { t.retell(c, n, p) })
	return c
}

// link is a way on as calls in a language take it.
func (t *translation) link(l *model.Link, p *model.Project) *model.Link {
	if l == nil {
		return nil
	}
	led := *l
	if led.Language != "" {
		p = t.projectIn(led.Language)
	}
	led.To = t.node(led.To, p)
	return &led
}

// message is what calls in a language hear for a message. One with a name is a node,
// because calls can be led to it.
func (t *translation) message(m *model.MessageNode, p *model.Project) *model.MessageNode {
	switch {
	case m == nil:
		return nil
	case m.Of != nil:
		m = m.Of
	}
	if m.Name != "" {
		return t.node(m, p).(*model.MessageNode)
	}
	return t.words(m, p)
}

// words is what a message says in a language.
func (t *translation) words(m *model.MessageNode, p *model.Project) *model.MessageNode {
	said := m.In[p.Language]
	switch {
	case said != nil:
		return said
	case m.In != nil:
		t.lacks(m.At, p, slices.Sorted(maps.Keys(m.In)))
	case p.Home == nil:
	case m.Builtin != "":
		key := spokenText{of: m.Builtin, language: p.Language}
		if t.built[key] == nil {
			t.built[key] = p.Said(m.Builtin)
		}
		return t.built[key]
	case m.Text != "" && m.Language != p.Language && m.At != hcl.Range{}:
		t.foreign(m.At, m.Language, p)
	}
	return m
}

// lacks reports a text that has no translation into the language of a call.
func (t *translation) lacks(at hcl.Range, p *model.Project, has []string) {
	t.diags.Report("IVR441", at, "Calls in %s hear this text, and it exists in %s only. Add %q, or lead these calls elsewhere.", p.Language, strings.Join(has, " and "), p.Language)
}

// foreign warns, once for each language, of a text in another language than the call's.
func (t *translation) foreign(at hcl.Range, language string, p *model.Project) {
	key := spokenText{language: p.Language, at: at}
	if t.warned[key] {
		return
	}
	t.warned[key] = true
	t.diags.Report("IVR640", at, "Calls in %s hear this text, and it is in %s. Give it in both languages: { %q = \"…\", %q = \"…\" }.", p.Language, language, language, p.Language)
}

// retell puts into a node what calls in a language hear there, and where it leads
// them. First is the node in the project's language.
func (t *translation) retell(n, first model.Node, p *model.Project) {
	t.diags.Within = n.Address()
	switch n := n.(type) {
	case *model.MessageNode:
		said := t.words(first.(*model.MessageNode), p)
		n.Text, n.Voice, n.Language, n.Audio, n.URL, n.Duration = said.Text, said.Voice, said.Language, said.Audio, said.URL, said.Duration
		n.Parts = slices.Clone(n.Parts)
		for i, part := range n.Parts {
			n.Parts[i] = t.message(part, p)
		}
		n.Then = t.link(n.Then, p)
		return
	case *model.MenuNode:
		t.values(reflect.ValueOf(n).Elem(), p, "BackTo")
		t.announce(n.Options, first, p)
		if from := t.back[n]; n.BackTo != nil && from != nil {
			n.BackTo = t.node(n.BackTo, from).(*model.MenuNode)
		} else if n.BackTo != nil {
			n.BackTo = t.node(n.BackTo, p).(*model.MenuNode)
		}
		return
	case *model.QueueNode:
		t.values(reflect.ValueOf(n).Elem(), p, "")
		t.announce(n.Options, first, p)
		t.checkAnnouncement(n, p)
		return
	case *model.VoicemailNode:
		if n.Transcribe && p.Home != nil && !strings.HasPrefix(p.Language, "en") {
			t.diags.Report("IVR610", n.At, "Calls in %s come here, and Twilio transcribes American English only; what these callers say comes out wrong. Leave transcribe away, or lead them to another voicemail.", p.Language)
		}
	}
	t.values(reflect.ValueOf(n).Elem(), p, "")
}

// checkAnnouncement reports an announcement that takes too long in the language of
// a call.
func (t *translation) checkAnnouncement(q *model.QueueNode, p *model.Project) {
	length := model.AnnouncementTime(q.Announce)
	switch {
	case p.Home == nil || q.Announce == nil:
	case length+time.Second > q.Every:
		t.diags.Report("IVR424", cmp.Or(q.Announce.At, q.At), "In %s this announcement takes about %s, and the next one begins %s after it began, so callers would hear nothing else. Shorten it, or make every longer.", p.Language, script.Duration(length.Round(time.Second)), script.Duration(q.Every))
		q.Announce = nil
	case q.Music != nil && q.Music.URL != "" && q.Music.Duration > q.Every-length:
		t.diags.Report("IVR424", cmp.Or(q.Announce.At, q.At), musicTooLong, script.Duration(q.Music.Duration), script.Duration((q.Every - length).Truncate(time.Second)))
		q.Music = nil
	}
}

// announce puts into the options of a menu or a queue what is said about them in a
// language. What an option leads to in another language is announced in that.
func (t *translation) announce(options []*model.MenuOption, first model.Node, p *model.Project) {
	for _, o := range options {
		in := p
		if o.Language != "" {
			in = t.projectIn(o.Language)
		}
		if say := t.announced[first][o.Key]; say != nil {
			if a, ok := say(in); ok {
				o.Label, o.Prompt = a.label, a.prompt
			}
		}
		if child, ok := model.Behind(o.To).(*model.MenuNode); ok && in != p && t.back[child] == nil {
			t.back[child] = p
		}
	}
}

// values replaces every message, link and node in a value by that of a language, but
// for one field.
func (t *translation) values(v reflect.Value, p *model.Project, except string) {
	for i := range v.NumField() {
		if f := v.Field(i); f.CanSet() && holdsSpeech(f.Type()) && v.Type().Field(i).Name != except {
			t.value(f, p)
		}
	}
}

func (t *translation) value(f reflect.Value, p *model.Project) {
	switch x := f.Interface().(type) {
	case *model.MessageNode:
		f.Set(reflect.ValueOf(t.message(x, p)))
		return
	case *model.Link:
		f.Set(reflect.ValueOf(t.link(x, p)))
		return
	case model.Link:
		f.Set(reflect.ValueOf(*t.link(&x, p)))
		return
	case model.Node:
		if !f.IsNil() {
			f.Set(reflect.ValueOf(t.node(x, p)))
		}
		return
	}
	switch f.Kind() {
	case reflect.Struct:
		t.values(f, p, "")
	case reflect.Pointer:
		if !f.IsNil() {
			copied := reflect.New(f.Type().Elem())
			copied.Elem().Set(f.Elem())
			f.Set(copied)
			t.values(f.Elem(), p, "")
		}
	case reflect.Slice:
		list := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
		reflect.Copy(list, f)
		f.Set(list)
		for i := range list.Len() {
			t.value(list.Index(i), p)
		}
	}
}

var (
	messageType = reflect.TypeFor[*model.MessageNode]()
	linkType    = reflect.TypeFor[model.Link]()
	nodeType    = reflect.TypeFor[model.Node]()
	userType    = reflect.TypeFor[*model.PhoneUser]()
)

// holdsSpeech reports whether values of a type hold messages, links or nodes.
func holdsSpeech(t reflect.Type) bool {
	if t == messageType || t == linkType || t.Implements(nodeType) {
		return true
	}
	if t == userType { // the team is spoken to in its own language
		return false
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holdsSpeech(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsSpeech(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
