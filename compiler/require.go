package compiler

import "github.com/hashicorp/hcl/v2"

// require reports a block that lacks an attribute which it cannot do without.
// The reason says what a caller would suffer.
func (r *reporter) require(block hcl.Range, a *hcl.Attribute, name, reason string) bool {
	if a != nil {
		return true
	}
	r.report("IVR108", block, "The attribute %s is missing. %s", name, reason)
	return false
}
