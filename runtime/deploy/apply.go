package deploy

// Apply makes a plan so, in six steps:
//
//  1. hold the lock, derive the plan again, and refuse one that says anything else
//  2. upload what is missing or wrong, the manifest of the release last
//  3. request every file that is new to callers through the public address, as Twilio will
//  4. read the account again, and refuse if somebody has changed it meanwhile
//  5. write down what will be done, and what the numbers are before it
//  6. make and size queues, then point numbers, then remove queues, and compare
//     what Twilio says of each with what was asked
//
// At every instant each number has a complete old flow or a complete new one:
// files never change under their names, and a number moves in one request. So
// apply may be killed anywhere; run again, it does what is left.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A Deployer is everything that deploying works with.
type Deployer struct {
	Account  *twilio.Client
	Public   http.RoundTripper // for requests through the public address; nil is the default
	Who      string            // for lock and record: "user@host"
	Parallel int               // numbers written at the same time; four times as many files are
	// AllowMassChange lets a plan be applied that changes many numbers at once.
	AllowMassChange bool
	// Progress, if not nil, is told what happens.
	Progress func(ApplyEvent)
	// Sleep waits before a request through the public address is repeated; nil is
	// the machine's clock.
	Sleep func(context.Context, time.Duration) error
}

// An ApplyEvent is one thing that apply does.
type ApplyEvent struct {
	Step  string // "lock", "upload", "verify", "queue", "number", "record"
	Text  string // for people, without numbers of callers or agents
	Done  int    // of All, where a step has many parts
	All   int
	Error error
}

func (d *Deployer) tell(e ApplyEvent) {
	if d.Progress != nil {
		d.Progress(e)
	}
}

// A PartialApply is the error of an apply that stopped on its way: what was done,
// and what was not. Running the same command again does the rest.
type PartialApply struct {
	Done, NotDone []Address
	Cause         error
}

func (p *PartialApply) Error() string {
	return fmt.Sprintf("stopped after %d of %d changes: %v. Nothing is half done: every number has a complete call flow. Run the same command again to do the rest",
		len(p.Done), len(p.Done)+len(p.NotDone), p.Cause)
}

func (p *PartialApply) Unwrap() error { return p.Cause }

// A RefusedError is why a plan is not applied, before anything is written.
type RefusedError struct {
	Reason   string
	Problems []Problem
}

func (r *RefusedError) Error() string {
	text := r.Reason
	for i, p := range r.Problems {
		if i == 10 {
			text += fmt.Sprintf("\n  and %d more", len(r.Problems)-i)
			break
		}
		text += "\n  " + p.Error()
	}
	return text
}

// Apply applies a plan for a bundle under a lock, to what is live now. What it
// writes is derived from the bundle and from what is live. A plan that says
// anything else is refused.
func (d *Deployer) Apply(ctx context.Context, lock *store.Lock, live *Live, p *Plan, b *bundle.Bundle) error {
	p, err := p.Again(ctx, live, b)
	if err != nil {
		return err
	}
	if p.MassChange && !d.AllowMassChange {
		return &RefusedError{Reason: p.Brake()}
	}
	if p.Empty() {
		return nil
	}
	a := applying{d, live, p, b, storedFiles(b)}
	for _, step := range []func(context.Context) error{a.upload, a.verify, a.unchanged} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := a.record(ctx, lock); err != nil {
		return err
	}
	return a.changes(ctx, lock)
}

// Brake says why apply refuses a plan that changes many numbers at once, unless
// that is allowed. It is "" for other plans.
func (p *Plan) Brake() string {
	if !p.MassChange {
		return ""
	}
	return fmt.Sprintf("this changes how %d of %d numbers are answered, more than %d %% of them at once. If that is intended, use -allow-mass-change", p.Moved, p.Live, massPercent)
}

// An applying is a plan that is being applied.
type applying struct {
	*Deployer
	live  *Live
	plan  *Plan
	b     *bundle.Bundle
	files map[string][]byte // by key
}

// upload puts the missing files into the store, and the manifest last.
func (a *applying) upload(ctx context.Context) error {
	manifest := releaseKey(a.plan.Release)
	keys := slices.DeleteFunc(slices.Clone(a.plan.Uploads), func(key string) bool { return key == manifest })
	var lost []Problem
	for _, key := range keys {
		if _, ok := a.files[key]; !ok {
			lost = append(lost, Problem{Address{KindObject, key}, "it is missing or damaged"})
		}
	}
	if len(lost) > 0 {
		return &RefusedError{Reason: "the store no longer has all of this release. Apply its configuration, which restores the files, or choose another release", Problems: lost}
	}
	var mutex sync.Mutex
	done := 0
	err := inParallel(ctx, max(4*a.Parallel, 1), len(keys), func(ctx context.Context, i int) error {
		if err := a.put(ctx, keys[i]); err != nil {
			return err
		}
		mutex.Lock()
		defer mutex.Unlock()
		done++
		a.tell(ApplyEvent{Step: "upload", Text: keys[i], Done: done, All: len(a.plan.Uploads)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("the upload stopped, and no number was changed: %w", err)
	}
	return a.put(ctx, manifest)
}

// put writes a file. Whatever else is there under its key is replaced.
func (a *applying) put(ctx context.Context, key string) error {
	data, options := a.files[key], putOptions(key)
	_, err := a.live.store.Put(ctx, key, data, options)
	if !errors.Is(err, store.ErrConflict) {
		return err
	}
	there, entry, err := a.live.store.Get(ctx, key)
	if err == nil && bytes.Equal(there, data) && !retyped(entry) {
		return nil
	}
	if err != nil && !isNotFound(err) {
		return err
	}
	options.IfAbsent = false
	_, err = a.live.store.Put(ctx, key, data, options)
	return err
}

// verify requests what callers have not met yet through the public address.
func (a *applying) verify(ctx context.Context) error {
	v := verification{publicClient(a.Public), a.live.owner.BaseURL, a.live.target.DecisionsURL, a.b, a.Sleep}
	keys := slices.Concat(a.plan.Uploads, a.plan.Unproven)
	slices.Sort(keys)
	problems := v.verify(ctx, keys, func(done, all int) {
		a.tell(ApplyEvent{Step: "verify", Done: done, All: all})
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &RefusedError{Reason: "the new files cannot be reached as Twilio will request them; no number was changed", Problems: problems}
	}
	return nil
}

// unchanged refuses to go on if somebody has changed the account since it was
// read: uploading and verifying take their time.
func (a *applying) unchanged(ctx context.Context) error {
	if len(a.plan.Changes) == 0 {
		return nil
	}
	inventory, err := a.Account.Read(ctx)
	if err != nil {
		return err
	}
	now := State{}
	now.add(inventory)
	if stale := a.plan.Stale(now); len(stale) > 0 {
		return &RefusedError{Reason: "the account was changed while the files were uploaded and checked; no number was changed. Make a new plan", Problems: stale}
	}
	return nil
}

// changes makes the changes at Twilio, one rank after the other.
func (a *applying) changes(ctx context.Context, lock *store.Lock) error {
	account := a.Account.Guarded(lock.Check)
	begun, done := finish(ctx)
	defer done()
	partial := &PartialApply{}
	var mutex sync.Mutex
	for rest := a.plan.Changes; len(rest) > 0; {
		end := slices.IndexFunc(rest, func(c PlanChange) bool { return c.rank() != rest[0].rank() })
		if end < 0 {
			end = len(rest)
		}
		rank := rest[:end]
		rest = rest[end:]
		err := inParallel(ctx, max(a.Parallel, 1), len(rank), func(_ context.Context, i int) error {
			c := rank[i]
			err := c.make(begun, account)
			mutex.Lock()
			defer mutex.Unlock()
			if err == nil {
				partial.Done = append(partial.Done, c.Address)
			}
			a.tell(ApplyEvent{Step: c.Address.Kind, Text: c.Action + " " + c.Address.Name, Done: len(partial.Done), All: len(a.plan.Changes), Error: err})
			return err
		})
		if err != nil {
			partial.Cause = err
			for _, c := range a.plan.Changes {
				if !slices.Contains(partial.Done, c.Address) {
					partial.NotDone = append(partial.NotDone, c.Address)
				}
			}
			return partial
		}
	}
	return nil
}

// rank is when the change is safe.
func (c PlanChange) rank() int { return c.Address.rank(c.Action == "delete") }

// make makes the change at Twilio.
func (c PlanChange) make(ctx context.Context, account *twilio.Client) error {
	switch {
	case c.Action == "create":
		return account.CreateQueue(ctx, c.Address.Name, c.Queue.MaxSize)
	case c.Action == "delete":
		return account.DeleteQueue(ctx, c.Queue.SID, c.Address.Name)
	case c.Address.Kind == KindQueue:
		return account.UpdateQueue(ctx, c.Queue.SID, c.Address.Name, c.Queue.MaxSize)
	}
	return account.UpdateNumber(ctx, c.Address.Name, *c.Before, *c.After)
}

// record writes down what is applied, before it is: if the rest is cut off, what
// adopted numbers were before is known all the same.
func (a *applying) record(ctx context.Context, lock *store.Lock) error {
	at, sequence, err := lock.Now(ctx)
	if err != nil {
		return err
	}
	r := ReleaseRecord{
		FormatVersion: RecordVersion, ID: lock.ID, Sequence: sequence, Release: a.plan.Release, At: at, Who: a.Who,
		Project: a.plan.Project, Environment: a.plan.Environment, Account: a.plan.Account, BaseURL: a.plan.BaseURL,
		Before: map[string]twilio.PhoneNumber{}, Numbers: map[string]string{},
	}
	for _, c := range a.plan.Changes {
		if c.Before != nil {
			r.Before[c.Address.Name] = *c.Before
		}
	}
	for _, n := range a.b.Manifest.Numbers {
		r.Numbers[n.PhoneNumber] = n.Answer
	}
	for _, q := range a.b.Manifest.Queues {
		r.Queues = append(r.Queues, q.FriendlyName)
	}
	a.tell(ApplyEvent{Step: "record", Text: r.key()})
	_, err = a.live.store.Put(ctx, r.key(), bundle.CanonicalJSON(r), store.PutOptions{Type: "application/json", CacheControl: "no-store", IfAbsent: true})
	if err != nil && !errors.Is(err, store.ErrConflict) { // a conflict is our own write, whose reply was lost
		return fmt.Errorf("the record of the release could not be written, and no number was changed: %w", err)
	}
	return nil
}
