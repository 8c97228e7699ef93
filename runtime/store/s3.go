package store

// Object storage that speaks S3, as a store: Amazon's, Cloudflare's R2, MinIO
// and many others. A write is one PUT with its SHA-256 signed, which the store
// compares, and with the condition as If-None-Match or If-Match; so it happens
// whole or not at all. An answer that was lost on the way is made good:
//
//	PUT private/lock.json  If-Match: "41d2"     the connection breaks
//	PUT private/lock.json  If-Match: "41d2"     412: it is not "41d2" any longer
//	GET private/lock.json                       what we wrote: the first try had arrived
//
// The library is kept from sending anything in parts, because it drops the
// condition then, and from trying again, which is done here.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/ivrc/ivrc/runtime/quote"
)

type s3Store struct {
	client   *minio.Core
	bucket   string
	prefix   string // of every key: "" or "main/"
	location string
	keys     *keyring
	plainSum bool // the store takes no checksum headers, only the signed one

	pause    func(context.Context, time.Duration) error // between tries
	patience time.Duration                              // with a connection on which nothing moves
}

// listPage is how many objects one request lists, the most that S3 allows.
const listPage = 1000

func (s *s3Store) String() string { return s.location }

// List asks for page after page, each beginning behind the last key.
func (s *s3Store) List(ctx context.Context, prefix string) ([]Entry, error) {
	options := minio.ListObjectsOptions{
		Prefix: s.prefix + prefix, Recursive: true, MaxKeys: listPage, FetchOwner: new(bool),
	}
	var entries []Entry
	for {
		var page []minio.ObjectInfo
		answer, err := s.call(ctx, s3Request{call: "list", key: prefix}, func(ctx context.Context) (err error) {
			page, err = s.page(ctx, options)
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(page) > 0 && page[0].Key <= options.StartAfter {
			return nil, s.failed("list", prefix, errNoPages)
		}
		for _, o := range page {
			key := strings.TrimPrefix(o.Key, s.prefix)
			if strings.HasPrefix(key, prefix) && checkKey(key) == nil {
				entries = append(entries, Entry{Key: key, Size: o.Size, Version: strings.Trim(o.ETag, `"`), Modified: o.LastModified, Now: answer.now})
			}
		}
		if len(page) < listPage {
			break
		}
		options.StartAfter = page[len(page)-1].Key
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
	return entries, nil
}

// page lists up to listPage objects. The library ends a listing without a word
// when its context ends, which must not look like the end of the bucket.
func (s *s3Store) page(ctx context.Context, options minio.ListObjectsOptions) ([]minio.ObjectInfo, error) {
	var page []minio.ObjectInfo
	for o := range s.client.ListObjectsIter(ctx, s.bucket, options) {
		if o.Err != nil {
			return nil, o.Err
		}
		if page = append(page, o); len(page) == listPage {
			break
		}
	}
	if a := answerOf(ctx); a != nil && a.noListing {
		return nil, errNoListing
	}
	return page, ctx.Err()
}

func (s *s3Store) Get(ctx context.Context, key string) ([]byte, Entry, error) {
	if err := checkKey(key); err != nil {
		return nil, Entry{}, s.failed("read", key, err)
	}
	var data []byte
	var info minio.ObjectInfo
	answer, err := s.call(ctx, s3Request{call: "read", key: key}, func(ctx context.Context) (err error) {
		data, info, err = s.get(ctx, key)
		return err
	})
	entry := Entry{Key: key, Now: answer.now}
	if err != nil {
		return nil, entry, err
	}
	entry.Size, entry.Version, entry.Type, entry.Modified = int64(len(data)), info.ETag, info.ContentType, info.LastModified
	return data, entry, nil
}

// get reads an object and compares it with its checksum, where the store has one.
func (s *s3Store) get(ctx context.Context, key string) ([]byte, minio.ObjectInfo, error) {
	body, info, header, err := s.client.GetObject(ctx, s.bucket, s.prefix+key, minio.GetObjectOptions{Checksum: true})
	if err != nil {
		return nil, info, err
	}
	if body == nil { // after a status such as 204 the library returns neither a body nor an error
		return nil, info, errNoObject
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxObject+1))
	switch {
	case err != nil:
		return nil, info, err
	case len(data) > maxObject:
		return nil, info, errTooLarge
	case info.ETag == "":
		return nil, info, errNoVersion
	}
	sum := sha256.Sum256(data)
	want := header.Get("x-amz-checksum-sha256")
	if want != "" && !strings.Contains(want, "-") && want != base64.StdEncoding.EncodeToString(sum[:]) {
		return nil, info, errors.New("it was altered on the way: its SHA-256 is not the one that the store reports")
	}
	return data, info, nil
}

// What is wrong with an answer that will not be better the next time.
var (
	errNoObject  = errors.New("the answer holds no object, so this is not S3")
	errNoVersion = errors.New("the answer has no ETag, so this is not S3")
	errNoListing = errors.New("the answer is not a listing of objects")
	errNoPages   = errors.New("the store ignores start-after, so a long list never ends")
	errTooLarge  = fmt.Errorf("it is larger than %d MiB", maxObject>>20)
)

func (s *s3Store) Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error) {
	if err := checkKey(key); err != nil {
		return Entry{}, s.failed("write", key, err)
	}
	var info minio.UploadInfo
	r := s3Request{call: "write", key: key, conditional: o.IfAbsent || o.IfVersion != ""}
	answer, err := s.call(ctx, r, func(ctx context.Context) (err error) {
		info, err = s.put(ctx, key, data, o)
		return err
	})
	if errors.Is(err, ErrConflict) && answer.tries > 1 {
		if there, entry, e := s.Get(ctx, key); e == nil && bytes.Equal(there, data) {
			return entry, nil
		}
	}
	entry := Entry{Key: key, Now: answer.now}
	if err != nil {
		return entry, err
	}
	entry.Size, entry.Version, entry.Modified = int64(len(data)), info.ETag, answer.now
	return entry, nil
}

func (s *s3Store) put(ctx context.Context, key string, data []byte, o PutOptions) (minio.UploadInfo, error) {
	sum := sha256.Sum256(data)
	options := minio.PutObjectOptions{
		ContentType: o.Type, CacheControl: o.CacheControl,
		DisableMultipart:     true,
		DisableContentSha256: true, // the one of each chunk, for the one of all
	}
	if !s.plainSum {
		options.UserMetadata = map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(sum[:])}
	}
	if o.IfAbsent {
		options.SetMatchETagExcept("*")
	}
	if o.IfVersion != "" {
		options.SetMatchETag(o.IfVersion)
	}
	info, err := s.client.PutObject(ctx, s.bucket, s.prefix+key, bytes.NewReader(data), int64(len(data)),
		"", hex.EncodeToString(sum[:]), options)
	if err == nil && info.ETag == "" {
		err = errNoVersion
	}
	return info, err
}

func (s *s3Store) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return s.failed("delete", key, err)
	}
	_, err := s.call(ctx, s3Request{call: "delete", key: key}, func(ctx context.Context) error {
		return s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{})
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// failed reports what was found before anything was asked of the store.
func (s *s3Store) failed(call, key string, err error) error {
	return &Error{Call: call, Key: quote.Line(key), Store: s.location, Answer: err.Error(), Cause: err}
}
