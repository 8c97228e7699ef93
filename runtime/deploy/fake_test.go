package deploy

// A fakeWorld is a whole deployment in memory: an emulated account, a store, and
// a public host, with a clock of their own. Every request to any of them passes
// one gate, which can let the process die there.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/sandbox"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

const testBase = "https://calls.zillum.example"

// errDead is what a process gets to see once it has died: nothing.
var errDead = errors.New("the process is dead")

// How a request ends when the process is struck at it.
type strike int

const (
	before strike = iota // killed; the request was never sent
	after                // killed; the request was carried out
	lost                 // the request was carried out, and the connection broke
)

type fakeWorld struct {
	account *sandbox.Account
	store   *memoryStore

	mutex     sync.Mutex
	now       time.Time
	count     int
	processes int
	at        int // the request at which to strike, -1 never
	how       strike
	dead      bool
	onCheck   func() error // after every request that writes
	broken    error        // what it found first
}

func newFakeWorld(numbers ...string) *fakeWorld {
	th := &fakeWorld{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), at: -1}
	th.account = sandbox.New(numbers...)
	th.store = &memoryStore{fakeWorld: th, objects: map[string]memoryObject{}}
	return th
}

// clock is the time of everybody in the fakeWorld.
func (th *fakeWorld) clock() time.Time {
	th.mutex.Lock()
	defer th.mutex.Unlock()
	return th.now
}

func (th *fakeWorld) sleep(ctx context.Context, d time.Duration) error {
	th.mutex.Lock()
	defer th.mutex.Unlock()
	th.now = th.now.Add(d)
	return ctx.Err()
}

// pass carries a request out, unless the process is dead or dies of it.
func (th *fakeWorld) pass(writes bool, do func()) error {
	th.mutex.Lock()
	defer th.mutex.Unlock()
	if th.dead {
		return errDead
	}
	index := th.count
	th.count++
	struck := index == th.at
	if struck && th.how == before {
		th.dead = true
		return errDead
	}
	do()
	if writes && th.onCheck != nil && th.broken == nil {
		if err := th.onCheck(); err != nil {
			th.broken = fmt.Errorf("after request %d: %w", index, err)
		}
	}
	switch {
	case struck && th.how == after:
		th.dead = true
		return errDead
	case struck:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// RoundTrip is the way to Twilio.
func (th *fakeWorld) RoundTrip(r *http.Request) (response *http.Response, err error) {
	if failed := th.pass(r.Method != http.MethodGet, func() { response, err = th.account.RoundTrip(r) }); failed != nil {
		return nil, failed
	}
	return response, err
}

// A fakeHost is the public host, to which the gate leads as well.
type fakeHost struct {
	th     *fakeWorld
	prefix string // of the keys of its store
}

func (h fakeHost) RoundTrip(r *http.Request) (response *http.Response, err error) {
	if failed := h.th.pass(false, func() { response, err = publicHost{h.th.store, h.prefix}.RoundTrip(r) }); failed != nil {
		return nil, failed
	}
	return response, err
}

// A publicHost serves the store.
type publicHost struct {
	store  *memoryStore
	prefix string // of the keys
}

func (h publicHost) RoundTrip(r *http.Request) (*http.Response, error) {
	path := routed(r)
	object, ok := h.store.objects[h.prefix+"public/"+path]
	response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {object.options.Type}}, Body: io.NopCloser(bytes.NewReader(object.data))}
	if !ok {
		response.StatusCode = http.StatusNotFound
	}
	return response, nil
}

// routed is the file that answers a request, by the rule of the router.
func routed(r *http.Request) string {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if d, ok := bundle.DecisionAt(path); ok {
		return d.Document(d.Answer(func(parameter string) string {
			_, value, _ := strings.Cut(r.URL.RawQuery, "&"+parameter+"=")
			return value
		}, time.Now()))
	}
	return path
}

// A memoryStore is a store in memory, as strict as a good one.
type memoryStore struct {
	fakeWorld *fakeWorld
	objects   map[string]memoryObject
	versions  int
}

type memoryObject struct {
	data     []byte
	sha256   string
	version  string
	modified time.Time
	options  store.PutOptions
}

func (s *memoryStore) entry(key string) store.Entry {
	o := s.objects[key]
	return store.Entry{Key: key, Size: int64(len(o.data)), Version: o.version, Modified: o.modified, Now: s.fakeWorld.now}
}

func (s *memoryStore) List(_ context.Context, prefix string) (entries []store.Entry, err error) {
	err = s.fakeWorld.pass(false, func() {
		for _, key := range slices.Sorted(maps.Keys(s.objects)) {
			if strings.HasPrefix(key, prefix) {
				entries = append(entries, s.entry(key))
			}
		}
	})
	return entries, err
}

func (s *memoryStore) Get(_ context.Context, key string) (data []byte, e store.Entry, err error) {
	failed := s.fakeWorld.pass(false, func() {
		o, ok := s.objects[key]
		data, e = o.data, s.entry(key)
		e.Type = o.options.Type // which a listing does not tell
		if !ok {
			err = &store.Error{Call: "read", Key: key, Store: "memory", Answer: store.ErrNotFound.Error(), Cause: store.ErrNotFound}
		}
	})
	if failed != nil {
		return nil, store.Entry{}, failed
	}
	return data, e, err
}

func (s *memoryStore) Put(_ context.Context, key string, data []byte, o store.PutOptions) (e store.Entry, err error) {
	failed := s.fakeWorld.pass(true, func() {
		old, exists := s.objects[key]
		if o.IfAbsent && exists || o.IfVersion != "" && old.version != o.IfVersion {
			err = &store.Error{Call: "write", Key: key, Store: "memory", Answer: store.ErrConflict.Error(), Cause: store.ErrConflict}
			return
		}
		s.objects[key] = memoryObject{slices.Clone(data), digest(data), md5Of(data), s.fakeWorld.now, o}
		e = s.entry(key)
	})
	if failed != nil {
		return store.Entry{}, failed
	}
	return e, err
}

func (s *memoryStore) Delete(_ context.Context, key string) error {
	return s.fakeWorld.pass(true, func() { delete(s.objects, key) })
}

func (s *memoryStore) String() string { return "memory" }

// A prefixStore is the part of a store whose keys have a prefix, as an environment of
// its own has it.
type prefixStore struct {
	*memoryStore
	prefix string
}

func (s prefixStore) own(e store.Entry) store.Entry {
	e.Key = strings.TrimPrefix(e.Key, s.prefix)
	return e
}

func (s prefixStore) List(ctx context.Context, prefix string) ([]store.Entry, error) {
	entries, err := s.memoryStore.List(ctx, s.prefix+prefix)
	for i := range entries {
		entries[i] = s.own(entries[i])
	}
	return entries, err
}

func (s prefixStore) Get(ctx context.Context, key string) ([]byte, store.Entry, error) {
	data, e, err := s.memoryStore.Get(ctx, s.prefix+key)
	return data, s.own(e), err
}

func (s prefixStore) Put(ctx context.Context, key string, data []byte, o store.PutOptions) (store.Entry, error) {
	e, err := s.memoryStore.Put(ctx, s.prefix+key, data, o)
	return s.own(e), err
}

func (s prefixStore) Delete(ctx context.Context, key string) error {
	return s.memoryStore.Delete(ctx, s.prefix+key)
}

// A process is one run of the program in the fakeWorld.
type process struct {
	th     *fakeWorld
	name   string
	target Target
	store  store.Store
	reader *twilio.Reader
	deploy *Deployer
}

func (th *fakeWorld) process(t *testing.T, name string) *process {
	t.Helper()
	options := twilio.Options{Transport: th, Now: th.clock, Sleep: th.sleep, Jitter: func(time.Duration) time.Duration { return 0 }}
	credentials := twilio.Credentials{Account: sandbox.SID, User: sandbox.SID, Password: twilio.NewSecret(th.account.Token)}
	account, err := twilio.OpenClient(credentials, options)
	if err != nil {
		t.Fatal(err)
	}
	d := &Deployer{Account: account, Public: fakeHost{th, ""}, Who: name, Parallel: 1, AllowMassChange: true, Sleep: th.sleep}
	th.processes++
	target := Target{Project: "zillum", BaseURL: testBase, Account: sandbox.SID}
	return &process{th, fmt.Sprint(name, th.processes), target, th.store, &account.Reader, d}
}

// lock takes the lock without renewing it in the background.
func (p *process) lock(ctx context.Context) (*store.Lock, error) {
	return store.AcquireLock(ctx, p.store, p.lockRequest(p.th.sleep))
}

// lockRequest is how a process asks for the lock.
func (p *process) lockRequest(sleep func(context.Context, time.Duration) error) store.LockRequest {
	return store.LockRequest{
		Operation: "apply", Who: p.name, Wait: 5 * time.Minute,
		ID: p.name, Now: p.th.clock, Sleep: sleep, Unattended: true,
	}
}

// plan reads the world and plans.
func (p *process) plan(ctx context.Context, b *bundle.Bundle) (*Plan, *Live, error) {
	world, err := ReadLive(ctx, p.reader, p.store, p.target)
	if err != nil {
		return nil, nil, err
	}
	plan, problems, err := world.Plan(ctx, b)
	if len(problems) > 0 {
		return nil, nil, problems[0]
	}
	return plan, world, err
}

// apply is what the command apply does.
func (p *process) apply(ctx context.Context, b *bundle.Bundle) error {
	lock, err := p.lock(ctx)
	if err != nil {
		return err
	}
	plan, world, err := p.plan(ctx, b)
	if err == nil {
		err = p.deploy.Apply(ctx, lock, world, plan, b)
	}
	return errors.Join(err, lock.Release(ctx))
}

// phones lists n phone numbers that nobody has.
func phones(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("+1%03d55501%02d", 201+i/100, i%100))
	}
	return list
}

// A roundTrip answers requests.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// testBundle makes a bundle: numbers that share one menu, whose prompt says the
// given words, and queues.
func testBundle(numbers []string, queues []string, words string) *bundle.Bundle {
	return bundleOf(numbers, queues, words, strings.Fields("0 5 other _"))
}

// bundleOf makes such a bundle, whose menu has only some answers: without any,
// it is the smallest bundle that there is.
func bundleOf(numbers []string, queues []string, words string, answers []string) *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest = bundle.Manifest{FormatVersion: bundle.FormatVersion, Compiler: "test", Project: "zillum", Language: "en-US"}
	say := func(text string) []byte {
		return []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Say>" + text + "</Say>\n</Response>\n")
	}
	hash := func(text string) string { return digest([]byte(text))[:26] }
	menu := "menu.main-" + hash(words)
	for _, answer := range answers {
		b.Data[menu+"/digits-1."+answer+".xml"] = say(words + " " + answer)
	}
	b.Data["fallback-"+hash("fallback")+"/fallback.xml"] = say("Sorry.")
	b.Manifest.Fallback = "fallback-" + hash("fallback") + "/fallback.xml"
	b.Components = append(b.Components,
		bundle.Component{Directory: menu, Blocks: []bundle.Block{{Address: "menu.main", Messages: []bundle.Message{{Role: "prompt", Text: words}}}}},
		bundle.Component{Directory: "fallback-" + hash("fallback"), Blocks: []bundle.Block{{Address: "fallback"}}})
	for i, phone := range numbers {
		name := fmt.Sprintf("n%03d", i)
		directory := "number." + name + "-" + hash(name+words)
		b.Data[directory+"/answer.xml"] = say(words)
		b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: name, PhoneNumber: phone, Answer: directory + "/answer.xml"})
		b.Components = append(b.Components, bundle.Component{Directory: directory, Blocks: []bundle.Block{{
			Address: "number." + name, Exits: []bundle.Exit{{On: "answer", To: "menu.main", Component: menu}}}}})
	}
	for _, q := range queues {
		b.Manifest.Queues = append(b.Manifest.Queues, bundle.QueueRow{Name: q, FriendlyName: "zillum/" + q, MaxSize: 10})
	}
	for _, name := range slices.Sorted(maps.Keys(b.Data)) {
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(name, b.Data[name]))
	}
	slices.SortFunc(b.Components, func(x, y bundle.Component) int { return strings.Compare(x.Directory, y.Directory) })
	b.Seal()
	return b
}

// answered reports a managed number whose callers do not meet one of the flows
// whole. It reads the account and the store as they are, without a request.
func (th *fakeWorld) answered(flows ...*bundle.Bundle) error {
	meets := map[string]bool{}
	for _, b := range flows {
		if slices.ContainsFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return th.store.objects["public/"+f.Path].sha256 != f.SHA256 }) {
			continue
		}
		for _, n := range b.Manifest.Numbers {
			meets[n.PhoneNumber+" "+testBase+"/"+n.Answer] = true
		}
	}
	for _, n := range th.account.Numbers() {
		s := n.Settings
		if !strings.HasPrefix(s["VoiceUrl"], testBase+"/") {
			continue
		}
		if !meets[n.PhoneNumber+" "+s["VoiceUrl"]] {
			return fmt.Errorf("the callers of %s meet %s, which is not whole", n.PhoneNumber, s["VoiceUrl"])
		}
		if s["VoiceMethod"] != "GET" || s["VoiceFallbackUrl"] == "" || s["VoiceFallbackMethod"] != "GET" {
			return fmt.Errorf("%s is half pointed: %v", n.PhoneNumber, s)
		}
	}
	return nil
}
