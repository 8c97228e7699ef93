package deploy

// A plan is data: what will change, from what, and what callers will notice. It
// can be saved, shown to others, and applied later; then it is applied exactly,
// or not at all. It says what every managed resource was when it was made, and
// carries the hash of itself.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// PlanVersion is the version of the form in which plans are saved.
const PlanVersion = "1.0"

// A Plan is the way from what is to what should be.
type Plan struct {
	FormatVersion string           `json:"format_version"`
	Compiler      string           `json:"compiler"`
	Project       string           `json:"project"`
	Account       string           `json:"account"`
	BaseURL       string           `json:"base_url"`
	Store         string           `json:"store"`
	Release       string           `json:"release"`           // digest of the bundle
	Managed       int              `json:"managed"`           // numbers of ours before
	CallerChanges []CallerChange   `json:"notices,omitempty"` // what callers will notice
	Numbers       []AffectedNumber `json:"numbers"`           // every number of the bundle, and those that are let go
	Changes       []PlanChange     `json:"changes"`           // at Twilio, in order
	Uploads       []string         `json:"uploads,omitempty"` // keys of objects to be made, sorted
	UploadBytes   int64            `json:"upload_bytes"`
	Unproven      []string         `json:"unproven,omitempty"` // keys that the store has, and no release that was applied; sorted
	Basis         []PlanSetting    `json:"basis"`              // the live settings that the plan was made from
	SHA256        string           `json:"sha256,omitempty"`
}

// An AffectedNumber says of a number whether its callers will notice anything.
type AffectedNumber struct {
	Name        string `json:"name"` // in the configuration; "" of one that is let go
	PhoneNumber string `json:"phone_number"`
	Affected    bool   `json:"affected"`
}

// A PlanChange is a Change as it is saved and shown.
type PlanChange struct {
	Address    Address             `json:"address"`
	Action     string              `json:"action"`           // "create", "update", "adopt", "let-go" or "delete"
	Attributes []twilio.Difference `json:"attributes"`       // in a fixed order
	Before     *twilio.PhoneNumber `json:"before,omitempty"` // of numbers
	After      *twilio.PhoneNumber `json:"after,omitempty"`
	Queue      *twilio.CallQueue   `json:"queue,omitempty"` // after, of queues
}

// A PlanSetting is what one attribute of a resource was.
type PlanSetting struct {
	Address   Address `json:"address"`
	Attribute string  `json:"attribute"`
	Value     string  `json:"value"`
}

// NewPlan makes the plan for a bundle.
func NewPlan(live, desired State, b *bundle.Bundle, t Target, store string, changes []CallerChange) *Plan {
	p := &Plan{
		FormatVersion: PlanVersion, Compiler: b.Manifest.Compiler, Project: t.Project, Account: t.Account,
		BaseURL: t.BaseURL, Store: store, Release: b.Manifest.Digest, CallerChanges: changes,
		Numbers: []AffectedNumber{}, Changes: []PlanChange{},
	}
	affected := map[string]bool{}
	for _, c := range Diff(live, desired) {
		if object, ok := c.After.(Object); ok {
			p.Uploads = append(p.Uploads, c.Address.Name)
			p.UploadBytes += object.Size
			continue
		}
		affected[c.Address.Name] = true
		p.Changes = append(p.Changes, planChange(c, t))
	}
	for _, n := range b.Manifest.Numbers {
		p.Numbers = append(p.Numbers, AffectedNumber{n.Name, n.PhoneNumber, affected[n.PhoneNumber]})
	}
	for _, c := range p.Changes {
		if c.Action == "let-go" {
			p.Numbers = append(p.Numbers, AffectedNumber{"", c.Address.Name, true})
		}
	}
	p.basis(live, desired, t)
	return p
}

// basis notes the live settings of everything that is managed now or will be.
func (p *Plan) basis(live, desired State, t Target) {
	note := func(a Address) {
		for _, s := range attributes(live[a]) {
			p.Basis = append(p.Basis, PlanSetting{a, s.Name, s.Value})
		}
	}
	for _, phone := range live.Names(KindNumber) {
		n, _ := live.number(phone)
		if t.ours(n) {
			p.Managed++
		}
		if a := (Address{KindNumber, phone}); t.ours(n) || desired[a] != live[a] {
			note(a)
		}
	}
	for _, name := range live.Names(KindQueue) {
		if t.oursQueue(name) {
			note(Address{KindQueue, name})
		}
	}
}

// planChange writes a change of a queue or a number as a plan shows it.
func planChange(c Change, t Target) PlanChange {
	pc := PlanChange{Address: c.Address, Action: "update", Attributes: []twilio.Difference{}}
	switch after := c.After.(type) {
	case twilio.CallQueue:
		before, existed := c.Before.(twilio.CallQueue)
		pc.Queue = &after
		d := twilio.Difference{Name: "max_size", Old: fmt.Sprint(before.MaxSize), New: fmt.Sprint(after.MaxSize)}
		if !existed {
			pc.Action, d.Old = "create", ""
		}
		pc.Attributes = append(pc.Attributes, d)
	case twilio.PhoneNumber:
		before := c.Before.(twilio.PhoneNumber)
		pc.Before, pc.After = &before, &after
		pc.Action = numberAction(before, after, t)
		pc.Attributes = before.Differences(after)
	case nil:
		before, _ := c.Before.(twilio.CallQueue)
		pc.Action, pc.Queue = "delete", &before
	}
	return pc
}

// numberAction says what happens to a number, in a word.
func numberAction(before, after twilio.PhoneNumber, t Target) string {
	switch {
	case !t.ours(before):
		return "adopt"
	case !t.ours(after):
		return "let-go"
	}
	return "update"
}

// Empty reports whether there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Changes) == 0 && len(p.Uploads) == 0 }

// For refuses a plan that was made for another project, account, address or
// store than these, or from another configuration. It asks nobody.
func (p *Plan) For(t Target, s store.Store, b *bundle.Bundle) error {
	for _, part := range []struct{ name, planned, here string }{
		{"project", p.Project, t.Project},
		{"account", p.Account, t.Account},
		{"base_url", p.BaseURL, t.BaseURL},
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
		current, ok := settingOf(now[s.Address], s.Attribute)
		switch {
		case !ok:
			problems = append(problems, Problem{s.Address, "it is no longer in the account"})
		case current != s.Value:
			problems = append(problems, Problem{s.Address, fmt.Sprintf("%s was %q when the plan was made, and is %q now", s.Attribute, s.Value, current)})
		}
	}
	for _, c := range p.Changes {
		if c.Action == "create" && now[c.Address] != nil {
			problems = append(problems, Problem{c.Address, "it did not exist when the plan was made, and exists now"})
		}
	}
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a == b })
}

// missing lists the files of the bundle that the plan does not upload, because
// they were in the store, and that are not there any longer: gc may have run.
func (p *Plan) missing(now State, b *bundle.Bundle) []Problem {
	var problems []Problem
	for key := range objects(b) {
		address := Address{KindObject, key}
		if _, uploaded := slices.BinarySearch(p.Uploads, key); !uploaded && now[address] == nil {
			problems = append(problems, Problem{address, "it is no longer in the store"})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Address.Name, b.Address.Name) })
	return problems
}

// settingOf returns one attribute of a resource.
func settingOf(resource any, name string) (string, bool) {
	for _, a := range attributes(resource) {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// attributes lists the settings of a queue or a number.
func attributes(resource any) []twilio.Attribute {
	switch r := resource.(type) {
	case twilio.CallQueue:
		return []twilio.Attribute{{Name: "sid", Value: r.SID}, {Name: "max_size", Value: fmt.Sprint(r.MaxSize)}}
	case twilio.PhoneNumber:
		return r.Attributes()
	}
	return nil
}

// MassChange reports whether the plan repoints more than 30 % of ten or more
// managed numbers, which needs the word of a person.
func (p *Plan) MassChange() bool {
	repointed := 0
	for _, c := range p.Changes {
		if c.Before != nil && c.Action != "adopt" {
			repointed++
		}
	}
	return p.Managed >= 10 && repointed*10 > p.Managed*3
}

// Save writes a plan in its canonical form, sealed with its own hash.
func (p *Plan) Save() []byte {
	sealed := *p
	sealed.SHA256 = ""
	sealed.SHA256 = digest(bundle.CanonicalJSON(sealed))
	return bundle.CanonicalJSON(sealed)
}

// maxPlan bounds what is read as a plan.
const maxPlan = 256 << 20

// LoadPlan reads a saved plan. It refuses one that was altered, cut off or
// written by another version, before anything is asked of anybody.
func LoadPlan(data []byte) (*Plan, error) {
	if len(data) > maxPlan {
		return nil, fmt.Errorf("the file is too large to be a plan")
	}
	var p Plan
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return nil, fmt.Errorf("the file is not a plan, or was altered: %w", err)
	}
	if major, _, _ := strings.Cut(p.FormatVersion, "."); major != "1" {
		return nil, fmt.Errorf("the plan has the format version %q; this program reads 1", p.FormatVersion)
	}
	if !bytes.Equal(p.Save(), data) {
		return nil, fmt.Errorf("the plan was altered after it was saved; make a new one")
	}
	return &p, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
