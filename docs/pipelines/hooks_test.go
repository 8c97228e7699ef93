package pipelines

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The hooks in .pre-commit-hooks.yaml do what pre-commit runs them for: the entry
// with the arguments of whoever uses it, and behind them the files that were changed
// and that the hook wants.
func TestPreCommitHooks(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []hook
	if err := yaml.Unmarshal(data, &hooks); err != nil || len(hooks) != 2 {
		t.Fatalf("there are %d hooks: %v", len(hooks), err)
	}
	w := newWorld(t)
	w.write("data.txt", "")
	changed := []string{"main.ivr.hcl", "main.ivrtest.hcl", "data.txt"}

	w.edit("main.ivr.hcl", "  store ", "\tstore ")
	w.edit("main.ivrtest.hcl", "  steps ", "\tsteps ")
	for i, want := range []string{directory + "/main.ivr.hcl\n" + directory + "/main.ivrtest.hcl\n", ""} {
		if out, err := hooks[0].run(t, w, changed); err != nil || out != want {
			t.Errorf("run %d of ivrc-fmt: %v, and it says %q, want %q", i+1, err, out, want)
		}
	}
	if out, err := hooks[1].run(t, w, changed, directory); err != nil || !strings.Contains(out, "Success!") {
		t.Errorf("ivrc-validate: %v\n%s", err, out)
	}
	w.edit("main.ivr.hcl", "+14155550150", "+1415555")
	if out, err := hooks[1].run(t, w, nil, directory); err == nil || !strings.Contains(out, "main.ivr.hcl line 6") {
		t.Errorf("ivrc-validate finds nothing in a configuration with a mistake: %v\n%s", err, out)
	}
}

// A hook is an entry of .pre-commit-hooks.yaml.
// https://pre-commit.com/#creating-new-hooks
type hook struct {
	ID            string
	Entry         string
	Files         string
	PassFilenames *bool `yaml:"pass_filenames"`
	AlwaysRun     bool  `yaml:"always_run"`
}

// run runs a hook from the root of the repository.
func (h hook) run(t *testing.T, w *world, changed []string, args ...string) (string, error) {
	t.Helper()
	wanted := regexp.MustCompile(h.Files)
	var names []string
	for _, name := range changed {
		if wanted.MatchString(name) {
			names = append(names, filepath.ToSlash(filepath.Join(directory, name)))
		}
	}
	if len(names) == 0 && !h.AlwaysRun {
		t.Fatalf("%s is not run at all", h.ID)
	}
	words := append(strings.Fields(h.Entry), args...)
	if h.PassFilenames == nil || *h.PassFilenames {
		words = append(words, names...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = w.repository
	out, err := cmd.CombinedOutput()
	return string(out), err
}
