package compiler

// Laws of bundles whose decisions are answered elsewhere.

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

const draftDecisions = "https://calls-1234.twil.io/decide"

// elsewhere lets a Twilio Function answer the decisions of a draft.
func (d *draft) elsewhere() *draft {
	i := slices.IndexFunc(d.blocks, func(b *draftBlock) bool { return b.kind == "hosting" })
	if i < 0 {
		i = len(d.blocks)
		d.add("hosting")
	}
	d.blocks[i].set("base_url", quoted(strings.TrimSuffix(draftURL, "/")))
	d.blocks[i].set("router", quoted(resolve.RouterFunction))
	d.blocks[i].set("decisions_url", quoted(draftDecisions))
	return d
}

// Law: every link to a decision is the address of the router with one that the
// bundle answers, and no document names a decision otherwise. What answers a
// number is a document.
func TestLawDecisionsElsewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, closedDrafts().Draw(t, "configuration").elsewhere())
		asked := false
		for _, path := range paths(s.documents) {
			for _, l := range links(s.documents[path].Verbs) {
				asked = checkDecisionLink(t, s, path, l.url) || asked
			}
		}
		for _, n := range s.Manifest.Numbers {
			if _, ok := bundle.DecisionAt(n.Answer); ok {
				t.Fatalf("%s is answered by a decision, %s", n.Name, n.Answer)
			}
		}
		if asked && s.Manifest.BaseURL != strings.TrimSuffix(draftURL, "/") {
			t.Fatalf("the base URL is %q, and the router redirects to it", s.Manifest.BaseURL)
		}
	})
}

// checkDecisionLink fails the test if a link of a document asks for a decision
// that nothing answers. It reports whether the link asks for one.
func checkDecisionLink(t *rapid.T, s *site, path, link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !strings.HasPrefix(link, draftDecisions) {
		if _, ok := bundle.DecisionAt(u.Path); ok && !u.IsAbs() {
			t.Fatalf("%s names the decision %s", path, link)
		}
		return false
	}
	at := u.Query().Get(bundle.AtParameter)
	d, ok := bundle.DecisionAt(at)
	if !ok || u.Query().Get(bundle.AskParameter) != d.Name || link != d.Link(draftDecisions) {
		t.Fatalf("%s: the link %s is no decision", path, link)
	}
	for _, answer := range d.Answers() {
		if _, ok := s.Data[d.Document(answer)]; !ok {
			t.Fatalf("%s: the decision %s has no answer %s", path, at, answer)
		}
	}
	return true
}

// Law: the hash of a component is that of its documents, in which zeros stand
// for the hash itself.
func TestLawHashElsewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := closedDrafts().Draw(t, "configuration").elsewhere()
		d.blocks[slices.IndexFunc(d.blocks, func(b *draftBlock) bool { return b.kind == "project" })].set("salt", quoted("pepper"))
		b := accepted(t, d)
		files := map[string]map[string][]byte{}
		for _, f := range b.Manifest.Files {
			directory, name, _ := strings.Cut(f.Path, "/")
			if directory == "audio" {
				continue
			}
			i := strings.LastIndexByte(directory, '-')
			text := strings.ReplaceAll(string(b.Data[f.Path]), directory, directory[:i+1]+strings.Repeat("0", 26))
			if files[directory] == nil {
				files[directory] = map[string][]byte{}
			}
			files[directory][name] = []byte(text)
		}
		for directory, list := range files {
			inOrder := func(yield func(string, []byte) bool) {
				for _, name := range slices.Sorted(maps.Keys(list)) {
					if !yield(name, list[name]) {
						return
					}
				}
			}
			if hash := bundle.ComponentHash("pepper", inOrder); !strings.HasSuffix(directory, "-"+hash) {
				t.Fatalf("the hash of %s is %s", directory, hash)
			}
		}
	})
}

// Law: who serves the bundle may answer the decisions beside the documents
// whatever the configuration says, and nothing else changes.
func TestLawServedHere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := closedDrafts().Draw(t, "configuration")
		d.baseURL = draftURL
		want := tree(accepted(t, d))
		in := d.elsewhere().input(d.files())
		in.Answers = true
		result, diags := Compile(in)
		if diags.HasErrors() {
			t.Fatal(listed(diags))
		}
		if got := tree(result.Bundle); !maps.Equal(got, want) {
			t.Fatal("the bundle that is served here is another")
		}
	})
}
