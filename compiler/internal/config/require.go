package config

import "github.com/hashicorp/hcl/v2"

// Require reports a block that lacks an attribute which it cannot do without.
// The reason says what a caller would suffer.
func (e *Evaluator) Require(block hcl.Range, a *hcl.Attribute, name, reason string) bool {
	switch {
	case a == nil && e.HoldsUnknown[block]: // it is there, but misspelt
	case a == nil:
		e.Diags.Report("IVR108", block, "The attribute %s is missing. %s", name, reason)
	case e.IsNull(a):
		e.Diags.Report("IVR108", a.Expr.Range(), "The attribute %s is null, which is the same as not given. %s", name, reason)
	default:
		return true
	}
	return false
}
