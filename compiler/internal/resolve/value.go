package resolve

// From expressions to Go values: what each attribute expects, and what to say
// where it finds something else.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// checkLimit reports a value outside the limit under the profile.
func checkLimit(r *diagnostic.Collector, l *model.Limit, p model.Profile, value int, at hcl.Range) bool {
	if value >= l.Min && value <= l.Max[p] {
		return true
	}
	bound := fmt.Sprintf("between %s and %s", l.Text(l.Min), l.Text(l.Max[p]))
	more := ""
	if p == model.Phonebridge && value > l.Max[p] && value <= l.Max[model.Twilio] {
		more = ` Or choose limits = "twilio" in the project block, which allows it.`
	}
	r.Report(l.Code, at, "The %s must be %s, not %s. %s%s", l.Name, bound, l.Text(value), l.Reason, more)
	return false
}

// given evaluates an attribute. It is false where the attribute is absent or
// null, and where evaluating it failed, which has been reported then.
func (r *resolver) given(a *hcl.Attribute) (cty.Value, bool) {
	if a == nil {
		return cty.NilVal, false
	}
	value, ok := r.eval.Value(a.Expr)
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
	text, ok := config.AsText(value)
	if !ok {
		r.diags.Report("IVR203", at, "A string in quotes is expected here, not %s.", config.Describe(value))
		return "", at, false
	}
	return text, at, CheckCharacters(r.diags, text, at)
}

// CheckCharacters reports characters that neither a document nor a terminal can
// carry.
func CheckCharacters(r *diagnostic.Collector, text string, at hcl.Range) bool {
	offset := twiml.Speakable(text)
	if offset < 0 {
		return true
	}
	c, place := []rune(text[offset:])[0], 1+len([]rune(text[:offset]))
	if twiml.Invisible(c) {
		r.Report("IVR105", at, "Character %d of this text is U+%04X, which is invisible, so that people read something else than callers get. Remove it.", place, c)
	} else {
		r.Report("IVR105", at, "Character %d of this text is U+%04X. It cannot be spoken, and would damage the document that Twilio reads. Remove it.", place, c)
	}
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
		r.diags.Report("IVR203", a.Expr.Range(), "This is either true or false, without quotes, not %s.", config.Describe(given))
		return false, false
	}
	return converted.True(), true
}

// integer sets a whole number within a limit.
func (r *resolver) integer(a *hcl.Attribute, result *int, limit *model.Limit) {
	given, ok := r.given(a)
	if !ok {
		return
	}
	converted, err := convert.Convert(given, cty.Number)
	if err != nil {
		r.diags.Report("IVR203", a.Expr.Range(), "A number is expected here, not %s.", config.Describe(given))
		return
	}
	number := converted.AsBigFloat()
	if !number.IsInt() {
		r.diags.Report("IVR203", a.Expr.Range(), "A whole number is expected here, not %s.", number.Text('g', 6))
		return
	}
	n, _ := number.Int64() // the nearest, which is out of every range too
	if checkLimit(r.diags, limit, r.model.Project.Profile, int(n), a.Expr.Range()) {
		*result = int(n)
	}
}

// duration sets a duration within a limit.
func (r *resolver) duration(a *hcl.Attribute, result *time.Duration, limit *model.Limit) {
	text, at, ok := r.text(a)
	if !ok {
		return
	}
	d, ok := ParseDuration(r.diags, text, at)
	if ok && checkLimit(r.diags, limit, r.model.Project.Profile, int(d/time.Second), at) {
		*result = d
	}
}

// ParseDuration reads a duration with a unit, in whole seconds.
func ParseDuration(r *diagnostic.Collector, text string, at hcl.Range) (time.Duration, bool) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil && strings.Trim(text, "0123456789") == "" && text != "":
		r.Report("IVR209", at, "A duration needs a unit: \"%ss\" for seconds, \"%sm\" for minutes.", text, text)
	case err != nil:
		meant := ""
		if short := shortUnits.Replace(strings.ToLower(text)); isDuration(short) {
			meant = fmt.Sprintf(" Did you mean %q?", short)
		}
		r.Report("IVR209", at, "A duration is a number and a unit, such as \"20s\", \"10m\" or \"1m30s\".%s", meant)
	case d < 0:
		r.Report("IVR209", at, "A duration cannot be negative.")
	case d%time.Second != 0:
		r.Report("IVR209", at, "A duration must be a whole number of seconds, because Twilio counts in seconds.")
	default:
		return d, true
	}
	return 0, false
}

// shortUnits turns the ways in which people write durations into the one
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
		r.diags.Report("IVR421", at, "The value of %s is one of \"%s\".%s", name, strings.Join(allowed, `", "`), r.diags.DidYouMean(text, allowed))
		return 0
	}
	return i
}

// destination is where an attribute leads, nil where it is absent or failed.
func (r *resolver) destination(a *hcl.Attribute) *model.Link {
	value, ok := r.given(a)
	if !ok {
		return nil
	}
	return r.destinationOf(value, a.Expr.Range())
}

// destinationOf is where a value leads, nil if it is no destination.
func (r *resolver) destinationOf(value cty.Value, at hcl.Range) *model.Link {
	ref, ok := config.AsReference(value)
	if quoted, isText := config.AsText(value); isText && r.isReference(quoted) {
		r.diags.Report("IVR203", at, "A destination is expected here, and this is a string, because it stands in quotes. Remove them: %s.", quoted)
		return nil
	}
	if !ok {
		r.diags.Report("IVR203", at, "A destination is expected here, such as menu.main, ring_group.sales or hangup, not %s. To say something and end the call, name a message block.", config.Describe(value))
		return nil
	}
	to := r.node(ref)
	if to == nil {
		r.diags.Report("IVR203", at, "A call cannot be led to %s. Destinations are menus, entries, ring groups, users, queues, voicemails, messages, applications, hours, callers, splits, hangup and reject.", ref.Address())
		return nil
	}
	return &model.Link{To: to, At: at}
}

// isReference reports whether a text is how a block is referred to.
func (r *resolver) isReference(text string) bool {
	kind, name, dotted := strings.Cut(text, ".")
	return dotted && slices.Contains(r.eval.Names[kind], name) || text == bundle.Hangup || text == bundle.Reject
}

// node finds the node of a reference, nil if it is none.
func (r *resolver) node(ref config.Reference) model.Node {
	switch ref.Kind {
	case bundle.KindUser:
		return r.ringAlone(ref.Name)
	case config.KindStock:
		return r.stockNode(ref.Name)
	case bundle.Hangup:
		return model.HangupNode{}
	case bundle.Reject:
		return model.RejectNode{Busy: ref.Address() == bundle.RejectBusy}
	}
	return r.nodes[ref.Address()]
}

// stockNode is a built-in message as a destination: a message block of its own.
func (r *resolver) stockNode(name string) model.Node {
	copied := *r.stock[name]
	copied.Name = "stock." + name
	if known := r.nodes[copied.Address()]; known != nil {
		return known
	}
	r.nodes[copied.Address()] = &copied
	return &copied
}

// messageOr is the message that an attribute names, or the default where the
// attribute is absent or failed.
func (r *resolver) messageOr(a *hcl.Attribute, otherwise *model.MessageNode) *model.MessageNode {
	value, ok := r.given(a)
	if !ok {
		return otherwise
	}
	return r.messageOf(value, a.Expr, otherwise)
}

// messageOf is the message that a value is, or the default if it is none.
func (r *resolver) messageOf(value cty.Value, expr hcl.Expression, otherwise *model.MessageNode) *model.MessageNode {
	at := expr.Range()
	if ref, ok := config.AsReference(value); ok {
		switch ref.Kind {
		case bundle.KindMessage:
			m := r.nodes[ref.Address()].(*model.MessageNode)
			m.Used = true
			return m
		case config.KindStock:
			return r.stock[ref.Name]
		}
	}
	if t := value.Type(); t.IsObjectType() || t.IsMapType() {
		return r.translated(r.versionsOf(value, expr), at, otherwise)
	}
	text, ok := config.AsText(value)
	if !ok {
		r.diags.Report("IVR203", at, "A message is expected here: a string in quotes, message.NAME or stock.NAME, not %s.", config.Describe(value))
		return otherwise
	}
	if !CheckCharacters(r.diags, text, at) {
		return otherwise
	}
	m := &model.MessageNode{Text: SpokenText(text), Voice: r.model.Project.Voice, Language: r.model.Project.Language, At: at}
	r.checkSpoken(m.Text, m.Voice, at)
	return m
}

// messageOrNothing is as messageOr, and nil for an empty text.
func (r *resolver) messageOrNothing(a *hcl.Attribute, otherwise *model.MessageNode) *model.MessageNode {
	if value, ok := r.given(a); ok {
		if text, ok := config.AsText(value); ok && text == "" {
			return nil
		}
	}
	return r.messageOr(a, otherwise)
}

// translated is a message that stands in place in several languages.
func (r *resolver) translated(versions []version, at hcl.Range, otherwise *model.MessageNode) *model.MessageNode {
	m := &model.MessageNode{At: at, In: map[string]*model.MessageNode{}}
	for _, v := range versions {
		text, ok := r.textOf(v)
		if !ok {
			return otherwise
		}
		said := &model.MessageNode{Text: SpokenText(text), Voice: r.voiceOf(v.language), Language: v.language, At: v.at, Of: m}
		if said.Voice == "" {
			r.askForVoice(v.language, v.at)
		}
		r.checkSpoken(said.Text, said.Voice, v.at)
		m.In[v.language] = said
	}
	m.Speak(r.model.Project.Language)
	if len(m.In) == 0 {
		return otherwise
	}
	return m
}

// SpokenText is a text as it is spoken: without the line breaks and indents of
// its source.
func SpokenText(text string) string { return strings.Join(strings.Fields(text), " ") }

// checkSpoken reports a text that is empty or too long to be spoken by a voice.
// Without a voice the account decides, which may have chosen one of Amazon's.
func (r *resolver) checkSpoken(text, voice string, at hcl.Range) {
	if text == "" {
		r.diags.Report("IVR422", at, "This text is empty, so the caller would hear nothing. Write what is to be said.")
		return
	}
	if !twiml.Audible(text) {
		r.diags.Report("IVR422", at, "This text is only punctuation, of which a voice makes nothing, so the caller would hear nothing. Write what is to be said.")
		return
	}
	r.checkForeign(text, at)
	p, limit := r.model.Project.Profile, &model.LimitText
	if voice == "" || strings.HasPrefix(voice, "Polly.") {
		limit = &model.LimitPolly
	}
	if checkLimit(r.diags, limit, p, len([]rune(text)), at) {
		checkLimit(r.diags, &model.LimitEncoded, p, encodedLength(text), at)
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
func (r *resolver) key(a *hcl.Attribute) model.Key {
	text, at, ok := r.text(a)
	if !ok {
		return ""
	}
	return r.checkKey(text, at)
}

// checkKey reports a text that is no key, or none that the profile allows.
func (r *resolver) checkKey(text string, at hcl.Range) model.Key {
	const phonebridgeKeys, twilioKeys = "123456789", "1234567890*#"
	switch p := r.model.Project.Profile; {
	case len(text) == 1 && strings.Contains(phonebridgeKeys, text),
		len(text) == 1 && p == model.Twilio && strings.Contains(twilioKeys, text):
		return model.Key(text)
	case len(text) == 1 && strings.Contains(twilioKeys, text):
		r.diags.Report("IVR301", at, "The key %q is not among the keys 1 to 9. Choose another, or limits = \"twilio\" in the project block, which allows 0, * and #.", text)
	case p == model.Twilio:
		r.diags.Report("IVR301", at, "%q is not a key of a telephone, so no caller could press it. The keys are \"0\" to \"9\", \"*\" and \"#\".", text)
	default:
		r.diags.Report("IVR301", at, "%q is not a key of a telephone, so no caller could press it. The keys are \"1\" to \"9\".", text)
	}
	return ""
}

// named is an attribute with its name.
type named struct {
	name      string
	attribute *hcl.Attribute
}

// exactlyOne reports unless exactly one of the attributes is given.
func (r *resolver) exactlyOne(code string, at hcl.Range, need string, attributes ...named) bool {
	var given []named
	for _, a := range attributes {
		switch {
		case a.attribute == nil:
		case a.attribute.Expr != nil && r.eval.IsNull(a.attribute):
			at = a.attribute.Expr.Range()
		default:
			given = append(given, a)
		}
	}
	switch len(given) {
	case 1:
		return true
	case 0:
		if !r.eval.HoldsUnknown[at] { // otherwise it is there, but misspelt
			r.diags.Report(code, at, "%s None is given.", need)
		}
	default:
		r.diags.Report(code, given[1].attribute.NameRange, "%s Both %s and %s are given; remove one.", need, given[0].name, given[1].name)
	}
	return false
}
