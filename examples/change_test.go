package examples_test

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// TestChangeReachesWhoCanReachIt changes what callers hear at one place of the
// two hundred offices. The directories of the components that changed, and of all
// that lead there, have other names; all others keep theirs, so that no number is
// touched whose callers do not meet the change.
func TestChangeReachesWhoCanReachIt(t *testing.T) {
	before := compileBranches(t, "", "", "")
	tests := []struct {
		name, file, old, new string
		changed              string // block that changed
		numbers              int    // that lead there
	}{
		{"the voicemail of the head office", "head-office.ivr.hcl", "You have reached the head office of", "This is the head office of", "voicemail.head_office", 201},
		{"the name of one office", "branches.csv", "boston-01,Boston", "boston-01,Boston Harbor", "ring_group.boston-01", 1},
		{"the queue of the claims department", "head-office.ivr.hcl", `max_wait    = "15m"`, `max_wait    = "14m"`, "queue.claims", 201},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after := compileBranches(t, test.file, test.old, test.new)
			old, fresh := directoriesByBlock(before), directoriesByBlock(after)
			leading := blocksLeadingTo(before, test.changed)
			numbers := 0
			for _, block := range slices.Sorted(maps.Keys(old)) {
				if changed := old[block] != fresh[block]; changed != leading[block] {
					t.Errorf("%s: changed is %t, want %t", block, changed, leading[block])
				}
				if strings.HasPrefix(block, "number.") && leading[block] {
					numbers++
				}
			}
			if numbers != test.numbers {
				t.Errorf("%d numbers lead to %s, want %d", numbers, test.changed, test.numbers)
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(old)), slices.Sorted(maps.Keys(fresh))); diff != "" {
				t.Errorf("other blocks (-before +after):\n%s", diff)
			}
		})
	}
}

// compileBranches compiles the two hundred offices with a text replaced in one
// of their files.
func compileBranches(t *testing.T, file, old, new string) *bundle.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	directory := path.Join("examples", "branches")
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(path.Join(directory, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if entry.Name() == file {
			if n := strings.Count(string(text), old); n != 1 {
				t.Fatalf("%s holds %q %d times, want once", file, old, n)
			}
			text = []byte(strings.Replace(string(text), old, new, 1))
		}
		files[entry.Name()] = &fstest.MapFile{Data: text}
	}
	result, diags := compiler.Compile(compiler.Input{Files: files})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return result.Bundle
}

// directoriesByBlock is the directory in which the documents of each block are.
func directoriesByBlock(b *bundle.Bundle) map[string]string {
	directories := map[string]string{}
	for _, c := range b.Components {
		for _, block := range c.Blocks {
			directories[block.Address] = c.Directory
		}
	}
	return directories
}

// blocksLeadingTo finds the blocks in components from which a block can be
// reached, itself among them.
func blocksLeadingTo(b *bundle.Bundle, target string) map[string]bool {
	leading := map[string]bool{directoriesByBlock(b)[target]: true} // directories
	for grown := true; grown; {
		grown = false
		for _, c := range b.Components {
			leads := slices.ContainsFunc(c.Blocks, func(block bundle.Block) bool {
				return slices.ContainsFunc(block.Exits, func(e bundle.Exit) bool { return leading[e.Component] })
			})
			if leads && !leading[c.Directory] {
				leading[c.Directory], grown = true, true
			}
		}
	}
	blocks := map[string]bool{}
	for block, directory := range directoriesByBlock(b) {
		blocks[block] = leading[directory]
	}
	return blocks
}
