package deploy

// Reading the world: one listing of numbers, one of queues, one of the store,
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
)

// A World is what is, as far as deploying a bundle needs to know.
type World struct {
	State   State          // numbers and queues of the account, objects of the store
	Waiting map[string]int // callers, by the name of the queue
	Records []*Record      // oldest first
	Now     time.Time      // by the store's clock
	entries []Entry        // of the store
}

// ReadWorld reads the account and the store.
func ReadWorld(ctx context.Context, account *Reader, store Store) (*World, error) {
	w := &World{}
	var live *Live
	err := together(ctx,
		func(ctx context.Context) (err error) { live, err = account.Read(ctx); return err },
		func(ctx context.Context) error { return w.readStore(ctx, store) },
	)
	if err != nil {
		return nil, err
	}
	if len(live.Twice) > 0 {
		return nil, fmt.Errorf("the account has several queues with the name %q, and nobody can tell in which of them callers wait. Delete all but one in Twilio's console", live.Twice[0])
	}
	for address, resource := range live.State {
		w.State[address] = resource
	}
	w.Waiting = live.Waiting
	return w, nil
}

// readStore lists the store and reads the records in it.
func (w *World) readStore(ctx context.Context, store Store) error {
	w.State = State{}
	entries, err := store.List(ctx, "")
	if err != nil {
		return err
	}
	w.entries = entries
	w.Now = time.Now()
	for _, e := range entries {
		if !e.Now.IsZero() {
			w.Now = e.Now
		}
		if strings.HasPrefix(e.Key, "public/") || strings.HasPrefix(e.Key, "private/components/") {
			w.State[Address{KindObject, e.Key}] = Object{Size: e.Size}
		}
	}
	w.Records, err = readRecords(ctx, store, entries)
	return err
}

// readRecords reads the records among the entries of a store.
func readRecords(ctx context.Context, store Store, entries []Entry) ([]*Record, error) {
	var keys []string
	for _, e := range entries {
		if strings.HasPrefix(e.Key, "private/applied/") {
			keys = append(keys, e.Key)
		}
	}
	slices.Sort(keys)
	records := make([]*Record, len(keys))
	err := inParallel(ctx, 8, len(keys), func(ctx context.Context, i int) error {
		data, _, err := store.Get(ctx, keys[i])
		if err != nil {
			return err
		}
		if records[i], err = parseRecord(data); err != nil {
			return fmt.Errorf("%s in %s: %w", keys[i], store, err)
		}
		return nil
	})
	return records, err
}

// Releases lists the records of a store, oldest first.
func Releases(ctx context.Context, store Store) ([]*Record, error) {
	entries, err := store.List(ctx, "private/applied/")
	if err != nil {
		return nil, err
	}
	return readRecords(ctx, store, entries)
}

// Plan makes the plan that deploys a bundle into the world. Problems are why it
// cannot be deployed.
func (w *World) Plan(ctx context.Context, store Store, b *bundle.Bundle, t Target) (*Plan, []Problem, error) {
	f := former(w.Records, t, w.Now)
	f.Waiting = w.Waiting
	want, problems := Want(w.State, b, t, f)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	notices, err := w.notices(ctx, store, b, t)
	if err != nil {
		return nil, nil, err
	}
	notices = append(notices, letGo(w.State, want, t)...)
	p := NewPlan(w.State, want, b, t, t.storeName(store), notices)
	w.restore(p, b)
	if len(p.Changes) > 0 {
		p.Unproven, err = w.unproven(ctx, store, b, p.Uploads)
	}
	return p, nil, err
}

// restore plans to put the manifest back of the release that is deployed, if it
// was removed. Of a release that is not deployed yet, it is no reason to apply.
func (w *World) restore(p *Plan, b *bundle.Bundle) {
	key := releaseKey(p.Release)
	there := slices.ContainsFunc(w.entries, func(e Entry) bool { return e.Key == key })
	if there || len(w.Records) == 0 || w.Records[len(w.Records)-1].Release != p.Release {
		return
	}
	p.Uploads = append(p.Uploads, key)
	slices.Sort(p.Uploads)
	p.UploadBytes += int64(len(b.Private()["bundle.json"]))
}

// unproven lists the public files that are in the store already, and that have
// yet to be requested through the public address: all but those of the release
// that was applied last. An apply that stopped there leaves such files.
func (w *World) unproven(ctx context.Context, store Store, b *bundle.Bundle, uploads []string) ([]string, error) {
	proven := map[string]bool{}
	if len(w.Records) > 0 {
		data, _, err := store.Get(ctx, releaseKey(w.Records[len(w.Records)-1].Release))
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

// notices finds out what callers will notice.
func (w *World) notices(ctx context.Context, store Store, b *bundle.Bundle, t Target) ([]Notice, error) {
	next := Flow{}
	for _, c := range b.Components {
		next[c.Directory] = c
	}
	var starts [][2]string
	var notices []Notice
	for _, n := range b.Manifest.Numbers {
		have, _ := w.State[Address{KindNumber, n.PhoneNumber}].(PhoneNumber)
		directory := folder(n.Answer)
		if !t.ours(have) {
			notices = append(notices, Notice{Block: "number." + n.Name, What: "block", Name: n.PhoneNumber, New: directory,
				Text: "callers of " + n.PhoneNumber + " will meet this configuration; until now " + elsewhere(have)})
			continue
		}
		starts = append(starts, [2]string{folder(strings.TrimPrefix(have.VoiceURL, t.BaseURL+"/")), directory})
	}
	live, err := readFlow(ctx, store, next, starts)
	if err != nil {
		return nil, err
	}
	return slices.Concat(notices, Behaviour(live, next, starts), w.queueSizes(b)), nil
}

// queueSizes says of the queues that are there how many callers may wait in them
// from now on. It is a setting of the queue at Twilio and stands in no document,
// so that no directory tells.
func (w *World) queueSizes(b *bundle.Bundle) []Notice {
	var notices []Notice
	for _, q := range b.Manifest.Queues {
		have, exists := w.State[Address{KindQueue, q.FriendlyName}].(Queue)
		if !exists || have.MaxSize == q.MaxSize {
			continue
		}
		old, new := fmt.Sprint(have.MaxSize), fmt.Sprint(q.MaxSize)
		notices = append(notices, Notice{Block: "queue." + q.Name, What: "setting", Name: maxCallers, Old: old, New: new,
			Text: fmt.Sprintf("%s was %s; will be %s", maxCallers, old, new)})
	}
	return notices
}

// letGo says of the numbers that are let go who answers their callers then.
func letGo(have, want State, t Target) []Notice {
	var notices []Notice
	for _, phone := range have.Names(KindNumber) {
		address := Address{KindNumber, phone}
		before, after := have[address].(PhoneNumber), want[address].(PhoneNumber)
		if t.ours(before) && !t.ours(after) {
			notices = append(notices, Notice{Block: address.String(), What: "block", Name: phone, Old: folder(strings.TrimPrefix(before.VoiceURL, t.BaseURL+"/")),
				Text: "callers of " + phone + " will not meet this configuration any longer; from now on " + elsewhere(after)})
		}
	}
	return notices
}

// folder is the directory of a component in the path of a document.
func folder(path string) string {
	directory, _, _ := strings.Cut(path, "/")
	return directory
}

// elsewhere says what answers a number that is not ours.
func elsewhere(n PhoneNumber) string {
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
func readFlow(ctx context.Context, store Store, next Flow, starts [][2]string) (Flow, error) {
	live := Flow{}
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
		read := make([]bundle.Component, len(missing))
		err := inParallel(ctx, 8, len(missing), func(ctx context.Context, i int) error {
			var err error
			read[i], err = readComponent(ctx, store, missing[i])
			return err
		})
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

// readComponent reads one description. One that is gone describes nothing.
func readComponent(ctx context.Context, store Store, directory string) (bundle.Component, error) {
	key := "private/components/" + directory + ".json"
	data, _, err := store.Get(ctx, key)
	if isNotFound(err) {
		return bundle.Component{}, nil
	}
	if err != nil {
		return bundle.Component{}, err
	}
	c, err := bundle.ParseComponent(data)
	if err != nil {
		return bundle.Component{}, fmt.Errorf("%s in the store: %w", key, err)
	}
	return *c, nil
}

// together runs functions at the same time and returns the first error.
func together(ctx context.Context, all ...func(context.Context) error) error {
	return inParallel(ctx, len(all), len(all), func(ctx context.Context, i int) error { return all[i](ctx) })
}
