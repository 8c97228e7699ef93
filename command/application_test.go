package command_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/internal/deep"
)

// An application can fail in every way that there is, and its callers go on. One table
// says how; what the callers of a failure enter chooses it. It holds where the
// application is played, where it is really asked, and where the bundle is served.

// ailingBank is a configuration whose callers need an application.
const ailingBank = `project "bank" { limits = "twilio" }

hosting {
  base_url = "%s"
  store    = "%s/store"
  router   = "%s"
}

entry "account" {
  prompt     = "Please enter your account number."
  digits     = 8
  secret     = true
  to         = application.account
  on_failure = stock.goodbye
}

application "account" {
  url = "https://crm.bank.example/account"
  result "known" { to = message.balance }
  on_failure = message.later
}

message "balance" { text = "Everything is in order." }
message "later" { text = "We cannot look up your account." }

number "main" {
  phone_number = "+14155550100"
  fallback     = "Please call again."
  to           = entry.account
}
`

// An ailment is a way in which an application fails, how it is played, and what its
// callers hear.
type ailment struct{ name, digits, plays, hears string }

const later = "We cannot look up your account."

// Callers go to on_failure, but for two: after three seconds they go on, and an
// application may end a call.
var ailments = []ailment{
	{"refused", "47110001", "fails", later},
	{"after 3 s", "47110002", "known:3s", "Everything is in order."},
	{"too late: after 20 s", "47110003", "fails:late", later},
	{"500", "47110004", "fails:error", later},
	{"a page", "47110005", "fails:html", later},
	{"nothing", "47110006", "fails:empty", later},
	{"a document at a foreign host", "47110007", "fails:elsewhere", later},
	{"an HTTP redirect to a foreign host", "47110008", "fails:elsewhere", later},
	{"a document at a foreign host that does not name it", "47110009", "fails:elsewhere", later},
	{"an unknown result", "47110010", "fails:surprise", later},
	{"no result", "47110011", "fails:no-result", later},
	{"hang-up", "47110012", "fails:hangup", "Goodbye."},
}

// ail answers as the digits of the caller say.
func ail(w http.ResponseWriter, r *http.Request) {
	back, foreign := r.URL.Query().Get("return"), "https://assistant.invalid/talk"
	document := func(text string) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, "<Response>"+text+"</Response>")
	}
	redirect := func(address string) {
		document(`<Redirect method="GET">` + strings.ReplaceAll(address, "&", "&amp;") + `</Redirect>`)
	}
	switch r.PostFormValue("Digits") {
	case "47110002":
		time.Sleep(3 * time.Second)
		redirect(back + "?Result=known")
	case "47110003":
		_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
		<-r.Context().Done()
	case "47110004":
		http.Error(w, "The database is gone.", http.StatusInternalServerError)
	case "47110005":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><title>Bank</title><p>Welcome!<br>")
	case "47110006":
		w.Header().Set("Content-Type", "text/xml")
	case "47110007":
		redirect(foreign + "?" + url.Values{"ivrc_application": {"account"}, "return": {back}}.Encode())
	case "47110008":
		http.Redirect(w, r, foreign, http.StatusFound)
	case "47110009":
		redirect(foreign)
	case "47110010":
		redirect(back + "?Result=surprise")
	case "47110011":
		redirect(back)
	case "47110012":
		document(`<Say>Goodbye.</Say><Hangup/>`)
	case "47110013":
		document(`<Hangup/>`)
	case "47110014":
		document("")
	}
}

// ailing writes the configuration into a folder, for a host, and its call tests. It
// returns the directory.
func ailing(t *testing.T, folder, host, base string) string {
	t.Helper()
	var tests strings.Builder
	for _, a := range ailments {
		fmt.Fprintf(&tests, `
call %q {
  to           = number.main
  applications = { account = %q }
  steps        = [presses(%q), within("16s", hears(%q)), ends()]
}
`, a.name, a.plays, a.digits, a.hears)
	}
	directory := filepath.Join(folder, "bank")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.ivr.hcl": fmt.Sprintf(ailingBank, base, folder, host), "main.ivrtest.hcl": tests.String()} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

// testAiling runs the call tests, which pass. Nobody sees what callers have entered.
func testAiling(t *testing.T, args ...string) {
	t.Helper()
	out := commandtest.Run(t, append([]string{"test"}, args...)...)
	if strings.Contains(out, "4711") {
		t.Errorf("what callers have entered is shown:\n%s", out)
	}
	late := callLength(t, out, "too late: after 20 s")
	if waited := late - callLength(t, out, "500"); late > 0 && waited != 15*time.Second {
		t.Errorf("callers wait for %s, and Twilio gives up after 15 s", waited)
	}
}

// callLength is how long the call of a test was that passed, 0 if it was left out.
func callLength(t *testing.T, out, name string) time.Duration {
	t.Helper()
	found := regexp.MustCompile(`ok    ` + name + ` +0:(\d\d\.\d)\n`).FindStringSubmatch(out)
	if found == nil {
		return 0
	}
	length, err := time.ParseDuration(found[1] + "s")
	if err != nil {
		t.Fatal(err)
	}
	return length
}

// Played, and asked where the bundle is answered in this process.
func TestFailingApplications(t *testing.T) {
	t.Parallel()
	directory := ailing(t, t.TempDir(), "serve", "https://calls.bank.example")
	testAiling(t, directory)
	askAiling(t, "^[^r]", directory)
}

// Whoever leads a call elsewhere, to an address that does not tell whose it is, cannot
// be found in ErrorUrl. Callers go on where those of every application go on that they
// can be handed to; if there are several such places, they hear the number's fallback.
func TestApplicationLeadsElsewhere(t *testing.T) {
	application := httptest.NewServer(http.HandlerFunc(ail))
	defer application.Close()
	for to, hears := range map[string]string{"message.later": later, "message.other": "Please call again."} {
		directory := ailing(t, t.TempDir(), "serve", "https://calls.bank.example")
		second := `
application "other" {
  url = "https://other.bank.example/"
  result "done" { to = message.balance }
  on_failure = ` + to + `
}
message "other" { text = "We cannot do it." }
`
		file := filepath.Join(directory, "main.ivr.hcl")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), `result "known" { to = message.balance }`, `result "known" { to = application.other }`, 1) + second
		if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, how := range []string{"account=" + application.URL, "account=fails:elsewhere"} {
			out := commandtest.Run(t, "simulate", "-press", "47110009", "-application", how, directory)
			if !strings.Contains(out, fmt.Sprintf("hears %q", hears)) || strings.Contains(out, "4711") {
				t.Errorf("%s: %q is not heard, or the digits are shown:\n%s", how, hears, out)
			}
		}
	}
}

// An application may end a call, but not without a word: a call test fails, whatever it
// says, and the transcript names the application.
func TestApplicationEndsCall(t *testing.T) {
	t.Parallel()
	application := httptest.NewServer(http.HandlerFunc(ail))
	defer application.Close()
	directory := ailing(t, t.TempDir(), "serve", "https://calls.bank.example")
	for _, digits := range []string{"47110013", "47110014"} {
		test := fmt.Sprintf("call \"silence\" {\n  to = number.main\n  applications = { account = \"fails:hangup\" }\n  lasts_at_most = \"1m\"\n  steps = [presses(%q)]\n}\n", digits)
		if err := os.WriteFile(filepath.Join(directory, "main.ivrtest.hcl"), []byte(test), 0o644); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		p := &command.Program{Args: []string{"test", "-application", "account=" + application.URL, directory}, Stdout: &out, Stderr: &out, Width: 200}
		if code := p.Run(t.Context()); code == command.ExitSuccess || !strings.Contains(out.String(), "application.account ended the call without a word") {
			t.Errorf("%s: exit code %d:\n%s", digits, code, out.String())
		}
	}
}

// Asked where a real server answers. What callers have entered is in no log.
func TestFailingApplicationsOnRealServers(t *testing.T) {
	t.Parallel()
	for _, s := range realServers {
		t.Run(s.host, func(t *testing.T) {
			t.Parallel()
			s.installed(t)
			folder, address := readable(t), freeAddress(t)
			directory := ailing(t, folder, s.host, "http://"+address)
			stop := s.serve(t, folder, address, directory)
			wanted := []string{"^[^rt]", "^[^r]"}[deep.Or(0, 1)]
			if s.host == "serve" { // in the sample on one only, because it takes 15 s
				wanted = "^[^r]"
			}
			askAiling(t, wanted, directory, "-url", "http://"+address)
			log := stop()
			if data, err := os.ReadFile(filepath.Join(folder, "access.log")); err == nil {
				log += string(data)
			}
			entered := slices.ContainsFunc(ailments, func(a ailment) bool { return strings.Contains(log, a.digits) })
			if !strings.Contains(log, "/result-1~known") || entered {
				t.Errorf("no result is in the log, or what callers have entered:\n%s", log)
			}
		})
	}
}

// askAiling runs the call tests that are wanted with an application that is really
// asked, and one with an address at which nobody answers.
func askAiling(t *testing.T, wanted string, args ...string) {
	t.Helper()
	application := httptest.NewServer(http.HandlerFunc(ail))
	defer application.Close()
	testAiling(t, append(args, "-run", wanted, "-application", "account="+application.URL)...)
	commandtest.Run(t, append([]string{"test", "-run", "^refused", "-application", "account=http://" + freeAddress(t)}, args...)...)
}
