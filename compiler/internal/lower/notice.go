package lower

import (
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A noticeLowering lowers one notice. Its entry is a document of its own, so that
// notices that lead to each other make no document without an end.
type noticeLowering struct {
	*lowering
	s      *section
	notice *model.NoticeNode
	record bool
}

func (l noticeLowering) entry(model.Node) []twiml.Verb {
	return append(l.say(l.notice.Message), &twiml.Redirect{Method: get, URL: l.s.document("next")})
}

func (l noticeLowering) fill() {
	l.s.add("notice-1", &step{l.entry(nil), l.notice.At})
	l.s.add("next", l.finish(l.s, l.notice, l.notice.To, l.record, l.notice.At))
	l.s.says("message", l.notice.Message)
	l.goes(l.s, "heard", "", l.notice.To, l.record)
}
