// Command release makes everything that a release of ivrc consists of, from what is
// committed, and without a network but for Go modules:
//
//	release -version v1.2.3 -to dist       make it
//	release -snapshot -to dist             make it from the current commit, to try it
//	release -push HOST/NAME -to dist       push the image that was made, and print its digest
//
// The same commit and the same Go make the same bytes on every machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	var r release
	var push, only string
	flag.StringVar(&r.version, "version", "", "the `TAG` that is released, such as v1.2.3")
	flag.StringVar(&r.root, "from", "..", "the repository in `DIR`")
	flag.StringVar(&r.to, "to", "../dist", "write to `DIR`, which must not exist")
	flag.BoolVar(&r.snapshot, "snapshot", false, "take the version that Go gives to the commit")
	flag.StringVar(&only, "platforms", "", "with -snapshot: only `LIST`, such as linux-amd64,windows-arm64")
	flag.StringVar(&push, "push", "", "push the image in DIR to `HOST/NAME`, and print NAME@DIGEST")
	flag.Parse()
	err := r.choose(only)
	switch {
	case err == nil && push != "":
		var name string
		if name, err = r.push(push); err == nil {
			fmt.Println(name)
		}
	case err == nil:
		err = r.make()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// A release is one version of the program, and what is made of it.
type release struct {
	root     string // the repository, and then its checkout
	to       string // where it is written
	version  string // v1.2.3
	snapshot bool
	on       []platform

	time     time.Time // of the commit; everything that is made has it
	commit   string
	programs []*program
	modules  []*module // what the programs consist of, besides this module
	notices  []byte
	manual   []file // pages and completions, as they lie in an archive
}

// A file is one of those in an archive or a package.
type file struct {
	name string // slash-separated
	data []byte
	mode os.FileMode
}

// choose decides for which platforms there are programs: for all, unless it is only
// tried.
func (r *release) choose(only string) error {
	r.on = platforms
	if only == "" {
		return nil
	}
	if !r.snapshot {
		return errors.New("a release has programs for all platforms")
	}
	r.on = nil
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(platforms, func(p platform) bool { return p.String() == name })
		if i < 0 {
			return fmt.Errorf("there is no platform %q", name)
		}
		r.on = append(r.on, platforms[i])
	}
	return nil
}

// number is the version as files and packages have it: 1.2.3.
func (r *release) number() string { return strings.TrimPrefix(r.version, "v") }

// write writes a file of the release.
func (r *release) write(name string, data []byte) error {
	return os.WriteFile(filepath.Join(r.to, name), data, 0o644)
}

// read reads a file of the work tree.
func (r *release) read(name string) (file, error) {
	data, err := os.ReadFile(filepath.Join(r.root, name))
	return file{name, data, 0o644}, err
}

// make makes everything.
func (r *release) make() error {
	if r.snapshot == (r.version != "") {
		return errors.New("give -version or -snapshot")
	}
	if err := os.Mkdir(r.to, 0o755); err != nil {
		return err
	}
	remove, err := r.checkOut()
	if err != nil {
		return err
	}
	defer remove()
	for _, step := range []func() error{
		r.build, r.stamp, r.findModules, r.writeNotices, r.writeManual,
		r.writeArchives, r.writePackages, r.writeSBOM, r.writeImage, r.writeNotes, r.writeChecksums, r.writeFormula,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
