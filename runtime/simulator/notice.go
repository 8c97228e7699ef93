package simulator

// A person may act on what happens anywhere in the run, and not only on what can be
// noticed at the own telephone. Scenario.Watch sees all of it, and the two methods
// below let a person wait for it.
//
//	heard := false
//	watch := func(_ int, e Event) {
//		if e.Kind == Says && e.Text == "Goodbye." {
//			heard = true
//			phone.Wake()
//		}
//	}
//	person := func(p *Phone) {
//		p.NextOr(func() bool { return heard })
//		…
//	}

// NextOr waits as Next does, but no longer than until ready is true, and reports
// whether there was something new. It asks ready at once, when something new
// begins, and whenever Wake is called.
func (p *Phone) NextOr(ready func() bool) (Moment, bool) {
	p.live()
	for !p.fresh && !ready() {
		p.park(never)
	}
	if !p.fresh {
		return Moment{}, false
	}
	p.fresh = false
	return p.moment, true
}

// Wake makes a person who waits in NextOr check again. Scenario.Watch may call it,
// and other people.
func (p *Phone) Wake() {
	if p.task != nil && !p.leg.ended {
		p.leg.x.wake(p.task)
	}
}

// Current returns the moment that goes on now, noticed or not, and whether there is
// one.
func (p *Phone) Current() (Moment, bool) { return p.moment, p.on }
