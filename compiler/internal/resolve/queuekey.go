package resolve

// Resolving the keys with which callers can leave a queue while they wait:
//
//	queue "sales" { option "1" { label = "leaving a message" to = voicemail.sales } }

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// queueKeys resolves the options of a queue.
func (r *resolver) queueKeys(q *model.QueueNode, b config.QueueBlock) {
	taken := map[model.Key]hcl.Range{}
	for _, k := range b.Options {
		o := &model.MenuOption{Key: r.checkKey(k.Key, k.Range), Position: k.Range}
		labels := r.labels(k.Range, k.Label)
		r.eval.Require(k.Range, k.To, "to", "Callers who press the key could go nowhere.")
		to := r.destination(k.To)
		if other, known := taken[o.Key]; known && o.Key != "" {
			r.diags.Report("IVR401", k.Range, "The key %s has a meaning in this queue already, at %s. A caller who presses it could reach only one of the two.", o.Key, diagnostic.Place(other))
			continue
		}
		if taken[o.Key] = k.Range; to == nil || o.Key == "" {
			continue
		}
		o.Link = *to
		o.Language = r.callLanguage(k.Language)
		r.announceOption(q, o, nil, k.Label, labels)
		q.Options = append(q.Options, o)
	}
	slices.SortStableFunc(q.Options, func(a, b *model.MenuOption) int { return keypad(a.Key) - keypad(b.Key) })
	if len(b.Options) > 0 {
		checkLimit(r.diags, &model.LimitOptions, r.model.Project.Profile, len(b.Options), b.Options[0].Range)
	}
}

// checkAsking reports a queue whose callers could never press one of its keys: they are
// asked in the last seconds of a hold, and the holds are too short for that.
func (r *resolver) checkAsking(q *model.QueueNode, b config.QueueBlock) {
	s := r.model.Project.Schedule(q)
	if s.Ask == 0 {
		return
	}
	at := b.Options[0].Range
	for _, part := range q.Prompt() {
		r.checkSpoken(part.Text, part.Voice, at)
	}
	first, _ := s.Hold(0)
	hold := min(first, r.firstHold(q))
	before, longer := "the wait is over", "max_wait"
	if q.Agents != nil {
		before, longer = "the agents are rung again", "retry_every"
	}
	switch {
	case !s.Asks(hold):
		r.diags.Report("IVR447", at, "Callers of this queue are asked for a key in the last seconds before %s. To hear the question and to press a key takes %s, after %s in the queue at least, and they are held for %s, so they would never be asked. Make %s longer.", before, script.Duration(s.Ask), script.Duration(model.ShortestHold), script.Duration(hold), longer)
	case q.Agents == nil:
		r.idle(b.Options[0].To, "Nobody is rung for the callers of this queue, so they keep their place in it until max_wait, and are asked for a key once, after %s. Lead them to a menu before they wait, or name agents: callers are asked each time before the agents are rung again.", script.Duration(s.Inside(hold)))
	}
}
