package deploy

// Records. The store keeps the manifest of every bundle that was deployed, and a
// record of every time that numbers were pointed at one:
//
//	private/releases/<digest>.json           the manifest, written after all other files
//	private/applied/<time>-<sequence>-<digest>-<id>.json   who, when, and what the numbers were before
//
// The time is the store's, which may tell no more than seconds; of two records of
// the same second, the one with the greater sequence of the lock is later.
//
// Records are written once and never changed. They are all that is remembered:
// whose a number is, what it was before it was adopted, which release came
// before, and since when nobody needs an old one.

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A ReleaseRecord is one apply.
type ReleaseRecord struct {
	FormatVersion string                        `json:"format_version"`
	ID            string                        `json:"id"`       // of the lock under which it was made
	Sequence      int64                         `json:"sequence"` // of the lock, which grows
	Release       string                        `json:"release"`  // digest of the bundle
	At            time.Time                     `json:"at"`       // by the store's clock
	Who           string                        `json:"who"`
	Project       string                        `json:"project"`
	Environment   string                        `json:"environment,omitempty"`
	Account       string                        `json:"account"`
	BaseURL       string                        `json:"base_url"`
	Before        map[string]twilio.PhoneNumber `json:"before,omitempty"` // settings of the numbers that were changed, by E.164
	Numbers       map[string]string             `json:"numbers"`          // the path that answers each number, by E.164
	Queues        []string                      `json:"queues,omitempty"` // friendly names that the release needs
}

// RecordVersion is the version of the form of records.
const RecordVersion = "1.0"

// recordFolder is where records are kept.
const recordFolder = "private/applied/"

// key is where a record is kept. Keys sort by time, and no two are alike.
func (r *ReleaseRecord) key() string {
	return fmt.Sprintf("%s%s-%010d-%.12s-%.8s.json", recordFolder, r.At.UTC().Format("20060102T150405.000Z"), r.Sequence, r.Release, r.ID)
}

// Describe writes a record on a line for people.
func (r *ReleaseRecord) Describe() string {
	numbers := "1 number"
	if n := len(r.Numbers); n != 1 {
		numbers = fmt.Sprint(n, " numbers")
	}
	return fmt.Sprintf("%s  %.12s  %s  %s", r.At.UTC().Format("2006-01-02 15:04:05"), r.Release, numbers, r.Who)
}

// componentFolder is where the descriptions of components are kept.
const componentFolder = "private/components/"

// releaseKey is where the manifest of a release is kept.
func releaseKey(release string) string { return "private/releases/" + release + ".json" }

// privateKey is where a private file of a bundle is kept.
func privateKey(b *bundle.Bundle, name string) string {
	if name == "bundle.json" {
		return releaseKey(b.Manifest.Digest)
	}
	return "private/" + name
}

// parseRecord reads a record.
func parseRecord(data []byte) (*ReleaseRecord, error) {
	var r ReleaseRecord
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("the record of a release is damaged: %w. Delete it; rollback will then no longer know how adopted numbers were answered before", err)
	}
	if major, _, _ := strings.Cut(r.FormatVersion, "."); major != "1" {
		return nil, fmt.Errorf("the record of a release has the format version %q; this program reads 1", r.FormatVersion)
	}
	return &r, nil
}

// Records are what a store remembers of releases.
type Records struct {
	All     []*ReleaseRecord // oldest first, of all deployments
	Damaged []DamagedRecord  // that cannot be read, oldest first
}

// A DamagedRecord is a record that cannot be read.
type DamagedRecord struct {
	Key string
	Err error
}

// release is the first digits of the release that the record is of, which its
// key repeats.
func (d DamagedRecord) release() string {
	parts := strings.Split(d.Key, "-")
	if len(parts) != 4 {
		return ""
	}
	return parts[2]
}

// Of lists the records of an owner, oldest first.
func (r *Records) Of(o Owner) []*ReleaseRecord {
	return slices.DeleteFunc(slices.Clone(r.All), func(r *ReleaseRecord) bool { return r.Owner() != o })
}

// Owners lists whose the records are, each owner once, the first one first.
func (r *Records) Owners() []Owner {
	var owners []Owner
	for _, record := range r.All {
		if o := record.Owner(); !slices.Contains(owners, o) {
			owners = append(owners, o)
		}
	}
	return owners
}

// Claim gives an owner the records that its deployment wrote before it had the name
// of an environment: those of its project, account and address.
func (r *Records) Claim(o Owner) {
	before := o
	before.Environment = ""
	for _, record := range r.All {
		if record.Owner() == before {
			record.Environment = o.Environment
		}
	}
}

// ReadRecords reads the records of a store.
func ReadRecords(ctx context.Context, s store.Store) (*Records, error) {
	entries, err := s.List(ctx, recordFolder)
	if err != nil {
		return nil, err
	}
	return readRecords(ctx, s, entries)
}

// readRecords reads the records among the entries of a store.
func readRecords(ctx context.Context, s store.Store, entries []store.Entry) (*Records, error) {
	var keys []string
	for _, e := range entries {
		if strings.HasPrefix(e.Key, recordFolder) && strings.HasSuffix(e.Key, ".json") {
			keys = append(keys, e.Key)
		}
	}
	slices.Sort(keys)
	records, damage := make([]*ReleaseRecord, len(keys)), make([]error, len(keys))
	err := inParallel(ctx, 8, len(keys), func(ctx context.Context, i int) error {
		data, _, err := s.Get(ctx, keys[i])
		if err == nil {
			records[i], damage[i] = parseRecord(data)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &Records{}
	for i, record := range records {
		if damage[i] != nil {
			r.Damaged = append(r.Damaged, DamagedRecord{keys[i], fmt.Errorf("%s in %s: %w", keys[i], s, damage[i])})
			continue
		}
		r.All = append(r.All, record)
	}
	for _, o := range r.Owners() {
		if o.Environment != "" {
			r.Claim(o)
		}
	}
	return r, nil
}

// outlives is how long a release is kept alive after it was replaced: calls in
// progress go on with the documents that they began with, and a call at Twilio
// lasts at most 24 hours.
const outlives = 24 * time.Hour

// alive lists the records of an owner, oldest first, whose releases calls may
// still be in: the newest, and those that were replaced less than a day ago.
func alive(records []*ReleaseRecord, now time.Time) []*ReleaseRecord {
	for i := range records {
		if i+1 == len(records) || now.Sub(records[i+1].At) < outlives {
			return records[i:]
		}
	}
	return nil
}
