package resolve

import (
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// notices are resolved into nodes.
var notices = nodesOf(
	func(c *config.Config) []config.NoticeBlock { return c.Notices },
	func(b config.NoticeBlock) *model.NoticeNode { return &model.NoticeNode{Name: b.Name, At: b.Range} },
	func(r *resolver, n *model.NoticeNode, b config.NoticeBlock) {
		n.Message, n.To = r.messageOr(b.Message, nil), r.destination(b.To)
	},
)
