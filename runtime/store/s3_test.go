package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recorded stands for waiting: it notes how long, and goes on at once.
func recorded(into *[]time.Duration) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		*into = append(*into, d)
		return ctx.Err()
	}
}

func TestStoreS3(t *testing.T) {
	storeSuite(t, func(t *testing.T) Store { return newFakeS3(t).open(t) })
}

// TestS3Headers looks at what is sent for an object.
func TestS3Headers(t *testing.T) {
	f := newFakeS3(t)
	s := f.open(t)
	put(t, s, "public/a.xml", "<Response/>", PutOptions{Type: "text/xml; charset=utf-8", CacheControl: "public, max-age=31536000, immutable", IfAbsent: true})
	o, ok := f.get("main/public/a.xml")
	if !ok || o.kind != "text/xml; charset=utf-8" || o.cache != "public, max-age=31536000, immutable" {
		t.Errorf("stored as %+v, %v", o, ok)
	}
	log := f.log()
	if len(log) != 1 {
		t.Fatalf("%d requests for one small object", len(log))
	}
	r, sum := log[0], sha256.Sum256([]byte("<Response/>"))
	for name, want := range map[string]string{
		"x-amz-content-sha256":  hex.EncodeToString(sum[:]),
		"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(sum[:]),
		"If-None-Match":         "*",
		"If-Match":              "",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if sent := fmt.Sprint(r.Header, r.URL); strings.Contains(sent, fakeSecret) || !strings.Contains(sent, "ivrc/") {
		t.Errorf("sent: %s", sent)
	}
}

// TestS3Faults lets each call meet each fault, once and for ever. What may pass
// is tried again, and each write happens once.
func TestS3Faults(t *testing.T) {
	for _, c := range []struct {
		fault string
		again bool   // whether it is tried again
		says  string // in the end
	}{
		{"500 InternalError", true, "the store answered 500 InternalError: About InternalError: *** *** (request REQ1) (tried 6 times). Wait a moment and run the command again"},
		{"503 SlowDown", true, "503 SlowDown"},
		{"503", true, "the store answered 503 Service Unavailable (request REQ1) (tried 6 times). Wait a moment"},
		{"429", true, "429 Too Many Requests"},
		{"400 RequestTimeout", true, "400 RequestTimeout"},
		{"400 BadDigest", true, "400 BadDigest"},
		{"page", true, "the store answered 502 Bad Gateway (tried 6 times). Wait a moment"},
		{"reset", true, "there was no answer: the connection was closed (tried 6 times). Check that the endpoint is right"},
		{"lost", true, "there was no answer: the connection was closed (tried 6 times)"},
		{"501 NotImplemented", false, "A store without conditional writes (If-None-Match, If-Match) cannot be deployed to"},
		{"403 AccessDenied", false, "Allow s3:"},
		{"403", false, "the store answered 403 Forbidden (request REQ1). Allow s3:"},
		{"403 InvalidAccessKeyId", false, "The store does not know this access key"},
		{"403 SignatureDoesNotMatch", false, "The secret does not belong to the access key"},
		{"403 RequestTimeTooSkewed", false, "This machine's clock is wrong; set it"},
		{"400 ExpiredToken", false, "The credentials have expired"},
		{"301 PermanentRedirect", false, "The bucket is in the region eu-central-1; add region=eu-central-1 to the store's location"},
		{"400 AuthorizationHeaderMalformed", false, "The bucket is in the region eu-central-1"},
		{"404 NoSuchBucket", false, "Create the bucket, or correct its name"},
		{"404", false, "This is not how S3 answers; check that the endpoint is one for the S3 API"},
		{"405 MethodNotAllowed", false, "The endpoint may be one for websites"},
	} {
		for name, call := range s3Calls {
			t.Run(c.fault+", "+name, func(t *testing.T) {
				testFaultOnce(t, c.fault, c.again, call)
				testFaultAlways(t, c.fault, c.again, c.says, call)
			})
		}
	}
}

// s3Calls are the calls of a store, each on a bucket that holds "old" as
// private/x.json. They return what they read.
var s3Calls = map[string]func(ctx context.Context, s *s3Store) (string, error){
	"list": func(ctx context.Context, s *s3Store) (string, error) {
		entries, err := s.List(ctx, "")
		return fmt.Sprint(len(entries)), err
	},
	"read": func(ctx context.Context, s *s3Store) (string, error) {
		data, _, err := s.Get(ctx, "private/x.json")
		return string(data), err
	},
	"write": func(ctx context.Context, s *s3Store) (string, error) {
		_, err := s.Put(ctx, "private/x.json", []byte("new"), PutOptions{})
		return "", err
	},
	"write if absent": func(ctx context.Context, s *s3Store) (string, error) {
		_, err := s.Put(ctx, "private/y.json", []byte("new"), PutOptions{IfAbsent: true})
		return "", err
	},
	"write if version": func(ctx context.Context, s *s3Store) (string, error) {
		_, err := s.Put(ctx, "private/x.json", []byte("new"), PutOptions{IfVersion: oldVersion})
		return "", err
	},
	"delete": func(ctx context.Context, s *s3Store) (string, error) {
		return "", s.Delete(ctx, "private/x.json")
	},
}

// oldVersion is the version of "old".
const oldVersion = "149603e6c03516362a8da23f624db945"

// faulty makes a bucket for s3Calls, with a fault in the first requests.
func faulty(t *testing.T, fault string, times int) (*fakeS3, *s3Store, *[]time.Duration) {
	f := newFakeS3(t)
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	s := f.open(t)
	put(t, s, "private/x.json", "old", PutOptions{})
	f.script(func(n int) string {
		if n < times {
			return fault
		}
		return ""
	})
	var waits []time.Duration
	s.pause = recorded(&waits)
	return f, s, &waits
}

func testFaultOnce(t *testing.T, fault string, again bool, call func(context.Context, *s3Store) (string, error)) {
	clean, same, _ := faulty(t, "", 0)
	want, err := call(t.Context(), same)
	if err != nil {
		t.Fatal(err)
	}
	f, s, waits := faulty(t, fault, 1)
	got, err := call(t.Context(), s)
	if again != (err == nil) || again && got != want {
		t.Fatalf("after one fault: %q, %v", got, err)
	}
	if again && (len(*waits) != 1 || (*waits)[0] >= s3Pause && (*waits)[0] != 7*time.Second) {
		t.Errorf("waited %v", *waits)
	}
	if diff := cmp.Diff(contents(clean), contents(f)); again && diff != "" {
		t.Errorf("the bucket differs (-clean +faulty):\n%s", diff)
	}
}

// contents is what a bucket holds.
func contents(f *fakeS3) map[string]string {
	m := map[string]string{}
	for _, key := range f.keys("") {
		o, _ := f.get(key)
		m[key] = string(o.data)
	}
	return m
}

func testFaultAlways(t *testing.T, fault string, again bool, says string, call func(context.Context, *s3Store) (string, error)) {
	f, s, waits := faulty(t, fault, 1000)
	_, err := call(t.Context(), s)
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(err.Error(), says) {
		t.Errorf("the error is %v, want %q", err, says)
	}
	if tries := len(f.log()); again && tries != s3Tries || !again && tries != 1 || len(*waits) != tries-1 {
		t.Errorf("%d requests, %d waits", tries, len(*waits))
	}
	if text := fmt.Sprintf("%v %+v", err, e); strings.Contains(text, fakeKey) || strings.Contains(text, fakeSecret) {
		t.Errorf("the error holds credentials: %s", text)
	}
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) || errors.Is(err, context.Canceled) {
		t.Errorf("the error is taken for another one: %v", err)
	}
}
