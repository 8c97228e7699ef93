package resolve

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// splits are resolved into nodes.
var splits = nodesOf(
	func(c *config.Config) []config.SplitBlock { return c.Splits },
	func(b config.SplitBlock) *model.SplitNode { return &model.SplitNode{Name: b.Name, At: b.Range} },
	(*resolver).split,
)

// split resolves one block.
func (r *resolver) split(n *model.SplitNode, b config.SplitBlock) {
	labels := map[string]hcl.Range{}
	sum, known := 0, true
	for _, s := range b.Shares {
		if first, twice := labels[s.Label]; twice {
			r.diags.Report("IVR109", s.Range, "There is a share named %q already, at %s. Plans and call tests could not tell them apart; rename one.", s.Label, diagnostic.Place(first))
			known = false
			continue
		}
		labels[s.Label] = s.Range
		if !config.ValidName(s.Label) {
			r.diags.Report("IVR110", s.Range, "The name %q cannot be used for a share. Use letters, digits, - and _, at most 64, and begin with a letter.", s.Label)
		}
		share := &model.SplitShare{Label: s.Label}
		if r.eval.Require(s.Range, s.Parts, "parts", "It says how many of sixteen calls are led there: parts = 8 is every other one.") {
			r.integer(s.Parts, &share.Parts, &model.LimitParts)
		}
		r.eval.Require(s.Range, s.To, "to", "It is where these calls are led.")
		if to := r.destination(s.To); to != nil {
			share.Link = *to
		}
		known = known && share.Parts > 0
		if sum+share.Parts <= len(bundle.Sixteenths) {
			share.Digits = bundle.Sixteenths[sum : sum+share.Parts]
		}
		sum += share.Parts
		n.Shares = append(n.Shares, share)
	}
	if known && sum != len(bundle.Sixteenths) {
		r.diags.Report("IVR474", b.Range, "The shares of this block have %d parts together, and calls are shared out in sixteenths. Make them %d: parts = 8 is one half, parts = 4 a quarter.", sum, len(bundle.Sixteenths))
	}
}
