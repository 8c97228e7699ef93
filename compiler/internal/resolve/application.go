package resolve

// Resolving applications: where a call is handed over, and how it comes back.

import (
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// applications are resolved into nodes.
var applications = nodesOf(
	func(c *config.Config) []config.ApplicationBlock { return c.Applications },
	func(b config.ApplicationBlock) *model.ApplicationNode {
		return &model.ApplicationNode{Name: b.Name, At: b.Range}
	},
	(*resolver).application,
)

// application resolves an application.
func (r *resolver) application(a *model.ApplicationNode, b config.ApplicationBlock) {
	if !isWord(b.Name) {
		r.diags.Report("IVR486", b.Range, "The name of an application stands in addresses, so it consists of at most %d of the characters a to z, 0 to 9 and _. Rename %s.", bundle.LongestWord, b.Name)
	}
	r.eval.Require(b.Range, b.URL, "url", "It says whom the call is handed to.")
	r.eval.Require(b.Range, b.OnFailure, "on_failure", "It says where callers go if the application cannot be reached, or answers something else.")
	if text, at, ok := r.text(b.URL); ok && checkURL(r.diags, text, at) {
		a.URL = text
		r.checkParameters(text, at)
	}
	a.OnFailure = r.destination(b.OnFailure)
	r.results(a, b)
}

// checkParameters reports an address that has one of the parameters that are added.
func (r *resolver) checkParameters(text string, at hcl.Range) {
	u, err := url.Parse(text)
	if err != nil {
		return
	}
	if u.Fragment != "" {
		r.diags.Report("IVR486", at, "An address with a fragment (#) cannot be told where to return to. Remove it.")
	}
	for _, name := range []string{bundle.ApplicationMark, "return", "keys", "secret"} {
		if u.Query().Has(name) {
			r.diags.Report("IVR486", at, "The parameter %s is added to this address, so it cannot have one of that name. Rename yours.", name)
		}
	}
}

// results resolves the answers of an application.
func (r *resolver) results(a *model.ApplicationNode, b config.ApplicationBlock) {
	if len(b.Results) == 0 && !r.eval.HoldsUnknown[b.Range] {
		r.diags.Report("IVR486", b.Range, "This application has no result, so its callers could only fail. Add one: result \"done\" { to = menu.main }.")
	}
	first := map[string]hcl.Range{}
	var names []string
	for _, x := range b.Results {
		other, twice := first[x.Name]
		first[x.Name] = x.Range
		r.eval.Require(x.Range, x.To, "to", "Callers with this result could go nowhere.")
		to, language := r.destination(x.To), r.callLanguage(x.Language)
		switch {
		case twice:
			r.diags.Report("IVR401", x.Range, "The result %s stands in this application already, at %s. A caller could be led to only one of the two.", x.Name, diagnostic.Place(other))
		case !isWord(x.Name) || x.Name == bundle.OtherAnswer || x.Name == bundle.Otherwise || x.Name == "star" || x.Name == "pound":
			r.diags.Report("IVR486", x.Range, "A result consists of at most %d of the characters a to z, 0 to 9 and _, and is none of other, star and pound. Rename %q.", bundle.LongestWord, x.Name)
		case to != nil:
			to.Language = language
			a.Results = append(a.Results, &model.ApplicationResult{Name: x.Name, Link: *to})
			names = append(names, x.Name)
		}
	}
	slices.SortFunc(a.Results, func(a, b *model.ApplicationResult) int { return strings.Compare(a.Name, b.Name) })
	checkLimit(r.diags, &model.LimitList, r.model.Project.Profile, len(strings.Join(names, ".")), b.Range)
}

// isWord reports whether a name can be a word of a decision's list.
func isWord(name string) bool {
	return name != "" && len(name) <= bundle.LongestWord && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// openEntry resolves where the digits of an entry go that has no codes.
func (r *resolver) openEntry(m *model.MenuNode, b config.EntryBlock) {
	m.Secret, _ = r.boolean(b.Secret)
	if b.To == nil {
		r.idle(b.Digits, "The codes of this entry say how many digits there are. Remove digits.")
		if m.Secret {
			r.diags.Report("IVR485", b.Secret.Expr.Range(), "The codes of this entry stand in addresses, so nothing that callers enter is secret. Let an application compare the digits: to = application.NAME.")
		}
		return
	}
	r.eval.Require(b.Range, b.Digits, "digits", "The application gets the digits when there are so many, or when callers press the finish key.")
	r.integer(b.Digits, &m.Longest, &model.LimitDigits)
	to := r.destination(b.To)
	if to == nil {
		return
	}
	if _, ok := to.To.(*model.ApplicationNode); !ok {
		r.diags.Report("IVR485", to.At, "The digits of an entry go to an application, and %s is none. To lead certain digits on, write code blocks.", to.To.Address())
		return
	}
	if len(b.Codes) > 0 {
		r.diags.Report("IVR485", to.At, "An entry has either codes or an application that gets the digits. Remove to, or the codes.")
		return
	}
	m.Open = to
}

// checkApplications reports applications of which nobody could tell, when they fail, in
// which language their callers go on.
func (t *translation) checkApplications() {
	languages := map[*model.ApplicationNode][]string{} // of the calls that come to each
	for key := range t.nodes {
		if a, ok := key.node.(*model.ApplicationNode); ok {
			languages[a] = append(languages[a], key.language)
		}
	}
	for _, b := range t.config.Applications {
		a := t.resolver.nodes[bundle.KindApplication+"."+b.Name].(*model.ApplicationNode)
		tags := slices.Sorted(slices.Values(languages[a]))
		t.diags.Within = a.Address()
		for _, tag := range tags {
			word := a.Word(tag)
			switch _, taken := t.resolver.nodes[bundle.KindApplication+"."+word]; {
			case taken:
				t.diags.Report("IVR497", b.Range, "Calls in %s come here, and when %s fails, it is called %s there, so that they go on in %s. That is the name of another application, and callers of the one would go on where the other leads. Rename one of them.", tag, a.Address(), word, tag)
			case len(word) > bundle.LongestWord && (t.visited[a] || len(tags) > 1):
				t.diags.Report("IVR497", b.Range, "Calls in several languages come here. When %s fails, it would have to be called %s for those in %s, and a name in an address has at most %d characters, so callers would go on in a language that is not theirs. Shorten its name to %d characters.", a.Address(), word, tag, bundle.LongestWord, bundle.LongestWord-len(word)+len(a.Name))
			}
		}
	}
}
