package explorer_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// An app is a phone application: TwiML by path, without the Response around it.
// A document for one answer only has it in its name: "/key?Digits=1".
type app map[string]string

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, found := a[r.URL.Path]
	for _, name := range []string{"Digits", "DialCallStatus", "DialBridged", "QueueResult"} {
		if answer, listed := a[r.URL.Path+"?"+name+"="+r.FormValue(name)]; listed {
			body, found = answer, true
		}
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, "<Response>%s</Response>", body)
}

const number = "+14155550100"

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

// explore walks a bundle as the router serves it, at the times of the walk.
func explore(t testing.TB, b *bundle.Bundle) *explorer.Report {
	t.Helper()
	answers := router.New(b)
	answers.Clock = func(r *http.Request) time.Time { return fetch.TimeOf(r.Context()) }
	report, err := explorer.Explore(t.Context(), explorer.Survey{Handler: answers, Bundle: b})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func violations(r *explorer.Report) string {
	var b strings.Builder
	for _, f := range r.Violations {
		fmt.Fprintf(&b, "%s: %s: %s\n%s\n", f.Law, f.Document, f.Text, f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
	}
	return b.String()
}

// TestExamples walks everything that callers of the examples can come to.
func TestExamples(t *testing.T) {
	examples := []string{"zillum", "zillum-pt", "clinic", "branches"} // the 200 numbers of the last take some seconds
	for _, example := range examples[:deep.Or(3, 4)] {
		t.Run(example, func(t *testing.T) {
			begin := time.Now()
			r := explore(t, compiled(t, example, ""))
			t.Logf("%d states, %d moves, %d documents, %d of the bundle are not reached; %s", r.States, r.Moves, r.Documents, len(r.Unreached), time.Since(begin))
			if len(r.Violations) > 0 {
				t.Errorf("%d violations:\n%s", len(r.Violations), violations(r))
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

// TestFindsWhatIsNotWhole alters a bundle in ways that its own digests
// tell, without any call.
func TestFindsWhatIsNotWhole(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(b *bundle.Bundle)
		says  string
	}{
		{"a document that was altered", func(b *bundle.Bundle) {
			b.Data[b.Manifest.Fallback] = []byte("<Response/>")
		}, "fallback.xml"},
		{"a folder that was altered, and the manifest with it", func(b *bundle.Bundle) {
			name := b.Manifest.Fallback
			i := slices.IndexFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return f.Path == name })
			b.Data[name] = append(slices.Clone(b.Data[name]), '\n')
			b.Manifest.Files[i] = bundle.NewFile(name, b.Data[name])
			b.Seal()
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
			for _, f := range r.Violations {
				if strings.Contains(f.Text, test.says) {
					return
				}
			}
			t.Errorf("no %q:\n%s", test.says, violations(r))
		})
	}
	// A host that serves something else than the bundle.
	b := compiled(t, "zillum", "")
	report, err := explorer.Explore(t.Context(), explorer.Survey{Handler: router.New(compiled(t, "zillum", "pepper")), Bundle: b})
	if err != nil || len(report.Violations) == 0 || report.Violations[0].Law != explorer.Whole {
		t.Errorf("another bundle is served, and the walk says %v, %v", report, err)
	}
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
