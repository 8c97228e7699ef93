package main

// The packages for Debian and its kin, and for Fedora and its.

import (
	"bytes"
	"compress/gzip"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// description is what package managers say of the program.
const description = "Telephone menus as code, for Twilio\n" +
	"ivrc compiles telephone menus written in HCL into static TwiML documents, proves\n" +
	"that every call ends well, and serves, simulates and draws them."

// homepage is where the project is.
const homepage = "https://github.com/ivrc/ivrc"

// writePackages writes packages for the programs for Linux.
func (r *release) writePackages() error {
	directory, err := os.MkdirTemp("", "ivrc-release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	for _, p := range r.programs {
		if p.system != "linux" {
			continue
		}
		contents, err := r.contents(p)
		if err != nil {
			return err
		}
		for _, packager := range []nfpm.PackagerWithExtension{deb.Default, rpm.DefaultRPM} {
			if err := r.writePackage(packager, p, contents, directory); err != nil {
				return err
			}
		}
	}
	return nil
}

// writePackage writes one package. The files go through a directory, because the
// library reads them from there.
func (r *release) writePackage(packager nfpm.PackagerWithExtension, p *program, contents []file, directory string) error {
	info := &nfpm.Info{
		Name: "ivrc", Arch: p.processor, Platform: p.system, Version: r.version, Release: "1",
		Section: "net", Priority: "optional", Maintainer: "The ivrc authors <ivrc@ivrc.example>", Vendor: "The ivrc authors",
		Description: description, Homepage: homepage, License: "Apache-2.0", MTime: r.time, DisableGlobbing: true,
	}
	info.RPM.BuildHost = "ivrc" // not the name of this machine
	for _, f := range contents {
		target, compress := installed(f.name)
		if packager == rpm.DefaultRPM { // Fedora's zsh looks elsewhere
			target = strings.Replace(target, "/zsh/vendor-completions/", "/zsh/site-functions/", 1)
		}
		if target == "" {
			continue
		}
		if compress {
			var err error
			if f.data, err = compressed(f.data); err != nil {
				return err
			}
		}
		source := filepath.Join(directory, strings.ReplaceAll(f.name, "/", "-"))
		if err := os.WriteFile(source, f.data, 0o644); err != nil {
			return err
		}
		info.Contents = append(info.Contents, &files.Content{
			Source: source, Destination: target,
			FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: f.mode, MTime: r.time},
		})
	}
	info = nfpm.WithDefaults(info)
	if err := nfpm.PrepareForPackager(info, strings.TrimPrefix(packager.ConventionalExtension(), ".")); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := packager.Package(info, &b); err != nil {
		return err
	}
	return r.write(packager.ConventionalFileName(info), b.Bytes())
}

// installed is where a package puts a file of an archive, "" for nowhere, and whether
// it is compressed there.
func installed(name string) (target string, compress bool) {
	base := path.Base(name)
	switch {
	case name == "ivrc":
		return "/usr/bin/ivrc", false
	case path.Dir(name) == "man":
		return "/usr/share/man/man1/" + base + ".gz", true
	case base == "ivrc.bash":
		return "/usr/share/bash-completion/completions/ivrc", false
	case base == "_ivrc":
		return "/usr/share/zsh/vendor-completions/_ivrc", false
	case base == "ivrc.fish":
		return "/usr/share/fish/vendor_completions.d/ivrc.fish", false
	case base == "LICENSE":
		return "/usr/share/doc/ivrc/copyright", false
	case base == "NOTICES.txt":
		return "/usr/share/doc/ivrc/NOTICES.txt.gz", true
	case base == "CHANGELOG.md":
		return "/usr/share/doc/ivrc/changelog.gz", true
	}
	return "", false
}

// compressed is data in the form of gzip, without a name and a time.
func compressed(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
