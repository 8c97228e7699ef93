package docs

// Lists of pages that are written by hand, held to the pages that there are.

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
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

// SECURITY.md names every command that can reach an account, a store or an address,
// which its options tell.
func TestSecurityNamesWhatConnects(t *testing.T) {
	var table strings.Builder
	for _, line := range strings.Split(text(t, "SECURITY.md"), "\n") {
		if strings.HasPrefix(line, "| `") {
			table.WriteString(strings.SplitN(line, "|", 3)[1])
		}
	}
	named := map[string]bool{}
	for _, match := range regexp.MustCompile("`([a-z-]+)[^`]*`").FindAllStringSubmatch(table.String(), -1) {
		named[match[1]] = true
	}
	for _, cmd := range (&command.Program{}).Command().Commands() {
		connects := cmd.Name() == "serve"
		for _, option := range []string{"sandbox", "store", "url", "voice-url", "application"} {
			connects = connects || cmd.Flags().Lookup(option) != nil
		}
		if connects != named[cmd.Name()] {
			t.Errorf("SECURITY.md names %s among the commands that connect: %t; its options say %t", cmd.Name(), named[cmd.Name()], connects)
		}
	}
}

// What workflows, and continuous integration, make is in the Makefile.
func TestWorkflowsMakeWhatThereIs(t *testing.T) {
	targets, count := text(t, "Makefile"), 0
	for _, name := range append(found(t, ".github/workflows/*.yml"), ".ci/run", ".ci/servers") {
		for _, match := range regexp.MustCompile(`(?m)(?:run:|&&|^) *make ([a-z -]+)`).FindAllStringSubmatch(text(t, name), -1) {
			for _, target := range strings.Fields(match[1]) {
				if count++; !regexp.MustCompile(`(?m)^` + target + `:`).MatchString(targets) {
					t.Errorf("%s makes %s, for which the Makefile has no rule", name, target)
				}
			}
		}
	}
	if count < 8 {
		t.Errorf("%d targets are made; this test looks past them", count)
	}
}
