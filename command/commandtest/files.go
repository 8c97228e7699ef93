package commandtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// WriteFile writes a file in one step, so that a server that watches it never
// meets half of it.
func WriteFile(name string, data []byte) error {
	fresh := name + ".tmp"
	if err := os.WriteFile(fresh, data, 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, name)
}

// CompareTrees lists how two directories differ.
func CompareTrees(left, right string) ([]string, error) {
	a, err := readTree(left)
	if err != nil {
		return nil, err
	}
	b, err := readTree(right)
	if err != nil {
		return nil, err
	}
	var differences []string
	for name, data := range a {
		if other, ok := b[name]; !ok {
			differences = append(differences, "only in the first: "+name)
		} else if !bytes.Equal(data, other) {
			differences = append(differences, "not equal: "+name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			differences = append(differences, "only in the second: "+name)
		}
	}
	slices.Sort(differences)
	return differences, nil
}

// readTree reads every file below a directory. Nothing else than files and
// directories may be there.
func readTree(directory string) (map[string][]byte, error) {
	files := map[string][]byte{}
	root := os.DirFS(directory)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is not a file", name)
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	return files, err
}
