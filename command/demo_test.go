package command

// The demonstration, make demo, is the first thing that a newcomer runs. This
// runs what its recipe says, line by line, in a directory of its own.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// demoRecipe is the recipe of make demo, without the building of the program.
func demoRecipe(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\ndemo:\n")
	if !ok {
		t.Fatal("the Makefile has no demo")
	}
	var recipe []string
	for _, line := range strings.Split(rest, "\n") {
		command, ok := strings.CutPrefix(line, "\t")
		if !ok {
			break
		}
		if !strings.HasPrefix(command, "$(GO) build ") {
			recipe = append(recipe, command)
		}
	}
	return recipe
}

func TestDemo(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell here")
	}
	directory := t.TempDir()
	if err := os.CopyFS(filepath.Join(directory, "examples"), os.DirFS("examples")); err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{}
	recipe := demoRecipe(t)
	for _, command := range recipe {
		line, ours := strings.CutPrefix(command, "./ivrc ")
		if !ours {
			shell := exec.Command("sh", "-c", command)
			shell.Dir = directory
			if output, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, output)
			}
			continue
		}
		out := &output{written: make(chan struct{}, 1)}
		p := &program{args: shellWords(line), stdin: strings.NewReader(""), stdout: out, stderr: out, directory: directory, width: 80}
		if code := p.run(t.Context()); code != exitFine {
			t.Fatalf("%s ends with %d:\n%s", command, code, out)
		}
		printed[command] = out.String()
	}
	for _, test := range []struct{ begins, want string }{
		{"./ivrc validate", "Success!"},
		{"./ivrc build", "Built dist: 2 numbers"},
		{"./ivrc simulate", "has recorded 0:20.0"},
		{"./ivrc apply", "Apply complete! Release"},
		{recipe[len(recipe)-1], `key 1 was called "Sales"; will be called "Sales and orders"`},
	} {
		found := false
		for command, text := range printed {
			found = found || strings.HasPrefix(command, test.begins) && strings.Contains(text, test.want)
		}
		if !found {
			t.Errorf("no %s prints %q", test.begins, test.want)
		}
	}
}
