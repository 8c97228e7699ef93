package resolve

// Resolving extensions: what callers may dial while a menu talks. A menu names them
// itself, or takes those of all users:
//
//	menu "main" { extensions = { "101" = user.ann, "200" = ring_group.sales } }
//	menu "main" { extensions = users }

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// everyUser stands for the extensions of all users.
const everyUser = "users"

// How many digits an extension has. One digit is a key, which an option is for.
const shortestExtension, longestExtension = 2, 10

// userExtension resolves the extension of a user.
func (r *resolver) userExtension(u *model.PhoneUser, a *hcl.Attribute) {
	text, at, ok := r.text(a)
	if !ok || !r.checkExtension(text, at) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.users)) {
		if other := r.users[name]; other != u && other.Extension == text {
			r.diags.Report("IVR401", at, "The extension %s is that of the user %q, at %s, already. A caller who dials it could reach only one of the two.", text, name, diagnostic.Place(other.At))
			return
		}
	}
	u.Extension = text
}

// idleExtensions warns of extensions of users that no menu takes.
func (r *resolver) idleExtensions() {
	for _, b := range r.config.Users {
		if !r.dialled && r.users[b.Name].Extension != "" {
			r.diags.Within = bundle.KindUser + "." + b.Name
			r.idle(b.Extension, "No menu takes the extensions of users, so nobody can dial this one. Write extensions = users in a menu, or remove it.")
		}
	}
}

// checkExtension reports a text that is no extension.
func (r *resolver) checkExtension(text string, at hcl.Range) bool {
	if strings.Trim(text, "0123456789") == "" && len(text) >= shortestExtension && len(text) <= longestExtension {
		return true
	}
	r.diags.Report("IVR480", at, "An extension is a string of %d to %d digits, such as \"101\", not %q. A single key is an option.", shortestExtension, longestExtension, text)
	return false
}

// extensions resolves what callers of a menu may dial.
func (r *resolver) extensions(m *model.MenuNode, b config.MenuBody) {
	m.ExtensionTimeout = 3 * time.Second
	r.duration(b.ExtensionTimeout, &m.ExtensionTimeout, &model.LimitExtension)
	switch {
	case b.Extensions == nil:
		r.idle(b.ExtensionTimeout, "This menu has no extensions, so a key is an answer at once. Add extensions, or remove extension_timeout.")
		return
	case hcl.ExprAsKeyword(b.Extensions.Expr) == everyUser:
		r.extensionsOfUsers(m, b.Extensions.Expr.Range())
	default:
		r.extensionList(m, b.Extensions)
	}
	keys := []model.Key{m.Back, m.Repeat}
	for _, o := range m.Options {
		keys = append(keys, o.Key)
	}
	if !slices.Contains(keys, usualFinish) {
		m.Finish = usualFinish
	}
	r.sortExtensions(m, b.Extensions.Expr.Range())
}

// usualFinish ends what callers dial, unless it means something else.
const usualFinish model.Key = "#"

// sortExtensions puts extensions in order, and reports more than an address can list.
func (r *resolver) sortExtensions(m *model.MenuNode, at hcl.Range) {
	slices.SortFunc(m.Extensions, func(a, b *model.Extension) int { return strings.Compare(a.Digits, b.Digits) })
	var words []string
	for _, k := range m.Keys() {
		words = append(words, string(k))
	}
	checkLimit(r.diags, &model.LimitList, r.model.Project.Profile, len(strings.Join(words, ".")), at)
}

// extensionsOfUsers takes the extensions of all users.
func (r *resolver) extensionsOfUsers(m *model.MenuNode, at hcl.Range) {
	r.dialled = true
	for _, name := range slices.Sorted(maps.Keys(r.users)) {
		if u := r.users[name]; u.Extension != "" {
			m.Extensions = append(m.Extensions, &model.Extension{Digits: u.Extension, Label: u.Label, Link: model.Link{To: r.ringAlone(name), At: at}})
		}
	}
	if len(m.Extensions) == 0 && len(r.users) > 0 {
		r.diags.Report("IVR480", at, "No user has an extension, so callers could dial none. Give one to users, such as extension = \"101\".")
	}
}

// extensionList takes the extensions that a menu names itself.
func (r *resolver) extensionList(m *model.MenuNode, a *hcl.Attribute) {
	value, ok := r.given(a)
	if !ok {
		return
	}
	if t := value.Type(); !t.IsObjectType() && !t.IsMapType() {
		r.diags.Report("IVR203", a.Expr.Range(), "Extensions and what they lead to are expected here, such as { \"101\" = user.alice }, or users for those of all users, not %s.", config.Describe(value))
		return
	}
	if value.LengthInt() == 0 {
		r.idle(a, "There is no extension in this list. Add one, or remove extensions.")
	}
	places := r.placesOf(a.Expr)
	for digits, to := range value.AsValueMap() {
		at, known := places[digits]
		if !known {
			at = a.Expr.Range()
		}
		if !r.checkExtension(digits, at) || to.IsNull() {
			continue
		}
		if link := r.destinationOf(to, at); link != nil {
			e := &model.Extension{Digits: digits, Link: *link}
			if g, ok := link.To.(*model.RingGroupNode); ok && len(g.Users) == 1 {
				e.Label = g.Users[0].Label
			}
			m.Extensions = append(m.Extensions, e)
		}
	}
}

// placesOf says where the elements of a map stand, if they are written out.
func (r *resolver) placesOf(expr hcl.Expression) map[string]hcl.Range {
	places := map[string]hcl.Range{}
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return places
	}
	for _, p := range pairs {
		if key, ok := r.eval.Value(p.Key); ok {
			if text, ok := config.AsText(key); ok {
				places[text] = hcl.RangeBetween(p.Key.Range(), p.Value.Range())
			}
		}
	}
	return places
}
