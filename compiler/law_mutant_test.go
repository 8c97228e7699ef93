package compiler

// Law: whatever is altered in a document by hand, the walk or the descriptions
// tell, every time.

import (
	"flag"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// salted is the bundle of an example, in which the names of folders say nothing
// of what is in them.
func salted(t testing.TB, example string) *bundle.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("../examples/" + example)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: projectLine.ReplaceAll(text, []byte("$0\n  salt = \"pepper\""))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	result, diags := Compile(Input{Files: files})
	if result.Bundle == nil {
		t.Fatal(diags)
	}
	return result.Bundle
}

var projectLine = regexp.MustCompile(`(?m)^project "[^"]*" \{`)

var (
	mutants = flag.Int("mutants", deep.Or(54, 220, 700), // one of each kind, or many
		"how many altered bundles are walked")
	mutantSeed = flag.Uint64("mutant-seed", 1, "of the chance by which they are altered")
)

// TestMutants alters documents of the examples as somebody with a text editor
// would, makes the manifest anew, and looks whether the walk or the descriptions
// tell: every time. The calls by which the walk tells come to the same documents
// when they are played.
func TestMutants(t *testing.T) {
	rng := rand.New(rand.NewPCG(*mutantSeed, 2))
	var sources []*mutator
	for _, example := range []string{"zillum", "zillum-pt", "zillum", "zillum-pt", "clinic"} { // the clinic takes longer
		sources = append(sources, &mutator{Rand: rng, b: salted(t, example)})
	}
	kinds := &mutator{Rand: rng, b: kindsBundle(t)}
	sources = append(sources, kinds)
	ways := slices.Concat(mutations, listMutations)
	if *mutants < len(ways) {
		t.Logf("%d of %d ways", *mutants, len(ways))
	}
	for _, s := range sources {
		if text := faultOf(t, s.b); text != "" {
			t.Fatalf("there is a fault where nothing was altered: %s", text)
		}
	}
	byWalk, byDescription, played, laws := 0, 0, 0, map[explorer.Law]int{}
	for i := range *mutants {
		way, first := i%len(ways), i/len(ways)
		if way >= len(mutations) {
			first += len(sources) - 1 // the one with all kinds
		}
		m := mutantOf(t, sources, first, ways[way])
		handler := onTime(m.Bundle)
		r, err := explorer.Explore(t.Context(), explorer.Survey{Handler: handler, Bundle: m.Bundle})
		if err != nil {
			t.Fatal(err)
		}
		unlike, err := undescribed(m.Bundle, fetch.Access{Handler: handler, BaseURL: m.Manifest.BaseURL})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Violations) > 0 {
			byWalk++
		}
		if len(unlike) > 0 {
			byDescription++
		}
		if len(r.Violations)+len(unlike) == 0 {
			t.Errorf("not found: %s\n%s", m, m.text)
		}
		for law := range lawsOf(r) {
			laws[law]++
		}
		played += replay(t, m.Bundle, r)
	}
	if played == 0 {
		t.Error("no violation was played")
	}
	t.Logf("%d mutants in %d ways; %d found by the walk, %d by the descriptions; by law: %v; %d calls were played",
		*mutants, len(ways), byWalk, byDescription, laws, played)
}

// onTime answers from a bundle, at the times of the calls.
func onTime(b *bundle.Bundle) *router.Handler {
	handler := router.New(b)
	handler.Clock = func(r *http.Request) time.Time { return fetch.TimeOf(r.Context()) }
	return handler
}

// faultOf is what the walk or the descriptions find in a bundle, if they find anything.
func faultOf(t *testing.T, b *bundle.Bundle) string {
	t.Helper()
	r, err := explorer.Explore(t.Context(), explorer.Survey{Handler: onTime(b), Bundle: b})
	if err != nil {
		t.Fatal(err)
	}
	unlike, err := undescribed(b, fetch.Access{Handler: onTime(b), BaseURL: b.Manifest.BaseURL})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Violations {
		unlike = append(unlike, v.Text)
	}
	return strings.Join(unlike, "\n")
}

// lawsOf are the laws that a report finds broken.
func lawsOf(r *explorer.Report) map[explorer.Law]bool {
	laws := map[explorer.Law]bool{}
	for _, v := range r.Violations {
		laws[v.Law] = true
	}
	return laws
}

// replay plays the calls of a report's violations, and looks whether they come to
// the same documents. It returns how many could be played.
func replay(t *testing.T, b *bundle.Bundle, r *explorer.Report) int {
	t.Helper()
	played := 0
	for _, v := range r.Violations {
		if !v.Playable || len(v.Call.Events) == 0 {
			continue
		}
		played++
		m := &b.Manifest
		s := simulator.Scenario{
			Start: v.Start, Handler: onTime(b), BaseURL: m.BaseURL, Numbers: simulator.NumbersOf(m), Queues: simulator.QueuesOf(m),
			People: map[string]simulator.Person{},
			Calls:  []simulator.Call{{From: v.Call.From, To: v.Call.To, Person: simulator.Follow(v.Press)}},
		}
		for address, callee := range v.Callees {
			s.People[address] = simulator.Respond(callee)
		}
		transcripts, err := simulator.Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		got, want := requested(transcripts[0]), requested(v.Call)
		if len(got) > len(want) {
			got = got[:len(want)]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s: %s\n-press %q %v: -walked +played:\n%s\n%s", v.Law, v.Document, v.Text, v.Press, v.Callees, diff,
				v.Call.Text(simulator.TextOptions{Width: 120, All: true}))
		}
	}
	return played
}

// requested lists what a call asked for.
func requested(t simulator.Transcript) []string {
	var all []string
	for _, e := range t.Events {
		if e.Kind == simulator.Requests {
			all = append(all, e.Text)
		}
	}
	return all
}
