package store

// Keys are relative paths, "public/menu.main-6f1…/menu-1.xml". What lies below
// public/ is served to everybody and never changes under its key; what lies
// below private/ is for plans and for people with access to the store.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"
	"unicode"

	"github.com/ivrc/ivrc/runtime/quote"
)

// A Store keeps objects by key. Its methods may be called from several
// goroutines. They retry what may pass by itself, and end with the context.
type Store interface {
	// List returns the objects whose keys begin with prefix, by key. Their
	// versions are "" where that would mean to read them.
	List(ctx context.Context, prefix string) ([]Entry, error)

	// Get returns an object, whole and unaltered. If there is none, the error is
	// an ErrNotFound, and the entry still tells the store's time.
	Get(ctx context.Context, key string) ([]byte, Entry, error)

	// Put writes an object: afterwards the key holds all of data, or what it
	// held before. The error is an ErrConflict if a condition did not hold.
	Put(ctx context.Context, key string, data []byte, o PutOptions) (Entry, error)

	// Delete removes an object. One that is not there is no error.
	Delete(ctx context.Context, key string) error

	// String returns the location, without credentials.
	String() string
}

// An Entry is what a store says of an object.
type Entry struct {
	Key      string
	Size     int64     // bytes
	Version  string    // differs for different contents; what PutOptions.IfVersion compares
	Type     string    // Content-Type, if the store keeps one; a listing does not tell it
	Modified time.Time // when it was written, by the store's clock
	Now      time.Time // the store's clock when it answered, to the second or better
}

// PutOptions say how an object is served, and on which condition it is written.
// At most one condition is set; without any, what is there is replaced. A
// directory keeps no headers: there, the web server sets them.
type PutOptions struct {
	Type         string // Content-Type
	CacheControl string // Cache-Control
	IfAbsent     bool   // write only if there is no such object
	IfVersion    string // write only if this is the version of the object
}

// Two errors of stores that callers act on, by errors.Is.
var (
	ErrNotFound = errors.New("there is no such object")
	ErrConflict = errors.New("somebody else has written it in the meantime")
)

// A Error says which call on which object failed, what the store answered,
// and what to do. It never holds credentials.
type Error struct {
	Call   string // "open", "list", "read", "write" or "delete"
	Key    string // or prefix
	Store  string // the store's location
	Answer string // what the store or the system said
	Advice string // what to do; "" where nothing is known
	Cause  error  // ErrNotFound, ErrConflict, an error of the context or of the system, or nil
}

func (e *Error) Error() string {
	text := fmt.Sprintf("cannot %s %s in %s: %s", e.Call, cmp.Or(e.Key, "everything"), e.Store, e.Answer)
	if e.Call == "open" {
		text = fmt.Sprintf("cannot open %s: %s", e.Store, e.Answer)
	}
	if e.Advice != "" {
		text += ". " + e.Advice
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// maxObject bounds what is read as one object, in bytes: the largest file of a
// bundle is audio, of which Twilio plays 40 minutes.
const maxObject = 512 << 20

// Open opens the store at a location:
//
//	dir:PATH, file:///PATH or just PATH      a directory; made by the first write
//	s3://BUCKET[/PREFIX][?endpoint=URL&region=REGION]
//
// Credentials are never part of a location. They come from where AWS's own
// tools take them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a web identity
// token (as pipelines have), a profile of the shared files, or the role of the
// machine. Env looks up environment variables; AWS's shared files are found by
// the process's own. A nil transport stands for one with sensible time limits.
func Open(ctx context.Context, location string, env func(string) string, transport http.RoundTripper) (Store, error) {
	scheme, _, ok := strings.Cut(location, "://")
	switch {
	case strings.HasPrefix(location, "dir:"):
		return newDirStore(strings.TrimPrefix(location, "dir:"))
	case !ok:
		return newDirStore(location)
	case scheme == "file":
		return newDirStore(filePath(location))
	case scheme == "s3":
		return openS3(ctx, location, env, transport)
	}
	return nil, fmt.Errorf("the store %s://… is of an unknown kind; a store is dir:PATH or s3://BUCKET/PREFIX", quote.Line(scheme))
}

// filePath returns the path of a file URL, or "".
func filePath(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host != "" && u.Host != "localhost" {
		return ""
	}
	if runtime.GOOS == "windows" {
		return strings.TrimPrefix(u.Path, "/") // file:///C:/ivr
	}
	return u.Path
}

// checkKey refuses keys that could leave a directory, that a store would write
// in another way, or that begin with a dot, as the directory's own files do.
func checkKey(key string) error {
	bad := !fs.ValidPath(key) || strings.HasPrefix(key, ".") || strings.Contains(key, "/.") ||
		strings.ContainsFunc(key, func(r rune) bool { return r == '\\' || r == ':' || unicode.IsControl(r) })
	if bad || len(key) > 900 {
		return fmt.Errorf("%s is not the key of an object", quote.Line(key))
	}
	return nil
}
