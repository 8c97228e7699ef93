package main

// One word, one thing: the names of exported types.

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// sharedNames are the names that exported types of several packages have, with the
// reason why a reader is not misled.
var sharedNames = map[string]string{
	"Client": "an element of TwiML has the name that Twilio gave it; elsewhere a client is what talks to a server",
}

// TestNamesOfTypes holds the name of every exported type to one meaning.
func TestNamesOfTypes(t *testing.T) {
	declared := map[string][]string{}
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		for _, d := range f.tree.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.IsExported() && !spec.Assign.IsValid() {
					declared[spec.Name.Name] = append(declared[spec.Name.Name], f.importPath())
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if in := declared[name]; len(in) > 1 && sharedNames[name] == "" {
			t.Errorf("%s is a type of %s: give them names of their own, or say in sharedNames why nobody is misled", name, strings.Join(in, ", "))
		}
	}
	for name := range sharedNames {
		if len(declared[name]) < 2 {
			t.Errorf("sharedNames excuses %s, which is not shared", name)
		}
	}
}
