package main

// Learning the table: for each shape of node, one example's documents with holes
// where they hold its values.

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A table is all that is handed to the program.
type table struct {
	Head        string            // the manifest up to its numbers
	Directories map[string]string // by address of the node
	Addresses   map[string]string // the hash of the telephones that it rings, by address of the node
	Fixed       []fixed           // components that no block of the sources stands for
	Audio       []string          // paths of the files that documents play
	Bundle      string            // where those files are copied from
	Shapes      map[string]shape
}

// A shape is how nodes that differ in values only are written.
type shape struct {
	Component template
	Files     []file // sorted by name
}

// A fixed component has no holes.
type fixed struct {
	Directory, Component string
	Files                []file
}

// A file is one document of a component.
type file struct {
	Name    string
	Same    int // the place of an earlier file with the same content, or -1
	Content template
	Origin  template // the end of its row in the manifest
}

// row is a file as the manifest lists it.
type row struct {
	Path   string
	Origin *struct {
		Block string
		Line  int
	}
}

func learn(sources, bundle, name string) error {
	nodes, err := read(sources)
	if err != nil {
		return err
	}
	all := byAddress(nodes)
	t := table{Directories: map[string]string{}, Addresses: map[string]string{}, Shapes: map[string]shape{}, Bundle: bundle}
	manifest, err := os.ReadFile(filepath.Join(bundle, "private", "bundle.json"))
	if err != nil {
		return err
	}
	t.Head, _, _ = strings.Cut(string(manifest), "\n  \"numbers\"")
	var content struct{ Files []row }
	if err := json.Unmarshal(manifest, &content); err != nil {
		return err
	}
	byDirectory := map[string][]row{}
	for _, r := range content.Files {
		directory, _, _ := strings.Cut(r.Path, "/")
		byDirectory[directory] = append(byDirectory[directory], r)
		if address := directory[:max(0, strings.LastIndexByte(directory, '-'))]; all[address] != nil {
			t.Directories[address] = directory
		} else if directory == "audio" {
			t.Audio = append(t.Audio, r.Path)
		}
	}
	for address, directory := range t.Directories {
		if t.Addresses[address], err = t.addresses(directory); err != nil {
			return err
		}
	}
	if err := t.learn(all, byDirectory); err != nil {
		return err
	}
	encoded, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(name, encoded, 0o644)
}

// learn learns the shapes and the fixed components. Examples are taken from the
// middle of the configuration, where no group is a neighbour of two others.
func (t *table) learn(all evaluated, byDirectory map[string][]row) error {
	known := map[string]bool{"audio": true}
	for _, directory := range t.Directories {
		known[directory] = true
	}
	for _, directory := range sortedKeys(byDirectory) {
		if !known[directory] {
			s, err := t.shape(directory, byDirectory[directory], nil)
			if err != nil {
				return err
			}
			t.Fixed = append(t.Fixed, fixed{directory, s.Component.Pieces[0], s.Files})
			t.Directories[directory[:strings.LastIndexByte(directory, '-')]] = directory
		}
	}
	addresses := sortedKeys(all)
	middle := len(addresses) / 2
	for _, address := range slices.Concat(addresses[middle:], addresses[:middle]) {
		n := all[address]
		if _, done := t.Shapes[all.shape(n)]; done || t.Directories[address] == "" {
			continue
		}
		directory := t.Directories[address]
		s, err := t.shape(directory, byDirectory[directory], all.values(n, t))
		if err != nil {
			return err
		}
		t.Shapes[all.shape(n)] = s
	}
	return nil
}

// addresses is the hash, in a component's description, of the telephones that it
// rings; it is empty where nobody is rung.
func (t *table) addresses(directory string) (string, error) {
	text, err := t.description(directory)
	_, rest, _ := strings.Cut(text, "\"addresses\": \"")
	hash, _, _ := strings.Cut(rest, "\"")
	return hash, err
}

// description is the description of a component.
func (t *table) description(directory string) (string, error) {
	text, err := os.ReadFile(filepath.Join(t.Bundle, "private", "components", directory+".json"))
	return string(text), err
}

// shape learns how one component is written.
func (t *table) shape(directory string, rows []row, values []string) (shape, error) {
	var s shape
	component, err := t.description(directory)
	if err != nil {
		return s, err
	}
	s.Component = newTemplate(component, values)
	var contents []string
	for _, r := range rows {
		content, err := os.ReadFile(filepath.Join(t.Bundle, "public", r.Path))
		if err != nil {
			return s, err
		}
		f := file{Name: r.Path[len(directory)+1:], Same: slices.Index(contents, string(content)), Origin: newTemplate(origin(r), values)}
		if f.Same < 0 {
			f.Content = newTemplate(string(content), values)
		}
		contents = append(contents, string(content))
		s.Files = append(s.Files, f)
	}
	return s, nil
}

// origin is the end of a row of the manifest.
func origin(r row) string {
	if r.Origin == nil {
		return "\n    }"
	}
	return fmt.Sprintf(",\n      \"origin\": {\n        \"block\": %q,\n        \"line\": %d\n      }\n    }", r.Origin.Block, r.Origin.Line)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
