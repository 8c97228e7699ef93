package resolve

// Resolving keys that hold in every menu. A menu's own key wins, and a menu can take one
// away:
//
//	project "office" { option "0" { … } }        in every menu
//	menu "main" { option "0" { to = … } }        something else in this one
//	menu "main" { option "0" { none = true } }   nothing in this one
//
// An entry has none of them: its keys are digits that callers enter.

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A commonKey is a key of every menu.
type commonKey struct {
	config.CommonKeyBlock
	option model.MenuOption // but for what is said about it
	labels []version
	used   bool // some menu has it
}

// commonKeys resolve the keys of the project, when there is something that they can
// lead to, and before the menus.
var commonKeys = kind{func(*resolver) {}, (*resolver).commonKeys}

// commonKeys resolves the keys that hold in every menu.
func (r *resolver) commonKeys() {
	if len(r.config.Projects) == 0 {
		return
	}
	defer func() { r.diags.Within = "" }()
	for _, b := range r.config.Projects[0].Options {
		r.diags.Within = fmt.Sprintf("option %q of the project", b.Key)
		k := &commonKey{CommonKeyBlock: b, option: model.MenuOption{Key: r.checkKey(b.Key, b.Range), Position: b.Range, Common: true}}
		k.labels = r.labels(b.Range, b.Label)
		r.eval.Require(b.Range, b.To, "to", "Callers who press the key could go nowhere.")
		if to := r.destination(b.To); to != nil {
			k.option.Link = *to
		}
		if announced, ok := r.boolean(b.Announced); ok {
			k.option.Untold = !announced
		}
		k.option.Language = r.callLanguage(b.Language)
		if i := slices.IndexFunc(r.common, func(other *commonKey) bool { return other.Key == b.Key }); i >= 0 {
			r.diags.Report("IVR401", b.Range, "The key %s has a meaning in every menu already, at %s. A caller who presses it could reach only one of the two.", b.Key, diagnostic.Place(r.common[i].Range))
			continue
		}
		if k.option.Key != "" {
			r.common = append(r.common, k)
		}
	}
}

// takenAway reports whether an option of a menu only takes a key of the project away.
func (r *resolver) takenAway(m *model.MenuNode, b config.OptionBlock) bool {
	if none, ok := r.boolean(b.None); !ok || !none {
		return false
	}
	defer func(menu string) { r.diags.Within = menu }(r.diags.Within)
	r.diags.Within = fmt.Sprintf("option %q of %s", b.Key, m.Address())
	for _, a := range []*hcl.Attribute{b.Label, b.Announced, b.Language, b.To, menuAttribute(b.Menu)} {
		if a != nil && (a.Expr == nil || !r.eval.IsNull(a)) {
			r.diags.Report("IVR443", a.NameRange, "This option takes the key %s away (none = true), so callers who press it hear that it is wrong, and %s has no effect. Remove one of the two.", b.Key, a.Name)
			break
		}
	}
	if !slices.ContainsFunc(r.common, func(k *commonKey) bool { return k.Key == b.Key }) && r.checkKey(b.Key, b.Range) != "" {
		r.idle(b.None, "The project has no option %q, so there is no key to take away. Remove this option.", b.Key)
	}
	return true
}

// commonOptions adds the keys of the project to a menu that has no other meaning for
// them.
func (r *resolver) commonOptions(m *model.MenuNode, own []config.OptionBlock, prompt *hcl.Attribute) {
	for _, k := range r.common {
		key := k.option.Key
		if key == m.Back || key == m.Repeat || slices.ContainsFunc(own, func(o config.OptionBlock) bool { return o.Key == k.Key }) {
			continue
		}
		k.used = true
		o := k.option
		r.announceOption(m, &o, prompt, k.Label, k.labels)
		m.Options = append(m.Options, &o)
	}
}

// idleCommonKeys warns of keys for every menu that no menu has.
func (r *resolver) idleCommonKeys() {
	for _, k := range r.common {
		if !k.used {
			r.diags.Report("IVR625", k.Range, "No menu has this key: there is none, or each gives the key another meaning, or none. Remove it.")
		}
	}
}
