package resolve

// Resolving environments: what the one that was chosen says takes the place of what
// the hosting and twilio blocks say.

import (
	"cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// chosen puts what the chosen environment says of its address and its store in the
// place of what the hosting block says.
func (r *resolver) chosen() {
	e, h := r.eval.Chosen, &r.model.Hosting
	if e == nil {
		return
	}
	h.Deployment.Environment = e.Name
	if e.BaseURL != "" {
		h.BaseURL = bundle.CanonicalURL(e.BaseURL) + "/"
	}
	if e.Store != "" {
		h.Deployment.Store = e.Store
		r.checkStore(e.Block.Store.Expr.Range())
	}
}

// environments checks what all environments say, whichever is chosen, and resolves the
// account of the one that is. Queues belong to an account, so environments that may be
// in one have queues of their own: callers of staging must not wait for the agents of
// production. With an account for each, names and documents are the same.
func (r *resolver) environments() {
	for _, e := range r.eval.Environments {
		if e.AccountSID != "" && !isAccountSID(e.AccountSID) {
			r.diags.Report("IVR203", e.Block.AccountSID.Expr.Range(), accountSIDForm)
		}
		if e.BaseURL != "" {
			checkPlainURL(r.diags, e.BaseURL, e.Block.BaseURL.Expr.Range())
		}
	}
	e, all := r.eval.Chosen, r.model.Hosting.Deployment.AccountSID // of the twilio block
	if e == nil {
		return
	}
	account := cmp.Or(e.AccountSID, all)
	r.model.Hosting.Deployment.AccountSID = account
	for _, other := range r.eval.Environments {
		if theirs := cmp.Or(other.AccountSID, all); other != e && (account == "" || theirs == "" || account == theirs) {
			r.shared = e.Name + "/"
		}
	}
}
