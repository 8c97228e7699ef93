package command

// A directory of sheets. The sheet of a number that no longer exists would tell
// reception about keys that nobody answers, so it is deleted. But the directory
// may hold a person's own documents, and those are never deleted or overwritten.
// A list beside the sheets says what ivrc wrote, with digests:
//
//	{"format_version": "1.0", "files": {"main.md": "9f86d0…", "main.csv": "60303a…"}}
//
// A sheet is deleted only if it is in the list and still holds what ivrc wrote.
// CRLF line ends make no difference, because Git may check a file out with them.
//
// The list is written twice: before the sheets, with the old and the new ones, and
// again when the old ones are gone. So whenever the program is killed, the list
// names every file that it wrote.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/runtime/disk"
)

// sheetList is the name of the list in a directory of sheets.
const sheetList = ".ivrc-sheets.json"

// maxSheet is the largest file of the directory that is read, in bytes. A list of
// this size has 150,000 sheets.
const maxSheet = 16 << 20

// sheetName matches the names of sheets. Names of numbers come from a bundle,
// and those of old sheets from the list, which somebody else may have written.
var sheetName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,99}\.(md|csv)$`)

// A sheetDirectory is a directory that sheets are written to.
type sheetDirectory struct {
	path  string
	root  *os.Root
	known map[string]string // digests of the files that ivrc wrote, by name
}

// writeSheets writes sheets, by the names of their files, and removes those that
// an earlier call wrote and that are not among them. It returns which of these
// it removed, and which it left because somebody has changed them.
func writeSheets(ctx context.Context, directory string, sheets map[string]string) (removed, left []string, err error) {
	for name := range sheets {
		if !sheetName.MatchString(name) {
			return nil, nil, fmt.Errorf("no sheet can be called %q; the names of numbers have letters, digits, - and _", name)
		}
	}
	unlock, err := lockDirectory(ctx, directory)
	if err != nil {
		return nil, nil, err
	}
	defer unlock()
	root, err := os.OpenRoot(directory)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	d := &sheetDirectory{path: directory, root: root}
	if err := d.readList(); err != nil {
		return nil, nil, err
	}
	return d.write(sheets)
}

// readList reads which files ivrc wrote to the directory.
func (d *sheetDirectory) readList() error {
	raw, err := d.read(sheetList)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var list struct {
		FormatVersion string            `json:"format_version"`
		Files         map[string]string `json:"files"`
	}
	if json.Unmarshal(raw, &list) != nil || list.FormatVersion != "1.0" {
		return fmt.Errorf("%s does not list the sheets of this version of ivrc; delete it together with the sheets and run again",
			filepath.Join(d.path, sheetList))
	}
	d.known = list.Files
	return nil
}

// write writes sheets and removes the others that ivrc wrote.
func (d *sheetDirectory) write(sheets map[string]string) (removed, left []string, err error) {
	written := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		written[name] = sheetDigest([]byte(sheets[name]))
		if err := d.claim(name, written[name]); err != nil {
			return nil, nil, err
		}
	}
	both := maps.Clone(written)
	for name, digest := range d.known {
		if both[name] == "" {
			both[name] = digest
		}
	}
	if err := d.writeList(both); err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		if err := disk.Write(filepath.Join(d.path, name), []byte(sheets[name]), disk.Remade); err != nil {
			return nil, nil, err
		}
	}
	removed, left, err = d.prune(written)
	if err != nil {
		return removed, left, err
	}
	return removed, left, d.writeList(written)
}

// prune removes what ivrc wrote before and has not written now.
func (d *sheetDirectory) prune(written map[string]string) (removed, left []string, err error) {
	current := map[string]bool{} // many disks do not tell a from A
	for name := range written {
		current[strings.ToLower(name)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(d.known)) {
		if current[strings.ToLower(name)] || !sheetName.MatchString(name) {
			continue
		}
		switch digest, err := d.digest(name); {
		case errors.Is(err, fs.ErrNotExist): // somebody else removed it
		case err != nil || digest != d.known[name]:
			left = append(left, name)
		default:
			if err := d.root.Remove(name); err != nil {
				return removed, left, err
			}
			removed = append(removed, name)
		}
	}
	return removed, left, nil
}

// claim refuses a file that somebody else wrote.
func (d *sheetDirectory) claim(name, want string) error {
	digest, err := d.digest(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && (digest == want || d.known[name] != ""):
		return nil
	}
	return fmt.Errorf("%s exists, and ivrc did not write it; move it away, or choose another directory with -o", filepath.Join(d.path, name))
}

// digest is the digest of a file of the directory.
func (d *sheetDirectory) digest(name string) (string, error) {
	content, err := d.read(name)
	return sheetDigest(content), err
}

// read reads a file of the directory. A link, a device and what is too large to
// be a sheet are errors.
func (d *sheetDirectory) read(name string) ([]byte, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSheet {
		return nil, fmt.Errorf("%s is not a file that ivrc wrote", filepath.Join(d.path, name))
	}
	return d.root.ReadFile(name)
}

// writeList writes which files ivrc wrote to the directory.
func (d *sheetDirectory) writeList(files map[string]string) error {
	raw, err := json.MarshalIndent(map[string]any{"format_version": "1.0", "files": files}, "", "  ")
	if err != nil {
		return err
	}
	return disk.Write(filepath.Join(d.path, sheetList), append(raw, '\n'), disk.Precious)
}

// sheetDigest is the SHA-256 of a sheet in hexadecimal, whatever ends its lines.
func sheetDigest(content []byte) string {
	sum := sha256.Sum256(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
	return hex.EncodeToString(sum[:])
}
