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
//
// Twilio does not tell which key a caller has pressed who leaves a queue
// (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action). So callers of a
// queue with options are asked outside of it, in the last seconds of each hold. With a
// question of 9 s:
//
//	0:40  hold in the queue   1:31  question   1:40  ring

import "time"

// A Schedule is when the callers of a queue are held, and its agents rung. All
// times are in whole seconds, from when a caller came to the queue.
type Schedule struct {
	Longest time.Duration // the end of the wait
	Pause   time.Duration // from one ring to the next
	Ring    time.Duration // that ringing all agents once takes at most; 0 if nobody is rung
	Ask     time.Duration // that callers need to hear their options and to press a key; 0 if there are none
}

// ShortestHold is the shortest time in the queue before a question.
const ShortestHold = 5 * time.Second

// KeyTimeout is how long a waiting caller has to press a key.
const KeyTimeout = 5 * time.Second

// Schedule is when the callers of a queue are held, and its agents rung.
func (p *Project) Schedule(q *QueueNode) Schedule {
	s := Schedule{Longest: q.MaxWait, Pause: q.RetryEvery}
	if q.Agents != nil {
		s.Ring = (p.RingTimes(q.Agents).Longest() + time.Second - 1).Truncate(time.Second)
	}
	if len(q.Options) > 0 {
		s.Ask = (q.promptTime() + KeyTimeout + time.Second - 1).Truncate(time.Second)
	}
	return s
}

// Asks reports whether callers are asked at the end of a hold of a length. One that is
// too short is spent in the queue.
func (s Schedule) Asks(length time.Duration) bool {
	return s.Ask > 0 && length >= s.Ask+ShortestHold
}

// Inside is how much of a hold of a length is spent in the queue.
func (s Schedule) Inside(length time.Duration) time.Duration {
	if s.Asks(length) {
		return length - s.Ask
	}
	return length
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
