package main

// What the programs consist of besides this module, as Go wrote it into them, and
// where its licences are.

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// A module is one that is linked into a program, or the standard library.
type module struct {
	path, version string
	root          string          // where its source is
	packages      map[string]bool // directories of the packages that are linked
	texts         []text          // licences and notices
}

// A text is a licence or a notice, as it stands in a module.
type text struct {
	name     string // from the root of the module
	data     string
	licences []string // as SPDX names them; none in a notice
}

// standardLibrary is the path under which the standard library is listed.
const standardLibrary = "std"

// A listed package is what go list says of one.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// findModules finds the modules of all programs, by their packages, because a module
// can hold parts under licences of their own, and holds to what the programs say of
// themselves.
func (r *release) findModules() error {
	found := map[string]*module{}
	for _, p := range r.on {
		output, err := r.goCommand(p, "list", "-deps", "-json=Dir,Standard,Module", ".")
		if err != nil {
			return err
		}
		for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
			var l listed
			if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
			if l.Module != nil && !l.Standard && !l.Module.Main {
				m := found[l.Module.Path]
				if m == nil {
					m = &module{path: l.Module.Path, version: l.Module.Version, root: l.Module.Dir, packages: map[string]bool{}}
					found[m.path] = m
				}
				m.packages[l.Dir] = true
			}
		}
	}
	root, err := r.goCommand(r.on[0], "env", "GOROOT")
	if err != nil {
		return err
	}
	std := strings.TrimSpace(string(root))
	found[standardLibrary] = &module{path: standardLibrary, version: r.programs[0].info.GoVersion, root: std, packages: map[string]bool{std: true}}
	for _, m := range found {
		if err := m.findTexts(); err != nil {
			return err
		}
		r.modules = append(r.modules, m)
	}
	slices.SortFunc(r.modules, func(a, b *module) int { return strings.Compare(a.path, b.path) })
	return nil
}

// licenceFile is how files are called that hold licences and notices.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|unlicen[cs]e|copyright)([-.].*)?$`)

// findTexts reads the licences and notices in the directories of the packages that
// are linked, and in those above them.
func (m *module) findTexts() error {
	directories := map[string]bool{}
	for directory := range m.packages {
		for ; strings.HasPrefix(directory, m.root); directory = filepath.Dir(directory) {
			directories[directory] = true
		}
	}
	for directory := range directories {
		entries, err := os.ReadDir(directory)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.IsDir() || !licenceFile.MatchString(entry.Name()) || path.Ext(entry.Name()) == ".go" {
				continue
			}
			data, err := os.ReadFile(filepath.Join(directory, entry.Name()))
			if err != nil {
				return err
			}
			name, err := filepath.Rel(m.root, filepath.Join(directory, entry.Name()))
			if err != nil {
				return err
			}
			m.texts = append(m.texts, text{filepath.ToSlash(name), string(data), licencesIn(data)})
		}
	}
	slices.SortFunc(m.texts, func(a, b text) int { return strings.Compare(a.name, b.name) })
	return nil
}

// licencesIn names the licences of which a text consists.
func licencesIn(data []byte) []string {
	var names []string
	for _, match := range licensecheck.Scan(data).Match {
		name := strings.TrimSuffix(match.ID, "-no-copyleft-exception")
		if !match.IsURL && name != "GooglePatentsFile" && !slices.Contains(names, name) { // a grant is no licence to use
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// licence is the licence of a module as an SPDX expression: that of all of its texts
// together.
func (m *module) licence() string {
	var names []string
	for _, t := range m.texts {
		names = append(names, t.licences...)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " AND ")
}
