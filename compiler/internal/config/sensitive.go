package config

// Sensitive values. The value of a variable that is sensitive carries a mark, which
// follows it through everything that is made of it:
//
//	variable "pin" { sensitive = true }
//	"The code is ${var.pin}."        marked
//	upper(var.name)                  marked
//	var.closed ? menu.a : menu.b     marked, but a reference is nothing that is hidden
//
// Where a value leaves the expressions, to become a part of the model, its texts are
// written down as secrets: nothing that describes the configuration shows them.

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// sensitiveMark is the mark of sensitive values.
const sensitiveMark = "sensitive"

// sensitive reports whether a variable is declared as sensitive. One whose
// declaration cannot be understood is.
func (e *Evaluator) sensitive(v VariableBlock) bool {
	if v.Sensitive == nil {
		return false
	}
	value, diags := v.Sensitive.Expr.Value(nil)
	return diags.HasErrors() || !value.RawEquals(cty.False)
}

// Unmarked is a value without marks. Its sensitive texts are concealed.
func (e *Evaluator) Unmarked(value cty.Value) cty.Value {
	if !value.ContainsMarked() {
		return value
	}
	e.conceal(value, false)
	value, _ = value.UnmarkDeep()
	return value
}

// conceal conceals the texts and numbers in what is marked.
func (e *Evaluator) conceal(value cty.Value, marked bool) {
	marked = marked || value.IsMarked()
	value, _ = value.Unmark()
	switch t := value.Type(); {
	case value.IsNull() || !value.IsKnown():
	case marked && (t == cty.String || t == cty.Number):
		text, _ := AsText(value)
		e.Diags.Conceal(text)
		e.Diags.Conceal(strings.Join(strings.Fields(text), " ")) // as it is spoken
	case value.CanIterateElements():
		for it := value.ElementIterator(); it.Next(); {
			_, element := it.Element()
			e.conceal(element, marked)
		}
	}
}

// namesSensitive reports whether anything that an expression names is sensitive.
func namesSensitive(expr hcl.Expression, context *hcl.EvalContext) bool {
	for _, traversal := range expr.Variables() {
		for at := context; at != nil; at = at.Parent() {
			root, known := at.Variables[traversal.RootName()]
			if !known {
				continue
			}
			value, diags := traversal[1:].TraverseRel(root)
			if diags.HasErrors() {
				value = root // as much as can be told
			}
			if value.ContainsMarked() {
				return true
			}
			break
		}
	}
	return false
}

// The declarations of variables in a source, what gives one its value, what an
// environment gives to variables, and a line of a file of values.
var (
	declaration = regexp.MustCompile(`(?ms)^[ \t]*variable\b.*?(?:^[ \t]*\}|\z)`)
	givenText   = regexp.MustCompile(`(?s)(\bdefault[ \t]*=)(.*?)(\n[ \t]*[a-z_]+[ \t]*[={]|\n[ \t]*\}|\z)`)
	givenThere  = regexp.MustCompile(`\bvariables[ \t]*=`)
	givenLine   = regexp.MustCompile(`(?m)^([ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]*=|)(.*)()$`)
)

// Shown is a source as diagnostics may show it: without the defaults of sensitive
// variables, and without the values in a file of values.
func Shown(name string, text []byte) []byte {
	if !strings.HasSuffix(name, ".hcl") {
		return givenLine.ReplaceAllFunc(text, func(line []byte) []byte { return starred(givenLine, line) })
	}
	if !bytes.Contains(text, []byte("sensitive")) {
		return text
	}
	text = withoutGiven(text)
	return declaration.ReplaceAllFunc(text, func(block []byte) []byte {
		if !bytes.Contains(block, []byte("sensitive")) {
			return block
		}
		return givenText.ReplaceAllFunc(block, func(given []byte) []byte { return starred(givenText, given) })
	})
}

// withoutGiven is a source without what environments give to variables.
func withoutGiven(text []byte) []byte {
	hidden := bytes.Clone(text)
	for _, found := range givenThere.FindAllIndex(text, -1) {
		depth, quoted := 0, false
		for i := found[1]; i < len(text); i++ {
			c := text[i]
			switch {
			case c == '\\' && quoted && i+1 < len(text):
				hidden[i], hidden[i+1] = '*', '*'
				i++
				continue
			case c == '"':
				quoted = !quoted
			case !quoted && (c == '{' || c == '['):
				depth++
			case !quoted && (c == '}' || c == ']'):
				depth--
			}
			if depth < 0 || depth == 0 && c == '\n' {
				break
			}
			if !strings.ContainsRune(" \t\r\n", rune(c)) {
				hidden[i] = '*'
			}
		}
	}
	return hidden
}

// starred is a text with a star for each byte of the value in it, which is the
// second part of a form, so that positions stay right.
func starred(form *regexp.Regexp, text []byte) []byte {
	at := form.FindSubmatchIndex(text)
	starred := bytes.Clone(text)
	for i := at[4]; i < at[5]; i++ {
		if !strings.ContainsRune(" \t\r\n", rune(text[i])) {
			starred[i] = '*'
		}
	}
	return starred
}

// Shown are the sources as diagnostics may show them. Values in files of values are
// shown if no variable is sensitive.
func (e *Evaluator) Shown() map[string][]byte {
	shown := make(map[string][]byte, len(e.Texts))
	for name, text := range e.Texts {
		if e.Diags.HideValues || strings.HasSuffix(name, ".hcl") {
			text = Shown(name, text)
		}
		if e.Diags.HideValues && strings.HasSuffix(name, ".hcl") {
			text = withoutGiven(text)
		}
		shown[name] = text
	}
	return shown
}
