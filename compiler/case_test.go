package compiler

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ivrc/ivrc/compiler/bundle"
)

var update = flag.Bool("update", false, "rewrite the cases in testdata/case")

// Each file of testdata/case is one page: a configuration and what the compiler
// makes of it, stage by stage. With -update the pages are written anew, and then
// they are to be read.
func TestCases(t *testing.T) {
	pages, err := filepath.Glob("testdata/case/*.txtar")
	if err != nil || len(pages) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	for _, page := range pages {
		t.Run(strings.TrimSuffix(filepath.Base(page), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(page)
			if err != nil {
				t.Fatal(err)
			}
			got := casePage(archive)
			if diff := cmp.Diff(string(txtar.Format(archive)), got); diff != "" && !*update {
				t.Errorf("(-page +compiler) go test ./compiler -run TestCases -update rewrites the page\n%s", diff)
			}
			if *update {
				if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// casePage is a page with what the compiler makes of its input.
func casePage(page *txtar.Archive) string {
	made := []string{"flow", "bundle", "diagnostics"}
	input := txtar.Archive{Comment: page.Comment}
	files := fstest.MapFS{}
	for _, f := range page.Files {
		if !slices.Contains(made, f.Name) {
			input.Files = append(input.Files, f)
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	result, flow, diags := compile(Input{Files: files, Version: "test"})
	add := func(name, text string) {
		if text != "" {
			input.Files = append(input.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if result.Bundle != nil {
		add("flow", flow.String())
		add("bundle", contents(result.Bundle))
	}
	add("diagnostics", listed(diags))
	return string(txtar.Format(&input))
}

// hashes are found by their length; four characters tell them apart on a page.
var hashes = regexp.MustCompile(`([-/][a-z2-7]{4})[a-z2-7]{22}\b`)

// contents lists what a bundle holds: its numbers and queues, and its files with
// the answers of a decision on one line.
func contents(b *bundle.Bundle) string {
	var w strings.Builder
	for _, n := range b.Manifest.Numbers {
		fallback := n.Fallback
		if fallback == "" {
			fallback = b.Manifest.Fallback
		}
		fmt.Fprintf(&w, "%s (%s) is answered by %s, fallback %s\n", n.PhoneNumber, n.Name, n.Answer, fallback)
	}
	for _, q := range b.Manifest.Queues {
		fmt.Fprintf(&w, "queue %s holds %d callers\n", q.FriendlyName, q.MaxSize)
	}
	last := ""
	for _, f := range b.Manifest.Files {
		at, _, kind := bundle.CutAnswer(f.Path)
		if kind == nil {
			fmt.Fprintf(&w, "%s\n", f.Path)
		} else if at != last {
			fmt.Fprintf(&w, "%s? %s\n", at, strings.Join(b.Manifest.Decision(at).Answers(), " "))
		}
		last = at
	}
	return hashes.ReplaceAllString(w.String(), "$1…")
}
