package router

import (
	"strconv"

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
	digest     string // of the bundle
	generation int
	documents  map[string]slot // by path below public/
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

// next returns the site after a switch to a bundle. The bundle is as
// [bundle.Read] returns it; a file without data is left out.
func (s *site) next(b *bundle.Bundle) *site {
	n := &site{
		digest:     b.Manifest.Digest,
		generation: s.generation + 1,
		documents:  make(map[string]slot, len(b.Manifest.Files)),
	}
	shared := make(map[identity]*document, len(s.documents))
	for _, old := range s.documents {
		shared[old.identity()] = old.document
	}
	for i := range b.Manifest.Files {
		f := &b.Manifest.Files[i]
		content, ok := b.Data[f.Path]
		if !ok {
			continue
		}
		d, ok := shared[identity{f.SHA256, f.Type}]
		if !ok {
			d = newDocument(f, content)
			shared[d.identity()] = d
		}
		n.documents[f.Path] = slot{d, n.generation}
	}
	for path, old := range s.documents {
		if _, ok := n.documents[path]; !ok && n.generation-old.generation <= generations {
			n.documents[path] = old
		}
	}
	return n
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
