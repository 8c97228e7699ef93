package lower

// Origins: where in the source a document comes from. A bundle counts lines
// from the first line of the outermost block, so that moving a block or
// renaming a file does not change it. Positions turns that back into a file
// and a line.

import (
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A blockIndex finds the outermost block around a position.
type blockIndex struct {
	files map[string][]declared // sorted by line
}

type declared struct {
	address string
	line    int
}

// indexBlocks indexes blocks by their positions.
func indexBlocks(positions map[string]hcl.Range) blockIndex {
	index := blockIndex{map[string][]declared{}}
	for address, at := range positions {
		index.files[at.Filename] = append(index.files[at.Filename], declared{address, at.Start.Line})
	}
	for _, list := range index.files {
		slices.SortFunc(list, func(a, b declared) int {
			if a.line != b.line {
				return a.line - b.line
			}
			if a.address < b.address {
				return -1
			}
			return 1
		})
	}
	return index
}

// origin is the origin of a position, nil if no block is around it.
func (b blockIndex) origin(at hcl.Range) *bundle.Origin {
	list := b.files[at.Filename]
	i := sort.Search(len(list), func(i int) bool { return list[i].line > at.Start.Line })
	if i == 0 {
		return nil
	}
	// Blocks that a dynamic block generates begin on the same line; the first
	// of them stands for all.
	for i > 1 && list[i-2].line == list[i-1].line {
		i--
	}
	return &bundle.Origin{Block: list[i-1].address, Line: at.Start.Line - list[i-1].line + 1}
}
