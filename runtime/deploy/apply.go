package deploy

// Apply makes a plan so, in five steps:
//
//  1. hold the lock, and see that nothing has changed since the plan was made
//  2. upload what is missing, the manifest of the release last
//  3. request every file that is new to callers through the public address, as Twilio will
//  4. write down what will be done, and what the numbers are before it
//  5. make and size queues, then point numbers, then remove queues, and compare
//     what Twilio says of each with what was asked
//
// At every instant each number has a complete old flow or a complete new one:
// files never change under their names, and a number moves in one request. So
// apply may be killed anywhere; run again, it does what is left.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A Deployer is everything that deploying works with.
type Deployer struct {
	Target   Target
	Account  *twilio.Client
	Store    store.Store
	Public   http.RoundTripper // for requests through the public address; nil is the default
	Who      string            // for lock and record: "user@host"
	Parallel int               // numbers written at the same time; four times as many files are
	// Progress, if not nil, is told what happens.
	Progress func(ApplyEvent)
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

// Apply applies a plan under a lock to what is live now. It refuses a plan that
// was made from another state.
func (d *Deployer) Apply(ctx context.Context, lock *store.Lock, p *Plan, b *bundle.Bundle, now State) error {
	if err := p.For(d.Target, d.Store, b); err != nil {
		return err
	}
	if missing := p.missing(now, b); len(missing) > 0 {
		return &RefusedError{Reason: "files were removed from the store since the plan was made; make a new plan", Problems: missing}
	}
	if stale := p.Stale(now); len(stale) > 0 {
		return &RefusedError{Reason: "the account was changed since the plan was made; make a new plan", Problems: stale}
	}
	if p.Empty() {
		return nil
	}
	if err := d.upload(ctx, p, b); err != nil {
		return err
	}
	if err := d.verify(ctx, p, b); err != nil {
		return err
	}
	if err := d.record(ctx, lock, p, b); err != nil {
		return err
	}
	return d.changes(ctx, lock, p)
}

// upload puts the missing files into the store, and the manifest last.
func (d *Deployer) upload(ctx context.Context, p *Plan, b *bundle.Bundle) error {
	files, manifest := storedFiles(b), releaseKey(p.Release)
	keys := slices.DeleteFunc(slices.Clone(p.Uploads), func(key string) bool { return key == manifest })
	var mutex sync.Mutex
	done := 0
	err := inParallel(ctx, max(4*d.Parallel, 1), len(keys), func(ctx context.Context, i int) error {
		key := keys[i]
		data, ok := files[key]
		if !ok {
			return &RefusedError{Reason: "the plan names a file that is not in the bundle: " + key}
		}
		if err := d.put(ctx, key, data); err != nil {
			return err
		}
		mutex.Lock()
		defer mutex.Unlock()
		done++
		d.tell(ApplyEvent{Step: "upload", Text: key, Done: done, All: len(p.Uploads)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("the upload stopped, and no number was changed: %w", err)
	}
	return d.put(ctx, manifest, files[manifest])
}

// put writes a file that never changes. That it is there already is fine.
func (d *Deployer) put(ctx context.Context, key string, data []byte) error {
	_, err := d.Store.Put(ctx, key, data, putOptions(key))
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// putOptions are how a key is served.
func putOptions(key string) store.PutOptions {
	o := store.PutOptions{Type: "application/json", CacheControl: "no-store", IfAbsent: true}
	if kind := bundle.ContentType(key); kind != "" {
		o.Type, o.CacheControl = kind, "public, max-age=31536000, immutable"
	}
	return o
}

// storedFiles are the files of a bundle by their keys in the store.
func storedFiles(b *bundle.Bundle) map[string][]byte {
	files := make(map[string][]byte, len(b.Data)+len(b.Components))
	for name, data := range b.Data {
		files["public/"+name] = data
	}
	for name, data := range b.Private() {
		files[privateKey(b, name)] = data
	}
	return files
}

// verify requests what callers have not met yet through the public address.
func (d *Deployer) verify(ctx context.Context, p *Plan, b *bundle.Bundle) error {
	v := verification{publicClient(d.Public), d.Target.BaseURL, d.Target.DecisionsURL, b}
	keys := slices.Concat(p.Uploads, p.Unproven)
	slices.Sort(keys)
	problems := v.verify(ctx, keys, func(done, all int) {
		d.tell(ApplyEvent{Step: "verify", Done: done, All: all})
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &RefusedError{Reason: "the new files cannot be reached as Twilio will request them; no number was changed", Problems: problems}
	}
	return nil
}

// changes makes the changes at Twilio, one rank after the other.
func (d *Deployer) changes(ctx context.Context, lock *store.Lock, p *Plan) error {
	account := d.Account.Guarded(lock.Check)
	partial := &PartialApply{}
	var mutex sync.Mutex
	for rest := p.Changes; len(rest) > 0; {
		end := slices.IndexFunc(rest, func(c PlanChange) bool { return c.rank() != rest[0].rank() })
		if end < 0 {
			end = len(rest)
		}
		rank := rest[:end]
		rest = rest[end:]
		err := inParallel(ctx, max(d.Parallel, 1), len(rank), func(ctx context.Context, i int) error {
			c := rank[i]
			err := c.make(ctx, account)
			mutex.Lock()
			defer mutex.Unlock()
			if err == nil {
				partial.Done = append(partial.Done, c.Address)
			}
			d.tell(ApplyEvent{Step: c.Address.Kind, Text: c.Action + " " + c.Address.Name, Done: len(partial.Done), All: len(p.Changes), Error: err})
			return err
		})
		if err != nil {
			partial.Cause = err
			for _, c := range p.Changes {
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
func (d *Deployer) record(ctx context.Context, lock *store.Lock, p *Plan, b *bundle.Bundle) error {
	at, sequence, err := lock.Now(ctx)
	if err != nil {
		return err
	}
	r := ReleaseRecord{
		FormatVersion: RecordVersion, ID: lock.ID, Sequence: sequence, Release: p.Release, At: at, Who: d.Who,
		Project: p.Project, Account: p.Account, BaseURL: p.BaseURL,
		Before: map[string]twilio.PhoneNumber{}, Numbers: map[string]string{},
	}
	for _, c := range p.Changes {
		if c.Before != nil {
			r.Before[c.Address.Name] = *c.Before
		}
	}
	for _, n := range b.Manifest.Numbers {
		r.Numbers[n.PhoneNumber] = n.Answer
	}
	for _, q := range b.Manifest.Queues {
		r.Queues = append(r.Queues, q.FriendlyName)
	}
	d.tell(ApplyEvent{Step: "record", Text: r.key()})
	_, err = d.Store.Put(ctx, r.key(), bundle.CanonicalJSON(r), store.PutOptions{Type: "application/json", CacheControl: "no-store", IfAbsent: true})
	if err != nil && !errors.Is(err, store.ErrConflict) { // a conflict is our own write, whose reply was lost
		return fmt.Errorf("the record of the release could not be written, and no number was changed: %w", err)
	}
	return nil
}
