package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// TestRelease opens a whole release, as people who download it do: that in the
// directory IVRC_RELEASE, which "make release-snapshot" makes.
func TestRelease(t *testing.T) {
	directory := os.Getenv("IVRC_RELEASE")
	if directory == "" {
		t.Skip("make release-snapshot makes a release and tests it")
	}
	t.Chdir(directory)
	runs(t, "sha256sum", "--check", "--strict", checksums)
	programs := map[string][]byte{}
	for _, name := range glob(t, "*.tar.gz", "*.zip") {
		folder := unpack(t, name)
		program := "ivrc"
		if strings.Contains(name, "-windows-") {
			program = "ivrc.exe"
		}
		data := readFile(t, filepath.Join(folder, program))
		programs[filepath.Base(folder)+"/"+program] = data
		checkNotices(t, data, string(readFile(t, filepath.Join(folder, "NOTICES.txt"))))
		for _, file := range []string{"LICENSE", "README.md", "CHANGELOG.md", "man/ivrc.1", "completions/_ivrc"} {
			readFile(t, filepath.Join(folder, filepath.FromSlash(file)))
		}
		if strings.Contains(name, "-"+runtime.GOOS+"-"+runtime.GOARCH+".") {
			tryProgram(t, filepath.Join(folder, program), filepath.Base(folder))
		}
	}
	if len(programs) != len(platforms) {
		t.Errorf("there are %d archives, want %d", len(programs), len(platforms))
	}
	checkSBOM(t, ".", glob(t, "*.spdx.json")[0], programs)
	checkImage(t, ".")
	if formula := string(readFile(t, formula)); strings.Count(formula, "sha256 ") != 4 {
		t.Errorf("the formula does not name four archives:\n%s", formula)
	}
	if strings.TrimSpace(string(readFile(t, notes))) == "" {
		t.Error("there are no notes")
	}
}

// Both packages install the program, its manual and what shells need.
func TestReleasePackages(t *testing.T) {
	directory := os.Getenv("IVRC_RELEASE")
	if directory == "" {
		t.Skip("make release-snapshot makes a release and tests it")
	}
	t.Chdir(directory)
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Skip("dpkg-deb is not installed here")
	}
	for _, name := range glob(t, "*.deb") {
		root := t.TempDir()
		runs(t, "dpkg-deb", "--extract", name, root)
		checkInstalled(t, root, "usr/share/zsh/vendor-completions/_ivrc")
		if fields := runs(t, "dpkg-deb", "--field", name, "Package", "Architecture", "Depends"); !strings.Contains(fields, "Package: ivrc") || strings.Contains(fields, "Depends") {
			t.Errorf("%s says of itself\n%s", name, fields)
		}
	}
	for _, name := range glob(t, "*.rpm") {
		if _, err := exec.LookPath("rpm2archive"); err != nil {
			t.Skip("rpm2archive is not installed here")
		}
		root := t.TempDir()
		runs(t, "sh", "-c", `rpm2archive - < "$1" | tar xz -C "$2"`, "sh", name, root)
		checkInstalled(t, root, "usr/share/zsh/site-functions/_ivrc")
	}
}

// The image goes to a registry, and comes back under its digest.
func TestReleaseImage(t *testing.T) {
	directory := os.Getenv("IVRC_RELEASE")
	if directory == "" {
		t.Skip("make release-snapshot makes a release and tests it")
	}
	server := httptest.NewServer(registry.New())
	defer server.Close()
	to := strings.TrimPrefix(server.URL, "http://") + "/ivrc"
	name, err := (&release{to: directory}).push(to)
	if err != nil || !strings.HasPrefix(name, to+"@sha256:") {
		t.Fatalf("the image is %q, %v", name, err)
	}
	again, err := (&release{to: directory}).push(to)
	if err != nil || again != name {
		t.Errorf("pushed again, the image is %q, %v", again, err)
	}
}

// checkInstalled looks at the files of a package that was unpacked.
func checkInstalled(t *testing.T, root string, completion string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(root, "usr/bin/ivrc"))
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the program is not installed, or cannot be run: %v", err)
	}
	for _, name := range []string{"usr/share/man/man1/ivrc-plan.1.gz", "usr/share/bash-completion/completions/ivrc", completion,
		"usr/share/fish/vendor_completions.d/ivrc.fish", "usr/share/doc/ivrc/copyright", "usr/share/doc/ivrc/NOTICES.txt.gz"} {
		readFile(t, filepath.Join(root, filepath.FromSlash(name)))
	}
}

// tryProgram runs the program of this machine: its version is that of the archive, and
// it can do what the README shows first.
func tryProgram(t *testing.T, program, folder string) {
	t.Helper()
	said := runs(t, program, "version")
	words := strings.Fields(said)
	if len(words) < 2 || folder != "ivrc-"+words[1]+"-"+runtime.GOOS+"-"+runtime.GOARCH {
		t.Errorf("the program in %s says %q", folder, said)
	}
	calls := filepath.Join(t.TempDir(), "calls")
	runs(t, program, "init", calls)
	runs(t, program, "validate", calls)
	if call := runs(t, program, "simulate", "-press", "2,1", calls); !strings.Contains(call, "caller  presses 1") {
		t.Errorf("the program simulates\n%s", call)
	}
}

// unpack unpacks an archive, and returns the one folder that is in it.
func unpack(t *testing.T, name string) string {
	t.Helper()
	root := t.TempDir()
	if strings.HasSuffix(name, ".zip") {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		if err := os.CopyFS(root, archive); err != nil {
			t.Fatal(err)
		}
	} else {
		runs(t, "tar", "xzf", name, "-C", root)
	}
	entries, err := os.ReadDir(root)
	folder := strings.TrimSuffix(strings.TrimSuffix(name, ".zip"), ".tar.gz")
	if err != nil || len(entries) != 1 || entries[0].Name() != folder {
		t.Fatalf("%s holds %v, want the folder %s", name, entries, folder)
	}
	return filepath.Join(root, folder)
}

// versions lists the modules of a program as "go version -m" does, and the standard
// library.
func versions(t *testing.T, program []byte) []string {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"std " + info.GoVersion}
	for _, dep := range info.Deps {
		all = append(all, dep.Path+" "+dep.Version)
	}
	return all
}

// runs runs a command that succeeds, and returns what it prints.
func runs(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, &stdout, &stderr)
	}
	return stdout.String()
}

// glob lists the files of the release that patterns find; each finds some.
func glob(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s finds nothing: %v", pattern, err)
		}
		all = append(all, names...)
	}
	return all
}

// readFile reads a file that is there and not empty.
func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil || len(data) == 0 {
		t.Fatalf("%s has %d bytes: %v", name, len(data), err)
	}
	return data
}

// digestOf is the SHA-256 digest of data.
func digestOf(data []byte) string {
	sum := sha256.New()
	_, _ = io.Copy(sum, bytes.NewReader(data))
	return fmt.Sprintf("%x", sum.Sum(nil))
}
