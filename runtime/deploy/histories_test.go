package deploy

// Two deployments in one account, and in one store or in two, with histories at random: applies,
// rollbacks, cleaning up, looking for drift, changes by hand, kills at any request.
// After every write, each number is answered by a whole call flow of its own, and
// nothing of the other deployment has changed.

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/sandbox"
)

// A tenant is one of the deployments.
type tenant struct {
	target  Target
	prefix  string // of the keys of its store, where it has one of its own
	numbers []string
	bundles []*bundle.Bundle
}

// kinds of tenants.
const kinds = 6

// tenants are two deployments that share what they can.
func tenants(kind int) [2]*tenant {
	numbers := phones(8)
	first := &tenant{target: Target{Project: "zillum", Account: sandbox.SID, BaseURL: testBase}, numbers: numbers[:4]}
	second := &tenant{target: first.target, numbers: numbers[4:]}
	switch kind {
	case 0:
		second.target.BaseURL = "https://staging.zillum.example"
	case 1:
		second.target.BaseURL = testBase + "/staging" // which lies below the other
	case 2:
		first.target.Environment, second.target.Environment = "production", "staging"
	case 3:
		second.target.Project = "other"
	case 4, 5: // two environments, with a store each
		first.target.Environment, second.target.Environment = "production", "staging"
		first.prefix, second.prefix = "production/", "staging/"
		second.target.BaseURL = map[int]string{4: "https://staging.zillum.example", 5: testBase + "/staging"}[kind]
		first.target.Others, second.target.Others = []Owner{second.target.Owner()}, []Owner{first.target.Owner()}
	}
	for i, t := range []*tenant{first, second} {
		for words := range 4 {
			for _, queues := range [][]string{nil, {"sales"}, {"sales", "support"}} {
				b := bundleOf(t.numbers[words%3:], queues, fmt.Sprint("words ", words+i), nil)
				t.bundles = append(t.bundles, t.named(b))
			}
		}
	}
	return [2]*tenant{first, second}
}

// named is a bundle whose queues have the names that the compiler gives them.
func (t *tenant) named(b *bundle.Bundle) *bundle.Bundle {
	folder := t.target.Project
	if t.prefix != "" { // which other environments in the account do not know of
		folder += "/" + t.target.Environment
	}
	for q := range b.Manifest.Queues {
		b.Manifest.Queues[q].FriendlyName = strings.Replace(b.Manifest.Queues[q].FriendlyName, "zillum", folder, 1)
	}
	b.Seal()
	return b
}

// A chronicle is one history.
type chronicle struct {
	*rand.Rand
	t       *testing.T
	th      *fakeWorld
	tenants [2]*tenant
	log     []string
}

// process starts the program for a deployment.
func (c *chronicle) process(name string, of *tenant) *process {
	p := c.th.process(c.t, name)
	p.target = of.target
	p.deploy.Public = roundTrip(func(r *http.Request) (*http.Response, error) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/staging")
		return fakeHost{c.th, of.prefix}.RoundTrip(r)
	})
	if of.prefix != "" {
		p.store = prefixStore{c.th.store, of.prefix}
	}
	return p
}

// whole reports a number that is not answered by a whole call flow of its own.
func (c *chronicle) whole() error {
	for _, n := range c.th.account.Numbers() {
		for _, t := range c.tenants {
			path := t.target.Owner().path(n.Settings["VoiceUrl"])
			if path == "" || !slices.Contains(t.numbers, n.PhoneNumber) {
				continue
			}
			answers := func(b *bundle.Bundle) bool {
				return slices.ContainsFunc(b.Manifest.Numbers, func(row bundle.NumberRow) bool { return row.PhoneNumber == n.PhoneNumber && row.Answer == path })
			}
			// The other deployment may be the one that still has it: equal words make
			// equal documents, and what holds one holds all that it leads to.
			whole := func(b *bundle.Bundle) bool {
				return slices.ContainsFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return f.Path == path }) && c.holds(b, t.prefix)
			}
			bundles := slices.Concat(c.tenants[0].bundles, c.tenants[1].bundles)
			if !slices.ContainsFunc(t.bundles, answers) || !slices.ContainsFunc(bundles, whole) {
				return fmt.Errorf("%s is answered by %s, which is not whole or not its own", n.PhoneNumber, n.Settings["VoiceUrl"])
			}
		}
	}
	return nil
}

// holds reports whether the store has all files of a bundle.
func (c *chronicle) holds(b *bundle.Bundle, prefix string) bool {
	return !slices.ContainsFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return c.th.store.objects[prefix+"public/"+f.Path].sha256 != f.SHA256 })
}

// state is everything of a deployment that another one must not change.
func (c *chronicle) state(t *tenant) string {
	var b strings.Builder
	for _, n := range c.th.account.Numbers() {
		if slices.Contains(t.numbers, n.PhoneNumber) {
			fmt.Fprintln(&b, n.PhoneNumber, n.Settings)
		}
	}
	named := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(c.th.store.objects)) {
		if t.prefix != "" && strings.HasPrefix(key, t.prefix) { // all of its store is
			fmt.Fprintln(&b, key, c.th.store.objects[key].sha256)
		}
		if strings.HasPrefix(key, t.prefix+recordFolder) {
			if r, err := parseRecord(c.th.store.objects[key].data); err == nil && r.Owner() == t.target.Owner() {
				clear(named) // the newest says it
				for _, name := range r.Queues {
					named[name] = true
				}
			}
		}
	}
	for _, q := range c.th.account.Queues() {
		if named[q.Name] {
			fmt.Fprintln(&b, q.Name, q.MaxSize)
		}
	}
	return b.String()
}

// step does one thing for one deployment, which may be killed.
func (c *chronicle) step() {
	index := c.IntN(2)
	mine, other := c.tenants[index], c.tenants[1-index]
	p := c.process("ab"[index:index+1], mine)
	c.th.count, c.th.at, c.th.dead = 0, -1, false
	if c.IntN(2) == 0 {
		c.th.at, c.th.how = c.IntN(90), strike(c.IntN(3))
	}
	theirs := c.state(other)
	c.th.onCheck = func() error {
		now := c.state(other)
		for line := range strings.Lines(theirs) { // a queue that it needs may be made
			if !strings.Contains(now, line) {
				return fmt.Errorf("the other deployment had\n%sand has\n%s", line, now)
			}
		}
		return c.whole()
	}
	var err error
	what := [...]string{"apply", "apply", "apply", "rollback", "gc", "gc", "drift", "time", "time", "time", "console", "theirs"}[c.IntN(12)]
	ctx := context.Background()
	switch what {
	case "apply":
		err = p.apply(ctx, mine.bundles[c.IntN(len(mine.bundles))])
	case "rollback":
		err = p.rollback(ctx)
	case "gc":
		err = p.clean(ctx, c.IntN(3))
	case "drift":
		err = p.inspect(ctx)
	case "time":
		c.th.now = c.th.now.Add(time.Duration(c.IntN(60)) * time.Hour)
	case "theirs": // a number of the other is named by mistake
		wrong := mine.named(bundleOf(append(slices.Clone(mine.numbers[1:]), other.numbers[c.IntN(4)]), nil, "wrong", nil))
		if answered := c.answered(other, wrong); answered {
			if err = p.apply(ctx, wrong); err == nil && c.th.broken == nil {
				c.th.broken = errors.New("a number of the other deployment was taken")
			}
		}
	case "console":
		err = c.th.account.Edit(mine.numbers[c.IntN(4)], map[string][]string{"VoiceUrl": {"https://elsewhere.example/answer"}, "VoiceFallbackUrl": {""}})
	}
	c.log = append(c.log, fmt.Sprintf("%s %s, killed at %d: %v", p.name, what, c.th.at, err))
	c.th.onCheck, c.th.dead, c.th.at = nil, false, -1
	if c.th.broken == nil {
		c.th.broken = c.whole()
	}
}

// answered reports whether a deployment answers the last number of a bundle, so that it
// is its own.
func (c *chronicle) answered(t *tenant, b *bundle.Bundle) bool {
	last := b.Manifest.Numbers[len(b.Manifest.Numbers)-1].PhoneNumber
	for _, n := range c.th.account.Numbers() {
		if n.PhoneNumber == last {
			return t.target.Owner().path(n.Settings["VoiceUrl"]) != ""
		}
	}
	return false
}

// rollback is what the command rollback does.
func (p *process) rollback(ctx context.Context) error {
	records, err := ReadRecords(ctx, p.store)
	if err != nil {
		return err
	}
	r, err := records.Earlier(p.target.Owner(), "")
	if err != nil {
		return err
	}
	b, _, err := LoadRelease(ctx, p.store, r.Release)
	if err != nil {
		return err
	}
	return p.apply(ctx, b)
}

// inspect is what the command drift does.
func (p *process) inspect(ctx context.Context) error {
	records, err := ReadRecords(ctx, p.store)
	if err != nil {
		return err
	}
	r, err := records.Latest(p.target.Owner())
	if err != nil {
		return err
	}
	b, _, err := LoadRelease(ctx, p.store, r.Release)
	if err != nil {
		return err
	}
	_, live, err := p.plan(ctx, b)
	if err == nil {
		_, err = live.Inspect(ctx)
	}
	return err
}

// clean is what the command gc does.
func (p *process) clean(ctx context.Context, keep int) error {
	lock, err := p.lock(ctx)
	if err != nil {
		return err
	}
	live, err := ReadLive(ctx, p.reader, p.store, p.target)
	if err == nil {
		var keys []string
		keys, err = live.Garbage(ctx, keep)
		for _, key := range keys {
			err = errors.Join(err, p.store.Delete(ctx, key))
		}
	}
	return errors.Join(err, lock.Release(ctx))
}

// histories is how many histories of two deployments are tried; -histories 10000
// takes about eight minutes of a core.
var histories = flag.Uint64("histories", uint64(deep.Or(160, 320, 10_000)), "how many histories of two deployments are tried")

func TestTwoDeployments(t *testing.T) {
	for seed := range *histories {
		c := &chronicle{Rand: rand.New(rand.NewPCG(seed, 11)), t: t, th: newFakeWorld(phones(8)...), tenants: tenants(int(seed % kinds))}
		for range 24 {
			if c.step(); c.th.broken != nil {
				t.Fatalf("history %d: %v\n%s", seed, c.th.broken, strings.Join(c.log, "\n"))
			}
		}
		for i, mine := range c.tenants { // both can go on
			p := c.process("last", mine)
			b := mine.bundles[len(mine.bundles)-1-i]
			if err := p.apply(t.Context(), b); err != nil {
				t.Fatalf("history %d: the last apply: %v\n%s", seed, err, strings.Join(c.log, "\n"))
			}
			if plan, _, err := p.plan(t.Context(), b); err != nil || !plan.Empty() {
				t.Fatalf("history %d: after the last apply: %v, %s", seed, err, plan.Save())
			}
		}
		if err := c.whole(); err != nil {
			t.Fatalf("history %d: %v", seed, err)
		}
	}
}
