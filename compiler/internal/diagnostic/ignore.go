package diagnostic

// Ignore comments. A comment on a line of its own ignores a warning of the line
// below it, one at the end of a line a warning of that line:
//
//	# ivrc:ignore IVR601 the second office opens in May
//	ring_group "may" {
//
// A warning that goes without a word is a mistake that comes back, so the comment
// must say why, and one without effect is itself a warning.

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ignoreMark begins ignore comments.
const ignoreMark = "ivrc:ignore"

// An IgnoreComment is a comment that ignores a warning.
type IgnoreComment struct {
	code, reason string
	at           hcl.Range
	line         int // the line whose warning it ignores
	used         bool
}

// comments are the tokens of a text among which are all comments with the mark.
// In a plain text nothing goes on from one line to the next, so that only the
// lines with the mark have to be looked at.
func comments(name string, text []byte, plain bool) hclsyntax.Tokens {
	if !plain {
		tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
		return tokens
	}
	var found hclsyntax.Tokens
	at := hcl.InitialPos
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte(ignoreMark)) {
			tokens, _ := hclsyntax.LexConfig(line, name, at)
			found = append(found, tokens...)
		}
		at.Line++
		at.Byte += len(line)
	}
	return found
}

// FindIgnores finds the ignore comments of a file.
func FindIgnores(name string, text []byte, plain bool) []*IgnoreComment {
	if !bytes.Contains(text, []byte(ignoreMark)) {
		return nil
	}
	var found []*IgnoreComment
	for _, token := range comments(name, text, plain) {
		if token.Type != hclsyntax.TokenComment {
			continue
		}
		comment := bytes.TrimRight(token.Bytes, "\r\n")
		rest, ok := strings.CutPrefix(strings.TrimLeft(string(comment), "#/ \t"), ignoreMark)
		if !ok {
			continue
		}
		code, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		i := &IgnoreComment{code: code, reason: strings.TrimSpace(reason), at: token.Range, line: token.Range.Start.Line}
		i.at.End = i.at.Start
		i.at.End.Byte += len(comment)
		i.at.End.Column += len([]rune(string(comment)))
		before := text[:token.Range.Start.Byte]
		if line := before[bytes.LastIndexByte(before, '\n')+1:]; len(bytes.TrimSpace(line)) == 0 {
			i.line++
		}
		found = append(found, i)
	}
	// Comments in a row all speak of the line below the last of them.
	for k := len(found) - 2; k >= 0; k-- {
		if below := found[k+1]; found[k].line == below.at.Start.Line && below.line > found[k].line {
			found[k].line = below.line
		}
	}
	return found
}

// Of reports whether the comment ignores the warnings of a code, and says why.
func (i *IgnoreComment) Of(code string) bool { return i.code == code && i.reason != "" }

// An ignoreKey is what a comment ignores: the warnings of a code on a line.
type ignoreKey struct {
	file string
	line int
	code string
}

// Index records each ignore comment by its file, its line and the code that it
// ignores.
func (r *Collector) Index(ignores []*IgnoreComment) {
	r.ignores = map[ignoreKey]*IgnoreComment{}
	for _, i := range ignores {
		r.ignores[ignoreKey{i.at.Filename, i.line, i.code}] = i
	}
}

// dropIgnored drops the warnings that comments ignore.
func (r *Collector) dropIgnored() {
	r.Found = slices.DeleteFunc(r.Found, func(d *hcl.Diagnostic) bool {
		at := SubjectOf(d)
		i := r.ignores[ignoreKey{at.Filename, at.Start.Line, CodeOf(d)}]
		if i == nil || d.Severity != hcl.DiagWarning {
			return false
		}
		i.used = true
		return true
	})
}

// ApplyIgnores drops the warnings that comments ignore, and warns of comments that
// are wrong. That a comment has no effect is known only when every stage has run,
// and only of lines whose warnings no variable decides: settled says of which. It
// is nil when not every stage has run.
func (r *Collector) ApplyIgnores(ignores []*IgnoreComment, settled func(file string, line int, code string) bool) {
	r.dropIgnored()
	for _, i := range ignores {
		r.checkIgnore(i, settled)
	}
}

// checkIgnore warns of a comment that is wrong.
func (r *Collector) checkIgnore(i *IgnoreComment, settled func(string, int, string) bool) {
	var codes []string
	for _, rule := range rules {
		if rule.Warning {
			codes = append(codes, rule.Code)
		}
	}
	const code = "IVR608"
	switch {
	case i.code == "":
		r.Report(code, i.at, "Say which warning does not apply here, and why: # %s CODE REASON.", ignoreMark)
	case slices.ContainsFunc(rules, func(rule Rule) bool { return rule.Code == i.code && !rule.Warning }):
		r.Report(code, i.at, "%s is an error, and errors cannot be ignored, because callers would be treated badly. Remove this comment.", i.code)
	case !slices.Contains(codes, i.code):
		r.Report(code, i.at, "There is no warning %q.%s A comment ignores one warning, by its code.", i.code, r.DidYouMean(i.code, codes))
	case settled != nil && !i.used && settled(i.at.Filename, i.line, i.code):
		r.Report(code, i.at, "This comment has no effect: its line has no warning %s. Remove it.", i.code)
	case i.reason == "":
		r.Report(code, i.at, "Say why the warning does not apply here, for whoever reads this next: # %s %s REASON.", ignoreMark, i.code)
	}
}
