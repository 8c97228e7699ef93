package model

// When the agents of a queue are rung. A document has no clock, and is not told
// how long a ring took: a callee who declines after 15 s is busy, like one whose
// line is engaged, and Twilio lets every telephone ring up to five seconds longer
// than it is asked to. So a ring counts with the longest time that it can take, and
// between two rings callers are held for retry_every. With retry_every = 60s,
// max_wait = 5m and agents whose ring can take 40 s:
//
//	from another block    from the agents' ring group
//	0:00  ring            0:00  hold 60 s
//	0:40  hold 60 s       1:00  ring
//	1:40  ring            1:40  hold 60 s
//	2:20  hold 60 s       2:40  ring
//	3:20  ring            3:20  hold 60 s
//	4:00  hold 60 s       4:20  ring
//	5:00  on_timeout      5:00  on_timeout
//
// No ring begins that could not end by max_wait, and the last hold ends then. Nobody
// waits longer. Agents who are busy at once, after a second each, make the wait
// shorter: the left one then lasts for 3:06.

import "time"

// A Schedule is when the callers of a queue are held, and its agents rung. All
// times are in whole seconds, from when a caller came to the queue.
type Schedule struct {
	Longest time.Duration // the end of the wait
	Pause   time.Duration // from one ring to the next
	Ring    time.Duration // that ringing all agents once takes at most; 0 if nobody is rung
}

// Schedule is when the callers of a queue are held, and its agents rung.
func (p *Project) Schedule(q *QueueNode) Schedule {
	s := Schedule{Longest: q.MaxWait, Pause: q.RetryEvery}
	if q.Agents != nil {
		s.Ring = (p.RingTimes(q.Agents).Longest() + time.Second - 1).Truncate(time.Second)
	}
	return s
}

// Hold is how long a hold lasts that begins at a time, and whether the agents are
// rung at its end. If they are not, the wait is over.
func (s Schedule) Hold(began time.Duration) (length time.Duration, rings bool) {
	if s.Ring > 0 && began+s.Pause+s.Ring <= s.Longest {
		return s.Pause, true
	}
	return s.Longest - began, false
}

// Admits reports whether a hold that begins at a time is the caller's first: the
// queue may then be too full to admit them.
func (s Schedule) Admits(began time.Duration) bool { return began == 0 || began == s.Ring }
