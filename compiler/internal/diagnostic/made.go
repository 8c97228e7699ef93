package diagnostic

// Blocks that stand on one line. A dynamic block makes many blocks, and a mistake in
// one of them stands at the same place as in all others:
//
//	dynamic "user" {                 ← makes user.ann, user.ben, …
//	  content { phone = each.value } ← too short: whose?
//	}
//
// So a diagnostic inside such a block names the blocks that it is about, and what is
// wrong with many of them in the same way is one diagnostic.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// BlocksOf returns which blocks a diagnostic is about, where its place is not enough
// to tell: "user.ann".
func BlocksOf(d *hcl.Diagnostic) []string {
	x, _ := d.Extra.(extra)
	return x.blocks
}

// made is the block that is looked at, if a place does not tell which it is.
func (r *Collector) made(at hcl.Range) []string {
	inside := func(m hcl.Range) bool {
		return m.Filename == at.Filename && m.Start.Byte <= at.Start.Byte && at.Start.Byte < m.End.Byte
	}
	if r.Within == "" || !slices.ContainsFunc(r.Makers, inside) {
		return nil
	}
	return []string{r.Within}
}

// madeOf is made for a diagnostic of HCL's. While blocks are made they have no names
// yet; then the key of the element tells.
func (r *Collector) madeOf(d *hcl.Diagnostic) []string {
	if blocks := r.made(SubjectOf(d)); blocks != nil || r.HideValues {
		return blocks
	}
	for context := d.EvalContext; context != nil; context = context.Parent() {
		for _, name := range slices.Sorted(maps.Keys(context.Variables)) {
			if key, ok := elementKey(context.Variables[name]); ok {
				return []string{fmt.Sprintf("%s.key = %s", name, key)}
			}
		}
	}
	return nil
}

// elementKey is the key in the iterator of a dynamic block, as it would be written.
func elementKey(iterator cty.Value) (string, bool) {
	attributes := iterator.Type()
	if iterator.IsMarked() || !attributes.IsObjectType() || len(attributes.AttributeTypes()) != 2 || !attributes.HasAttribute("key") || !attributes.HasAttribute("value") {
		return "", false
	}
	key := iterator.GetAttr("key")
	if key.IsMarked() || !key.IsKnown() || key.IsNull() {
		return "", false
	}
	switch key.Type() {
	case cty.String:
		return strconv.Quote(key.AsString()), true
	case cty.Number:
		return key.AsBigFloat().Text('f', -1), true
	}
	return "", false
}

// joinBlocks makes a diagnostic about the blocks of another one, too.
func joinBlocks(d, other *hcl.Diagnostic) {
	x, _ := d.Extra.(extra)
	for _, block := range BlocksOf(other) {
		if !slices.Contains(x.blocks, block) {
			x.blocks = append(x.blocks, block)
		}
	}
	d.Extra = x
}

// maxNamed bounds how many blocks a sentence names.
const maxNamed = 3

// nameBlocks says in every diagnostic which blocks it is about, unless it does.
func (r *Collector) nameBlocks() {
	for _, d := range r.Found {
		blocks := BlocksOf(d)
		if len(blocks) == 0 || len(blocks) == 1 && strings.Contains(d.Detail, blocks[0]) {
			continue
		}
		named := strings.Join(blocks[:min(len(blocks), maxNamed)], ", ")
		if more := len(blocks) - maxNamed; more > 0 {
			named += fmt.Sprintf(" and %d more", more)
		}
		d.Detail += " This concerns " + named + "."
	}
}
