package deploy

// The live call flow, as far as it differs from the one to be: of the components
// that answer the numbers now, the descriptions are read that the new bundle does
// not share.

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A noticing is what callers will notice.
type noticing struct {
	changes   []CallerChange
	unnoticed map[string]bool // numbers that move though their callers notice nothing
	warnings  []string        // what could not be found out
}

// callerChanges finds out what callers will notice.
func (l *Live) callerChanges(ctx context.Context, b *bundle.Bundle) (*noticing, error) {
	n := &noticing{unnoticed: map[string]bool{}}
	next := flow{}
	for _, c := range b.Components {
		next[c.Directory] = c
	}
	var starts [][2]string
	led := map[[2]string][]string{} // the phone numbers of a pair
	for _, row := range b.Manifest.Numbers {
		have, _ := l.State.number(row.PhoneNumber)
		directory := folder(row.Answer)
		if !l.owner.answers(have) {
			n.changes = append(n.changes, CallerChange{Block: "number." + row.Name, What: "block", Name: row.PhoneNumber, New: directory,
				Text: "callers of " + row.PhoneNumber + " will reach this configuration; until now " + answeredBy(have)})
			continue
		}
		pair := [2]string{folder(l.owner.path(have.VoiceURL)), directory}
		starts, led[pair] = append(starts, pair), append(led[pair], row.PhoneNumber)
	}
	live, damage, err := l.readFlow(ctx, next, starts)
	if err != nil {
		return nil, err
	}
	for _, d := range damage {
		n.warnings = append(n.warnings, "what callers will notice may be incomplete: "+d.Error())
	}
	changes, unnoticed := callerDiff(live, next, starts)
	for pair := range unnoticed {
		for _, phone := range led[pair] {
			n.unnoticed[phone] = len(damage) == 0
		}
	}
	n.changes = slices.Concat(n.changes, changes, l.queueSizes(b))
	return n, nil
}

// queueSizes says of the queues that are there how many callers may wait in them
// from now on. It is a setting of the queue at Twilio and stands in no document,
// so that no directory tells.
func (l *Live) queueSizes(b *bundle.Bundle) []CallerChange {
	var changes []CallerChange
	for _, q := range b.Manifest.Queues {
		have, exists := l.State[Address{KindQueue, q.FriendlyName}].(twilio.CallQueue)
		if !exists || have.MaxSize == q.MaxSize {
			continue
		}
		old, new := fmt.Sprint(have.MaxSize), fmt.Sprint(q.MaxSize)
		changes = append(changes, CallerChange{Block: "queue." + q.Name, What: "setting", Name: maxCallers, Old: old, New: new,
			Text: fmt.Sprintf("%s was %s; will be %s", maxCallers, old, new)})
	}
	return changes
}

// lettingGo says of the numbers that are let go who answers their callers then.
func (l *Live) lettingGo(desired State) []CallerChange {
	var changes []CallerChange
	for _, phone := range l.State.Names(KindNumber) {
		before, _ := l.State.number(phone)
		after, _ := desired.number(phone)
		if l.ours(phone) && !l.owner.answers(after) {
			changes = append(changes, CallerChange{Block: KindNumber + " " + phone, What: "block", Name: phone, Old: folder(l.owner.path(before.VoiceURL)),
				Text: "callers of " + phone + " will no longer reach this configuration; from now on " + answeredBy(after)})
		}
	}
	return changes
}

// answeredBy says what answers a number that is not ours.
func answeredBy(n twilio.PhoneNumber) string {
	switch {
	case n.TrunkSID != "":
		return "a SIP trunk answers them"
	case n.ApplicationSID != "":
		return "a TwiML app answers them"
	case n.VoiceURL == "":
		return "nobody answers them"
	}
	return n.Shown().VoiceURL + " answers them"
}

// readFlow reads the descriptions of the live components that the new flow does
// not share, from those that answer the numbers on.
func (l *Live) readFlow(ctx context.Context, next flow, starts [][2]string) (live flow, damage []Problem, err error) {
	live = flow{}
	var level []string
	for _, pair := range starts {
		level = append(level, pair[0])
	}
	for len(level) > 0 {
		var missing []string
		for _, directory := range level {
			if shared, ok := next[directory]; ok {
				live[directory] = shared
			}
			if _, known := live[directory]; !known && directory != "" {
				missing = append(missing, directory)
				live[directory] = bundle.Component{}
			}
		}
		read, problems, err := readComponents(ctx, l.store, missing)
		if err != nil {
			return nil, nil, err
		}
		damage = append(damage, problems...)
		level = nil
		for i, directory := range missing {
			live[directory] = read[i]
			for _, b := range read[i].Blocks {
				for _, e := range b.Exits {
					level = append(level, cmp.Or(e.Component, directory))
				}
			}
		}
	}
	return live, damage, nil
}
