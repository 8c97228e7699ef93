package store_test

// Whole deployments to object storage: an emulated one and a real server.

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/sandbox"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

const base, number = "https://calls.zillum.example", "+14155550100"

var target = deploy.Target{Project: "zillum", BaseURL: base, Account: sandbox.SID}

// A deployment is all that apply needs.
type deployment struct {
	deploy.Deployer
	store store.Store
}

func TestDeployToS3(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		s, requests := store.FakeS3(t)
		deployTwice(t, s)
		before := len(requests())
		serves(t, s)
		for _, r := range requests()[before:] {
			if r.Method != http.MethodGet {
				t.Errorf("serving asks %s %s", r.Method, r.URL.Path)
			}
		}
	})
	t.Run("real", func(t *testing.T) {
		s := store.RealS3(t, "s3://ivr-test/deployment")
		deployTwice(t, s)
		serves(t, s)
	})
}

// deployTwice deploys two releases, and goes back to the first and forth again.
func deployTwice(t *testing.T, s store.Store) {
	t.Helper()
	account := sandbox.New(number)
	client, err := twilio.OpenClient(twilio.Credentials{Account: sandbox.SID, User: sandbox.SID, Password: twilio.NewSecret(account.Token)}, twilio.Options{Transport: account})
	if err != nil {
		t.Fatal(err)
	}
	d := &deployment{deploy.Deployer{Account: client, Public: host{s}, Parallel: 4}, s}
	first, second := saying("first words"), saying("second words")
	for _, b := range []*bundle.Bundle{first, second} {
		if p := apply(t, d, b); len(p.Changes) == 0 || len(p.Uploads) == 0 {
			t.Errorf("nothing was to be done: %s", p.Save())
		}
		if p := apply(t, d, b); !p.Empty() {
			t.Errorf("something is left to be done: %s", p.Save())
		}
	}
	records, err := deploy.ReadRecords(t.Context(), s)
	if err != nil || len(records.All) != 2 {
		t.Fatalf("%v, %v", records, err)
	}
	earlier, err := records.Earlier(target.Owner(), "")
	if err != nil {
		t.Fatal(err)
	}
	back, problems, err := deploy.LoadRelease(t.Context(), s, earlier.Release)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if p := apply(t, d, back); len(p.Changes) != 1 || len(p.Uploads) != 0 {
		t.Errorf("going back is %s", p.Save())
	}
	if got, want := account.Numbers()[0].Settings["VoiceUrl"], base+"/"+first.Manifest.Numbers[0].Answer; got != want {
		t.Errorf("the number is answered by %s, want %s", got, want)
	}
	apply(t, d, second)
}

// apply plans and applies a bundle, while nobody else can.
func apply(t *testing.T, d *deployment, b *bundle.Bundle) *deploy.Plan {
	t.Helper()
	lock, err := store.AcquireLock(t.Context(), d.store, store.LockRequest{Operation: "apply", Who: "a@one"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.AcquireLock(t.Context(), d.store, store.LockRequest{Operation: "apply", Who: "b@two"}); !errors.As(err, new(*store.LockedError)) {
		t.Errorf("a second apply: %v", err)
	}
	live, err := deploy.ReadLive(t.Context(), &d.Account.Reader, d.store, target)
	if err != nil {
		t.Fatal(err)
	}
	plan, problems, err := live.Plan(t.Context(), b)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if err := errors.Join(d.Apply(t.Context(), lock, live, plan, b), lock.Release(t.Context())); err != nil {
		t.Fatal(err)
	}
	return plan
}

// serves reads the two releases to serve them, from the store and from a copy of
// it, also while the store is unavailable.
func serves(t *testing.T, s store.Store) {
	t.Helper()
	copied, err := store.Open(t.Context(), "dir:"+filepath.Join(t.TempDir(), "copy"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	away := errors.New("the network is down")
	for _, problem := range []error{nil, nil, away} {
		cache := deploy.NewReleaseCache(func(ctx context.Context) (store.Store, error) { return s, problem }, copied)
		r, err := cache.Read(t.Context(), func(*bundle.FileRow) []byte { return nil })
		if err != nil || len(r.Bundles) != 2 || !errors.Is(r.Unavailable, problem) || len(r.Damaged) > 0 {
			t.Fatalf("%v, %+v", err, r)
		}
		if got := r.Bundles[0].Data["number.main-second/answer.xml"]; !bytes.Contains(got, []byte("second words")) {
			t.Errorf("%s is served", got)
		}
		if err := cache.Copy(t.Context(), r); err != nil {
			t.Error(err)
		}
	}
}

// saying is a bundle with one number, whose callers hear the given words.
func saying(words string) *bundle.Bundle {
	directory := "number.main-" + strings.Fields(words)[0]
	b := &bundle.Bundle{Data: map[string][]byte{
		directory + "/answer.xml": []byte("<Response><Say>" + words + "</Say></Response>"),
		"fallback-x/fallback.xml": []byte("<Response><Say>Sorry.</Say></Response>"),
	}}
	b.Manifest = bundle.Manifest{
		FormatVersion: bundle.FormatVersion, Project: "zillum", Fallback: "fallback-x/fallback.xml",
		Numbers: []bundle.NumberRow{{Name: "main", PhoneNumber: number, Answer: directory + "/answer.xml"}},
		Queues:  []bundle.QueueRow{{Name: "sales", FriendlyName: "zillum/sales", MaxSize: 10}},
	}
	for name, data := range b.Data {
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(name, data))
	}
	slices.SortFunc(b.Manifest.Files, func(x, y bundle.FileRow) int { return strings.Compare(x.Path, y.Path) })
	b.Components = []bundle.Component{{Directory: "fallback-x"}, {Directory: directory, Blocks: []bundle.Block{{Address: "number.main"}}}}
	b.Seal()
	return b
}

// A host serves what is public in a store.
type host struct{ s store.Store }

func (h host) RoundTrip(r *http.Request) (*http.Response, error) {
	data, _, err := h.s.Get(r.Context(), "public"+r.URL.Path)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {bundle.ContentType(r.URL.Path)}}, Body: io.NopCloser(bytes.NewReader(data))}, nil
}
