package store

// Object storage in memory, as S3 describes it, with the defects that stores
// have. Tests use it directly as a store, and through HTTP (store_s3_fake_test.go).

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ivrc/ivrc/runtime/quote"
)

// A fakeBucket holds objects in memory.
type fakeBucket struct {
	clock func() time.Time

	ignoresAbsent bool // writes although If-None-Match does not hold
	ignoresMatch  bool // likewise If-Match
	mournsDeleted bool // takes deleted objects for existing ones, when it compares

	mutex   sync.Mutex
	objects map[string]fakeObject
	graves  map[string]bool
}

type fakeObject struct {
	data              []byte
	etag, kind, cache string
	modified          time.Time
}

func newFakeBucket(clock func() time.Time) *fakeBucket {
	return &fakeBucket{clock: clock, objects: map[string]fakeObject{}, graves: map[string]bool{}}
}

// put writes an object, if the conditions hold, and returns the status of HTTP.
func (b *fakeBucket) put(key string, o fakeObject, ifNoneMatch, ifMatch string) (etag string, status int) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	before, exists := b.objects[key]
	switch {
	case ifNoneMatch == "*" && exists && !b.ignoresAbsent:
		return "", 412
	case ifNoneMatch == "*" && b.graves[key] && b.mournsDeleted:
		return "", 412
	case ifMatch != "" && !exists && !b.ignoresMatch:
		return "", 404
	case ifMatch != "" && before.etag != ifMatch && !b.ignoresMatch:
		return "", 412
	}
	sum := md5.Sum(o.data)
	o.etag, o.modified = hex.EncodeToString(sum[:]), b.clock().Truncate(time.Second)
	b.objects[key] = o
	return o.etag, 200
}

func (b *fakeBucket) get(key string) (fakeObject, bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	o, ok := b.objects[key]
	return o, ok
}

func (b *fakeBucket) remove(key string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if _, ok := b.objects[key]; ok {
		b.graves[key] = true
	}
	delete(b.objects, key)
}

// keys lists the keys with a prefix.
func (b *fakeBucket) keys(prefix string) []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(b.objects)), func(key string) bool { return !strings.HasPrefix(key, prefix) })
}

// A bucketStore is a bucket as a store, without HTTP and without faults.
type bucketStore struct{ *fakeBucket }

func (s bucketStore) String() string { return "memory" }

func (s bucketStore) List(_ context.Context, prefix string) ([]Entry, error) {
	var entries []Entry
	for _, key := range s.keys(prefix) {
		o, _ := s.get(key)
		entries = append(entries, Entry{Key: key, Size: int64(len(o.data)), Modified: o.modified, Now: s.now()})
	}
	return entries, nil
}

func (s bucketStore) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	if ctx.Err() != nil {
		return nil, Entry{}, s.failed("read", key, ctx.Err())
	}
	o, ok := s.get(key)
	if !ok {
		return nil, Entry{Key: key, Now: s.now()}, s.failed("read", key, ErrNotFound)
	}
	return o.data, Entry{Key: key, Size: int64(len(o.data)), Version: o.etag, Modified: o.modified, Now: s.now()}, nil
}

func (s bucketStore) Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error) {
	if err := checkKey(key); err != nil {
		return Entry{}, s.failed("write", key, err)
	}
	if ctx.Err() != nil {
		return Entry{}, s.failed("write", key, ctx.Err())
	}
	absent := ""
	if o.IfAbsent {
		absent = "*"
	}
	etag, status := s.put(key, fakeObject{data: slices.Clone(data), kind: o.Type, cache: o.CacheControl}, absent, o.IfVersion)
	if status != 200 {
		return Entry{Key: key, Now: s.now()}, s.failed("write", key, ErrConflict)
	}
	return Entry{Key: key, Size: int64(len(data)), Version: etag, Modified: s.now(), Now: s.now()}, nil
}

func (s bucketStore) Delete(_ context.Context, key string) error {
	s.remove(key)
	return nil
}

// now is the store's clock as HTTP tells it.
func (s bucketStore) now() time.Time { return s.clock().Truncate(time.Second) }

func (s bucketStore) failed(call, key string, err error) error {
	return &Error{Call: call, Key: quote.Line(key), Store: s.String(), Answer: err.Error(), Cause: err}
}
