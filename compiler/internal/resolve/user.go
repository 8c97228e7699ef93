package resolve

// Resolving users. A user is no node: who leads calls to a user rings a group of
// one.

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// users are resolved first among those who ring them.
var users = kind{
	func(r *resolver) {
		for _, b := range r.config.Users {
			r.users[b.Name] = &model.PhoneUser{Name: b.Name, At: b.Range}
		}
	},
	func(r *resolver) {
		for _, b := range r.config.Users {
			r.diags.Within = bundle.KindUser + "." + b.Name
			r.user(b)
		}
		r.diags.Within = ""
	},
}

// user resolves a user.
func (r *resolver) user(b config.UserBlock) {
	u := r.users[b.Name]
	u.Label, _, _ = r.text(b.FullName)
	u.Confirm, _ = r.boolean(b.Confirm)
	if tag, at, ok := r.text(b.Language); ok {
		if t := r.spokenIn(tag, at); t != nil && t.Language != r.model.Project.Language {
			u.Speaks = r.projectIn(t.Language)
		}
	}
	r.userExtension(u, b.Extension)
	if !r.exactlyOne("IVR404", b.Range, "A user needs exactly one way to be rung: phone, sip or client.",
		named{"phone", b.Phone}, named{"sip", b.SIP}, named{"client", b.Client}) {
		return
	}
	if text, at, ok := r.text(b.Phone); ok {
		u.Kind, u.Address = "phone", text
		CheckPhone(r.diags, text, at)
	}
	if text, at, ok := r.text(b.SIP); ok {
		u.Kind, u.Address = "sip", text
		checkSIP(r.diags, text, at)
	}
	if text, at, ok := r.text(b.Client); ok {
		u.Kind, u.Address = "client", text
		checkClient(r.diags, text, at)
	}
	if b.Outbound != nil {
		u.Outbound = true
		if text, at, ok := r.text(b.Outbound.Number); ok && CheckPhone(r.diags, text, at) {
			u.CallerID = text
		}
		if b.Outbound.Number == nil {
			r.idle(b.Outbound.Record, "This user cannot place calls without number, so there is nothing to record. Add number, or remove record.")
		}
		u.Record = r.model.Project.Record
		if record, ok := r.boolean(b.Outbound.Record); ok {
			u.Record = record
		}
	}
}

// ringAlone is a user as a ring group of one.
func (r *resolver) ringAlone(name string) model.Node {
	u := r.users[name]
	g := &model.RingGroupNode{Name: name, Kind: bundle.KindUser, At: u.At, Users: []*model.PhoneUser{u}}
	if known := r.nodes[g.Address()]; known != nil {
		return known
	}
	r.ringDefaults(g)
	r.nodes[g.Address()] = g
	return g
}

// userList resolves a list of references to users.
func (r *resolver) userList(a *hcl.Attribute) []*model.PhoneUser {
	if a == nil {
		return nil
	}
	value, ok := r.eval.Value(a.Expr)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if ref, ok := config.AsReference(value); ok && ref.Kind == bundle.KindUser {
		r.diags.Report("IVR203", at, "A list of users is expected here. Put brackets around the user: [%s].", ref.Address())
		return nil
	}
	if value.IsNull() || !value.CanIterateElements() {
		r.diags.Report("IVR203", at, "A list of users is expected here, such as [user.alice, user.bob], not %s.", config.Describe(value))
		return nil
	}
	written, _ := hcl.ExprList(a.Expr) // the users one by one, if they are written out
	var list []*model.PhoneUser
	listed := map[*model.PhoneUser]bool{}
	for i, element := range value.AsValueSlice() {
		if len(written) == value.LengthInt() {
			at = written[i].Range()
		}
		ref, ok := config.AsReference(element)
		if !ok || ref.Kind != bundle.KindUser {
			r.diags.Report("IVR203", at, "Only users can be rung, and this list holds %s. Write [user.alice, user.bob].", config.Describe(element))
			return nil
		}
		u := r.users[ref.Name]
		if listed[u] {
			r.diags.Report("IVR416", at, "The user %q stands twice in this list, so the same telephone would be rung twice. To ring everybody again, use cycles.", ref.Name)
			continue
		}
		listed[u] = true
		list = append(list, u)
	}
	if len(list) == 0 {
		r.diags.Report("IVR415", at, "There is nobody in this list, so every caller would be told at once that nobody is available. Add users, or lead callers to a voicemail instead.")
	}
	return list
}
