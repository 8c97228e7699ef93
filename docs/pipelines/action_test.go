package pipelines

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A step is one of a job, or of the action that a step of the job uses.
type step struct {
	definition any
	ctx        map[string]any
	shell      string // where the step names none
	action     string // the directory of the action, "" outside
}

// ours is how a workflow uses the action in the root of this repository, and setUpGo
// what the action uses itself.
const (
	ours    = "ivrc/ivrc@v1"
	setUpGo = "actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e"
)

// expand puts the steps of our action in the place of a step that uses it.
// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
func (g *gitHub) expand(s step) []step {
	g.t.Helper()
	if words(at(s.definition, "uses")) != ours {
		return []step{s}
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		g.t.Fatal(err)
	}
	_, action := readPipeline(g.t, filepath.Join(root, "action.yml"))
	given, _ := at(s.definition, "with").(map[string]any)
	inputs := map[string]any{}
	for name, input := range at(action, "inputs").(map[string]any) {
		inputs[name] = g.interpolate(words(at(input, "default")), s.ctx)
	}
	for name, value := range given {
		if inputs[name] == nil {
			g.t.Fatalf("the action has no input %q", name)
		}
		inputs[name] = g.interpolate(words(value), s.ctx)
	}
	ctx := maps.Clone(s.ctx)
	ctx["inputs"] = inputs
	var steps []step
	for _, definition := range at(action, "runs", "steps").([]any) {
		steps = append(steps, step{definition: definition, ctx: ctx, action: root})
	}
	return steps
}

// uses runs the action alone, as a job of one step.
func (g *gitHub) uses(e event, with map[string]any) jobs {
	g.t.Helper()
	g.workflow = map[string]any{"jobs": map[string]any{"calls": map[string]any{
		"steps": []any{map[string]any{"uses": ours, "with": with}},
	}}}
	return jobs{g.job("calls", at(g.workflow, "jobs", "calls"), g.context(e))}
}

// Without a version, the action builds the program from its own commit.
func TestActionAlone(t *testing.T) {
	g := newGitHub(t)
	push := event{name: "push", commit: "c1"}
	g.uses(push, map[string]any{"command": "check", "directory": directory}).want(t, "calls", "1 call test, 1 passed, 0 failed")
	g.uses(push, map[string]any{"command": "plan", "directory": directory}).want(t, "calls")
	if n := len(g.comments()); n != 0 {
		t.Errorf("a plan without a pull request wrote %d comments", n)
	}
	g.uses(push, map[string]any{"command": "setup"}).want(t, "calls")
	g.uses(push, map[string]any{"command": "aply", "directory": directory}).want(t, "calls!", `not "aply"`)
	g.uses(push, map[string]any{"command": "check", "directory": "nowhere"}).want(t, "calls!", "nowhere")
}

// A directory whose name is a script stays a name.
func TestActionTakesNoScript(t *testing.T) {
	g := newGitHub(t)
	mark := filepath.Join(g.outside, "mark")
	name := `x"; touch ` + mark + `; echo "$(touch ` + mark + `)`
	for _, command := range []string{"check", "plan", "apply", "drift"} {
		if result := g.uses(g.pull("c1"), map[string]any{"command": command, "directory": name}); result.names() != "calls!" {
			t.Errorf("%s works on a directory that is not there%s", command, result.tail())
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the name of the directory was run as a script")
	}
	text, _ := readPipeline(t, filepath.Join("..", "..", "action.yml"))
	for _, script := range regexp.MustCompile(`(?s)\n      run: .*?(?:\n    - |$)`).FindAllString(text, -1) {
		if strings.Contains(script, "${{") {
			t.Errorf("a script holds an expression:%s", script)
		}
	}
}

// Actions of others are pinned by their commits.
func TestActionsArePinned(t *testing.T) {
	pinned := regexp.MustCompile(`@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	names, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(names) < 2 {
		t.Fatalf("the workflows are %v, %v", names, err)
	}
	for _, name := range append(names, "../../action.yml") {
		text, _ := readPipeline(t, name)
		for _, use := range regexp.MustCompile(`(?m)\buses: (.*)$`).FindAllStringSubmatch(text, -1) {
			if use[1] != "./" && !pinned.MatchString(use[1]) {
				t.Errorf("%s uses %s, which is not pinned by a commit, with its version behind it", name, use[1])
			}
		}
	}
}
