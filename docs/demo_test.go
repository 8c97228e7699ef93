package docs

// The demonstration, make demo, is the first thing that a newcomer runs. This
// runs what its recipe says, line by line, in a directory of its own.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
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
	for _, needed := range []string{"sh", "sed"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skip("make demo needs ", needed, ", which is not installed here")
		}
	}
	directory := t.TempDir()
	if err := os.CopyFS(filepath.Join(directory, "examples"), os.DirFS("examples")); err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{}
	recipe := demoRecipe(t)
	for _, step := range recipe {
		line, ours := strings.CutPrefix(step, "./ivrc ")
		if !ours {
			shell := exec.Command("sh", "-c", step)
			shell.Dir = directory
			if output, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", step, err, output)
			}
			continue
		}
		out := commandtest.NewLog()
		p := &command.Program{Executable: "ivrc", Args: shellWords(line), Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Directory: directory, Width: 80}
		if code := p.Run(t.Context()); code != command.ExitSuccess {
			t.Fatalf("%s ends with %d:\n%s", step, code, out)
		}
		printed[step] = out.String()
	}
	for _, test := range []struct{ begins, want string }{
		{"./ivrc validate", "Success!"},
		{"./ivrc build", "Built dist: 2 numbers"},
		{"./ivrc simulate", "has recorded 0:20.0"},
		{"./ivrc apply", "Apply complete! Release"},
		{recipe[len(recipe)-1], `key 1 was called "Sales"; will be called "Sales and orders"`},
	} {
		found := false
		for step, text := range printed {
			found = found || strings.HasPrefix(step, test.begins) && strings.Contains(text, test.want)
		}
		if !found {
			t.Errorf("no %s prints %q", test.begins, test.want)
		}
	}
}
