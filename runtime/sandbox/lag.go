package sandbox

// Lag. Twilio is eventually consistent: what was written shows in lists and
// fetches only after a while. So a lagged table keeps of everything what it was
// and since when; whoever reads at a moment gets the newest version that is
// older than the lag. With a lag of 3 s:
//
//	10:00:00  max_size 100 is written
//	10:00:05  max_size 200 is written
//	10:00:07  a reader sees 100, a writer changes 200

import (
	"slices"
	"time"
)

// A laggedTable keeps things of one kind by SID, in the order in which they were
// made.
type laggedTable[T any] struct {
	order []string // SIDs, also of what is gone
	items map[string][]version[T]
}

// A version is what a thing was from some moment on.
type version[T any] struct {
	since time.Time
	value T
	json  []byte // as the API writes it
	gone  bool   // was removed
}

// put writes a version.
func (t *laggedTable[T]) put(now time.Time, id string, value T, json []byte) {
	if t.items == nil {
		t.items = map[string][]version[T]{}
	}
	if t.items[id] == nil {
		t.order = append(t.order, id)
	}
	t.items[id] = append(t.items[id], version[T]{now, value, json, false})
}

// remove writes that a thing is gone.
func (t *laggedTable[T]) remove(now time.Time, id string) {
	if len(t.items[id]) > 0 {
		t.items[id] = append(t.items[id], version[T]{since: now, gone: true})
	}
}

// at returns the version that a reader sees who sees everything until a moment.
func (t *laggedTable[T]) at(moment time.Time, id string) (version[T], bool) {
	for _, v := range slices.Backward(t.items[id]) {
		if !v.since.After(moment) {
			return v, !v.gone
		}
	}
	return version[T]{}, false
}

// latest returns what a thing is.
func (t *laggedTable[T]) latest(id string) (T, bool) {
	versions := t.items[id]
	if len(versions) == 0 {
		var none T
		return none, false
	}
	last := versions[len(versions)-1]
	return last.value, !last.gone
}

// all lists what there is.
func (t *laggedTable[T]) all() []T {
	var values []T
	for _, id := range t.order {
		if value, ok := t.latest(id); ok {
			values = append(values, value)
		}
	}
	return values
}
