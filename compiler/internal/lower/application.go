package lower

// Lowering applications. A call is handed over by a link to the team's own address,
// with POST, and comes back to a decision, whose address goes along:
//
//	<Redirect method="POST">https://crm.example/account?ivrc_application=account&return=…/result-1~known.unknown</Redirect>
//
// An entry hands the digits of an attempt over, and each attempt has a decision of its
// own, so that a result that leads back to the entry counts as an attempt.

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

const post = "POST" // the method of what is not the bundle's

// An applicationLowering lowers one application that calls are led to.
type applicationLowering struct {
	*lowering
	s      *section
	app    *model.ApplicationNode
	record bool
}

func (l applicationLowering) entry(model.Node) []twiml.Verb {
	return []twiml.Verb{&twiml.Redirect{Method: post, URL: l.handOver(l.s, l.app, 1, nil)}}
}

func (l applicationLowering) fill() {
	s, a := l.s, l.app
	s.set("url", a.URL)
	s.add(bundle.HandOverName, &step{l.entry(nil), a.At})
	s.decide(results(a, 1, nil), l.failed(s, a, l.record), l.results(s, a, l.record))
	for _, r := range a.Results {
		l.goes(s, r.Name, "", &r.Link, l.record)
	}
	l.goes(s, "failure", "", a.OnFailure, l.record)
}

// results is what follows the results of an application.
func (l *lowering) results(s *section, a *model.ApplicationNode, record bool) map[string]*step {
	answers := map[string]*step{}
	for _, r := range a.Results {
		answers[r.Name] = l.enter(s, a, r.Link, record)
	}
	return answers
}

// failed is what follows when an application fails.
func (l *lowering) failed(s *section, a *model.ApplicationNode, record bool) *step {
	return l.finish(s, a, a.OnFailure, record, a.At)
}

// results is the name of the decision about an application's answer: to a call, or to
// the digits of an attempt at an entry.
func results(a *model.ApplicationNode, attempt int, m *model.MenuNode) string {
	var words []string
	for _, r := range a.Results {
		words = append(words, r.Name)
	}
	if m != nil {
		for _, o := range m.Options {
			words = append(words, bundle.KeyAnswer(string(o.Key)))
		}
	}
	return bundle.DecisionName(bundle.ResultName(attempt), words)
}

// handOver is the address at which an application is asked, symbolic as far as the
// address of the decision goes that it returns to.
func (l *lowering) handOver(s *section, a *model.ApplicationNode, attempt int, m *model.MenuNode) string {
	l.needBaseURL(a.At, "An application is told the address to which the call returns")
	mark := "?"
	if strings.Contains(a.URL, "?") {
		mark = "&"
	}
	address := a.URL + mark + bundle.ApplicationMark + "=" + a.Name
	if word := applicationWord(l.model, a); word != a.Name {
		address += "&" + bundle.ApplicationMark + "=" + word
	}
	if m != nil && len(m.Options) > 0 {
		address += "&keys=" + url.QueryEscape(m.OpenKeys())
	}
	if m != nil && m.Secret {
		address += "&secret=yes"
	}
	return "return:" + s.id + "/" + results(a, attempt, m) + " " + address
}

// linkReturn adds the address of the decision to which the call returns.
func (e *emission) linkReturn(rest string) string {
	decision, address, _ := strings.Cut(rest, " ")
	id, name, _ := strings.Cut(decision, "/")
	s := e.sections[id]
	e.absolute = true
	directory, known := e.directory[s]
	if !known {
		directory = e.self
	}
	return address + "&return=" + url.QueryEscape(e.model.Hosting.BaseURL+directory+"/"+bundle.AddSuffix(name, e.suffix[s]))
}

// open adds what follows the digits of an entry that an application gets.
func (l menuLowering) open(failed *step, k int, again *step) {
	s, m := l.s, l.menu
	a := m.Open.To.(*model.ApplicationNode)
	answers := l.results(s, a, l.record)
	for _, r := range a.Results {
		if r.To == model.Node(m) {
			answers[r.Name] = again
		}
	}
	for _, o := range m.Options {
		if o.To != nil {
			answers[bundle.KeyAnswer(string(o.Key))] = l.enter(s, m, o.Link, l.record)
		}
	}
	s.decide(results(a, k, m), failed, answers)
}

// applicationWord is what tells an application in the list of those that can fail. It
// stands last in the address.
func applicationWord(m *model.Model, a *model.ApplicationNode) string {
	if p := m.Spoken[a]; p != nil && len(a.Word(p.Language)) <= bundle.LongestWord {
		return a.Word(p.Language)
	}
	return a.Name // of a long name: its calls have one language
}

// A wayIn is an application, and the blocks from which calls can come to it.
type wayIn struct {
	application *model.ApplicationNode
	from        map[model.Node]bool
}

// waysIn finds, for each application, the blocks from which calls can come to it.
func waysIn(m *model.Model) []wayIn {
	var ways []wayIn
	for _, n := range m.Nodes {
		if a, ok := n.(*model.ApplicationNode); ok {
			ways = append(ways, wayIn{a, map[model.Node]bool{}})
		}
	}
	if len(ways) == 0 {
		return nil
	}
	before := map[model.Node][]model.Node{}
	for _, n := range m.Nodes {
		for _, w := range n.Ways(m.Project) {
			if w.To != nil {
				before[w.To] = append(before[w.To], n)
			}
		}
	}
	for _, w := range ways {
		for pending := []model.Node{w.application}; len(pending) > 0; {
			n := pending[len(pending)-1]
			pending = pending[:len(pending)-1]
			if !w.from[n] {
				w.from[n] = true
				pending = append(pending, before[n]...)
			}
		}
	}
	return ways
}

// applicationsOf are the applications that calls of a number can be handed to, in the
// order of their names.
func (l *lowering) applicationsOf(n *model.InboundNumber) []*model.ApplicationNode {
	var begin []model.Node
	for _, link := range []*model.Link{n.To, n.Anonymous} {
		if link != nil && n.Offline == nil {
			begin = append(begin, link.To)
		}
	}
	if n.FallsBack != nil {
		begin = append(begin, n.FallsBack.To)
	}
	var found []*model.ApplicationNode
	for _, w := range l.waysIn() {
		if slices.ContainsFunc(begin, func(b model.Node) bool { return w.from[b] }) {
			found = append(found, w.application)
		}
	}
	word := func(a *model.ApplicationNode) string { return applicationWord(l.model, a) }
	slices.SortStableFunc(found, func(a, b *model.ApplicationNode) int { return strings.Compare(word(a), word(b)) })
	return slices.CompactFunc(found, func(a, b *model.ApplicationNode) bool { return word(a) == word(b) })
}

// failures is the name of the decision which application has failed.
func failures(m *model.Model, n *model.InboundNumber, applications []*model.ApplicationNode) string {
	var names []string
	for _, a := range applications {
		names = append(names, applicationWord(m, a))
	}
	if someApplication(m, n, applications) != nil {
		names = append(names, bundle.DocumentAnswer)
	}
	return bundle.DecisionName(bundle.FailureName, names)
}

// someApplication is the application that has failed where nobody can say which: one in
// the language of the number, if there is one. It is nil if they lead to several places.
func someApplication(m *model.Model, n *model.InboundNumber, applications []*model.ApplicationNode) *model.ApplicationNode {
	place := func(a *model.ApplicationNode) string {
		if a.OnFailure == nil || a.OnFailure.To == nil {
			return bundle.Hangup
		}
		return a.OnFailure.To.Address() + " " + a.OnFailure.Language
	}
	some := applications[0]
	for _, a := range applications {
		if place(a) != place(some) {
			return nil
		}
	}
	for _, a := range applications {
		if m.Speaking(a).Language == cmp.Or(n.Language, m.Project.Language) {
			return a
		}
	}
	return some
}
