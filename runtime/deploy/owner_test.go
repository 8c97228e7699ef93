package deploy

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
)

// However base_url is spelled, and however the address of a number is, a number of
// ours is ours, and nothing is to be done.
func TestSpellingsOfTheBaseURL(t *testing.T) {
	numbers := phones(3)
	b := testBundle(numbers, []string{"sales"}, "words")
	th := staged(t, b, numbers)
	for _, spelling := range []string{"https://Calls.Zillum.Example", testBase + ":443/", testBase + "./"} {
		p := th.process(t, "a")
		p.target.BaseURL = spelling
		for _, n := range th.account.Numbers() {
			address := strings.Replace(n.Settings["VoiceUrl"], testBase, strings.TrimSuffix(spelling, "/"), 1)
			if err := th.account.Edit(n.PhoneNumber, map[string][]string{"VoiceUrl": {address}}); err != nil {
				t.Fatal(err)
			}
		}
		plan, _, err := p.plan(t.Context(), b)
		if err != nil || !plan.Empty() || plan.Managed != 3 {
			t.Errorf("%s: %v, %s", spelling, err, plan.Save())
		}
		p.target.BaseURL = testBase
		if plan, _, err = p.plan(t.Context(), b); err != nil || !plan.Empty() {
			t.Errorf("%s at the numbers: %v, %s", spelling, err, plan.Save())
		}
		for _, n := range th.account.Numbers() {
			if err := th.account.Edit(n.PhoneNumber, map[string][]string{"VoiceUrl": {testBase + "/" + bundle.CanonicalURL(n.Settings["VoiceUrl"])[len(testBase)+1:]}}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// neighbours are two deployments to one account and store, of which the first has
// deployed a bundle.
func neighbours(t *testing.T, kind int) (first, second *process, b *bundle.Bundle) {
	t.Helper()
	pair := tenants(kind)
	th := newFakeWorld(phones(8)...)
	first, second = th.process(t, "a"), th.process(t, "b")
	first.target, second.target = pair[0].target, pair[1].target
	b = testBundle(phones(4), []string{"sales"}, "first words")
	if err := first.apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return first, second, b
}

// A number of another deployment is taken over if its block says so, and only then.
func TestNumbersOfOthers(t *testing.T) {
	for kind := range 4 {
		if kind == 1 {
			continue // whose host has a path, which the fake one does not know
		}
		first, second, _ := neighbours(t, kind)
		phone := phones(1)[0]
		b := testBundle([]string{phone}, nil, "other words")
		err := second.apply(t.Context(), b)
		if err == nil || !strings.Contains(err.Error(), phone+": this number belongs to another deployment: "+first.target.Owner().String()) {
			t.Errorf("kind %d: %v", kind, err)
		}
		second.target.Adopt = map[string]bool{phone: true}
		if err := second.apply(t.Context(), b); err != nil {
			t.Errorf("kind %d: %v", kind, err)
		}
		if got, want := second.th.account.Numbers()[0].Settings["VoiceUrl"], second.target.BaseURL+"/"+b.Manifest.Numbers[0].Answer; got != want {
			t.Errorf("kind %d: it is answered by %s, want %s", kind, got, want)
		}
	}
}

// A number that was taken over, and is let go, does not get an address back at
// which there is nothing any longer.
func TestLetGoToNothing(t *testing.T) {
	first, second, b := neighbours(t, 0)
	phone := phones(1)[0]
	second.target.Adopt = map[string]bool{phone: true}
	if err := second.apply(t.Context(), testBundle([]string{phone, phones(8)[4]}, nil, "other words")); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"second", "third"} {
		first.th.now = first.th.now.Add(48 * time.Hour)
		if err := first.apply(t.Context(), testBundle(phones(4)[1:], []string{"sales"}, words)); err != nil {
			t.Fatal(err)
		}
	}
	first.th.now = first.th.now.Add(48 * time.Hour)
	if err := first.clean(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if c := (chronicle{th: first.th}); c.holds(b, "") {
		t.Fatal("the first release is still there")
	}
	if err := second.apply(t.Context(), testBundle(phones(8)[4:5], nil, "other words")); err != nil {
		t.Fatal(err)
	}
	if address := first.th.account.Numbers()[0].Settings["VoiceUrl"]; address != "" {
		t.Errorf("it was given back %s", address)
	}
}

// A queue that two deployments of one project name is neither resized nor deleted
// by one of them.
func TestQueuesOfOthers(t *testing.T) {
	first, second, _ := neighbours(t, 0)
	mine := testBundle(phones(8)[4:], []string{"sales"}, "other words")
	if err := second.apply(t.Context(), mine); err != nil {
		t.Fatalf("one queue of one size: %v", err)
	}
	larger := testBundle(phones(8)[4:], []string{"sales"}, "larger")
	larger.Manifest.Queues[0].MaxSize = 99
	larger.Seal()
	err := second.apply(t.Context(), larger)
	if err == nil || !strings.Contains(err.Error(), "queue zillum/sales: another deployment needs this queue with max_callers = 10: project \"zillum\" at "+testBase) {
		t.Errorf("another size: %v", err)
	}
	for range 3 { // it is needed for a day by the release that named it
		if err := second.apply(t.Context(), testBundle(phones(8)[4:], nil, "no queue "+second.th.now.String())); err != nil {
			t.Fatal(err)
		}
		first.th.now = first.th.now.Add(48 * time.Hour)
	}
	if len(first.th.account.Queues()) != 1 {
		t.Error("the queue of the other deployment was deleted")
	}
	for range 3 {
		if err := first.apply(t.Context(), testBundle(phones(4), nil, "no queue "+first.th.now.String())); err != nil {
			t.Fatal(err)
		}
		first.th.now = first.th.now.Add(48 * time.Hour)
	}
	if len(first.th.account.Queues()) != 0 {
		t.Error("a queue that nobody needs was kept")
	}
}

// An apply is killed anywhere, and days later the store is cleaned up. Whatever
// numbers point at then is still there.
func TestGarbageOfAKilledApply(t *testing.T) {
	numbers := phones(3)
	old, next := testBundle(numbers, []string{"sales"}, "old words"), testBundle(numbers, []string{"sales", "support"}, "new words")
	for at := 0; ; at += deep.Or(3, 1) {
		th := staged(t, old, numbers)
		th.at, th.how = at, before
		err := th.process(t, "a").apply(t.Context(), next)
		th.dead, th.at = false, -1
		th.now = th.now.Add(72 * time.Hour)
		if err := th.process(t, "b").clean(t.Context(), 0); err != nil {
			t.Fatalf("killed at %d, gc: %v", at, err)
		}
		if err := th.answered(old, next); err != nil {
			t.Fatalf("killed at %d, after gc: %v", at, err)
		}
		if err == nil {
			return
		}
	}
}

// Nothing tells what is live in another account. Its files stay.
func TestGarbageOfAnotherAccount(t *testing.T) {
	first, second, b := neighbours(t, 0)
	for _, words := range []string{"second", "third", "fourth"} {
		first.th.now = first.th.now.Add(48 * time.Hour)
		if err := first.apply(t.Context(), testBundle(phones(4), nil, words)); err != nil {
			t.Fatal(err)
		}
	}
	first.th.now = first.th.now.Add(48 * time.Hour)
	second.target.Account = "AC" + strings.Repeat("9", 32)
	if err := second.clean(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	c := chronicle{th: first.th}
	if !c.holds(b, "") {
		t.Error("files that another deployment may need were removed")
	}
	if err := first.clean(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if c.holds(b, "") {
		t.Error("its own files, which nobody needs, were kept")
	}
}

// Somebody changes a number while files are uploaded or requested. It is seen
// before the first write, which is not done then.
func TestChangedDuringApply(t *testing.T) {
	numbers := phones(2)
	next := testBundle(numbers, nil, "new words")
	for name, when := range map[string]string{"upload": "upload", "verification": "verify"} {
		th := staged(t, testBundle(numbers, nil, "old words"), numbers)
		p := th.process(t, "a")
		edited := false
		p.deploy.Progress = func(e ApplyEvent) {
			if e.Step == when && !edited {
				edited = true
				if err := th.account.Edit(numbers[1], map[string][]string{"VoiceUrl": {"https://elsewhere.example/answer"}}); err != nil {
					t.Error(err)
				}
			}
		}
		asked := len(th.account.Requests())
		err := p.apply(t.Context(), next)
		var refusal *RefusedError
		if !edited || !errors.As(err, &refusal) || !strings.Contains(err.Error(), numbers[1]+": voice_url was") || !strings.Contains(err.Error(), "no number was changed") {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range th.account.Requests()[asked:] {
			if r.Method != http.MethodGet {
				t.Errorf("%s: %s %s was asked all the same", name, r.Method, r.Path)
			}
		}
		p.deploy.Progress = nil
		if err := p.apply(t.Context(), next); err != nil {
			t.Errorf("%s: the next apply: %v", name, err)
		}
	}
}

// The brake counts whatever moves a number that is answered.
func TestBrake(t *testing.T) {
	numbers := phones(30)
	old := testBundle(numbers[:20], nil, "old words")
	elsewhere := func(t *testing.T, th *fakeWorld, phones ...string) {
		for _, phone := range phones {
			if err := th.account.Edit(phone, map[string][]string{"VoiceUrl": {"https://elsewhere.example/answer"}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		prepare     func(t *testing.T, th *fakeWorld)
		next        *bundle.Bundle
		live, moved int
		brakes      bool
	}{
		"nothing":                  {nil, old, 20, 0, false},
		"another menu":             {nil, testBundle(numbers[:20], nil, "new words"), 20, 20, true},
		"let go":                   {nil, testBundle(numbers[7:20], nil, "old words"), 20, 20, true}, // those that stay have other names
		"numbers that were bought": {nil, testBundle(numbers, nil, "old words"), 20, 0, false},
		"taken over":               {func(t *testing.T, th *fakeWorld) { elsewhere(t, th, numbers[20:]...) }, testBundle(numbers, nil, "old words"), 30, 10, true},
		"put back":                 {func(t *testing.T, th *fakeWorld) { elsewhere(t, th, numbers[:8]...) }, old, 20, 8, true},
		"some put back":            {func(t *testing.T, th *fakeWorld) { elsewhere(t, th, numbers[:5]...) }, old, 20, 5, false},
	} {
		t.Run(name, func(t *testing.T) {
			th := staged(t, old, numbers)
			if test.prepare != nil {
				test.prepare(t, th)
			}
			p := th.process(t, "a")
			p.deploy.AllowMassChange = false
			plan, _, err := p.plan(t.Context(), test.next)
			if err != nil {
				t.Fatal(err)
			}
			if plan.Live != test.live || plan.Moved != test.moved || plan.MassChange != test.brakes || (plan.Brake() != "") != test.brakes {
				t.Errorf("%d of %d move, %v: want %d of %d, %v", plan.Moved, plan.Live, plan.MassChange, test.moved, test.live, test.brakes)
			}
			err = p.apply(t.Context(), test.next)
			if refused := err != nil && strings.Contains(err.Error(), "-allow-mass-change"); refused != test.brakes || err != nil && !refused {
				t.Errorf("apply: %v", err)
			}
		})
	}
	t.Run("the first time", func(t *testing.T) {
		th := newFakeWorld(numbers...)
		elsewhere(t, th, numbers[:12]...)
		p := th.process(t, "a")
		p.deploy.AllowMassChange = false
		if err := p.apply(t.Context(), testBundle(numbers, nil, "words")); err == nil || !strings.Contains(err.Error(), "12 of 12 numbers") {
			t.Errorf("apply: %v", err)
		}
	})
}
