package lower

import (
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A splitLowering lowers one block that shares calls out.
type splitLowering struct {
	*lowering
	s      *section
	split  *model.SplitNode
	record bool
}

// asks is the name of the decision. Its list has the digits of all shares but the
// largest, which is the answer to any other digit.
func (l splitLowering) asks() string {
	var words []string
	for _, share := range l.split.Shares {
		if share != l.split.Largest() {
			words = append(words, strings.Split(share.Digits, "")...)
		}
	}
	return bundle.DecisionName(bundle.SplitName, words)
}

// entry asks. Twilio sends the identity of a call with every request.
func (l splitLowering) entry(model.Node) []twiml.Verb {
	return []twiml.Verb{&twiml.Redirect{Method: get, URL: l.s.link(l.asks())}}
}

func (l splitLowering) fill() {
	s := l.s
	answers := map[string]*step{}
	var largest *step
	for _, share := range l.split.Shares {
		if share.To == nil {
			continue
		}
		st := l.enter(s, l.split, share.Link, l.record)
		if share == l.split.Largest() {
			largest = st
		}
		for _, digit := range strings.Split(share.Digits, "") {
			answers[digit] = st
		}
		s.set(share.Label, fmt.Sprintf("%d of %d", share.Parts, len(bundle.Sixteenths)))
		l.goes(s, share.Label, "", &share.Link, l.record)
	}
	if largest != nil {
		s.decide(l.asks(), largest, answers)
	}
}
