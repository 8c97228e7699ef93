package simulator

import (
	"container/heap"
	"context"
	"iter"
	"math"
	"time"
)

// The clock.
//
// Every call, every ringing telephone and every person is a task: a coroutine
// that runs alone until it waits. Nothing else happens while it runs,
// so no state needs a lock, and time stands still until every task waits; then
// the clock jumps to the next moment at which one of them continues. A pause
// of 25 minutes is one jump.
//
//	0:00  the call parks until 0:03, when the prompt is over
//	0:00  the caller's person parks until 0:01
//	0:01  the person presses a key, which wakes the call, and parks for ever
//	0:01  the call, woken early, stops the prompt
//
// Wake-ups at the same moment are served in the order of the requests. A run is therefore one sequence of steps, whatever the machine.

// never is later than any moment of a run.
const never = time.Duration(math.MaxInt64)

// A task is one coroutine. Its turn counts how often it was resumed: a wake-up
// that was asked for in an earlier turn is stale.
type task struct {
	yield  func(struct{}) bool
	resume func() (struct{}, bool)
	stop   func()
	turn   uint64
	dead   bool // must unwind at its next turn
}

type wakeup struct {
	at   time.Duration
	seq  uint64
	task *task
	turn uint64
}

type wakeups []wakeup

func (w wakeups) Len() int      { return len(w) }
func (w wakeups) Swap(i, j int) { w[i], w[j] = w[j], w[i] }
func (w wakeups) Less(i, j int) bool {
	return w[i].at < w[j].at || w[i].at == w[j].at && w[i].seq < w[j].seq
}
func (w *wakeups) Push(x any) { *w = append(*w, x.(wakeup)) }
func (w *wakeups) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}

type clock struct {
	now   time.Duration
	seq   uint64
	queue wakeups
	tasks []*task
}

// start makes a task that begins at the given time.
func (c *clock) start(at time.Duration, body func(*task)) *task {
	t := &task{}
	t.resume, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		body(t)
	})
	c.tasks = append(c.tasks, t)
	c.schedule(t, at)
	return t
}

func (c *clock) schedule(t *task, at time.Duration) {
	if at == never {
		return
	}
	c.seq++
	heap.Push(&c.queue, wakeup{at: max(at, c.now), seq: c.seq, task: t, turn: t.turn})
}

// wake lets a parked task check again what it waits for.
func (c *clock) wake(t *task) { c.schedule(t, c.now) }

// kill makes a task unwind at its next turn, which is now.
func (c *clock) kill(t *task) {
	t.dead = true
	c.wake(t)
}

// park gives up control until the given time or until somebody wakes the task.
// It reports false when the task must unwind: it was killed, or the run is over.
func (c *clock) park(t *task, until time.Duration) bool {
	c.schedule(t, until)
	return t.yield(struct{}{}) && !t.dead
}

// run resumes tasks until none has anything left to wait for, or the context
// is done. It leaves no task behind.
func (c *clock) run(ctx context.Context) error {
	defer func() {
		for _, t := range c.tasks {
			t.dead = true
			t.stop()
		}
	}()
	for c.queue.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		w := heap.Pop(&c.queue).(wakeup)
		if w.turn != w.task.turn {
			continue
		}
		c.now = w.at
		w.task.turn++
		w.task.resume()
	}
	return nil
}
