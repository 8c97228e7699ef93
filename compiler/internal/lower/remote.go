package lower

// Remote decisions: emitting for routers that answer at an address of their own. Links
// to decisions then hold the whole path of the decision, and so the directory of
// the very document that they stand in, whose name is the hash of its content. The
// hash is made as if it were zeros, which are put right afterwards:
//
//	1. menu.main-00000000000000000000000000/digits-1~1.2 in the documents of menu.main
//	2. hash, directory: menu.main-6f1…
//	3. menu.main-6f1…/digits-1~1.2 in the documents

import (
	"bytes"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// noHash stands for the hash of a component in its own documents until that is
// known. Hashes are in base 32, which has no zero.
const noHash = "00000000000000000000000000"

// nameSelf puts the directory of a component into those of its documents that
// name it: where decisions are remote, and where an application returns to them.
func (e *emission) nameSelf(files []emitted, directory string) {
	for i := range files {
		f := &files[i]
		if !bytes.Contains(f.data, []byte(e.self)) {
			continue
		}
		origin := f.Origin
		f.data = bytes.ReplaceAll(f.data, []byte(e.self), []byte(directory))
		f.FileRow = bundle.NewFile(f.Path, f.data)
		f.Origin = origin
	}
}

// linkRemote is the address at which the router is asked for a decision. What
// has no directory yet is in the component that is being emitted.
func (e *emission) linkRemote(directory string, d bundle.Decision) string {
	e.absolute = true // the router redirects to the documents
	if directory == "" {
		directory = e.self
	}
	d.Path = bundle.DecisionPath(directory, d.Path, "")
	return d.Link(e.model.Hosting.DecisionsURL)
}
