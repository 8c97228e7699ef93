package config

// Decoding: from blocks to the structs of the grammar in config.go, whose tags
// say what a block may hold. gohcl does that too, but it reads the tags and
// builds a schema anew for every block, which took a sixth of the whole compiler's
// time. So what is right is decoded here, by a schema made once for each struct;
// what is not right is left to gohcl, which says what is wrong with it:
//
//	menu "main" { attempts = 2 }    menuConfig{Name: "main", Body: menuBody{Attempts: …}}
//	menu { attemps = 2 }            gohcl: a name is missing, and did you mean "attempts"?

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decode decodes a file in which there are no declarations, no dynamic blocks and
// no mistakes, and lets its syntax tree go. Other files stay as they are.
func (s *loadedFile) decode() {
	var c Config
	if fileSchema().fits(s.Body.Attributes, s.Body.Blocks, reflect.ValueOf(&c).Elem()) {
		s.Body, s.decoded = nil, &c
	}
}

// DecodeBlocks decodes the blocks of one file, except for its declarations. Rest
// is the file without those, and with its dynamic blocks expanded.
func DecodeBlocks(file *hclsyntax.Body, rest hcl.Body) (Config, hcl.Diagnostics) {
	var c Config
	blocks := make(hclsyntax.Blocks, 0, len(file.Blocks))
	for _, b := range file.Blocks {
		if !declares(b) {
			blocks = append(blocks, b)
		}
	}
	if fileSchema().fits(file.Attributes, blocks, reflect.ValueOf(&c).Elem()) {
		return c, nil
	}
	c = Config{}
	return c, gohcl.DecodeBody(rest, nil, &c)
}

// declares reports whether a block is one of those in Declarations.
func declares(b *hclsyntax.Block) bool {
	return b.Type == "variable" || b.Type == "environment" || b.Type == "locals"
}

// fits decodes the content of a block into a struct. It is false if something is
// not as in the schema; the struct is of no use then.
func (s *blockSchema) fits(attributes hclsyntax.Attributes, blocks hclsyntax.Blocks, into reflect.Value) bool {
	if s.rest != nil {
		return s.rest.fits(attributes, blocks, into.Field(s.rest.field))
	}
	for name, attribute := range attributes {
		field, ok := s.attributes[name]
		if !ok {
			return false
		}
		into.Field(field).Set(reflect.ValueOf(attribute.AsHCLAttribute()))
	}
	for i, block := range blocks {
		inner, ok := s.blocks[block.Type]
		if !ok {
			return false
		}
		field := into.Field(inner.field)
		switch {
		case field.Kind() == reflect.Slice:
			if field.IsNil() {
				field.Set(reflect.MakeSlice(field.Type(), 0, ofType(block.Type, blocks[i:])))
			}
			field.SetLen(field.Len() + 1)
			field = field.Index(field.Len() - 1)
		case !field.IsNil():
			return false // there is one already
		default:
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		if !inner.holds(block, field) {
			return false
		}
	}
	return true
}

// ofType counts the blocks of a type.
func ofType(kind string, blocks hclsyntax.Blocks) int {
	n := 0
	for _, b := range blocks {
		if b.Type == kind {
			n++
		}
	}
	return n
}

// holds decodes a block with its header.
func (s *blockSchema) holds(block *hclsyntax.Block, into reflect.Value) bool {
	switch {
	case s.label >= 0 && len(block.Labels) == 1:
		into.Field(s.label).SetString(block.Labels[0])
	case s.label >= 0 || len(block.Labels) > 0:
		return false
	}
	if s.position >= 0 {
		*into.Field(s.position).Addr().Interface().(*hcl.Range) = block.DefRange()
	}
	return s.fits(block.Body.Attributes, block.Body.Blocks, into)
}
