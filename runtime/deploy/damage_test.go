package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
)

// damages are ways in which an object can be damaged. "" removes it.
var damages = map[string]func(data []byte) []byte{
	"altered": func(data []byte) []byte { data[len(data)/2] ^= 1; return data },
	"emptied": func([]byte) []byte { return nil },
	"cut":     func(data []byte) []byte { return data[:len(data)/2] },
	"another": func([]byte) []byte { return []byte("<html>Sign in</html>") },
	"removed": nil,
	"retyped": func(data []byte) []byte { return data }, // somebody copied it
}

// Every object of three releases, damaged in every way: drift says so, or apply
// needs it no longer; apply mends what the configuration can, and afterwards all
// numbers are answered by the whole flow.
func TestDamagedObjects(t *testing.T) {
	numbers := phones(2)
	var releases []*bundle.Bundle
	for _, words := range []string{"first", "second", "third"} {
		releases = append(releases, testBundle(numbers, []string{"sales"}, words))
	}
	build := func() *fakeWorld {
		th := newFakeWorld(numbers...)
		for _, b := range releases {
			if err := th.process(t, "a").apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			th.now = th.now.Add(time.Hour)
		}
		return th
	}
	last := releases[2]
	current := storedFiles(last)
	for _, key := range slices.Sorted(maps.Keys(build().store.objects)) {
		if key == "private/lock.json" {
			continue
		}
		for how, damage := range damages {
			th := build()
			object := th.store.objects[key]
			if damage == nil {
				delete(th.store.objects, key)
			} else {
				object.data = damage(slices.Clone(object.data))
				object.sha256, object.version = digest(object.data), md5Of(object.data)
				if how == "retyped" {
					object.options.Type, object.modified = "binary/octet-stream", th.now
				}
				th.store.objects[key] = object
			}
			th.now = th.now.Add(time.Hour)
			p := th.process(t, "b")
			where := fmt.Sprintf("%s %s", key, how)
			if err := th.servesWhatIsWhole(key, how != "retyped", releases); err != nil {
				t.Errorf("%s: serve: %v", where, err)
			}
			said := p.saidBy(t, last)
			p.cleanedWithCare(t, where, key, how, last)
			record, manifest := strings.HasPrefix(key, recordFolder), strings.HasPrefix(key, "private/releases/") && current[key] == nil
			harmless := how == "altered" && !strings.HasPrefix(key, "public/") && !strings.HasPrefix(key, "private/releases/") || // other words
				how == "removed" && (record || manifest) || // as if it had never been, or gc had removed it
				how == "retyped" && !strings.HasPrefix(key, "public/") // nobody is served it
			if !harmless && !strings.Contains(said, key) {
				t.Errorf("%s: nothing says so: %q", where, said)
			}
			if err := p.apply(t.Context(), last); err != nil {
				t.Errorf("%s: apply: %v", where, err)
				continue
			}
			if err := th.answered(last); err != nil {
				t.Errorf("%s: after apply: %v", where, err)
			}
			if want, mendable := current[key]; mendable && !harmless && (!bytes.Equal(th.store.objects[key].data, want) || th.store.objects[key].options.Type != putOptions(key).Type) {
				t.Errorf("%s: apply left %q of the type %s", where, th.store.objects[key].data, th.store.objects[key].options.Type)
			}
		}
	}
}

// servesWhatIsWhole reads the store as a server does that starts: whatever is damaged,
// every other document of the releases is served, and what is not is named.
func (th *fakeWorld) servesWhatIsWhole(key string, damaged bool, releases []*bundle.Bundle) error {
	cache := NewReleaseCache(func(context.Context) (store.Store, error) { return th.store, nil }, nil)
	r, err := cache.Read(context.Background(), func(*bundle.FileRow) []byte { return nil })
	if err != nil {
		return err
	}
	served := map[string]bool{}
	for _, b := range r.Bundles {
		for path, data := range b.Data {
			served["public/"+path] = digest(data) == th.store.objects["public/"+path].sha256
		}
	}
	for _, b := range releases {
		for _, f := range b.Manifest.Files {
			at := "public/" + f.Path
			others := slices.ContainsFunc(releases, func(o *bundle.Bundle) bool {
				return (key != releaseKey(o.Manifest.Digest) || !damaged) && slices.ContainsFunc(o.Manifest.Files, func(row bundle.FileRow) bool { return row.Path == f.Path })
			})
			if whole := (at != key || !damaged) && others; whole != served[at] {
				return fmt.Errorf("%s is served: %t, want %t", at, served[at], whole)
			}
		}
	}
	named := slices.ContainsFunc(r.Damaged, func(err error) bool { return strings.Contains(err.Error(), key) })
	_, there := th.store.objects[key]
	needed := strings.HasPrefix(key, "public/") || strings.HasPrefix(key, "private/releases/") && there
	if needed && damaged && !named || !damaged && len(r.Damaged) > 0 {
		return fmt.Errorf("what is damaged: %v", r.Damaged)
	}
	return nil
}

// saidBy is what looking for drift, planning and cleaning up say.
func (p *process) saidBy(t *testing.T, b *bundle.Bundle) string {
	t.Helper()
	var said []string
	note := func(err error) {
		if err != nil {
			said = append(said, err.Error())
		}
	}
	plan, live, err := p.plan(t.Context(), b)
	note(err)
	if err == nil {
		said = append(said, plan.Uploads...)
		said = append(said, plan.Warnings...)
		problems, err := live.Inspect(t.Context())
		note(err)
		for _, problem := range problems {
			note(problem)
		}
	}
	records, err := ReadRecords(t.Context(), p.store)
	note(err)
	latest, err := records.Latest(p.target.Owner())
	note(err)
	if latest != nil {
		_, problems, err := LoadRelease(t.Context(), p.store, latest.Release)
		note(err)
		for _, problem := range problems {
			note(problem)
		}
	}
	return strings.Join(said, "\n")
}

// cleanedWithCare holds releases and gc to what they can know of a damage: a record that
// cannot be read is named, and whatever is damaged, nothing is removed that a live
// number needs.
func (p *process) cleanedWithCare(t *testing.T, where, key, how string, last *bundle.Bundle) {
	t.Helper()
	records, err := ReadRecords(t.Context(), p.store)
	if err != nil {
		t.Fatal(err)
	}
	unreadable := how != "removed" && how != "altered" && how != "retyped" && strings.HasPrefix(key, recordFolder)
	if named := slices.ContainsFunc(records.Damaged, func(d DamagedRecord) bool { return d.Key == key && strings.Contains(d.Err.Error(), key) }); unreadable && !named {
		t.Errorf("%s: releases does not say so", where)
	}
	lacks, err := FindLacks(t.Context(), p.store, records.All)
	if err != nil {
		t.Fatal(err)
	}
	harmless := how == "removed" && strings.HasPrefix(key, "private/releases/") || // the release is gone
		how == "retyped" && strings.HasPrefix(key, "private/") || // which nobody serves
		how == "altered" && strings.HasPrefix(key, componentFolder) || // perhaps only in words that no caller hears
		strings.HasPrefix(key, recordFolder)
	named := slices.ContainsFunc(lacks.Problems, func(l Problem) bool { return l.Address.Name == key })
	if !harmless && !named || named && how == "retyped" && harmless || lacks.Unread > 0 {
		t.Errorf("%s: the store lacks %v", where, lacks)
	}
	live, err := ReadLive(t.Context(), p.reader, p.store, p.target)
	if err != nil {
		t.Errorf("%s: gc: %v", where, err)
		return
	}
	p.th.now = p.th.now.Add(30 * 24 * time.Hour) // all is old enough to be removed
	defer func() { p.th.now = p.th.now.Add(-30 * 24 * time.Hour) }()
	if live, err = ReadLive(t.Context(), p.reader, p.store, p.target); err != nil {
		t.Errorf("%s: gc: %v", where, err)
		return
	}
	keys, err := live.Garbage(t.Context(), 1)
	if err != nil && !strings.Contains(err.Error(), key) && !strings.HasPrefix(key, "private/releases/") {
		t.Errorf("%s: gc refuses, and does not say because of what: %v", where, err)
	}
	for _, needed := range slices.Sorted(maps.Keys(storedFiles(last))) {
		if slices.Contains(keys, needed) {
			t.Errorf("%s: gc would remove %s", where, needed)
		}
	}
}

// Of very many files only the lengths are compared, and that is said; drift reads all.
func TestLacksOfManyFiles(t *testing.T) {
	numbers := phones(mostLackFiles/2 + 1) // each has a document and a description at least
	th := staged(t, testBundle(numbers, nil, "words"), numbers)
	p := th.process(t, "a")
	records, err := ReadRecords(t.Context(), p.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(th.store.objects)) {
		if strings.HasPrefix(key, "public/") {
			object := th.store.objects[key]
			object.data = damages["altered"](slices.Clone(object.data))
			th.store.objects[key] = object
			break
		}
	}
	lacks, err := FindLacks(t.Context(), p.store, records.All)
	if err != nil || len(lacks.Problems) > 0 || lacks.Unread <= mostLackFiles {
		t.Errorf("%v, %v", lacks, err)
	}
	live, err := ReadLive(t.Context(), p.reader, p.store, p.target)
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := live.Inspect(t.Context()); err != nil || len(problems) != 1 {
		t.Errorf("drift: %v, %v", problems, err)
	}
}

// A release whose files are damaged is not gone back to: no number is changed.
func TestRollbackToDamage(t *testing.T) {
	numbers := phones(2)
	first, second := testBundle(numbers, nil, "first"), testBundle(numbers, nil, "second")
	for _, key := range []string{"public/" + first.Manifest.Numbers[0].Answer, releaseKey(first.Manifest.Digest)} {
		for how, damage := range damages {
			if how == "retyped" && !strings.HasPrefix(key, "public/") {
				continue // which nobody is served
			}
			th := staged(t, first, numbers)
			if err := th.process(t, "a").apply(t.Context(), second); err != nil {
				t.Fatal(err)
			}
			object := th.store.objects[key]
			if damage == nil {
				delete(th.store.objects, key)
			} else {
				object.data = damage(slices.Clone(object.data))
				if how == "retyped" {
					object.options.Type = "binary/octet-stream"
				}
				th.store.objects[key] = memoryObject{object.data, digest(object.data), md5Of(object.data), object.modified, object.options}
			}
			if err := th.process(t, "b").rollback(t.Context()); err == nil {
				t.Errorf("%s %s: no error", key, how)
			}
			if err := th.answered(second); err != nil {
				t.Errorf("%s %s: %v", key, how, err)
			}
		}
	}
}

// A record that cannot be read is named and passed over. What may depend on it is
// refused: letting a number go, and going back to the release before.
func TestDamagedRecords(t *testing.T) {
	numbers := phones(3)
	first, second := testBundle(numbers[:2], []string{"sales"}, "first"), testBundle(numbers[:2], nil, "second")
	th := staged(t, first, numbers)
	if err := th.process(t, "a").apply(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	th.now = th.now.Add(48 * time.Hour)
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(th.store.objects)) {
		if strings.HasPrefix(key, recordFolder) {
			keys = append(keys, key)
		}
	}
	damage := func(key string) {
		th.store.objects[key] = memoryObject{data: []byte("{"), sha256: "x", version: "x", modified: th.now}
	}
	damage(keys[0])
	p := th.process(t, "b")
	plan, _, err := p.plan(t.Context(), second)
	if err != nil || len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0], keys[0]) || len(plan.Changes) != 0 {
		t.Errorf("plan: %v, %s", err, plan.Save())
	}
	if _, _, err := p.plan(t.Context(), testBundle(numbers[:1], nil, "second")); err == nil || !strings.Contains(err.Error(), keys[0]) {
		t.Errorf("letting a number go: %v", err)
	}
	if err := p.apply(t.Context(), testBundle(numbers, nil, "third")); err != nil {
		t.Errorf("apply: %v", err)
	}
	if len(th.account.Queues()) != 1 {
		t.Error("a queue was deleted that the damaged record may name for another deployment")
	}
	if err := p.clean(t.Context(), 1); err != nil {
		t.Errorf("gc: %v", err)
	}
	if c := (chronicle{th: th}); !c.holds(first, "") {
		t.Error("gc removed the release that the damaged record is of")
	}
	damage(keys[1])
	for _, key := range slices.Sorted(maps.Keys(th.store.objects)) {
		if strings.HasPrefix(key, recordFolder) {
			damage(key)
		}
	}
	if err := p.rollback(t.Context()); err == nil || !strings.Contains(err.Error(), "it is unknown which release is deployed") {
		t.Errorf("rollback: %v", err)
	}
	if err := p.apply(t.Context(), testBundle(numbers, nil, "third")); err != nil {
		t.Errorf("apply without any record: %v", err)
	}
	if err := p.inspect(t.Context()); err != nil {
		t.Errorf("drift after apply: %v", err)
	}
}

// What may pass by itself at the public host does not end an apply.
func TestPassingTroubleAtTheHost(t *testing.T) {
	numbers := phones(2)
	b := testBundle(numbers, nil, "words")
	for name, trouble := range map[string]func(*http.Response) (*http.Response, error){
		"500":           func(r *http.Response) (*http.Response, error) { r.StatusCode = 500; return r, nil },
		"503":           func(r *http.Response) (*http.Response, error) { r.StatusCode = 503; return r, nil },
		"429":           func(r *http.Response) (*http.Response, error) { r.StatusCode = 429; return r, nil },
		"no connection": func(*http.Response) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		"broken off":    func(r *http.Response) (*http.Response, error) { r.Body = io.NopCloser(brokenBody{}); return r, nil },
	} {
		for _, times := range []int{1, 3, 4} {
			th := newFakeWorld(numbers...)
			p := th.process(t, "a")
			left := map[string]int{}
			var several sync.Mutex // requests come at once
			p.deploy.Public = roundTrip(func(r *http.Request) (*http.Response, error) {
				response, err := fakeHost{th, ""}.RoundTrip(r)
				several.Lock()
				defer several.Unlock()
				if asked := r.URL.String(); err == nil && left[asked] < times {
					left[asked]++
					return trouble(response)
				}
				return response, err
			})
			err := p.apply(t.Context(), b)
			var refusal *RefusedError
			if times < 4 && err != nil || times == 4 && !errors.As(err, &refusal) {
				t.Errorf("%s, %d times: %v", name, times, err)
			}
		}
	}
}
