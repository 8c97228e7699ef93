package main

// The laws of the house style that a machine can check, tests included.

import (
	"bytes"
	"go/ast"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The longest function and the longest file that are still read in one go.
const (
	maxFunctionLines     = 60
	maxTestFunctionLines = 90
	maxFileLines         = 430
)

func TestSizes(t *testing.T) {
	for _, f := range goFiles(t) {
		if lines := bytes.Count(f.text, []byte("\n")); lines > maxFileLines {
			t.Errorf("%s has %d lines, the most are %d; split it by idea", f.name, lines, maxFileLines)
		}
		for _, d := range f.tree.Decls {
			function, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines, most := f.set.Position(function.End()).Line-f.set.Position(function.Pos()).Line+1, maxFunctionLines
			if f.isTest() {
				most = maxTestFunctionLines
			}
			if lines > most {
				t.Errorf("%s: %s has %d lines, the most are %d", f.at(function.Pos()), function.Name.Name, lines, most)
			}
			if function.Recv == nil && function.Name.Name == "init" {
				t.Errorf("%s: an init function runs whether it is wanted or not; call a function instead", f.at(function.Pos()))
			}
		}
	}
}

// TestComments checks that every package says what it is for, and every exported
// name what it means.
func TestComments(t *testing.T) {
	said := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		said[f.importPath()] = said[f.importPath()] || strings.TrimSpace(f.tree.Doc.Text()) != ""
		for _, d := range f.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && receiverIsExported(d) && !isKnown(d) && d.Doc.Text() == "" {
					t.Errorf("%s: %s has no comment", f.at(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				checkDeclaration(t, f, d)
			}
		}
	}
	for folder, ok := range said {
		if !ok {
			t.Errorf("the package in %s has no comment", folder)
		}
	}
}

// checkDeclaration checks types, constants and variables: each has a comment of
// its own, or the group that it stands in has one.
func checkDeclaration(t *testing.T, f *goFile, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		var names []*ast.Ident
		own := ""
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			names, own = []*ast.Ident{spec.Name}, spec.Doc.Text()+spec.Comment.Text()
		case *ast.ValueSpec:
			names, own = spec.Names, spec.Doc.Text()+spec.Comment.Text()
		}
		exported := slices.IndexFunc(names, (*ast.Ident).IsExported)
		if exported >= 0 && own == "" && d.Doc.Text() == "" && d.Tok != token.IMPORT {
			t.Errorf("%s: %s has no comment", f.at(spec.Pos()), names[exported].Name)
		}
	}
}

// isKnown reports whether a function is a method that every Go programmer knows.
func isKnown(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{"Error", "Unwrap", "String"}, d.Name.Name)
}

// receiverIsExported reports whether a function is not a method, or one that a
// reader of the documentation sees.
func receiverIsExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	of := d.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if generic, ok := of.(*ast.IndexExpr); ok {
		of = generic.X
	}
	name, ok := of.(*ast.Ident)
	return ok && name.IsExported()
}

// TestNothingIsLeftForLater looks for notes to oneself, and for paths that exist
// on one machine only.
// The zones of the machine, and the one that it is in, have no say: the same
// configuration is the same bundle everywhere, and is read in the same way.
func TestNoZonesOfTheMachine(t *testing.T) {
	theirs := regexp.MustCompile(`\btime\.(LoadLocation\(|Local\b)|\.Local\(\)|"time/tzdata"`)
	for _, f := range goFiles(t) {
		if found := theirs.Find(f.text); found != nil && !f.isTest() {
			t.Errorf("%s has %s; package timezone has the zones", f.name, found)
		}
	}
}

func TestNothingIsLeftForLater(t *testing.T) {
	notes := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	paths := regexp.MustCompile(`(^|[\s"'(=:])/(work|root|home|Users)/\w`)
	vendored := []string{"compiler/diagram/dagre.min.js"}
	names := sourceFiles(t, ".go", ".md", ".hcl", ".ivrvars", ".txtar", ".txt", ".js", ".css", ".html", ".yml", ".sh", "Makefile", "go.mod")
	for _, name := range names {
		if slices.Contains(vendored, name) {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := notes.FindString(line); found != "" {
				t.Errorf("%s:%d: %s; do it, or say in the documentation what is missing", name, i+1, found)
			}
			if found := paths.FindString(line); found != "" {
				t.Errorf("%s:%d: the path %s exists on one machine only", name, i+1, strings.TrimSpace(found))
			}
		}
	}
}
