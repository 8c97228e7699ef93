package docs

// What pipelines run is in action.yml and templates/ivrc.yml. Both are parsed, and
// every ivrc command in them is held to the program's own commands, options and
// arguments.

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/command"
)

// pipelineCommands lists the ivrc commands in a pipeline.
func pipelineCommands(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, jobs, found := strings.Cut(string(text), "\n---\n"); found { // a component has a head
		text = []byte(jobs)
	}
	kind, err := yaml.Standard.ImpliedType(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	value, err := yaml.Standard.Unmarshal(text, kind)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var commands []string
	err = cty.Walk(value, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			for _, line := range strings.Split(v.AsString(), "\n") {
				if strings.HasPrefix(strings.TrimSpace(line), "ivrc ") {
					commands = append(commands, strings.TrimSpace(line))
				}
			}
		}
		return true, nil
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return commands
}

var shortForm = regexp.MustCompile(`^-(\w[\w-]+)`)

// checkCommand reports what the program would not understand of a command line.
func checkCommand(line string) error {
	line, _, _ = strings.Cut(line, " #")
	line, _, _ = strings.Cut(line, " >")
	root := (&command.Program{}).Command()
	words := shellWords(line)[1:]
	for i, word := range words {
		words[i] = shortForm.ReplaceAllString(word, "--$1") // as the program does
	}
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	if cmd == root {
		return fmt.Errorf("there is no command %q", rest[0])
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

func TestDocsPipelines(t *testing.T) {
	for _, name := range []string{"action.yml", "templates/ivrc.yml"} {
		var verbs []string
		for _, command := range pipelineCommands(t, name) {
			command = strings.NewReplacer("$ALLOW_MASS_CHANGE", "true", "$LOCK_TIMEOUT", "5m").Replace(command)
			verbs = append(verbs, shellWords(command)[1])
			if err := checkCommand(command); err != nil {
				t.Errorf("%s: %s: %v", name, command, err)
			}
		}
		slices.Sort(verbs)
		if want := []string{"apply", "drift", "fmt", "plan", "plan", "test", "validate"}; !slices.Equal(verbs, want) {
			t.Errorf("%s runs %v, want %v", name, verbs, want)
		}
	}
	for _, wrong := range []string{"ivrc plan -fromat=markdown", "ivrc aply", "ivrc apply a b"} {
		if checkCommand(wrong) == nil {
			t.Errorf("%s is taken for a command", wrong)
		}
	}
}

var codedCommand = regexp.MustCompile("`(ivrc [a-z][^`…]*)`")

// Commands in the prose and in the sh blocks of the pages about deploying are
// commands of the program, too.
func TestDocsDeployCommands(t *testing.T) {
	for _, name := range []string{"docs/deploy.md", "docs/pipelines.md", "docs/recovery.md"} {
		p, found := readPage(t, name), 0
		check := func(at int, command string) {
			found++
			command = strings.NewReplacer(" ID", " X", " PLAN", " X", "=DIR", "=X").Replace(command)
			if strings.Count(command, " ") == 1 && (command == "ivrc force-unlock" || command == "ivrc dial") {
				return // the command itself is meant
			}
			if err := checkCommand(command); err != nil {
				t.Errorf("%s: %s: %v", p.at(at), command, err)
			}
		}
		p.prose(func(i int, line string) {
			for _, match := range codedCommand.FindAllStringSubmatch(line, -1) {
				check(i, match[1])
			}
		})
		for _, f := range p.fences() {
			for i, line := range f.lines {
				if f.info == "sh" && strings.HasPrefix(line, "ivrc ") {
					check(f.first+i, line)
				}
			}
		}
		if found == 0 {
			t.Errorf("%s names no command; this test looks past it", name)
		}
	}
}

// JSON in a page is JSON.
func TestDocsJSON(t *testing.T) {
	found := 0
	for _, p := range pages(t) {
		for _, f := range p.fences() {
			if f.info != "json" || strings.Contains(f.text(), "…") {
				continue
			}
			found++
			if !json.Valid([]byte(f.text())) {
				t.Errorf("%s: this is not JSON", p.at(f.first))
			}
		}
	}
	if found < 2 {
		t.Errorf("only %d blocks are JSON", found)
	}
}
