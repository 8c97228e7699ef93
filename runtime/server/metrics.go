package server

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// Metrics in the text format of Prometheus, version 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/. The format is small
// enough to be written here; a client library is larger than the router.
//
// Every label has a closed list of values. So the number of time series is known,
// no request can add to it, and none holds a value that a caller chose.

// Metrics counts what a server does. It is safe for concurrent use.
type Metrics struct {
	handler  *router.Handler
	kinds    []string                       // what requests can ask for
	requests [len(statuses)][]atomic.Uint64 // by status and the index of the kind
	refused  [len(refusals)]atomic.Uint64
	reloads  [len(outcomes)]atomic.Uint64 // by outcome
	bytes    atomic.Uint64
	within   [len(buckets) + 1]atomic.Uint64 // requests by duration
	duration atomic.Int64                    // of all requests, in nanoseconds
	gauges   []gauge

	environment atomic.Pointer[string] // of the bundle that is current
}

// statuses are those that are counted separately; the first stands for all others.
var statuses = [...]int{0, 200, 206, 304, 403, 404, 405, 416, 500, 503}

// refusals are those of a signature, all but none.
var refusals = [...]router.Refusal{router.Unsigned, router.WronglySigned, router.UnreadableForm}

// What a request asks for: a kind of decision by its name, or one of these.
const (
	kindDocument = "document" // a document by its own name
	kindAudio    = "audio"
	kindProbe    = "probe" // health and readiness
	kindNothing  = "none"  // what is not there, or was refused
)

// kinds lists what a request can ask for, the decisions first.
func kinds() []string {
	var names []string
	for _, kind := range bundle.DecisionKinds() {
		names = append(names, kind.Name)
	}
	return append(names, kindDocument, kindAudio, kindProbe, kindNothing)
}

// A ReloadOutcome says how it ended to look for something new to serve.
type ReloadOutcome int

// The outcomes of a reload.
const (
	Unchanged ReloadOutcome = iota // there was nothing new
	Switched                       // something new is served
	Failed                         // the source could not be read
)

var outcomes = [...]string{Unchanged: "unchanged", Switched: "switched", Failed: "failed"}

// buckets are upper bounds of durations, in seconds. Most requests take less than
// the first.
var buckets = [...]float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5}

// A gauge is a number that something else knows.
type gauge struct {
	name, help string
	value      func() float64
}

// NewMetrics returns the metrics of a handler, and of the requests that [Observe]
// counts in them.
func NewMetrics(h *router.Handler) *Metrics {
	m := &Metrics{handler: h, kinds: kinds()}
	for i := range m.requests {
		m.requests[i] = make([]atomic.Uint64, len(m.kinds))
	}
	return m
}

// Gauge adds a number whose value is asked for whenever the metrics are read. The
// name has the form "ivrc_connections". Add gauges before the metrics are first
// read.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.gauges = append(m.gauges, gauge{name, help, value})
}

// Reloaded counts a reload.
func (m *Metrics) Reloaded(o ReloadOutcome) { m.reloads[o].Add(1) }

// count counts one request.
func (m *Metrics) count(reply *router.Reply, sent *countingWriter, taken time.Duration) {
	status := max(0, slices.Index(statuses[:], sent.code()))
	m.requests[status][slices.Index(m.kinds, kindOf(reply))].Add(1)
	m.bytes.Add(uint64(max(0, sent.bytes)))
	if i := slices.Index(refusals[:], reply.Refusal); i >= 0 {
		m.refused[i].Add(1)
	}
	i := 0
	for i < len(buckets) && taken.Seconds() > buckets[i] {
		i++
	}
	m.within[i].Add(1)
	m.duration.Add(int64(taken))
}

// kindOf returns what was asked for, as kinds lists it.
func kindOf(reply *router.Reply) string {
	switch {
	case reply.Decision != nil:
		return reply.Decision.Name
	case strings.HasPrefix(reply.Document, "audio/"):
		return kindAudio
	case reply.Document != "":
		return kindDocument
	case reply.Probe:
		return kindProbe
	}
	return kindNothing
}

// ServeHTTP writes the metrics.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", router.KeepNever)
	_, _ = io.WriteString(w, m.text()) // an error means that the client is gone
}

// text returns the metrics in the text format.
func (m *Metrics) text() string {
	var e exposition
	served := m.handler.Releases()
	e.family("ivrc_requests_total", "counter", "Requests answered, by status and by what was asked for.")
	for i, code := range statuses {
		for j, kind := range m.kinds {
			if n := m.requests[i][j].Load(); n > 0 {
				e.sample("", float64(n), "status", status(code), "kind", kind)
			}
		}
	}
	m.durations(&e)
	e.family("ivrc_response_bytes_total", "counter", "Bytes of the bodies of responses.")
	e.sample("", float64(m.bytes.Load()))
	e.family("ivrc_signature_refusals_total", "counter", "Requests refused because Twilio did not sign them, by reason.")
	for i, refusal := range refusals {
		e.sample("", float64(m.refused[i].Load()), "reason", refusal.String())
	}
	e.family("ivrc_bundle_info", "gauge", "1, with the digest of the bundle that is current.")
	if served.Bundles() > 0 {
		e.sample("", 1, "digest", served.Current())
	}
	e.family("ivrc_environment_info", "gauge", "1, with the environment for which the current bundle was applied, if it has one.")
	if name := m.environment.Load(); name != nil && *name != "" {
		e.sample("", 1, "environment", *name)
	}
	e.family("ivrc_bundles", "gauge", "Bundles that are served: the current one, and other releases in the store.")
	e.sample("", float64(served.Bundles()))
	e.family("ivrc_bundle_switched_timestamp_seconds", "gauge", "When what is served last changed.")
	e.sample("", seconds(served.Since()))
	e.family("ivrc_documents", "gauge", "Documents and recordings that are served, with those kept for calls in progress.")
	e.sample("", float64(served.Documents()))
	e.family("ivrc_document_bytes", "gauge", "Bytes of all of them, equal ones counted once.")
	e.sample("", float64(served.Bytes()))
	e.family("ivrc_reloads_total", "counter", "Readings of what there is to be served, by outcome.")
	for i, outcome := range outcomes {
		e.sample("", float64(m.reloads[i].Load()), "outcome", outcome)
	}
	for _, g := range m.gauges {
		e.family(g.name, "gauge", g.help)
		e.sample("", g.value())
	}
	memory := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(memory)
	e.family("ivrc_heap_bytes", "gauge", "Memory that the program's data takes, with what is not collected yet.")
	e.sample("", float64(memory[0].Value.Uint64()))
	e.family("ivrc_goroutines", "gauge", "Goroutines; about one for each open connection.")
	e.sample("", float64(runtime.NumGoroutine()))
	return e.String()
}

// durations writes the histogram.
func (m *Metrics) durations(e *exposition) {
	e.family("ivrc_request_duration_seconds", "histogram", "Time from the request's headers to the end of its answer.")
	var n uint64
	for i, bound := range buckets {
		n += m.within[i].Load()
		e.sample("_bucket", float64(n), "le", number(bound))
	}
	n += m.within[len(buckets)].Load()
	e.sample("_bucket", float64(n), "le", "+Inf")
	e.sample("_sum", time.Duration(m.duration.Load()).Seconds())
	e.sample("_count", float64(n))
}

// status writes a status as a label.
func status(code int) string {
	if code == 0 {
		return "other"
	}
	return strconv.Itoa(code)
}

// seconds returns a time as Prometheus counts it; 0 stands for never.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// An exposition is a text in the format of Prometheus.
type exposition struct {
	strings.Builder
	name string // of the family that is being written
}

// family begins a metric. Neither name nor help holds a character that would have
// to be escaped.
func (e *exposition) family(name, kind, help string) {
	e.name = name
	fmt.Fprintf(e, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sample writes a value with its labels, given as names and values.
func (e *exposition) sample(suffix string, value float64, labels ...string) {
	e.WriteString(e.name + suffix)
	separator := "{"
	for i := 0; i < len(labels); i += 2 {
		e.WriteString(separator + labels[i] + `="` + escaped.Replace(labels[i+1]) + `"`)
		separator = ","
	}
	if len(labels) > 0 {
		e.WriteString("}")
	}
	e.WriteString(" " + number(value) + "\n")
}

// escaped writes the value of a label.
var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func number(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }
