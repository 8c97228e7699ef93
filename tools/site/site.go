package main

// What the site consists of: the pages, in the order in which the README lists them.

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// repository is where files are shown that are no pages.
const repository = "https://github.com/ivrc/ivrc"

// A site is the documents of one version.
type site struct {
	from    string
	version string
	pages   []*page
	assets  map[string]bool // pictures, from the root of the repository
}

// A page is one Markdown file.
type page struct {
	source   string // from the root of the repository, "docs/cli.md"
	Title    string
	Listed   bool // in the navigation
	Body     template.HTML
	Headings []heading
	sections []section
}

// A heading is one that the page lists at its side.
type heading struct {
	ID, Text string
	Level    int
}

// A section is what search finds: a heading, and the text below it.
type section struct {
	Page    string `json:"page"`
	Address string `json:"address"`
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// Address is where the page is in the site.
func (p *page) Address() string { return address(p.source) }

// address is where the page of a Markdown file is: that of README.md is the index of
// its directory.
func address(source string) string {
	name := strings.TrimSuffix(source, ".md")
	if path.Base(name) == "README" {
		name = path.Join(path.Dir(name), "index")
	}
	return name + ".html"
}

// read reads all documents.
func read(from, version string) (*site, error) {
	s := &site{from: from, version: version, assets: map[string]bool{}}
	var names []string
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		skipped := strings.HasPrefix(entry.Name(), ".") && relative != "." || slices.Contains([]string{"node_modules", "testdata", "tools", "dist", "site", "demo"}, entry.Name())
		if entry.IsDir() && skipped {
			return fs.SkipDir
		}
		if !entry.IsDir() && filepath.Ext(name) == ".md" {
			names = append(names, filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		p, err := s.render(name, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.pages = append(s.pages, p)
	}
	return s, s.order()
}

var listedForm = regexp.MustCompile(`(?m)^\| \[([^\]]+)\]\(([^)#]+\.md)\) \|`)

// order brings the pages that the README lists to the front, under the names that it
// gives them.
func (s *site) order() error {
	readme, err := os.ReadFile(filepath.Join(s.from, "README.md"))
	if err != nil {
		return err
	}
	_, list, found := strings.Cut(string(readme), "\n## Read on\n")
	if !found {
		return fmt.Errorf("README.md has no section \"Read on\"")
	}
	rank := map[string]int{"README.md": 1}
	for i, match := range listedForm.FindAllStringSubmatch(list, -1) {
		for _, p := range s.pages {
			if p.source == match[2] {
				p.Title, p.Listed, rank[p.source] = match[1], true, i+2
			}
		}
	}
	slices.SortStableFunc(s.pages, func(a, b *page) int {
		if (rank[a.source] == 0) != (rank[b.source] == 0) {
			return rank[b.source] - rank[a.source]
		}
		return rank[a.source] - rank[b.source]
	})
	s.pages[0].Title, s.pages[0].Listed = "ivrc", true
	return nil
}

//go:embed page.html
var pageHTML string

//go:embed style.css
var style string

//go:embed site.js
var script string

// files are all files of the site.
func (s *site) files() (map[string][]byte, error) {
	shell, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	colors, err := colors()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"style.css": []byte(style + colors), "site.js": []byte(script)}
	var sections []section
	for _, p := range s.pages {
		sections = append(sections, p.sections...)
		var b bytes.Buffer
		up := strings.Repeat("../", strings.Count(p.Address(), "/"))
		if err := shell.Execute(&b, map[string]any{
			"Page": p, "Pages": s.pages, "Up": up, "Version": s.version,
			"Source": repository + "/blob/" + s.reference() + "/" + p.source,
		}); err != nil {
			return nil, err
		}
		files[p.Address()] = b.Bytes()
	}
	if files["search.json"], err = json.Marshal(sections); err != nil {
		return nil, err
	}
	for name := range s.assets {
		if files[name], err = os.ReadFile(filepath.Join(s.from, filepath.FromSlash(name))); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// reference is the commit at which the repository shows this version.
func (s *site) reference() string {
	if s.version == "devel" {
		return "main"
	}
	return s.version
}
