package main

// The programs: one for each platform, with the version that Go stamps into them.

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// A platform is what a program is built for.
type platform struct{ system, processor string }

// platforms are all that a release has programs for.
var platforms = []platform{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
}

func (p platform) String() string { return p.system + "-" + p.processor }

// A program is ivrc for one platform.
type program struct {
	platform
	data []byte
	info *debug.BuildInfo
}

// name is what the program is called on its platform.
func (p *program) name() string {
	if p.system == "windows" {
		return "ivrc.exe"
	}
	return "ivrc"
}

// checkOut makes a clean checkout of the commit that is released, so that nothing is
// in a release but what is committed. It returns what removes the checkout.
func (r *release) checkOut() (func(), error) {
	directory, err := os.MkdirTemp("", "ivrc-release")
	if err != nil {
		return nil, err
	}
	remove := func() { os.RemoveAll(directory) }
	output, err := exec.Command("git", "clone", "--quiet", r.root, directory).CombinedOutput()
	if err == nil && r.version != "" {
		output, err = exec.Command("git", "-C", directory, "-c", "advice.detachedHead=false", "checkout", "--quiet", "tags/"+r.version).CombinedOutput()
	}
	if err != nil {
		remove()
		return nil, fmt.Errorf("git: %w\n%s", err, output)
	}
	r.root = directory
	return remove, nil
}

// build builds the programs.
func (r *release) build() error {
	for _, p := range r.on {
		program, err := r.buildFor(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		r.programs = append(r.programs, program)
	}
	return nil
}

// stamp takes the version, the commit and its time from a program. Go reads them from
// git; so there is one place that says which version this is, and nothing can be
// released under another name.
func (r *release) stamp() error {
	info := r.programs[0].info
	stamped := info.Main.Version
	if !r.snapshot && stamped != r.version {
		return fmt.Errorf("Go takes the tag %s for version %s", r.version, stamped)
	}
	r.version = stamped
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			r.commit = setting.Value
		case "vcs.time":
			var err error
			if r.time, err = time.Parse(time.RFC3339, setting.Value); err != nil {
				return err
			}
		}
	}
	if r.commit == "" || r.time.IsZero() {
		return fmt.Errorf("go build did not say which commit %s is", stamped)
	}
	return nil
}

// buildFor builds the program for one platform.
func (r *release) buildFor(p platform) (*program, error) {
	directory, err := os.MkdirTemp("", "ivrc-release")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	name := filepath.Join(directory, "ivrc")
	if _, err := r.goCommand(p, "build", "-trimpath", "-ldflags=-s -w", "-o", name, "."); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	info, err := buildinfo.Read(bytes.NewReader(data))
	return &program{platform: p, data: data, info: info}, err
}

// goCommand runs the go command in the work tree for a platform. Nothing of how the
// machine is set up finds its way into what it builds.
func (r *release) goCommand(p platform, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GOOS="+p.system, "GOARCH="+p.processor, "CGO_ENABLED=0",
		"GOFLAGS=-mod=readonly", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return output, nil
}
