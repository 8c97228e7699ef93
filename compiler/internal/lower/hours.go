package lower

import (
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// An hoursLowering lowers one block of hours.
type hoursLowering struct {
	*lowering
	s      *section
	hours  *model.HoursNode
	record bool
}

// entry asks for the time. It is a redirect, because a document has no clock: whoever
// answers it has.
func (l hoursLowering) entry(model.Node) []twiml.Verb {
	return []twiml.Verb{&twiml.Redirect{Method: get, URL: l.s.link(l.decision().Address())}}
}

// decision is the decision on the time, whose list is the table.
func (l hoursLowering) decision() bundle.Decision {
	return bundle.Decision{Path: bundle.TimeName, List: l.hours.Table}
}

func (l hoursLowering) fill() {
	s, h := l.s, l.hours
	// The table stands in a document of this directory, and so in the hash.
	s.add(bundle.HoursName, &step{l.entry(nil), h.At})
	answers := map[string]*step{}
	for _, b := range h.Branches {
		answers[b.On] = l.enter(s, h, b.Link, l.record)
	}
	s.decide(l.decision().Address(), nil, answers)
	l.describe()
}

// describe says when the hours lead where.
func (l hoursLowering) describe() {
	s, h := l.s, l.hours
	s.set("time_zone", h.Layers[0].Zone)
	for i, layer := range h.Layers {
		for _, day := range layer.Days() {
			s.block.Hours = append(s.block.Hours, bundle.Hours{On: h.Branches[i].On, Day: day.Day, Open: day.Open, Name: day.Name})
		}
	}
	for i := range h.Branches {
		b := &h.Branches[i]
		l.goes(s, b.On, "", &b.Link, l.record)
	}
}
