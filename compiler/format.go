package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format puts the source of a configuration file, a call test or a file of
// values into the canonical form. What cannot be parsed is reported, and not
// formatted.
func Format(name string, source []byte) ([]byte, hcl.Diagnostics) {
	r := &reporter{}
	at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	if len(source) > maxFileBytes {
		r.report("IVR314", at, "This file is larger than %d bytes.", maxFileBytes)
		return nil, r.found
	}
	if !scan(r, name, source) {
		return nil, r.found
	}
	_, diags := hclsyntax.ParseConfig(source, name, hcl.InitialPos)
	r.adopt("IVR101", diags)
	if r.found.HasErrors() {
		return nil, r.sorted()
	}
	return hclwrite.Format(source), nil
}
