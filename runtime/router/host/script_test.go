package host_test

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/router/host"
)

// Hosts that run JavaScript, or whose own matchers are written in it. The
// programs in testdata/hosts put the table to them in Node; packages that they
// need are where make hosts has put them.

// A scriptInput is what the programs in testdata/hosts read.
type scriptInput struct {
	File      string            `json:"file,omitempty"`
	Documents map[string]string `json:"documents,omitempty"` // by key in the bucket
	Rows      []scriptRow       `json:"rows,omitempty"`
	Raw       bool              `json:"raw,omitempty"`
}

// A scriptRow is one request.
type scriptRow struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query"`
	Part   string `json:"part,omitempty"` // the header Range
	At     int64  `json:"at,omitempty"`   // the time of the host, in milliseconds; 0 for now
}

// stored is the documents as they lie in an object store.
func stored(prefix string) map[string]string {
	stored := map[string]string{}
	for name, content := range documents() {
		stored[prefix+name] = string(content)
	}
	return stored
}

// published is the folder of the documents where hosts publish a folder as it is.
func published(prefix string) string { return strings.TrimPrefix(prefix+"/", "/") }

// rules are the rows for what chooses a document and does not send it: requests
// for a part are answered by the service around it.
func rules(rows []row) []row {
	return slices.DeleteFunc(rows, func(r row) bool { return r.kind == host.CasePart })
}

// scriptRows are the rows for a program.
func scriptRows(rows []row) []scriptRow {
	var list []scriptRow
	for _, r := range rows {
		at := int64(0)
		if !r.at.IsZero() {
			at = r.at.UnixMilli()
		}
		list = append(list, scriptRow{r.method, r.path, r.query, r.part, at})
	}
	return list
}

// byScript puts rows to a program in testdata/hosts.
func byScript(t *testing.T, program string, input scriptInput, args ...string) []answer {
	t.Helper()
	node := installed(t, "node")
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, append([]string{filepath.Join("testdata", "hosts", program)}, args...)...)
	cmd.Env = append(os.Environ(), "IVRC_HOSTS="+hostPackages())
	cmd.Stdin = bytes.NewReader(text)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, stderr.String())
	}
	var said []struct {
		Status   int
		Document string
		Header   http.Header
	}
	if err := json.Unmarshal(output, &said); err != nil {
		t.Fatal(err)
	}
	if len(said) != len(input.Rows) {
		t.Fatalf("%d answers to %d requests", len(said), len(input.Rows))
	}
	answers := make([]answer, len(said))
	for i, a := range said {
		header := http.Header(nil)
		for name, values := range a.Header {
			if header == nil {
				header = http.Header{}
			}
			for _, v := range values {
				header.Add(name, v)
			}
		}
		answers[i] = answer{status: a.Status, document: a.Document, header: header}
	}
	return answers
}

// hostPackages is the folder in which make hosts installs packages.
func hostPackages() string {
	if folder := os.Getenv("IVRC_HOSTS"); folder != "" {
		return folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".cache", "ivrc-hosts")
}

// needPackage skips the test where a package of Node is missing.
func needPackage(t *testing.T, name string) {
	t.Helper()
	installed(t, "node")
	if _, err := os.Stat(filepath.Join(hostPackages(), "node_modules", filepath.FromSlash(name))); err != nil {
		t.Skipf("the package %s is not installed; make hosts installs it", name)
	}
}

// inBucket is a location for hosts that read from an object store.
func inBucket(prefix string) host.Location {
	return host.Location{BaseURL: "https://calls.zillum.example" + prefix, Store: "s3://zillum/ivr?region=eu-west-1"}
}

func TestTableCloudfront(t *testing.T) {
	below(t, func(t *testing.T, prefix string) {
		folder := t.TempDir()
		h := configure(t, "cloudfront", folder, inBucket(prefix))
		rows := rules(tableWithClock(prefix))
		for _, raw := range []bool{true, false} {
			input := scriptInput{filepath.Join(folder, "ivrc-cloudfront.js"), stored(""), scriptRows(rows), raw}
			compare(t, h.Deviations(), rows, besideTime(prefix, rows, byScript(t, "cloudfront.mjs", input)))
		}
	})
}

// CloudFront refuses functions of more than 10 kB:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html.
func TestCloudfrontFunctionIsSmall(t *testing.T) {
	h, _ := host.Find("cloudfront")
	files, err := h.Files(inBucket("/a/long/path/of/the/base/url"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(files[0].Text); n >= 10_000 {
		t.Errorf("the function has %d bytes", n)
	} else {
		t.Logf("%d bytes", n)
	}
}

func TestTableCloudflare(t *testing.T) {
	below(t, func(t *testing.T, prefix string) {
		folder := t.TempDir()
		h := configure(t, "cloudflare", folder, inBucket(prefix))
		rows := tableWithClock(prefix)
		input := scriptInput{filepath.Join(folder, "worker.js"), stored("ivr/public/"), scriptRows(rows), false}
		compare(t, h.Deviations(), rows, byScript(t, "worker.mjs", input))
	})
}

// The same in workerd, Cloudflare's own runtime.
func TestTableCloudflareWorkerd(t *testing.T) {
	needPackage(t, "miniflare")
	below(t, func(t *testing.T, prefix string) {
		d := daemon{address: freeAddress(t), folder: t.TempDir()}
		h := configure(t, "cloudflare", d.folder, inBucket(prefix))
		input, err := json.Marshal(scriptInput{File: filepath.Join(d.folder, "worker.js"), Documents: stored("ivr/public/")})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(d.folder, "input.json")
		writeFile(t, file, input)
		host, port, err := net.SplitHostPort(d.address)
		if err != nil {
			t.Fatal(err)
		}
		d.start(t, []string{"IVRC_HOSTS=" + hostPackages()}, "node", filepath.Join("testdata", "hosts", "miniflare.mjs"), host, port, file)
		rows := atAnyTime(tableWithClock(prefix)) // the clock of workerd cannot be set
		compare(t, h.Deviations(), rows, overHTTP(t, d.address, rows))
	})
}

func TestTableNetlify(t *testing.T) {
	below(t, func(t *testing.T, prefix string) {
		folder := t.TempDir()
		h := configure(t, "netlify", folder, inBucket(prefix))
		rows := rules(tableWithClock(prefix))
		input := scriptInput{filepath.Join(folder, "netlify", "edge-functions", "ivrc.js"), stored(published(prefix)), scriptRows(rows), false}
		compare(t, h.Deviations(), rows, besideTime(prefix, rows, byScript(t, "netlify.mjs", input)))
	})
}

func TestTableVercel(t *testing.T) {
	needPackage(t, "@vercel/routing-utils")
	needPackage(t, "@vercel/functions")
	below(t, func(t *testing.T, prefix string) {
		folder := t.TempDir()
		h := configure(t, "vercel", folder, inBucket(prefix))
		rows := rules(tableWithClock(prefix))
		input := scriptInput{filepath.Join(folder, "middleware.js"), stored(published(prefix)), scriptRows(rows), false}
		compare(t, h.Deviations(), rows, besideTime(prefix, rows, byScript(t, "vercel.mjs", input)))
	})
}
