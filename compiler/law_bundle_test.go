package compiler

// Laws of the bundle as a whole: it depends on what the configuration means and
// on nothing else, and is what every reader of bundles accepts.

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// Law: a valid configuration is accepted, and its bundle passes the check that
// every reader applies.
func TestLawBundleIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := accepted(t, drafts().Draw(t, "configuration")).Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// Law: a bundle that is written and read again is the same.
func TestLawBundleRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := accepted(t, drafts().Draw(t, "configuration"))
		folder := fstest.MapFS{}
		for path, content := range tree(b) {
			folder[path] = &fstest.MapFile{Data: []byte(content)}
		}
		again, err := bundle.Read(folder)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree(b), tree(again)); diff != "" {
			t.Fatalf("(-written +read)\n%s", diff)
		}
	})
}

// Law: the same configuration gives the same bytes, below public/ and below
// private/, whatever the names of its files, the order of its blocks, the file
// that a block stands in, and the number of cores.
func TestLawSameBytes(t *testing.T) {
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		want := tree(accepted(t, d))
		runtime.GOMAXPROCS(rapid.SampledFrom([]int{1, 2, 7}).Draw(t, "cores"))
		files := d.spread(shuffled(t, d.blocks))
		result, _, diags := compile(d.input(files))
		if diags.HasErrors() {
			t.Fatalf("in another order the configuration is refused:\n%s", listed(diags))
		}
		if diff := cmp.Diff(want, tree(result.Bundle)); diff != "" {
			for name, file := range files {
				if strings.HasSuffix(name, source.ConfigurationSuffix) {
					t.Logf("%s\n%s", name, file.Data)
				}
			}
			t.Fatalf("(-in one file +in several)\n%s", diff)
		}
	})
}

// shuffled spreads blocks over files in any order. Some files are empty.
func shuffled(t *rapid.T, blocks []*draftBlock) map[string][]*draftBlock {
	blocks = rapid.Permutation(blocks).Draw(t, "order")
	n := rapid.IntRange(1, 4).Draw(t, "files")
	names := rapid.Permutation([]string{"a", "Main", "main", "zz", "1-numbers", "Ä"}).Draw(t, "file names")
	files := map[string][]*draftBlock{}
	for i := range n {
		files[names[i]+source.ConfigurationSuffix] = nil
	}
	for i, b := range blocks {
		name := names[rapid.IntRange(0, n-1).Draw(t, fmt.Sprint("file of block ", i))] + source.ConfigurationSuffix
		files[name] = append(files[name], b)
	}
	return files
}
