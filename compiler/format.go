package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// Format puts the source of a configuration file, a call test or a file of
// values into the canonical form. What cannot be parsed is reported, and not
// formatted.
func Format(name string, text []byte) ([]byte, hcl.Diagnostics) {
	r := &diagnostic.Collector{}
	at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	if len(text) > source.MaxFileBytes {
		r.Report("IVR314", at, "This file is larger than %d bytes.", source.MaxFileBytes)
		return nil, r.Found
	}
	if !source.Scan(r, name, text) {
		return nil, r.Found
	}
	_, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	r.Adopt("IVR101", diags)
	if r.Found.HasErrors() {
		return nil, r.Sorted()
	}
	return hclwrite.Format(text), nil
}
