package command_test

// The runs by which the contract of -json is tried: each command as it succeeds,
// and in each way in which it can fail.

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/store"
)

func newOffice(t *testing.T) *contract {
	c := newContract(t)
	c.write("office/main.ivr.hcl", officeConfiguration)
	c.write("office/main.ivrtest.hcl", officeTests)
	c.write("bad/main.ivr.hcl", badConfiguration)
	c.write("endless/main.ivr.hcl", endlessConfiguration)
	c.write("chain/main.ivr.hcl", chainConfiguration)
	c.write("places/main.ivr.hcl", placesConfiguration)
	return c
}

// Every command that has -json succeeds with it, and every format is seen.
func TestJSONContract(t *testing.T) {
	c := newOffice(t)
	c.withoutAccount()
	c.deployed()
	c.chain()
	c.places()
	for _, name := range jsonCommands() {
		if !c.ran[name] {
			t.Errorf("ivrc %s -json is not tried; add it to the runs", name)
		}
	}
	synctest.Test(t, func(t *testing.T) { c.stopped(t) })
	c.everyKeyIsSeen()
}

func (c *contract) ends(code int, args, schema string) {
	c.t.Helper()
	c.run(jsonRun{args, code, schema}, command.Program{})
}

// withoutAccount runs the commands that need none.
func (c *contract) withoutAccount() {
	c.ends(0, "version -json", "version")
	c.ends(0, "validate -json office", "validate")
	c.ends(0, "validate -format json office", "validate")
	c.write("extensions/main.ivr.hcl", strings.Replace(officeConfiguration, "menu \"main\" {", "menu \"main\" {\n  extensions = { \"801\" = user.alice }", 1))
	c.ends(0, "validate -json extensions", "validate")
	c.write("spanish/main.ivr.hcl", "project \"spanish\" {}\nnumber \"main\" {\n  phone_number = \"+14155550100\"\n  language     = \"es-MX\"\n  to           = voicemail.office\n}\nvoicemail \"office\" {}\n")
	c.ends(0, "validate -json spanish", "validate")
	c.ends(1, "validate -json bad", "validate")
	c.ends(1, "validate -json endless", "validate")
	c.write("later/main.ivr.hcl", laterConfiguration)
	c.ends(1, "validate -json later", "validate")
	c.ends(1, "build -json bad", "error")
	c.ends(0, "build -json -o dist office", "build")
	c.write("hours/main.ivr.hcl", hoursConfiguration)
	c.ends(0, "hours -json -at 2026-12-24T11:59 hours", "hours")
	c.ends(0, "hours -json office", "hours")
	c.ends(1, "hours -json -at tomorrow hours", "error")
	c.ends(0, "docs -json -o sheets office", "docs")
	c.ends(0, "simulate -json -press 1 -callee alice=answer office", "simulate")
	c.ends(0, "simulate -json -press 2 -callee alice=busy office", "simulate")
	c.ends(0, "test -json -coverage -run Alice office", "test")
	c.ends(0, "test -exhaustive -json office", "exhaustive")
	c.broken()
	c.foreign()
	c.write("office/main.ivrtest.hcl", failingTests)
	c.ends(2, "test -json office", "test")
}

// broken walks through every call to a server that has lost what it says after a
// person was rung.
func (c *contract) broken() {
	c.t.Helper()
	var served http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/user.alice") && strings.Contains(r.URL.RawQuery, "DialCallStatus=busy") {
			http.NotFound(w, r)
			return
		}
		served.ServeHTTP(w, r)
	}))
	defer server.Close()
	c.ends(0, "build -json -o served -base-url "+server.URL+" office", "build")
	b, err := bundle.Read(os.DirFS(filepath.Join(c.directory, "served")))
	if err != nil {
		c.t.Fatal(err)
	}
	served = router.New(b)
	c.ends(2, "test -exhaustive -json -url "+server.URL+" office", "exhaustive")
}

// foreign calls a phone application that is not ours, and does what ours does not.
func (c *contract) foreign() {
	c.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		switch r.URL.Path {
		case "/answer":
			_, _ = w.Write([]byte(`<Response><Say loop="2">Hello.</Say><Dial><Sim>DE0</Sim></Dial><Redirect>/broken</Redirect></Response>`))
		default:
			_, _ = w.Write([]byte(`<Response><Say>`))
		}
	}))
	defer server.Close()
	c.ends(0, "simulate -json -voice-url "+server.URL+"/answer", "simulate")
}

// deployed runs the others, against the emulated account.
func (c *contract) deployed() {
	c.ends(0, "plan -sandbox -json -out=first.plan office", "plan")
	c.ends(2, "plan -sandbox -json -detailed-exitcode office", "plan")
	c.ends(0, "show -json first.plan", "plan")
	c.ends(0, "apply -sandbox -json -config=office first.plan", "apply")
	c.ends(1, "apply -sandbox -json -config=office first.plan", "error") // it is stale
	c.ends(0, "apply -sandbox -json office", "apply")                    // nothing is left to do
	c.ends(0, "dial -sandbox -json -config=office alice +14155550151", "dial")
	c.edit("office/main.ivr.hcl", "Good morning.", "Good evening.")
	c.ends(0, "plan -sandbox -json office", "plan")
	c.ends(1, "apply -sandbox -json office", "error") // nobody can be asked
	c.ends(0, "apply -sandbox -json -auto-approve office", "apply")
	c.ends(0, "releases -sandbox -json office", "releases")
	c.ends(0, "drift -sandbox -json office", "drift")
	c.console("VoiceUrl", "https://elsewhere.example/answer")
	c.ends(2, "drift -sandbox -json office", "drift")
	c.console("VoiceApplicationSid", "AP00000000000000000000000000000001")
	c.ends(2, "drift -sandbox -json office", "drift")
	c.console("VoiceApplicationSid", "")
	c.ends(1, "rollback -sandbox -json -config=office", "error") // nobody can be asked
	c.ends(0, "rollback -sandbox -json -auto-approve -config=office", "apply")
	c.ends(0, "gc -sandbox -json -dry-run office", "gc")
	c.ends(0, "gc -sandbox -json office", "gc")
	c.damage()
	c.lock("abandoned")
	c.ends(1, "apply -sandbox -json -auto-approve office", "error") // it is locked
	c.ends(1, "force-unlock -sandbox -json -config=office abandoned", "error")
	c.ends(0, "force-unlock -sandbox -json -force -config=office abandoned", "force-unlock")
}

// chain changes all of ten numbers at once.
func (c *contract) chain() {
	c.ends(0, "apply -sandbox -json -auto-approve chain", "apply")
	c.edit("chain/main.ivr.hcl", `"20s"`, `"30s"`)
	c.ends(3, "plan -sandbox -json -detailed-exitcode chain", "plan")
	c.ends(1, "apply -sandbox -json -auto-approve chain", "error")
}

// places deploys to two environments.
func (c *contract) places() {
	c.t.Helper()
	c.ends(0, "validate -json places", "validate")
	c.ends(1, "plan -sandbox=account.json -json places", "error")
	c.ends(0, "plan -sandbox=account.json -json -env=staging places", "plan")
	c.ends(0, "apply -sandbox=account.json -json -auto-approve -env=staging places", "apply")
	c.ends(0, "releases -sandbox=account.json -json -env=staging places", "releases")
	c.ends(0, "drift -sandbox=account.json -json -env=staging places", "drift")
	c.ends(0, "apply -sandbox -json -auto-approve -env=staging places", "apply")
	c.ends(2, "promote -sandbox -json -detailed-exitcode -from=staging -to=production places", "promote")
	c.write("places/other.auto.ivrvars", "name = \"elsewhere\"\n")
	c.edit("places/main.ivr.hcl", "variables = { main_number = \"+14155550161\" }", "variables = { main_number = \"+14155550161\", name = \"us\" }")
	c.ends(0, "apply -sandbox -json -auto-approve -env=staging places", "apply")
	c.ends(0, "promote -sandbox -json -from=staging -to=production places", "promote")
	c.ends(1, "promote -sandbox -json -from=staging -to=nowhere places", "error")
}

// console changes a setting of every number, as somebody does in Twilio's console.
func (c *contract) console(setting, value string) {
	c.t.Helper()
	const file = "office/.ivrc/sandbox.json"
	data, err := os.ReadFile(filepath.Join(c.directory, file))
	var account map[string]any
	if err == nil {
		err = json.Unmarshal(data, &account)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	for _, n := range account["numbers"].([]any) {
		n.(map[string]any)["settings"].(map[string]any)[setting] = value
	}
	if data, err = json.Marshal(account); err != nil {
		c.t.Fatal(err)
	}
	c.write(file, string(data))
}

// damage alters a document in the store and adds a record that cannot be read; then
// it removes all records.
func (c *contract) damage() {
	c.t.Helper()
	documents, err := filepath.Glob(filepath.Join(c.directory, "office/.ivrc/store/public/number.*/answer.xml"))
	if err != nil || len(documents) == 0 {
		c.t.Fatal("the store has no document", err)
	}
	for _, file := range documents {
		if err := os.WriteFile(file, []byte("rotten"), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	c.write("office/.ivrc/store/private/applied/20200101T000000.000Z-0000000001-000000000000-x.json", "{")
	c.ends(0, "plan -sandbox -json office", "plan")
	c.ends(2, "drift -sandbox -json office", "drift")
	c.ends(0, "releases -sandbox -json office", "releases")
	c.ends(0, "apply -sandbox -json -auto-approve office", "apply")
	if err := os.RemoveAll(filepath.Join(c.directory, "office/.ivrc/store/private/applied")); err != nil {
		c.t.Fatal(err)
	}
	c.ends(1, "plan -sandbox -json office", "error")
	c.ends(0, "plan -sandbox -json -allow-empty-store office", "plan")
	c.ends(0, "apply -sandbox -json -auto-approve -allow-empty-store office", "apply")
}

// lock takes the deploy lock, and is gone.
func (c *contract) lock(id string) {
	c.t.Helper()
	s, err := store.Open(c.t.Context(), filepath.Join(c.directory, "office/.ivrc/store"), func(string) string { return "" }, nil)
	if err == nil {
		_, err = store.AcquireLock(c.t.Context(), s, store.LockRequest{ID: id, Operation: "apply", Who: "somebody", Version: "devel", Unattended: true})
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// stopped has Twilio refuse in the middle of an apply, and a plan that cannot be
// carried out.
func (c *contract) stopped(t *testing.T) {
	canary := newCanary(t)
	inside := *c
	inside.t, inside.directory = t, canary.directory
	program := command.Program{Environment: canary.environment, Network: canary.stage}
	canary.stage.fault = stageFault{twilioHost, func(r *http.Request, reply func() *http.Response) *http.Response {
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/IncomingPhoneNumbers/") {
			return says(r, http.StatusForbidden, `{"code": 20003, "message": "Authenticate", "status": 403}`)
		}
		return reply()
	}}
	inside.run(jsonRun{"apply -json -auto-approve", 1, "error"}, program)
	canary.stage.fault = stageFault{}
	canary.stage.account.Remove("+14155550109")
	inside.run(jsonRun{"plan -json", 1, "error"}, program)
}

// jsonDirectory says how each command is told a directory, and what else it needs.
// Those that take none have an empty text.
var jsonDirectory = map[string]string{
	"validate": "DIR", "build": "DIR", "docs": "-o sheets DIR", "simulate": "-press 1 DIR", "test": "DIR",
	"hours": "DIR", "plan": "DIR", "apply": "-auto-approve DIR", "releases": "DIR", "drift": "DIR", "gc": "DIR",
	"rollback": "-auto-approve -config=DIR", "force-unlock": "-force -config=DIR abandoned",
	"dial": "-config=DIR alice +14155550151", "show": "", "version": "",
	"promote": "-from=staging -to=production DIR",
}

// A command that cannot do its work says so in JSON, too: when the command line is
// wrong, the configuration, the directory, or the account.
func TestJSONFailures(t *testing.T) {
	c := newOffice(t)
	for _, name := range jsonCommands() {
		where, known := jsonDirectory[name]
		if !known {
			t.Errorf("add ivrc %s to jsonDirectory", name)
			continue
		}
		at := func(directory string) string {
			return name + " -json " + strings.ReplaceAll(where, "DIR", directory)
		}
		c.ends(1, at("office")+" -no-such-option", "error")
		c.ends(1, name+" -no-such-option -json", "error")
		c.ends(1, at("office")+" one two three four", "error")
		c.ends(1, "-chdir=nowhere "+at("office"), "error")
		if where == "" {
			continue
		}
		c.ends(1, at("nowhere"), "error")
		bad := "error"
		if name == "validate" {
			bad = "validate"
		}
		c.ends(1, at("bad"), bad)
	}
	c.write("not.plan", "{}")
	c.ends(1, "show -json not.plan", "error")
	c.ends(1, "show -json nowhere.plan", "error")
	c.ends(1, "plan -format=json -sandbox nowhere", "error")
	c.ends(1, "plan -json -format=pdf -sandbox=x -store=s3:// office", "error")
	c.ends(1, "no-such-command -json", "error")
	c.ends(1, "graph -format=json office", "error")
}

// Commands that ask Twilio or the store say so in JSON when these do not answer.
func TestJSONUnreachable(t *testing.T) {
	contract := newContract(t)
	account := []string{"apply", "dial", "drift", "gc", "plan", "rollback"}
	for host, commands := range map[string][]string{
		twilioHost: account,
		bucketHost: {"apply", "drift", "force-unlock", "gc", "plan", "releases", "rollback"},
	} {
		synctest.Test(t, func(t *testing.T) {
			canary := newCanary(t)
			canary.deployTwice()
			c := *contract
			c.t, c.directory = t, canary.directory
			canary.stage.fault = stageFault{host, func(*http.Request, func() *http.Response) *http.Response { return nil }}
			for _, name := range commands {
				where := strings.ReplaceAll(jsonDirectory[name], "DIR", ".")
				c.run(jsonRun{name + " -json " + where, 1, "error"}, command.Program{Environment: canary.environment, Network: canary.stage})
			}
		})
	}
	for _, name := range jsonCommands() { // all that reach Twilio have these options; promote reads as plan does
		cmd, _, err := (&command.Program{}).Command().Find([]string{name})
		if reaches := cmd.Flags().Lookup("sandbox") != nil; err != nil || reaches && !slices.Contains(append(account, "force-unlock", "releases", "promote"), name) {
			t.Errorf("ivrc %s reaches Twilio, and is not tried without it: %v", name, err)
		}
	}
}
