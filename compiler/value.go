package compiler

// From expressions to Go values: what each attribute expects, and what to say
// where it finds something else.

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// referenceType is the type of references among values.
var referenceType = cty.Capsule("reference", reflect.TypeFor[reference]())

// asReference returns the reference that a value holds.
func asReference(value cty.Value) (reference, bool) {
	if value.Type() != referenceType || value.IsNull() || !value.IsKnown() {
		return reference{}, false
	}
	value, _ = value.Unmark()
	return *value.EncapsulatedValue().(*reference), true
}

// describe names a value for a message.
func describe(value cty.Value) string {
	if ref, ok := asReference(value); ok {
		return ref.address()
	}
	switch t := value.Type(); {
	case value.IsNull():
		return "null"
	case t == cty.String:
		return "a text"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsTupleType(), t.IsListType(), t.IsSetType():
		return "a list"
	}
	return "an object"
}

// null reports whether an attribute is null, which is the same as not given. What
// cannot be null is not evaluated for that, nor is what is evaluated before
// blocks are known, which has a context of its own.
func (e *evaluator) null(a *hcl.Attribute) bool {
	if e.values == nil {
		return false
	}
	switch expr := a.Expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return expr.Val.IsNull()
	case *hclsyntax.TemplateExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return false
	case *hclsyntax.ScopeTraversalExpr:
		if isReferenceRoot(expr.Traversal.RootName()) {
			return false
		}
	}
	value, ok := e.value(a.Expr)
	return ok && value.IsNull()
}

// given evaluates an attribute. It is false where the attribute is absent or
// null, and where evaluating it failed, which has been reported then.
func (r *resolver) given(a *hcl.Attribute) (cty.Value, bool) {
	if a == nil {
		return cty.NilVal, false
	}
	value, ok := r.eval.value(a.Expr)
	if !ok || value.IsNull() {
		return cty.NilVal, false
	}
	value, _ = value.Unmark()
	return value, true
}

// text is the value of an attribute that expects a text.
func (r *resolver) text(a *hcl.Attribute) (string, hcl.Range, bool) {
	value, ok := r.given(a)
	if !ok {
		return "", hcl.Range{}, false
	}
	at := a.Expr.Range()
	text, ok := asText(value)
	if !ok {
		r.diags.report("IVR203", at, "A text in quotes is expected here, not %s.", describe(value))
		return "", at, false
	}
	return text, at, checkCharacters(r.diags, text, at)
}

// checkCharacters reports characters that neither a document nor a terminal can
// carry.
func checkCharacters(r *reporter, text string, at hcl.Range) bool {
	offset := twiml.Speakable(text)
	if offset < 0 {
		return true
	}
	c := []rune(text[offset:])[0]
	r.report("IVR105", at, "Character %d of this text is U+%04X. It cannot be spoken, and would damage the document that Twilio reads. Remove it.", 1+len([]rune(text[:offset])), c)
	return false
}

// boolean is the value of an attribute that expects true or false.
func (r *resolver) boolean(a *hcl.Attribute) (value, ok bool) {
	given, ok := r.given(a)
	if !ok {
		return false, false
	}
	converted, err := convert.Convert(given, cty.Bool)
	if err != nil {
		r.diags.report("IVR203", a.Expr.Range(), "This is either true or false, without quotes, not %s.", describe(given))
		return false, false
	}
	return converted.True(), true
}

// integer sets a whole number within a limit.
func (r *resolver) integer(a *hcl.Attribute, result *int, limit *Limit) {
	given, ok := r.given(a)
	if !ok {
		return
	}
	converted, err := convert.Convert(given, cty.Number)
	if err != nil {
		r.diags.report("IVR203", a.Expr.Range(), "A number is expected here, not %s.", describe(given))
		return
	}
	number := converted.AsBigFloat()
	if !number.IsInt() {
		r.diags.report("IVR203", a.Expr.Range(), "A whole number is expected here, not %s.", number.Text('g', 6))
		return
	}
	n, _ := number.Int64() // the nearest, which is out of every range too
	if checkLimit(r.diags, limit, r.model.project.profile, int(n), a.Expr.Range()) {
		*result = int(n)
	}
}

// duration sets a length of time within a limit.
func (r *resolver) duration(a *hcl.Attribute, result *time.Duration, limit *Limit) {
	text, at, ok := r.text(a)
	if !ok {
		return
	}
	d, ok := parseDuration(r.diags, text, at)
	if ok && checkLimit(r.diags, limit, r.model.project.profile, int(d/time.Second), at) {
		*result = d
	}
}

// parseDuration reads a length of time with a unit, in whole seconds.
func parseDuration(r *reporter, text string, at hcl.Range) (time.Duration, bool) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil && strings.Trim(text, "0123456789") == "" && text != "":
		r.report("IVR209", at, "A length of time needs a unit: \"%ss\" for seconds, \"%sm\" for minutes.", text, text)
	case err != nil:
		meant := ""
		if short := shortUnits.Replace(strings.ToLower(text)); isDuration(short) {
			meant = fmt.Sprintf(" Did you mean %q?", short)
		}
		r.report("IVR209", at, "A length of time is a number and a unit, such as \"20s\", \"10m\" or \"1m30s\".%s", meant)
	case d < 0:
		r.report("IVR209", at, "A length of time cannot be negative.")
	case d%time.Second != 0:
		r.report("IVR209", at, "A length of time must be a whole number of seconds, because Twilio counts in seconds.")
	default:
		return d, true
	}
	return 0, false
}

// shortUnits turns the ways in which people write lengths of time into the one
// that is understood.
var shortUnits = strings.NewReplacer(" ", "", "and", "", ",", "",
	"seconds", "s", "second", "s", "secs", "s", "sec", "s",
	"minutes", "m", "minute", "m", "mins", "m", "min", "m",
	"hours", "h", "hour", "h", "hrs", "h", "hr", "h")

func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}

// choice is the index of an attribute's value among the allowed ones, 0 where it
// is absent.
func (r *resolver) choice(a *hcl.Attribute, name string, allowed []string) int {
	text, at, ok := r.text(a)
	if !ok {
		return 0
	}
	i := slices.Index(allowed, text)
	if i < 0 {
		r.diags.report("IVR421", at, "The value of %s is one of \"%s\".%s", name, strings.Join(allowed, `", "`), r.diags.didYouMean(text, allowed))
		return 0
	}
	return i
}

// destination is where an attribute leads, nil where it is absent or failed.
func (r *resolver) destination(a *hcl.Attribute) *exit {
	value, ok := r.given(a)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	ref, ok := asReference(value)
	if quoted, isText := asText(value); isText && r.isReference(quoted) {
		r.diags.report("IVR203", at, "A destination is expected here, and this is a text, because it stands in quotes. Remove them: %s.", quoted)
		return nil
	}
	if !ok {
		r.diags.report("IVR203", at, "A destination is expected here, such as menu.main, ring_group.sales or hangup, not %s. To say something and end the call, name a message block.", describe(value))
		return nil
	}
	to := r.node(ref)
	if to == nil {
		r.diags.report("IVR203", at, "A call cannot be led to %s. Destinations are menus, ring groups, users, queues, voicemails, messages and hangup.", ref.address())
		return nil
	}
	return &exit{to, at}
}

// isReference reports whether a text is how a block is referred to.
func (r *resolver) isReference(text string) bool {
	kind, name, dotted := strings.Cut(text, ".")
	return dotted && slices.Contains(r.eval.names[kind], name) || text == kindHangup
}

// node finds the node of a reference, nil if it is none.
func (r *resolver) node(ref reference) node {
	switch ref.kind {
	case kindMenu:
		return r.menus[ref.name]
	case kindRingGroup:
		return r.ringGroups[ref.name]
	case kindUser:
		return r.ringAlone(ref.name)
	case kindQueue:
		return r.queues[ref.name]
	case kindVoicemail:
		return r.voicemails[ref.name]
	case kindMessage:
		return r.messages[ref.name]
	case kindStock:
		return r.stockNode(ref.name)
	case kindHangup:
		return hangup{}
	}
	return nil
}

// stockNode is a built-in message as a destination: a message block of its own.
func (r *resolver) stockNode(name string) *message {
	node := r.messages["stock."+name]
	if node == nil {
		copied := *r.stock[name]
		copied.name = "stock." + name
		node = &copied
		r.messages[node.name] = node
	}
	return node
}

// messageOr is the message that an attribute names, or the default where the
// attribute is absent or failed.
func (r *resolver) messageOr(a *hcl.Attribute, otherwise *message) *message {
	value, ok := r.given(a)
	if !ok {
		return otherwise
	}
	at := a.Expr.Range()
	if ref, ok := asReference(value); ok {
		switch ref.kind {
		case kindMessage:
			m := r.messages[ref.name]
			m.used = true
			return m
		case kindStock:
			return r.stock[ref.name]
		}
	}
	text, ok := asText(value)
	if !ok {
		r.diags.report("IVR203", at, "A message is expected here: a text in quotes, message.NAME or stock.NAME, not %s.", describe(value))
		return otherwise
	}
	if !checkCharacters(r.diags, text, at) {
		return otherwise
	}
	m := &message{text: spokenText(text), voice: r.model.project.voice, language: r.model.project.language, at: at}
	r.checkSpoken(m.text, m.voice, at)
	return m
}

// spokenText is a text as it is spoken: without the line breaks and indents of
// its source.
func spokenText(text string) string { return strings.Join(strings.Fields(text), " ") }

// checkSpoken reports a text that is empty or too long to be spoken by a voice.
// Without a voice the account decides, which may have chosen one of Amazon's.
func (r *resolver) checkSpoken(text, voice string, at hcl.Range) {
	if text == "" {
		r.diags.report("IVR422", at, "This text is empty, so the caller would hear nothing. Write what is to be said.")
		return
	}
	if !twiml.Audible(text) {
		r.diags.report("IVR422", at, "This text is only punctuation, of which a voice makes nothing, so the caller would hear nothing. Write what is to be said.")
		return
	}
	p, limit := r.model.project.profile, &limitText
	if voice == "" || strings.HasPrefix(voice, "Polly.") {
		limit = &limitPolly
	}
	if checkLimit(r.diags, limit, p, len([]rune(text)), at) {
		checkLimit(r.diags, &limitEncoded, p, encodedLength(text), at)
	}
}

// encodedLength is the length of a text when it is URL-encoded.
func encodedLength(text string) int {
	n := 0
	for _, c := range []byte(text) {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', strings.IndexByte(" -_.~", c) >= 0:
			n++
		default:
			n += 3
		}
	}
	return n
}

// key is the value of an attribute that expects a key of the telephone.
func (r *resolver) key(a *hcl.Attribute) key {
	text, at, ok := r.text(a)
	if !ok {
		return ""
	}
	return r.checkKey(text, at)
}

// checkKey reports a text that is no key, or none that the profile allows.
func (r *resolver) checkKey(text string, at hcl.Range) key {
	const phonebridgeKeys, twilioKeys = "123456789", "1234567890*#"
	switch p := r.model.project.profile; {
	case len(text) == 1 && strings.Contains(phonebridgeKeys, text),
		len(text) == 1 && p == twilio && strings.Contains(twilioKeys, text):
		return key(text)
	case len(text) == 1 && strings.Contains(twilioKeys, text):
		r.diags.report("IVR301", at, "The key %q is not among the keys 1 to 9. Choose another, or limits = \"twilio\" in the project block, which allows 0, * and #.", text)
	case p == twilio:
		r.diags.report("IVR301", at, "%q is not a key of a telephone, so no caller could press it. The keys are \"0\" to \"9\", \"*\" and \"#\".", text)
	default:
		r.diags.report("IVR301", at, "%q is not a key of a telephone, so no caller could press it. The keys are \"1\" to \"9\".", text)
	}
	return ""
}
