package deploy

// Forged plans: a plan in which somebody altered what it means, and made its hash
// anew. Each one is refused before anything is written.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/internal/deep"
)

// forgeries lists what a JSON value could be made into: every part of it, at any
// depth, replaced, left out, repeated, or put into another order.
func forgeries(v any, path string, forge func(path string, v any)) {
	switch v := v.(type) {
	case string:
		for _, other := range []string{"", v + "x", "https://elsewhere.example/answer.xml", "+14155550199", "GET", "POST", "update", "delete"} {
			forge(path, other)
		}
	case float64:
		for _, other := range []float64{v + 1, v - 1, 0} {
			forge(path, other)
		}
	case bool:
		forge(path, !v)
	case []any:
		for i := range v {
			forge(fmt.Sprintf("%s[%d] removed", path, i), slices.Delete(slices.Clone(v), i, i+1))
			forge(fmt.Sprintf("%s[%d] twice", path, i), slices.Insert(slices.Clone(v), i, v[i]))
			if i > 0 {
				other := slices.Clone(v)
				other[i-1], other[i] = other[i], other[i-1]
				forge(fmt.Sprintf("%s[%d] earlier", path, i), other)
			}
			forgeries(v[i], fmt.Sprintf("%s[%d]", path, i), func(at string, other any) {
				altered := slices.Clone(v)
				altered[i] = other
				forge(at, altered)
			})
		}
		forge(path+" emptied", []any{})
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if path == "plan" && key == "sha256" {
				continue
			}
			less := maps.Clone(v)
			delete(less, key)
			forge(path+"."+key+" removed", less)
			forgeries(v[key], path+"."+key, func(at string, other any) {
				altered := maps.Clone(v)
				altered[key] = other
				forge(at, altered)
			})
		}
	}
}

// reworked is a world in which a plan has changes of every kind, and its plan.
func reworked(t *testing.T) (*process, *bundle.Bundle, *Plan) {
	t.Helper()
	numbers := phones(14)
	th := staged(t, testBundle(numbers[:12], []string{"sales", "support", "old"}, "old words"), numbers)
	th.now = th.now.Add(48 * time.Hour)
	if err := th.process(t, "a").apply(t.Context(), testBundle(numbers[:12], []string{"sales", "support"}, "other words")); err != nil {
		t.Fatal(err)
	}
	th.now = th.now.Add(48 * time.Hour)
	p := th.process(t, "a")
	p.resize(t, "zillum/sales", 7)
	next := testBundle(numbers[2:], []string{"sales", "billing"}, "new words") // two are let go, two are adopted
	plan, _, err := p.plan(t.Context(), next)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"create", "update", "adopt", "let-go", "delete"} {
		if !slices.ContainsFunc(plan.Changes, func(c PlanChange) bool { return c.Action == action }) {
			t.Fatalf("the plan has no %s: %s", action, plan.Save())
		}
	}
	return p, next, plan
}

// More than ten thousand plans in all, of which every seventh is tried unless all
// are asked for.
func TestForgedPlans(t *testing.T) {
	p, next, plan := reworked(t)
	var tree any
	if err := json.Unmarshal(plan.Save(), &tree); err != nil {
		t.Fatal(err)
	}
	lock, err := p.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	live, err := ReadLive(t.Context(), p.reader, p.store, p.target)
	if err != nil {
		t.Fatal(err)
	}
	written := func() int {
		n := len(p.th.store.objects)
		for _, r := range p.th.account.Requests() {
			if r.Method != http.MethodGet {
				n++
			}
		}
		return n
	}
	before, found, forged, saved := written(), 0, 0, plan.Save()
	forgeries(tree, "plan", func(path string, v any) {
		if found++; found%deep.Or(7, 3, 1) != 0 {
			return
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var altered Plan
		if json.Unmarshal(data, &altered) != nil {
			return // not a plan
		}
		other := altered.Save()
		if bytes.Equal(other, saved) {
			return
		}
		forged++
		loaded, err := LoadPlan(other)
		if err != nil {
			return
		}
		err = p.deploy.Apply(t.Context(), lock, live, loaded, next)
		var refusal *RefusedError
		if !errors.As(err, &refusal) {
			t.Fatalf("%s: %v", path, err)
		}
		if i := 0; strings.HasPrefix(path, "plan.changes[") {
			_, _ = fmt.Sscanf(path, "plan.changes[%d]", &i)
			if name := plan.Changes[i].Address.Name; !strings.Contains(err.Error(), name) && !strings.Contains(path, "earlier") && !strings.Contains(path, "name") {
				t.Errorf("%s: the refusal does not name %s: %v", path, name, err)
			}
		}
		if written() != before {
			t.Fatalf("%s: something was written before the plan was refused", path)
		}
	})
	t.Logf("%d forged plans of %d", forged, found)
	if forged < 1000 {
		t.Errorf("only %d forged plans", forged)
	}
	again, err := LoadPlan(plan.Save())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.deploy.Apply(t.Context(), lock, live, again, next); err != nil {
		t.Errorf("the plan itself: %v", err)
	}
}

// A plan of another deployment, or for another configuration, is refused even if
// its hash is right.
func TestForeignPlans(t *testing.T) {
	p, next, plan := reworked(t)
	other := testBundle(phones(14)[2:], []string{"sales", "billing"}, "still other words")
	for name, change := range map[string]func(*Target) *bundle.Bundle{
		"account":       func(t *Target) *bundle.Bundle { t.Account = "AC" + strings.Repeat("9", 32); return next },
		"project":       func(t *Target) *bundle.Bundle { t.Project = "other"; return next },
		"environment":   func(t *Target) *bundle.Bundle { t.Environment = "staging"; return next },
		"base URL":      func(t *Target) *bundle.Bundle { t.BaseURL = "https://staging.zillum.example"; return next },
		"store":         func(t *Target) *bundle.Bundle { t.Store = "dir:elsewhere"; return next },
		"configuration": func(*Target) *bundle.Bundle { return other },
	} {
		loaded, err := LoadPlan(plan.Save())
		if err != nil {
			t.Fatal(err)
		}
		target := p.target
		b := change(&target)
		live, err := ReadLive(t.Context(), p.reader, p.store, target)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *RefusedError
		if err := p.deploy.Apply(t.Context(), nil, live, loaded, b); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
