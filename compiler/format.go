package compiler

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// MaxFile is the largest file that the compiler reads as text, in bytes.
const MaxFile = source.MaxFileBytes

// Format puts the source of a configuration file, a call test or a file of
// values into the canonical form. A byte order mark and the ends of lines stay as
// they are. What cannot be parsed is reported, and not formatted.
func Format(name string, text []byte) ([]byte, hcl.Diagnostics) {
	r := &diagnostic.Collector{}
	at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	if len(text) > MaxFile {
		r.Report("IVR314", at, "This file is larger than %d bytes.", MaxFile)
		return nil, r.Found
	}
	head, end := "", "\n"
	if bytes.HasPrefix(text, []byte(source.ByteOrderMark)) {
		head = source.ByteOrderMark
	}
	if returns := bytes.Count(text, []byte("\r\n")); returns > 0 {
		end = "\r\n"
		if returns != bytes.Count(text, []byte("\n")) {
			r.Report("IVR101", at, "Some lines of this file end in CR LF, as on Windows, and others in LF. Formatting keeps the ends of lines, and here it cannot tell which ones are meant. Make them alike first.")
			return nil, r.Found
		}
	}
	text = source.Plain(text)
	if !source.Scan(r, name, text) {
		return nil, r.Found
	}
	_, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	r.Adopt("IVR101", diags)
	if r.Found.HasErrors() {
		return nil, r.Sorted()
	}
	formatted := bytes.ReplaceAll(hclwrite.Format(text), []byte("\n"), []byte(end))
	return append([]byte(head), formatted...), nil
}
