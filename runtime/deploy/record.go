package deploy

// Releases. The store keeps the manifest of every bundle that was deployed, and
// a record of every time that numbers were pointed at one:
//
//	private/releases/<digest>.json           the manifest, written after all other files
//	private/applied/<time>-<sequence>-<digest>-<id>.json   who, when, and what the numbers were before
//
// The time is the store's, which may tell no more than seconds; of two records of
// the same second, the one with the greater sequence of the lock is later.
//
// Records are written once and never changed. They are all that is remembered:
// what a number was before it was adopted, which release came before, and since
// when nobody needs an old one.

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
	Account       string                        `json:"account"`
	BaseURL       string                        `json:"base_url"`
	Before        map[string]twilio.PhoneNumber `json:"before,omitempty"` // settings of the numbers that were changed, by E.164
	Numbers       map[string]string             `json:"numbers"`          // the path that answers each number, by E.164
	Queues        []string                      `json:"queues,omitempty"` // friendly names that the release needs
}

// RecordVersion is the version of the form of records.
const RecordVersion = "1.0"

// key is where a record is kept. Keys sort by time, and no two are alike.
func (r *ReleaseRecord) key() string {
	return fmt.Sprintf("private/applied/%s-%010d-%.12s-%.8s.json", r.At.UTC().Format("20060102T150405.000Z"), r.Sequence, r.Release, r.ID)
}

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

// outlives is how long a release is kept alive after it was replaced: calls in
// progress go on with the documents that they began with, and a call at Twilio
// lasts at most 24 hours.
const outlives = 24 * time.Hour

// history is what records, oldest first, say of the numbers and queues of now.
func history(records []*ReleaseRecord, t Target, now time.Time) History {
	h := History{Settings: map[string]twilio.PhoneNumber{}, Queues: map[string]bool{}, Waiting: map[string]int{}}
	for i, r := range records {
		for phone, before := range r.Before {
			if !t.ours(before) {
				h.Settings[phone] = before
			}
		}
		replaced := i+1 < len(records)
		if !replaced || now.Sub(records[i+1].At) < outlives {
			for _, name := range r.Queues {
				h.Queues[name] = true
			}
		}
	}
	if len(records) > 0 { // the newest release is what is deployed; a new one decides for itself
		for _, name := range records[len(records)-1].Queues {
			h.Queues[name] = true
		}
	}
	return h
}

// readRecords reads the records among the entries of a store.
func readRecords(ctx context.Context, s store.Store, entries []store.Entry) ([]*ReleaseRecord, error) {
	var keys []string
	for _, e := range entries {
		if strings.HasPrefix(e.Key, "private/applied/") {
			keys = append(keys, e.Key)
		}
	}
	slices.Sort(keys)
	records := make([]*ReleaseRecord, len(keys))
	err := inParallel(ctx, 8, len(keys), func(ctx context.Context, i int) error {
		data, _, err := s.Get(ctx, keys[i])
		if err != nil {
			return err
		}
		if records[i], err = parseRecord(data); err != nil {
			return fmt.Errorf("%s in %s: %w", keys[i], s, err)
		}
		return nil
	})
	return records, err
}

// Releases lists the records of a store, oldest first.
func Releases(ctx context.Context, s store.Store) ([]*ReleaseRecord, error) {
	entries, err := s.List(ctx, "private/applied/")
	if err != nil {
		return nil, err
	}
	return readRecords(ctx, s, entries)
}

// Describe writes a record on a line for people.
func (r *ReleaseRecord) Describe() string {
	return fmt.Sprintf("%s  %.12s  %d numbers  %s", r.At.UTC().Format("2006-01-02 15:04:05"), r.Release, len(r.Numbers), r.Who)
}
