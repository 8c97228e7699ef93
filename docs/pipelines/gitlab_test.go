package pipelines

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A gitLab runs the jobs of the pipeline.
type gitLab struct {
	*world
	text     string
	pipeline map[string]any
	notes    *notes
	address  string // of the API
}

func newGitLab(t *testing.T) *gitLab {
	g := &gitLab{world: newWorld(t), notes: &notes{}}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the pipeline writes its note with curl, which is not installed here")
	}
	g.text, g.pipeline = readPipeline(t, "gitlab-ci.yml")
	g.include(nil)
	server := httptest.NewServer(g.notes)
	t.Cleanup(server.Close)
	g.address = server.URL + "/api/v4"
	return g
}

// The keywords of a pipeline that are no jobs.
var keywords = []string{"include", "stages", "workflow"}

// definition is a job with all that it takes from what it extends. Mappings are
// merged, everything else is replaced.
// https://docs.gitlab.com/ci/yaml/#extends
func (g *gitLab) definition(name string) map[string]any {
	g.t.Helper()
	job, ok := g.pipeline[name].(map[string]any)
	if !ok {
		g.t.Fatalf("there is no job %q", name)
	}
	if parent := words(job["extends"]); parent != "" {
		return merged(g.definition(parent), job)
	}
	return job
}

func merged(base, over map[string]any) map[string]any {
	result := maps.Clone(base)
	for name, value := range over {
		below, ok := result[name].(map[string]any)
		above, too := value.(map[string]any)
		if ok && too {
			value = merged(below, above)
		}
		result[name] = value
	}
	return result
}

// run runs the jobs of a pipeline in the order of their stages. Jobs that wait
// for somebody run if they are named in byHand.
func (g *gitLab) run(variables map[string]string, byHand ...string) jobs {
	g.t.Helper()
	var done jobs
	failed := false
	for _, stage := range g.pipeline["stages"].([]any) {
		broken := failed
		for _, name := range keys(g.t, g.text, "") {
			if slices.Contains(keywords, name) || strings.HasPrefix(name, ".") {
				continue
			}
			definition := g.definition(name)
			when := g.when(definition, variables)
			if definition["stage"] != stage || when == "never" || broken || when == "manual" && !slices.Contains(byHand, name) {
				continue
			}
			result := g.job(name, definition, variables)
			failed = failed || result.failed()
			done = append(done, result)
		}
	}
	return done
}

// when says whether a job runs: "on_success", "manual" or "never".
// https://docs.gitlab.com/ci/yaml/#rules
func (g *gitLab) when(definition map[string]any, variables map[string]string) string {
	g.t.Helper()
	for _, rule := range definition["rules"].([]any) {
		holds := true
		for _, condition := range strings.Split(words(at(rule, "if")), "&&") {
			left, right, ok := strings.Cut(condition, "==")
			if !ok {
				g.t.Fatalf("these tests do not know the condition %q", condition)
			}
			holds = holds && operand(left, variables) == operand(right, variables)
		}
		if holds {
			return first(words(at(rule, "when")), "on_success")
		}
	}
	return "never"
}

// operand is a text in quotes, or a variable.
func operand(text string, variables map[string]string) string {
	text = strings.TrimSpace(text)
	if name, ok := strings.CutPrefix(text, "$"); ok {
		return variables[name]
	}
	return strings.Trim(text, `"`)
}

// job runs one job: what comes before and the script, in one shell, as the
// runner does.
func (g *gitLab) job(name string, definition map[string]any, variables map[string]string) job {
	g.t.Helper()
	place := g.workplace()
	environment := map[string]string{"CI": "true", "GITLAB_CI": "true", "AWS_TOKEN": "identity"}
	for variable, value := range definition["variables"].(map[string]any) {
		environment[variable] = words(value)
	}
	maps.Copy(environment, variables)
	environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = filepath.Join(place.temp, "aws-token")
	var lines []string
	for _, part := range []string{"before_script", "script"} {
		for _, line := range definition[part].([]any) {
			lines = append(lines, words(line))
		}
	}
	result := place.bashed(strings.Join(lines, "\n"), environment, "-eo", "pipefail")
	if report := words(at(definition, "artifacts", "reports", "junit")); report != "" {
		text, err := os.ReadFile(filepath.Join(place.checkout, report))
		if err == nil { // a job that failed before it has none
			result.output += string(text)
		}
	}
	result.what = name
	return job{name, []outcome{result}}
}

// The variables of a pipeline of each kind.
func (g *gitLab) variables(more map[string]string) map[string]string {
	all := map[string]string{
		"AWS_REGION": "eu-central-1", "NOTE_TOKEN": noteToken,
		"CI_API_V4_URL": g.address, "CI_PROJECT_ID": "5", "CI_DEFAULT_BRANCH": "main",
	}
	maps.Copy(all, more)
	return all
}

func (g *gitLab) pull(commit string) map[string]string {
	return g.variables(map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": number, "CI_COMMIT_SHA": commit})
}

func (g *gitLab) push() map[string]string {
	return g.variables(map[string]string{"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"})
}

func (g *gitLab) night() map[string]string {
	return g.variables(map[string]string{"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"})
}

func TestGitLabMergeRequest(t *testing.T) {
	g := newGitLab(t)
	g.notes.add("<!-- ivrc plan: "+directory+" --> What is this?", 1)
	g.notes.add(other, bot)
	g.edit("main.ivr.hcl", "  store ", "\tstore ")
	g.run(g.pull("c0")).want(t, "calls-check!", directory+"/main.ivr.hcl")
	g.edit("main.ivr.hcl", "\tstore ", "  store ")
	g.edit("main.ivr.hcl", "+14155550150", "+1415555")
	g.run(g.pull("c1")).want(t, "calls-check!", directory+"/main.ivr.hcl line 6")
	g.edit("main.ivr.hcl", "+1415555", "+14155550150")
	g.edit("main.ivrtest.hcl", `presses("1")`, `presses("2")`)
	g.run(g.pull("c2")).want(t, "calls-check!", `failures="1"`, directory+"/main.ivrtest.hcl")
	g.edit("main.ivrtest.hcl", `presses("2")`, `presses("1")`)
	if n := len(g.notes.ours()); n != 0 {
		t.Fatalf("there are %d notes, and no plan yet", n)
	}

	g.run(g.pull("c3")).want(t, "calls-check calls-plan", "Plan: 0 to add, 12 to change")
	was := g.notes.ours()
	if len(was) != 1 || !strings.HasPrefix(was[0].Body, "<!-- ") || !strings.Contains(was[0].Body, "Plan: 0 to add, 12 to change") || !strings.Contains(was[0].Body, "Planned for c3.") {
		t.Fatalf("the notes are %+v", was)
	}
	for range 130 { // so that the note is on the second page
		g.notes.add("Looks good.", 1)
	}
	g.edit("numbers.ivr.hcl", "This is line 3.", "This is the third line.")
	g.run(g.pull("c4")).want(t, "calls-check calls-plan")
	if is := g.notes.ours(); len(is) != 1 || is[0].ID != was[0].ID || !strings.Contains(is[0].Body, "Planned for c4.") {
		t.Errorf("the second push did not update the note but made %+v", is)
	}
	if g.notes.all[1].Body != other {
		t.Error("the pipeline overwrote another note in its name")
	}
}

func TestGitLabApply(t *testing.T) {
	g := newGitLab(t)
	const byHand = "calls-apply-mass-change"
	g.run(g.push()).want(t, "calls-apply", "Apply complete!", "12 changed")
	before := g.addresses()
	g.run(g.night()).want(t, "calls-drift", "No drift.")

	g.welcome(func(i int) string { return fmt.Sprintf("You have called line %d.", i) })
	g.run(g.push()).want(t, "calls-apply!", "-allow-mass-change")
	if !maps.Equal(before, g.addresses()) {
		t.Error("a change that was refused repointed numbers")
	}
	g.run(g.night()).want(t, "calls-drift", "No drift.")
	refused := g.run(g.push(), byHand)
	refused.want(t, "calls-apply! "+byHand, "Apply complete!", "12 changed")

	g.console("+14155550103", "https://elsewhere.example/answer")
	result := g.run(g.night())
	result.want(t, "calls-drift!", "https://elsewhere.example/answer")
	if code := result.last("calls-drift").code; code != 2 {
		t.Errorf("drift ends with %d, want 2", code)
	}
	branch := g.push()
	branch["CI_COMMIT_BRANCH"] = "branch"
	g.run(branch, byHand).want(t, "")
}

// A job waits for another of its group, and keeps its place; and no pipeline
// cancels another.
func TestGitLabConcurrency(t *testing.T) {
	g := newGitLab(t)
	if got := at(g.pipeline, "workflow", "auto_cancel", "on_new_commit"); got != "none" {
		t.Errorf("a new commit cancels pipelines: %v", got)
	}
	for name, want := range map[string]string{
		"calls-apply": "production", "calls-apply-mass-change": "production", "calls-drift": "production", "calls-plan": "calls-plan-$CI_MERGE_REQUEST_IID",
	} {
		definition := g.definition(name)
		if got := words(definition["resource_group"]); got != want {
			t.Errorf("%s is in the group %q, want %q", name, got, want)
		}
		if strings.HasPrefix(name, "calls-apply") && (definition["interruptible"] != false || definition["environment"] != "production") {
			t.Errorf("%s may be interrupted, or has not the environment production", name)
		}
	}
	head, _, _ := strings.Cut(g.text, "\ninclude:")
	if !strings.Contains(head, "TWILIO_AUTH_TOKEN") {
		t.Error("the head does not say when TWILIO_AUTH_TOKEN is needed")
	}
}

const noteToken = "note-token"

// A note is one on the merge request.
type note struct {
	ID     int    `json:"id"`
	Body   string `json:"body"`
	Author struct {
		ID int `json:"id"`
	} `json:"author"`
}

// bot is the user of the pipeline's token.
const bot = 42

// notes plays GitLab's API for one merge request.
// https://docs.gitlab.com/api/notes/#merge-requests
type notes struct{ all []note }

func (n *notes) add(body string, author int) {
	added := note{ID: len(n.all) + 1, Body: body}
	added.Author.ID = author
	n.all = append(n.all, added)
}

// ours are the notes of the pipeline.
func (n *notes) ours() []note {
	return slices.DeleteFunc(slices.Clone(n.all), func(n note) bool { return n.Author.ID != bot || n.Body == other })
}

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, under := strings.CutPrefix(r.URL.Path, "/api/v4/projects/5/merge_requests/"+number+"/notes")
	id, _ := strconv.Atoi(strings.TrimPrefix(path, "/"))
	switch {
	case r.Header.Get("PRIVATE-TOKEN") != noteToken:
		http.Error(w, "401 Unauthorized", http.StatusUnauthorized)
	case r.Method == "GET" && r.URL.Path == "/api/v4/user":
		fmt.Fprintf(w, `{"id": %d, "username": "project_bot"}`, bot)
	case under && r.Method == "GET" && path == "":
		n.list(w, r)
	case under && r.Method == "POST" && path == "" && r.PostFormValue("body") != "":
		n.add(r.PostFormValue("body"), bot)
		w.WriteHeader(http.StatusCreated)
	case under && r.Method == "PUT" && 0 < id && id <= len(n.all) && n.all[id-1].Author.ID == bot:
		n.all[id-1].Body = r.PostFormValue("body")
	default:
		http.Error(w, "404 Not Found", http.StatusNotFound)
	}
}

// list answers one page, the latest notes first.
// https://docs.gitlab.com/api/rest/#offset-based-pagination
func (n *notes) list(w http.ResponseWriter, r *http.Request) {
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || size < 1 || size > 100 || page < 1 {
		http.Error(w, "400 Bad Request", http.StatusBadRequest)
		return
	}
	all := append([]note{}, n.all...) // which is [] where there are none, not null
	slices.Reverse(all)
	next, all := "", all[min(len(all), (page-1)*size):]
	if len(all) > size {
		next, all = strconv.Itoa(page+1), all[:size]
	}
	w.Header().Set("x-next-page", next)
	_ = json.NewEncoder(w).Encode(all) // what cannot be written, the pipeline misses
}
