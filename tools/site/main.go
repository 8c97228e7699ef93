// Command site makes a website of the documents: a page for each Markdown file, with
// navigation, search, a choice of versions, and nothing from other hosts.
//
//	site -version v1.2.3 -to ../site
//
// It writes into the directory of the version, beside those that are there already, and
// writes the list of versions anew. Any server of files can serve the result.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

func main() {
	from := flag.String("from", "..", "the repository in `DIR`")
	to := flag.String("to", "../site", "write to `DIR`")
	version := flag.String("version", "devel", "the `VERSION` that the documents are of")
	flag.Parse()
	if err := make(*from, *to, *version); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

// make makes the site of one version, and the list of all.
func make(from, to, version string) error {
	if version != "devel" && !semver.IsValid(version) {
		return fmt.Errorf("%q is not a version: write v1.2.3", version)
	}
	s, err := read(from, version)
	if err != nil {
		return err
	}
	directory := filepath.Join(to, version)
	if err := os.RemoveAll(directory); err != nil {
		return err
	}
	files, err := s.files()
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := write(filepath.Join(directory, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	return listVersions(to)
}

// write writes a file, and makes its directory.
func write(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// listVersions lists the versions that there are, the newest first and devel last, and
// leads from the root of the site to the first.
func listVersions(to string) error {
	entries, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	var versions []string
	for _, entry := range entries {
		if entry.IsDir() && (entry.Name() == "devel" || semver.IsValid(entry.Name())) {
			versions = append(versions, entry.Name())
		}
	}
	slices.SortFunc(versions, func(a, b string) int { return semver.Compare(b, a) }) // devel is no version, and less than all
	list, err := json.Marshal(versions)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(to, "versions.json"), list); err != nil {
		return err
	}
	first := versions[0] + "/index.html"
	return write(filepath.Join(to, "index.html"), []byte(strings.ReplaceAll(
		"<!doctype html><meta charset=\"utf-8\"><title>ivrc</title><meta http-equiv=\"refresh\" content=\"0; url=X\"><a href=\"X\">ivrc</a>\n", "X", first)))
}
