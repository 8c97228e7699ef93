package deploy

// What the files in the store hold. A file is named by its content, so what the
// store has under a name can be compared with what it should be: by its size, by
// the digest in a listing where that is the content's, and otherwise by reading.
// A description of a component is named by what it describes; two that differ in
// words that no caller hears have one name. So it need only be a description.
//
// A file that has the right content may be stored with a wrong type, by whoever copied
// it; a host that serves the store then sends documents that Twilio does not read. A
// listing does not tell types. But it tells when a file was written, and what was
// written after the release was recorded, somebody else wrote.

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/quote"
	"github.com/ivrc/ivrc/runtime/store"
)

// readers is how many files are read at the same time.
const readers = 16

// document is the path of the document that answers a path: of a decision, the
// one that answers when nothing else does.
func document(path string) string {
	if d, ok := bundle.DecisionAt(path); ok {
		return d.Document(bundle.Otherwise)
	}
	return path
}

// wrong finds the files of a bundle that the store has with other content.
func (l *Live) wrong(ctx context.Context, b *bundle.Bundle) (map[string]bool, error) {
	listed := map[string]store.Entry{}
	for _, e := range l.entries {
		listed[e.Key] = e
	}
	recorded := l.recorded(b.Manifest.Digest, listed)
	contents, files := storedFiles(b), objects(b)
	if key := releaseKey(b.Manifest.Digest); l.deployed() == b.Manifest.Digest { // else it is written anyway
		files[key] = Object{digest(contents[key]), int64(len(contents[key]))}
	}
	wrong := map[string]bool{}
	var unknown []string
	for key, file := range files {
		have, there := l.State[Address{KindObject, key}].(Object)
		switch {
		case !there:
		case have.Size != file.Size && !strings.HasPrefix(key, componentFolder):
			wrong[key] = true
		case len(contents[key]) == 0 || listed[key].Version != md5Of(contents[key]) || listed[key].Modified.After(recorded):
			unknown = append(unknown, key)
		}
	}
	bad, err := altered(ctx, l.store, unknown, files)
	for key := range bad {
		wrong[key] = true
	}
	return wrong, err
}

// recorded is when the owner first recorded a release, and otherwise when anybody last
// recorded one. What an apply wrote is older.
func (l *Live) recorded(release string, listed map[string]store.Entry) (at time.Time) {
	for _, r := range l.Records {
		if r.Release == release {
			return listed[r.key()].Modified
		}
	}
	for _, r := range l.all.All {
		if modified := listed[r.key()].Modified; modified.After(at) {
			at = modified
		}
	}
	return at
}

// altered reads files, and says what is wrong with those that are not what they should
// be.
func altered(ctx context.Context, s store.Store, keys []string, files map[string]Object) (map[string]string, error) {
	found := map[string]string{}
	var mutex sync.Mutex
	slices.Sort(keys)
	err := inParallel(ctx, readers, len(keys), func(ctx context.Context, i int) error {
		data, entry, err := s.Get(ctx, keys[i])
		what := ""
		switch {
		case err != nil && !isNotFound(err):
			return err
		case err != nil:
			what = "is missing from the store"
		case !sound(keys[i], data, files[keys[i]]):
			what = "is damaged"
		case retyped(entry):
			what = fmt.Sprintf("is stored with the type %s, and Twilio needs %s", quote.Line(entry.Type), bundle.ContentType(entry.Key))
		default:
			return nil
		}
		mutex.Lock()
		defer mutex.Unlock()
		found[keys[i]] = what
		return nil
	})
	return found, err
}

// sound reports whether a file holds what it should.
func sound(key string, data []byte, file Object) bool {
	directory, description := strings.CutPrefix(key, componentFolder)
	if !description {
		return digest(data) == file.SHA256
	}
	c, err := bundle.ParseComponent(data)
	return err == nil && c.Directory+".json" == directory
}

// retyped reports whether a store would serve a file with another type than it must
// have.
func retyped(e store.Entry) bool {
	return e.Type != "" && strings.HasPrefix(e.Key, "public/") && !sameType(e.Type, bundle.ContentType(e.Key))
}

// md5Of is what object storage calls the ETag of data, where it is the content's.
func md5Of(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// Inspect reads every file of every release of the owner that is in the store,
// and says what is damaged or missing there. It changes nothing.
func (l *Live) Inspect(ctx context.Context) ([]Problem, error) {
	manifests, damaged, err := l.manifests(ctx)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	own := map[string]bool{}
	for _, r := range l.Records {
		own[r.Release] = true
		if err := damaged[r.Release]; err != nil {
			problems = append(problems, Problem{Address{KindObject, releaseKey(r.Release)}, err.Error()})
		}
	}
	files, releases := map[string]Object{}, map[string]string{}
	for _, m := range manifests {
		if !own[m.Digest] {
			continue
		}
		for _, f := range m.Files {
			files["public/"+f.Path], releases["public/"+f.Path] = Object{f.SHA256, int64(f.Size)}, m.Digest
			if key := componentFolder + folder(f.Path) + ".json"; folder(f.Path) != "audio" {
				files[key], releases[key] = Object{}, m.Digest
			}
		}
	}
	bad, err := altered(ctx, l.store, slices.Collect(maps.Keys(files)), files)
	for _, key := range slices.Sorted(maps.Keys(bad)) {
		problems = append(problems, Problem{Address{KindObject, key}, fmt.Sprintf("it %s; release %.12s needs it", bad[key], releases[key])})
	}
	for _, d := range l.Damaged {
		problems = append(problems, Problem{Address{KindObject, d.Key}, d.Err.Error()})
	}
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a == b }), err
}

// storedFiles are the files of a bundle by their keys in the store.
func storedFiles(b *bundle.Bundle) map[string][]byte {
	files := make(map[string][]byte, len(b.Data)+len(b.Components))
	for name, data := range b.Data {
		files["public/"+name] = data
	}
	for name, data := range b.Private() {
		files[privateKey(b, name)] = data
	}
	return files
}

// putOptions are how a key is served.
func putOptions(key string) store.PutOptions {
	o := store.PutOptions{Type: "application/json", CacheControl: "no-store", IfAbsent: true}
	if kind := bundle.ContentType(key); kind != "" && strings.HasPrefix(key, "public/") {
		o.Type, o.CacheControl = kind, "public, max-age=31536000, immutable"
	}
	return o
}
