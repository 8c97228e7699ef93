package deploy

// A saved plan is a promise. Before it is kept, the changes are derived again,
// from the configuration and what is live now, and are compared with what the
// plan says. What differs is refused, before anything is written:
//
//	the plan says      number +14155550100   voice_url ─▶ https://calls.zillum.example/number.main-a/from
//	derived again      number +14155550100   voice_url ─▶ https://calls.zillum.example/number.main-b/from
//
// So nobody can put anything into a plan that the configuration does not say; and
// what was approved is what happens. What is written is always what was derived.

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/store"
)

// For refuses a plan that was made for another project, account, address or
// store than these, or from another configuration. It asks nobody.
func (p *Plan) For(t Target, s store.Store, b *bundle.Bundle) error {
	for _, part := range []struct{ name, planned, here string }{
		{"project", p.Project, t.Project},
		{"environment", p.Environment, t.Environment},
		{"account", p.Account, t.Account},
		{"base_url", p.BaseURL, bundle.CanonicalURL(t.BaseURL)},
		{"store", p.Store, t.storeName(s)},
	} {
		if part.planned != part.here {
			return &RefusedError{Reason: fmt.Sprintf("the plan was made for another deployment: its %s is %q, and here it is %q", part.name, part.planned, part.here)}
		}
	}
	if p.Release != b.Manifest.Digest {
		return &RefusedError{Reason: "the configuration was changed since the plan was made; make a new plan"}
	}
	return nil
}

// Stale compares the settings that a plan was made from with those of now, and
// lists what differs. A plan with stale settings must not be applied.
func (p *Plan) Stale(now State) []Problem {
	var problems []Problem
	for _, s := range p.Basis {
		current, there := "", false
		for _, a := range attributes(now[s.Address]) {
			if a.Name == s.Attribute {
				current, there = a.Value, true
			}
		}
		switch {
		case !there:
			problems = append(problems, Problem{s.Address, "it is no longer in the account"})
		case current != s.Value && terminal.WithoutSecrets(current) != s.Value: // which is all that a saved plan tells
			problems = append(problems, Problem{s.Address, fmt.Sprintf("%s was %q when the plan was made, and is %q now",
				s.Attribute, terminal.WithoutSecrets(s.Value), terminal.WithoutSecrets(current))})
		}
	}
	for _, c := range p.Changes {
		if c.Action == "create" && now[c.Address] != nil {
			problems = append(problems, Problem{c.Address, "it did not exist when the plan was made, and exists now"})
		}
	}
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a == b })
}

// Again derives a plan again from what is live, and refuses one that says
// anything else.
func (p *Plan) Again(ctx context.Context, live *Live, b *bundle.Bundle) (*Plan, error) {
	if err := p.For(live.target, live.store, b); err != nil || p.live == live {
		return p, err
	}
	if problems := p.Stale(live.State); len(problems) > 0 {
		return nil, &RefusedError{Reason: "the account was changed since the plan was made; make a new plan", Problems: problems}
	}
	now, problems, err := live.Plan(ctx, b)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, &RefusedError{Reason: "this can no longer be deployed; make a new plan", Problems: problems}
	}
	return now, p.check(now, b)
}

// check refuses a plan that says anything else than the one that was derived now.
func (p *Plan) check(now *Plan, b *bundle.Bundle) error {
	if problems := p.removed(now); len(problems) > 0 {
		return &RefusedError{Reason: "files were removed from the store since the plan was made; make a new plan", Problems: problems}
	}
	problems := p.foreign(now)
	if len(problems) > 0 || !p.sameFiles(now, b) || !bytes.Equal(p.promise(), now.promise()) {
		return &RefusedError{Reason: "the plan does not say what this configuration would change now: it was altered, or made by another version of ivrc. Make a new plan", Problems: problems}
	}
	return nil
}

// removed lists the files that have to be uploaded now, and were in the store
// when the plan was made: gc may have run.
func (p *Plan) removed(now *Plan) []Problem {
	var problems []Problem
	for _, key := range now.Uploads {
		if slices.Contains(p.Uploads, key) {
			continue
		}
		text := "it is no longer in the store"
		if slices.Contains(now.Damaged, key) {
			text = "it was altered in the store"
		}
		problems = append(problems, Problem{Address{KindObject, key}, text})
	}
	return problems
}

// foreign lists the changes at Twilio in which two plans differ.
func (p *Plan) foreign(now *Plan) []Problem {
	said, derived := byAddress(p.shown().Changes), byAddress(now.shown().Changes)
	var problems []Problem
	for _, name := range union(said, derived) {
		x, inPlan := said[name]
		y, inFact := derived[name]
		a := cmp.Or(x.Address, y.Address)
		switch {
		case !inFact:
			problems = append(problems, Problem{a, "the plan changes it, and the configuration does not"})
		case !inPlan:
			problems = append(problems, Problem{a, "the plan leaves out that it changes"})
		case !bytes.Equal(bundle.CanonicalJSON(x), bundle.CanonicalJSON(y)):
			problems = append(problems, Problem{a, y.against(x)})
		}
	}
	return problems
}

// against says what a plan says wrongly of a change.
func (c PlanChange) against(said PlanChange) string {
	after, planned := attributes(c.resource()), attributes(said.resource())
	for i := range after {
		if i < len(planned) && planned[i] != after[i] {
			return fmt.Sprintf("the plan would set %s to %q, and the configuration sets it to %q", after[i].Name, planned[i].Value, after[i].Value)
		}
	}
	return "the plan describes its change wrongly"
}

// resource is what a change leads to.
func (c PlanChange) resource() any {
	switch {
	case c.After != nil:
		return *c.After
	case c.Queue != nil:
		return *c.Queue
	}
	return nil
}

// byAddress maps changes by what they are about. If there are two about one
// thing, neither counts.
func byAddress(changes []PlanChange) map[string]PlanChange {
	mapped := map[string]PlanChange{}
	for _, c := range changes {
		if _, twice := mapped[c.Address.String()]; twice {
			c = PlanChange{Address: c.Address}
		}
		mapped[c.Address.String()] = c
	}
	return mapped
}

// sameFiles reports whether two plans are about the same files. What the one
// uploads, another apply may have uploaded meanwhile, which stopped then.
func (p *Plan) sameFiles(now *Plan, b *bundle.Bundle) bool {
	sizes := map[string]int64{releaseKey(p.Release): int64(len(b.ManifestFile()))}
	for key, file := range objects(b) {
		sizes[key] = file.Size
	}
	bytes := int64(0)
	for _, key := range p.Uploads {
		size, known := sizes[key]
		if !known {
			return false
		}
		bytes += size
	}
	mistaken := func(key string) bool { return slices.Contains(p.Damaged, key) != slices.Contains(now.Damaged, key) }
	damage := slices.ContainsFunc(now.Uploads, mistaken) || slices.ContainsFunc(p.Damaged, func(key string) bool { return !slices.Contains(p.Uploads, key) })
	ordered := slices.IsSorted(p.Uploads) && slices.IsSorted(p.Unproven) && len(slices.Compact(slices.Clone(p.Uploads))) == len(p.Uploads)
	return ordered && !damage && bytes == p.UploadBytes && (len(now.Changes) == 0 || slices.Equal(p.requested(), now.requested()))
}

// requested lists the public files that apply requests through the public
// address.
func (p *Plan) requested() []string {
	keys := slices.DeleteFunc(slices.Concat(p.Uploads, p.Unproven), func(key string) bool { return !strings.HasPrefix(key, "public/") })
	slices.Sort(keys)
	return keys
}

// promise is what a plan says but for its files.
func (p *Plan) promise() []byte {
	q := p.shown()
	q.Uploads, q.Damaged, q.Unproven, q.UploadBytes, q.SHA256 = nil, nil, nil, 0, ""
	q.Findings = nil // they promise nothing
	return bundle.CanonicalJSON(q)
}
