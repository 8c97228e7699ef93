package resolve

// Resolving what becomes of callers who give no valid key: what they hear when they are
// asked again, and where they go on after the last attempt.
//
//	no_input = "Are you still there?"
//	no_input = ["Are you still there?", "Please press a key."]    after the first attempt, and after the others
//	no_input = ""                                                 nothing; the prompt is said again

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// outcomeAttributes are the attributes of a menu or an entry about such callers.
type outcomeAttributes struct{ invalid, noInput, onSilence, onInvalid, onFailure *hcl.Attribute }

// outcomes resolves what becomes of callers of a menu or an entry whose keys and
// attempts are known.
func (r *resolver) outcomes(m *model.MenuNode, a outcomeAttributes) {
	p := r.model.Project
	m.Invalid, m.NoInput = r.words(a.invalid, p.Invalid), r.words(a.noInput, p.NoInput)
	m.OnFailure, m.OnSilence, m.OnInvalid = r.destination(a.onFailure), r.destination(a.onSilence), r.destination(a.onInvalid)
	can := r.diags.Found.HasErrors() || m.CanMistake() // with a mistake elsewhere, not all keys are known
	switch {
	case !can:
		r.idle(a.onInvalid, "No %s of %s are wrong, so nobody is led here. Remove on_invalid.", keysOf(m), m.Address())
		if m.OnInvalid = nil; m.OnSilence != nil {
			r.idle(a.onFailure, "No %s of %s are wrong, and silence leads to on_silence, so nobody is led here. Remove one of the two.", keysOf(m), m.Address())
		}
	case m.OnSilence != nil && m.OnInvalid != nil:
		r.idle(a.onFailure, "Silence leads to on_silence, and a wrong key to on_invalid, so nobody is led here. Remove on_failure.")
	}
	noInput, invalid := m.WordsHeard()
	if !can {
		invalid = 0
		r.idle(a.invalid, "No %s of %s are wrong, so nobody hears this. Remove it.", keysOf(m), m.Address())
	} else {
		r.idleWords(a.invalid, invalid)
	}
	r.idleWords(a.noInput, noInput)
}

// keysOf is what callers of a menu or an entry press.
func keysOf(m *model.MenuNode) string {
	if m.Kind == bundle.KindEntry {
		return "digits"
	}
	return "keys"
}

// idleWords warns of words that nobody hears, because so many attempts are in vain at
// most before the call goes on.
func (r *resolver) idleWords(a *hcl.Attribute, heard int) {
	value, ok := r.given(a)
	switch {
	case !ok || isNothing(value):
	case heard == 0:
		r.idle(a, "Callers are asked once (attempts = 1), and this is said only before they are asked again, so nobody hears it. Allow more attempts, or say it where the call goes on.")
	case isList(value):
		list := r.elements(value, a.Expr)
		for _, e := range list[min(heard, len(list)):] {
			r.diags.Report("IVR625", e.expr.Range(), "Callers hear %s of these at most, so nobody hears this one. Allow more attempts, or remove it.", counted(heard))
		}
	}
}

// counted writes how many of some messages are heard.
func counted(heard int) string {
	if heard == 1 {
		return "one"
	}
	return strconv.Itoa(heard)
}

// words are what callers hear after each attempt in vain, or the default where the
// attribute is absent or failed. Nil is nothing.
func (r *resolver) words(a *hcl.Attribute, otherwise []*model.MessageNode) []*model.MessageNode {
	value, ok := r.given(a)
	if !ok {
		return otherwise
	}
	if !isList(value) {
		return []*model.MessageNode{r.word(element{value, a.Expr})}
	}
	list := r.elements(value, a.Expr)
	if len(list) == 0 {
		r.diags.Report("IVR203", a.Expr.Range(), "This list is empty. Write a message for each attempt, or \"\" for none.")
		return otherwise
	}
	var words []*model.MessageNode
	for _, e := range list {
		words = append(words, r.word(e))
	}
	return words
}

// word is one of the words, nil for nothing.
func (r *resolver) word(e element) *model.MessageNode {
	if isNothing(e.value) {
		return nil
	}
	return r.messageOf(e.value, e.expr, nil)
}

// isNothing reports whether a value is the empty text.
func isNothing(value cty.Value) bool {
	text, ok := config.AsText(value)
	return ok && text == ""
}

// An element is one of a list, and the expression that it comes from: the list's own, if
// the element is not written out.
type element struct {
	value cty.Value
	expr  hcl.Expression
}

// isList reports whether a value is a list.
func isList(value cty.Value) bool { return value.Type().IsTupleType() || value.Type().IsListType() }

// elements are the elements of a list, but for those that are null.
func (r *resolver) elements(value cty.Value, expr hcl.Expression) []element {
	written, diags := hcl.ExprList(expr)
	if diags.HasErrors() || len(written) != value.LengthInt() {
		written = nil
	}
	var list []element
	for i, v := range value.AsValueSlice() {
		e := element{v, expr}
		if written != nil {
			e.expr = written[i]
		}
		if e.value, _ = e.value.Unmark(); !e.value.IsNull() {
			list = append(list, e)
		}
	}
	return list
}
