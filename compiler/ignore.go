package compiler

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// An ignore is a comment that silences a warning of the line below it:
//
//	# ivrc:ignore IVR601 the number is not bought yet
type ignore struct {
	code, reason string
	at           hcl.Range
	used         bool
}

// findIgnores finds the ignore comments of a file.
func findIgnores(name string, text []byte) []*ignore {
	const mark = "ivrc:ignore"
	if !bytes.Contains(text, []byte(mark)) {
		return nil
	}
	var found []*ignore
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	for _, token := range tokens {
		if token.Type != hclsyntax.TokenComment {
			continue
		}
		_, rest, ok := strings.Cut(string(token.Bytes), mark)
		if !ok {
			continue
		}
		code, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		found = append(found, &ignore{code: code, reason: strings.TrimSpace(reason), at: token.Range})
	}
	return found
}

// applyIgnores drops the warnings that a comment on the line above silences,
// and warns of comments that silence nothing or give no reason.
func (r *reporter) applyIgnores(sources []*source) {
	type place struct {
		file string
		line int
		code string
	}
	ignores := map[place]*ignore{}
	for _, s := range sources {
		for _, i := range s.ignores {
			ignores[place{s.name, i.at.Start.Line + 1, i.code}] = i
		}
	}
	r.diags = slices.DeleteFunc(r.diags, func(d *hcl.Diagnostic) bool {
		at := subject(d)
		i := ignores[place{at.Filename, at.Start.Line, CodeOf(d)}]
		if i == nil || d.Severity != hcl.DiagWarning {
			return false
		}
		i.used = true
		return true
	})
	for _, s := range sources {
		for _, i := range s.ignores {
			switch {
			case !i.used:
				r.report("IVR608", i.at, "This comment silences nothing: there is no warning %s on the next line. Remove it.", i.code)
			case i.reason == "":
				r.report("IVR608", i.at, "Say why the warning %s does not apply here: # ivrc:ignore %s REASON.", i.code, i.code)
			}
		}
	}
}
