package pipelines

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var inputForm = regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)

// include puts the jobs of the component into the pipeline that includes it, with more
// inputs than the pipeline gives, and the version of these tests in the place of the one
// that people write.
// https://docs.gitlab.com/ci/inputs/
func (g *gitLab) include(more map[string]any) {
	g.t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "templates", "ivrc.yml"))
	if err != nil {
		g.t.Fatal(err)
	}
	head, jobs, found := strings.Cut(string(data), "\n---\n")
	var spec map[string]any
	if err := yaml.Unmarshal([]byte(head), &spec); err != nil || !found {
		g.t.Fatalf("the component has no head: %v", err)
	}
	given := at(g.pipeline["include"].([]any)[0], "inputs").(map[string]any)
	maps.Copy(given, more)
	inputs := map[string]string{}
	for name, input := range at(spec, "spec", "inputs").(map[string]any) {
		value, ok := given[name]
		if !ok {
			value = at(input, "default")
		}
		if delete(given, name); value == nil {
			g.t.Fatalf("the pipeline does not give the input %s, which has no default", name)
		}
		inputs[name] = words(value)
	}
	if len(given) > 0 {
		g.t.Fatalf("the component has no inputs %v", given)
	}
	inputs["version"] = version
	jobs = inputForm.ReplaceAllStringFunc(jobs, func(match string) string {
		value, ok := inputs[inputForm.FindStringSubmatch(match)[1]]
		if !ok {
			g.t.Fatalf("the component uses %s, which is no input", match)
		}
		return value
	})
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(jobs), &tree); err != nil {
		g.t.Fatal(err)
	}
	for name, job := range tree {
		if g.pipeline[name] != nil {
			g.t.Fatalf("the component replaces %s", name)
		}
		g.pipeline[name] = job
	}
	g.text += "\n" + jobs
}

// The page lists every input of the action and of the component.
func TestInputsAreListed(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "pipelines.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, action, _ := strings.Cut(string(page), "\n## The action\n")
	action, component, _ := strings.Cut(action, "\n## The component\n")
	component, _, _ = strings.Cut(component, "\n## ")
	for file, listed := range map[string]string{"action.yml": action, "templates/ivrc.yml": component} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		_, inputs, _ := strings.Cut(string(text), "inputs:\n")
		inputs, _, _ = strings.Cut(inputs, "\nruns:")
		inputs, _, _ = strings.Cut(inputs, "\n---")
		names := regexp.MustCompile(`(?m)^ {2,4}([a-z-]+):$`).FindAllStringSubmatch(inputs, -1)
		if len(names) < 4 {
			t.Errorf("%s has %d inputs; this test looks past them", file, len(names))
		}
		for _, name := range names {
			if !strings.Contains(listed, "`"+name[1]+"`") {
				t.Errorf("the page does not list the input %s of %s", name[1], file)
			}
		}
	}
}
