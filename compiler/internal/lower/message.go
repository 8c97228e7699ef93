package lower

import (
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A messageLowering lowers one message that calls end with.
type messageLowering struct {
	*lowering
	s       *section
	message *model.MessageNode
}

func (l messageLowering) entry(model.Node) []twiml.Verb {
	return append(l.say(l.message), &twiml.Hangup{})
}

func (l messageLowering) fill() {
	l.s.add(bundle.MessageName, &step{l.entry(nil), l.message.At})
	l.s.says("message", l.message)
	l.s.ends("end")
}
