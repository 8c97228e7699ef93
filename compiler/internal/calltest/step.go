package calltest

// Checking what stands in the lists of call tests. Every element must be a word
// that may stand there; its arguments are checked at their own places in the
// source, as far as the source shows them:
//
//	steps = [presses(11), local.more, [waits("10s")]]
//	                 ^^   ^^^^^^^^^^   lists in lists are flattened
//	                 │    elements of it are reported here
//	                 arguments of a call that is written out are reported here

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
	"github.com/ivrc/ivrc/compiler/internal/source"
	"github.com/ivrc/ivrc/compiler/script"
)

// maxCallSteps bounds the steps of one list: nobody reads a test that is longer.
const maxCallSteps = 1000

// An element is a value in a list, and the expression that it comes from, which
// is nil where only a place is known.
type element struct {
	value cty.Value
	expr  hclsyntax.Expression
	at    hcl.Range
}

// elements are those of a list, and of the lists in it.
func elements(value cty.Value, expr hcl.Expression, at hcl.Range) []element {
	written, _ := source.Unwrapped(expr).(*hclsyntax.TupleConsExpr)
	var all []element
	for it := value.ElementIterator(); it.Next() && len(all) <= maxCallSteps; {
		i, v := it.Element()
		e := element{value: v, at: at}
		if written != nil {
			n, _ := i.AsBigFloat().Int64()
			e.expr, e.at = written.Exprs[n], written.Exprs[n].Range()
		}
		if v.CanIterateElements() && !v.IsNull() && (v.Type().IsTupleType() || v.Type().IsListType()) {
			var inner hcl.Expression
			if e.expr != nil {
				inner = e.expr
			}
			all = append(all, elements(v, inner, e.at)...)
			continue
		}
		all = append(all, e)
	}
	return all
}

// list is the elements of an attribute that expects a list.
func (r *callReader) list(a *hcl.Attribute) []element {
	value, ok := r.value(a)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if !value.CanIterateElements() || value.Type().IsObjectType() || value.Type().IsMapType() {
		r.diags.Report("IVR203", at, "A list in brackets is expected here, not %s.", describeWord(value))
		return nil
	}
	list := elements(value, a.Expr, at)
	if len(list) > maxCallSteps {
		r.diags.Report("IVR317", at, "This list holds more than %d elements. Split the test.", maxCallSteps)
		return nil
	}
	return list
}

// steps reads what happens in a call, one after the other. It is nil if
// something is wrong.
func (r *callReader) steps(a *hcl.Attribute) []calltest.Step {
	before := len(r.diags.Found)
	steps := []calltest.Step{}
	over := ""
	for _, e := range r.list(a) {
		s, ok := r.step(e, wordAct, wordExpect, wordBound)
		if !ok {
			continue
		}
		if over != "" {
			r.diags.Report("IVR705", e.at, "After %s the call is over, so this could not happen. Change the order, or remove one of the two.", over)
		}
		switch {
		case s.Action.Do == script.HangUp:
			over = "hangs_up()"
		case s.Expects == calltest.Ends:
			over = "ends()"
		case s.Expects == calltest.Rejected:
			over = "rejected()"
		}
		steps = append(steps, s)
	}
	if len(r.diags.Found) > before {
		return nil
	}
	return steps
}

// never reads the expectations that must not be met.
func (r *callReader) never(a *hcl.Attribute) []calltest.Step {
	var steps []calltest.Step
	for _, e := range r.list(a) {
		s, ok := r.step(e, wordExpect)
		if ok && s.Expects == calltest.Ends {
			r.diags.Report("IVR706", e.at, "Every call ends. To say how long it may take at least, write lasts_at_least.")
		}
		steps = append(steps, s)
	}
	return steps
}

// step checks one element, which has to be a word with one of some roles.
func (r *callReader) step(e element, roles ...wordRole) (calltest.Step, bool) {
	w, ok := asWord(e.value)
	if !ok {
		r.diags.Report("IVR703", e.at, "A step is expected here, such as hears(\"…\") or presses(\"1\"), not %s.", describeWord(e.value))
		return calltest.Step{}, false
	}
	if !slices.Contains(roles, w.role) {
		r.misplaced(w, e.at, roles)
		return calltest.Step{}, false
	}
	s := calltest.Step{Action: script.Action{Do: w.action}, Expects: w.expects, Place: calltest.Place{File: e.at.Filename, Line: e.at.Start.Line}}
	args, ok := r.arguments(w, e)
	if !ok {
		return s, false
	}
	if w.role == wordBound {
		return r.bound(w, args, e.at)
	}
	s.Written = r.written(w, args)
	for i, arg := range args {
		ok = r.argument(&s, w.Parameters[i], arg) && ok
	}
	return s, ok
}

// bound reads an expectation with a bound in time.
func (r *callReader) bound(w *spokenWord, args []element, at hcl.Range) (calltest.Step, bool) {
	d := r.durationOf(args[0].value, args[0].at)
	s, ok := r.step(args[1], wordExpect, wordBound)
	s.Place = calltest.Place{File: at.Filename, Line: at.Start.Line}
	if !ok || d == 0 {
		return s, false
	}
	if w.Name == "within" {
		s.Within = d
	} else {
		s.After = d
	}
	s.Written = fmt.Sprintf("%s(%q, %s)", w.Name, script.Duration(d), s.Written)
	if s.Within > 0 && s.After > s.Within {
		r.diags.Report("IVR709", at, "Nothing happens both after %s and within %s.", script.Duration(s.After), script.Duration(s.Within))
		return s, false
	}
	return s, true
}

// misplaced reports a word that may not stand where it does.
func (r *callReader) misplaced(w *spokenWord, at hcl.Range, roles []wordRole) {
	switch {
	case w.role == wordResponse:
		r.diags.Report("IVR703", at, "%s() is what a callee does, and stands in callees. A step is what happens to the caller: %s.", w.Name, strings.Join(wordNames(roles...), ", "))
	case w.role == wordAct:
		r.diags.Report("IVR706", at, "%s() is what the caller does. Here stands what has to happen, or must not: %s.", w.Name, strings.Join(wordNames(wordExpect), ", "))
	default:
		r.diags.Report("IVR706", at, "%s() has no meaning here, where no step comes before. Here stands what must not happen at any time: %s.", w.Name, strings.Join(wordNames(wordExpect), ", "))
	}
}

// arguments are what a word was given, each with its place.
func (r *callReader) arguments(w *spokenWord, e element) ([]element, bool) {
	least := 0
	var names []string
	for _, p := range w.Parameters {
		if p.Optional {
			names = append(names, "["+p.Name+"]")
		} else {
			names = append(names, p.Name)
			least++
		}
	}
	if n := len(w.args); n < least || n > len(w.Parameters) {
		r.diags.Report("IVR704", e.at, "%s is written %s(%s), and was given %d of these.", w.Name, w.Name, strings.Join(names, ", "), n)
		return nil, false
	}
	call, _ := source.Unwrapped(e.expr).(*hclsyntax.FunctionCallExpr)
	args := make([]element, len(w.args))
	for i, value := range w.args {
		value = r.eval.Unmarked(value)
		args[i] = element{value: value, at: e.at}
		if call != nil && !call.ExpandFinal && len(call.Args) == len(args) {
			args[i].expr, args[i].at = call.Args[i], call.Args[i].Range()
		}
	}
	return args, true
}

// argument checks one argument and puts it into a step.
func (r *callReader) argument(s *calltest.Step, p WordParameter, a element) bool {
	value, at := a.value, a.at
	ref, isReference := config.AsReference(value)
	switch p.kind {
	case keysParameter:
		keys, _ := config.AsText(value)
		s.Action.Keys = keys
		if keys == "" || strings.Trim(keys, "0123456789*#") != "" {
			r.diags.Report("IVR704", at, "Keys of a telephone in quotes are expected here, such as \"1\" or \"12#\", not %s.", shown(value))
			return false
		}
		return true
	case durationParameter:
		before := len(r.diags.Found)
		s.Action.For = r.durationOf(value, at)
		if s.Action.Do == script.Press {
			s.Action.Do = script.Interrupt
		} else if len(r.diags.Found) == before && s.Action.For == 0 {
			r.diags.Report("IVR704", at, "A duration of at least a second is expected here.")
		}
		return len(r.diags.Found) == before
	case betweenParameter:
		before := len(r.diags.Found)
		s.Action.Slow = r.durationOf(value, at)
		return len(r.diags.Found) == before
	case heardParameter:
		return r.heard(s, value, at)
	case languageParameter:
		tag, _ := config.AsText(value)
		return resolve.CheckLanguage(r.diags, tag, at) && r.inLanguage(s, tag, at)
	case blockParameter:
		if s.Block = ref.Address(); isReference && r.reachable(ref) {
			return true
		}
		return r.inner(s, value, at)
	case queueParameter:
		if q := r.queues[ref.Name]; isReference && ref.Kind == bundle.KindQueue && q != nil {
			s.Text = q.FriendlyName
			return true
		}
		return r.wrong(at, "A queue is expected here, such as queue.sales", value)
	case voicemailParameter:
		if s.Block = ref.Address(); isReference && ref.Kind == bundle.KindVoicemail {
			return true
		}
		return r.wrong(at, "A voicemail is expected here, such as voicemail.sales", value)
	}
	return r.phone(s, value, at)
}

// reachable reports whether a call can be led to what a reference names.
func (r *callReader) reachable(ref config.Reference) bool {
	isNode := slices.ContainsFunc(r.model.Nodes, func(n model.Node) bool { return n.Address() == ref.Address() })
	return isNode || ref.Kind == bundle.KindUser
}

// inner reads the address of a menu inside an option, which has no name that
// could be referred to: "menu.main.2".
func (r *callReader) inner(s *calltest.Step, value cty.Value, at hcl.Range) bool {
	text, ok := config.AsText(value)
	var menus []string
	for _, n := range r.model.Nodes {
		if m, isMenu := n.(*model.MenuNode); isMenu && strings.Contains(m.Name, ".") {
			menus = append(menus, m.Address())
		}
	}
	if s.Block = text; ok && slices.Contains(menus, text) {
		return true
	}
	if ok && strings.HasPrefix(text, bundle.KindMenu+".") && strings.Count(text, ".") > 1 {
		r.diags.Report("IVR202", at, "There is no menu %q inside an option.%s", text, r.diags.DidYouMean(text, menus))
		return false
	}
	return r.wrong(at, "A block that a call can be led to is expected here, such as menu.main, ring_group.sales or voicemail.sales; a menu inside an option stands in quotes, \"menu.main.2\"", value)
}

// phone reads whose telephone rings: a user's, or that of a number.
func (r *callReader) phone(s *calltest.Step, value cty.Value, at hcl.Range) bool {
	if ref, ok := config.AsReference(value); ok && ref.Kind == bundle.KindUser {
		s.Phone = r.phones[ref.Name]
		return true
	}
	if text, ok := config.AsText(value); ok {
		s.Phone = text
		return resolve.CheckPhone(r.diags, text, at)
	}
	return r.wrong(at, "A user is expected here, such as user.alice, or a telephone number in quotes", value)
}

// heard reads what the caller hears: a part of what is said, or a message.
func (r *callReader) heard(s *calltest.Step, value cty.Value, at hcl.Range) bool {
	m := (*model.MessageNode)(nil)
	if ref, ok := config.AsReference(value); ok {
		switch ref.Kind {
		case bundle.KindMessage:
			m = r.messages[ref.Name]
		case config.KindStock:
			m = r.stock(ref.Name)
		}
		if m == nil {
			return r.wrong(at, "Words in quotes or a message are expected here, such as \"Thank you\", message.welcome or stock.goodbye", value)
		}
		if len(m.Parts) > 0 {
			r.diags.Report("IVR704", at, "%s consists of parts, which are heard one after the other. Name each: hears(…) for every part.", ref.Address())
			return false
		}
		first := versionOf(m)
		s.Whole, s.Text, s.Language, s.Voice = true, first.Text, first.Language, first.Voice
		for _, language := range slices.Sorted(maps.Keys(m.In)) {
			if v := versionOf(m.In[language]); v != first {
				s.Versions = append(s.Versions, v)
			}
		}
		return true
	}
	text, ok := config.AsText(value)
	if s.Text = resolve.SpokenText(text); !ok || s.Text == "" {
		return r.wrong(at, "Words in quotes or a message are expected here, such as \"Thank you\", message.welcome or stock.goodbye", value)
	}
	return resolve.CheckCharacters(r.diags, text, at)
}

// stock is a built-in message in every language that calls have.
func (r *callReader) stock(name string) *model.MessageNode {
	m := r.model.Project.Said(name)
	for _, p := range r.model.Spoken {
		if m.In == nil {
			m.In = map[string]*model.MessageNode{}
		}
		m.In[p.Language] = p.Said(name)
	}
	return m
}

// versionOf is what a message is recognised by.
func versionOf(m *model.MessageNode) calltest.Version {
	switch {
	case m.Audio != nil:
		return calltest.Version{Text: m.Audio.Path}
	case m.URL != "":
		return calltest.Version{Text: m.URL}
	}
	return calltest.Version{Text: m.Text, Language: m.Language, Voice: m.Voice}
}

// inLanguage makes a step expect one language.
func (r *callReader) inLanguage(s *calltest.Step, tag string, at hcl.Range) bool {
	versions := append([]calltest.Version{{Text: s.Text, Language: s.Language, Voice: s.Voice}}, s.Versions...)
	s.Versions = nil
	for _, v := range versions {
		if !s.Whole || v.Language == tag || v.Language == "" {
			s.Text, s.Language, s.Voice = v.Text, tag, v.Voice
			return true
		}
	}
	r.diags.Report("IVR704", at, "This message is never said in %q, so the test could only fail.", tag)
	return false
}

// wrong reports an argument of the wrong kind.
func (r *callReader) wrong(at hcl.Range, expects string, value cty.Value) bool {
	r.diags.Report("IVR704", at, "%s, not %s.", expects, shown(value))
	return false
}

// written is a step as a test would say it that names nothing.
func (r *callReader) written(w *spokenWord, args []element) string {
	var words []string
	for _, a := range args {
		words = append(words, shown(a.value))
	}
	return w.Name + "(" + strings.Join(words, ", ") + ")"
}

// shown is a value as it is written.
func shown(value cty.Value) string {
	if text, ok := config.AsText(value); ok && value.Type() == cty.String {
		return `"` + resolve.SpokenText(text) + `"`
	}
	if text, ok := config.AsText(value); ok {
		return text
	}
	return describeWord(value)
}

// describeWord is describe for values among which words can be.
func describeWord(value cty.Value) string {
	if w, ok := asWord(value); ok {
		return w.Name + "()"
	}
	return config.Describe(value)
}
