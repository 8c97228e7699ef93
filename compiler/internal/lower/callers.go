package lower

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A callersLowering lowers one question who is calling.
type callersLowering struct {
	*lowering
	s       *section
	callers *model.CallersNode
	record  bool
}

// asks is the name of the decision, with everything that it tells apart.
func (l callersLowering) asks() string {
	return bundle.DecisionName(bundle.CallersName, append(l.callers.Beginnings(), bundle.WithheldAnswer))
}

// entry asks. Twilio sends the caller's number with every request.
func (l callersLowering) entry(model.Node) []twiml.Verb {
	return []twiml.Verb{&twiml.Redirect{Method: get, URL: l.s.link(l.asks())}}
}

func (l callersLowering) fill() {
	s, c := l.s, l.callers
	answers := map[string]*step{}
	for _, b := range c.From {
		if b.To == nil {
			continue
		}
		st := l.enter(s, c, b.Link, l.record)
		for _, beginning := range b.Beginnings {
			answers[beginning] = st
		}
		s.set(b.Label, "+"+strings.Join(b.Beginnings, ", +"))
		l.goes(s, b.Label, "", &b.Link, l.record)
	}
	if c.Withheld != nil {
		answers[bundle.WithheldAnswer] = l.enter(s, c, *c.Withheld, l.record)
		l.goes(s, bundle.WithheldAnswer, "", c.Withheld, l.record)
	}
	if c.Otherwise != nil {
		s.decide(l.asks(), l.enter(s, c, *c.Otherwise, l.record), answers)
		l.goes(s, "otherwise", "", c.Otherwise, l.record)
	}
}
