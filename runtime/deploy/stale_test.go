package deploy

// What a saved plan is refused for: a world that is not what it was made from, and
// a file that is not what was saved.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A saved plan is refused if anything that it was made from was changed meanwhile,
// before anything is asked of Twilio, and says what it was and is.
func TestStalePlan(t *testing.T) {
	const app, trunk = "AP00000000000000000000000000000000", "TK00000000000000000000000000000000"
	was := func(name, old, new string) string {
		return fmt.Sprintf("%s was %q when the plan was made, and is %q now", name, old, new)
	}
	number, url := phones(1)[0], "https://elsewhere.example/x"
	old, next := testBundle(phones(2), []string{"sales"}, "old"), testBundle(phones(2), []string{"sales", "support"}, "new")
	voice, fallback := testBase+"/"+old.Manifest.Numbers[0].Answer, testBase+"/"+old.Manifest.Fallback
	set := func(parameter, value string) func(*testing.T, *process) {
		return func(t *testing.T, p *process) {
			if err := p.th.account.Edit(number, map[string][]string{parameter: {value}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		change func(*testing.T, *process)
		want   string // what is refused, or "" for what is no reason to refuse
	}{
		"voice URL":       {set("VoiceUrl", url), was("voice_url", voice, url)},
		"voice method":    {set("VoiceMethod", "POST"), was("voice_method", "GET", "POST")},
		"fallback URL":    {set("VoiceFallbackUrl", url), was("voice_fallback_url", fallback, url)},
		"fallback method": {set("VoiceFallbackMethod", "POST"), was("voice_fallback_method", "GET", "POST")},
		"callback":        {set("StatusCallback", url), was("status_callback", "", url)},
		"callback method": {set("StatusCallbackMethod", "GET"), was("status_callback_method", "POST", "GET")},
		"fax":             {set("VoiceReceiveMode", "fax"), was("voice_receive_mode", "voice", "fax")},
		"TwiML app":       {set("VoiceApplicationSid", app), was("voice_application_sid", "", app)},
		"trunk":           {set("TrunkSid", trunk), was("trunk_sid", "", trunk)},
		"ported away":     {func(_ *testing.T, p *process) { p.th.account.Remove(number) }, "it is no longer in the account"},
		"queue resized":   {func(t *testing.T, p *process) { p.resize(t, "zillum/sales", 77) }, was("max_size", "10", "77")},
		"queue deleted":   {func(t *testing.T, p *process) { p.removeQueue(t, "zillum/sales") }, "it is no longer in the account"},
		"queue made":      {func(_ *testing.T, p *process) { p.th.account.Wait("zillum/support", 0) }, "it did not exist when the plan was made, and exists now"},

		"name":              {set("FriendlyName", "reception"), ""},
		"SMS":               {set("SmsUrl", url), ""},
		"caller ID lookup":  {set("VoiceCallerIdLookup", "true"), ""},
		"callers wait":      {func(_ *testing.T, p *process) { p.th.account.Wait("zillum/sales", 3) }, ""},
		"queue of others":   {func(_ *testing.T, p *process) { p.th.account.Wait("other/sales", 3) }, ""},
		"number bought":     {func(_ *testing.T, p *process) { p.th.account.Add("+14155550199") }, ""},
		"nothing whatever":  {func(*testing.T, *process) {}, ""},
		"files of somebody": {func(_ *testing.T, p *process) { p.th.store.objects["public/notes.txt"] = memoryObject{} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := staged(t, old, phones(2)).process(t, "a")
			plan, _, err := p.plan(t.Context(), next)
			if err != nil {
				t.Fatal(err)
			}
			test.change(t, p)
			world, err := ReadLive(t.Context(), p.reader, p.store, p.target)
			if err != nil {
				t.Fatal(err)
			}
			lock, err := p.lock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			asked := len(p.th.account.Requests())
			err = p.deploy.Apply(t.Context(), lock, world, plan, next)
			if test.want == "" {
				if err != nil {
					t.Errorf("no reason to refuse: %v", err)
				}
				return
			}
			var refusal *RefusedError
			if !errors.As(err, &refusal) || !strings.HasSuffix(err.Error(), ": "+test.want) {
				t.Errorf("got %v, want a refusal that ends in %q", err, test.want)
			}
			if len(p.th.account.Requests()) != asked {
				t.Error("something was asked of Twilio before the plan was refused")
			}
		})
	}
}

// A number that was released and bought again is another one, although it has
// the same digits.
func TestStalePlanOfAnotherNumber(t *testing.T) {
	th := staged(t, testBundle(phones(1), nil, "old"), phones(1))
	plan, world, err := th.process(t, "a").plan(t.Context(), testBundle(phones(1), nil, "new"))
	if err != nil {
		t.Fatal(err)
	}
	address := Address{KindNumber, phones(1)[0]}
	bought := world.State[address].(twilio.PhoneNumber)
	bought.SID = "PN" + strings.Repeat("9", 32)
	world.State[address] = bought
	if stale := plan.Stale(world.State); len(stale) != 1 || !strings.HasPrefix(stale[0].Text, "sid was") {
		t.Errorf("got %v", stale)
	}
}

// queue finds a queue by its name.
func (p *process) queue(t *testing.T, name string) twilio.CallQueue {
	t.Helper()
	inventory, err := p.deploy.Account.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q, ok := inventory.Queues[name]
	if !ok {
		t.Fatalf("there is no queue %s", name)
	}
	return q
}

func (p *process) resize(t *testing.T, name string, size int) {
	t.Helper()
	if err := p.deploy.Account.UpdateQueue(t.Context(), p.queue(t, name).SID, name, size); err != nil {
		t.Fatal(err)
	}
}

func (p *process) removeQueue(t *testing.T, name string) {
	t.Helper()
	if err := p.deploy.Account.DeleteQueue(t.Context(), p.queue(t, name).SID, name); err != nil {
		t.Fatal(err)
	}
}

// Every flipped bit and every truncation of a saved plan is refused; the sample has one
// bit of each byte.
func TestAlteredPlan(t *testing.T) {
	numbers := phones(1)
	th := newFakeWorld(numbers...)
	plan, _, err := th.process(t, "a").plan(t.Context(), testBundle(numbers, nil, "words"))
	if err != nil {
		t.Fatal(err)
	}
	plan.Uploads = plan.Uploads[:3]
	saved := plan.Save()
	if loaded, err := LoadPlan(saved); err != nil || !slices.Equal(loaded.Save(), saved) {
		t.Fatalf("the plan itself is refused: %v", err)
	}
	for i := range saved {
		if _, err := LoadPlan(saved[:i]); err == nil {
			t.Fatalf("the first %d bytes of a plan are taken for a plan", i)
		}
		for bit := range 8 {
			if deep.Or(i%8, bit) != bit {
				continue
			}
			altered := slices.Clone(saved)
			altered[i] ^= 1 << bit
			if _, err := LoadPlan(altered); err == nil {
				t.Fatalf("bit %d of byte %d was flipped, and the plan is taken", bit, i)
			}
		}
	}
}
