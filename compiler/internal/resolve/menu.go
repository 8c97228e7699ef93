package resolve

// Resolving menus. A menu inside an option is a menu of its own, named by the
// way to it: the menu inside option "2" of menu "main" is main.2.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// menus are resolved into nodes.
var menus = nodesOf(
	func(c *config.Config) []config.MenuBlock { return c.Menus },
	func(b config.MenuBlock) *model.MenuNode {
		return &model.MenuNode{Kind: bundle.KindMenu, Name: b.Name, At: b.Range}
	},
	func(r *resolver, m *model.MenuNode, b config.MenuBlock) { r.menu(m, b.Body) },
)

// menu fills in a menu from its body.
func (r *resolver) menu(m *model.MenuNode, b config.MenuBody) {
	m.Timeout, m.Attempts = 5*time.Second, 3
	m.Welcome = r.messageOr(b.Welcome, nil)
	m.AudioPrompt = r.messageOr(b.AudioPrompt, nil)
	r.duration(b.Timeout, &m.Timeout, &model.LimitTimeout)
	r.integer(b.Attempts, &m.Attempts, &model.LimitAttempts)
	m.Back, m.Repeat = r.key(b.Back), r.key(b.Repeat)
	prompt := r.prompt(b.Prompt)
	options := b.Options
	b.Options = nil
	for _, o := range options {
		if !r.takenAway(m, o) {
			r.option(m, o, prompt)
			b.Options = append(b.Options, o)
		}
	}
	r.commonOptions(m, options, prompt)
	r.checkOptions(m, b)
	r.extensions(m, b)
	r.outcomes(m, outcomeAttributes{b.Invalid, b.NoInput, b.OnSilence, b.OnInvalid, b.OnFailure})
	if m.AudioPrompt != nil {
		r.idle(b.Prompt, "Callers hear audio_prompt in place of this, so it is never said. Remove one of the two.")
	}
	slices.SortStableFunc(m.Options, func(a, b *model.MenuOption) int { return keypad(a.Key) - keypad(b.Key) })
}

// keypad is the position of a key on the keypad, 1 first.
func keypad(k model.Key) int { return strings.Index("1234567890*#", string(k)) }

// option adds one option to a menu.
func (r *resolver) option(m *model.MenuNode, b config.OptionBlock, prompt *hcl.Attribute) {
	defer func(menu string) { r.diags.Within = menu }(r.diags.Within)
	r.diags.Within = fmt.Sprintf("option %q of %s", b.Key, m.Address())
	o := &model.MenuOption{Key: r.checkKey(b.Key, b.Range), Position: b.Range}
	labels := r.labels(b.Range, b.Label)
	switch {
	case b.Menu != nil && b.To == nil:
		inner := &model.MenuNode{Kind: bundle.KindMenu, Name: m.Name + "." + b.Key, At: b.Menu.Range}
		if o.Key != "" {
			r.nodes[inner.Address()] = inner
		}
		r.diags.Within = inner.Address()
		r.menu(inner, b.Menu.Body)
		o.Link = model.Link{To: inner, At: b.Menu.Range}
	case r.exactlyOne("IVR403", b.Range, "An option leads to exactly one place: to, or a menu block.", named{"to", b.To}, named{"menu", menuAttribute(b.Menu)}):
		if to := r.destination(b.To); to != nil {
			o.Link = *to
		}
	}
	if announced, ok := r.boolean(b.Announced); ok {
		o.Untold = !announced
	}
	o.Language = r.callLanguage(b.Language)
	if r.announceOption(m, o, prompt, b.Label, labels); o.Key != "" {
		m.Options = append(m.Options, o)
	}
}

// announceOption says what a menu says about an option, in the language of the call
// behind it, and remembers how to say it in others.
func (r *resolver) announceOption(m model.Node, o *model.MenuOption, prompt, a *hcl.Attribute, labels []version) {
	say := func(p *model.Project) (announcement, bool) {
		label, ok := in(labels, p.Language)
		if !ok && len(labels) > 0 {
			r.diags.Report("IVR441", a.Expr.Range(), "Calls in %s hear this label, and it exists in %s only. Add %q.", p.Language, languagesOf(labels), p.Language)
			return announcement{}, false
		}
		text := ""
		if ok {
			text, _ = config.AsText(label.value)
			text = SpokenText(text)
		}
		return announcement{text, r.announce(prompt, o.Key, text, p)}, true
	}
	o.Prompt = &model.MessageNode{}
	if p := r.projectIn(o.Language); hasVersion(labels, p.Language) {
		said, _ := say(p)
		o.Label, o.Prompt = said.label, said.prompt
	}
	if r.announced[m] == nil {
		r.announced[m] = map[model.Key]func(*model.Project) (announcement, bool){}
	}
	r.announced[m][o.Key] = say
}

// labels resolves the label of an option, by language.
func (r *resolver) labels(option hcl.Range, a *hcl.Attribute) []version {
	r.eval.Require(option, a, "label", "It says what the key is for; without it callers would not hear that the option exists.")
	return slices.DeleteFunc(r.versions(a), func(v version) bool {
		text, ok := r.textOf(v)
		if ok && !twiml.Audible(text) {
			r.diags.Report("IVR422", v.at, "This label says nothing, so the caller would not hear what the key is for.")
		}
		return !ok
	})
}

// hasVersion reports whether something can be said in a language. What failed is
// nothing in every language.
func hasVersion(list []version, language string) bool {
	_, ok := in(list, language)
	return ok || len(list) == 0
}

// menuAttribute stands for a menu block among attributes.
func menuAttribute(m *config.InlineMenuBlock) *hcl.Attribute {
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
	r.diags.Report("IVR414", a.Expr.Range(), "A prompt is said once for each option and must name its key and what it is for: \"Press ${key} for ${menu}.\"")
	return nil
}

// announce is what a menu says about one option in a language.
func (r *resolver) announce(prompt *hcl.Attribute, k model.Key, label string, p *model.Project) *model.MessageNode {
	said := &model.MessageNode{Voice: p.Voice, Language: p.Language}
	spoken := p.Texts.SpokenKey(k)
	if prompt == nil {
		said.Text = strings.ReplaceAll(strings.ReplaceAll(p.Texts.Prompt, "${key}", spoken), "${menu}", label)
		return said
	}
	context := r.eval.Context.NewChild()
	context.Variables = map[string]cty.Value{"key": cty.StringVal(spoken), "menu": cty.StringVal(label)}
	value, ok := r.eval.ValueIn(prompt.Expr, context)
	if !ok || value.IsNull() {
		return said
	}
	versions := r.versionsOf(value, prompt.Expr)
	v, ok := in(versions, p.Language)
	if !ok && len(versions) > 0 {
		r.diags.Report("IVR441", prompt.Expr.Range(), "Calls in %s hear this prompt, and it exists in %s only. Add %q.", p.Language, languagesOf(versions), p.Language)
		return said
	}
	if !ok {
		return said
	}
	if text, ok := r.textOf(v); ok {
		said.Text = SpokenText(text)
	}
	return said
}

// checkOptions checks the options of a menu together.
func (r *resolver) checkOptions(m *model.MenuNode, b config.MenuBody) {
	common := 0
	for _, o := range m.Options {
		if o.Common {
			common++
		}
	}
	if len(b.Options)+common == 0 && r.eval.HoldsUnknown[m.At] {
		return
	}
	if len(b.Options)+common == 0 {
		r.diags.Report("IVR402", m.At, "This menu has no option, so its callers could go nowhere. Add an option, or lead callers elsewhere.")
		return
	}
	told := slices.ContainsFunc(m.Options, func(o *model.MenuOption) bool { return !o.Untold })
	if !told && len(m.Options) > 0 && m.AudioPrompt == nil && m.Repeat == "" && m.Back == "" {
		r.diags.Report("IVR422", m.At, "No option of this menu is announced, so callers who are asked would hear nothing. Announce one, or say in audio_prompt what they can do.")
	}
	checkLimit(r.diags, &model.LimitOptions, r.model.Project.Profile, len(b.Options)+common, m.At)
	first := map[model.Key]hcl.Range{}
	take := func(k model.Key, at hcl.Range) {
		if other, taken := first[k]; taken && k != "" {
			r.diags.Report("IVR401", at, "The key %s has a meaning in this menu already, at %s. A caller who presses it could reach only one of the two.", k, diagnostic.Place(other))
			return
		}
		first[k] = at
	}
	for _, o := range b.Options {
		take(model.Key(o.Key), o.Range)
	}
	if b.Back != nil {
		take(m.Back, b.Back.Expr.Range())
	}
	if b.Repeat != nil {
		take(m.Repeat, b.Repeat.Expr.Range())
	}
	if b.AudioPrompt != nil && r.model.Project.Profile == model.Phonebridge && slices.ContainsFunc(m.Options, leadsToMenu) {
		r.diags.Report("IVR304", b.AudioPrompt.Expr.Range(), "The prompt of a menu with submenus must be spoken text, so that it always says what the keys do. Use prompt, or choose limits = \"twilio\" in the project block.")
	}
}

// prompts checks what all menus say about their keys, once it is known which of
// them have a way back.
func (r *resolver) prompts() {
	for _, n := range r.model.Nodes {
		m, ok := n.(*model.MenuNode)
		if !ok || m.AudioPrompt != nil {
			continue
		}
		r.diags.Within = m.Address()
		for _, part := range m.SpokenPrompt(r.model.Speaking(m)) {
			if strings.TrimSpace(part.Text) != "" {
				r.checkSpoken(part.Text, part.Voice, m.At)
			}
		}
	}
}

func leadsToMenu(o *model.MenuOption) bool {
	m, ok := o.To.(*model.MenuNode)
	return ok && m.Kind == bundle.KindMenu
}

// linksOf lists where the keys and extensions of a menu lead.
func linksOf(m *model.MenuNode) []model.Link {
	var links []model.Link
	for _, o := range m.Options {
		links = append(links, o.Link)
	}
	for _, e := range m.Extensions {
		links = append(links, e.Link)
	}
	return links
}

// returns finds, for every menu with a back key, the menu to go back to: the
// only other one whose option leads there, perhaps by way of messages, of hours, or of
// a block that asks who is calling. An option
// that says a menu again is no way into it.
func (r *resolver) returns() {
	parents := map[*model.MenuNode][]*model.MenuNode{}
	for _, n := range r.model.Nodes {
		m, ok := n.(*model.MenuNode)
		if !ok {
			continue
		}
		for _, o := range linksOf(m) {
			for child := range model.MenusBehind(o.To) {
				if child != m && !slices.Contains(parents[child], m) {
					parents[child] = append(parents[child], m)
				}
			}
		}
	}
	for _, n := range r.model.Nodes {
		m, ok := n.(*model.MenuNode)
		if !ok || m.Back == "" {
			continue
		}
		r.diags.Within = m.Address()
		switch from := parents[m]; len(from) {
		case 1:
			m.BackTo = from[0]
		case 0:
			r.diags.Report("IVR423", m.At, "The back key of this menu leads nowhere, because no menu leads here. Remove back.")
		default:
			r.diags.Report("IVR423", m.At, "The back key of this menu has no single meaning: %s and %s both lead here. Replace back by an option that names the menu to go to.", from[0].Address(), from[1].Address())
		}
	}
}
