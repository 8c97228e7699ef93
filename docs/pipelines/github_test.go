package pipelines

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A gitHub runs the jobs of the workflow.
type gitHub struct {
	*world
	text     string
	workflow map[string]any
}

func newGitHub(t *testing.T) *gitHub {
	g := &gitHub{world: newWorld(t)}
	g.text, g.workflow = readPipeline(t, "github-actions.yml")
	return g
}

// An event is what starts a workflow, and what it brings with it.
type event struct {
	name, ref string
	commit    string
	fork      bool
	inputs    map[string]any
}

const (
	repository = "office/calls"
	number     = "7" // of the pull request
)

// context is what expressions see.
// https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
func (g *gitHub) context(e event) map[string]any {
	head := repository
	if e.fork {
		head = "stranger/calls"
	}
	payload := map[string]any{}
	if e.name == "pull_request" {
		payload["pull_request"] = map[string]any{
			"number": number,
			"head":   map[string]any{"sha": e.commit, "repo": map[string]any{"full_name": head}},
		}
	}
	return map[string]any{
		"github": map[string]any{
			"event_name": e.name, "event": payload, "repository": repository, "token": "gh-token",
			"ref": first(e.ref, "refs/heads/main"), "sha": e.commit,
		},
		"vars": map[string]any{"IVRC_VERSION": version, "CALLS_DIR": directory, "AWS_REGION": "eu-central-1"},
		"secrets": map[string]any{
			"TWILIO_ACCOUNT_SID": "account", "TWILIO_API_KEY": "key", "TWILIO_API_SECRET": "secret", "TWILIO_AUTH_TOKEN": "token",
		},
		"inputs": e.inputs,
	}
}

// run runs the jobs that an event starts.
func (g *gitHub) run(e event) jobs {
	g.t.Helper()
	if _, known := g.workflow["on"].(map[string]any)[e.name]; !known {
		return nil
	}
	var done jobs
	ctx := g.context(e)
	for _, name := range keys(g.t, g.text, "jobs") {
		definition := at(g.workflow, "jobs", name)
		if need := words(at(definition, "needs")); need != "" && !slices.ContainsFunc(done, func(j job) bool { return j.name == need && !j.failed() }) {
			continue
		}
		condition := words(at(definition, "if"))
		if value, err := evaluate(condition, ctx); err != nil {
			g.t.Fatalf("%s: if: %s: %v", name, condition, err)
		} else if truthy(value) {
			done = append(done, g.job(name, definition, ctx))
		}
	}
	return done
}

// job runs the steps of one job up to the first that fails.
func (g *gitHub) job(name string, definition any, ctx map[string]any) job {
	g.t.Helper()
	done, place := job{name: name}, g.workplace()
	shell := words(at(g.workflow, "defaults", "run", "shell"))
	for _, definition := range at(definition, "steps").([]any) {
		for _, s := range g.expand(step{definition: definition, ctx: ctx, shell: shell}) {
			if result, ran := g.step(place, s, g.workflow, at(g.workflow, "jobs", name)); ran {
				done.steps = append(done.steps, result)
			}
			if done.failed() {
				return done
			}
		}
	}
	return done
}

// step runs one step, if its condition holds, in the environment of the levels
// around it.
func (g *gitHub) step(place *workplace, s step, around ...any) (result outcome, ran bool) {
	g.t.Helper()
	if action := words(at(s.definition, "uses")); action != "" {
		g.skip(action)
		return outcome{}, false
	}
	condition := words(at(s.definition, "if"))
	if value, err := evaluate(condition, s.ctx); err != nil {
		g.t.Fatalf("if: %s: %v", condition, err)
	} else if !truthy(value) {
		return outcome{}, false
	}
	environment := map[string]string{
		"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": repository, "GITHUB_WORKSPACE": place.checkout,
		"RUNNER_TEMP": place.temp, "GITHUB_STEP_SUMMARY": filepath.Join(place.temp, "summary.md"), "GITHUB_ACTION_PATH": s.action,
	}
	for _, level := range append(around, s.definition) {
		variables, _ := at(level, "env").(map[string]any)
		for variable, value := range variables {
			environment[variable] = g.interpolate(words(value), s.ctx)
		}
	}
	options := []string{"-e"} // without a shell, GitHub takes bash, and only this
	switch shell := first(words(at(s.definition, "shell")), s.shell); shell {
	case "bash":
		options = []string{"--noprofile", "--norc", "-eo", "pipefail"}
	case "":
	default:
		g.t.Fatalf("these tests do not know the shell %q", shell)
	}
	return place.bashed(g.interpolate(words(at(s.definition, "run")), s.ctx), environment, options...), true
}

// interpolate puts values in the place of ${{ expressions }}.
func (g *gitHub) interpolate(text string, ctx map[string]any) string {
	g.t.Helper()
	for {
		before, rest, found := strings.Cut(text, "${{")
		if !found {
			return text
		}
		expression, after, _ := strings.Cut(rest, "}}")
		value, err := evaluate(expression, ctx)
		if err != nil {
			g.t.Fatalf("${{%s}}: %v", expression, err)
		}
		text = before + words(value) + after
	}
}

func (g *gitHub) pull(commit string) event { return event{name: "pull_request", commit: commit} }

// A comment is one on the pull request.
type comment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

func (w *world) commentsFile() string { return filepath.Join(w.outside, "comments.json") }

// other is what another workflow writes, in the name of the same robot.
const other = "The documentation was built."

// comments are those that the pipeline wrote.
func (g *gitHub) comments() []comment {
	g.t.Helper()
	all, err := readComments(g.commentsFile())
	if err != nil {
		g.t.Fatal(err)
	}
	if !slices.ContainsFunc(all, func(c comment) bool { return c.Body == other }) && len(all) > 1 {
		g.t.Error("the pipeline overwrote the comment of another workflow")
	}
	return slices.DeleteFunc(all, func(c comment) bool { return c.User.Login != robot || c.Body == other })
}

// talk fills the pull request with what people wrote, one of whom quotes the
// marker, and with what another workflow wrote.
func (g *gitHub) talk() {
	var all []comment
	for i := range 130 {
		c := comment{ID: i + 1, Body: "Looks good."}
		switch c.User.Login = "mona"; i {
		case 3:
			c.Body = "<!-- ivrc plan: " + directory + " --> What is this?"
		case 5:
			c.User.Login, c.Body = robot, other
		}
		all = append(all, c)
	}
	if err := writeComments(g.commentsFile(), all); err != nil {
		g.t.Fatal(err)
	}
}

func TestGitHubPullRequest(t *testing.T) {
	g := newGitHub(t)
	g.talk()

	g.edit("main.ivr.hcl", "  store ", "\tstore ")
	g.run(g.pull("c0")).want(t, "check!", directory+"/main.ivr.hcl")
	g.edit("main.ivr.hcl", "\tstore ", "  store ")

	g.edit("main.ivr.hcl", "+14155550150", "+1415555")
	g.run(g.pull("c1")).want(t, "check!", "::error file="+directory+"/main.ivr.hcl,line=6,")
	g.edit("main.ivr.hcl", "+1415555", "+14155550150")

	g.edit("main.ivrtest.hcl", `presses("1")`, `presses("2")`)
	g.run(g.pull("c2")).want(t, "check!", "::error file="+directory+"/main.ivrtest.hcl,line=4,")
	g.edit("main.ivrtest.hcl", `presses("2")`, `presses("1")`)
	if n := len(g.comments()); n != 0 {
		t.Fatalf("there are %d comments, and no plan yet", n)
	}

	g.run(g.pull("c3")).want(t, "check plan")
	was := g.comments()
	if len(was) != 1 || !strings.Contains(was[0].Body, "Plan: 0 to add, 12 to change") || !strings.Contains(was[0].Body, "Planned for c3.") {
		t.Fatalf("the comments are %+v", was)
	}
	if !strings.HasPrefix(was[0].Body, "<!-- ") {
		t.Errorf("the comment shows its marker: %.60s", was[0].Body)
	}
	g.edit("numbers.ivr.hcl", "This is line 3.", "This is the third line.")
	g.run(g.pull("c4")).want(t, "check plan")
	is := g.comments()
	if len(is) != 1 || is[0].ID != was[0].ID || !strings.Contains(is[0].Body, "Planned for c4.") {
		t.Errorf("the second push did not update the comment but made %+v", is)
	}

	g.run(event{name: "pull_request", commit: "c5", fork: true}).want(t, "check")
	t.Logf("skipped: %s", strings.Join(g.skipped, ", "))
	if want := []string{"actions/checkout@v7", setUpGo, "aws-actions/configure-aws-credentials@v6"}; !slices.Equal(g.skipped, want) {
		t.Errorf("the actions are %v, want %v", g.skipped, want)
	}
}

func TestGitHubApply(t *testing.T) {
	g := newGitHub(t)
	g.run(event{name: "push"}).want(t, "apply", "Apply complete!", "12 changed")
	before := g.addresses()
	g.edit("numbers.ivr.hcl", "This is line 3.", "This is the third line.")
	g.run(event{name: "push"}).want(t, "apply", "1 changed")
	for phone, url := range g.addresses() {
		if (url != before[phone]) != (phone == "+14155550103") {
			t.Errorf("%s is answered by %s, and was by %s", phone, url, before[phone])
		}
	}
}

// A plan that is longer than a comment may be is shortened.
func TestGitHubLongPlan(t *testing.T) {
	g := newGitHub(t)
	g.grow("one")
	g.run(event{name: "push"}).want(t, "apply", "13 changed")
	g.grow("two")
	g.run(g.pull("c1")).want(t, "check plan")
	comments := g.comments()
	if len(comments) != 1 {
		t.Fatalf("there are %d comments", len(comments))
	}
	if n := utf8.RuneCountInString(comments[0].Body); n > 65_535 || n < 50_000 || !strings.Contains(comments[0].Body, "see the pipeline's log") {
		t.Errorf("a plan that is too long for a comment became one of %d characters", n)
	}
}

// A change that repoints all numbers needs somebody who says so.
func TestGitHubMassChange(t *testing.T) {
	g := newGitHub(t)
	push := event{name: "push"}
	byHand := func(ref string, allow bool) event {
		return event{name: "workflow_dispatch", ref: ref, inputs: map[string]any{"allow_mass_change": allow}}
	}
	g.run(push).want(t, "apply", "12 changed")
	before := g.addresses()
	g.welcome(func(i int) string { return fmt.Sprintf("You have called line %d.", i) })
	g.run(push).want(t, "apply!", "-allow-mass-change")
	g.run(byHand("refs/heads/main", false)).want(t, "apply!", "-allow-mass-change")
	g.run(byHand("refs/heads/branch", true)).want(t, "")
	if !maps.Equal(before, g.addresses()) {
		t.Error("a change that was refused repointed numbers")
	}
	g.run(byHand("refs/heads/main", true)).want(t, "apply", "Apply complete!", "12 changed")
	g.run(push).want(t, "apply")
}

// Somebody changes a number by hand, and the night finds it.
func TestGitHubDrift(t *testing.T) {
	g := newGitHub(t)
	night := event{name: "schedule"}
	g.run(event{name: "push"}).want(t, "apply")
	g.console("+14155550103", "https://elsewhere.example/answer")
	result := g.run(night)
	result.want(t, "drift!", "https://elsewhere.example/answer")
	if code := result.last("drift").code; code != 2 {
		t.Errorf("drift ends with %d, want 2", code)
	}
	g.run(event{name: "push"}).want(t, "apply", "1 changed")
	g.run(night).want(t, "drift", "No drift.")
}

// Which job waits for which, and which is cancelled, is said by the groups.
func TestGitHubConcurrency(t *testing.T) {
	g := newGitHub(t)
	if g.workflow["concurrency"] != nil {
		t.Error("a group of the whole workflow has drift cancel what waits to be applied")
	}
	groups := map[string]string{}
	for _, name := range keys(t, g.text, "jobs") {
		group := g.interpolate(words(at(g.workflow, "jobs", name, "concurrency", "group")), g.context(g.pull("c")))
		for other, used := range groups {
			if group == used && group != "" {
				t.Errorf("%s and %s share the group %s, so one cancels the other", name, other, group)
			}
		}
		groups[name] = group
	}
	apply := at(g.workflow, "jobs", "apply", "concurrency")
	if groups["apply"] == "" || at(apply, "cancel-in-progress") != false || at(apply, "queue") != "max" {
		t.Errorf("apply can be cancelled: %v", apply)
	}
	if groups["plan"] != "calls-plan-"+number || at(g.workflow, "jobs", "plan", "concurrency", "cancel-in-progress") != true {
		t.Errorf("two plans of one pull request can meet: group %s", groups["plan"])
	}
}

// The auth token, with which apply signs its requests to a host that answers
// Twilio alone, is given to apply and to nobody else, and what the file wants is
// said at its top.
func TestGitHubSecrets(t *testing.T) {
	g := newGitHub(t)
	for _, name := range keys(t, g.text, "jobs") {
		has := at(g.workflow, "jobs", name, "env", "TWILIO_AUTH_TOKEN") != nil
		if has != (name == "apply") {
			t.Errorf("%s has TWILIO_AUTH_TOKEN: %v", name, has)
		}
	}
	head, _, _ := strings.Cut(g.text, "\nname:")
	for _, kind := range []string{"vars.", "secrets."} {
		for _, rest := range strings.Split(g.text, kind)[1:] {
			name := rest[:strings.IndexFunc(rest, func(c rune) bool { return c != '_' && (c < 'A' || c > 'Z') })]
			if !strings.Contains(head, name) {
				t.Errorf("the file wants %s%s, and its head does not say so", kind, name)
			}
		}
	}
}
