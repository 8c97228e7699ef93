package deploy

import (
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Webhooks with passwords: no plan tells one, a saved plan is applied all the
// same, and a number that is let go gets its own back.
func TestPasswordsInWebhooks(t *testing.T) {
	const password, token = "CANARY-password", "CANARY-token"
	const webhook = "https://ann:" + password + "@elsewhere.example/voice?auth_token=" + token
	numbers := phones(2)
	both, one := testBundle(numbers, nil, "words"), testBundle(numbers[:1], nil, "words")
	th := newFakeWorld(numbers...)
	settings := map[string][]string{"VoiceUrl": {webhook}, "VoiceFallbackUrl": {webhook}, "StatusCallback": {webhook}}
	if err := th.account.Edit(numbers[1], settings); err != nil {
		t.Fatal(err)
	}
	for i, b := range []*bundle.Bundle{both, one} {
		p := th.process(t, string(rune('a'+i)))
		plan, _, err := p.plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		saved, err := LoadPlan(plan.Save())
		if err != nil {
			t.Fatal(err)
		}
		if text := string(saved.Save()); strings.Contains(text, "CANARY") || !strings.Contains(text, "https://***@elsewhere.example/voice?auth_token=***") {
			t.Errorf("the plan says %s", text)
		}
		world, err := ReadLive(t.Context(), p.reader, p.store, p.target)
		if err != nil {
			t.Fatal(err)
		}
		lock, err := p.lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.deploy.Apply(t.Context(), lock, world, saved, b); err != nil {
			t.Fatal(err)
		}
		if err := lock.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if now := setting1(th, numbers[1]); now != webhook {
		t.Errorf("the number was let go to %s", now)
	}
}

// A password that was changed while the files were uploaded is no longer the one
// that the record would keep: nothing is written, and neither is told.
func TestPasswordChangedDuringApply(t *testing.T) {
	phone := phones(1)[0]
	th := newFakeWorld(phone)
	set := func(password string) {
		if err := th.account.Edit(phone, map[string][]string{"VoiceUrl": {"https://ann:" + password + "@elsewhere.example/"}}); err != nil {
			t.Fatal(err)
		}
	}
	set("CANARY-1")
	plan, world, err := th.process(t, "a").plan(t.Context(), testBundle(phones(1), nil, "words"))
	if err != nil {
		t.Fatal(err)
	}
	set("CANARY-2")
	if world, err = ReadLive(t.Context(), th.process(t, "b").reader, th.process(t, "b").store, th.process(t, "b").target); err != nil {
		t.Fatal(err)
	}
	stale := plan.Stale(world.State)
	if len(stale) != 1 || strings.Contains(stale[0].Text, "CANARY") {
		t.Errorf("got %v", stale)
	}
}
