// The pipelines in this folder are whole files for people to copy. The tests run
// them, step by step, as a runner of GitHub and one of GitLab would: each job in
// a fresh checkout, each step in bash with an empty home and no environment but
// the pipeline's own. Twilio is the emulated account, the store is a directory.
//
// What is not ours is played by stand-ins: "go install" puts a program into the
// PATH, "gh" keeps comments in a file, and an HTTP server on loopback keeps
// GitLab's notes. Actions of others are skipped, and listed; ours is run.
package pipelines

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/runtime/sandbox"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ivrc": func() { os.Exit(command.Main()) },
		"gh":   func() { standIn(gitHubCLI) },
		"gojq": func() { standIn(jq) },
	})
}

// standIn runs a program that is not ours.
func standIn(run func(args []string) error) {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A world is what pipelines work on: a repository, and what it is deployed to.
type world struct {
	t          *testing.T
	bash       string
	repository string // as it was pushed last
	outside    string // what outlives a job: the store, the account, comments
	skipped    []string
}

// The version that the pipelines are to install, and where the configuration is
// in the repository.
const (
	version   = "v9.9.9"
	directory = "calls/main"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, repository: t.TempDir(), outside: t.TempDir()}
	var err error
	if w.bash, err = exec.LookPath("bash"); err != nil {
		t.Skip("the steps of pipelines are scripts for bash, which is not installed here")
	}
	w.write("main.ivr.hcl", fmt.Sprintf(`
project "office" {}
hosting {
  base_url = "https://calls.office.example"
  store    = %q
}
user "alice" { phone = "+14155550150" }
`, filepath.Join(w.outside, "store")))
	w.welcome(func(i int) string { return fmt.Sprintf("This is line %d.", i) })
	w.write("main.ivrtest.hcl", `
call "Alice is rung" {
  to      = number.n0
  callees = { alice = answers() }
  steps   = [presses("1"), talks_to(user.alice), ends()]
}
`)
	return w
}

// numbers is how many numbers the configuration has: more than the brake on mass
// changes lets pass at once.
const numbers = 12

// welcome writes the menus behind the numbers.
func (w *world) welcome(text func(i int) string) {
	var b strings.Builder
	for i := range numbers {
		fmt.Fprintf(&b, "menu \"n%d\" {\n  welcome = %q\n\n  option \"1\" {\n    label = \"Alice\"\n    to    = user.alice\n  }\n}\n\n", i, text(i))
		fmt.Fprintf(&b, "number \"n%d\" {\n  phone_number = \"+141555501%02d\"\n  to           = menu.n%d\n}\n\n", i, i, i)
	}
	w.write("numbers.ivr.hcl", strings.TrimSuffix(b.String(), "\n"))
}

// grow writes a word into all that callers hear: at each of the numbers, and at
// one more, behind which are 37 menus with nine options each.
func (w *world) grow(word string) {
	w.welcome(func(i int) string { return fmt.Sprintf("This is line %d, and the word is %s.", i, word) })
	var b strings.Builder
	b.WriteString("number \"tree\" {\n  phone_number = \"+14155550120\"\n  to           = menu.m\n}\n")
	stars := strings.Repeat("* ", 60) // which Markdown needs escaped
	leads := func(name string) bool { return name == "m" || len(name) == 2 && name <= "m3" }
	var menu func(name string)
	menu = func(name string) {
		fmt.Fprintf(&b, "\nmenu %q {\n", name)
		for key := 1; key <= 9; key++ {
			to := "user.alice"
			if leads(name) {
				to = fmt.Sprintf("menu.%s%d", name, key)
			}
			fmt.Fprintf(&b, "  option \"%d\" {\n    label = \"the %s %s option %d of %s\"\n    to    = %s\n  }\n", key, word, stars, key, name, to)
		}
		b.WriteString("}\n")
		for key := 1; key <= 9 && leads(name); key++ {
			menu(fmt.Sprintf("%s%d", name, key))
		}
	}
	menu("m")
	w.write("tree.ivr.hcl", b.String())
}

// write writes a file of the configuration, in the canonical form.
func (w *world) write(name, text string) {
	w.t.Helper()
	file := filepath.Join(w.repository, directory, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(strings.TrimLeft(text, "\n")), 0o644)); err != nil {
		w.t.Fatal(err)
	}
	if out, err := exec.Command("ivrc", "fmt", file).CombinedOutput(); err != nil {
		w.t.Fatalf("ivrc fmt: %v\n%s", err, out)
	}
}

// edit replaces a text in a file of the configuration, and does not care for the
// form.
func (w *world) edit(name, old, with string) {
	w.t.Helper()
	file := filepath.Join(w.repository, directory, name)
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), old) {
		w.t.Fatalf("%s does not hold %q, or cannot be read: %v", name, old, err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, with)), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) accountFile() string { return filepath.Join(w.outside, "account.json") }

// addresses are what answers the numbers of the account.
func (w *world) addresses() map[string]string {
	w.t.Helper()
	account, err := sandbox.Open(w.accountFile())
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]string{}
	for _, n := range account.Numbers() {
		found[n.PhoneNumber] = n.Settings["VoiceUrl"]
	}
	return found
}

// console changes a number as somebody does in Twilio's console.
func (w *world) console(phone, url string) {
	w.t.Helper()
	data, err := os.ReadFile(w.accountFile())
	if err != nil {
		w.t.Fatal(err)
	}
	var account map[string]any
	if err := json.Unmarshal(data, &account); err != nil {
		w.t.Fatal(err)
	}
	for _, n := range account["numbers"].([]any) {
		if n := n.(map[string]any); n["phone_number"] == phone {
			n["settings"].(map[string]any)["VoiceUrl"] = url
		}
	}
	if data, err = json.Marshal(account); err == nil {
		err = os.WriteFile(w.accountFile(), data, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// A workplace is where one job runs.
type workplace struct {
	*world
	checkout, home, bin, temp string
}

// workplace makes a fresh one: a checkout, an empty home, and a PATH in which
// there is no ivrc before it is installed.
func (w *world) workplace() *workplace {
	w.t.Helper()
	root := w.t.TempDir()
	p := &workplace{w, filepath.Join(root, "checkout"), filepath.Join(root, "home"), filepath.Join(root, "bin"), filepath.Join(root, "temp")}
	for _, name := range []string{p.home, p.bin, p.temp} {
		if err := os.Mkdir(name, 0o755); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := os.CopyFS(p.checkout, os.DirFS(w.repository)); err != nil {
		w.t.Fatal(err)
	}
	// The only change to what a pipeline runs: the commands that deploy get the
	// emulated account.
	p.program("ready-ivrc", `case $1 in
plan | apply | drift) verb=$1 && shift && exec %q "$verb" -sandbox=%q "$@" ;;
esac
exec %[1]q "$@"`, p.find("ivrc"), w.accountFile())
	p.program("go", `case $* in
"install github.com/ivrc/ivrc@%[1]s") mv %[2]q %[3]q ;;
"install .") grep -q "^module github.com/ivrc/ivrc$" go.mod && mv %[2]q %[3]q ;;
"install github.com/itchyny/gojq/cmd/gojq@v0.12.20") ln -s %[4]q %[5]q ;;
*) echo "go $*: not what a pipeline should run" >&2 && exit 64 ;;
esac`, version, p.in("ready-ivrc"), p.in("ivrc"), p.find("gojq"), p.in("gojq"))
	p.program("gh", `COMMENTS=%q exec %q "$@"`, p.commentsFile(), p.find("gh"))
	return p
}

func (p *workplace) in(name string) string { return filepath.Join(p.bin, name) }

// find finds a program of this machine, or of these tests.
func (p *workplace) find(name string) string {
	p.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		p.t.Fatal(err)
	}
	return path
}

// program puts a script into the PATH.
func (p *workplace) program(name, script string, values ...any) {
	p.t.Helper()
	text := "#!" + p.bash + "\n" + fmt.Sprintf(script, values...) + "\n"
	if err := os.WriteFile(p.in(name), []byte(text), 0o755); err != nil {
		p.t.Fatal(err)
	}
}

// An outcome is what became of a step: its exit code and all that it wrote.
type outcome struct {
	what   string
	code   int
	output string
}

// bashed runs a script in the checkout.
func (p *workplace) bashed(script string, environment map[string]string, options ...string) outcome {
	p.t.Helper()
	file := filepath.Join(p.temp, "step.sh")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(p.bash, append(options, file)...)
	cmd.Dir = p.checkout
	cmd.Env = []string{"HOME=" + p.home, "PATH=" + p.bin + ":/usr/bin:/bin"}
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	output, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		p.t.Fatalf("%s: %v", script, err)
	}
	return outcome{script, cmd.ProcessState.ExitCode(), string(output)}
}

// A job is what became of one job: its steps up to the first that failed.
type job struct {
	name  string
	steps []outcome
}

func (j job) failed() bool { return len(j.steps) > 0 && j.steps[len(j.steps)-1].code != 0 }

// jobs are those that an event started, in their order.
type jobs []job

// names lists the jobs, with a ! behind those that failed.
func (all jobs) names() string {
	var names []string
	for _, j := range all {
		if j.failed() {
			j.name += "!"
		}
		names = append(names, j.name)
	}
	return strings.Join(names, " ")
}

// last is what the last step of a job wrote.
func (all jobs) last(name string) outcome {
	for _, j := range all {
		if j.name == name && len(j.steps) > 0 {
			return j.steps[len(j.steps)-1]
		}
	}
	return outcome{code: -1}
}

// tail is the end of what the jobs wrote.
func (all jobs) tail() string {
	var b strings.Builder
	for _, j := range all {
		for _, s := range j.steps {
			fmt.Fprintf(&b, "\n%s: %s: %d\n%.2000s", j.name, s.what, s.code, s.output)
		}
	}
	return b.String()
}

// want holds the jobs to their names, and what the last of them wrote to a text.
func (all jobs) want(t *testing.T, names string, texts ...string) {
	t.Helper()
	if got := all.names(); got != names {
		t.Fatalf("the jobs are %q, want %q%s", got, names, all.tail())
	}
	for _, text := range texts {
		if last := all[len(all)-1]; !strings.Contains(all.last(last.name).output, text) {
			t.Errorf("%s does not say %q but\n%s", last.name, text, all.last(last.name).output)
		}
	}
}

// readPipeline reads a pipeline.
func readPipeline(t *testing.T, name string) (text string, tree map[string]any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(data), tree
}

// keys are the keys of a mapping in the order in which the file has them.
func keys(t *testing.T, text, mapping string) []string {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	node := document.Content[0]
	var names []string
	for i := 0; i < len(node.Content); i += 2 {
		if mapping != "" && node.Content[i].Value == mapping {
			node, i, mapping = node.Content[i+1], -2, ""
			continue
		}
		if mapping == "" {
			names = append(names, node.Content[i].Value)
		}
	}
	return names
}

// at finds a value in a tree; nil if it is not there.
func at(tree any, path ...string) any {
	for _, name := range path {
		m, _ := tree.(map[string]any)
		tree = m[name]
	}
	return tree
}

// words is a value of YAML as a text, "" for none.
func words(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// skip notes an action that is not run.
func (w *world) skip(action string) {
	if !slices.Contains(w.skipped, action) {
		w.skipped = append(w.skipped, action)
	}
}

// first is the first of some texts that is not empty.
func first(texts ...string) string { return cmp.Or(texts...) }
