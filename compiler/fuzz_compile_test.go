package compiler

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
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
			if CodeOf(d) == "" {
				t.Errorf("%q has no code", d.Summary)
			}
			if at := subject(d); at.Filename == "main.ivr.hcl" && (at.Start.Byte < 0 || at.End.Byte > len(source)) {
				t.Errorf("%s is at bytes %d to %d of %d", CodeOf(d), at.Start.Byte, at.End.Byte, len(source))
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

// However sections lead to each other, every section is in exactly one
// component, a component comes after all that it leads to, and two sections are
// in one component exactly if each leads to the other.
func FuzzComponents(f *testing.F) {
	f.Add([]byte{3, 0, 1, 1, 2, 2, 0})
	f.Add([]byte{5, 0, 1, 1, 2, 3, 4, 4, 3})
	f.Fuzz(func(t *testing.T, edges []byte) {
		if len(edges) == 0 {
			return
		}
		sections := make([]*section, int(edges[0])%20+1)
		for i := range sections {
			sections[i] = &section{}
		}
		for rest := edges[1:]; len(rest) > 1; rest = rest[2:] {
			sections[int(rest[0])%len(sections)].lead(sections[int(rest[1])%len(sections)])
		}
		number := map[*section]int{}
		for i, component := range components(sections) {
			for _, s := range component {
				if _, twice := number[s]; twice {
					t.Fatal("a section is in two components")
				}
				number[s] = i
			}
		}
		for _, s := range sections {
			reached := reachableSections(s)
			for _, to := range slices.Collect(maps.Keys(reached)) {
				mutual := reachableSections(to)[s]
				if number[to] > number[s] || mutual != (number[to] == number[s]) {
					t.Fatalf("component %d leads to %d, and back: %t", number[s], number[to], mutual)
				}
			}
		}
		if len(number) != len(sections) {
			t.Fatalf("%d of %d sections are in components", len(number), len(sections))
		}
	})
}

// reachableSections is everything that a section leads to, itself included.
func reachableSections(from *section) map[*section]bool {
	reached := map[*section]bool{from: true}
	pending := []*section{from}
	for len(pending) > 0 {
		s := pending[0]
		pending = pending[1:]
		for _, to := range s.leads {
			if !reached[to] {
				reached[to] = true
				pending = append(pending, to)
			}
		}
	}
	return reached
}
