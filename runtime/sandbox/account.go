package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/ivrc/ivrc/runtime/retry"
)

// SID names the emulated account.
const SID = "AC" + "0000000000000000" + "0000000000000000"

// An Account is an emulated Twilio account. Its fields are set before the first
// request; all methods are safe for use by several goroutines.
type Account struct {
	// Token is the password: the auth token, for the user name [SID], and the
	// secret of every API key. New accounts have "sandbox".
	Token string

	// Fault, if set, says what goes wrong with a request. Requests are counted
	// from 0, in the order in which they arrive.
	Fault func(index int, r *http.Request) RequestFault

	Concurrency int           // requests at once, above which Twilio answers 429; 0 is any number
	Lag         time.Duration // until a write shows in what is read
	Latency     time.Duration // of every request
	SameNames   bool          // queues may share a name; otherwise error 22003

	Now   func() time.Time                                 // the clock; nil is the machine's
	Sleep func(ctx context.Context, d time.Duration) error // waits by that clock; nil is the machine's

	mutex    sync.Mutex
	requests []LoggedRequest
	running  int // requests
	numbers  laggedTable[EmulatedNumber]
	queues   laggedTable[EmulatedQueue]
	verified laggedTable[string] // caller IDs
	calls    []EmulatedCall
	serial   int    // of queues and calls
	file     string // "" for an account that is not kept
	saved    []byte // what the file holds
}

// An EmulatedNumber is a phone number of the account.
type EmulatedNumber struct {
	SID         string            `json:"sid"`
	PhoneNumber string            `json:"phone_number"` // E.164
	Created     time.Time         `json:"created"`
	Updated     time.Time         `json:"updated"`
	Settings    map[string]string `json:"settings"` // by parameter of the API: "VoiceUrl"
}

// An EmulatedQueue is a queue of the account.
type EmulatedQueue struct {
	SID     string    `json:"sid"`
	Name    string    `json:"friendly_name"`
	MaxSize int       `json:"max_size"`
	Waiting int       `json:"current_size"` // callers
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// An EmulatedCall is a call that was asked for.
type EmulatedCall struct {
	SID     string    `json:"sid"`
	To      string    `json:"to"`
	From    string    `json:"from"`
	Twiml   string    `json:"twiml,omitempty"`
	URL     string    `json:"url,omitempty"`
	Created time.Time `json:"created"`
}

// New returns an account in memory that has these phone numbers, as bought: they
// answer with Twilio's demonstration message.
func New(numbers ...string) *Account {
	a := &Account{Token: "sandbox"}
	a.Add(numbers...)
	return a
}

// Add buys phone numbers for the account, unless it has them.
func (a *Account) Add(numbers ...string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	now := a.now()
	for _, phone := range numbers {
		n := EmulatedNumber{SID: sid("PN", phone), PhoneNumber: phone, Created: now, Updated: now, Settings: map[string]string{}}
		if _, has := a.numbers.latest(n.SID); has {
			continue
		}
		for _, s := range settings {
			n.Settings[s.parameter] = s.initial
		}
		n.Settings["FriendlyName"] = phone
		a.numbers.put(time.Time{}, n.SID, n, n.encode())
	}
}

// Verify adds numbers of others as caller IDs from which the account may call, as
// their owners do who enter the code that Twilio reads to them.
func (a *Account) Verify(numbers ...string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, phone := range numbers {
		id := sid("PN", "verified "+phone)
		a.verified.put(time.Time{}, id, phone, marshal(map[string]any{
			"sid": id, "account_sid": SID, "phone_number": phone, "friendly_name": phone,
			"uri":          fmt.Sprintf("%s/OutgoingCallerIds/%s.json", root, id),
			"date_created": rfc2822(time.Unix(0, 0)), "date_updated": rfc2822(time.Unix(0, 0)),
		}))
	}
}

// Edit changes settings of a number as somebody in Twilio's console does: at
// once, and without a request in the log.
func (a *Account) Edit(phone string, settings url.Values) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if p := a.updateNumber(sid("PN", phone), settings); p.failed() {
		return errors.New(p.message)
	}
	return nil
}

// Remove takes a number away from the account, as porting it elsewhere does.
func (a *Account) Remove(phone string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.numbers.remove(a.now(), sid("PN", phone))
}

// Wait makes callers wait in a queue. A queue that does not exist is made, as
// the Enqueue verb makes it.
func (a *Account) Wait(queue string, callers int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, id := range a.queues.order {
		if q, _ := a.queues.latest(id); q.Name == queue {
			q.Waiting = callers
			a.queues.put(a.now(), id, q, q.encode())
			return
		}
	}
	a.newQueue(queue, defaultMaxSize, callers)
}

// Numbers lists the numbers as they are, whatever the lag.
func (a *Account) Numbers() []EmulatedNumber {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.numbers.all()
}

// Queues lists the queues as they are, whatever the lag.
func (a *Account) Queues() []EmulatedQueue {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.queues.all()
}

// Calls lists the calls that were asked for.
func (a *Account) Calls() []EmulatedCall {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return slices.Clone(a.calls)
}

func (a *Account) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

// sleep waits, or returns early with the context's error.
func (a *Account) sleep(ctx context.Context, d time.Duration) error {
	switch {
	case d <= 0:
		return ctx.Err()
	case a.Sleep != nil:
		return a.Sleep(ctx, d)
	}
	return retry.Sleep(ctx, d)
}

// sid makes the SID of a thing from what is its own: "PN" and its phone number.
func sid(prefix, of string) string {
	sum := sha256.Sum256([]byte(prefix + of))
	return prefix + hex.EncodeToString(sum[:16])
}

// nextSID makes the SID of a thing that has nothing of its own.
func (a *Account) nextSID(prefix string) string {
	a.serial++
	return sid(prefix, fmt.Sprint(a.serial))
}
