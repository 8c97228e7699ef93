package store

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
)

// FuzzStoreLocation reads locations. One that is understood is written in a way
// that means the same, and tells no credentials.
func FuzzStoreLocation(f *testing.F) {
	for _, location := range []string{
		"s3://ivr", "s3://ivr/main?endpoint=http://127.0.0.1:9000&region=r", "s3://a:b@ivr", "s3://ivr?region=%20%26endpoint=x", "s3://ivr/%2e%2e/x", "s3://ivr/a b?", "s3://000/%230", "s3://ivr/%3Fa=b", "s3://ivr/%2541", "s3://ivr/a%20b%2Bc+d", "s3://ivr/é%2Ff//",
	} {
		f.Add(location)
	}
	none := func(string) string { return "" }
	f.Fuzz(func(t *testing.T, location string) {
		p, err := parseS3(location, none)
		if err != nil {
			return
		}
		again, err := parseS3(p.String(), none)
		if err != nil || *again.endpoint != *p.endpoint || again.bucket != p.bucket || again.prefix != p.prefix || again.region != p.region {
			t.Errorf("%q is written as %q, which is %+v (%v), not %+v", location, p, again, err, p)
		}
		if strings.Contains(p.String(), "@") && !strings.Contains(p.prefix+p.said, "@") {
			t.Errorf("%q is written as %q", location, p)
		}
	})
}

// FuzzLockRecord reads anything as a lock. What is no lock is refused, and what
// is told of its holder is harmless.
func FuzzLockRecord(f *testing.F) {
	f.Add(`{"format_version": "1.0", "sequence": 3, "store": "memory", "holder": null}`)
	f.Add(`{"format_version": "1.0", "sequence": 3, "holder": {"id": "\u001b]8;;", "who": "a\nb", "created": "2031-01-01T00:00:00Z"}}`)
	f.Add(`{"sequence": 1e99}`)
	f.Fuzz(func(t *testing.T, text string) {
		s := bucketStore{newFakeBucket(func() time.Time { return time.Unix(1e9, 0) })}
		s.put(LockKey, fakeObject{data: []byte(text)}, "", "")
		state, err := locker{store: s, now: time.Now}.look(t.Context())
		if err == nil && (state.record.Sequence < 1 || state.version == "") {
			t.Errorf("%q is taken for the lock %+v", text, state)
		}
		if h := state.holder(); h != nil {
			harmless(t, h.ID+h.Operation+h.Who+h.Version)
		}
	})
}

// FuzzS3Answer lets a store answer anything. The error is one of a store, tells
// no credentials, and obeys no terminal; and no call succeeds unless the answer
// is one of success.
func FuzzS3Answer(f *testing.F) {
	f.Add(403, "<Error><Code>AccessDenied</Code><Message>\x1b[31m"+fakeSecret+"</Message></Error>")
	f.Add(200, "<ListBucketResult><Contents><Key>private/x</Key></Contents></ListBucketResult>")
	f.Add(301, "<html>")
	f.Add(204, "<stBu>")
	f.Add(503, strings.Repeat("x", 1000))
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		n := &noted{status: status, body: body}
		opened, err := Open(t.Context(), "s3://ivr?region=r", envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret}), n)
		if err != nil {
			t.Fatal(err)
		}
		s := opened.(*s3Store)
		s.pause = recorded(new([]time.Duration))
		for name, call := range s3Calls {
			_, err := call(t.Context(), s)
			var e *Error
			switch {
			case err == nil && status > 299 && !(name == "delete" && status == 404):
				t.Errorf("%s: %d is taken for success", name, status)
			case err != nil && !errors.As(err, &e):
				t.Errorf("%s: %v", name, err)
			case err != nil:
				harmless(t, err.Error())
				if strings.Contains(err.Error(), fakeSecret) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	})
}

// harmless fails the test if a terminal would obey a text.
func harmless(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("not printable: %q", text)
	}
}
