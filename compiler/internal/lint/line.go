package lint

// Agents' lines: numbers that take the callers of a queue.

import (
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// lines warns of agents' lines, which anybody could call, and of those that take
// callers out of turn. While the agents of a queue are rung for a caller, that caller
// stands in no queue, and comes back as the last:
//
//	agents:  Ann waits, Ben comes, the agents are rung for Ann, Ann comes back
//	line:    takes Ben, although Ann has waited longer
func (l *linter) lines() {
	for _, s := range l.graph.Starts {
		line, ok := s.To.(*model.AgentsLine)
		if !ok || s.Anonymous {
			continue
		}
		l.diags.Within = bundle.KindNumber + "." + s.Number.Name
		l.diags.Report("IVR606", s.At, "Whoever calls this number is connected to the callers of %s. Use a number that is published nowhere, and say so on the line above: # ivrc:ignore IVR606 unlisted.", line.Queue.Address())
		if line.Queue.Agents != nil {
			l.diags.Report("IVR626", s.At, "%s is rung for the callers of %s, each of whom leaves the queue for that and comes back as the last. So whoever calls this number gets the first in the queue, who can have waited for less time than others. Serve the queue in one way: remove this number, or the agents of the queue.", line.Queue.Agents.Address(), line.Queue.Address())
		}
	}
}
