package simulator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A ruling is one rule of Twilio's voice, who says so, and what shows that the
// simulator keeps to it: scenarios of testdata/rules, a scenario of its own with
// what must be in its transcript, or a test.
//
// A source that begins with "voice/", "usage/" or "api/" is a page of
// https://www.twilio.com/docs/.
type ruling struct {
	of     string // what the rule is about: a verb, a noun, documents
	rule   string
	source string

	by     string   // scenarios of testdata/rules, separated by spaces
	app    app      // or one of its own,
	people string   // as the scenarios have it; default: a silent caller
	want   []string // with these in its transcript, in this order; "never X" is not there at all
	tests  []func(*testing.T)
}

// conformance is every rule that the simulator is held to.
func conformance() []ruling {
	return slices.Concat(documentRules, speechRules, gatherRules, dialRules, nounRules, queueRules, recordRules, otherRules)
}

// TestConformance shows every rule.
func TestConformance(t *testing.T) {
	rules := conformance()
	scenarios := map[string]bool{}
	kept := 0
	for _, r := range rules {
		t.Run(r.of+" "+r.rule, func(t *testing.T) {
			if r.source == "" || r.by == "" && r.want == nil && r.tests == nil {
				t.Fatal("the rule names no source, or nothing shows it")
			}
			for _, name := range strings.Fields(r.by) {
				scenarios[name] = true
				t.Run(name, func(t *testing.T) { playRule(t, filepath.Join("testdata/rules", name+".txtar")) })
			}
			if r.want != nil {
				r.play(t)
			}
			for _, test := range r.tests {
				t.Run("test", test)
			}
			if !t.Failed() {
				kept++
			}
		})
	}
	files, _ := filepath.Glob("testdata/rules/*.txtar")
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txtar"); !scenarios[name] {
			t.Errorf("testdata/rules/%s.txtar shows no rule of the table", name)
		}
	}
	t.Logf("%d rules of %d are kept, %d scenarios", kept, len(rules), len(files))
	if kept < len(rules) {
		t.Errorf("%d rules are not kept", len(rules)-kept)
	}
}

// play plays the rule's own scenario.
func (r ruling) play(t *testing.T) {
	people := r.people
	if people == "" {
		people = "call:"
	}
	s := scenarioOf(t, r.app, people)
	got := ruleTranscript(run(t, s))
	rest := got
	for _, want := range r.want {
		if never, found := strings.CutPrefix(want, "never "); found {
			if strings.Contains(got, never) {
				t.Errorf("%q is in the transcript:\n%s", never, got)
			}
			continue
		}
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Errorf("%q is not in the transcript, or not in this order:\n%s", want, got)
			return
		}
		rest = after
	}
}

// playRule plays one scenario of testdata/rules and compares its transcript.
func playRule(t *testing.T, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(archive.Comment, []byte("\nSource: ")) {
		t.Error("the rule names no source")
	}
	scenario, want := parseRule(t, archive)
	got := ruleTranscript(run(t, scenario))
	if *update {
		want.Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	differ(t, string(archive.Comment), string(want.Data), got)
}
