package docs

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// makeLaws writes the table of who may import whom, as the law says it.
func makeLaws(t *testing.T, _ string) string {
	file := parsed(t, "laws_test.go")
	because := func(e ast.Expr) string {
		if name, ok := e.(*ast.Ident); ok {
			e = declared(t, file, name.Name).(*ast.ValueSpec).Values[0]
		}
		return unquoted(e)
	}
	var rows [][]string
	for _, e := range variable(t, file, "importLaws").Elts {
		law := map[string]ast.Expr{}
		keys, values := entries(e.(*ast.CompositeLit))
		for i, key := range keys {
			law[key] = values[i]
		}
		rule := ""
		if law["only"] != nil {
			rule = "only " + code(packageNames(law["only"])...)
		}
		if law["never"] != nil {
			rule = "never " + code(packageNames(law["never"])...)
		}
		if law["except"] != nil {
			rule += ", except " + code(packageNames(law["except"])...)
		}
		rows = append(rows, []string{code(unquoted(law["in"])), strings.ReplaceAll(rule, "`std`", "the standard library"), because(law["why"])})
	}
	return markdown("packages|import|because", rows...)
}

// packageNames are the strings of a list.
func packageNames(list ast.Expr) []string {
	var names []string
	for _, e := range list.(*ast.CompositeLit).Elts {
		names = append(names, unquoted(e))
	}
	return names
}

// Every package stands in the table of the parts or in that of the pipeline.
func TestDocsParts(t *testing.T) {
	page := strings.Join(readPage(t, "docs/architecture.md").lines, "\n")
	count := 0
	for _, pattern := range []string{"*/*.go", "*/*/*.go", "*/*/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			folder := filepath.ToSlash(filepath.Dir(file))
			if strings.HasSuffix(file, "_test.go") || strings.Contains(folder, "testdata") || ofAnotherModule(folder) {
				continue
			}
			count++
			if !strings.Contains(page, "(../"+folder+"/") {
				t.Errorf("docs/architecture.md has no row for the package %s", folder)
			}
		}
	}
	if count < 100 {
		t.Errorf("this test has seen only %d files", count)
	}
}

// ofAnotherModule reports whether a folder belongs to a module within this one.
func ofAnotherModule(folder string) bool {
	for ; folder != "."; folder = path.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

// The flow that the page on the architecture shows says of every document what
// the document says in the bundle, with symbolic addresses in place of those.
func TestDocsFlow(t *testing.T) {
	p := readPage(t, "docs/architecture.md")
	s := newShell(t)
	for _, f := range p.fences() {
		switch f.directive {
		case "file":
			s.write(f.argument, f.text())
		case "flow":
			s.ivrc([]string{"build", "-o=dist", f.argument}, nil)
			checkFlow(t, p, f, s.path("dist/public"))
		}
	}
}

// checkFlow compares the text of a flow with the documents of its bundle.
func checkFlow(t *testing.T, p *page, f fence, public string) {
	section := ""
	for i := 0; i < len(f.lines); i++ {
		indent := len(f.lines[i]) - len(strings.TrimLeft(f.lines[i], " "))
		if indent == 0 {
			section = f.lines[i]
			continue
		}
		first := i
		for i+1 < len(f.lines) && strings.HasPrefix(f.lines[i+1], "    ") {
			i++
		}
		shown := strings.Join(f.lines[first+1:i+1], "\n")
		for _, name := range documentNames(strings.TrimSpace(f.lines[first])) {
			if got := flowText(t, public, section, name); got != shown {
				t.Errorf("%s: the document %s of %s says\n%s\nand not\n%s", p.at(f.first+first), name, section, got, shown)
			}
		}
	}
}

// documentNames are the files that one line of a flow stands for: "menu-1.xml",
// or "digits-1? 1 2".
func documentNames(line string) []string {
	decision, answers, ok := strings.Cut(line, "? ")
	if !ok {
		return []string{line}
	}
	var names []string
	for answer := range strings.FieldsSeq(answers) {
		names = append(names, decision+"."+answer+".xml")
	}
	return names
}

var (
	otherComponent = regexp.MustCompile(`\.\./([a-z_.]+)-[a-z2-7]{26}/`)
	sameComponent  = regexp.MustCompile(`(action="|method="GET">)([a-z])`)
)

// flowText is a document as the flow writes it.
func flowText(t *testing.T, public, section, name string) string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(public, strings.TrimSuffix(section, ".1")+"-*", name))
	if len(files) != 1 {
		t.Fatalf("the bundle has %d documents %s of %s, want one", len(files), name, section)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	verbs := "  " + strings.Join(lines[2:len(lines)-1], "\n  ")
	verbs = sameComponent.ReplaceAllString(verbs, "${1}flow:"+section+"/$2")
	return otherComponent.ReplaceAllString(verbs, "flow:$1/")
}
