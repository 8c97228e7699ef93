package compiler

// Resolving menus. A menu inside an option is a menu of its own, named by the
// way to it: the menu inside option "2" of menu "main" is main.2.

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// menu fills in a menu from its body.
func (r *resolver) menu(m *menu, b menuBody) {
	p := r.model.project
	m.timeout, m.attempts = 5*time.Second, 3
	m.welcome = r.messageOr(b.Welcome, nil)
	m.audioPrompt = r.messageOr(b.AudioPrompt, nil)
	m.invalid = r.messageOr(b.Invalid, p.invalid)
	m.noInput = r.messageOr(b.NoInput, p.noInput)
	m.onFailure = r.destination(b.OnFailure)
	r.duration(b.Timeout, &m.timeout, &limitTimeout)
	r.integer(b.Attempts, &m.attempts, &limitAttempts)
	m.back, m.repeat = r.key(b.Back), r.key(b.Repeat)
	prompt := r.prompt(b.Prompt)
	for _, o := range b.Options {
		r.option(m, o, prompt)
	}
	r.checkOptions(m, b)
	slices.SortStableFunc(m.options, func(a, b *option) int { return keypad(a.key) - keypad(b.key) })
}

// keypad is the position of a key on the keypad, 1 first.
func keypad(k key) int { return strings.Index("1234567890*#", string(k)) }

// option adds one option to a menu.
func (r *resolver) option(m *menu, b optionConfig, prompt *hcl.Attribute) {
	o := &option{key: r.checkKey(b.Key, b.Range), position: b.Range}
	r.eval.require(b.Range, b.Label, "label", "It says what the key is for; without it callers would not hear that the option exists.")
	label, at, ok := r.text(b.Label)
	if ok && !twiml.Audible(label) {
		r.diags.report("IVR422", at, "This label says nothing, so the caller would not hear what the key is for.")
	}
	o.label = spokenText(label)
	switch {
	case b.Menu != nil && b.To == nil:
		inner := &menu{name: m.name + "." + b.Key, at: b.Menu.Range}
		if o.key != "" {
			r.menus[inner.name] = inner
		}
		r.menu(inner, b.Menu.Body)
		o.exit = exit{inner, b.Menu.Range}
	case r.exactlyOne("IVR403", b.Range, "An option leads to exactly one place: to, or a menu block.", named{"to", b.To}, named{"menu", menuAttribute(b.Menu)}):
		if to := r.destination(b.To); to != nil {
			o.exit = *to
		}
	}
	o.prompt = r.announce(prompt, o.key, o.label)
	if o.key != "" {
		m.options = append(m.options, o)
	}
}

// menuAttribute stands for a menu block among attributes.
func menuAttribute(m *inlineMenuConfig) *hcl.Attribute {
	if m == nil {
		return nil
	}
	return &hcl.Attribute{Name: "menu", NameRange: m.Range}
}

// prompt checks the template of a prompt, which is evaluated for each option.
func (r *resolver) prompt(a *hcl.Attribute) *hcl.Attribute {
	if a == nil {
		return nil
	}
	uses := map[string]bool{}
	for _, traversal := range a.Expr.Variables() {
		uses[traversal.RootName()] = true
	}
	if uses["key"] && uses["menu"] {
		return a
	}
	r.diags.report("IVR414", a.Expr.Range(), "A prompt is said once for each option and must name its key and what it is for: \"Press ${key} for ${menu}.\"")
	return nil
}

// announce is what a menu says about one option.
func (r *resolver) announce(prompt *hcl.Attribute, k key, label string) string {
	spoken := r.spokenKey(k)
	if prompt == nil {
		return strings.ReplaceAll(strings.ReplaceAll(r.model.project.texts.Prompt, "${key}", spoken), "${menu}", label)
	}
	context := r.eval.context.NewChild()
	context.Variables = map[string]cty.Value{"key": cty.StringVal(spoken), "menu": cty.StringVal(label)}
	value, ok := r.eval.valueIn(prompt.Expr, context)
	if !ok {
		return ""
	}
	text, ok := asText(value)
	if !ok {
		r.diags.report("IVR203", prompt.Expr.Range(), "A text in quotes is expected here, not %s.", describe(value))
		return ""
	}
	if !checkCharacters(r.diags, text, prompt.Expr.Range()) {
		return ""
	}
	return spokenText(text)
}

// spokenKey is how a key is called aloud.
func (r *resolver) spokenKey(k key) string {
	switch k {
	case "*":
		return r.model.project.texts.Star
	case "#":
		return r.model.project.texts.Pound
	}
	return string(k)
}

// checkOptions checks the options of a menu together.
func (r *resolver) checkOptions(m *menu, b menuBody) {
	if len(b.Options) == 0 && r.eval.flawed[m.at] {
		return
	}
	if len(b.Options) == 0 {
		r.diags.report("IVR402", m.at, "This menu has no option, so its callers could go nowhere. Add an option, or lead callers elsewhere.")
		return
	}
	checkLimit(r.diags, &limitOptions, r.model.project.profile, len(b.Options), m.at)
	first := map[key]hcl.Range{}
	take := func(k key, at hcl.Range) {
		if other, taken := first[k]; taken && k != "" {
			r.diags.report("IVR401", at, "The key %s has a meaning in this menu already, at %s. A caller who presses it could reach only one of the two.", k, place(other))
			return
		}
		first[k] = at
	}
	for _, o := range b.Options {
		take(key(o.Key), o.Range)
	}
	if b.Back != nil {
		take(m.back, b.Back.Expr.Range())
	}
	if b.Repeat != nil {
		take(m.repeat, b.Repeat.Expr.Range())
	}
	if b.AudioPrompt != nil && r.model.project.profile == phonebridge && slices.ContainsFunc(m.options, leadsToMenu) {
		r.diags.report("IVR304", b.AudioPrompt.Expr.Range(), "The prompt of a menu with submenus must be spoken text, so that it always says what the keys do. Use prompt, or choose limits = \"twilio\" in the project block.")
	}
}

// prompts checks what all menus say about their keys, once it is known which of
// them have a way back.
func (r *resolver) prompts() {
	for _, n := range r.model.nodes {
		m, ok := n.(*menu)
		if !ok || m.audioPrompt != nil {
			continue
		}
		if text := m.spokenPrompt(r.model.project.texts); strings.TrimSpace(text) != "" {
			r.checkSpoken(text, r.model.project.voice, m.at)
		}
	}
}

func leadsToMenu(o *option) bool {
	_, ok := o.to.(*menu)
	return ok
}

// returns finds, for every menu with a back key, the menu to go back to: the
// only one whose option leads there.
func (r *resolver) returns() {
	parents := map[*menu][]*menu{}
	for _, n := range r.model.nodes {
		m, ok := n.(*menu)
		if !ok {
			continue
		}
		for _, o := range m.options {
			if child, ok := o.to.(*menu); ok && !slices.Contains(parents[child], m) {
				parents[child] = append(parents[child], m)
			}
		}
	}
	for _, n := range r.model.nodes {
		m, ok := n.(*menu)
		if !ok || m.back == "" {
			continue
		}
		switch from := parents[m]; len(from) {
		case 1:
			m.backTo = from[0]
		case 0:
			r.diags.report("IVR423", m.at, "The back key of this menu leads nowhere, because no menu leads here. Remove back.")
		default:
			r.diags.report("IVR423", m.at, "The back key of this menu has no single meaning: %s and %s both lead here. Replace back by an option that names the menu to go to.", from[0].address(), from[1].address())
		}
	}
}
