package resolve

// Resolving environments: what the one that was chosen says takes the place of what
// the hosting and twilio blocks say.

import "github.com/ivrc/ivrc/compiler/bundle"

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

// environments checks what all environments say, whichever is chosen.
func (r *resolver) environments() {
	for _, e := range r.eval.Environments {
		if e.AccountSID != "" && !isAccountSID(e.AccountSID) {
			r.diags.Report("IVR203", e.Block.AccountSID.Expr.Range(), accountSIDForm)
		}
		if e.BaseURL != "" {
			checkPlainURL(r.diags, e.BaseURL, e.Block.BaseURL.Expr.Range())
		}
	}
	if e := r.eval.Chosen; e != nil && e.AccountSID != "" {
		r.model.Hosting.Deployment.AccountSID = e.AccountSID
	}
}
