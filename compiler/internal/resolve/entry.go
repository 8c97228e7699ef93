package resolve

// Resolving entries. An entry asks for digits, and has a closed list of those that
// are right. It is a menu whose extensions are the codes:
//
//	entry "code" { code "4711" { to = menu.staff } }

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// entries are resolved into nodes.
var entries = nodesOf(
	func(c *config.Config) []config.EntryBlock { return c.Entries },
	func(b config.EntryBlock) *model.MenuNode {
		return &model.MenuNode{Kind: bundle.KindEntry, Name: b.Name, At: b.Range}
	},
	(*resolver).entry,
)

// entry fills in an entry.
func (r *resolver) entry(m *model.MenuNode, b config.EntryBlock) {
	m.Timeout, m.Attempts, m.Finish = 5*time.Second, 3, usualFinish
	r.eval.Require(b.Range, b.Prompt, "prompt", "It asks for the digits; without it callers would hear nothing.")
	m.Question = r.messageOr(b.Prompt, nil)
	r.duration(b.Timeout, &m.Timeout, &model.LimitTimeout)
	r.integer(b.Attempts, &m.Attempts, &model.LimitAttempts)
	m.ExtensionTimeout = m.Timeout
	if text, at, ok := r.text(b.Finish); ok {
		if m.Finish = model.Key(text); text != "" {
			m.Finish = r.anyKey(text, at)
		}
	}
	for _, o := range b.Options {
		r.entryKey(m, o)
	}
	for _, c := range b.Codes {
		r.code(m, c)
	}
	r.openEntry(m, b)
	if len(b.Codes) == 0 && b.To == nil && !r.eval.HoldsUnknown[b.Range] {
		r.diags.Report("IVR485", b.Range, "This entry knows no code, so no digits could lead anywhere. Add one: code \"4711\" { to = menu.main }.")
	}
	slices.SortStableFunc(m.Options, func(a, b *model.MenuOption) int { return keypad(a.Key) - keypad(b.Key) })
	r.sortExtensions(m, b.Range)
	r.outcomes(m, outcomeAttributes{b.Invalid, b.NoInput, b.OnSilence, b.OnInvalid, b.OnFailure})
}

// anyKey reports a text that is no key of a telephone. In an entry all keys are
// digits that callers press, whatever the profile says of menus.
func (r *resolver) anyKey(text string, at hcl.Range) model.Key {
	if len(text) == 1 && strings.Contains("0123456789*#", text) {
		return model.Key(text)
	}
	r.diags.Report("IVR301", at, "%q is not a key of a telephone, so no caller could press it. The keys are \"0\" to \"9\", \"*\" and \"#\".", text)
	return ""
}

// entryKey adds a key that callers may press instead of digits.
func (r *resolver) entryKey(m *model.MenuNode, b config.EntryKeyBlock) {
	o := &model.MenuOption{Key: r.anyKey(b.Key, b.Range), Position: b.Range}
	labels := r.labels(b.Range, b.Label)
	r.eval.Require(b.Range, b.To, "to", "Callers who press the key could go nowhere.")
	if to := r.destination(b.To); to != nil {
		o.Link = *to
	}
	if o.Key == "" || !r.free(m, string(o.Key), b.Range) {
		return
	}
	o.Language = r.callLanguage(b.Language)
	r.announceOption(m, o, nil, b.Label, labels)
	m.Options = append(m.Options, o)
}

// code adds a code.
func (r *resolver) code(m *model.MenuNode, b config.CodeBlock) {
	if strings.Trim(b.Digits, "0123456789") != "" || b.Digits == "" || len(b.Digits) > bundle.LongestWord {
		r.diags.Report("IVR485", b.Range, "A code consists of 1 to %d digits, not %q. Keys such as * belong to an option.", bundle.LongestWord, b.Digits)
		return
	}
	c := &model.Extension{Digits: b.Digits}
	label, _, _ := r.text(b.Label)
	c.Label = SpokenText(label)
	r.eval.Require(b.Range, b.To, "to", "Callers who know the code could go nowhere.")
	if to := r.destination(b.To); to != nil && r.free(m, b.Digits, b.Range) {
		c.Link = *to
		m.Extensions = append(m.Extensions, c)
	}
}

// free reports digits that mean something else in an entry already.
func (r *resolver) free(m *model.MenuNode, digits string, at hcl.Range) bool {
	if m.Finish != "" && strings.Contains(digits, string(m.Finish)) {
		r.diags.Report("IVR401", at, "The key %s ends the digits in this entry, so it can mean nothing else. Choose another finish, or finish = \"\".", m.Finish)
		return false
	}
	for _, o := range m.Options {
		if string(o.Key) == digits {
			r.diags.Report("IVR401", at, "The key %s has a meaning in this entry already, at %s. A caller who presses it could reach only one of the two.", digits, diagnostic.Place(o.Position))
			return false
		}
	}
	for _, e := range m.Extensions {
		if e.Digits == digits {
			r.diags.Report("IVR401", at, "The code %s stands in this entry already, at %s. A caller who enters it could reach only one of the two.", digits, diagnostic.Place(e.At))
			return false
		}
	}
	return true
}
