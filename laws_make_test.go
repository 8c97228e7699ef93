package main

// What the Makefile says about tests.

import (
	"go/ast"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestRaceLeavesOutTestsThatThereAre holds the tests that make race leaves out to
// those that there are, so that the list does not grow old.
func TestRaceLeavesOutTestsThatThereAre(t *testing.T) {
	text, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`\nALONE := ((?:.*\\\n)*.*)\n`).FindSubmatch(text)
	if list == nil {
		t.Fatal("the Makefile does not say which tests make race leaves out")
	}
	var tests []string
	for _, f := range goFiles(t) {
		for _, d := range f.tree.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && f.isTest() && d.Recv == nil {
				tests = append(tests, d.Name.Name)
			}
		}
	}
	all := "\n" + strings.Join(tests, "\n") + "\n"
	for _, name := range strings.Fields(strings.ReplaceAll(string(list[1]), "\\\n", " ")) {
		if !regexp.MustCompile(`\nTest` + name + `\n`).MatchString(all) {
			t.Errorf("make race leaves out Test%s, which is not there", name)
		}
	}
}
