package pipelines

import (
	"path/filepath"
	"strings"
	"testing"
)

// places writes a configuration with two environments, in the place of the other.
func (w *world) places() {
	w.t.Helper()
	text := `
project "office" {}

environment "production" {
  base_url  = "https://calls.office.example"
  store     = "` + filepath.Join(w.outside, "production") + `"
  variables = { main_number = "+14155550100" }
}

environment "staging" {
  base_url  = "https://staging.office.example"
  store     = "` + filepath.Join(w.outside, "staging") + `"
  variables = { main_number = "+14155550101" }
}

variable "main_number" { default = "+14155550104" }

user "alice" { phone = "+14155550150" }

number "main" {
  phone_number = var.main_number
  to           = user.alice
}
`
	w.write("main.ivr.hcl", text)
	w.write("numbers.ivr.hcl", "# All numbers are in main.ivr.hcl.\n")
	w.edit("main.ivrtest.hcl", "number.n0", "number.main")
	w.edit("main.ivrtest.hcl", `presses("1"), `, "")
}

// Each environment has a comment of its own, and apply changes one alone.
func TestActionEnvironment(t *testing.T) {
	g := newGitHub(t)
	g.places()
	with := func(command, environment string) map[string]any {
		return map[string]any{"command": command, "directory": directory, "environment": environment}
	}
	g.talk()
	g.uses(g.pull("c1"), with("check", "")).want(t, "calls")
	g.uses(g.pull("c1"), with("plan", "")).want(t, "calls!", "-env")
	for _, commit := range []string{"c1", "c2"} {
		for _, environment := range []string{"staging", "production"} {
			g.uses(g.pull(commit), with("plan", environment)).want(t, "calls")
		}
	}
	comments := g.comments()
	if len(comments) != 2 || !strings.Contains(comments[0].Body, "staging") || !strings.Contains(comments[1].Body, "Planned for c2.") {
		t.Fatalf("the comments are %+v", comments)
	}
	g.uses(event{name: "push"}, with("apply", "staging")).want(t, "calls", "Apply complete!")
	for phone, url := range g.addresses() {
		if strings.Contains(url, "staging.office.example") != (phone == "+14155550101") || strings.Contains(url, "calls.office.example") {
			t.Errorf("%s is answered by %s", phone, url)
		}
	}
	g.uses(event{name: "schedule"}, with("drift", "staging")).want(t, "calls", "No drift.")
}

// The component works in the environment that it is given.
func TestGitLabEnvironment(t *testing.T) {
	g := newGitLab(t)
	g.places()
	_, g.pipeline = readPipeline(t, "gitlab-ci.yml")
	g.include(map[string]any{"environment": "staging", "gitlab-environment": "staging", "job-prefix": "staging-"})
	g.text = "include:\n" + g.text[strings.LastIndex(g.text, "\n.staging-ivrc:"):]
	g.run(g.pull("c1")).want(t, "staging-check staging-plan", "staging")
	g.run(g.push()).want(t, "staging-apply", "Apply complete!")
	if definition := g.definition("staging-apply"); definition["environment"] != "staging" || definition["resource_group"] != "staging" {
		t.Errorf("apply runs in the environment %v and the group %v", definition["environment"], definition["resource_group"])
	}
}
