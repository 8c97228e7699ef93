package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/schedule"
)

// Callers who reach an address without a document are cut off. So a manifest is
// refused unless it has a document for every address that it names: the answer of
// each number, and the fallback. If it holds one answer of a decision, it must hold
// those to the values that are in no list: with menu.main-x/digits-1.2.xml,
// digits-1.other.xml and digits-1._.xml. And a bundle is refused if one of its
// documents leads to a decision of which it lacks an answer.
//
// The files are sorted by path, so a binary search needs no other index.

// check reports the first thing that is wrong with a manifest, apart from its digest.
func (m *Manifest) check() error {
	if err := checkVersion(m.FormatVersion); err != nil {
		return err
	}
	for i := range m.Files {
		if err := m.Files[i].check(); err != nil {
			return err
		}
		if i > 0 && m.Files[i-1].Path >= m.Files[i].Path {
			return fmt.Errorf("files: %q and %q are not in the order of paths", m.Files[i-1].Path, m.Files[i].Path)
		}
	}
	if err := m.checkDecisions(); err != nil {
		return err
	}
	return m.checkEntries()
}

// check reports the first thing that is wrong with one row of the manifest.
func (f *FileRow) check() error {
	if err := checkPath(f.Path); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if _, ok := DecisionAt(f.Path); ok {
		return fmt.Errorf("files: %q is the address of a decision, so it cannot be a document", f.Path)
	}
	if want := ContentType(f.Path); want == "" || f.Type != want {
		return fmt.Errorf("files: %q has the type %q; hosts serve it as %q", f.Path, f.Type, want)
	}
	if f.Size < 0 || f.Size > maxFile {
		return fmt.Errorf("files: %q has %d bytes; the largest file is %d MiB", f.Path, f.Size, maxFile>>20)
	}
	if len(f.SHA256) != 64 || strings.Trim(f.SHA256, "0123456789abcdef") != "" {
		return fmt.Errorf("files: %q has the digest %q, which is not a SHA-256 in lower-case hexadecimal", f.Path, f.SHA256)
	}
	return nil
}

// checkDecisions reports a decision with a missing answer, or with a document for a
// value that the decision does not list, which would never be served.
func (m *Manifest) checkDecisions() error {
	last := ""
	for i := range m.Files {
		at, answer, kind := CutAnswer(m.Files[i].Path)
		if kind == nil {
			continue
		}
		if !kind.gives(answer) {
			return fmt.Errorf("files: %q answers %q with %q, which %s never is", m.Files[i].Path, at, answer, cmp.Or(kind.Parameter, "the list of such a decision"))
		}
		if at == last {
			continue
		}
		if err := m.checkAnswers(m.Decision(at)); err != nil {
			return err
		}
		last = at
	}
	return nil
}

// gives reports whether an answer can be that to a decision of a kind.
func (k *DecisionKind) gives(answer string) bool {
	if k.Clock {
		return schedule.IsName(answer)
	}
	return slices.Contains(k.Words, answer) || answer == k.Unlisted || answer == k.Missing ||
		k.Listed && len(k.Spellings(answer)) > 0 && isList(answer)
}

// Decision returns the decision at a path, which is an address without the list.
// It knows the words for which the manifest has documents; if there are none, the
// decision is that of an address without a list. The path must be a decision's. Of a
// decision on the time the manifest knows the answers only: its table stands in the
// documents that lead to it.
func (m *Manifest) Decision(path string) Decision {
	kind := kindOf(path)
	if !kind.Listed {
		return Decision{DecisionKind: kind, Path: path}
	}
	var words []string
	for i, _ := m.at(path + "."); i < len(m.Files) && strings.HasPrefix(m.Files[i].Path, path+"."); i++ {
		if _, answer, _ := CutAnswer(m.Files[i].Path); kind.Clock || len(kind.Spellings(answer)) > 0 {
			words = append(words, answer)
		}
	}
	if kind.Clock {
		return Decision{kind, path, strings.Join(words, ".")}
	}
	d, _ := DecisionAt(DecisionName(path, words))
	return d
}

// checkAnswers reports the first answer of a decision that has no document.
func (m *Manifest) checkAnswers(d Decision) error {
	for _, answer := range d.Answers() {
		if _, ok := m.file(d.Document(answer)); !ok {
			return fmt.Errorf("files: the decision %q has no document %q; a caller would be cut off", d.Address(), d.Document(answer))
		}
	}
	return nil
}

// checkEntries reports a number or a fallback without a document.
func (m *Manifest) checkEntries() error {
	names, phones := make(map[string]bool), make(map[string]bool)
	for _, n := range m.Numbers {
		if names[n.Name] || phones[n.PhoneNumber] {
			return fmt.Errorf("numbers: %q (%s) occurs twice", n.Name, n.PhoneNumber)
		}
		names[n.Name], phones[n.PhoneNumber] = true, true
		for _, p := range []string{n.Answer, cmp.Or(n.Fallback, n.Answer)} {
			if err := m.checkAnswer(p); err != nil {
				return fmt.Errorf("numbers: %q: %w", n.Name, err)
			}
		}
	}
	switch {
	case m.Fallback == "" && len(m.Numbers) == 0:
		return nil // nobody calls who would hear it
	case m.Fallback == "":
		return errors.New("fallback: is missing")
	}
	if err := m.checkAnswer(m.Fallback); err != nil {
		return fmt.Errorf("fallback: %w", err)
	}
	return nil
}

// checkAnswer reports an address without a document.
func (m *Manifest) checkAnswer(p string) error {
	if d, ok := DecisionAt(p); ok {
		return m.checkAnswers(d)
	}
	if _, ok := m.file(p); !ok {
		return fmt.Errorf("%q is not among the files", p)
	}
	return nil
}

// checkComponents reports components that are out of order, and names of components
// and files that the bundle does not hold.
func (b *Bundle) checkComponents() error {
	for i := range b.Components {
		if err := b.Components[i].check(); err != nil {
			return fmt.Errorf("private/components: %w", err)
		}
		if i > 0 && b.Components[i-1].Directory >= b.Components[i].Directory {
			return fmt.Errorf("private/components: %q and %q are not in the order of directories", b.Components[i-1].Directory, b.Components[i].Directory)
		}
	}
	for _, c := range b.Components {
		for j := range c.Blocks {
			if err := b.checkBlock(&c.Blocks[j]); err != nil {
				return fmt.Errorf("private/components/%s.json: %s: %w", c.Directory, c.Blocks[j].Address, err)
			}
		}
	}
	return nil
}

// check reports a name that a component's directory cannot have.
func (c *Component) check() error {
	if err := checkPath(c.Directory); err != nil {
		return fmt.Errorf("directory %w", err)
	}
	if strings.Contains(c.Directory, "/") {
		return fmt.Errorf("directory %q: is more than one level deep", c.Directory)
	}
	return nil
}

// checkBlock reports an exit or a message of a block that leads nowhere.
func (b *Bundle) checkBlock(block *Block) error {
	for _, e := range block.Exits {
		if e.Component != "" && b.Component(e.Component) == nil {
			return fmt.Errorf("exit %q leads to the component %q, which the bundle does not hold", e.On, e.Component)
		}
	}
	for _, m := range block.Messages {
		if m.Audio == "" {
			continue
		}
		if _, ok := b.Manifest.file(m.Audio); !ok {
			return fmt.Errorf("message %q plays %q, which the bundle does not hold", m.Role, m.Audio)
		}
	}
	return nil
}

// file returns the row of a path below public/.
func (m *Manifest) file(p string) (*FileRow, bool) {
	i, ok := m.at(p)
	if !ok {
		return nil, false
	}
	return &m.Files[i], true
}

// at returns the index of a path, or of the first one behind it.
func (m *Manifest) at(p string) (int, bool) {
	return slices.BinarySearchFunc(m.Files, p, func(f FileRow, p string) int { return cmp.Compare(f.Path, p) })
}

// checkPath accepts a path that names the same file on every host and file system.
// It is relative and slash-separated, without "..". It consists of printable ASCII
// without spaces and without characters that a URL or a file system treats
// specially, so that it is its own URL.
func checkPath(p string) error {
	if !fs.ValidPath(p) || p == "." {
		return fmt.Errorf("%q: is not a clean relative path; write it from public/ on, without \"..\" and \".\"", p)
	}
	for i := range len(p) {
		if c := p[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`\%?#"<>|*:`, c) >= 0 {
			return fmt.Errorf("%q: holds the character %q, which some hosts and file systems do not accept", p, c)
		}
	}
	return nil
}
