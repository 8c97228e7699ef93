package compiler

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// Whatever a file holds, compiling it ends with a bundle that is sound, or with
// diagnostics that have codes and places in the file, and does so twice alike.
func FuzzCompile(f *testing.F) {
	for _, name := range seedFiles(f) {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		files := fstest.MapFS{"main.ivr.hcl": {Data: source}}
		in := Input{Files: files, BaseURL: "https://calls.zillum.example", Version: "test"}
		first, diags := Compile(in)
		if (first.Bundle != nil) == diags.HasErrors() {
			t.Fatalf("a bundle: %t, errors: %t", first.Bundle != nil, diags.HasErrors())
		}
		for _, d := range diags {
			if diagnostic.CodeOf(d) == "" {
				t.Errorf("%q has no code", d.Summary)
			}
			if at := diagnostic.SubjectOf(d); at.Filename == "main.ivr.hcl" && (at.Start.Byte < 0 || at.End.Byte > len(source)) {
				t.Errorf("%s is at bytes %d to %d of %d", diagnostic.CodeOf(d), at.Start.Byte, at.End.Byte, len(source))
			}
		}
		second, again := Compile(in)
		if len(again) != len(diags) {
			t.Fatalf("%d diagnostics, and then %d", len(diags), len(again))
		}
		if first.Bundle == nil {
			return
		}
		if err := first.Bundle.Check(); err != nil {
			t.Errorf("the bundle is not sound: %v", err)
		}
		if first.Bundle.Manifest.Digest != second.Bundle.Manifest.Digest {
			t.Error("two bundles of one source differ")
		}
	})
}

// seedFiles are the configurations of the examples and of the scripts.
func seedFiles(f *testing.F) [][]byte {
	var seeds [][]byte
	for _, pattern := range []string{"../examples/zillum*/*.ivr.hcl", "../testscripts/*/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if filepath.Ext(name) != ".txtar" {
				seeds = append(seeds, text)
				continue
			}
			for _, part := range txtar.Parse(text).Files {
				if filepath.Ext(part.Name) == ".hcl" && len(part.Data) < 10_000 {
					seeds = append(seeds, part.Data)
				}
			}
		}
	}
	return seeds
}
