package pipelines

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An atlantis runs the steps of the workflow.
type atlantis struct {
	*world
	repo map[string]any
}

// run runs the steps of "plan" or "apply" up to the first that fails, in the
// directory of the project and with sh, as the server does.
// https://www.runatlantis.io/docs/custom-workflows.html#custom-run-command
func (a *atlantis) run(command string) job {
	a.t.Helper()
	done, place := job{name: command}, a.workplace()
	if err := os.Rename(place.in("ready-ivrc"), place.in("ivrc")); err != nil { // the server has it
		a.t.Fatal(err)
	}
	project := a.repo["projects"].([]any)[0]
	folder := filepath.Join(place.checkout, words(at(project, "dir")))
	for _, step := range at(a.repo, "workflows", words(at(project, "workflow")), command, "steps").([]any) {
		result := place.bashed("cd "+folder+"\n"+words(at(step, "run")), map[string]string{
			"PLANFILE": filepath.Join(a.outside, "calls-default.tfplan"), "DIR": folder,
		}, "--posix", "-e")
		if done.steps = append(done.steps, result); result.code != 0 {
			break
		}
	}
	return done
}

func TestAtlantis(t *testing.T) {
	a := &atlantis{world: newWorld(t)}
	_, a.repo = readPipeline(t, "atlantis.yaml")
	a.edit("main.ivrtest.hcl", `presses("1")`, `presses("2")`)
	jobs{a.run("plan")}.want(t, "plan!", "main.ivrtest.hcl")
	a.edit("main.ivrtest.hcl", `presses("2")`, `presses("1")`)

	jobs{a.run("plan")}.want(t, "plan", "12 to change")
	before := a.addresses()
	a.console("+14155550103", "https://elsewhere.example/answer")
	jobs{a.run("apply")}.want(t, "apply!")
	if now := a.addresses(); now["+14155550101"] != before["+14155550101"] {
		t.Error("a plan that is stale was applied")
	}
	jobs{a.run("plan")}.want(t, "plan", "12 to change")
	jobs{a.run("apply")}.want(t, "apply", "Apply complete!", "12 changed")

	a.welcome(func(int) string { return strings.Repeat("Good day. ", 2) })
	jobs{a.run("plan")}.want(t, "plan", "12 to change")
	jobs{a.run("apply")}.want(t, "apply!", "-allow-mass-change")
}
