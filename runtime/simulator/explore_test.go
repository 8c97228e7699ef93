package simulator_test

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// compiled is the bundle of an example. With a salt, the names of its folders
// say nothing of what is in them.
func compiled(t testing.TB, example, salt string) *bundle.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("../../examples/" + example)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if salt != "" {
			text = projectLine.ReplaceAll(text, []byte("$0\n  salt = \""+salt+"\""))
		}
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	result, diags := compiler.Compile(compiler.Input{Files: files})
	if result.Bundle == nil {
		t.Fatal(diags)
	}
	return result.Bundle
}

var projectLine = regexp.MustCompile(`(?m)^project "[^"]*" \{`)

// explore walks a bundle as the router serves it.
func explore(t testing.TB, b *bundle.Bundle) *simulator.Report {
	t.Helper()
	report, err := simulator.Explore(t.Context(), simulator.Survey{Handler: router.New(b), Bundle: b})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func findings(r *simulator.Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s: %s\n%s\n", f.Law, f.Document, f.Text, f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
	}
	return b.String()
}

// TestExploreExamples walks everything that callers of the examples can come to.
func TestExploreExamples(t *testing.T) {
	for _, example := range []string{"zillum", "zillum-pt", "clinic", "branches"} {
		t.Run(example, func(t *testing.T) {
			if example == "branches" && testing.Short() {
				t.Skip("its 200 numbers take some seconds")
			}
			begin := time.Now()
			r := explore(t, compiled(t, example, ""))
			t.Logf("%d states, %d moves, %d documents, %d of the bundle are not reached; %s", r.States, r.Moves, r.Documents, len(r.Unreached), time.Since(begin))
			if len(r.Findings) > 0 {
				t.Errorf("%d findings:\n%s", len(r.Findings), findings(r))
			}
			if len(r.NotWalked) > 0 {
				t.Errorf("not walked: %q", r.NotWalked)
			}
			for _, n := range r.Numbers {
				if n.Calls.Sign() == 0 || n.Silent == 0 || n.States < 2 {
					t.Errorf("%+v", n)
				}
			}
		})
	}
}

// TestExploreFindsWhatIsNotWhole alters a bundle in ways that its own digests
// tell, without any call.
func TestExploreFindsWhatIsNotWhole(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(b *bundle.Bundle)
		says  string
	}{
		{"a document that was altered", func(b *bundle.Bundle) {
			b.Data[b.Manifest.Fallback] = []byte("<Response/>")
		}, "fallback.xml"},
		{"a folder that was altered, and the manifest with it", func(b *bundle.Bundle) {
			m := &mutator{b: b}
			*b = *m.with(b.Manifest.Fallback, string(b.Data[b.Manifest.Fallback])+"\n", false)
		}, "its name is not the digest"},
		{"numbers that were exchanged", func(b *bundle.Bundle) {
			n := b.Manifest.Numbers
			n[0].Answer, n[1].Answer = n[1].Answer, n[0].Answer
			b.Seal()
		}, "is not described as number."},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := compiled(t, "zillum", "")
			test.spoil(b)
			r := explore(t, b)
			for _, f := range r.Findings {
				if strings.Contains(f.Text, test.says) {
					return
				}
			}
			t.Errorf("no %q:\n%s", test.says, findings(r))
		})
	}
	// A host that serves something else than the bundle.
	b := compiled(t, "zillum", "")
	report, err := simulator.Explore(t.Context(), simulator.Survey{Handler: router.New(compiled(t, "zillum", "pepper")), Bundle: b})
	if err != nil || len(report.Findings) == 0 || report.Findings[0].Law != simulator.Whole {
		t.Errorf("another bundle is served, and the walk says %v, %v", report, err)
	}
}

var (
	mutants    = flag.Int("mutants", mutantCount, "how many altered bundles are walked")
	mutantSeed = flag.Uint64("mutant-seed", 1, "of the chance by which they are altered")
)

// TestMutants alters documents of the examples by hand, as it were, makes the
// manifest anew, and looks whether the walk finds it: every time.
func TestMutants(t *testing.T) {
	rng := rand.New(rand.NewPCG(*mutantSeed, 2))
	var sources []*mutator
	for _, example := range []string{"zillum", "zillum-pt", "zillum", "zillum-pt", "clinic"} { // the clinic takes longer
		sources = append(sources, &mutator{Rand: rng, b: compiled(t, example, "pepper")})
	}
	alone, together, played, laws := 0, 0, 0, map[simulator.Law]int{}
	for i := range *mutants {
		kind := mutations[i%len(mutations)]
		m := sources[i/len(mutations)%len(sources)].mutant(kind)
		if m == nil {
			t.Fatalf("there is nothing to be done by %q", kind.name)
		}
		r := explore(t, m.Bundle)
		if len(r.Findings) == 0 {
			t.Errorf("not found: %s\n%s", m, m.text)
			continue
		}
		together++
		found := map[simulator.Law]bool{}
		for _, f := range r.Findings {
			found[f.Law] = true
		}
		for law := range found {
			laws[law]++
		}
		if delete(found, simulator.Described); len(found) > 0 {
			alone++
		}
		played += replay(t, served(m.Bundle), r)
	}
	if played == 0 {
		t.Error("no finding was played")
	}
	t.Logf("%d mutants in %d ways, %d found, %d of them without the descriptions; by law: %v; %d calls were played", *mutants, len(mutations), together, alone, laws, played)
}

// replay plays the calls of a report's findings with Run, and looks whether they
// come to the same documents. It returns how many could be played.
func replay(t *testing.T, s simulator.Scenario, r *simulator.Report) int {
	t.Helper()
	played := 0
	for _, f := range r.Findings {
		if !f.Playable || len(f.Call.Events) == 0 {
			continue
		}
		played++
		s.Calls = []simulator.Call{{From: f.Call.From, To: f.Call.To, Person: follow(t, f.Press)}}
		s.People = map[string]simulator.Person{}
		for address, does := range f.Callees {
			s.People[address] = person(t, does)
		}
		got, want := requests(run(t, s)[0]), requests(f.Call)
		if len(got) > len(want) {
			got = got[:len(want)]
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s: %s\n-press %q %v: -walked +played:\n%s\n%s", f.Law, f.Document, f.Text, f.Press, f.Callees, diff,
				f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
		}
	}
	return played
}

// served is a scenario of a bundle and its router.
func served(b *bundle.Bundle) simulator.Scenario {
	s := simulator.Scenario{Handler: router.New(b), BaseURL: b.Manifest.BaseURL, Numbers: map[string]simulator.Number{}, Queues: map[string]int{}}
	for _, n := range b.Manifest.Numbers {
		s.Numbers[n.PhoneNumber] = simulator.Number{VoiceURL: n.Answer, VoiceMethod: "GET", FallbackURL: b.Manifest.Fallback, FallbackMethod: "GET"}
	}
	for _, q := range b.Manifest.Queues {
		s.Queues[q.FriendlyName] = q.MaxSize
	}
	return s
}

// requests lists what a call asked for.
func requests(tr simulator.Transcript) []string {
	var all []string
	for _, e := range only(tr, simulator.Requests) {
		all = append(all, e.Text)
	}
	return all
}

// BenchmarkExplore walks an example.
func BenchmarkExplore(b *testing.B) {
	for _, example := range []string{"zillum", "clinic"} {
		b.Run(example, func(b *testing.B) {
			built := compiled(b, example, "")
			for b.Loop() {
				explore(b, built)
			}
		})
	}
}

// TestExploreAsksForEveryOutcome checks that a walk leaves out no value of a
// decision, under either reading of what Twilio does not say.
func TestExploreAsksForEveryOutcome(t *testing.T) {
	l := &journal{app: app{
		"/":     `<Gather numDigits="1" finishOnKey="" action="key" method="GET"><Say>Press a key.</Say></Gather><Say>Goodbye.</Say>`,
		"/key":  `<Dial action="dial" method="GET"><Number url="ask" method="GET">` + alice + `</Number><Client>bob</Client></Dial>`,
		"/ask":  `<Gather numDigits="1" action="yes" method="GET"><Say>Press 1.</Say></Gather><Hangup/>`,
		"/yes":  ``,
		"/dial": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="queue" method="GET">q</Enqueue><Redirect method="GET">left</Redirect>`,
		"/wait": `<Say>Please hold.</Say><Leave/>`, "/left": `<Say>Goodbye.</Say>`,
		"/queue": `<Say>Leave a message.</Say><Record action="done" method="GET"/><Redirect method="GET">done</Redirect>`,
		"/done":  `<Say>Thank you.</Say>`,
	}}
	report, err := simulator.Explore(t.Context(), simulator.Survey{
		Handler: l, Numbers: map[string]simulator.Number{number: {VoiceURL: "/", VoiceMethod: "GET"}},
	})
	if err != nil || len(report.Findings) > 0 {
		t.Fatalf("%v: %s", err, findings(report))
	}
	asked := map[string]bool{}
	for _, r := range l.requests {
		f := r.Form
		asked[strings.Join([]string{r.URL.Path, f.Get("Digits"), f.Get("DialCallStatus"), f.Get("DialBridged"), f.Get("QueueResult"), f.Get("RecordingDuration")}, " ")] = true
	}
	for _, key := range strings.Split("1234567890*#", "") {
		if !asked["/key "+key+"    "] {
			t.Errorf("nobody has pressed %s", key)
		}
	}
	for _, d := range []string{"busy false", "no-answer false", "failed false", "canceled false", "answered true", "completed true", "completed false"} {
		if !asked["/dial  "+d+"  "] {
			t.Errorf("no Dial has come to %s", d)
		}
	}
	for _, q := range []string{"bridged", "bridging-in-process", "error", "hangup", "leave", "redirected", "redirected-from-bridged", "queue-full", "system-error", ""} {
		if !asked["/queue    "+q+" "] {
			t.Errorf("no queue has come to %q", q)
		}
	}
	for _, want := range []string{"/done     10", "/done     0", "/done hangup    10", "/left     "} {
		if !asked[want] {
			t.Errorf("not asked: %q of %v", want, asked)
		}
	}
}
