package deploy

// Reading what is live: one listing of numbers, one of queues, one of the store,
// the records of releases, and of the live call flow those descriptions that
// the new bundle does not share.

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// Live is what is there now, as far as deploying to a target needs to know.
type Live struct {
	State   State            // numbers and queues of the account, objects of the store
	Waiting map[string]int   // callers, by the name of the queue
	Records []*ReleaseRecord // oldest first
	Now     time.Time        // by the store's clock

	target  Target
	store   store.Store
	entries []store.Entry
}

// ReadLive reads the account and the store of a target.
func ReadLive(ctx context.Context, account *twilio.Reader, s store.Store, t Target) (*Live, error) {
	l := &Live{State: State{}, target: t, store: s}
	var inventory *twilio.Inventory
	err := inParallel(ctx, 2, 2, func(ctx context.Context, i int) (err error) {
		if i == 0 {
			inventory, err = account.Read(ctx)
			return err
		}
		return l.readStore(ctx)
	})
	if err != nil {
		return nil, err
	}
	if len(inventory.Twice) > 0 {
		return nil, fmt.Errorf("the account has several queues with the name %q, and it is impossible to tell which of them callers wait in. Delete all but one in Twilio's console", inventory.Twice[0])
	}
	for phone, n := range inventory.Numbers {
		l.State[Address{KindNumber, phone}] = n
	}
	for name, q := range inventory.Queues {
		l.State[Address{KindQueue, name}] = q
	}
	l.Waiting = inventory.Waiting
	return l, nil
}

// readStore lists the store and reads the records in it.
func (l *Live) readStore(ctx context.Context) error {
	entries, err := l.store.List(ctx, "")
	if err != nil {
		return err
	}
	l.entries = entries
	l.Now = time.Now()
	for _, e := range entries {
		if !e.Now.IsZero() {
			l.Now = e.Now
		}
		if strings.HasPrefix(e.Key, "public/") || strings.HasPrefix(e.Key, "private/components/") {
			l.State[Address{KindObject, e.Key}] = Object{Size: e.Size}
		}
	}
	l.Records, err = readRecords(ctx, l.store, entries)
	return err
}

// Plan makes the plan that deploys a bundle. Problems are why it cannot be
// deployed.
func (l *Live) Plan(ctx context.Context, b *bundle.Bundle) (*Plan, []Problem, error) {
	h := history(l.Records, l.target, l.Now)
	h.Waiting = l.Waiting
	desired, problems := Desired(l.State, b, l.target, h)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	changes, err := l.callerChanges(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	changes = append(changes, letGo(l.State, desired, l.target)...)
	p := NewPlan(l.State, desired, b, l.target, l.target.storeName(l.store), changes)
	l.restore(p, b)
	if len(p.Changes) > 0 {
		p.Unproven, err = l.unproven(ctx, b, p.Uploads)
	}
	return p, nil, err
}

// deployed is the digest of the release that was applied last, or "".
func (l *Live) deployed() string {
	if len(l.Records) == 0 {
		return ""
	}
	return l.Records[len(l.Records)-1].Release
}

// restore plans to put the manifest back of the release that is deployed, if it
// was removed. Of a release that is not deployed yet, it is no reason to apply.
func (l *Live) restore(p *Plan, b *bundle.Bundle) {
	key := releaseKey(p.Release)
	there := slices.ContainsFunc(l.entries, func(e store.Entry) bool { return e.Key == key })
	if there || l.deployed() != p.Release {
		return
	}
	p.Uploads = append(p.Uploads, key)
	slices.Sort(p.Uploads)
	p.UploadBytes += int64(len(b.Private()["bundle.json"]))
}

// unproven lists the public files that are in the store already, and that have
// yet to be requested through the public address: all but those of the release
// that was applied last. An apply that stopped there leaves such files.
func (l *Live) unproven(ctx context.Context, b *bundle.Bundle, uploads []string) ([]string, error) {
	proven := map[string]bool{}
	if release := l.deployed(); release != "" {
		data, _, err := l.store.Get(ctx, releaseKey(release))
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if m, err := bundle.ParseManifest(data); err == nil { // else nothing is proven
			for _, f := range m.Files {
				proven[f.Path] = true
			}
		}
	}
	var keys []string
	for _, f := range b.Manifest.Files {
		key := "public/" + f.Path
		if _, uploaded := slices.BinarySearch(uploads, key); !uploaded && !proven[f.Path] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// callerChanges finds out what callers will notice.
func (l *Live) callerChanges(ctx context.Context, b *bundle.Bundle) ([]CallerChange, error) {
	next := flow{}
	for _, c := range b.Components {
		next[c.Directory] = c
	}
	var starts [][2]string
	var changes []CallerChange
	for _, n := range b.Manifest.Numbers {
		have, _ := l.State.number(n.PhoneNumber)
		directory := folder(n.Answer)
		if !l.target.ours(have) {
			changes = append(changes, CallerChange{Block: "number." + n.Name, What: "block", Name: n.PhoneNumber, New: directory,
				Text: "callers of " + n.PhoneNumber + " will reach this configuration; until now " + answeredBy(have)})
			continue
		}
		starts = append(starts, [2]string{folder(l.target.path(have.VoiceURL)), directory})
	}
	live, err := l.readFlow(ctx, next, starts)
	if err != nil {
		return nil, err
	}
	return slices.Concat(changes, callerDiff(live, next, starts), l.queueSizes(b)), nil
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

// letGo says of the numbers that are let go who answers their callers then.
func letGo(live, desired State, t Target) []CallerChange {
	var changes []CallerChange
	for _, phone := range live.Names(KindNumber) {
		before, _ := live.number(phone)
		after, _ := desired.number(phone)
		if t.ours(before) && !t.ours(after) {
			changes = append(changes, CallerChange{Block: KindNumber + " " + phone, What: "block", Name: phone, Old: folder(t.path(before.VoiceURL)),
				Text: "callers of " + phone + " will no longer reach this configuration; from now on " + answeredBy(after)})
		}
	}
	return changes
}

// folder is the directory of a component in the path of a document.
func folder(path string) string {
	directory, _, _ := strings.Cut(path, "/")
	return directory
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
	return n.VoiceURL + " answers them"
}

// readFlow reads the descriptions of the live components that the new flow does
// not share, from those that answer the numbers on.
func (l *Live) readFlow(ctx context.Context, next flow, starts [][2]string) (flow, error) {
	live := flow{}
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
		read, err := readComponents(ctx, l.store, missing)
		if err != nil {
			return nil, err
		}
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
	return live, nil
}
