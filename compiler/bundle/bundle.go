package bundle

import "io/fs"

// A Bundle is a manifest, the descriptions of its components, and its files.
type Bundle struct {
	Manifest   Manifest
	Components []Component       // sorted by directory
	Data       map[string][]byte // the files below public/, by path
}

// Read reads a bundle from the folder that holds public/ and private/, and
// checks every file against the manifest: presence, size and digest. Its errors
// name the file and what is wrong with it.
func Read(fsys fs.FS) (*Bundle, error) {
	panic("to be written")
}

// Seal sets the manifest's digest: the SHA-256, in hexadecimal, of the manifest
// as canonical JSON without the digest and the compiler's version.
func (b *Bundle) Seal() {
	panic("to be written")
}
