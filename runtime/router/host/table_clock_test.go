package host_test

import (
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// The part of the table that is about the time. A host is asked with its clock set to
// the time of each row; a test that cannot set it leaves those rows out.

// doorAt is the address of the hours of these rows, without the table.
const doorAt = "hours.door-x/time"

// clockRows are the rows that are about the time, as a host with a clock answers them,
// and otherwise as a host that has none: the address is that of nothing.
func clockRows(clock bool) []row {
	text, err := os.ReadFile(filepath.Join("testdata", "clock.txt"))
	if err != nil {
		panic(err)
	}
	var rows []row
	list := ""
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] == "#":
		case fields[0] == "zone":
			list = fields[2]
		default:
			at, err := time.Parse("2006-01-02T15:04Z07:00", fields[0])
			if err != nil {
				panic(err)
			}
			r := row{kind: host.CaseTime, method: http.MethodGet, path: "/" + doorAt + "~" + list, query: around, at: at, status: 200, fresh: true, document: doorAt + "." + fields[1] + ".xml"}
			if !clock {
				r.status, r.document, r.fresh = 404, "", false
			}
			rows = append(rows, r)
		}
	}
	rows = append(rows, clockMethodRows(list, clock)...)
	return append(rows, clockListRows(list)...)
}

// clockMethodRows are about other methods than GET, and other spellings of the mark.
func clockMethodRows(list string, clock bool) []row {
	at := time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC) // a Monday
	rows := []row{
		{kind: host.CaseTime, method: http.MethodHead, path: "/" + doorAt + "~" + list, at: at, status: 200, fresh: true, document: doorAt + ".open.xml"},
		{kind: host.CaseEncodedList, method: http.MethodGet, path: "/" + doorAt + "%7E" + list, at: at, status: 200, fresh: true, document: doorAt + ".open.xml"},
		{kind: host.CaseEncodedList, method: http.MethodGet, path: "/" + doorAt + "%7e" + list, query: "Digits=2", at: at, status: 200, fresh: true, document: doorAt + ".open.xml"},
	}
	for i := range rows {
		if !clock {
			rows[i].status, rows[i].document, rows[i].fresh = 404, "", false
		}
	}
	return append(rows, row{kind: host.CasePost, method: http.MethodPost, path: "/" + doorAt + "~" + list, at: at, status: 405, alternatives: []string{doorAt + ".open.xml"}})
}

// clockListRows are about tables that the compiler does not write. None of them leads
// to a document that is not beside the address, and one without answer to none.
func clockListRows(list string) []row {
	var rows []row
	add := func(kind, path string) {
		r := listRow(kind, path, around, "")
		r.at = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)
		rows = append(rows, r)
	}
	names, rest, _ := strings.Cut(list, "-")
	zone, layers, _ := strings.Cut(rest, "-")
	for _, table := range []string{
		"", "-", "--", names, names + "-" + zone, names + "-", "-" + rest, "..-" + rest, "../open-" + rest, "..%2fopen-" + rest, "%2e%2e-" + rest,
		"Open-" + rest, "open%20-" + rest, "open,closed-" + rest, "open.closed/-" + rest, strings.Repeat("a", 33) + "-" + rest, names + "-" + zone + "-" + layers + "~",
		names + "+" + rest, names + "-" + zone + "-" + strings.ToUpper(layers), names + "-" + zone + "-é", names + "-" + zone + "-%00", names + "-" + zone + "-..%2f..%2fprivate",
	} {
		add(host.CaseNoList, doorAt+"~"+table)
		if strings.Contains(table, "%") || strings.Contains(table, "/") || strings.Contains(table, "é") { // which some refuse before they look at it
			rows[len(rows)-1].status = 0
		}
	}
	for _, table := range []string{
		"nobody.closed-60-1234567_00002400", // no document has this name
		names + "-" + strings.Repeat("9", 40) + "-" + layers, names + "-60_0zzzzzzzzz-" + layers, names + "-60_9a.9b-" + layers,
		names + "-m-" + layers, names + "--" + layers, "_._-0-y_0615_z",
	} {
		add(host.CaseNothing, doorAt+"~"+table)
	}
	add(host.CaseNothing, doorAt)
	add(host.CaseNothing, "time~"+list)
	add(host.CaseForeignList, "hours.door-x/hours-1~"+list)
	return rows
}

// tableWithClock is the table as a host with a clock answers it.
func tableWithClock(prefix string) []row {
	rows := table(prefix)
	rows = rows[:len(rows)-len(clockRows(false))]
	for _, r := range clockRows(true) {
		r.path = prefix + r.path
		rows = append(rows, r)
	}
	return rows
}

// damagedRows ask for random tables, most of them damaged by chance.
func damagedRows(prefix string, count int) []row {
	documents := documents()
	var rows []row
	for _, q := range questions(count) {
		r := row{kind: host.CaseTime, method: http.MethodGet, path: prefix + "/" + doorAt + "~" + q.list, at: q.at, status: 404}
		if document := router.RouteAt("/"+doorAt+"~"+q.list, "", q.at); documents[document] != nil {
			r.status, r.document, r.fresh = 200, document, true
		}
		rows = append(rows, r)
	}
	return rows
}

// atAnyTime are the rows that need no clock to be set.
func atAnyTime(rows []row) []row {
	var list []row
	for _, r := range rows {
		if r.at.IsZero() {
			list = append(list, r)
		}
	}
	return list
}

// besideTime follows the redirects by which some hosts answer decisions on the time,
// because they cannot say of one document that it may be kept under one address and
// not under another.
func besideTime(prefix string, rows []row, answers []answer) []answer {
	documents := documents()
	for i, r := range rows {
		_, target, redirects := strings.Cut(answers[i].document, `<Redirect method="GET">`)
		if !redirects || r.at.IsZero() {
			continue
		}
		target, _, _ = strings.Cut(target, "<")
		document := path.Join(path.Dir(strings.TrimPrefix(r.path, prefix+"/")), target)
		answers[i].document = document
		if _, ok := documents[document]; !ok {
			answers[i] = answer{status: http.StatusNotFound}
		}
	}
	return answers
}

// A fakeTime is the clock of a process that faketime starts.
type fakeTime struct{ file string }

// newFakeTime skips the test where faketime is missing. The environment is for the
// process whose clock it is.
func newFakeTime(t *testing.T) (f fakeTime, environment []string) {
	t.Helper()
	installed(t, "faketime")
	libraries, err := filepath.Glob("/usr/lib/*/faketime/libfaketime.so.1")
	if err != nil || len(libraries) == 0 {
		t.Skip("the library of faketime is not where Debian has it")
	}
	f = fakeTime{filepath.Join(readable(t), "time")}
	f.set(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return f, []string{"LD_PRELOAD=" + libraries[0], "FAKETIME_TIMESTAMP_FILE=" + f.file, "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "TZ=UTC"}
}

func (f fakeTime) set(t *testing.T, at time.Time) {
	t.Helper()
	writeFile(t, f.file, []byte(at.UTC().Format("2006-01-02 15:04:05\n")))
}
