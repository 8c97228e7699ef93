package config

// The schema: what the structs of config.go say by their tags, read once. Decoding,
// suggestions and the names of blocks all go by it, so a new kind of block is a
// struct and a field of [Config]:
//
//	Menus []MenuBlock `hcl:"menu,block"`     a kind "menu", whose blocks have names
//	Name  string      `hcl:"name,label"`

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
)

// A blockSchema says which field of a struct holds what of a block. A struct that
// leaves the content to another one (remain) has nothing but the header itself.
type blockSchema struct {
	label      int            // the field of the label, or -1
	position   int            // the field of the header's position, or -1
	rest       *innerSchema   // the struct that holds the content, or nil
	attributes map[string]int // the field of each attribute
	blocks     map[string]innerSchema
}

// An innerSchema is the schema of a struct inside another: for blocks, of the
// elements of a slice or of what a pointer points to.
type innerSchema struct {
	*blockSchema
	field int
}

// fileSchema is the schema of a whole file, without the declarations.
var fileSchema = sync.OnceValue(func() *blockSchema { return schemaOf[Config]() })

func schemaOf[T any]() *blockSchema {
	return readSchema(reflect.TypeFor[T](), map[reflect.Type]*blockSchema{})
}

// readSchema reads the tags of a struct. Menus may hold menus, so a schema is
// known before it is finished.
func readSchema(t reflect.Type, known map[reflect.Type]*blockSchema) *blockSchema {
	if s := known[t]; s != nil {
		return s
	}
	s := &blockSchema{label: -1, position: -1, attributes: map[string]int{}, blocks: map[string]innerSchema{}}
	known[t] = s
	for i := range t.NumField() {
		field := t.Field(i)
		name, kind, _ := strings.Cut(field.Tag.Get("hcl"), ",")
		switch {
		case kind == "label":
			s.label = i
		case kind == "def_range":
			s.position = i
		case kind == "block":
			s.blocks[name] = innerSchema{readSchema(field.Type.Elem(), known), i}
		case kind == "remain" && field.Type.Kind() == reflect.Struct:
			s.rest = &innerSchema{readSchema(field.Type, known), i}
		case kind != "remain":
			s.attributes[name] = i
		}
	}
	return s
}

// blockKinds are the kinds of blocks that have names and can be referred to, in
// the order of the grammar.
var blockKinds = sync.OnceValue(func() []string {
	var kinds []string
	for kind, inner := range fileSchema().blocks {
		if inner.label >= 0 && kind != "project" {
			kinds = append(kinds, kind)
		}
	}
	slices.SortFunc(kinds, func(a, b string) int { return fileSchema().blocks[a].field - fileSchema().blocks[b].field })
	return kinds
})

// blocks returns the blocks of a kind, a slice that can be set.
func (c *Config) blocks(kind string) reflect.Value {
	return reflect.ValueOf(c).Elem().Field(fileSchema().blocks[kind].field)
}

// add appends the blocks of a part to the configuration.
func (c *Config) add(part Config) {
	for kind := range fileSchema().blocks {
		all := c.blocks(kind)
		all.Set(reflect.AppendSlice(all, part.blocks(kind)))
	}
}

// eachBlock calls visit for every named block that can be referred to.
func (c *Config) eachBlock(visit func(kind, name string, at hcl.Range)) {
	for _, kind := range blockKinds() {
		s, blocks := fileSchema().blocks[kind], c.blocks(kind)
		for i := range blocks.Len() {
			b := blocks.Index(i)
			visit(kind, b.Field(s.label).String(), *b.Field(s.position).Addr().Interface().(*hcl.Range))
		}
	}
}

// keepFirst drops the blocks whose names are taken.
func (c *Config) keepFirst() {
	for _, kind := range blockKinds() {
		s, blocks := fileSchema().blocks[kind], c.blocks(kind)
		seen, kept := map[string]bool{}, 0
		for i := range blocks.Len() {
			if name := blocks.Index(i).Field(s.label).String(); !seen[name] {
				seen[name] = true
				blocks.Index(kept).Set(blocks.Index(i))
				kept++
			}
		}
		blocks.SetLen(kept)
	}
}
