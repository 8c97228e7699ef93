package deploy

// A plan is data: what will change, from what, and what callers will notice. It
// can be saved, shown to others, and applied later; then it is applied exactly,
// or not at all. It says what every managed resource was when it was made, and
// carries the hash of itself.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// PlanVersion is the version of the form in which plans are saved.
const PlanVersion = "1.0"

// A Plan is the way from what is to what should be.
type Plan struct {
	FormatVersion string           `json:"format_version"`
	Compiler      string           `json:"compiler"`
	Project       string           `json:"project"`
	Environment   string           `json:"environment,omitempty"`
	Account       string           `json:"account"`
	BaseURL       string           `json:"base_url"`
	Store         string           `json:"store"`
	Release       string           `json:"release"`               // digest of the bundle
	Managed       int              `json:"managed"`               // numbers of ours before
	Live          int              `json:"live"`                  // numbers of ours, and others that change, whose calls are answered
	Moved         int              `json:"moved"`                 // of these, how many change
	MassChange    bool             `json:"mass_change,omitempty"` // apply refuses without the word of a person
	Warnings      []string         `json:"warnings,omitempty"`    // what the plan could not find out
	Findings      []string         `json:"findings,omitempty"`    // what the account says of numbers that the configuration rings or calls from
	CallerChanges []CallerChange   `json:"notices,omitempty"`     // what callers will notice
	Numbers       []AffectedNumber `json:"numbers"`               // every number of the bundle, and those that are let go
	Changes       []PlanChange     `json:"changes"`               // at Twilio, in order
	Uploads       []string         `json:"uploads,omitempty"`     // keys of objects to be written, sorted
	Damaged       []string         `json:"damaged,omitempty"`     // of these, those that the store has with other content
	UploadBytes   int64            `json:"upload_bytes"`
	Record        bool             `json:"record,omitempty"`   // the release is deployed, and its record is lost
	Unproven      []string         `json:"unproven,omitempty"` // keys that the store has, and no release that was applied; sorted
	Basis         []PlanSetting    `json:"basis"`              // the live settings that the plan was made from
	SHA256        string           `json:"sha256,omitempty"`

	live *Live // from which it was made; nil of a plan that was loaded
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

// Plan makes the plan that deploys a bundle. Problems are why it cannot be
// deployed.
func (l *Live) Plan(ctx context.Context, b *bundle.Bundle) (*Plan, []Problem, error) {
	wrong, err := l.wrong(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	desired, problems := l.desired(b, wrong)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	notices, err := l.callerChanges(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	p := &Plan{
		FormatVersion: PlanVersion, Compiler: b.Manifest.Compiler, Project: l.owner.Project, Environment: l.owner.Environment,
		Account: l.owner.Account, BaseURL: l.owner.BaseURL, Store: l.target.storeName(l.store), Release: b.Manifest.Digest,
		CallerChanges: append(notices.changes, l.lettingGo(desired)...), Warnings: notices.warnings,
		Numbers: []AffectedNumber{}, Changes: []PlanChange{}, Basis: []PlanSetting{}, live: l,
	}
	for _, d := range l.Damaged {
		p.Warnings = append(p.Warnings, d.Err.Error())
	}
	p.list(l, desired, b, notices.unnoticed)
	p.basis(l, desired)
	p.count(l)
	p.restore(l, b, wrong)
	if len(p.Changes) > 0 {
		p.Unproven, err = l.unproven(ctx, b, p.Uploads)
	}
	return p, nil, err
}

// list lists what changes. Unnoticed are the numbers that move though their callers
// notice nothing.
func (p *Plan) list(l *Live, desired State, b *bundle.Bundle, unnoticed map[string]bool) {
	affected := map[string]bool{}
	for _, c := range diff(l.State, desired) {
		if object, ok := c.After.(Object); ok {
			p.Uploads = append(p.Uploads, c.Address.Name)
			p.UploadBytes += object.Size
			if c.Before != nil {
				p.Damaged = append(p.Damaged, c.Address.Name)
			}
			continue
		}
		affected[c.Address.Name] = true
		p.Changes = append(p.Changes, l.change(c))
	}
	for _, n := range b.Manifest.Numbers {
		p.Numbers = append(p.Numbers, AffectedNumber{n.Name, n.PhoneNumber, affected[n.PhoneNumber] && !unnoticed[n.PhoneNumber]})
	}
	for _, c := range p.Changes {
		if c.Action == "let-go" {
			p.Numbers = append(p.Numbers, AffectedNumber{"", c.Address.Name, true})
		}
	}
}

// basis notes the live settings of everything that is managed now or will be.
func (p *Plan) basis(l *Live, desired State) {
	note := func(a Address) {
		for _, s := range attributes(l.State[a]) {
			p.Basis = append(p.Basis, PlanSetting{a, s.Name, s.Value})
		}
	}
	for _, phone := range l.State.Names(KindNumber) {
		if l.ours(phone) {
			p.Managed++
		}
		if a := (Address{KindNumber, phone}); l.ours(phone) || desired[a] != l.State[a] {
			note(a)
		}
	}
	ours := queues(l.Records)
	for _, name := range l.State.Names(KindQueue) {
		if a := (Address{KindQueue, name}); ours[name] || desired[a] != l.State[a] {
			note(a)
		}
	}
}

// The brake on changes of many numbers: more than this part of them, if there
// are so many.
const (
	massPercent = 30
	massNumbers = 10
)

// count counts the numbers whose calls are answered today, and those of them
// that change, whatever the reason.
func (p *Plan) count(l *Live) {
	p.Live = p.Managed
	for _, c := range p.Changes {
		switch {
		case c.Before == nil:
		case l.ours(c.Address.Name):
			p.Moved++
		case answered(*c.Before):
			p.Live++
			p.Moved++
		}
	}
	p.MassChange = p.Live >= massNumbers && p.Moved*100 > p.Live*massPercent
}

// demo is where a number points that was just bought.
const demo = "https://demo.twilio.com/"

// answered reports whether calls of a number are answered by anything but
// Twilio's demonstration.
func answered(n twilio.PhoneNumber) bool {
	return n.TrunkSID != "" || n.ApplicationSID != "" || n.VoiceURL != "" && !strings.HasPrefix(n.VoiceURL, demo)
}

// restore plans to put the record back of the release that is deployed, or its
// manifest, if it was removed or damaged. Of a release that is not deployed yet,
// it is no reason to apply.
func (p *Plan) restore(l *Live, b *bundle.Bundle, wrong map[string]bool) {
	lost := len(l.Records) == 0 || len(l.Damaged) > 0
	p.Record = lost && l.deployed() != p.Release && len(p.Changes) == 0 && len(p.Numbers) > 0
	key, data := releaseKey(p.Release), b.ManifestFile()
	_, there := l.State[Address{KindObject, key}]
	if l.deployed() != p.Release || there && !wrong[key] {
		return
	}
	p.Uploads = append(p.Uploads, key)
	slices.Sort(p.Uploads)
	p.UploadBytes += int64(len(data))
	if there {
		p.Damaged = append(p.Damaged, key)
	}
}

// unproven lists the public files that are in the store already, and that have
// yet to be requested through the public address: all but those of the release
// that was applied last. An apply that stopped there leaves such files.
func (l *Live) unproven(ctx context.Context, b *bundle.Bundle, uploads []string) ([]string, error) {
	proven := map[string]bool{}
	if release := l.deployed(); release != "" {
		data, _, err := l.store.Get(ctx, releaseKey(release))
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if m, err := bundle.ParseManifest(data); err == nil { // else nothing is proven
			for _, f := range m.Files {
				proven[f.Path] = true
			}
		}
	}
	var keys []string
	for _, f := range b.Manifest.Files {
		key := "public/" + f.Path
		if _, uploaded := slices.BinarySearch(uploads, key); !uploaded && !proven[f.Path] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// change writes a change of a queue or a number as a plan shows it.
func (l *Live) change(c Change) PlanChange {
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
		pc.Attributes = before.Differences(after)
		switch {
		case !l.ours(c.Address.Name):
			pc.Action = "adopt"
		case !l.owner.answers(after):
			pc.Action = "let-go"
		}
	case nil:
		before, _ := c.Before.(twilio.CallQueue)
		pc.Action, pc.Queue = "delete", &before
	}
	return pc
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

// Empty reports whether there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Changes) == 0 && len(p.Uploads) == 0 && !p.Record }

// shown is the plan as others may see it. The webhooks that numbers have today may
// say who signs in; to apply the plan they are read again, and to go back to them,
// in the record.
func (p *Plan) shown() Plan {
	q := *p
	q.Changes, q.Basis = slices.Clone(p.Changes), slices.Clone(p.Basis)
	for i := range q.Changes {
		q.Changes[i] = q.Changes[i].shown()
	}
	for i := range q.Basis {
		q.Basis[i].Value = terminal.WithoutSecrets(q.Basis[i].Value)
	}
	return q
}

// shown is the change as others may see it.
func (c PlanChange) shown() PlanChange {
	for _, n := range []**twilio.PhoneNumber{&c.Before, &c.After} {
		if *n != nil {
			masked := (*n).Shown()
			*n = &masked
		}
	}
	c.Attributes = slices.Clone(c.Attributes)
	for i, a := range c.Attributes {
		c.Attributes[i].Old, c.Attributes[i].New = terminal.WithoutSecrets(a.Old), terminal.WithoutSecrets(a.New)
	}
	return c
}

// Save writes a plan in its canonical form, as others may see it, sealed with its
// own hash.
func (p *Plan) Save() []byte {
	sealed := p.shown()
	sealed.SHA256 = ""
	sealed.SHA256 = digest(bundle.CanonicalJSON(sealed))
	return bundle.CanonicalJSON(sealed)
}

// MaxPlan bounds what is read as a plan, in bytes. The largest bundle makes one of 70
// million: a line for each file that it uploads.
const MaxPlan = 96 << 20

// LoadPlan reads a saved plan. It refuses one that was altered, cut off or
// written by another version, before anything is asked of anybody.
func LoadPlan(data []byte) (*Plan, error) {
	if err := bundle.Plausible(data); err != nil {
		return nil, fmt.Errorf("the file is not a plan, or was altered: %w", err)
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
