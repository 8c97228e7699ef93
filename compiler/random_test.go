package compiler

// Random configurations. A draft is a configuration as a tree of blocks, so
// that a law can reorder it, spread it over files, or change one thing in it:
//
//	d := drafts().Draw(t, "configuration")
//	accepted(t, d)                                what the compiler makes of it
//	d.find("menu", "main").set("timeout", `"9s"`)
//	accepted(t, d)
//
// Every draft is valid by construction: the compiler must accept it. Drafts
// that it must refuse come from damaging one; see law_refusal_test.go.

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// draftURL is where the bundles of drafts are served.
const draftURL = "https://calls.quillmark.example/v1/"

// A draft is a configuration as somebody could have written it.
type draft struct {
	blocks  []*draftBlock
	audio   map[string][]byte        // the sound files beside it, by name
	sounds  map[string]time.Duration // how long what is behind a URL plays
	waits   map[string]int           // max_wait of each queue, in seconds
	values  string                   // the content of ivrc.ivrvars
	given   config.Assignments
	baseURL string // given from outside; "" where a hosting block says it
}

// A draftBlock is a block: its header, attributes and blocks inside it.
type draftBlock struct {
	kind       string
	labels     []string
	attributes []draftAttribute
	blocks     []*draftBlock
}

// A draftAttribute is an attribute with its expression as HCL.
type draftAttribute struct{ name, expression string }

// add appends a block to the configuration.
func (d *draft) add(kind string, labels ...string) *draftBlock {
	b := &draftBlock{kind: kind, labels: labels}
	d.blocks = append(d.blocks, b)
	return b
}

// add appends a block inside a block.
func (b *draftBlock) add(kind string, labels ...string) *draftBlock {
	inner := &draftBlock{kind: kind, labels: labels}
	b.blocks = append(b.blocks, inner)
	return inner
}

// set adds an attribute, or gives one another expression.
func (b *draftBlock) set(name, expression string) {
	for i := range b.attributes {
		if b.attributes[i].name == name {
			b.attributes[i].expression = expression
			return
		}
	}
	b.attributes = append(b.attributes, draftAttribute{name, expression})
}

// has reports whether a block has an attribute.
func (b *draftBlock) has(name string) bool {
	return slices.ContainsFunc(b.attributes, func(a draftAttribute) bool { return a.name == name })
}

// clone copies a draft, whose blocks can then be changed.
func (d *draft) clone() *draft {
	copied := *d
	copied.blocks = cloneBlocks(d.blocks)
	return &copied
}

func cloneBlocks(blocks []*draftBlock) []*draftBlock {
	var list []*draftBlock
	for _, b := range blocks {
		list = append(list, &draftBlock{b.kind, slices.Clone(b.labels), slices.Clone(b.attributes), cloneBlocks(b.blocks)})
	}
	return list
}

// each calls visit with every block at every depth and the address of the
// block that its documents are named for: "menu.main.2" for the menu inside
// option 2 of menu.main.
func (d *draft) each(visit func(address string, b *draftBlock)) {
	for _, b := range d.blocks {
		b.each(strings.Join(append([]string{b.kind}, b.labels...), "."), visit)
	}
}

func (b *draftBlock) each(address string, visit func(string, *draftBlock)) {
	visit(address, b)
	for _, inner := range b.blocks {
		at := address
		if inner.kind == "option" {
			at = strings.Join(append([]string{address}, inner.labels...), ".")
		}
		inner.each(at, visit)
	}
}

// find returns the block of a kind and name.
func (d *draft) find(kind, name string) *draftBlock {
	i := slices.IndexFunc(d.blocks, func(b *draftBlock) bool { return b.kind == kind && slices.Equal(b.labels, []string{name}) })
	return d.blocks[i]
}

// String is the configuration as one file.
func (d *draft) String() string {
	var w strings.Builder
	for _, b := range d.blocks {
		b.write(&w, "")
	}
	if d.values != "" {
		fmt.Fprintf(&w, "\n# ivrc.ivrvars\n%s", d.values)
	}
	return w.String()
}

// GoString is how a failing check shows a draft.
func (d *draft) GoString() string { return "\n" + d.String() }

// write writes a block and what is in it.
func (b *draftBlock) write(w *strings.Builder, indent string) {
	w.WriteString(indent + b.kind)
	for _, label := range b.labels {
		fmt.Fprintf(w, " %q", label)
	}
	w.WriteString(" {\n")
	for _, a := range b.attributes {
		fmt.Fprintf(w, "%s  %s = %s\n", indent, a.name, a.expression)
	}
	for _, inner := range b.blocks {
		inner.write(w, indent+"  ")
	}
	w.WriteString(indent + "}\n")
}

// quoted is a text as an HCL expression.
func quoted(text string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes())
}

// files is the directory of the configuration, in one file.
func (d *draft) files() fstest.MapFS {
	return d.spread(map[string][]*draftBlock{"main.ivr.hcl": d.blocks})
}

// spread is the directory with the blocks in the given files.
func (d *draft) spread(blocks map[string][]*draftBlock) fstest.MapFS {
	files := fstest.MapFS{}
	for name, list := range blocks {
		var w strings.Builder
		for _, b := range list {
			b.write(&w, "")
		}
		files[name] = &fstest.MapFile{Data: []byte(w.String())}
	}
	for name, data := range d.audio {
		files[name] = &fstest.MapFile{Data: data}
	}
	if d.values != "" {
		files[source.VariablesFile] = &fstest.MapFile{Data: []byte(d.values)}
	}
	return files
}

// input is what the compiler is given.
func (d *draft) input(files fs.FS) Input {
	return Input{Files: files, Variables: d.given, BaseURL: d.baseURL, Version: "test"}
}

// drafts generates configurations.
func drafts() *rapid.Generator[*draft] {
	return rapid.Custom(func(t *rapid.T) *draft { return (&drafting{T: t, most: 5}).draft() })
}

// closedDrafts generates configurations without applications, which routers at an
// address of their own cannot serve.
func closedDrafts() *rapid.Generator[*draft] {
	return rapid.Custom(func(t *rapid.T) *draft { return (&drafting{T: t, most: 1}).draft() })
}

// accepted compiles a draft and fails the test unless the compiler accepts it.
func accepted(t *rapid.T, d *draft) *bundle.Bundle {
	t.Helper()
	result, diags := Compile(d.input(d.files()))
	if diags.HasErrors() {
		t.Fatalf("a configuration is refused that should be accepted:\n%s\n%s", listed(diags), d)
	}
	return result.Bundle
}

// listed writes diagnostics, one on a line.
func listed(diags hcl.Diagnostics) string {
	var w strings.Builder
	for _, d := range diags {
		at := diagnostic.SubjectOf(d)
		kind := "error"
		if d.Severity == hcl.DiagWarning {
			kind = "warning"
		}
		fmt.Fprintf(&w, "%s:%d:%d %s %s: %s\n", at.Filename, at.Start.Line, at.Start.Column, kind, diagnostic.CodeOf(d), d.Detail)
	}
	return w.String()
}

// tree is every file of a bundle by its path below the folder that is written.
func tree(b *bundle.Bundle) map[string]string {
	files := map[string]string{}
	for path, data := range b.Data {
		files["public/"+path] = string(data)
	}
	for path, data := range b.Private() {
		files["private/"+path] = string(data)
	}
	return files
}

// paths lists the keys of a map in order.
func paths[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
