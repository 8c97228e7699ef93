package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestS3LostAnswer loses the answer to a write on a condition. It happened, so
// the second try finds the condition broken, by ourselves.
func TestS3LostAnswer(t *testing.T) {
	for name, o := range map[string]PutOptions{"absent": {IfAbsent: true}, "version": {IfVersion: oldVersion}} {
		f, s, _ := faulty(t, "lost", 1)
		key := map[bool]string{true: "private/y.json", false: "private/x.json"}[o.IfAbsent]
		e, err := s.Put(t.Context(), key, []byte("new"), o)
		if err != nil || e.Version == "" || len(f.log()) != 3 {
			t.Errorf("%s: %v after %d requests", name, err, len(f.log()))
		}
		holds(t, s, key, "new")

		f, s, _ = faulty(t, "lost", 1)
		f.put("main/"+key, fakeObject{data: []byte("other")}, "", "") // somebody else was faster
		if _, err := s.Put(t.Context(), key, []byte("new"), o); !errors.Is(err, ErrConflict) {
			t.Errorf("%s, and somebody else was faster: %v", name, err)
		}
		holds(t, s, key, "other")
	}
}

// TestS3Simultaneous answers 409, with which S3 tells two writers to try again.
func TestS3Simultaneous(t *testing.T) {
	f, s, _ := faulty(t, "409 ConditionalRequestConflict", 2)
	if _, err := s.Put(t.Context(), "private/x.json", []byte("new"), PutOptions{IfVersion: oldVersion}); err != nil || len(f.log()) != 3 {
		t.Errorf("%v after %d requests", err, len(f.log()))
	}
	f, s, _ = faulty(t, "409 OperationAborted", 2)
	if _, err := s.Put(t.Context(), "private/x.json", []byte("new"), PutOptions{}); err == nil || len(f.log()) != 1 {
		t.Errorf("without a condition: %v after %d requests", err, len(f.log()))
	}
}

// TestS3Spoilt reads answers that are not as they should be.
func TestS3Spoilt(t *testing.T) {
	for _, c := range []struct {
		fault, call string
		again       bool
		says        string
	}{
		{"truncate", "read", true, "the connection was closed (tried 6 times)"},
		{"alter", "read", true, "it was altered on the way"},
		{"truncate", "list", true, "(tried 6 times)"},
		{"no etag", "read", false, "the answer has no ETag, so this is not S3"},
		{"no etag", "write", false, "the answer has no ETag, so this is not S3"},
	} {
		f, s, _ := faulty(t, c.fault, 1)
		if _, err := s3Calls[c.call](t.Context(), s); c.again != (err == nil) {
			t.Errorf("%s, %s once: %v", c.call, c.fault, err)
		}
		f, s, _ = faulty(t, c.fault, 1000)
		_, err := s3Calls[c.call](t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), c.says) || c.again != (len(f.log()) == s3Tries) {
			t.Errorf("%s, %s always: %v after %d requests", c.call, c.fault, err, len(f.log()))
		}
	}
}

// TestS3Hang waits for a store that does not answer, but not for ever, and not
// at all once the command has ended.
func TestS3Hang(t *testing.T) {
	f, s, _ := faulty(t, "hang", 1)
	s.patience = 50 * time.Millisecond
	holds(t, s, "private/x.json", "old")
	f, s, _ = faulty(t, "hang", 1000)
	s.patience = 10 * time.Millisecond
	_, _, err := s.Get(t.Context(), "private/x.json")
	if err == nil || !strings.Contains(err.Error(), "there was no answer: nothing arrived for too long (tried 6 times)") || errors.Is(err, context.Canceled) {
		t.Errorf("a store that hangs: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	f, s, _ = faulty(t, "hang", 1000)
	f.script(func(int) string { cancel(); return "hang" })
	if _, err := s.Put(ctx, "private/x.json", []byte("new"), PutOptions{}); !errors.Is(err, context.Canceled) || len(f.log()) != 1 {
		t.Errorf("ended while it waits: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	f, s, _ = faulty(t, "503", 1000)
	s.pause = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	if _, err := s.List(ctx, ""); !errors.Is(err, context.Canceled) || len(f.log()) != 1 {
		t.Errorf("ended between two tries: %v", err)
	}
}

// TestS3Unreachable asks where nothing listens. The error does not tell the
// address of the request, in which others put credentials.
func TestS3Unreachable(t *testing.T) {
	f, s, waits := faulty(t, "", 0)
	f.Close()
	_, _, err := s.Get(t.Context(), "private/x.json")
	if err == nil || !strings.Contains(err.Error(), "there was no answer: ") || strings.Contains(err.Error(), "Get \"") || len(*waits) != s3Tries-1 {
		t.Errorf("%v after %d waits", err, len(*waits))
	}
	for i, w := range *waits {
		if w < 0 || w >= s3Pause<<i {
			t.Errorf("wait %d is %v", i, w)
		}
	}
}

// TestS3LargeObject sends more than the library would send at once: in parts,
// it would drop the condition.
func TestS3LargeObject(t *testing.T) {
	f := newFakeS3(t)
	s := f.open(t)
	put(t, s, "public/audio/x.wav", "old", PutOptions{})
	large := make([]byte, 17<<20)
	if _, err := s.Put(t.Context(), "public/audio/x.wav", large, PutOptions{IfAbsent: true}); !errors.Is(err, ErrConflict) {
		t.Errorf("over another one: %v", err)
	}
	holds(t, s, "public/audio/x.wav", "old")
	if e, err := s.Put(t.Context(), "public/audio/y.wav", large, PutOptions{IfAbsent: true}); err != nil || e.Size != int64(len(large)) {
		t.Error(err)
	}
	for _, r := range f.log() {
		if r.URL.RawQuery != "" {
			t.Errorf("%s %s is not a plain write", r.Method, r.URL)
		}
	}
}

// TestS3Pages lists a bucket of several pages, with a fault in each.
func TestS3Pages(t *testing.T) {
	f := newFakeS3(t)
	for i := range 2*listPage + 1 {
		f.put("main/public/"+strings.Repeat("x", i%300+1)+string(rune('a'+i/300))+".xml", fakeObject{}, "", "")
	}
	f.put("mainly/public/x.xml", fakeObject{}, "", "")
	f.put("main/public/folder/", fakeObject{}, "", "") // consoles make such
	want := len(f.keys("main/public/")) - 1
	for _, page := range []int{1000, 400} {
		f.page = page
		f.script(func(n int) string {
			if n%4 == 0 {
				return "503"
			}
			return ""
		})
		entries, err := f.open(t).List(t.Context(), "public/")
		if err != nil || len(entries) != want {
			t.Errorf("in pages of %d: %d of %d, %v", page, len(entries), want, err)
		}
	}
}

// TestS3PagesThatDoNotGoOn lists a store that begins anew with every page.
func TestS3PagesThatDoNotGoOn(t *testing.T) {
	f := newFakeS3(t)
	for i := range listPage + 1 {
		f.put(fmt.Sprintf("main/public/%d.xml", i), fakeObject{}, "", "")
	}
	f.forgets = true
	if entries, err := f.open(t).List(t.Context(), "public/"); err == nil || !strings.Contains(err.Error(), "ignores start-after") || entries != nil {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// TestS3NoListing lists a store, or what stands before it, that answers with
// something else. It must not be taken for an empty store.
func TestS3NoListing(t *testing.T) {
	for body, lists := range map[string]bool{
		"<html><body>Sign in</body></html>":                          false,
		"<!DOCTYPE html>\n<html></html>":                             false,
		"<?xml version=\"1.0\"?><!-- x --><ListAllMyBucketsResult/>": false,
		"<Error><Code>SlowDown</Code></Error>":                       false,
		"<Other><ListBucketResult/></Other>":                         false,
		"{}":                                                         false,
		"":                                                           false,
		"<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"x\"></ListBucketResult>": true,
		"<!--" + strings.Repeat("-x", 400) + "--><ListBucketResult/>":                true,
	} {
		env := envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret})
		opened, err := Open(t.Context(), "s3://ivr?region=r", env, &noted{status: 200, body: body})
		if err != nil {
			t.Fatal(err)
		}
		s := opened.(*s3Store)
		s.pause = recorded(new([]time.Duration))
		if entries, err := s.List(t.Context(), ""); (err == nil) != lists || len(entries) != 0 {
			t.Errorf("%q lists %v, %v", body, entries, err)
		}
	}
}

// TestS3ListCutOff ends a listing between two pages, where the library says
// nothing. Half a bucket must not be taken for all of it.
func TestS3ListCutOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	page := noted{status: 200, body: `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>
		<Contents><Key>private/x.json</Key><LastModified>2031-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`}
	env := envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret})
	s, err := Open(ctx, "s3://ivr?region=r", env, thenCancel{&page, cancel})
	if err != nil {
		t.Fatal(err)
	}
	if entries, err := s.List(ctx, ""); !errors.Is(err, context.Canceled) || entries != nil || page.last == nil {
		t.Errorf("half a listing: %v, %v", entries, err)
	}
}

// A thenCancel transport ends the command after each answer.
type thenCancel struct {
	http.RoundTripper
	cancel func()
}

func (a thenCancel) RoundTrip(r *http.Request) (*http.Response, error) {
	defer a.cancel()
	return a.RoundTripper.RoundTrip(r)
}

// TestS3LeavesNothing counts goroutines after every kind of fault.
func TestS3LeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, fault := range []string{"reset", "lost", "hang", "truncate", "503", "page"} {
		f, s, _ := faulty(t, fault, 1000)
		s.patience = time.Millisecond
		for _, call := range s3Calls {
			_, _ = call(t.Context(), s)
		}
		f.Close()
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before+2; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
}

// A slow transport answers that the store is busy, after a while.
type slow time.Duration

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Duration(s))
	return (&noted{status: 503}).RoundTrip(r)
}

// TestS3Budget asks a store that is slow and busy, but not for ever.
func TestS3Budget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret})
		s, err := Open(t.Context(), "s3://ivr?region=r", env, slow(50*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, _, err = s.Get(t.Context(), "private/x.json")
		if took := time.Since(start); err == nil || !strings.Contains(err.Error(), "(tried 3 times)") || took < s3Budget || took > s3Budget+time.Minute {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// TestS3HalfASecret shortens an error in the middle of what nobody may see.
func TestS3HalfASecret(t *testing.T) {
	for n := 200; n < 300; n++ {
		page := &noted{status: 403, body: "<Error><Code>AccessDenied</Code><Message>" + strings.Repeat("x", n) + fakeSecret + "</Message></Error>"}
		s, err := Open(t.Context(), "s3://ivr?region=r", envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret}), page)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), "private/x.json"); err == nil || strings.Contains(err.Error(), fakeSecret[:5]) {
			t.Fatalf("%d: %v", n, err)
		}
	}
}
