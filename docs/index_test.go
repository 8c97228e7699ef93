package docs

// Lists of pages that are written by hand, held to the pages that there are.

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// found lists the files that a pattern finds, sorted.
func found(t *testing.T, pattern string) []string {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s finds nothing: %v", pattern, err)
	}
	return files
}

// text is the content of a page.
func text(t *testing.T, page string) string {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The index of the decisions has all of them, in their order.
func TestDecisionsAreListed(t *testing.T) {
	var listed []string
	for _, link := range regexp.MustCompile(`(?m)^\| \[\d+\]\(([^)]+)\)`).FindAllStringSubmatch(text(t, "docs/decisions/README.md"), -1) {
		listed = append(listed, "docs/decisions/"+link[1])
	}
	if there := found(t, "docs/decisions/[0-9]*.md"); !slices.Equal(listed, there) {
		t.Errorf("the index lists\n%s\nand there are\n%s", strings.Join(listed, "\n"), strings.Join(there, "\n"))
	}
}

// The README leads to the page of every example.
func TestExamplesAreListed(t *testing.T) {
	readme := text(t, "README.md")
	for _, page := range found(t, "examples/*/README.md") {
		if !strings.Contains(readme, "]("+page+")") {
			t.Errorf("README.md does not name %s", page)
		}
	}
}
