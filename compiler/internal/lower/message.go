package lower

import (
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A messageLowering lowers one message that calls are led to.
type messageLowering struct {
	*lowering
	s       *section
	message *model.MessageNode
	record  bool
}

func (l messageLowering) entry(model.Node) []twiml.Verb {
	if l.message.Then == nil {
		return append(l.say(l.message), &twiml.Hangup{})
	}
	return append(l.say(l.message), &twiml.Redirect{Method: get, URL: l.s.document(bundle.ThenName)})
}

func (l messageLowering) fill() {
	s, m := l.s, l.message
	s.add(bundle.MessageName, &step{l.entry(nil), m.At})
	s.says("message", m)
	if m.Then == nil {
		s.ends("end")
		return
	}
	s.add(bundle.ThenName, l.enter(s, m, *m.Then, l.record))
	l.goes(s, "end", "", m.Then, l.record)
}
