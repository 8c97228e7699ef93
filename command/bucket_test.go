package command

import (
	"bufio"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router/host"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// bucketSource is a configuration with all that a TwiML Bin can answer: the twelve
// keys, rings that end in every way, and a queue.
const bucketSource = `
project "plain" { limits = "twilio" }

hosting {
  base_url      = "BASE"
  router        = "twiml-bin"
  decisions_url = "BIN"
}

user "ann" {
  phone   = "+14155550101"
  confirm = true
}
user "ben" { phone = "+14155550102" }

ring_group "team" {
  users    = [user.ann, user.ben]
  strategy = "sequential"
  on_busy  = queue.team
}

queue "team" {
  agents   = ring_group.team
  max_wait = "2m"
  on_timeout = voicemail.team
}

voicemail "team" {}
message "hours" { text = "We are open from nine to five." }
message "place" { text = "We are in the old mill." }

menu "main" {
  option "1" {
    label = "the team"
    to    = ring_group.team
  }
  option "2" {
    label = "our opening hours"
    to    = message.hours
  }
  option "*" {
    label = "where we are"
    to    = message.place
  }
  option "#" {
    label = "to leave a message"
    to    = voicemail.team
  }
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`

// TestPlainBucket makes calls with nothing but a bucket, which looks at no
// parameter, and a TwiML Bin. They go as with ivrc serve.
func TestPlainBucket(t *testing.T) {
	bucket := &bucket{}
	server := httptest.NewServer(bucket)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "bin.xml")
	bin := startBin(t, file)
	source := strings.NewReplacer("BASE", server.URL+"/plain/public", "BIN", bin+"/twiml/EH00000000000000000000000000000000").Replace(bucketSource)
	in := compiler.Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(source)}}, Version: "test"}
	plain := compiled(t, in)
	in.Answers, in.BaseURL = true, simulatedHost
	served := compiled(t, in)
	bucket.fill("/plain/public/", plain.Bundle)
	writeBin(t, file, plain.Deployment)

	for _, test := range []struct {
		press   string
		callees []string
	}{
		{"0", nil}, {"2", nil}, {"3,4,5", nil}, {"6,7,8", nil}, {"9,2", nil}, {"*", nil}, {"#,speak 5s", nil}, {"silent", nil}, {"silent,*", nil},
		{"1", nil},
		{"1", []string{"ann=accept:2s,talk:20s"}},
		{"1", []string{"ann=decline:2s", "ben=answer:2s,talk:20s"}},
		{"1", []string{"ann=decline:2s", "ben=busy"}},
		{"1,speak 5s", []string{"ann=busy", "ben=busy"}},
		{"1", []string{"ann=busy then accept:2s,talk:20s", "ben=busy"}},
		{"1", []string{"ann=fail", "ben=no-answer"}},
	} {
		t.Run(strings.Join(append([]string{test.press}, test.callees...), " "), func(t *testing.T) {
			c := call{from: "+14155550199", press: test.press, callees: test.callees, seed: 1}
			here := bucketCall(t, c, served.Bundle, func(s *simulator.Scenario) {})
			there := bucketCall(t, c, plain.Bundle, func(s *simulator.Scenario) {
				s.Handler, s.BaseURL, s.Hosts = nil, server.URL, []string{strings.TrimPrefix(bin, "http://")}
				for phone, n := range s.Numbers {
					n.VoiceURL, n.FallbackURL = "/plain/public/"+n.VoiceURL, "/plain/public/"+n.FallbackURL
					s.Numbers[phone] = n
				}
			})
			if diff := cmp.Diff(here, there); diff != "" {
				t.Errorf("(-ivrc serve +bucket and Bin)\n%s", diff)
			}
		})
	}
}

// bucketCall makes a call and returns what happens in it, without the points that
// Twilio does not document: the redirects of a router elsewhere meet one more.
func bucketCall(t *testing.T, c call, b *bundle.Bundle, change func(*simulator.Scenario)) string {
	t.Helper()
	scenario, err := c.scenario(offline(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.dial(&scenario, true); err != nil {
		t.Fatal(err)
	}
	change(&scenario)
	transcripts, err := simulator.Run(t.Context(), scenario)
	if err != nil {
		t.Fatal(err)
	}
	last := transcripts[len(transcripts)-1]
	if last.Ending.How != simulator.ByDocument && last.Ending.How != simulator.ByCaller {
		t.Errorf("the call ends with %s", last.Ending.Text)
	}
	lines := last.Lines(simulator.TextOptions{Width: 120, Names: telephoneNames(b)}, 0, len(last.Events))
	return strings.ReplaceAll(strings.Join(lines, "\n"), "/plain/public/", "/")
}

// compiled compiles a configuration that is valid.
func compiled(t *testing.T, in compiler.Input) compiler.Result {
	t.Helper()
	result, diags := compiler.Compile(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return result
}

// A bucket answers with the object whose key is the path, and looks at nothing
// else of an address. Objects are read and nothing else, as by a bucket policy that
// allows s3:GetObject.
type bucket struct{ objects map[string][]byte }

func (b *bucket) fill(prefix string, from *bundle.Bundle) {
	b.objects = map[string][]byte{}
	for name, data := range from.Data {
		b.objects[prefix+name] = data
	}
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, ok := b.objects[r.URL.Path]
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, "MethodNotAllowed", http.StatusMethodNotAllowed)
	case !ok:
		http.Error(w, "NoSuchKey", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", bundle.ContentType(r.URL.Path))
		_, _ = w.Write(data)
	}
}

// writeBin writes the Bin that ivrc router makes.
func writeBin(t *testing.T, file string, d compiler.Deployment) {
	t.Helper()
	bin, _ := host.Find("twiml-bin")
	files, err := bin.Files(host.Location{BaseURL: d.BaseURL, Store: d.Store, DecisionsURL: d.Decisions})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, files[0].Text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// startBin serves a TwiML Bin until the end of the test, and returns its address.
func startBin(t *testing.T, file string) string {
	t.Helper()
	folder := os.Getenv("IVRC_HOSTS")
	if home, err := os.UserHomeDir(); folder == "" && err == nil {
		folder = filepath.Join(home, ".cache", "ivrc-hosts")
	}
	if _, err := fs.Stat(os.DirFS(folder), "node_modules/mustache"); err != nil {
		t.Skip("the package mustache is not installed; make hosts installs it")
	}
	cmd := exec.Command("node", filepath.Join("runtime", "router", "host", "testdata", "hosts", "binserver.mjs"), file)
	cmd.Env = append(os.Environ(), "IVRC_HOSTS="+folder)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("node cannot be started; make hosts installs it: %v", err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}
