package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// The largest sizes that Read accepts. The compiler writes far less; the limits keep
// a damaged or hostile bundle from filling the memory.
const (
	maxManifest  = 256 << 20 // about a million files
	maxComponent = 16 << 20
	maxFile      = 512 << 20 // Twilio plays 40 minutes at most, which are 423 MB in CD quality
)

// A Bundle is a manifest, the descriptions of its components, and its files.
type Bundle struct {
	Manifest   Manifest
	Components []Component       // sorted by directory
	Data       map[string][]byte // the files below public/, by path
}

// Read reads a bundle from the folder that holds public/ and private/, and
// checks every file against the manifest: presence, size and digest. Its errors
// name the file and say what is wrong with it. It ignores what an interrupted build
// has left behind.
//
// Files with equal contents share their bytes in [Bundle.Data].
func Read(fsys fs.FS) (*Bundle, error) {
	raw, err := readAtMost(fsys, "private/bundle.json", maxManifest)
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(raw)
	if err != nil {
		return nil, fmt.Errorf("private/bundle.json: %w", err)
	}
	b := &Bundle{Manifest: *m}
	if b.Data, err = readData(fsys, m); err != nil {
		return nil, err
	}
	if b.Components, err = readComponents(fsys, m); err != nil {
		return nil, err
	}
	if err := b.checkComponents(); err != nil {
		return nil, err
	}
	if err := b.checkLinks(); err != nil {
		return nil, err
	}
	return b, nil
}

// Seal sets the manifest's digest: the SHA-256, in hexadecimal, of the manifest
// as canonical JSON without the digest and the compiler's version. On a shell:
//
//	grep -vE '^  "(compiler|digest)":' private/bundle.json | sha256sum
//
// Whole lines are left out, so a reader can verify a manifest of a later minor
// version without knowing all of its keys.
func (b *Bundle) Seal() {
	b.Manifest.Digest = digest(b.Manifest.canonical())
}

// Private returns every file below private/, by path: the manifest as
// "bundle.json" and each component as "components/<directory>.json".
func (b *Bundle) Private() map[string][]byte {
	files := make(map[string][]byte, len(b.Components)+1)
	for name, data := range b.Descriptions() {
		files["components/"+name] = bytes.Clone(data)
	}
	files["bundle.json"] = b.ManifestFile()
	return files
}

// ManifestFile returns the content of private/bundle.json.
func (b *Bundle) ManifestFile() []byte { return b.Manifest.canonical() }

// Descriptions yields the files in private/components, by name: "<directory>.json".
// The content holds until the next one is asked for. Those of a large bundle take
// more memory than its documents, so whoever writes them holds one at a time.
func (b *Bundle) Descriptions() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		w := newCanonicalWriter()
		for i := range b.Components {
			if !yield(b.Components[i].Directory+".json", w.write(&b.Components[i])) {
				return
			}
		}
	}
}

// Check reports the first thing that is wrong with a bundle in memory, in the words
// of [Read].
func (b *Bundle) Check() error {
	if err := b.Manifest.check(); err != nil {
		return fmt.Errorf("private/bundle.json: %w", err)
	}
	for i := range b.Manifest.Files {
		f := &b.Manifest.Files[i]
		data, ok := b.Data[f.Path]
		if !ok {
			return missing(f.Path)
		}
		if err := f.Verify(data); err != nil {
			return err
		}
	}
	if len(b.Data) > len(b.Manifest.Files) {
		return b.extra()
	}
	if err := b.checkComponents(); err != nil {
		return err
	}
	return b.checkLinks()
}

// extra names the first file, in the order of paths, that has no row in the manifest.
func (b *Bundle) extra() error {
	var paths []string
	for p := range b.Data {
		if _, listed := b.Manifest.file(p); !listed {
			paths = append(paths, p)
		}
	}
	return unlisted(slices.Min(paths))
}

// readData reads the files below public/: all that the manifest lists, and no others.
func readData(fsys fs.FS, m *Manifest) (map[string][]byte, error) {
	data := make(map[string][]byte, len(m.Files))
	shared := make(map[string][]byte) // by digest
	err := fs.WalkDir(fsys, "public", func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == "public" && errors.Is(err, fs.ErrNotExist) && len(m.Files) == 0:
			return fs.SkipAll // a bundle without numbers has no documents
		case err != nil || d.IsDir():
			return err
		}
		p := strings.TrimPrefix(name, "public/")
		f, ok := m.file(p)
		if !ok && m.leaves(p) {
			return nil
		}
		if !ok {
			return unlisted(p)
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s: is not a regular file; a bundle may not hold links or devices", name)
		}
		content, err := f.read(fsys)
		if err != nil {
			return err
		}
		if same, ok := shared[f.SHA256]; ok {
			content = same
		}
		shared[f.SHA256], data[f.Path] = content, content
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range m.Files {
		if p := m.Files[i].Path; data[p] == nil {
			return nil, missing(p)
		}
	}
	return data, nil
}

// temporary is the end of the names of files and folders that are still being
// written.
const temporary = ".tmp"

// leaves reports whether an interrupted build may have left behind a file that the
// manifest does not list. A build writes audio, and folders that the bundle before
// it did not have. Any other file was put there by somebody else, and a host would
// serve it.
func (m *Manifest) leaves(p string) bool {
	folder, _, nested := strings.Cut(p, "/")
	return nested && (folder == "audio" || !m.hasFolder(folder)) || strings.HasSuffix(p, temporary)
}

// hasFolder reports whether a file of the manifest lies in a folder.
func (m *Manifest) hasFolder(folder string) bool {
	i := m.first(folder)
	return i < len(m.Files) && strings.HasPrefix(m.Files[i].Path, folder+"/")
}

// in lists the files of a folder.
func (m *Manifest) in(folder string) []FileRow {
	from := m.first(folder)
	to := from
	for to < len(m.Files) && strings.HasPrefix(m.Files[to].Path, folder+"/") {
		to++
	}
	return m.Files[from:to]
}

// first is the index of the first file of a folder, if it has any.
func (m *Manifest) first(folder string) int {
	i, _ := m.at(folder + "/")
	return i
}

// readComponents reads private/components, sorted by directory. It leaves out
// components that have no file in the manifest.
func readComponents(fsys fs.FS, m *Manifest) ([]Component, error) {
	entries, err := fs.ReadDir(fsys, "private/components")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	components := make([]Component, 0, len(entries))
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), temporary) {
			continue
		}
		name := path.Join("private/components", e.Name())
		raw, err := readAtMost(fsys, name, maxComponent)
		if err != nil {
			return nil, err
		}
		c, err := ParseComponent(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if e.Name() != c.Directory+".json" {
			return nil, fmt.Errorf("%s: describes the component %q, whose file is %s.json", name, c.Directory, c.Directory)
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("private/components: %w", err)
		}
		if m.hasFolder(c.Directory) {
			components = append(components, *c)
		}
	}
	slices.SortFunc(components, func(a, b Component) int { return strings.Compare(a.Directory, b.Directory) })
	return components, nil
}

// read reads a file below public/ and verifies it. The size is compared first,
// so that no more is read than the manifest announces.
func (f *FileRow) read(fsys fs.FS) ([]byte, error) {
	file, err := fsys.Open("public/" + f.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() != int64(f.Size) {
		return nil, f.wrongSize(info.Size())
	}
	content := make([]byte, f.Size)
	if _, err := io.ReadFull(file, content); err != nil {
		return nil, fmt.Errorf("public/%s: cannot be read: %w", f.Path, err)
	}
	return content, f.Verify(content)
}

// Verify compares the contents of a file with its row in the manifest: size and
// digest. Its error names the file and says what is wrong with it.
func (f *FileRow) Verify(content []byte) error {
	if len(content) != f.Size {
		return f.wrongSize(int64(len(content)))
	}
	sum := sha256.Sum256(content)
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
		return fmt.Errorf("public/%s: was altered: its SHA-256 is %s, the manifest says %s; build or fetch the bundle again", f.Path, got, f.SHA256)
	}
	return nil
}

func (f *FileRow) wrongSize(got int64) error {
	return fmt.Errorf("public/%s: has %d bytes, the manifest says %d; build or fetch the bundle again", f.Path, got, f.Size)
}

func missing(p string) error {
	return fmt.Errorf("public/%s: is missing; the manifest lists it: build or fetch the bundle again", p)
}

func unlisted(p string) error {
	return fmt.Errorf("public/%s: is not in the manifest; remove it, or build the bundle again", p)
}

// readAtMost reads a regular file of at most limit bytes.
func readAtMost(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name) // to open a FIFO would wait
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: is not a regular file", name)
	}
	if err == nil && info.Size() > limit {
		err = tooLarge(name, limit)
	}
	if err != nil {
		return nil, err
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var buf bytes.Buffer
	if n, err := buf.ReadFrom(io.LimitReader(file, limit+1)); err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w", name, err)
	} else if n > limit {
		return nil, tooLarge(name, limit)
	}
	return buf.Bytes(), nil
}

func tooLarge(name string, limit int64) error {
	return fmt.Errorf("%s: is larger than %d MiB", name, limit>>20)
}
