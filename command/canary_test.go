package command_test

// Canaries. The environment holds credentials of every kind, and the
// configuration the telephone numbers of people, all of them unmistakable.
// Every command is run, on a good day and with everything that may go wrong, and
// nothing that it prints, saves or leaves in the store may show one.
//
// So are the digits that callers enter for a secret entry, played and asked.
//
// So is a variable marked as sensitive, and the password in the webhook that a number
// had before. What callers hear of the variable is in the documents for Twilio, and the
// webhook is in the record of the release, so that it can be restored.
//
// People's numbers, and no credentials, are by their nature in the configuration,
// in the bundle, whose documents tell Twilio whom to ring and whose manifest
// tells the simulator, and in the transcript of a simulated call for programs,
// which is the bundle in motion.

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/sandbox"
)

// Canaries of credentials. The forms are those that are accepted.
const (
	canaryToken  = "CANARY0TOKEN0CANARY0TOKEN0000001"
	canaryKey    = "SKca0a4700000000000000000000000001"
	canarySecret = "CANARY0SECRET0CANARY0SECRET00001"
	canaryS3Key  = "AKIACANARY0000000001"
	canaryS3     = "canary/s3/secret/canary/s3/secret/000001"
	canaryS3Long = "canary0session0token0canary0session0token"
)

// Canaries of people: the telephones of two users, and a number that one dials.
const (
	aliceCanary = "+14155550177"
	daveCanary  = "+14155550178"
	dialCanary  = "+14155550179"
)

// Canaries of what a configuration and an account may hold.
const (
	sensitiveCanary = "the canary that sings in the mine"
	webhookCanary   = "canary0webhook0password"
	digitsCanary    = "90210733"
)

// keys are the canaries of credentials, and people those of people's numbers,
// which are looked for without their sign.
var (
	keys   = []string{canaryToken, canaryKey, canarySecret, canaryS3Key, canaryS3, canaryS3Long, digitsCanary}
	people = []string{aliceCanary[1:], daveCanary[1:], dialCanary[1:]}
)

// tellsPeople reports whether what has this name holds people's numbers by its
// nature: a file of a bundle, as it is built and as it is stored, or a transcript.
func tellsPeople(name string) bool {
	return strings.Contains(name, "dist/") || strings.HasPrefix(name, "main/public/") || strings.HasPrefix(name, "main/private/releases/") ||
		strings.HasPrefix(name, "ivrc simulate -json") || strings.HasPrefix(name, "ivrc test -json")
}

// canaryRuns are the ways in which each command is run, in the directory of a
// configuration that was deployed twice, and changed since.
var canaryRuns = map[string][]string{
	"help":       {"help", "help plan"},
	"version":    {"version"},
	"completion": {"completion bash"},
	"init":       {"init fresh"},
	"fmt":        {"fmt -check"},
	"validate":   {"validate", "validate -json", "validate -format=github", "validate -format=sarif"},
	"build":      {"build -o dist", "build -o dist -json"},
	"graph":      {"graph", "graph -format=mermaid", "graph -format=dot"},
	"hours":      {"hours", "hours -at=2026-12-24T12:01Z"},
	"simulate": {"simulate -press 1", "simulate -json -press 1", "simulate -press 1 -callee dave=busy -callee alice=busy", "simulate -all",
		"simulate -all -press 3," + digitsCanary + " -application account=known", "simulate -json -press 3," + digitsCanary + "/7s", "simulate -json -all -press 3," + digitsCanary + "1#",
		"simulate -press 3," + digitsCanary + digitsCanary, "simulate -json -press 3," + digitsCanary + digitsCanary},
	"test":         {"test", "test -format=tap", "test -format=junit", "test -format=github", "test -json", "test -coverage", "test -exhaustive", "test -exhaustive -json"},
	"docs":         {"docs", "docs -o sheets", "docs -json"},
	"router":       {"router nginx", "router cloudfront", "router netlify", "router twiml-bin"},
	"serve":        {"serve -listen=127.0.0.1:0 -base-url=https://calls.zillum.example"},
	"plan":         {"plan -out=saved.plan -detailed-exitcode", "plan -json", "plan -format=markdown", "plan -format=github"},
	"show":         {"show saved.plan", "show -json saved.plan", "show -format=markdown saved.plan", "show -format=github saved.plan"},
	"apply":        {"apply saved.plan", "apply -auto-approve", "apply -auto-approve -json"},
	"releases":     {"releases", "releases -json"},
	"drift":        {"drift", "drift -json"},
	"gc":           {"gc -dry-run", "gc -keep=1", "gc -json -keep=1"},
	"force-unlock": {"force-unlock -force NOLOCK", "force-unlock -json -force NOLOCK"},
	"rollback":     {"rollback -auto-approve", "rollback -auto-approve -json"},
	"promote":      {"promote -allow-empty-store -from=staging -to=production", "promote -allow-empty-store -json -from=staging -to=production"},
	"dial":         {"dial alice " + dialCanary, "dial -json dave " + dialCanary, "dial -force alice " + aliceCanary},
}

// Every command is in the table, so that none is without canaries.
func TestEveryCommandMeetsCanaries(t *testing.T) {
	var names []string
	root := (&command.Program{}).Command()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		if !cmd.Hidden { // serve runs that one
			names = append(names, cmd.Name())
		}
	}
	slices.Sort(names)
	if got := slices.Sorted(maps.Keys(canaryRuns)); !slices.Equal(got, names) {
		t.Errorf("the canaries are run through %v; the commands are %v", got, names)
	}
}

// canaryOrder is the order in which the commands that reach somebody are run:
// those that change something last. The last one needs environments, and gets them.
var canaryOrder = []string{"plan", "show", "releases", "drift", "gc", "force-unlock", "dial", "apply", "rollback", "promote"}

// TestCanariesOffline runs the commands that reach nobody.
func TestCanariesOffline(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(canaryRuns)) {
		if slices.Contains(canaryOrder, name) {
			continue
		}
		for _, run := range canaryRuns[name] {
			t.Run(run, func(t *testing.T) {
				c := newCanary(t)
				c.run(run)
			})
		}
	}
}

// TestCanaries runs the commands that reach Twilio, the store and the host, with
// each thing that can go wrong there; Twilio with both kinds of credentials, or, in
// the sample, with one and the other in turn.
func TestCanaries(t *testing.T) {
	faults := stageFaults()
	for i, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credentials := []bool{false}
			if host := faults[name].host; host == "" || host == twilioHost {
				credentials = [][]bool{{false}, {true}, {false, true}}[deep.Or(i%2, 2)]
			}
			for _, token := range credentials {
				synctest.Test(t, func(t *testing.T) {
					c := newCanary(t)
					c.deployTwice()
					c.useToken(token)
					c.stage.fault = faults[name]
					for _, command := range canaryOrder {
						if command == "promote" {
							c.parted()
							c.run("apply -auto-approve -env=staging")
						}
						for _, run := range canaryRuns[command] {
							c.run(run)
							if command == "apply" {
								c.change()
							}
							time.Sleep(2 * time.Minute) // until the lock is free
						}
					}
					c.checkStore()
				})
			}
		})
	}
}

// A canary is a configuration with canaries in it, and a place to run commands.
type canary struct {
	t           *testing.T
	directory   string
	environment []string
	stage       *stage
	changes     int
	spelled     bool // a name that was not harmless has been spelled out
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	c := &canary{t: t, directory: t.TempDir(), stage: newStage("+14155550100", "+14155550109")}
	c.stage.account.Token = canarySecret
	for _, phone := range []string{"+14155550100", "+14155550109"} {
		if err := c.stage.account.Edit(phone, map[string][]string{"VoiceUrl": {"https://desk:" + webhookCanary + "@old.zillum.example/voice"}}); err != nil {
			t.Fatal(err)
		}
	}
	c.change()
	c.useToken(false)
	return c
}

// canaryConfiguration is a small office. Its greeting is to be filled in.
const canaryConfiguration = `project "zillum" {}

hosting {
  base_url = "https://` + publicHost + `"
  store    = "s3://ivr/main?endpoint=http://` + bucketHost + `"
}

user "alice" {
  phone = "` + aliceCanary + `"
  outbound { number = "+14155550100" }
}

user "dave" {
  phone = "` + daveCanary + `"
  outbound { number = "+14155550100" }
}

ring_group "sales" {
  users   = [user.alice, user.dave]
  on_busy = queue.sales
}

variable "code" {
  type      = string
  sensitive = true
}

message "code" { text = "The code is ${var.code}." }

queue "sales" {
  agents   = ring_group.sales
  max_wait = "2m"
}

menu "main" {
  welcome  = "Greeting number %d."
  attempts = 1

  option "1" {
    label = "Sales"
    to    = ring_group.sales
  }

  option "2" {
    label = var.code
    to    = message.code
  }

  option "3" {
    label = "Accounts"
    to    = entry.account
  }
}

entry "account" {
  prompt     = "Please enter your account number."
  digits     = 8
  secret     = true
  to         = application.account
  on_failure = ring_group.sales
}

application "account" {
  url = "https://crm.zillum.example/account"
  result "known" { to = message.code }
  on_failure = ring_group.sales
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}

number "second" {
  phone_number = "+14155550109"
  to           = ring_group.sales
}
`

// change writes the configuration anew, with another greeting.
func (c *canary) change() {
	c.t.Helper()
	c.changes++
	text := fmt.Sprintf(canaryConfiguration, c.changes)
	for name, text := range map[string]string{"main.ivr.hcl": text, "main.ivrtest.hcl": canaryCallTest} {
		if err := os.WriteFile(filepath.Join(c.directory, name), []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
}

// useToken sets the credentials in the environment: an API key, or the token.
func (c *canary) useToken(token bool) {
	c.environment = []string{
		"IVRC_VAR_code=" + sensitiveCanary, "TWILIO_ACCOUNT_SID=" + sandbox.SID, "AWS_ACCESS_KEY_ID=" + canaryS3Key, "AWS_SECRET_ACCESS_KEY=" + canaryS3,
		"AWS_SESSION_TOKEN=" + canaryS3Long, "IVRC_LOG=debug", "AWS_REGION=eu-central-1", "TWILIO_AUTH_TOKEN=" + canaryToken,
	}
	c.stage.account.Token = canaryToken
	if !token {
		c.environment = append(c.environment, "TWILIO_API_KEY="+canaryKey, "TWILIO_API_SECRET="+canarySecret)
		c.stage.account.Token = canarySecret
	}
}

// deployTwice makes two releases, and a change that is not deployed.
func (c *canary) deployTwice() {
	c.t.Helper()
	for i := range 2 {
		if output, code := c.execute("apply -auto-approve"); code != command.ExitSuccess {
			c.t.Fatalf("apply %d: %s", i, output)
		}
		c.change()
	}
}

var servingForm = regexp.MustCompile(`^Serving `)

// execute runs the program, and returns what it prints.
func (c *canary) execute(line string) (string, int) {
	out := commandtest.NewLog()
	p := &command.Program{
		Executable: "ivrc",
		Args:       strings.Fields(line), Stdin: strings.NewReader(""), Stdout: out, Stderr: out,
		Environment: c.environment, Directory: c.directory, Width: 80, Network: c.stage,
	}
	ctx, stop := context.WithCancel(c.t.Context())
	defer stop()
	if strings.HasPrefix(line, "serve ") { // until it serves
		go func() {
			out.Await(servingForm)
			stop()
		}()
	}
	code := p.Run(ctx)
	out.Close()
	return out.String(), code
}

// run runs a command and looks for canaries in what it prints and writes.
func (c *canary) run(line string) {
	c.t.Helper()
	text, code := c.execute(line)
	c.check("ivrc "+line, text)
	if c.stage.fault.spoil == nil && code == command.ExitError && !strings.HasPrefix(line, "force-unlock") {
		c.t.Errorf("ivrc %s fails on a good day: %s", line, text)
	}
	err := filepath.WalkDir(c.directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) == ".hcl" {
			return err
		}
		data, err := os.ReadFile(name)
		c.check(filepath.ToSlash(strings.TrimPrefix(name, c.directory+string(filepath.Separator)))+" after ivrc "+line, string(data))
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// checkStore looks for canaries in the store, and checks that the documents for
// Twilio do hold people's numbers.
func (c *canary) checkStore() {
	c.t.Helper()
	documents := ""
	for _, key := range slices.Sorted(maps.Keys(c.stage.objects)) {
		text := string(c.stage.objects[key].data)
		c.check(key, text)
		if strings.HasPrefix(key, "main/public/") {
			documents += text
		}
	}
	if !strings.Contains(documents, aliceCanary) {
		c.t.Error("no document rings Alice, so nothing can be found out")
	}
}

// keyPressed finds the keys in a transcript, as text and as JSON.
var keyPressed = regexp.MustCompile(`(?:presses |"kind": "presses",\s*"text": ")([0-9*#])`)

// check looks for canaries in what has a name.
func (c *canary) check(name, text string) {
	c.t.Helper()
	name = strings.Replace(name, "main/staging/", "main/", 1) // the store of an environment holds what others do
	secrets := keys
	if !tellsPeople(name) {
		secrets = slices.Concat(keys, people)
	}
	if !strings.Contains(name, "dist/public/") && !strings.HasPrefix(name, "main/public/") {
		secrets = append(slices.Clone(secrets), sensitiveCanary)
	}
	if !strings.HasPrefix(name, "main/private/applied/") {
		secrets = append(slices.Clone(secrets), webhookCanary)
	}
	var pressed strings.Builder // key by key
	for _, key := range keyPressed.FindAllStringSubmatch(text, -1) {
		pressed.WriteString(key[1])
	}
	if strings.Contains(pressed.String(), digitsCanary[1:]) {
		c.t.Errorf("%s shows the keys %s", name, pressed.String())
	}
	for _, secret := range secrets {
		if at := strings.Index(text, secret); at >= 0 {
			c.t.Errorf("%s shows %s: …%q…", name, secret, text[max(0, at-120):min(len(text), at+60)])
		}
	}
}
