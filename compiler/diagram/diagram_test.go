package diagram

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ivrc/ivrc/compiler/bundle"
)

var update = flag.Bool("update", false, "rewrite the drawings in testdata")

// A case is a page of testdata: a bundle, and its drawings.
func TestDrawings(t *testing.T) {
	for _, path := range cases(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			page, b := load(t, path)
			got := []txtar.File{
				page.Files[0],
				{Name: "text", Data: []byte(Text(b))},
				{Name: "mermaid", Data: []byte(Mermaid(b))},
				{Name: "dot", Data: []byte(DOT(b))},
			}
			if *update {
				page.Files = got
				if err := os.WriteFile(path, txtar.Format(page), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(page.Files, got); diff != "" {
				t.Errorf("-want +got (-update rewrites):\n%s", diff)
			}
		})
	}
}

func cases(t *testing.T) []string { return glob(t, "testdata/*.txtar") }

// glob lists the files of a pattern, of which there must be some.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return paths
}

func readSource(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func load(t *testing.T, path string) (*txtar.Archive, *bundle.Bundle) {
	t.Helper()
	page, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bundle.Bundle
	if err := json.Unmarshal(page.Files[0].Data, &b); err != nil {
		t.Fatalf("%s: %v", page.Files[0].Name, err)
	}
	return page, &b
}
