package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/spdx/tools-golang/json"
)

// built is a release with the program for this machine alone, from the work tree as it
// is, and all that is made of it but archives and packages.
func built(t *testing.T) *release {
	t.Helper()
	if os.Getenv("IVRC_RELEASE") != "" {
		t.Skip("a whole release is tested")
	}
	r := made(t)
	r.to, r.on = t.TempDir(), []platform{{"linux", runtime.GOARCH}}
	for _, step := range []func() error{r.build, r.findModules, r.writeNotices, r.writeSBOM, r.writeImage} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// What there is besides this module is in the bill of materials and in the notices,
// and may be given on.
func TestParts(t *testing.T) {
	r := built(t)
	checkSBOM(t, r.to, r.sbom(), map[string][]byte{r.folder(r.programs[0]) + "/ivrc": r.programs[0].data})
	checkNotices(t, r.programs[0].data, string(r.notices))
	free := []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MPL-2.0", "Unicode-DFS-2016"}
	for _, m := range r.modules {
		for _, name := range strings.Split(m.licence(), " AND ") {
			if !slices.Contains(free, name) {
				t.Errorf("%s is under %q, of which these tests do not know whether it may be given on", m.path, name)
			}
		}
	}
	checkImage(t, r.to)
}

// Every file that is embedded is our own, or has a notice.
func TestEmbeddings(t *testing.T) {
	ours := []string{"compiler/audio/", "compiler/diagram/dagre.LICENSE.txt", "compiler/diagram/page/", "compiler/diagram/words/",
		"compiler/internal/model/languages/", "compiler/twiml/voices.txt", "examples/", "runtime/router/host/"}
	form := regexp.MustCompile(`(?m)^//go:embed (.*)$`)
	found := 0
	err := filepath.WalkDir("../..", func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, filepath.FromSlash("../../tools")) {
			return err
		}
		data, err := os.ReadFile(name)
		for _, match := range form.FindAllSubmatch(data, -1) {
			for _, pattern := range strings.Fields(string(match[1])) {
				file := filepath.ToSlash(filepath.Join(strings.TrimPrefix(filepath.Dir(name), filepath.FromSlash("../../")), pattern))
				listed := slices.ContainsFunc(embeddings, func(e embedded) bool { return e.file == file })
				own := slices.ContainsFunc(ours, func(folder string) bool { return strings.HasPrefix(file, folder) })
				if found++; !listed && !own {
					t.Errorf("%s embeds %s: say whose it is, in embeddings or here", name, pattern)
				}
			}
		}
		return err
	})
	if err != nil || found < 10 {
		t.Errorf("%d files are embedded: %v", found, err)
	}
	for _, e := range embeddings {
		data, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(e.file)))
		if err != nil {
			t.Error(err)
		}
		if e.name == "dagre" && !bytes.Contains(data, []byte(`"`+e.version+`"`)) {
			t.Errorf("%s is not of version %s", e.file, e.version)
		}
	}
}

// The notes are the section of the version, with links that lead somewhere.
func TestNotes(t *testing.T) {
	const changelog = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2025-12-24\n\n### Added\n\n- A [page](docs/x.md), and [one](https://x.example/).\n\n## [1.2.2]\n\n- Old.\n\n[1.2.3]: https://x.example/\n"
	got, err := section(changelog, "1.2.3")
	if want := "### Added\n\n- A [page](" + homepage + "/blob/HEAD/docs/x.md), and [one](https://x.example/).\n"; err != nil || got != want {
		t.Errorf("the notes are %q, %v; want %q", got, err, want)
	}
	if got, err := section(changelog, "1.2.2"); err != nil || got != "- Old.\n" {
		t.Errorf("the notes of the last version are %q, %v", got, err)
	}
	for _, heading := range []string{"Unreleased", "1.2", "2.0.0"} {
		if got, err := section(changelog, heading); err == nil {
			t.Errorf("the notes of %s are %q, want an error", heading, got)
		}
	}
}

// checkSBOM holds the bill of materials to what Go wrote into the programs.
func checkSBOM(t *testing.T, directory, name string, programs map[string][]byte) {
	t.Helper()
	f, err := os.Open(filepath.Join(directory, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := json.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]string{} // by identifier
	files := map[string]string{}    // identifier of the program with a file
	for _, p := range document.Packages {
		packages[string(p.PackageSPDXIdentifier)] = p.PackageName + " " + p.PackageVersion
		if p.PackageFileName != "" {
			files[p.PackageFileName] = string(p.PackageSPDXIdentifier)
			if sum := digestOf(programs[p.PackageFileName]); p.PackageChecksums[0].Value != sum {
				t.Errorf("%s has the digest %s, want %s", p.PackageFileName, p.PackageChecksums[0].Value, sum)
			}
		}
	}
	if len(files) != len(programs) {
		t.Errorf("the bill lists %d programs, want %d", len(files), len(programs))
	}
	for name, data := range programs {
		var got []string
		for _, relationship := range document.Relationships {
			if string(relationship.RefA.ElementRefID) == files[name] && relationship.Relationship == "CONTAINS" {
				got = append(got, packages[string(relationship.RefB.ElementRefID)])
			}
		}
		want := versions(t, data)
		for _, e := range embeddings {
			want = append(want, e.name+" "+e.version)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s consists of (-want +got)\n%s", name, diff)
		}
	}
}

// checkNotices looks for every module of a program in the notices, with a text.
func checkNotices(t *testing.T, program []byte, notices string) {
	t.Helper()
	for _, m := range append(versions(t, program), "dagre 3.1.3") {
		_, texts, found := strings.Cut(notices, rule+"\n"+m)
		if texts, _, _ = strings.Cut(texts, rule+"\n\n"); !found {
			t.Errorf("the notices have no text of %s", m)
		}
	}
	for _, text := range []string{"Mozilla Public License, version 2.0", "Copyright (c) 2012-2014 Chris Pettitt", "public domain"} {
		if !strings.Contains(strings.Join(strings.Fields(notices), " "), text) {
			t.Errorf("the notices do not hold %q", text)
		}
	}
}

// checkImage holds each image to the Containerfile.
func checkImage(t *testing.T, directory string) {
	t.Helper()
	index, err := layout.ImageIndexFromPath(filepath.Join(directory, image))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) == 0 {
		t.Fatalf("the index has %d images: %v", len(manifest.Manifests), err)
	}
	for _, descriptor := range manifest.Manifests {
		one, err := index.Image(descriptor.Digest)
		if err != nil {
			t.Fatal(err)
		}
		config, err := one.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		c := config.Config
		if c.User != "65532:65532" || !slices.Equal(c.Entrypoint, []string{"/ivrc"}) || c.StopSignal != "SIGTERM" || len(c.ExposedPorts) != 2 {
			t.Errorf("the image runs otherwise than the Containerfile says: %+v", c)
		}
		if config.Architecture != descriptor.Platform.Architecture || c.Labels["org.opencontainers.image.version"] == "" {
			t.Errorf("the image is not what the index says: %s %v", config.Architecture, c.Labels)
		}
	}
}
