package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
)

// What to type next is said on a terminal, by plan alone: apply shows a plan, too,
// and has just made it.
func TestHintOnlyInPlan(t *testing.T) {
	directory := t.TempDir()
	configuration := `project "office" {}
hosting { base_url = "https://calls.office.example" }
user "alice" { phone = "+14155550150" }
number "main" {
  phone_number = "+14155550100"
  to           = user.alice
}
`
	if err := os.WriteFile(filepath.Join(directory, "main.ivr.hcl"), []byte(configuration), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(environment string, args ...string) string {
		t.Helper()
		var out, errors strings.Builder
		p := &command.Program{
			Args: append(args, "-sandbox"), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errors,
			Environment: []string{environment}, Directory: directory, Width: 80, Terminal: true,
		}
		if code := p.Run(t.Context()); code != command.ExitSuccess {
			t.Fatalf("ivrc %v ends with %d: %s", args, code, errors.String())
		}
		return out.String()
	}
	const without, saved, typed = "Without -out", "Saved the plan to: x.plan", "To perform exactly these actions"
	for _, step := range []struct {
		environment string
		args        []string
		hints       []string
	}{
		{"", []string{"plan"}, []string{without}},
		{"", []string{"plan", "-out=x.plan"}, []string{saved, typed}},
		{"IVRC_IN_AUTOMATION=1", []string{"plan"}, nil},
		{"IVRC_IN_AUTOMATION=1", []string{"plan", "-out=x.plan"}, []string{saved}},
		{"", []string{"plan", "-format=markdown"}, nil},
		{"", []string{"apply", "-auto-approve"}, nil},
		{"", []string{"plan"}, nil}, // nothing is left to do
	} {
		out := run(step.environment, step.args...)
		for _, hint := range []string{without, saved, typed} {
			want := false
			for _, h := range step.hints {
				want = want || h == hint
			}
			if strings.Contains(out, hint) != want {
				t.Errorf("%s ivrc %v says %q: %v, want %v", step.environment, step.args, hint, !want, want)
			}
		}
	}
}
