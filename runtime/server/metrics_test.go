package server

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// A family is one metric as a reader of the format sees it.
type family struct {
	kind, help string
	samples    map[string]float64 // by name and labels
}

var (
	metricName = `[a-zA-Z_:][a-zA-Z0-9_:]*`
	sampleLine = regexp.MustCompile(`^(` + metricName + `)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*\})? (\S+)$`)
)

// parseMetrics reads the text format as its page describes it: a HELP, a TYPE, and
// then all lines of a metric, each at most once.
func parseMetrics(t *testing.T, text string) map[string]*family {
	t.Helper()
	families := map[string]*family{}
	name := ""
	if !strings.HasSuffix(text, "\n") {
		t.Error("the last line has no end")
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, "# HELP "); ok {
			var help string
			name, help, _ = strings.Cut(rest, " ")
			if families[name] != nil || help == "" || strings.Contains(help, `\`) {
				t.Errorf("line %d: %s", i+1, line)
			}
			families[name] = &family{help: help, samples: map[string]float64{}}
			continue
		}
		if kind, ok := strings.CutPrefix(line, "# TYPE "+name+" "); ok && strings.HasPrefix(lines[i-1], "# HELP") {
			families[name].kind = kind
			continue
		}
		match := sampleLine.FindStringSubmatch(line)
		if match == nil {
			t.Errorf("line %d is not of the format: %q", i+1, line)
			continue
		}
		f := families[name]
		own := match[1] == name || f.kind == "histogram" && slices.Contains([]string{name + "_bucket", name + "_sum", name + "_count"}, match[1])
		value, err := strconv.ParseFloat(match[3], 64)
		if _, twice := f.samples[match[1]+match[2]]; !own || twice || err != nil || f.kind == "" {
			t.Errorf("line %d: %s", i+1, line)
		}
		f.samples[match[1]+match[2]] = value
	}
	return families
}

// read reads the metrics as Prometheus does.
func readMetrics(t *testing.T, m *Metrics) map[string]*family {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if got := w.Header().Get("Content-Type"); got != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	return parseMetrics(t, w.Body.String())
}

// many is a bundle with every kind of decision.
func many() *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest.Digest = `"a\b` + "\n"
	add := func(path string) {
		b.Data[path] = []byte(path)
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(path, b.Data[path]))
	}
	for _, kind := range bundle.DecisionKinds() {
		d, _ := bundle.DecisionAt(asked(kind))
		for _, answer := range d.Answers() {
			add(d.Document(answer))
		}
	}
	add("x/menu-1.xml")
	add("audio/a.wav")
	return b
}

// asked is the address of a decision of a kind.
func asked(kind bundle.DecisionKind) string {
	address := "x/" + kind.Name + "-1"
	if kind.Clock {
		address += "~open.closed-0-1234567_00002400"
	}
	return address
}

// constant gives the same reply to every request.
type constant router.Reply

func (c constant) Reply(*http.Request) router.Reply { return router.Reply(c) }

func TestMetricsCountRequests(t *testing.T) {
	h := router.New(many())
	m := NewMetrics(h)
	m.Gauge("ivrc_answer", "A number that something else knows.", func() float64 { return 42 })
	signed, err := router.Signature{Tokens: []string{"secret"}}.Require(h)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(h router.Replier, method, target string, header ...string) {
		r := httptest.NewRequest(method, target, strings.NewReader("a=1&a=2"))
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		Observe(nil, m, h).ServeHTTP(httptest.NewRecorder(), r)
	}
	want := map[string]float64{}
	for i, d := range bundle.DecisionKinds() {
		for range i + 1 {
			ask(h, "GET", "/"+asked(d))
			want[fmt.Sprintf(`ivrc_requests_total{status="200",kind=%q}`, d.Name)]++
		}
	}
	for _, each := range []struct {
		h                    router.Replier
		method, target, name string
		header               []string
	}{
		{h, "GET", "/x/menu-1.xml", `status="200",kind="document"`, nil},
		{h, "HEAD", "/x/menu-1.xml", `status="200",kind="document"`, nil},
		{h, "GET", "/audio/a.wav", `status="206",kind="audio"`, []string{"Range", "bytes=0-1"}},
		{h, "GET", "/audio/a.wav", `status="416",kind="audio"`, []string{"Range", "bytes=100-"}},
		{h, "GET", "/x/menu-1.xml", `status="304",kind="document"`, []string{"If-None-Match", "*"}},
		{h, "GET", "/nothing", `status="404",kind="none"`, nil},
		{h, "PUT", "/x/menu-1.xml", `status="405",kind="none"`, nil},
		{h, "GET", router.HealthPath, `status="200",kind="probe"`, nil},
		{constant{Status: 404}, "GET", "/", `status="404",kind="none"`, nil},
		{constant{Status: 302}, "GET", "/", `status="other",kind="none"`, nil},
		{signed, "GET", "/x/menu-1.xml", `status="403",kind="none"`, nil},
		{signed, "GET", "/x/menu-1.xml", `status="403",kind="none"`, []string{"X-Twilio-Signature", "wrong"}},
		{signed, "GET", "/x/menu-1.xml", `status="403",kind="none"`, []string{"X-Twilio-Signature", "a", "X-Twilio-Signature", "b"}},
		{signed, "POST", "/x/menu-1.xml", `status="403",kind="none"`, []string{"X-Twilio-Signature", "a", "Content-Type", "application/x-www-form-urlencoded"}},
	} {
		ask(each.h, each.method, each.target, each.header...)
		want["ivrc_requests_total{"+each.name+"}"]++
	}
	families := readMetrics(t, m)
	all := 0.0
	for name, n := range want {
		all += n
		if got := families["ivrc_requests_total"].samples[name]; got != n {
			t.Errorf("%s is %v, want %v", name, got, n)
		}
	}
	if got := len(families["ivrc_requests_total"].samples); got != len(want) {
		t.Errorf("%d time series of requests, want %d", got, len(want))
	}
	for name, n := range map[string]float64{
		"ivrc_request_duration_seconds_count":                     all,
		`ivrc_request_duration_seconds_bucket{le="+Inf"}`:         all,
		`ivrc_signature_refusals_total{reason="unsigned"}`:        1,
		`ivrc_signature_refusals_total{reason="wrongly_signed"}`:  2,
		`ivrc_signature_refusals_total{reason="unreadable_form"}`: 1,
		`ivrc_bundle_info{digest="\"a\\b\n"}`:                     1,
		"ivrc_answer":                                             42,
		"ivrc_bundles":                                            1,
		"ivrc_documents":                                          float64(len(many().Data)),
	} {
		found := false
		for _, f := range families {
			if got, ok := f.samples[name]; ok {
				found = true
				if got != n {
					t.Errorf("%s is %v, want %v", name, got, n)
				}
			}
		}
		if !found {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestMetricsOfDurations(t *testing.T) {
	m := NewMetrics(router.New(many()))
	for _, taken := range []time.Duration{0, 100 * time.Microsecond, 101 * time.Microsecond, time.Millisecond, 3 * time.Second} {
		m.count(&router.Reply{}, &countingWriter{}, taken)
	}
	samples := readMetrics(t, m)["ivrc_request_duration_seconds"].samples
	last := 0.0
	for i, want := range []float64{2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4} {
		got := samples[fmt.Sprintf(`ivrc_request_duration_seconds_bucket{le="%s"}`, number(buckets[i]))]
		if got != want || got < last {
			t.Errorf("%v within %v s, want %v", got, buckets[i], want)
		}
		last = got
	}
	if got := samples["ivrc_request_duration_seconds_sum"]; got != 3.001201 {
		t.Errorf("the sum is %v", got)
	}
	if got := samples["ivrc_request_duration_seconds_count"]; got != 5 {
		t.Errorf("the count is %v", got)
	}
}

func TestMetricsFollowTheBundle(t *testing.T) {
	h := router.New(oneDocument())
	m := NewMetrics(h)
	other := many()
	other.Manifest.Digest = "new"
	if !h.Swap(other, oneDocument()) {
		t.Error("the bundle was not switched")
	}
	m.Reloaded(Switched)
	m.Reloaded(Failed)
	m.Reloaded(Failed)
	families := readMetrics(t, m)
	for name, want := range map[string]float64{
		`ivrc_bundle_info{digest="new"}`:         1,
		"ivrc_bundles":                           2,
		`ivrc_reloads_total{outcome="switched"}`: 1, `ivrc_reloads_total{outcome="failed"}`: 2, `ivrc_reloads_total{outcome="unchanged"}`: 0,
		"ivrc_documents": float64(len(other.Data) + 1),
	} {
		base, _, _ := strings.Cut(name, "{")
		if got, ok := families[base].samples[name]; !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// Whatever is asked for, the number of time series stays what it is.
func TestMetricsAreBounded(t *testing.T) {
	m := NewMetrics(router.New(many()))
	for i := range 1000 {
		r := httptest.NewRequest("GET", fmt.Sprintf("/%d/digits-%d?Digits=%d", i, i, i), nil)
		r.Method = fmt.Sprint("M", i)
		Observe(nil, m, constant{Status: 200 + i%400}).ServeHTTP(httptest.NewRecorder(), r)
	}
	if got := len(readMetrics(t, m)["ivrc_requests_total"].samples); got != len(statuses) {
		t.Errorf("%d time series, want one for each of %d statuses", got, len(statuses))
	}
}

// promtool is Prometheus's own reader of the format, where it is installed.
func TestMetricsWithPromtool(t *testing.T) {
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	m := NewMetrics(router.New(many()))
	m.count(&router.Reply{}, &countingWriter{}, time.Millisecond)
	check := exec.Command(path, "check", "metrics")
	check.Stdin = strings.NewReader(m.text())
	var said bytes.Buffer
	check.Stdout, check.Stderr = &said, &said
	if err := check.Run(); err != nil {
		t.Errorf("%v\n%s\n%s", err, said.String(), m.text())
	}
}

// A request is counted without taking memory for it.
func TestCountingAllocatesNothing(t *testing.T) {
	m := NewMetrics(router.New(many()))
	reply, sent := &router.Reply{Document: "x/menu-1.xml"}, &countingWriter{status: 200}
	if n := testing.AllocsPerRun(100, func() { m.count(reply, sent, time.Millisecond) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
