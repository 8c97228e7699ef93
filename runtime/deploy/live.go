package deploy

// Reading what is live: one listing of numbers, one of queues, one of the store,
// and the records of releases.

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// Live is what is there now, as far as deploying to a target needs to know.
type Live struct {
	State   State            // numbers and queues of the account, objects of the store
	Waiting map[string]int   // callers, by the name of the queue
	Records []*ReleaseRecord // of the target's owner, oldest first
	Damaged []DamagedRecord  // records that cannot be read, of whomever
	Now     time.Time        // by the store's clock

	target  Target
	owner   Owner
	store   store.Store
	entries []store.Entry
	all     *Records
	holders map[string]*ReleaseRecord // the newest record of the account that names a number
}

// ReadLive reads the account and the store of a target.
func ReadLive(ctx context.Context, account *twilio.Reader, s store.Store, t Target) (*Live, error) {
	l := &Live{State: State{}, target: t, owner: t.Owner(), store: s, holders: map[string]*ReleaseRecord{}}
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
	l.State.add(inventory)
	l.Waiting = inventory.Waiting
	return l, nil
}

// readStore lists the store and reads the records in it.
func (l *Live) readStore(ctx context.Context) (err error) {
	if l.entries, err = l.store.List(ctx, ""); err != nil {
		return err
	}
	l.Now = time.Now()
	for _, e := range l.entries {
		if !e.Now.IsZero() {
			l.Now = e.Now
		}
		l.State[Address{KindObject, e.Key}] = Object{Size: e.Size}
	}
	if l.all, err = readRecords(ctx, l.store, l.entries); err != nil {
		return err
	}
	l.all.Claim(l.owner)
	for _, r := range l.all.All {
		if r.Account == l.owner.Account {
			for phone := range r.Numbers {
				l.holders[phone] = r
			}
		}
	}
	l.Records, l.Damaged = l.all.Of(l.owner), l.all.Damaged
	return nil
}

// ours reports whether a number of the account belongs to the target's owner.
func (l *Live) ours(phone string) bool {
	n, _ := l.State.number(phone)
	r := l.holders[phone]
	return r != nil && r.Owner() == l.owner && l.owner.answers(n)
}

// deployed is the digest of the release that the owner applied last, or "".
func (l *Live) deployed() string {
	if len(l.Records) == 0 {
		return ""
	}
	return l.Records[len(l.Records)-1].Release
}

// formerly is how a number was answered before the owner adopted it. It is
// unknown if those documents are no longer in the store.
func (l *Live) formerly(phone string) (twilio.PhoneNumber, bool) {
	for i := len(l.Records) - 1; i >= 0; i-- {
		before, changed := l.Records[i].Before[phone]
		if changed && !l.owner.answers(before) && !l.gone(before) {
			return before, true
		}
	}
	return twilio.PhoneNumber{}, false
}

// gone reports whether a number would be answered by a document of another
// deployment that the store no longer has.
func (l *Live) gone(n twilio.PhoneNumber) bool {
	for _, o := range l.all.Owners() {
		if path := o.path(n.VoiceURL); path != "" && o.answers(n) && !l.serves(path) {
			return true
		}
	}
	return false
}

// serves reports whether the store has the document that answers a path.
func (l *Live) serves(path string) bool {
	_, there := l.State[Address{KindObject, "public/" + document(path)}]
	return there
}

// theirs lists the queues that other deployments to the account need, with whose
// they are.
func (l *Live) theirs() map[string]Owner {
	queues := map[string]Owner{}
	for _, o := range l.all.Owners() {
		if o == l.owner || o.Account != l.owner.Account {
			continue
		}
		for _, r := range alive(l.all.Of(o), l.Now) {
			for _, name := range r.Queues {
				queues[name] = o
			}
		}
	}
	return queues
}

// queues lists the queues that the given records name.
func queues(records []*ReleaseRecord) map[string]bool {
	named := map[string]bool{}
	for _, r := range records {
		for _, name := range r.Queues {
			named[name] = true
		}
	}
	return named
}

// folder is the directory of a component in the path of a document.
func folder(path string) string {
	directory, _, _ := strings.Cut(path, "/")
	return directory
}
