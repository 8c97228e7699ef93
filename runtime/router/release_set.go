package router

import (
	"slices"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Callers hear the documents that their call began with to the end, even if the
// bundle is switched meanwhile. Documents never change under their names, so after
// a switch those that the new bundle lacks stay beside the new ones:
//
//	generation 1   A B C        serves A B C
//	generation 2   B C D        serves B C D, and A for calls from before
//	generation 18  D            serves D, and no longer A
//
// A document outlives the last bundle that held it by [generations] switches.

// generations is how many switches a document outlives the bundle it was in. A
// call lasts four hours at most; nobody releases sixteen times in that time.
const generations = 16

// A ReleaseSet is everything that is served at one time: the current bundle, other
// releases beside it, and documents of earlier ones for calls in progress. It
// never changes; a switch makes another.
type ReleaseSet struct {
	digests    []string // of the bundles, the current one first
	generation int
	documents  map[string]entry // by path below public/
	bytes      int              // of all different contents
	since      time.Time        // of the switch
}

// An entry is the document at one path, and the last generation whose bundles held
// it.
type entry struct {
	*document
	path       string
	generation int
}

// A document is a file as it is sent. Its header values are ready to be put
// into a response; paths with equal contents share one document.
type document struct {
	content     []byte
	contentType [1]string
	etag        [1]string
	length      [1]string
}

// An identity is what makes two files the same document.
type identity struct{ digest, contentType string }

// Current returns the digest of the current bundle, "" if there is none yet.
func (s *ReleaseSet) Current() string {
	if len(s.digests) == 0 {
		return ""
	}
	return s.digests[0]
}

// Bundles returns the number of bundles that are served, with the current one.
func (s *ReleaseSet) Bundles() int { return len(s.digests) }

// Documents returns the number of files that are served, with those kept for calls
// in progress.
func (s *ReleaseSet) Documents() int { return len(s.documents) }

// Bytes returns the size of all files together; equal ones count once.
func (s *ReleaseSet) Bytes() int { return s.bytes }

// Since returns the time of the switch to this set.
func (s *ReleaseSet) Since() time.Time { return s.since }

// Content returns the content of a file if it is served, and nil otherwise.
func (s *ReleaseSet) Content(f *bundle.FileRow) []byte {
	if d, ok := s.documents[f.Path]; ok && d.identity() == (identity{f.SHA256, f.Type}) {
		return d.content
	}
	return nil
}

// next returns the set after a switch to some bundles, the current one first:
// where two hold different documents under one path, the earlier bundle wins. A
// bundle is as [bundle.Read] returns it; files without data are left out.
func (s *ReleaseSet) next(bundles []*bundle.Bundle) *ReleaseSet {
	n := &ReleaseSet{generation: s.generation + 1, documents: map[string]entry{}, since: time.Now()}
	shared := make(map[identity]*document, len(s.documents))
	for _, old := range s.documents {
		shared[old.identity()] = old.document
	}
	for _, b := range bundles {
		n.digests = append(n.digests, b.Manifest.Digest)
		for i := range b.Manifest.Files {
			n.add(&b.Manifest.Files[i], b.Data, shared)
		}
	}
	for path, old := range s.documents {
		if _, ok := n.documents[path]; !ok && n.generation-old.generation <= generations {
			n.documents[path] = old
		}
	}
	counted := make(map[*document]bool, len(n.documents))
	for _, d := range n.documents {
		if !counted[d.document] {
			counted[d.document] = true
			n.bytes += len(d.content)
		}
	}
	return n
}

// add adds a file of a bundle, unless its path is taken.
func (s *ReleaseSet) add(f *bundle.FileRow, data map[string][]byte, shared map[identity]*document) {
	content, ok := data[f.Path]
	if _, taken := s.documents[f.Path]; !ok || taken {
		return
	}
	d, ok := shared[identity{f.SHA256, f.Type}]
	if !ok {
		d = newDocument(f, content)
		shared[d.identity()] = d
	}
	s.documents[f.Path] = entry{d, f.Path, s.generation}
}

// is reports whether a set was made by a switch to these bundles, and has all of
// their files. Bundles without a digest cannot be told apart.
func (s *ReleaseSet) is(bundles []*bundle.Bundle) bool {
	return len(s.digests) == len(bundles) && s.digests[0] == bundles[0].Manifest.Digest && !slices.ContainsFunc(bundles, func(b *bundle.Bundle) bool {
		return b.Manifest.Digest == "" || !slices.Contains(s.digests, b.Manifest.Digest) || slices.ContainsFunc(b.Manifest.Files, func(f bundle.FileRow) bool {
			_, given := b.Data[f.Path]
			_, served := s.documents[f.Path]
			return given && !served
		})
	})
}

// newDocument makes a file ready to be sent.
func newDocument(f *bundle.FileRow, content []byte) *document {
	return &document{
		content:     content,
		contentType: [1]string{f.Type},
		etag:        [1]string{`"` + f.SHA256 + `"`},
		length:      [1]string{strconv.Itoa(len(content))},
	}
}

// identity returns the digest inside the entity tag, and the type.
func (d *document) identity() identity {
	return identity{d.etag[0][1 : len(d.etag[0])-1], d.contentType[0]}
}
