package source

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// A Directory reads the files that a configuration may name: regular files in
// its own directory and below.
type Directory struct {
	Files fs.FS
}

// Read reads a file by its slash-separated path.
func (f Directory) Read(name string, limit int) ([]byte, error) {
	clean := path.Clean(name)
	switch {
	case strings.ContainsAny(name, "\\\x00") || strings.Contains(name, ":"):
		return nil, fmt.Errorf("the path holds a character that is not allowed; write it with slashes")
	case path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../"):
		return nil, fmt.Errorf("it lies outside the directory of the configuration")
	case !fs.ValidPath(clean):
		return nil, fmt.Errorf("the path is not valid")
	}
	for dir := path.Dir(clean); dir != "."; dir = path.Dir(dir) {
		if info, err := fs.Lstat(f.Files, dir); err == nil && !info.IsDir() {
			return nil, errNotRegular
		}
	}
	data, err := readRegular(f.Files, clean, limit)
	if err != nil {
		return nil, fmt.Errorf("%s", cause(err))
	}
	return data, nil
}
