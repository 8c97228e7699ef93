package router

import (
	"slices"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A caller hears the documents with which the call began to the end, even if
// the bundle is switched meanwhile. Documents never change under their names, so
// a switch keeps those that the new bundle lacks beside the new ones:
//
//	generation 1   A B C        serves A B C
//	generation 2   B C D        serves B C D, and A for calls from before
//	generation 18  D            serves D, and no longer A
//
// A document outlives the last bundle that held it by [generations] switches.

// generations is how many switches a document outlives the bundle it was in. A
// call lasts four hours at most; nobody releases sixteen times in that time.
const generations = 16

// A site is all documents that are served at one time. It is never changed.
type site struct {
	digests    []string // of the bundles, the current one first
	generation int
	documents  map[string]slot // by path below public/
	bytes      int             // of all different contents
	since      time.Time       // of the switch
}

// A slot is one path's document and the last generation whose bundle held it.
type slot struct {
	*document
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

// identity is what makes two files the same document.
type identity struct{ digest, contentType string }

// next returns the site after a switch to some bundles, of which the first is
// the current one: where two hold different documents under one path, the earlier
// in the list counts. A bundle is as [bundle.Read] returns it; a file without
// data is left out.
func (s *site) next(bundles []*bundle.Bundle) *site {
	n := &site{generation: s.generation + 1, documents: make(map[string]slot, len(bundles[0].Manifest.Files)), since: time.Now()}
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
func (s *site) add(f *bundle.File, data map[string][]byte, shared map[identity]*document) {
	content, ok := data[f.Path]
	if _, taken := s.documents[f.Path]; !ok || taken {
		return
	}
	d, ok := shared[identity{f.SHA256, f.Type}]
	if !ok {
		d = newDocument(f, content)
		shared[d.identity()] = d
	}
	s.documents[f.Path] = slot{d, s.generation}
}

// is reports whether a site serves these bundles and was switched to them last.
// Bundles without a digest cannot be told apart.
func (s *site) is(bundles []*bundle.Bundle) bool {
	return len(s.digests) == len(bundles) && !slices.ContainsFunc(bundles, func(b *bundle.Bundle) bool {
		return b.Manifest.Digest == "" || !slices.Contains(s.digests, b.Manifest.Digest)
	}) && s.digests[0] == bundles[0].Manifest.Digest
}

// newDocument makes a file ready to be sent.
func newDocument(f *bundle.File, content []byte) *document {
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
