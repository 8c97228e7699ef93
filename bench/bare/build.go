package main

// Building: evaluated values go into the holes of the documents, which are
// written as they are made. Nothing is written to another name first, and nothing
// that is there already is looked at.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A builder writes a bundle.
type builder struct {
	table
	out  string
	rows []folder
}

// A folder is a directory's rows of the manifest.
type folder struct {
	path string
	rows []byte
}

func build(sources, name, out string) error {
	nodes, err := read(sources)
	if err != nil {
		return err
	}
	encoded, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	b := &builder{out: out}
	if err := json.Unmarshal(encoded, &b.table); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(out, "private", "components"), 0o755); err != nil {
		return err
	}
	all := byAddress(nodes)
	for _, n := range nodes {
		if directory := b.Directories[n.address()]; directory != "" {
			s := b.Shapes[all.shape(n)]
			if err := b.component(directory, s.Component, s.Files, all.values(n, &b.table)); err != nil {
				return err
			}
		}
	}
	for _, f := range b.Fixed {
		if err := b.component(f.Directory, template{Pieces: []string{f.Component}}, f.Files, nil); err != nil {
			return err
		}
	}
	if err := b.audio(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "private", "bundle.json"), b.manifest(nodes), 0o644)
}

// component writes the files of one directory, and its description.
func (b *builder) component(directory string, description template, files []file, values []string) error {
	folder := folder{path: directory + "/"}
	public := filepath.Join(b.out, "public", directory)
	if err := os.MkdirAll(public, 0o755); err != nil {
		return err
	}
	contents := make([][]byte, len(files))
	digests := make([]string, len(files))
	for i := range files {
		f := &files[i]
		if f.Same >= 0 {
			contents[i], digests[i] = contents[f.Same], digests[f.Same]
		} else {
			contents[i] = f.Content.append(make([]byte, 0, 1024), values)
			digests[i] = digest(contents[i])
		}
		if err := os.WriteFile(public+"/"+f.Name, contents[i], 0o644); err != nil {
			return err
		}
		folder.rows = appendRow(folder.rows, directory+"/"+f.Name, digests[i], len(contents[i]), "text/xml; charset=utf-8")
		folder.rows = f.Origin.append(folder.rows, values)
		folder.rows = append(folder.rows, ',')
	}
	b.rows = append(b.rows, folder)
	return os.WriteFile(filepath.Join(b.out, "private", "components", directory+".json"), description.append(nil, values), 0o644)
}

// audio copies the music, which ivrc computes.
func (b *builder) audio() error {
	folder := folder{path: "audio/"}
	for i, path := range b.Audio {
		if i == 0 {
			if err := os.MkdirAll(filepath.Join(b.out, "public", "audio"), 0o755); err != nil {
				return err
			}
		}
		content, err := os.ReadFile(filepath.Join(b.Bundle, "public", path))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(b.out, "public", path), content, 0o644); err != nil {
			return err
		}
		folder.rows = append(appendRow(folder.rows, path, digest(content), len(content), "audio/wav"), "\n    },"...)
	}
	b.rows = append(b.rows, folder)
	return nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// appendRow appends a file's row of the manifest up to its origin.
func appendRow(dst []byte, path, digest string, size int, kind string) []byte {
	dst = append(append(dst, "\n    {\n      \"path\": \""...), path...)
	dst = append(append(dst, "\",\n      \"sha256\": \""...), digest...)
	dst = strconv.AppendInt(append(dst, "\",\n      \"size\": "...), int64(size), 10)
	dst = append(append(dst, ",\n      \"type\": \""...), kind...)
	return append(dst, '"')
}

// manifest appends private/bundle.json.
func (b *builder) manifest(nodes []*node) []byte {
	byKind := map[string][]*node{}
	for _, n := range nodes {
		byKind[n.kind] = append(byKind[n.kind], n)
	}
	for _, list := range byKind {
		slices.SortFunc(list, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	}
	dst := append([]byte(b.Head), "\n  \"numbers\": ["...)
	for _, n := range byKind["number"] {
		dst = appendFields(dst, "name", n.name, "phone_number", n.texts[0], "answer", b.Directories[n.address()]+"/answer.xml")
	}
	dst = append(dst[:len(dst)-1], "\n  ],"...)
	if queues := byKind["queue"]; len(queues) > 0 {
		dst = append(dst, "\n  \"queues\": ["...)
		for _, n := range queues {
			dst = appendFields(dst, "name", n.name, "friendly_name", "synthetic/"+n.name)
			dst = append(dst[:len(dst)-len("\n    },")], ",\n      \"max_size\": 25\n    },"...)
		}
		dst = append(dst[:len(dst)-1], "\n  ],"...)
	}
	if users := byKind["user"]; len(users) > 0 {
		dst = append(dst, "\n  \"users\": ["...)
		for _, n := range users {
			dst = appendFields(dst, "name", n.name, "address", n.texts[0])
		}
		dst = append(dst[:len(dst)-1], "\n  ],"...)
	}
	dst = append(dst, "\n  \"fallback\": \""+b.Directories["fallback"]+"/fallback.xml\",\n  \"files\": ["...)
	slices.SortFunc(b.rows, func(a, b folder) int { return strings.Compare(a.path, b.path) })
	for _, folder := range b.rows {
		dst = append(dst, folder.rows...)
	}
	return append(dst[:len(dst)-1], "\n  ]\n}\n"...)
}

// appendFields appends an object of texts and a comma.
func appendFields(dst []byte, pairs ...string) []byte {
	dst = append(dst, "\n    {"...)
	for i := 0; i < len(pairs); i += 2 {
		dst = append(dst, "\n      \""+pairs[i]+"\": \""+pairs[i+1]+"\","...)
	}
	return append(dst[:len(dst)-1], "\n    },"...)
}
